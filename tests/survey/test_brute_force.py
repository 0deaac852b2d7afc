"""Every row of a synthetic people against the law asked of each person alone, and the counts against plain SQL."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest

from muster.events.journal import age_band
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.law.due import who_is_due
from muster.register import queries as register
from muster.register.facts import facts_of
from muster.survey import queries
from muster.survey.judging import group_of
from muster.survey.operations import open_campaigns, survey_campaign, survey_units
from muster.survey.queries import Axis
from muster.survey.rows import CampaignRow
from muster.units import queries as unit_queries
from tests.rehearsal.people.conftest import BY, made, sql, tree, units

__all__ = ["tree", "units"]

TU_CUONG = "11269"
WINDOWS = [(date(2021, 5, 8), date(2021, 7, 1)), (date(2024, 7, 1), date(2024, 8, 17))]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("starts", "ends"), WINDOWS)
def test_a_synthetic_people_is_judged_as_the_law_judges_each_of_them(units, starts, ends):
    at = datetime.combine(starts, time(9), ZONE)
    made(unit=TU_CUONG, scale=0.05, on=starts, at=at)
    commune = unit_queries.by_code(TU_CUONG, starts)
    row = CampaignRow(id=new_id(), name="Tứ Cường", unit=commune.id, starts=starts, ends=ends)
    assert not open_campaigns(campaigns=[row], by=BY, at=at).refused
    found = survey_units(campaign=row.id, units=[commune.id], by=BY, at=at)
    expected, excluded = by_hand(ends - timedelta(days=1))
    stored = sql("SELECT person_id, unit_id, band, group_code, ground, obligation, certainty FROM survey_case")
    assert {one: tuple(rest) for one, *rest in stored} == expected
    assert queries.excluded(campaign=row.id, unit=commune.id) == excluded
    assert (found.cases, found.people) == (len(expected), len(expected) + excluded.total())
    assert sql("SELECT count(*) FROM register_person") == [(found.people,)]
    children = sum(band in {1, 2} for _, band, *_ in expected.values())
    assert (children == 0) is (starts.year == 2021)
    assert survey_campaign(campaign=row.id, by=BY, at=at + timedelta(days=1)).steps == {}
    counted(row.id, commune.id)


def by_hand(last):
    """Return who is due on a day, and why not: one person after the other, from the page the register shows."""
    expected, excluded = {}, Counter()
    for (one,) in sql("SELECT id FROM register_person"):
        page = register.person_page(one, allowed=frozenset())
        due, band = who_is_due(facts_of(page), last), age_band(page.line.birth, last)
        if due.in_scope:
            group = group_of(band, page.occupation, page.organisation)
            expected[one] = (page.line.unit, int(band), group, due.ground, due.obligation, due.certainty)
        else:
            excluded[int(band), due.reason.value] += 1
    return expected, excluded


def counted(campaign, commune):
    """Hold every count against SQL of its own."""
    columns = {Axis.BAND: "band", Axis.GROUP: "group_code", Axis.GROUND: "ground", Axis.OBLIGATION: "obligation",
               Axis.CONTACT: "contact", Axis.HARD: "hard", Axis.STATE: "state", Axis.UNIT: "unit_id",
               Axis.CHILD: "unit_id"}  # fmt: skip
    for axis, column in columns.items():
        told = sql(f"SELECT {column}, count(*) FROM survey_case GROUP BY 1")
        assert queries.count(campaign=campaign, unit=commune, by=[axis]) == {(code,): n for code, n in told}
    both = sql("SELECT unit_id, group_code, band, count(*) FROM survey_case GROUP BY 1, 2, 3")
    by = [Axis.CHILD, Axis.GROUP, Axis.BAND]
    assert queries.count(campaign=campaign, unit=commune, by=by) == {row[:3]: row[3] for row in both}
    root = queries.count(campaign=campaign, unit=unit_queries.ROOT)
    assert root == {(): sql("SELECT count(*) FROM survey_case")[0][0]}
    organisations = sql(
        "SELECT group_code, organisation, count(*) FROM survey_case JOIN register_person AS p ON p.id = person_id"
        " WHERE organisation <> '' GROUP BY 1, 2"
    )
    found = queries.organisations(campaign=campaign, unit=commune, limit=1000)
    assert {(one.group, one.organisation, one.n) for one in found} == set(organisations)
