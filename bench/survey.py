"""How fast a province is surveyed: everybody judged by the law, cases, counts, events and audit written.

A second run over the same people writes nothing and shows what judging alone costs; then counts of the province, of a
commune, and the list of a hamlet are asked.
"""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from functools import partial

from django.db import connection

from bench import frame
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.rehearsal.people.making import make
from muster.survey import queries
from muster.survey.operations import open_campaigns, survey_campaign
from muster.survey.queries import Axis, Filter
from muster.survey.rows import CampaignRow
from muster.units import queries as units
from muster.units.operations import load_reference
from muster.units.queries import ROOT

UNIT, CENSUS = "30", 1_892_254  # Hải Dương
ON, AT = date(2021, 5, 8), datetime(2021, 5, 8, 9, tzinfo=ZONE)
BY = Actor(officer=None, unit=ROOT, purpose=Purpose.SURVEY, device="bench")
LEAST = 10_000  # people a second
PAGE = [Axis.CHILD, Axis.GROUP, Axis.OBLIGATION, Axis.CONTACT, Axis.HARD, Axis.STATE, Axis.BAND]


def main(argv: Sequence[str]) -> int:
    """Make people, survey them twice, ask."""
    asked = frame.arguments("survey", argv, people=(200_000, f"people to make, {CENSUS:,} at most"))
    with frame.database(keep=asked.keep) as told:
        load_reference(by=BY, at=AT)
        make(unit=UNIT, scale=Fraction(asked.people, CENSUS), on=ON, by=BY, at=AT, workers=2)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        province = units.by_code(UNIT, ON).id
        row = CampaignRow(id=new_id(), name="bench", unit=province, starts=ON, ends=date(2021, 7, 1))
        assert not open_campaigns(campaigns=[row], by=BY, at=AT).refused
        for what in ("surveyed for the first time", "surveyed again, nothing changed"):
            since = frame.spent()
            seconds = frame.timed(lambda: survey_campaign(campaign=row.id, by=BY, at=AT))
            told.rate(
                f"{asked.people:,} people {what}",
                [seconds],
                asked.people,
                least=LEAST,
                beside=frame.each(since, asked.people),
            )
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE survey_case")
        _ask(told, row)
    return len(told.missed)


def _ask(told: frame.Told, row: CampaignRow) -> None:
    by_unit = queries.count(campaign=row.id, unit=row.unit, by=[Axis.UNIT])
    (hamlet,), most = max(by_unit.items(), key=lambda one: one[1])
    commune = units.Unit.objects.get(id=hamlet).ancestors[-2]
    found = Filter()
    works = {
        f"counts of the province, {sum(by_unit.values()):,} cases": partial(_count, row, row.unit),
        "counts of a commune": partial(_count, row, commune),
        f"list of a hamlet, {most:,} lines": lambda: queries.list_lines(campaign=row.id, unit=hamlet, asked=found),
        "its first 50 lines": lambda: queries.list_lines(campaign=row.id, unit=hamlet, asked=found, limit=50),
    }
    for what, seconds in frame.in_turns(works, rounds=20, within=60).items():
        told.time(what, seconds)


def _count(row: CampaignRow, unit: int) -> object:
    return queries.count(campaign=row.id, unit=unit, by=PAGE)
