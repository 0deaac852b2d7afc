"""A greedy plan: day by day, kits go where they are used best, and stay where they are used well.

Each day the communes stand in an order: those that were begun, then the others by size or by how evenly their people
fill the shifts (planning notes: the largest first costs 18 % over the bound, the smallest 26 %). A commune takes kits
of its area as long as the next one is used for at least a share of its three shifts; what is left over goes, in the
same order, where it is of any use, and then to other areas: if there is work for two days, or no kit at all. Several
orders and shares are tried, the cheapest plan is kept. O(orders x days x communes x limit). It never looks ahead.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from muster.engines.allocation.problem import (
    SHIFTS,
    Block,
    Commune,
    Kit,
    Plan,
    Problem,
    Served,
    Weights,
    cost,
    serve,
)

Order = Callable[[Commune], float]
WORTH_A_TRANSFER = 2  # days of a kit's work that must be left at a commune of another area


def _largest(one: Commune) -> float:
    return -one.people


def _evenly(one: Commune) -> float:
    """Those first whose kits work all shifts: late people fill about half of a week's shifts (11 of 21)."""
    return abs(one.late / max(one.people, 1) - 11 / 21)


def _quick(one: Commune) -> float:
    """Those first that need the fewest evenings for their people (Smith's rule: weight over time)."""
    return max(one.late / 11, one.people / 21) / max(one.people, 1)


ORDERS: tuple[Order, ...] = (_largest, _evenly, _quick)
SHARES = (0.0, 0.34, 0.67)


def solve(problem: Problem, weights: Weights | None = None) -> Plan:
    """Return the cheapest of the greedy plans."""
    price = weights or Weights()
    plans = [_Day.run(problem, order, share, price) for order in ORDERS for share in SHARES]
    return min(plans, key=lambda plan: cost(problem, plan, price))


@dataclass
class _Left:
    """What is left to do at a commune, and the kits that stood there the day before."""

    commune: Commune
    any_time: int
    late: int
    kits: list[Kit] = field(default_factory=list)

    @property
    def people(self) -> int:
        return self.any_time + self.late


@dataclass(frozen=True)
class _Worked:
    """One day at one commune."""

    day: int
    commune: int
    kits: tuple[int, ...]
    served: Served


class _Day:
    """One day after another: where kits are, what is left, what was done."""

    def __init__(self, problem: Problem, order: Order, share: float, weights: Weights) -> None:
        self._problem, self._share, self._weights = problem, share, weights
        ranked = sorted(problem.communes, key=lambda one: (order(one), one.key))
        self._left = [_Left(one, one.any_time, one.late) for one in ranked if one.people]
        self._area = {kit.key: kit.area for kit in problem.kits}
        self._transfers = 0
        self._worked: list[_Worked] = []

    @classmethod
    def run(cls, problem: Problem, order: Order, share: float, weights: Weights) -> Plan:
        """Return the plan of one order and share."""
        days = cls(problem, order, share, weights)
        for day in range(problem.days):
            days._do(day)
        return days._plan()

    def _do(self, day: int) -> None:
        weekend = day in self._problem.weekend
        here = [one for one in self._left if one.people and day not in one.commune.closed]
        here.sort(key=lambda one: not one.kits)  # those that were begun; the sort keeps the order of the others
        free = _Pool(self._problem.kits, self._area)
        given: dict[int, list[Kit]] = {one.commune.key: [] for one in here}
        for share in dict.fromkeys((self._share, 0.0)):
            for one in here:
                if not free.is_empty(one.commune.area):
                    self._fill(one, given[one.commune.key], free, weekend=weekend, share=share)
        self._bring(here, given, free, day)
        for one in self._left:
            kits = given.get(one.commune.key, [])
            one.kits = kits
            if kits:
                self._work(one, kits, day, weekend=weekend)

    def _fill(self, one: _Left, kits: list[Kit], free: "_Pool", *, weekend: bool, share: float) -> None:
        """Let a commune take kits of its area while the next one is used for a share of its shifts."""
        rate = sum(kit.rate for kit in kits)
        before = _served(one, rate, weekend=weekend)
        while len(kits) < one.commune.limit and (kit := free.best(one.commune.area, one.kits)) is not None:
            after = _served(one, rate + kit.rate, weekend=weekend)
            if after - before <= share * SHIFTS * kit.rate:
                return
            free.take(kit)
            kits.append(kit)
            rate, before = rate + kit.rate, after

    def _bring(self, here: list[_Left], given: dict[int, list[Kit]], free: "_Pool", day: int) -> None:
        """Let kits that nobody in their area needs go where there is work for days, or no kit at all."""
        weekend = day in self._problem.weekend
        for one in here:
            kits = given[one.commune.key]
            while len(kits) < one.commune.limit and (kit := free.from_elsewhere(one.commune.area)) is not None:
                rate = sum(held.rate for held in kits)
                if not self._is_worth(one, rate, kit, day):
                    break
                if _served(one, rate + kit.rate, weekend=weekend) == _served(one, rate, weekend=weekend):
                    break
                free.take(kit)
                kits.append(kit)
                self._area[kit.key] = one.commune.area
                self._transfers += 1

    def _is_worth(self, one: _Left, rate: int, kit: Kit, day: int) -> bool:
        """Say whether a kit should come from another area: for days of work, or where nobody else would ever come."""
        if one.people - SHIFTS * rate >= WORTH_A_TRANSFER * SHIFTS * kit.rate:
            return True
        saved = one.people * (self._problem.days - day + self._weights.unserved)
        return one.commune.area not in self._area.values() and saved >= self._weights.transfer

    def _work(self, one: _Left, kits: list[Kit], day: int, *, weekend: bool) -> None:
        served = serve(one.any_time, one.late, sum(kit.rate for kit in kits), weekend=weekend)
        one.any_time -= served.any_time
        one.late -= served.late
        self._worked.append(_Worked(day, one.commune.key, tuple(sorted(kit.key for kit in kits)), served))

    def _plan(self) -> Plan:
        people, days = self._problem.people, self._problem.days
        served = sum(one.served.any_time + one.served.late for one in self._worked)
        waited = sum(one.day * (one.served.any_time + one.served.late) for one in self._worked)
        return Plan(
            blocks=list(_blocks(self._worked)),
            served=served,
            finish=max((one.day for one in self._worked), default=0) if served == people else None,
            service_days=waited + days * (people - served),
            transfers=self._transfers,
            kit_days=sum(len(one.kits) for one in self._worked),
        )


def _served(one: _Left, rate: int, *, weekend: bool) -> int:
    told = serve(one.any_time, one.late, rate, weekend=weekend)
    return told.any_time + told.late


class _Pool:
    """Kits that are free today, by area, the fastest first."""

    def __init__(self, kits: Iterable[Kit], area: dict[int, int]) -> None:
        self._free: dict[int, list[Kit]] = {}
        self._area = area
        for kit in sorted(kits, key=lambda kit: (kit.rate, -kit.key)):
            self._free.setdefault(area[kit.key], []).append(kit)

    def is_empty(self, area: int) -> bool:
        """Say whether no kit of an area is free."""
        return not self._free.get(area)

    def best(self, area: int, stood: list[Kit]) -> Kit | None:
        """Return a free kit of an area: one that stood there the day before, else the fastest."""
        here = self._free.get(area)
        if not here:
            return None
        return next((kit for kit in stood if kit in here), here[-1])

    def from_elsewhere(self, area: int) -> Kit | None:
        """Return a free kit of another area, of the one with the most to spare."""
        others = [kits for name, kits in self._free.items() if name != area and kits]
        return max(others, key=len)[-1] if others else None

    def take(self, kit: Kit) -> None:
        """Let nobody else have a kit today."""
        self._free[self._area[kit.key]].remove(kit)


def _blocks(worked: list[_Worked]) -> Iterator[Block]:
    """Put days in a row with the same kits and shifts together."""
    runs: dict[int, list[_Worked]] = {}
    done: list[list[_Worked]] = []
    for one in worked:
        run = runs.get(one.commune)
        last = run[-1] if run else None
        goes_on = last is not None and last.day + 1 == one.day
        if run and last and goes_on and (last.kits, last.served.shifts) == (one.kits, one.served.shifts):
            run.append(one)
        else:
            runs[one.commune] = [one]
            done.append(runs[one.commune])
    for run in done:
        first = run[0]
        served = tuple(one.served.any_time + one.served.late for one in run)
        yield Block(first.commune, first.day, served, first.kits, first.served.shifts)
