"""The finish of one curve, in two views (three, when it is known who is left)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from math import ceil, exp, inf

from muster.engines.forecast.curve import Curve, NoCurve, Signs
from muster.engines.forecast.groups import Group, days_by_groups
from muster.engines.forecast.library import (
    DEPTHS,
    METRICS,
    Family,
    Library,
    densest,
    library,
    middle,
    pace,
)

HORIZON = 1_096  # days: three years
EARLIEST = 0.18  # of a goal done: the references begin at a fifth
RANGE = (0.1, 0.9)
STEPS = (0.6, 0.75, 0.86)  # of a goal done: where the widening changes
WIDENED: dict[tuple[Family, bool], tuple[float, ...]] = {
    (Family.OFFERED, True): (0.021, 0.0, 0.027, 0.08),
    (Family.OFFERED, False): (0.048, 0.028, 0.057, 0.035),
    (Family.CALLED, True): (0.04, 0.032, 0.018, 0.017),
    (Family.CALLED, False): (0.037, 0.018, 0.024, 0.031),
}  # in logs of the time left, by family, whether the depth is known, and step of the share done; `backtesting.widening`


class Verdict(Enum):
    """What a view says."""

    DATE = "date"
    REACHED = "reached"
    NOT_AT_THIS_RATE = "not_at_this_rate"
    BEYOND_HORIZON = "beyond_horizon"
    TOO_EARLY = "too_early"  # too little is done, or nothing for which a like case is known


@dataclass(frozen=True, slots=True)
class Finish:
    """A view's answer. Without a date there is none anywhere; ``high`` alone may be none: later than the horizon.

    ``days`` from the day asked to the finish, before it is rounded up to a day.
    """

    verdict: Verdict
    on: date | None = None
    low: date | None = None
    high: date | None = None
    days: float | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """One goal of one curve: the views, and what they were read from, for people to check.

    ``times``: how many times longer than at the pace seen the like cases took (the answer, low, high); ``like``: the
    names of the reference curves they come from, the most like first.
    """

    goal: float
    left: float
    share: float
    month: float  # units a day, last 28 days
    family: Family | None
    rate_stays: Finish
    like_others: Finish
    by_groups: Finish | None = None
    pace: float = 0.0  # units a day that ``times`` are measured against
    times: tuple[float, float, float] | None = None
    like: tuple[str, ...] = ()
    cases: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Days left: the answer, the low and the high end of 80 %, and the case behind them."""

    days: float
    low: float
    high: float
    times: tuple[float, float, float]
    like: tuple[str, ...]
    cases: int


def forecast(
    curve: Curve,
    goals: Sequence[float],
    *,
    base: float | None = None,
    family: Family | None = None,
    groups: Sequence[Group] = (),
    change: float = 1.0,
    libraries: dict[Family, Library] | None = None,
) -> list[Forecast]:
    """Return for each goal when it is reached, asked on the last day of the curve.

    :param goals: counts to reach; a share of a base is that share times the base, and may pass it
    :param base: how many there are in all, when that is known: it says how deep in the tail a goal lies, unless the
        goal is all of them
    :param family: who sets the pace; none: that of the references the curve is more like
    :param groups: who is left, by how they come
    :param change: the pace to come over that of the last weeks, when the capacity changes: 1.5 is half as much again
    :param libraries: other references than the product's own
    """
    if change <= 0:
        raise ValueError("change > 0 does not hold")
    asked = libraries or {one: library(one) for one in Family}
    return [_one(curve, goal, base, family, groups, change, asked) for goal in goals]


def _one(
    curve: Curve, goal: float, base: float | None, family: Family | None, groups: Sequence[Group], change: float,
    libraries: dict[Family, Library],
) -> Forecast:  # fmt: skip
    on = curve.first + timedelta(days=len(curve.daily) - 1)
    day = curve.reached(goal)
    if day is not None:
        reached = curve.first + timedelta(days=day)
        done = Finish(Verdict.REACHED, reached, reached, reached, 0.0)
        return Forecast(goal, 0.0, curve.done / goal if goal else 1.0, curve.rate(28), family, done, done)
    try:
        signs = curve.signs(goal, None if base is None or base <= 0 else goal / base)
    except NoCurve:
        none = Finish(Verdict.TOO_EARLY)
        return Forecast(goal, goal - curve.done, curve.done / goal, 0.0, family, none, none)
    kin = family or _kin(signs, libraries)
    lib, signs = libraries[kin], _with_known_depth(signs, kin, base, goal)
    month = signs.month * change
    found = answer(signs, lib, change) if signs.share >= EARLIEST else None
    return Forecast(
        goal=goal, left=signs.left, share=signs.share, month=signs.month, family=kin,
        rate_stays=_at_rate(on, signs, month, lib),
        like_others=_finish(on, found.days, found.low, found.high) if found else Finish(Verdict.TOO_EARLY),
        by_groups=_by_groups(on, signs, groups, month) if groups else None,
        pace=pace(signs, kin) * change, times=found.times if found else None, like=found.like if found else (),
        cases=found.cases if found else 0,
    )  # fmt: skip


def answer(signs: Signs, lib: Library, change: float = 1.0, *, widen: bool = True) -> Answer:
    """Return the days left by the cases most like a curve."""
    cases, metric = lib.nearest(signs), METRICS[lib.family]
    half, low, high = middle(cases, (0.5, *RANGE))
    times = densest(cases) if metric.halves else half
    more = WIDENED[lib.family, signs.depth is not None][step(signs.share)] if widen else 0.0
    low, high = min(low - more, times), max(high + more, times)
    at_pace = signs.left / (pace(signs, lib.family) * change)
    names = tuple(dict.fromkeys(case.curve for _, case in cases))
    told = exp(times), exp(low), exp(high)
    return Answer(at_pace * told[0], at_pace * told[1], at_pace * told[2], told, names, len(cases))


def step(share: float) -> int:
    """Return in which step of the share done a forecast is asked."""
    return sum(share >= one for one in STEPS)


def _kin(signs: Signs, libraries: dict[Family, Library]) -> Family:
    return min(Family, key=lambda one: libraries[one].distance(signs))


def _with_known_depth(signs: Signs, family: Family, base: float | None, goal: float) -> Signs:
    """Forget a depth that says nothing: the goal is all there are, or lies outside what the references know."""
    least, most = DEPTHS[family]
    if base and goal != base and least <= goal / base <= most:
        return signs
    return replace(signs, depth=None)


def _at_rate(on: date, signs: Signs, month: float, lib: Library) -> Finish:
    if month <= 0:
        return Finish(Verdict.NOT_AT_THIS_RATE)
    days, errors = signs.left / month, lib.rates(signs.odds)
    if not errors:
        return _finish(on, days, days, inf)
    low, high = (exp(errors[min(int(part * len(errors)), len(errors) - 1)]) for part in RANGE)
    return _finish(on, days, days * low, days * high)


def _by_groups(on: date, signs: Signs, groups: Sequence[Group], pace: float) -> Finish:
    if pace <= 0 and all(group.a_day is None for group in groups):
        return Finish(Verdict.NOT_AT_THIS_RATE)
    days = days_by_groups(signs.left, groups, pace, HORIZON)
    return Finish(Verdict.BEYOND_HORIZON) if days is None else _finish(on, days, days, days)


def _finish(on: date, days: float, low: float, high: float) -> Finish:
    if days > HORIZON:
        return Finish(Verdict.BEYOND_HORIZON)
    on_day, first, last = (on + timedelta(days=ceil(x)) if x <= HORIZON else None for x in (days, low, high))
    return Finish(Verdict.DATE, on_day, first, last, days)
