"""Figures that cannot be true: pure rules over the figures of one unit, each with the sum that shows it.

A rule names what does not fit; it never says what is right. Sources are the field reports, which hold such figures
themselves: "700 a day" beside 5,000 in 47 days, and "3 %" over the target that is 0.37 % (R1). O(days) a unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import floor

# 1,300 in a day of 06:30 to 23:00 is one person every 45.7 s: the fastest line that was ever reported (R2). A line that
# is balanced perfectly over three posts takes 1,485; nobody has come past seven eighths of that.
TAKT = 16.5 * 3600 / 1_300  # seconds, 45.7
HOURS = 18  # a day of three shifts of six hours (R1)
REPEATS = 3


class Oddity(Enum):
    """What does not fit."""

    PACE = "pace"  # told: so many a day; counted: fewer in so many days
    RATE = "rate"  # told: such a share; the two counts give another
    TAKT = "takt"  # more than the lines can take in the hours worked
    FALLING = "falling"  # a count since the beginning that becomes smaller
    REPEATED = "repeated"  # the same figure of a day, sent again and again
    ORDER = "order"  # more of a later step than of the one before it


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit: the figure that was told, and the most (or the very figure) that it can be."""

    oddity: Oddity
    told: float
    can_be: float
    place: int = 0  # in the row of figures, where it is one


def pace(a_day: float, total: int, days: int, slack: float = 0.25) -> Finding | None:
    """Say whether a pace fits what was done in so many days: it may differ by a quarter, as a good day does.

    ``pace(700, 5000, 47)`` does not: 5,000 in 47 days are 106 a day.
    """
    meant = total / days if days else 0.0
    return None if abs(a_day - meant) <= slack * max(meant, 1) else Finding(Oddity.PACE, a_day, meant)


def rate(per_cent: float, part: int, base: int, places: int = 1) -> Finding | None:
    """Say whether a rate that was told is that of its two counts, rounded to as many decimals as were told.

    ``rate(3, 3630, 988_200)`` is not: it is 0.37 %.
    """
    meant = 100 * part / base if base else 0.0
    return None if abs(per_cent - meant) <= 0.5 * 10**-places + 1e-9 else Finding(Oddity.RATE, per_cent, meant)


def ceiling(lines: int, hours: float = HOURS, takt: float = TAKT) -> int:
    """Return the most that so many lines take in so many hours."""
    return floor(lines * hours * 3600 / takt + 1e-6)  # 1,300 is meant whole, whatever the last bit of the takt says


def beyond_takt(done: int, lines: int, hours: float = HOURS) -> Finding | None:
    """Say whether a day's captures are more than the lines can have taken; without a line known nothing is said."""
    most = ceiling(lines, hours)
    return Finding(Oddity.TAKT, done, most) if lines and done > most else None


def falling(totals: Sequence[int]) -> Finding | None:
    """Say whether a count since the beginning became smaller, the oldest figure first; the last fall is named."""
    falls = [place for place in range(1, len(totals)) if totals[place] < totals[place - 1]]
    return Finding(Oddity.FALLING, totals[falls[-1]], totals[falls[-1] - 1], falls[-1]) if falls else None


def repeated(figures: Sequence[int], times: int = REPEATS) -> Finding | None:
    """Say whether the last figures of days, the oldest first, are all the same and not 0.

    Of 0 nothing is said: a closed desk takes nobody, day after day.
    """
    last = figures[-times:]
    same = len(last) == times and len(set(last)) == 1 and last[0] != 0
    return Finding(Oddity.REPEATED, last[0], times, len(figures) - 1) if same else None


def out_of_order(steps: Sequence[int]) -> Finding | None:
    """Say whether more was done of a later step than of the one before it: accepted after captured, and so on."""
    for place in range(1, len(steps)):
        if steps[place] > steps[place - 1]:
            return Finding(Oddity.ORDER, steps[place], steps[place - 1], place)
    return None
