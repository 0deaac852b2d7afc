"""Two columns side by side: the register and the dossier, or one person and another; what differs is marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from muster.kernel import formats
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.register.queries import PersonPage
from muster.register.queries.reading import CardLine
from muster.register.sensitive import SEEN_BY
from muster.register.words import Kinship
from muster.ui.parts import Badge
from muster.web.accounts.words import Say
from muster.web.checking import words
from muster.web.register import words as register
from muster.web.register.places import Places

PLAIN = ("name", "other_name", "birth", "birth_paper", "sex", "birth_unit", "registered_unit", "native_unit",
         "nationality", "marital", "occupation", "organisation")  # fmt: skip
SEALED = tuple(name for name in SEEN_BY if name != "relatives")


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of two columns. ``asked``: a person decides about it; ``typed``: the value as it can be typed again."""

    field: str
    label: str
    left: str
    right: str
    differs: bool
    asked: bool = False
    typed: str = ""


def beside(
    say: Say, page: PersonPage, asked: Mapping[str, str], open_: frozenset[str], places: Places
) -> list[Compared]:  # fmt: skip
    """Return the register's fields beside those of the dossier; ``open_``: corrections nobody has decided."""
    return [
        _beside(say, name, now, asked.get(name), places, open_=name in open_)
        for name in (*PLAIN, *SEALED)
        if (now := _stored(page, name)) or name in asked
    ]


def _beside(say: Say, name: str, now: str, asked: str | None, places: Places, *, open_: bool) -> Compared:
    left = told(say, name, now, places)
    right = left if asked is None else told(say, name, asked, places)
    differs = right != left
    return Compared(name, words.field(say, name), left, right, differs, open_, right if asked is not None else "")


def told(say: Say, name: str, stored: str, places: Places) -> str:
    """Return a stored or written value in words; what cannot be read stands as it was written."""
    if name in register.UNITS and stored and not stored.isdecimal():
        return stored
    if name == "sex" and stored not in {"male", "female"}:
        return stored or formats.NOTHING
    try:
        return register.value(say, name, stored, places)
    except Refusal:
        return stored


def _stored(page: PersonPage, name: str) -> str:
    own = {"name": page.line.name, "birth": page.line.birth.iso, "sex": page.line.sex.value}
    value = own.get(name) or page.sensitive.get(name) or (getattr(page, name) if name in PLAIN else "")
    return str(value or "")


def units_of(page: PersonPage, asked: Mapping[str, str] | None = None) -> list[int | None]:
    """Return every unit that two columns name."""
    typed = [int(value) for name, value in (asked or {}).items() if name in register.UNITS and value.isdecimal()]
    return [page.line.unit, page.birth_unit, page.registered_unit, page.native_unit, *typed]


def people(say: Say, one: PersonPage, other: PersonPage, on: date, places: Places) -> list[Compared]:
    """Return two persons line by line; what only one of the two has is no difference."""
    left, right = (_of_person(say, page, on, places) for page in (one, other))
    return [
        Compared(name, label, value or formats.NOTHING, right[name][1] or formats.NOTHING,
                 differs=bool(value and right[name][1] and value != right[name][1]))
        for name, (label, value) in left.items()
        if value or right[name][1]
    ]  # fmt: skip


def _of_person(say: Say, page: PersonPage, on: date, places: Places) -> dict[str, tuple[str, str]]:
    plain = {name: (words.field(say, name), _plain(say, page, name, places)) for name in PLAIN}
    plain["birth"] = (words.field(say, "birth"), register.birth(say, page.line.birth, on))
    kin = {kind: ", ".join(one.name for one in page.kin if one.kinship is kind) for kind in Kinship}
    more = {
        "number": (say("checking.column.number"), page.line.number),
        "old": (say("checking.old_numbers"), ", ".join(page.old_numbers)),
        "home": (say("register.permanent"), places.whole(page.line.unit)),
        "relation": (say("register.relation_label"), register.told(say, "relation", page.relation)),
        "members": (say("register.section.members"), ", ".join(one.name for one in page.members)),
        **{kind.value: (register.told(say, "kin", kind), name) for kind, name in kin.items()},
        "cards": (
            say("register.section.cards"),
            "; ".join(_card(say, card) for card in page.cards),
        ),
        "address": (words.field(say, "address"), str(page.sensitive.get("address", ""))),
        "ethnicity": (words.field(say, "ethnicity"), str(page.sensitive.get("ethnicity", ""))),
        "life": (say("register.column.life"), register.life(say, page.line.life).label),
    }
    first = ("name", "birth", "sex", "number", "old")
    return {name: (plain | more)[name] for name in dict.fromkeys([*first, *plain, *more])}


def _plain(say: Say, page: PersonPage, name: str, places: Places) -> str:
    stored = _stored(page, name)
    return told(say, name, stored, places) if stored else ""


def _card(say: Say, card: CardLine) -> str:
    return f"{register.told(say, 'card', card.type)} {card.number} ({formats.day(card.issued_on)})"


def born(say: Say, birth: PartialDate, on: date) -> str:
    """Return a date of birth and the age."""
    return register.birth(say, birth, on)


def badges(say: Say, page: PersonPage) -> list[Badge]:
    """Return what a person's head shows."""
    return [register.life(say, page.line.life), register.number_state(say, page.number_state)]
