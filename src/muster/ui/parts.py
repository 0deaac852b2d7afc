"""What a page hands to the parts it shows: plain values, all texts already in the language of the page.

A view fills these from what a query returned; the macros of ``templates/ui`` draw them and decide nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Tone = Literal["plain", "good", "warn", "bad", "info"]


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go: its address, its words, a line of explanation, and whether it is where one is."""

    href: str
    label: str
    note: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """One word with a tone and a shape of its own: colour is never all that tells it."""

    label: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Error:
    """Why a value was not taken: the stable code and the sentence."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form with its answer so far."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"  # the type of <input>, or "select", "choices", "check" (any value: ticked), "area"
    hint: str = ""
    error: Error | None = None
    options: Sequence[tuple[str, str]] = ()  # value and words, of "select" and "choices"
    required: bool = False
    autocomplete: str = "off"
    inputmode: str = ""
    disabled: bool = False
    lookup: bool = False  # the key "/" goes here
    focus: bool = False  # the cursor stands here when the page opens

    @property
    def described_by(self) -> str:
        """The ids of what a screen reader reads after the label."""
        hints = [f"{self.name}-hint"] if self.hint else []
        return " ".join([*hints, f"{self.name}-error"] if self.error else hints)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; with ``sort`` its head is a link that sorts by it."""

    key: str
    label: str
    numeric: bool = False
    sort: str = ""  # the address that sorts by it
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table."""

    text: str
    href: str = ""
    badge: Badge | None = None
    note: str = ""


Row = Mapping[str, Cell | str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; its first column names the row. On a phone every row is a card."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    empty: str = ""
    note: str = ""
    total: Row | None = None

    def cell(self, row: Row, column: Column) -> Cell:
        """Return what stands in a row under a column."""
        value = row.get(column.key, "")
        return value if isinstance(value, Cell) else Cell(value)


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with what it counts and the base it stands on; never a rate alone."""

    label: str
    figure: str
    base: str
    tone: Tone = "plain"
    spark: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A part of a base as a bar; it may pass the base, and says so."""

    label: str
    part: int
    base: int
    told: str  # the share in words and figures, as `muster.kernel.formats.share` gives it

    @property
    def filled(self) -> float:
        """How much of the bar is filled, in per cent of its length."""
        return round(100 * self.part / max(self.part, self.base), 2) if max(self.part, self.base) else 0.0

    @property
    def whole(self) -> float:
        """Where the base stands on the bar, in per cent of its length."""
        return round(100 * self.base / max(self.part, self.base), 2) if max(self.part, self.base) else 100.0


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one stands in a long list, and the addresses of its neighbours."""

    told: str
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: when, what, and by whom or why."""

    when: str
    what: str
    detail: str = ""
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class RowTold:
    """A row that was refused: its number as people count, from 1, and why."""

    row: int
    error: Error


@dataclass(frozen=True, slots=True)
class Confirm:
    """A question before an act: what will happen, what cannot be undone, and the words of the buttons."""

    name: str
    question: str
    consequence: str
    yes: str
    action: str
    values: Mapping[str, str] = field(default_factory=dict)
    danger: bool = True
