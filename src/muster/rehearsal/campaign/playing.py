"""Who comes where and when: a district's campaign day by day, drawn from the inputs and a seed. No database, no clock.

Citizens are numbers within their commune. What happens on a day follows from seed, district and what happened before
it, so that a rehearsal that was broken off plays on exactly as it would have.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from math import exp
from random import Random

from muster.rehearsal.campaign.drawing import chance
from muster.rehearsal.campaign.inputs import Inputs

EVENING = 2  # the shift that working people and pupils come to, but at weekends
SATURDAY = 5
HOME_TEAM_FROM = 0.6  # of a commune served: then one crew goes to the bedridden
SLOWEST = 20  # a people at a scale has as many kits as the whole one, each at most so many times slower


class Group(IntEnum):
    """When somebody can come."""

    DAY = 0  # retired and at home
    EVENING = 1  # working, and pupils
    AWAY = 2  # registered here, living elsewhere
    BEDRIDDEN = 3


@dataclass(frozen=True, slots=True)
class Visit:
    """One citizen captured: who of the commune, how many minutes into the shift, with worn prints, at home."""

    citizen: int
    minute: float
    worn: bool
    home: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """What one kit did in one shift at one commune. ``cut``: no network, the packets came the day after."""

    commune: int
    day: date
    shift: int
    kit: int
    visits: tuple[Visit, ...]
    no_shows: int
    cut: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A kit that broke when a shift of a day began; ``back`` is the shift, counted from the first day, it is mended."""

    kit: int
    shift: int
    back: int


@dataclass(slots=True)
class Commune:
    """The citizens of a commune that are due and not captured yet, by when they can come."""

    place: int
    due: int
    pools: tuple[deque[int], ...]
    served: int = 0

    @property
    def left(self) -> int:
        """Those who come when called."""
        return len(self.pools[Group.DAY]) + len(self.pools[Group.EVENING])


@dataclass(slots=True)
class Kit:
    """A kit and its crew: how fast it is, since when it works, until which shift it is broken."""

    place: int
    speed: float
    days: int = 0
    broken_until: int = -1


@dataclass(slots=True)
class District:
    """One district's campaign. Call `play` for each day in its order; ``faults`` are those of the day played last."""

    seed: str
    inputs: Inputs
    communes: Sequence[Commune]
    kits: Sequence[Kit]
    random: Random = field(init=False)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(f"{self.seed}:days")

    def play(self, day: date, placed: Mapping[int, Sequence[tuple[Kit, Commune]]] | None = None) -> Iterator[Session]:
        """Yield what every working kit does on a day, shift by shift.

        :param placed: where kits stand in each shift; else all go to the communes with the most people left
        """
        cut = {one.place for one in self.communes if self.random.random() < self.inputs.line_cuts}
        self._come_back()
        if placed is None:
            placed = dict.fromkeys(range(self.inputs.shifts), self._place())
        self.faults = []
        for shift, there in sorted(placed.items()):
            for kit, commune in there:
                number = self.inputs.shift_number(day, shift)
                if kit.broken_until >= number:
                    continue
                if self.random.random() < self.inputs.kit_faults:
                    kit.broken_until = number + self.inputs.repair_shifts
                    self.faults.append(Fault(kit.place, shift, kit.broken_until + 1))
                    continue
                yield self._session(kit, commune, day, shift, cut=commune.place in cut)
        for kit in {kit.place: kit for there in placed.values() for kit, _ in there}.values():
            kit.days += 1

    def _come_back(self) -> None:
        """Let some of those who live elsewhere come home, and be called like others."""
        for commune in self.communes:
            away, home = commune.pools[Group.AWAY], commune.pools[Group.EVENING]
            for _ in range(sum(self.random.random() < self.inputs.away_returns for _ in away)):
                home.append(away.popleft())

    def _place(self) -> list[tuple[Kit, Commune]]:
        """Give every kit the commune with the most people left for each kit there, venues permitting."""
        there = dict.fromkeys((one.place for one in self.communes), 0)
        placed = []
        for kit in self.kits:
            best = max(self.communes, key=lambda one: one.left / (1 + there[one.place]) * self._room(there[one.place]))
            if best.left and there[best.place] < self.inputs.kits_at_once:
                there[best.place] += 1
                placed.append((kit, best))
        return placed

    def _room(self, kits: int) -> bool:
        return kits < self.inputs.kits_at_once

    def _session(self, kit: Kit, commune: Commune, day: date, shift: int, *, cut: bool) -> Session:
        if shift == 1 and commune.pools[Group.BEDRIDDEN] and commune.served >= HOME_TEAM_FROM * commune.due:
            return self._homes(kit, commune, day, shift, cut=cut)
        minutes = self.inputs.shift_hours * 60
        end = minutes + (self.inputs.overrun * 60 if shift == self.inputs.shifts - 1 else 0)
        free = shift == EVENING or day.weekday() >= SATURDAY
        called = self._call(commune, int(minutes / self._takt(kit) / self.inputs.comes) + 1, evening=free)
        clock, visits, late = 0.0, [], []
        for group, citizen in called:
            if self.random.random() >= self.inputs.comes:
                late.append((group, citizen))
                continue
            worn = self._is_worn(commune, citizen)
            takes = self._takt(kit) * (self.inputs.worn_times if worn else 1) * self.random.uniform(0.7, 1.3)
            if clock + takes > end:
                commune.pools[group].appendleft(citizen)  # waited in vain: the first one tomorrow
                continue
            clock += takes
            visits.append(Visit(citizen, clock, worn))
        for group, citizen in late:
            commune.pools[group].append(citizen)
        commune.served += len(visits)
        return Session(commune.place, day, shift, kit.place, tuple(visits), len(late), cut)

    def _homes(self, kit: Kit, commune: Commune, day: date, shift: int, *, cut: bool) -> Session:
        pool = commune.pools[Group.BEDRIDDEN]
        each = self.inputs.shift_hours * 60 / self.inputs.home_visits
        some = [pool.popleft() for _ in range(min(self.inputs.home_visits, len(pool)))]
        visits = tuple(
            Visit(citizen, each * (place + 1), self._is_worn(commune, citizen), home=True)
            for place, citizen in enumerate(some)
        )
        commune.served += len(visits)
        return Session(commune.place, day, shift, kit.place, visits, 0, cut)

    def _call(self, commune: Commune, count: int, *, evening: bool) -> list[tuple[Group, int]]:
        """Take those who can come in a shift, the first in the queue first; by day the evening people stay at work."""
        called: list[tuple[Group, int]] = []
        order = (Group.EVENING, Group.DAY) if evening else (Group.DAY,)
        for group in order:
            pool = commune.pools[group]
            called += [(group, pool.popleft()) for _ in range(min(count - len(called), len(pool)))]
        return called

    def _takt(self, kit: Kit) -> float:
        """Return the minutes a person takes: crews learn, and none is faster than the best one told of."""
        inputs = self.inputs
        learned = 1 - (1 - inputs.first_rate) * exp(-kit.days / inputs.learning_days)
        return max(inputs.best_minutes, inputs.usual_minutes / (kit.speed * learned))

    def _is_worn(self, commune: Commune, citizen: int) -> bool:
        return chance(f"{self.seed}:worn:{commune.place}:{citizen}") < self.inputs.worn


def share_kits(kits: int, due: Sequence[int]) -> list[int]:
    """Share kits among districts by how many are due in each (highest averages, D'Hondt)."""
    shared = [0] * len(due)
    for _ in range(kits):
        best = max(range(len(due)), key=lambda place: due[place] / (shared[place] + 1))
        shared[best] += 1
    return shared


def district(
    seed: str, inputs: Inputs, groups: Sequence[Sequence[Group]], kits: float, scale: float = 1.0
) -> District:  # fmt: skip
    """Return a district before its first day.

    :param groups: for each commune, when each of its citizens who are due can come; the order of calling is drawn
    :param kits: its share of the kits of the whole people; of a part of one, one kit that is so much slower
    :param scale: that of the people; its kits are as many, and so much slower, as long as each still takes some a shift
    """
    random = Random(f"{seed}:start")
    communes = []
    for place, citizens in enumerate(groups):
        order = list(range(len(citizens)))
        random.shuffle(order)
        pools = tuple(deque(one for one in order if citizens[one] is group) for group in Group)
        communes.append(Commune(place, len(citizens), pools))
    work = kits * scale
    count = max(1, min(round(kits), round(work * SLOWEST)))
    crews = [Kit(place, work / count * exp(random.gauss(0, inputs.crew_spread))) for place in range(count)]
    return District(seed, inputs, communes, crews)


def days(inputs: Inputs) -> Iterator[date]:
    """Yield the work days of a campaign: weekends and holidays are work days."""
    day = inputs.first_day
    while day <= inputs.last_day:
        yield day
        day += timedelta(days=1)
