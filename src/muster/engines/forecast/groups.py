"""When a goal is reached if it is known who is left: the easy at the machines' pace, the hard by their own rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log1p

EXACT = 0.01  # days


@dataclass(frozen=True, slots=True)
class Group:
    """People left who are alike. ``a_day``: of those left, the share that comes on a day; none: the machines set it.

    A share a day is a hazard: of 100 who live elsewhere, at 0.01 a day, one comes today, then 0.99.
    """

    name: str
    left: float
    a_day: float | None = None


def days_by_groups(left: float, groups: Sequence[Group], pace: float, horizon: int) -> float | None:
    """Return in how many days so many of the groups are done; none: not within the horizon.

    Work and hazards run side by side: the machines' pace is spent on the easy ones only, the hard ones come besides.
    Solved by halving the time, as what is done only grows with it.
    """
    if _done(groups, pace, float(horizon)) < left:
        return None
    low, high = 0.0, float(horizon)
    while high - low > EXACT:
        half = (low + high) / 2
        low, high = (low, half) if _done(groups, pace, half) >= left else (half, high)
    return high


def _done(groups: Sequence[Group], pace: float, days: float) -> float:
    easy = sum(group.left for group in groups if group.a_day is None)
    hard = sum(group.left * _come(group.a_day, days) for group in groups if group.a_day is not None)
    return min(easy, pace * days) + hard


def _come(a_day: float, days: float) -> float:
    """Return the share of a group that has come after so many days: 1 - (1 - a day) ^ days."""
    if a_day >= 1:
        return 1.0
    return 1 - exp(days * log1p(-a_day))
