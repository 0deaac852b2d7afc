"""Who may stand in which shift: hours of a day, rest between shifts and between days, a day off; pure.

A spell is work without interruption on one work day. On one day a pause keeps two spells together as one piece of
work, and only the hours of the day bind it; a longer break must be a whole rest. Between two work days there is always
a whole rest. Who has worked so many work days in a row has the next one off. `spread` gives each shift a crew: the one
that has worked least so far among those that may. O(log of a worker's spells) to ask, O(shifts x workers) to spread.
"""

from bisect import bisect, insort
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from heapq import heappop, heappush
from typing import Generic, NamedTuple, Protocol, TypeVar

Worker = TypeVar("Worker", bound=Hashable)
Key = TypeVar("Key", bound=Hashable)
ONE = timedelta(days=1)


class Breach(Enum):
    """What a spell would break."""

    BUSY = "busy"  # at work elsewhere at that time
    HOURS = "hours"  # too many on one work day
    REST = "rest"  # too little before or after
    DAY_OFF = "day_off"  # too many work days in a row


class BadLimits(ValueError):
    """The limits contradict themselves; the text names the inequality."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What nobody works beyond."""

    hours: timedelta  # on one work day
    rest: timedelta  # between two pieces of work
    pause: timedelta  # a break up to this long ends no piece of work
    in_a_row: int  # work days

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.pause <= self.rest or self.hours <= timedelta(0) or self.in_a_row < 1:
            raise BadLimits("0 <= pause <= rest, hours > 0 and in_a_row >= 1 do not hold")

    def on(self, day: date) -> "Limits":  # noqa: ARG002 - the same on every day
        """Return the limits of a work day: these."""
        return self


@dataclass(frozen=True, slots=True)
class LimitsByDay:
    """Limits that change with the days, each from a work day on, in the order of days; the first hold before too."""

    changes: Sequence[tuple[date, Limits]]

    def __post_init__(self) -> None:
        days = [day for day, _ in self.changes]
        if not days or sorted(set(days)) != days:
            raise BadLimits("at least one change, each on a later day than the one before, is not so")

    def on(self, day: date) -> Limits:
        """Return the limits of a work day."""
        return self.changes[max(0, bisect([first for first, _ in self.changes], day) - 1)][1]

    @property
    def longest(self) -> int:
        """The most work days in a row that any of them allows."""
        return max(limits.in_a_row for _, limits in self.changes)


class Bounds(Protocol):
    """Limits, the same on every day or not."""

    def on(self, day: date) -> Limits:
        """Return the limits of a work day."""
        ...


class Spell(NamedTuple):
    """Work of one worker from one moment to another, and the work day it counts for."""

    starts: datetime
    ends: datetime
    day: date


class Diary:
    """The spells of one worker, in the order of time, and the hours of each work day."""

    def __init__(self, spells: Iterable[Spell] = ()) -> None:
        self.spells: list[Spell] = []
        self.hours: dict[date, timedelta] = {}
        for spell in spells:
            self.add(spell)

    def add(self, spell: Spell) -> None:
        """Write down a spell."""
        insort(self.spells, spell)
        self.hours[spell.day] = self.hours.get(spell.day, timedelta(0)) + spell.ends - spell.starts

    def breach(self, new: Spell, limits: Bounds) -> Breach | None:
        """Return what a further spell would break first; nothing where it breaks nothing.

        Hours are bound by the limits of their day, a rest by those of the day after it, days in a row by those of the
        last of them.
        """
        place = bisect(self.spells, new)
        around = self.spells[max(0, place - 1) : place + 1]
        if any(held.starts < new.ends and new.starts < held.ends for held in around):
            return Breach.BUSY
        if self.hours.get(new.day, timedelta(0)) + new.ends - new.starts > limits.on(new.day).hours:
            return Breach.HOURS
        if any(not rested(held, new, limits) for held in around):
            return Breach.REST
        days, last = self._in_a_row(new.day)
        return Breach.DAY_OFF if days > limits.on(last).in_a_row else None

    def _in_a_row(self, new: date) -> tuple[int, date]:
        """Return how many days in a row would be worked, those around a new one and itself, and the last of them."""
        first = last = new
        while first - ONE in self.hours:
            first -= ONE
        while last + ONE in self.hours:
            last += ONE
        return (last - first).days + 1, last


def rested(one: Spell, other: Spell, limits: Bounds) -> bool:
    """Say whether two spells that follow each other leave a rest between them, or are one piece of work."""
    before, after = sorted((one, other))
    gap, bound = after.starts - before.ends, limits.on(after.day)
    return gap >= bound.rest or (before.day == after.day and gap <= bound.pause)


@dataclass(frozen=True, slots=True)
class Shift(Generic[Key]):
    """A shift that wants a worker."""

    key: Key
    spell: Spell


def spread(
    shifts: Iterable[Shift[Key]],
    workers: Sequence[Worker],
    held: Mapping[Worker, Sequence[Spell]],
    limits: Bounds,
    *,
    stands: Callable[[Worker, date], bool] = lambda _, __: True,
    most_a_day: int = 1,
) -> dict[Key, Worker]:
    """Return who works which shift; a shift for which nobody is free and rested is left out.

    Greedy and never looking ahead: in the order of time, the worker with the fewest shifts so far among those that may,
    then in the order given.

    :param held: what workers have to do already
    :param stands: whether there is such a worker on a day
    :param most_a_day: shifts given to one worker on one work day
    """
    diaries = {worker: Diary(held.get(worker, ())) for worker in workers}
    on = Counter((worker, spell.day) for worker, diary in diaries.items() for spell in diary.spells)
    queue = [(0, place) for place in range(len(workers))]  # shifts given so far, and who
    found: dict[Key, Worker] = {}
    for shift in sorted(shifts, key=lambda one: one.spell):
        passed_over = []
        while queue:
            given, place = heappop(queue)
            worker, day = workers[place], shift.spell.day
            free = on[worker, day] < most_a_day and stands(worker, day)
            if free and not diaries[worker].breach(shift.spell, limits):
                diaries[worker].add(shift.spell)
                on[worker, day] += 1
                found[shift.key] = worker
                heappush(queue, (given + 1, place))
                break
            passed_over.append((given, place))
        for one in passed_over:
            heappush(queue, one)
    return found
