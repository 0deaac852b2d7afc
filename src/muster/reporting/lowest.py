"""Who is low in a ranking and must explain: the rule of a campaign, and the list it gives; pure, O(n log n).

Units are compared with those right under the same unit, for that is whose commander asks. Nobody who has reached the
target is low, and nobody for a place alone: the last of a good field is still on plan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from muster.reporting.explaining import Reason


@dataclass(frozen=True, slots=True)
class LowRule:
    """Who of a campaign explains, after which work day of the week, and within which terms.

    Of the units under one unit the last ``lowest`` are asked, half of them at the most, if they have less than
    ``below`` per cent of the even plan; and everyone with less than ``slow`` per cent of it.
    """

    weekday: int  # ISO, 1 is Monday: the ranking at the end of that work day asks
    levels: frozenset[str]
    lowest: int
    below: int
    slow: int
    answer_within: timedelta
    decide_within: timedelta
    chase_every: timedelta


# The lowest units explain at the weekly briefing (field notes 7, R3), which Order 01 held on Saturdays (3 June 2023 was
# one): the ranking of Friday asks, so that the answer is there that evening. Numbers and terms are assumed.
ASSUMED = LowRule(
    weekday=5,
    levels=frozenset({"district", "commune"}),
    lowest=3,
    below=100,
    slow=60,
    answer_within=timedelta(hours=12),
    decide_within=timedelta(hours=24),
    chase_every=timedelta(hours=6),
)


class Placed(NamedTuple):
    """A unit of a ranking: the one above it, its place among all that are ranked, and how far it is."""

    unit: int
    above: int
    place: int
    captured: int
    target: int
    planned: int  # what an even plan asks for by that day


class Low(NamedTuple):
    """A unit that must explain: why, its place among those under the same unit, and the figures it is judged by."""

    unit: int
    reason: Reason
    place: int
    among: int
    captured: int
    target: int
    planned: int


def even_part(starts: date, deadline: date, day: date) -> tuple[int, int]:
    """Return how many days of a campaign are gone, and how many an even plan has: both at least one."""
    whole = max((deadline - starts).days + 1, 1)
    return min(max((day - starts).days + 1, 1), whole), whole


def planned(target: int, starts: date, deadline: date, day: date) -> int:
    """Return what an even plan asks for by the end of a day, rounded up."""
    gone, whole = even_part(starts, deadline, day)
    return -(-target * gone // whole)


def low(placed: Iterable[Placed], rule: LowRule) -> list[Low]:
    """Return the units that must explain, by the unit above and then from the last place up."""
    found: list[Low] = []
    for _, group in groupby(sorted(placed, key=lambda one: (one.above, one.place)), key=lambda one: one.above):
        found += _of_group(list(group), rule)
    return found


def _of_group(group: Sequence[Placed], rule: LowRule) -> list[Low]:
    last = min(rule.lowest, len(group) // 2)
    places = [one.place for one in group]
    found = []
    for one in reversed(group):
        worse = sum(place > one.place for place in places)
        reason = _reason(one, rule, is_last=worse < last)
        if reason is not None:
            place = 1 + sum(other < one.place for other in places)
            found.append(Low(one.unit, reason, place, len(group), one.captured, one.target, one.planned))
    return found


def _reason(one: Placed, rule: LowRule, *, is_last: bool) -> Reason | None:
    if one.captured >= one.target:
        return None
    if is_last and 100 * one.captured < rule.below * one.planned:
        return Reason.LOWEST
    return Reason.SLOW if 100 * one.captured < rule.slow * one.planned else None
