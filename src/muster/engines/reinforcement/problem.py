"""What is asked about reinforcement, and what an answer is. Day 0 is the first on which a move may begin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from enum import Enum
from itertools import chain
from typing import NamedTuple

from muster.engines.rostering import Bounds, Spell


class BadProblem(ValueError):
    """The problem contradicts itself; the text names the inequality."""


class Stratum(Enum):
    """Who is left, by how they can be served."""

    EASY = "easy"  # come to the desk at any time
    LATE = "late"  # come in the evening or on a weekend
    FAR = "far"  # hamlets to which a kit has to go
    HOME = "home"  # cannot leave the house


class Kind(Enum):
    """What a move does."""

    KITS = "kits"  # kits with crews from another unit
    CREWS = "crews"  # crews from another unit, for the receiver's own kits
    HOURS = "hours"  # the third shift and the weekend are opened
    MOBILE = "mobile"  # one of the receiver's kits goes to the far hamlets by day
    HOME = "home"  # one of the receiver's kits goes from house to house by day


@dataclass(frozen=True, slots=True)
class Crew:
    """A crew, how many people it has, and what any of them works already before the first day."""

    key: int
    people: int = 3
    held: tuple[Spell, ...] = ()


Slot = tuple[int, int, int]  # day, shift, place


class Stand(NamedTuple):
    """A kit in a shift, with the crew that works it; without one it serves nobody."""

    kit: int
    crew: int | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: who is left, what it has, and what it was seen to do.

    ``pace`` is dossiers of one kit in one shift; ``slow`` how many times longer the rest may take at the cautious end
    of the range; ``room`` the kits its venues hold at once. A kit that goes to people takes ``away`` of the pace.
    ``planned`` is what the plan already holds there: then the unit works that and nothing else, and kits and crews may
    be of several units, for they travel; ``kits`` and ``crews`` are those that are at home there.
    """

    key: int
    left: Mapping[Stratum, int]
    pace: float
    slow: float
    kits: tuple[int, ...]
    crews: tuple[Crew, ...]
    room: int
    shifts: frozenset[int] = frozenset({1, 2})
    weekends: bool = False
    closed: frozenset[int] = frozenset()
    away: float = 0.5
    planned: Mapping[Slot, Stand] | None = None

    def __post_init__(self) -> None:
        if min(self.left.values(), default=0) < 0 or self.pace < 0 or self.slow < 1 or self.room < 1:
            raise BadProblem(f"unit {self.key}: left >= 0, pace >= 0, slow >= 1 and room >= 1 do not hold")
        if not self.shifts <= {1, 2, 3} or not 0 < self.away <= 1:
            raise BadProblem(f"unit {self.key}: shifts of 1 to 3 and 0 < away <= 1 do not hold")


@dataclass(frozen=True, slots=True)
class Move:
    """Something done from one day to another, both included.

    Kits and crews of a donor travel on the first day and on the day after the last, and work on neither.
    """

    kind: Kind
    receiver: int
    first: int
    last: int
    donor: int | None = None
    kits: tuple[int, ...] = ()
    crews: tuple[int, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Units, the day of the deadline, how far ahead is looked, and the limits that nobody works beyond.

    :raises BadProblem: a unit, kit or crew stands twice, or the deadline lies outside
    """

    units: Sequence[Unit]
    begins: date
    deadline: int
    days: int
    limits: Bounds
    most_a_day: int = 1  # shifts of a crew
    zone: tzinfo = UTC
    taken: tuple[Move, ...] = ()  # accepted before, and in force

    def __post_init__(self) -> None:
        of_units = chain.from_iterable
        keys: tuple[Iterable[int], ...] = (
            (one.key for one in self.units),
            of_units(one.kits for one in self.units),
            (crew.key for one in self.units for crew in one.crews),
        )
        for told in map(list, keys):
            if len(set(told)) < len(told):
                raise BadProblem("a unit, a kit or a crew stands twice")
        if not 0 <= self.deadline < self.days:
            raise BadProblem(f"0 <= {self.deadline} < {self.days} does not hold")


@dataclass(frozen=True, slots=True)
class Standing:
    """When a unit is done, at the pace seen and at the cautious end; none: not within the days looked at."""

    finish: int | None
    cautious: int | None
    left: float  # people not served by the evening of the deadline, at the pace seen


@dataclass(frozen=True, slots=True)
class Side:
    """A unit without a move and with it."""

    unit: int
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True)
class Proposal:
    """A move that helps: what it does to both, the days it gains, and the person-turns it costs."""

    move: Move
    receiver: Side
    donor: Side | None
    gained: int  # days; a finish beyond the days looked at counts as the day after them
    turns: int  # people x shifts worked because of the move

    @property
    def worth(self) -> tuple[float, float]:
        """Days gained for each person-turn, then people more served by the deadline for each."""
        price = max(self.turns, 1)
        return self.gained / price, (self.receiver.before.left - self.receiver.after.left) / price
