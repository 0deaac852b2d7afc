"""The ranking's page: its figures are those of its files, its order that of the query, its export in the audit."""

import csv
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
from muster.reporting.rows import RankingRow
from muster.survey import queries as survey
from muster.web.frame import real_now
from tests.reporting.conftest import AN_LAM, DISTRICT, MACHINE, PROVINCE, campaign, played, sql, units
from tests.web.accounts.conftest import come_in

__all__ = ["campaign", "units"]

DAY, MORNING = date(2021, 5, 8), datetime(2021, 5, 9, 7, tzinfo=ZONE)


@pytest.fixture
def ranked(campaign):
    played(seed=5, moves=500, days=7)
    done = operations.rank_units(rankings=[RankingRow(campaign=campaign, day=DAY)], by=MACHINE, at=MORNING)
    assert not done.refused
    return survey.campaign(campaign)


@pytest.fixture
def browser(ranked):
    journal.set_clock(clock=PlayedClock(real_now(), MORNING, paused=True), by=MACHINE, at=real_now())

    return come_in


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace("\u00a0", " ")


def lines(page):
    return list(csv.DictReader(io.StringIO(page.content.decode().lstrip("\ufeff"))))


def test_page_file_and_query_say_the_same(ranked, browser):
    reader = browser(Role.COMMANDER, PROVINCE)
    where = f"unit={PROVINCE}&level=commune"
    page, taken = reader.get(f"/board/ranking/?{where}"), reader.get(f"/board/ranking/table.csv?{where}")
    found = queries.ranking(campaign=ranked, unit=PROVINCE, level="commune", day=DAY)
    rows = lines(taken)
    assert len(rows) == len(found) == 2
    for one, row in zip(found, rows, strict=True):
        assert (int(row["place"]), int(row["captured"]), int(row["target"])) == (
            one.place, one.it.captured, one.it.target,
        )  # fmt: skip
        assert formats.share(one.it.captured, one.it.target, 1).replace("\u00a0", " ") in text(page)
        assert f"{one.place}. {row['unit']}" in text(page)


def test_the_workbook_is_the_csv(browser):
    reader = browser(Role.COMMANDER, PROVINCE)
    rows = lines(reader.get(f"/board/ranking/table.csv?unit={PROVINCE}&level=commune"))
    book = reader.get(f"/board/ranking/table.xlsx?unit={PROVINCE}&level=commune").content
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet, words = (parts.read(f"xl/{name}").decode() for name in ("worksheets/sheet1.xml", "sharedStrings.xml"))
    shared = re.findall(r"<t[^>]*>([^<]*)</t>", words)
    cells = [
        shared[int(value)] if kind else value
        for kind, value in re.findall(r'<c r="[A-Z]+[2-9]\d*"(?: s="\d+")?( t="s")?><v>([^<]*)</v>', sheet)
    ]
    assert [cell for cell in cells if cell] == [value for row in rows for value in row.values() if value != ""]


def test_who_takes_a_file_stands_in_the_audit(browser):
    reader = browser(Role.COMMANDER, PROVINCE)
    reader.get(f"/board/ranking/?unit={PROVINCE}")
    told = "SELECT detail FROM audit_batch WHERE action = 'reporting.export_ranking'"
    assert sql(told) == []
    reader.get(f"/board/ranking/table.csv?unit={PROVINCE}&level=commune")
    assert sql(told) == [(f"{PROVINCE} commune {DAY} 2 csv",)]


def test_nobody_ranks_what_is_not_in_their_area(browser):
    reader = browser(Role.COMMANDER, DISTRICT)
    assert reader.get(f"/board/ranking/?unit={PROVINCE}").status_code == 403
    assert reader.get(f"/board/ranking/table.csv?unit={PROVINCE}").status_code == 403
    assert reader.get(f"/board/ranking/?unit={DISTRICT}").status_code == 200


def test_a_day_that_was_not_ranked_and_a_level_that_is_not_below_fall_back(browser):
    reader = browser(Role.COMMANDER, PROVINCE)
    page = reader.get(f"/board/ranking/?unit={PROVINCE}&day=2021-05-01&level=hamlet")
    assert formats.day(DAY) in text(page)
    assert "1. " in text(page)


def test_before_the_first_ranking_the_page_says_when_there_will_be_one(campaign, units):
    page = come_in(Role.COMMANDER, PROVINCE).get(f"/board/ranking/?unit={PROVINCE}")
    assert "04:30" in text(page)


def test_a_page_of_many_asks_as_often_as_one_of_few(browser, django_assert_max_num_queries):
    reader = browser(Role.COMMANDER, PROVINCE)
    reader.get(f"/board/ranking/?unit={PROVINCE}&level=commune")
    with django_assert_max_num_queries(20):
        reader.get(f"/board/ranking/?unit={PROVINCE}&level=commune")


def test_who_is_done_shows_the_day_and_the_hour(campaign):
    start = datetime(2021, 5, 8, 8, 40, tzinfo=ZONE)
    for kind, move in (("case", "found"), ("dossier", "received")):
        one = Move(thing=new_id(), kind=kind, move=move, unit_done=AN_LAM, unit_residence=AN_LAM, occurred_at=start)
        journal.record(moves=[one], by=MACHINE, at=start)
    done = operations.rank_units(rankings=[RankingRow(campaign=campaign, day=DAY)], by=MACHINE, at=MORNING)
    assert not done.refused
    journal.set_clock(clock=PlayedClock(real_now(), MORNING, paused=True), by=MACHINE, at=real_now())
    reader = come_in(Role.COMMANDER, PROVINCE)
    where = f"unit={PROVINCE}&level=commune"
    assert "8 giờ 08/05/2021" in text(reader.get(f"/board/ranking/?{where}"))
    [first, second] = lines(reader.get(f"/board/ranking/table.csv?{where}"))
    assert [first["finished_at"], second["finished_at"]] == ["08:40 08/05/2021", ""]
