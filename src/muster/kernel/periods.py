"""Periods of days, half open: the first day is in, the end is out; an end of ``None`` is open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from muster.kernel.errors import Refusal


class EmptyPeriod(Refusal):
    code = "empty_period"
    vi = "Thời hạn từ {start} đến {end} không có ngày nào."
    en = "The period from {start} to {end} holds no day."


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``start`` up to, but without, ``end``: PostgreSQL's ``daterange`` in its ``[)`` form.

    :raises EmptyPeriod: ``end`` is not after ``start``
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise EmptyPeriod(start=self.start, end=self.end)

    @classmethod
    def through(cls, first: date, last: date) -> "Period":
        """Return the period of which both the first and the last day are part, as papers write it."""
        return cls(first, last + timedelta(days=1))

    @property
    def days(self) -> int | None:
        """How many days it has; ``None`` when it is open."""
        return None if self.end is None else (self.end - self.start).days

    @property
    def last(self) -> date | None:
        """The last day that is part of it; ``None`` when it is open."""
        return None if self.end is None else self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def __iter__(self) -> Iterator[date]:
        """Go through its days; without end when it is open."""
        day = self.start
        while day in self:
            yield day
            day += timedelta(days=1)

    def overlaps(self, other: "Period") -> bool:
        """Say whether the two share a day; periods that only touch do not."""
        return _before(self.start, other.end) and _before(other.start, self.end)

    def meets(self, other: "Period") -> bool:
        """Say whether the other begins on the day this one ends."""
        return self.end == other.start

    def intersection(self, other: "Period") -> "Period | None":
        """Return the days both share, or ``None``."""
        if not self.overlaps(other):
            return None
        ends = [end for end in (self.end, other.end) if end is not None]
        return Period(max(self.start, other.start), min(ends, default=None))

    def ended(self, on: date) -> "Period":
        """Return this period cut short, so that ``on`` is the first day out.

        :raises EmptyPeriod: nothing would be left
        """
        return Period(self.start, on if self.end is None else min(on, self.end))

    def __str__(self) -> str:
        return f"[{self.start},{self.end or ''})"


def _before(day: date, end: date | None) -> bool:
    return end is None or day < end


def merged(periods: Iterable[Period]) -> list[Period]:
    """Return the fewest periods that hold the same days, in order; periods that touch become one."""
    result: list[Period] = []
    for period in sorted(periods, key=lambda p: p.start):
        if result and (result[-1].overlaps(period) or result[-1].meets(period)):
            before = result.pop()
            ends = (before.end, period.end)
            period = Period(before.start, None if None in ends else max(e for e in ends if e))  # noqa: PLW2901
        result.append(period)
    return result


def gaps(periods: Iterable[Period]) -> list[Period]:
    """Return the periods between the given ones that none of them covers, in order."""
    blocks = merged(periods)
    return [Period(a.end, b.start) for a, b in pairwise(blocks) if a.end is not None]
