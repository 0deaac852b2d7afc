"""The row every table of the law is made of: in force on the days [from, to), by which source, seen or assumed."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from muster.kernel.errors import Refusal


class NoLawInForce(Refusal):
    code = "no_law_in_force"
    vi = "Chưa có quy định về {subject} cho ngày {on}."
    en = "No rule on {subject} is known for {on}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One rule and the days it holds: ``valid_from`` is the first day, ``valid_to`` the first day after.

    ``source`` names the law and article. ``assumed`` says that the source was not seen, or does not decide the
    point: such a row is a choice of this house (ADR 0006 lists them all).
    """

    valid_from: date
    valid_to: date | None = None
    source: str
    assumed: bool = False

    def holds(self, on: date) -> bool:
        """Say whether the rule is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Iterable[Row], on: date) -> tuple[Row, ...]:
    """Return the rows in force on a day, in the order of the table."""
    return tuple(row for row in rows if row.holds(on))


def the_one(rows: Iterable[Row], on: date, subject: str) -> Row:
    """Return the one row in force on a day.

    :raises NoLawInForce: the table does not reach that day
    """
    for row in rows:
        if row.holds(on):
            return row
    raise NoLawInForce(subject=subject, on=on.isoformat())


def is_seamless(rows: Sequence[Dated]) -> bool:
    """Say whether rows in order of time follow each other without gap or overlap, the last one open."""
    ends = [row.valid_to for row in rows]
    return ends[:-1] == [row.valid_from for row in rows[1:]] and ends[-1:] == [None]


def months_after(day: date, months: int) -> date:
    """Return the corresponding day some months later, or that month's last day (Civil Code 2015 Art. 148(3))."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
