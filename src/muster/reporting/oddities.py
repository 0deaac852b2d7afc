"""What cannot be true in the reports of a unit: the rules of `engines.plausibility` over its last reports. Pure.

How much a unit can have taken follows from the kits that stood at its sessions of the day, seven hours each: a shift of
six, and the one until the people end (field notes 3). Where no session was planned, from the kits it holds.
"""

from collections.abc import Sequence
from datetime import datetime

from muster.engines import plausibility
from muster.engines.plausibility import Finding
from muster.events.queries import Side
from muster.kernel.clock import work_day, work_day_bounds
from muster.reporting.queries.slots import ReportLine
from muster.reporting.words import Figure

STEPS = (Figure.CAPTURED, Figure.ACCEPTED, Figure.PRINTED, Figure.HANDED_OVER)
SHIFT = 7  # hours
OPENS = 2  # hours after the work day begins: doors open at six (field notes 3)


def of_reports(last: Sequence[ReportLine], kits: int, stands: int) -> list[Finding]:
    """Return what does not fit in the last reports of a unit, the newest first.

    :param kits: how many it holds
    :param stands: how many kits stood at its sessions of the newest report's work day
    """
    if not last:
        return []
    newest, oldest_first = last[0], last[::-1]
    captured = [line.reported(Figure.CAPTURED, Side.RESIDENCE) for line in oldest_first]
    today = [line.today(Figure.CAPTURED, Side.RESIDENCE) for line in oldest_first]
    today_done = newest.today(Figure.CAPTURED, Side.DONE)
    steps = [newest.reported(step, Side.RESIDENCE) for step in STEPS]
    found = (
        plausibility.beyond_takt(today_done, stands or kits, SHIFT if stands else hours_open(newest.snapshot.at)),
        plausibility.falling(captured),
        plausibility.repeated(today),
        plausibility.out_of_order(steps),
    )
    return [one for one in found if one is not None]


def hours_open(at: datetime) -> float:
    """Return for how long desks have been open on the work day of a moment: from six in the morning on."""
    begun = work_day_bounds(work_day(at))[0]
    return max((at - begun).total_seconds() / 3600 - OPENS, 0.0)
