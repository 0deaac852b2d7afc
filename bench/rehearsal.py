"""How long a whole campaign takes to play: the people of Hải Dương, their survey, every dossier and all its moves.

``--of 1`` plays the whole province: 1.89 million people, about a million dossiers, under 30 minutes on two cores. It is
played to the end of 14 May 2021, the day the report says it was done on (991,830); a recount follows, not timed.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from django.db import connection

from bench import frame
from muster.events import recounting
from muster.rehearsal import surveyed
from muster.rehearsal.campaign.rehearsing import Rehearsal, play, settle, surveyed_unit
from muster.units.operations import load_reference

WHOLE_SECONDS = 30 * 60
SCENARIO = "haiduong-2021"


def main(argv: Sequence[str]) -> int:
    """Make, survey and play at a scale, then recount; the limit is that share of thirty minutes."""
    asked = frame.arguments("rehearsal", argv, of=(50, "one in so many people"), workers=(4, "processes"))
    what = Rehearsal(scenario=SCENARIO, scale=Fraction(1, asked.of), workers=asked.workers)
    inputs = what.told.inputs
    until = inputs.moment(inputs.reported_on, inputs.shifts, inputs.overrun * 60)
    with frame.database(keep=asked.keep) as told:
        load_reference(by=what.by, at=until)
        took = [
            told_of(told, "people made", lambda: settle(what, _silent), "register_person"),
            told_of(
                told,
                "due found",
                lambda: surveyed.survey(what, unit=surveyed_unit(what), by=what.by, progress=_silent),
                "survey_case",
            ),
            told_of(told, "dossiers played", lambda: play(what, until=until, progress=_silent), "capture_dossier"),
        ]
        whole = sum(took)
        limit = WHOLE_SECONDS / asked.of
        told.fact("seconds in all", f"{whole:,.0f}", limit=f"<= {limit:,.0f}", held=whole <= limit)
        wrong = list(recounting.differences())
        told.fact("counters that differ from a recount", f"{len(wrong):,}", limit="none", held=not wrong)
    return len(told.missed)


def told_of(told: frame.Told, what: str, work: Callable[[], object], table: str) -> float:
    """Do a part, tell how many rows a second came of it, and return its seconds."""
    seconds = frame.timed(work)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        count = cursor.fetchone()[0]
    told.rate(f"{count:,} {what}", [seconds], count, beside=f"{seconds:,.0f} s")
    return seconds


def _silent(*_: object) -> None:
    """Tell nothing."""
