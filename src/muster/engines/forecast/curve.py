"""A curve of what is done so far, as a forecast needs it: corrections taken back, one value a day, signs of pace."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil, log

WEEK = 7
LATEST = (0.7, 0.5, 0.3, 0.2, 0.1, 0.05)  # the pace over the latest such part of all that is done
LEAST = 1e-9
DEEPEST = 1.02  # of a goal that all who ever come are needed for, the depth is still a number


class NoCurve(ValueError):
    """There is nothing to forecast from: the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a curve shows on the day it is asked, free of its size: logarithms, and the rates in units a day.

    ``odds`` of what is left to what is done; ``turns`` how the pace changed between the latest 5, 10, 20, 50 and 70 %
    of the work; ``days`` the latest half took; ``depth`` how deep in the tail the goal lies, none when nobody knows;
    ``week`` the pace of the last seven days against that of the latest tenth.
    """

    odds: float
    turns: tuple[float, float, float, float]
    depth: float | None
    days: float
    week: float
    left: float
    tenth: float  # log of units a day, over the latest tenth of the work
    month: float  # units a day, last 28 days
    seven: float  # units a day, last 7 days
    share: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A cumulative count day by day, from the day of its first report to that of its last.

    Between two reports the work is spread evenly. A report below an earlier one corrects it, unless the next report is
    back at or above that earlier one: then the low one was the slip.
    """

    first: date
    daily: tuple[float, ...]

    @classmethod
    def of(cls, reports: Iterable[tuple[date, float]]) -> "Curve":
        """Read reports in any order, at any distance; of several on one day the last holds.

        :raises NoCurve: no report, or one below nothing
        """
        rows = sorted(dict(reports).items())
        if not rows:
            raise NoCurve("There is no report")
        if min(done for _, done in rows) < 0:
            raise NoCurve("A count is below nothing")
        values = _corrected([float(done) for _, done in rows])
        daily = [values[0]]
        for (before, _), (day, _), was, now in zip(rows, rows[1:], values, values[1:], strict=False):
            gap = (day - before).days
            daily += [was + (now - was) * part / gap for part in range(1, gap + 1)]
        return cls(rows[0][0], tuple(daily))

    @property
    def done(self) -> float:
        """How much is done on the last day."""
        return self.daily[-1]

    def upto(self, last: int) -> "Curve":
        """Return the curve as it was on a day, counted from the first."""
        return Curve(self.first, self.daily[: last + 1])

    def reached(self, goal: float) -> int | None:
        """Return on which day, counted from the first, the goal was reached; none when it was not."""
        place = bisect_left(self.daily, goal)
        return place if place < len(self.daily) else None

    def rate(self, days: int) -> float:
        """Return the units a day over the last so many days, or over all there are."""
        span = min(days, len(self.daily) - 1)
        return (self.daily[-1] - self.daily[-1 - span]) / span if span else 0.0

    def signs(self, goal: float, depth: float | None = None) -> Signs:
        """Return what the curve shows of its way to a goal above what is done; ``depth`` is the goal's share of all.

        :raises NoCurve: nothing is done yet, or there is only one day
        """
        if self.done <= 0 or len(self.daily) == 1:
            raise NoCurve("Nothing is done yet")
        spans = [self._span(part) for part in LATEST]
        logs = [log(max(self.done - self._at(span), LEAST) / span) for span in spans]
        seventy, fifty, _, twenty, ten, five = logs
        seven = self.rate(WEEK)
        return Signs(
            odds=log((goal - self.done) / self.done), left=goal - self.done, share=self.done / goal,
            turns=(five - ten, ten - twenty, twenty - fifty, fifty - seventy),
            depth=None if depth is None else -log(DEEPEST - min(depth, 1.0)), days=log(spans[1]),
            week=min(max(log(max(seven, LEAST)) - ten, -log(10)), log(10)),
            tenth=ten, month=self.rate(4 * WEEK), seven=seven,
        )  # fmt: skip

    def _span(self, part: float) -> float:
        """Return how many days ago the latest part of all that is done began, in whole weeks where there are any."""
        before = (1 - part) * self.done
        place = bisect_left(self.daily, before)
        began = float(place)
        if place:
            was, now = self.daily[place - 1], self.daily[place]
            began = place - 1 + (before - was) / (now - was)
        last = len(self.daily) - 1
        days = max(last - began, 0.5)
        return min(max(WEEK * ceil(days / WEEK - LEAST), days), float(last))

    def _at(self, ago: float) -> float:
        """Return what was done so many days ago."""
        place = len(self.daily) - 1 - ago
        whole = int(place)
        after = self.daily[min(whole + 1, len(self.daily) - 1)]
        return self.daily[whole] + (after - self.daily[whole]) * (place - whole)


def _corrected(values: list[float]) -> list[float]:
    kept = list(values)
    for place in range(1, len(kept) - 1):
        if kept[place] < kept[place - 1] <= kept[place + 1]:
            kept[place] = kept[place - 1]
    for place in range(len(kept) - 2, -1, -1):
        kept[place] = min(kept[place], kept[place + 1])
    return kept
