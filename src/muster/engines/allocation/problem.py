"""The problem of where kits go, and what an answer is.

Days are counted from 0. A day has three shifts of six hours: two by day, one in the evening (field notes 3). Some
people come at any time, some only in the evening or on a weekend. A kit is in one commune a day. Whoever is served on
day ``d`` waits ``d`` days; whoever is not served waits to the end.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

SHIFTS, EVENING = 3, 3  # shifts of a day; the number of the last


class BadProblem(ValueError):
    """The problem contradicts itself; the text names the inequality."""


@dataclass(frozen=True, slots=True)
class Commune:
    """People due in a place, how many kits find room there, and the days on which it is closed."""

    key: int
    area: int
    any_time: int
    late: int  # come only in the evening or on a weekend
    limit: int
    closed: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if min(self.any_time, self.late) < 0 or self.limit < 1:
            raise BadProblem(f"commune {self.key}: people >= 0 and limit >= 1 do not hold")

    @property
    def people(self) -> int:
        """How many are due."""
        return self.any_time + self.late


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit, the area where it stands before the first day, and the dossiers it takes in a shift of six hours."""

    key: int
    area: int
    rate: int

    def __post_init__(self) -> None:
        if self.rate < 1:
            raise BadProblem(f"kit {self.key}: rate {self.rate} >= 1 does not hold")


@dataclass(frozen=True)
class Problem:
    """Communes and kits over some days, of which some are of a weekend.

    :raises BadProblem: two communes or two kits bear one key, or a day lies outside
    """

    communes: Sequence[Commune]
    kits: Sequence[Kit]
    days: int
    weekend: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        for rows in (self.communes, self.kits):
            if len({row.key for row in rows}) < len(rows):
                raise BadProblem("two rows bear one key")
        outside = [day for day in self.weekend if not 0 <= day < self.days]
        if self.days < 1 or outside:
            raise BadProblem(f"0 <= day < {self.days} does not hold for {outside}")

    @cached_property
    def people(self) -> int:
        """How many are due in all."""
        return sum(one.people for one in self.communes)


@dataclass(frozen=True, slots=True)
class Block:
    """Days in a row at a commune, with the same kits and shifts on each; ``served`` is how many come on each day."""

    commune: int
    first: int
    served: tuple[int, ...]
    kits: tuple[int, ...]
    shifts: tuple[int, ...]

    @property
    def days(self) -> range:
        """The days of the block."""
        return range(self.first, self.first + len(self.served))


@dataclass(frozen=True)
class Plan:
    """Blocks, and what they come to."""

    blocks: Sequence[Block]
    served: int
    finish: int | None  # the day on which the last is served; none where somebody is left
    service_days: int  # the days that all people wait, together
    transfers: int  # kits moved between areas
    kit_days: int


@dataclass(frozen=True, slots=True)
class Weights:
    """What a plan costs besides the days people wait (planning notes: the objective used)."""

    kit_day: int = 2
    transfer: int = 400
    unserved: int = 200


def cost(problem: Problem, plan: Plan, weights: Weights | None = None) -> int:
    """Return what a plan costs, in days that people wait."""
    price = weights or Weights()
    left = problem.people - plan.served
    return plan.service_days + price.kit_day * plan.kit_days + price.transfer * plan.transfers + price.unserved * left


@dataclass(frozen=True, slots=True)
class Served:
    """Whom a commune's kits serve on a day, and in which shifts."""

    any_time: int
    late: int
    shifts: tuple[int, ...]


def serve(any_time: int, late: int, rate: int, *, weekend: bool) -> Served:
    """Return whom kits of a rate (all together, in a shift) serve on a day.

    On a shift that both may use, those go first who may use fewer: since the uses are nested, no other order serves
    more people, today or later.
    """
    if weekend:
        first = min(late, SHIFTS * rate)
        rest = min(any_time, SHIFTS * rate - first)
        return Served(rest, first, tuple(range(1, _shifts(first + rest, rate) + 1)))
    evening = min(late, rate)
    by_day = min(any_time, (SHIFTS - 1) * rate)
    rest = min(any_time - by_day, rate - evening)
    shifts = tuple(range(1, _shifts(by_day, rate) + 1)) + ((EVENING,) if evening + rest else ())
    return Served(by_day + rest, evening, shifts)


def _shifts(people: int, rate: int) -> int:
    return -(-people // rate) if rate else 0


def fastest(kits: Collection[Kit], count: int) -> int:
    """Return the rates of the fastest of some kits, together."""
    return sum(sorted((kit.rate for kit in kits), reverse=True)[:count])
