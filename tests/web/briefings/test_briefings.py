"""Briefings: page, slides, PDF and workbook say what board and ranking say, to the digit; takings are in the audit."""

import io
import re
import zipfile
from datetime import date, datetime

import pytest

from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel import formats
from muster.kernel.clock import ZONE, PlayedClock
from muster.kernel.ids import new_id
from muster.people.words import Role
from muster.reporting import operations, queries
from muster.reporting.rows import ForecastRow, RankingRow
from muster.reporting.words import Figure
from muster.survey import queries as survey
from muster.web.frame import real_now
from tests.reporting.conftest import AN_LAM, DISTRICT, FIVE, MACHINE, PROVINCE, campaign, played, sql, units
from tests.web.accounts.conftest import come_in

__all__ = ["campaign", "units"]

DAY, MORNING = date(2021, 5, 8), datetime(2021, 5, 9, 7, tzinfo=ZONE)


@pytest.fixture
def briefed(campaign):
    """A campaign that was played for a week, ranked and forecast at its end."""
    played(seed=5, moves=500, days=7)
    due = [
        Move(thing=new_id(), kind="case", move="found", unit_done=AN_LAM, unit_residence=AN_LAM, occurred_at=FIVE)
        for _ in range(300)
    ]
    journal.record(moves=due, by=MACHINE, at=FIVE)
    told = [ForecastRow(campaign=campaign, unit=unit, day=DAY) for unit in (PROVINCE, DISTRICT)]
    operations.rank_units(rankings=[RankingRow(campaign=campaign, day=DAY)], by=MACHINE, at=MORNING).whole()
    operations.forecast_units(forecasts=told, by=MACHINE, at=MORNING).whole()
    return survey.campaign(campaign)


@pytest.fixture
def browser(briefed):
    journal.set_clock(clock=PlayedClock(real_now(), MORNING, paused=True), by=MACHINE, at=real_now())

    return come_in


def part(page, name):
    return re.findall(rf'data-part="{name}".*?(?=data-part=|</form>)', page.content.decode(), re.DOTALL)


def sheet(written, number):
    with zipfile.ZipFile(io.BytesIO(written)) as book:
        words = re.findall(r"<si><t[^>]*>(.*?)</t></si>", book.read("xl/sharedStrings.xml").decode())
        rows = re.findall(r"<row.*?</row>", book.read(f"xl/worksheets/sheet{number}.xml").decode(), re.DOTALL)
    cells = [re.findall(r'<c r="[A-Z]+\d+"(?: s="\d+")?( t="s")?><v>(.*?)</v>', row) for row in rows]
    return [[words[int(value)] if is_text else int(float(value)) for is_text, value in row] for row in cells]


def test_the_tiles_and_tables_are_those_of_the_board(browser):
    reader = browser(Role.COMMANDER, PROVINCE)
    board, told = reader.get(f"/board/?unit={PROVINCE}"), reader.get(f"/briefings/?unit={PROVINCE}")
    figures = re.findall(r'class="tile-figure"[^>]*>([^<]*)<', board.content.decode())
    assert figures
    assert re.findall(r'class="tile-figure"[^>]*>([^<]*)<', told.content.decode()) == figures
    table = re.search(r"<table.*?</table>", board.content.decode(), re.DOTALL)
    assert table
    assert table[0] in told.content.decode()


def test_a_week_tells_the_ranking_and_the_forecast_too(browser, briefed):
    reader = browser(Role.COMMANDER, PROVINCE)
    day, week = (reader.get(f"/briefings/?unit={PROVINCE}&kind={kind}") for kind in ("daily", "weekly"))
    assert "Xếp hạng" not in " ".join(part(day, "table"))
    ranked = reader.get(f"/board/ranking/?unit={PROVINCE}&level=district")
    table = re.search(r"<tbody.*?</tbody>", ranked.content.decode(), re.DOTALL)
    assert table
    assert table[0] in week.content.decode()
    [told] = queries.told(briefed.id, [DISTRICT], Figure.CAPTURED, DAY)
    assert formats.share(told.done, told.goal) in week.content.decode()


def test_a_week_long_ago_tells_the_ranking_of_its_time(browser, briefed):
    sql(
        "INSERT INTO reporting_standing (id, campaign_id, unit_id, day, level, target, deadline, due, hard, evening,"
        " captured, week, taken, returned, forced, missing, night, impossible)"
        " SELECT gen_random_uuid(), campaign_id, unit_id, day + later, level, target, deadline, due, hard, evening,"
        " captured, week, taken, returned, forced, missing, night, impossible"
        " FROM reporting_standing, generate_series(2, 70) AS later"
    )
    late = datetime(2021, 7, 18, 7, tzinfo=ZONE)
    journal.set_clock(clock=PlayedClock(real_now(), late, paused=True), by=MACHINE, at=real_now())
    reader = browser(Role.COMMANDER, PROVINCE)
    page = reader.get(f"/briefings/?unit={PROVINCE}&kind=weekly&known=09/05/2021 07:00").content.decode()
    assert f"xếp hạng đến hết ngày {formats.day(DAY)}" in page
    assert formats.day(date(2021, 7, 17)) in reader.get(f"/briefings/?unit={PROVINCE}&kind=weekly").content.decode()


def test_the_workbook_holds_the_figures_of_an_independent_count(browser):
    reader = browser(Role.COMMANDER, PROVINCE)
    head, own, *below = sheet(reader.get(f"/briefings/briefing.xlsx?unit={PROVINCE}").content, 1)
    captured = head.index("captured")
    [[counted]] = sql(
        "SELECT count(*) FROM events_event JOIN events_metric AS metric ON metric.id = metric_id"
        " JOIN events_unit AS place ON place.id = unit_residence"
        " WHERE kind = 'dossier' AND move = 'received' AND place.ancestors @> ARRAY[%s]::int[]", [PROVINCE]
    )  # fmt: skip
    assert own[captured] == counted
    assert sum(row[captured] for row in below) == counted


def test_the_workbook_of_a_week_has_a_sheet_for_ranking_and_forecast(browser, briefed):
    reader = browser(Role.COMMANDER, PROVINCE)
    written = reader.get(f"/briefings/briefing.xlsx?unit={PROVINCE}&kind=weekly").content
    ranked = queries.ranking(campaign=briefed, unit=PROVINCE, level="district", day=DAY)
    assert [row[2] for row in sheet(written, 2)[1:]] == [one.place for one in ranked]
    [told] = queries.told(briefed.id, [DISTRICT], Figure.CAPTURED, DAY)
    assert [told.done, told.goal] in [row[3:5] for row in sheet(written, 3)[1:]]


def test_the_pdf_is_a_pdf_and_its_taking_is_in_the_audit(browser):
    answer = browser(Role.COMMANDER, PROVINCE).get(f"/briefings/briefing.pdf?unit={PROVINCE}&kind=weekly")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer.content.rstrip().endswith(b"%%EOF")
    [[detail]] = sql("SELECT detail FROM audit_batch WHERE action = 'reporting.export_briefing'")
    assert detail.startswith(f"{PROVINCE} weekly ")
    assert detail.endswith(" pdf")


def test_slides_cut_a_long_table_into_screens(browser):
    reader = browser(Role.COMMANDER, PROVINCE)
    page = reader.get(f"/briefings/slides/?unit={PROVINCE}&kind=weekly").content.decode()
    slides = page.split('data-part="slide"')[1:]
    assert f"1/{len(slides)}" in slides[0]
    assert max(one.count("<tr") for one in slides) <= 9


def test_a_briefing_of_another_area_is_refused(browser):
    reader = browser(Role.COMMANDER, DISTRICT)
    for name in ("", "slides/", "briefing.pdf", "briefing.xlsx"):
        assert reader.get(f"/briefings/{name}?unit={PROVINCE}").status_code == 403


def test_a_moment_that_is_none_is_refused_and_nothing_is_exported(browser):
    reader = browser(Role.COMMANDER, PROVINCE)
    assert reader.get(f"/briefings/briefing.pdf?unit={PROVINCE}&known=mai").status_code == 422
    assert sql("SELECT count(*) FROM audit_batch WHERE action = 'reporting.export_briefing'") == [(0,)]
