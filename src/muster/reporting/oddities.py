"""What cannot be true in the reports of a unit: the rules of `engines.plausibility` over its last reports. Pure."""

from collections.abc import Sequence
from datetime import datetime

from muster.engines import plausibility
from muster.engines.plausibility import Finding
from muster.events.queries import Side
from muster.kernel.clock import work_day, work_day_bounds
from muster.reporting.queries.slots import ReportLine
from muster.reporting.words import Figure

STEPS = (Figure.CAPTURED, Figure.ACCEPTED, Figure.PRINTED, Figure.HANDED_OVER)
OPENS = 2  # hours after the work day begins: doors open at six (field notes 3)


def of_reports(last: Sequence[ReportLine], kits: int) -> list[Finding]:
    """Return what does not fit in the last reports of a unit, the newest first; ``kits`` is how many work there."""
    if not last:
        return []
    newest, oldest_first = last[0], last[::-1]
    captured = [line.reported(Figure.CAPTURED, Side.RESIDENCE) for line in oldest_first]
    today = [line.today(Figure.CAPTURED, Side.DONE) for line in oldest_first]
    steps = [newest.reported(step, Side.RESIDENCE) for step in STEPS]
    found = (
        plausibility.beyond_takt(today[-1], kits, hours_open(newest.snapshot.at)),
        plausibility.falling(captured),
        plausibility.repeated(today),
        plausibility.out_of_order(steps),
    )
    return [one for one in found if one is not None]


def hours_open(at: datetime) -> float:
    """Return for how long desks have been open on the work day of a moment: from six in the morning on."""
    begun = work_day_bounds(work_day(at))[0]
    return max((at - begun).total_seconds() / 3600 - OPENS, 0.0)
