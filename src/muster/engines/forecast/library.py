"""Curves whose end is known, cut into cases: what each showed on a day, and how long it then took.

Two families. In ``OFFERED`` people come when they will (first vaccine doses of 28 areas, `data/README.md`): the pace
falls early and the tail is many times longer than the rest. In ``CALLED`` people are called to where there is room
(campaigns played by this product's own rehearsal): machines set the pace until the easy ones are done, then the
tail begins at once or not at all. A curve belongs to the family it lies nearer to.
"""

import csv
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import exp, log, sqrt
from typing import NamedTuple

from muster.engines.forecast.curve import Curve, NoCurve, Signs

SHARES = (0.2, 0.25, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.84, 0.88, 0.91, 0.94, 0.96, 0.98)
NEAR = 0.6  # of the odds: a case further away in share done is looked at only when too few are nearer
KIN = 5  # a curve is as far from a family as from the fifth nearest of its curves
SOFT = 0.3


class Family(Enum):
    """Who sets the pace."""

    OFFERED = "offered"
    CALLED = "called"


class Metric(NamedTuple):
    """How likeness is measured in a family, and how its cases answer; chosen by leaving curves out (ADR 0014)."""

    odds: float
    turns: float
    depth: float
    days: float
    week: float
    cases: int  # the most like ones
    of_one: int  # of them, of one curve at most
    weekly: bool  # the pace seen is that of the last seven days, not of the latest tenth of the work
    halves: bool  # answer by the half of the cases that lies closest together, not by the middle one


METRICS = {
    Family.OFFERED: Metric(2, 1, 1, 1, 0, cases=12, of_one=2, weekly=False, halves=False),
    Family.CALLED: Metric(3, 0.3, 3, 0.3, 1, cases=60, of_one=4, weekly=True, halves=True),
}
GOALS = {Family.OFFERED: (0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99), Family.CALLED: (0.67, 0.8, 0.9, 0.95, 0.98)}
TEMPOS = (0.4, 0.65, 1.5)  # an offered curve also stands for those that run in so many times its time
SPARSELY = (0.9, 0.95, 0.98)  # the goals those are cut for, at every second share
DEPTHS = {Family.OFFERED: (0.84, 0.995), Family.CALLED: (0.5, 1.0)}  # the goals whose share of all tells something


class Case(NamedTuple):
    """One reference curve on one day before it reached one goal: what it showed, and how the time compared.

    ``times`` is the log of the days it took over the days it would have taken at the pace seen; ``rate`` the same
    against the last 28 days.
    """

    curve: str
    signs: Signs
    depth: float
    times: float
    rate: float | None


@dataclass(frozen=True, slots=True)
class Reference:
    """A curve whose end is known, the days somebody reported, and how many there were to reach in all."""

    name: str
    curve: Curve
    reports: tuple[int, ...]
    base: float


@dataclass(frozen=True, slots=True)
class Library:
    """The cases of one family in the order of their odds; ``left_out`` are curves not to be asked."""

    family: Family
    cases: Sequence[Case]
    left_out: frozenset[str] = frozenset()
    odds: Sequence[float] = field(default=())

    @classmethod
    def of(cls, family: Family, references: Sequence[Reference]) -> "Library":
        """Cut references into cases."""
        cases = [case for one in references for goal in GOALS[family] for case in cut(one, family, goal, SHARES)]
        if family is Family.OFFERED:
            played = [at_tempo(one, tempo) for one in references for tempo in TEMPOS]
            cases += [case for one in played for goal in SPARSELY for case in cut(one, family, goal, SHARES[::2])]
        cases.sort(key=lambda case: case.signs.odds)
        return cls(family, cases, odds=[case.signs.odds for case in cases])

    def without(self, names: frozenset[str]) -> "Library":
        """Return the library that never saw some curves."""
        return replace(self, left_out=names)

    def nearest(self, signs: Signs) -> list[tuple[float, Case]]:
        """Return the cases most like a curve, with how far each is; O(cases of about the same share done)."""
        metric = METRICS[self.family]
        near = self._ranked(signs, self._window(signs.odds), metric)
        picked = _picked(near, metric)
        if len(picked) < metric.cases:
            picked = _picked(self._ranked(signs, (0, len(self.cases)), metric), metric)
        return picked

    def distance(self, signs: Signs) -> float:
        """Return how far a curve is from the nearest curves of the family, by the measure that both families share."""
        found: dict[str, float] = {}
        for far, case in self._ranked(signs, self._window(signs.odds), METRICS[Family.OFFERED]._replace(depth=0)):
            found.setdefault(case.curve, far)
        nearest = list(found.values())
        return nearest[KIN - 1] if len(nearest) >= KIN else float("inf")

    def rates(self, odds: float) -> list[float]:
        """Return how the rate of the last 28 days compared, in cases of about the same share done."""
        first, last = self._window(odds, NEAR / 2)
        told = (case for case in self.cases[first:last] if case.curve not in self.left_out)
        return sorted(case.rate for case in told if case.rate is not None)

    def _window(self, odds: float, width: float = NEAR) -> tuple[int, int]:
        return bisect_left(self.odds, odds - width), bisect_left(self.odds, odds + width)

    def _ranked(self, signs: Signs, window: tuple[int, int], metric: Metric) -> list[tuple[float, Case]]:
        deep = 0.0 if signs.depth is None else metric.depth
        one, two, three, four = signs.turns
        ranked = []
        for case in self.cases[slice(*window)]:
            if case.curve in self.left_out:
                continue
            it = case.signs
            first, second, third, fourth = it.turns
            turned = (first - one) ** 2 + (second - two) ** 2 + (third - three) ** 2 + (fourth - four) ** 2
            far = (
                (metric.odds * (it.odds - signs.odds)) ** 2 + metric.turns**2 * turned
                + (deep * (case.depth - (signs.depth or 0.0))) ** 2
                + (metric.days * (it.days - signs.days)) ** 2 + (metric.week * (it.week - signs.week)) ** 2
            )  # fmt: skip
            ranked.append((sqrt(far), case))
        ranked.sort(key=lambda pair: (pair[0], pair[1].curve, pair[1].times))
        return ranked


def pace(signs: Signs, family: Family) -> float:
    """Return the units a day that a family's cases are measured against."""
    return exp(signs.tenth + (signs.week if METRICS[family].weekly else 0.0))


def cut(
    one: Reference, family: Family, part: float, shares: Sequence[float], *, of_all: bool = False
) -> Iterator[Case]:
    """Yield a reference's cases on the way to a part of its base, each from the first report with a share done.

    :param of_all: shares are of the base instead of the goal
    """
    goal = part * one.base
    ends = one.curve.reached(goal)
    if ends is None:
        return
    asked = set()
    for share in shares:
        least = share * (one.base if of_all else goal)
        day = next((day for day in one.reports if one.curve.daily[day] >= least), None)
        if day is None or day >= ends or day in asked:
            continue
        asked.add(day)
        seen = one.curve.upto(day)
        try:
            signs = seen.signs(goal, part)
        except NoCurve:
            continue
        took = _exactly(one.curve, goal, ends) - day
        month = log(took * signs.month / signs.left) if signs.month > 0 else None
        yield Case(one.name, signs, signs.depth or 0.0, log(took * pace(signs, family) / signs.left), month)


def middle(cases: Sequence[tuple[float, Case]], parts: Sequence[float]) -> list[float]:
    """Return quantiles of the cases' times, the nearer weighing more (one over its distance, softened)."""
    points, whole = _weighted(cases)
    passed, marks = 0.0, []
    for value, weight in points:
        marks.append(((passed + weight / 2) / whole, value))
        passed += weight
    return [_between(marks, part) for part in parts]


def densest(cases: Sequence[tuple[float, Case]]) -> float:
    """Return the mean of that half of the cases, by weight, which lies closest together: the likeliest time.

    Where one half of like campaigns ends at once and the other in a long tail, the middle case is like neither.
    """
    points, whole = _weighted(cases)
    best, answer = float("inf"), points[0][0]
    for first in range(len(points)):
        weight, last = 0.0, first
        while last < len(points) and weight < whole / 2:
            weight += points[last][1]
            last += 1
        if weight < whole / 2:
            break
        width = points[last - 1][0] - points[first][0]
        if width < best:
            best, answer = width, sum(value * part for value, part in points[first:last]) / weight
    return answer


@cache
def library(family: Family) -> Library:
    """Return the library of a family, cut once in a process."""
    return Library.of(family, offered() if family is Family.OFFERED else called())


@cache
def offered() -> tuple[Reference, ...]:
    """Return the 28 public curves: cumulative first doses by week."""
    rows: dict[str, list[tuple[date, float]]] = {}
    for row in _rows("completion_curves_public.csv"):
        rows.setdefault(row["area"], []).append((date.fromisoformat(row["date"]), float(row["done"])))
    return tuple(reference(name, reports) for name, reports in rows.items())


@cache
def called() -> tuple[Reference, ...]:
    """Return the campaigns drawn by the rehearsal, done by day (`data/README.md` says how)."""
    return tuple(
        reference(row["name"], steps(date.fromisoformat(row["first_day"]), row["done"]), float(row["due"]))
        for row in _rows("rehearsed_curves.csv")
    )


def reference(name: str, reports: Sequence[tuple[date, float]], base: float | None = None) -> Reference:
    """Return a reference from its reports; without a base, it is what was done in the end."""
    curve = Curve.of(reports)
    days = tuple((day - curve.first).days for day, _ in sorted(reports))
    return Reference(name, curve, days, base or curve.done)


def at_tempo(one: Reference, tempo: float) -> Reference:
    """Return the curve as it would have been in so many times its time, reported by the day when faster than it was."""
    last, apart = len(one.curve.daily) - 1, 1 if tempo < 1 else 7
    days = range(0, int(last * tempo) + 1, apart)
    told = [(one.curve.first + timedelta(days=day), one.curve.daily[min(int(day / tempo), last)]) for day in days]
    return reference(one.name, told, one.base)


def steps(first: date, done: str) -> list[tuple[date, float]]:
    """Return reports from what was done each day, written side by side; the day before it was nothing."""
    total, reports = 0.0, [(first - timedelta(days=1), 0.0)]
    for place, step in enumerate(done.split()):
        total += int(step)
        reports.append((first + timedelta(days=place), total))
    return reports


def _exactly(curve: Curve, goal: float, ends: int) -> float:
    was, now = curve.daily[ends - 1], curve.daily[ends]
    return ends - 1 + (goal - was) / (now - was)


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(files(__package__).joinpath("data", name).read_text("utf-8").splitlines())


def _picked(ranked: Sequence[tuple[float, Case]], metric: Metric) -> list[tuple[float, Case]]:
    """Return the nearest, so many of one curve at most: a curve's neighbouring days say the same thing again."""
    taken: dict[str, int] = {}
    picked = []
    for far, case in ranked:
        if taken.get(case.curve, 0) < metric.of_one:
            taken[case.curve] = taken.get(case.curve, 0) + 1
            picked.append((far, case))
            if len(picked) == metric.cases:
                break
    return picked


def _weighted(cases: Sequence[tuple[float, Case]]) -> tuple[list[tuple[float, float]], float]:
    furthest = max(far for far, _ in cases) + 1e-6
    points = sorted((case.times, 1 / (SOFT + far / furthest)) for far, case in cases)
    return points, sum(weight for _, weight in points)


def _between(marks: Sequence[tuple[float, float]], part: float) -> float:
    if part <= marks[0][0]:
        return marks[0][1]
    for (low, value), (high, after) in pairwise(marks):
        if part <= high:
            return value + (after - value) * (part - low) / (high - low)
    return marks[-1][1]
