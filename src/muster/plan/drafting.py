"""From counts and kits to a problem of allocation, and from its plan back to days: pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from muster.engines import allocation
from muster.engines.allocation import Bound, Commune, Kit, Plan, Problem
from muster.engines.rostering import Shift, Spell
from muster.kernel.clock import ZONE
from muster.plan.words import HOURS

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Due:
    """How many are due in a commune: who comes at any time, and who only in the evening or on a weekend."""

    unit: int
    any_time: int
    late: int


@dataclass(frozen=True, slots=True)
class KitRate:
    """A kit, the area where it stands, its dossiers a shift, and by whose word. Without an id it is only wished for."""

    id: UUID | None
    area: int
    rate: int
    source: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything a scenario follows from."""

    first_day: date
    last_day: date  # the deadline
    due: Sequence[Due]
    kits: Sequence[KitRate]
    area: Mapping[int, int]  # of each commune
    room: Mapping[int, int]  # kits at once, of each commune
    closed: Mapping[int, Sequence[date]]

    def problem(self) -> Problem:
        """Return the problem; kits are numbered by their place, days from the first."""
        days = (self.last_day - self.first_day).days + 1
        communes = [
            Commune(
                one.unit, self.area[one.unit], one.any_time, one.late, self.room.get(one.unit, 1),
                frozenset((day - self.first_day).days for day in self.closed.get(one.unit, ())
                          if self.first_day <= day <= self.last_day),
            )
            for one in self.due
        ]  # fmt: skip
        weekend = [day for day in range(days) if (self.first_day + timedelta(days=day)).weekday() >= SATURDAY]
        kits = [Kit(place, kit.area, kit.rate) for place, kit in enumerate(self.kits)]
        return Problem(communes, kits, days, frozenset(weekend))

    def told(self) -> dict[str, object]:
        """Return what is stored beside the plan, so that it can be made again and understood."""
        return {
            "due": [[one.unit, one.any_time, one.late] for one in self.due],
            "kits": [[str(kit.id or ""), kit.area, kit.rate, kit.source, kit.assumed] for kit in self.kits],
            "room": {str(unit): kits for unit, kits in self.room.items()},
            "closed": {str(unit): [day.isoformat() for day in days] for unit, days in self.closed.items() if days},
        }


@dataclass(frozen=True, slots=True)
class Drafted:
    """A plan in days, and the bound it is held against."""

    asked: Asked
    problem: Problem
    plan: Plan
    bound: Bound

    @property
    def finish(self) -> date | None:
        """The day on which the last is served; none where somebody is left."""
        return self._day(self.plan.finish)

    @property
    def bound_finish(self) -> date | None:
        """The day before which no plan finishes; none where no plan finishes in time."""
        return self._day(self.bound.finish)

    @property
    def gap(self) -> int | None:
        """How many days the plan finishes after the bound, at most: the bound itself may be out of reach."""
        if self.plan.finish is None or self.bound.finish is None:
            return None
        return self.plan.finish - self.bound.finish

    def shifts(self) -> Iterator[Shift[tuple[int, int, int]]]:
        """Yield the shifts that each kit works, by kit, day and shift: a crew is wanted for each."""
        for block in self.plan.blocks:
            for number in block.days:
                day = self.asked.first_day + timedelta(days=number)
                for shift in block.shifts:
                    spell = Spell(*_hours(day, shift), day)
                    yield from (Shift((kit, number, shift), spell) for kit in block.kits)

    def _day(self, number: int | None) -> date | None:
        return None if number is None else self.asked.first_day + timedelta(days=number)

    def served_by_day(self) -> list[int]:
        """Return how many are served on each day from the first to the deadline."""
        counts = [0] * self.problem.days
        for block in self.plan.blocks:
            for day, count in zip(block.days, block.served, strict=True):
                counts[day] += count
        return counts


def _hours(day: date, shift: int) -> tuple[datetime, datetime]:
    starts, ends = HOURS[shift]
    last = day if ends > starts else day + timedelta(days=1)
    return datetime.combine(day, starts, ZONE), datetime.combine(last, ends, ZONE)


def draft(asked: Asked) -> Drafted:
    """Return the plan of what was asked, with its bound."""
    problem = asked.problem()
    return Drafted(asked, problem, allocation.solve(problem), allocation.bound(problem))
