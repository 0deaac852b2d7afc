import csv
import re
from datetime import datetime

import pytest
from django.db import connection

from muster.events import operations as events
from muster.events.journal import AgeBand, Move
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.people.words import Role
from tests.people.factories import SYSTEM


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def journal(country):
    """Record 12 people of two communes, on two days, the last two of them told a day late."""
    _, one, other = country
    told = [
        (one, "2021-04-12T10:00", "2021-04-12T10:00", AgeBand.FROM_14, 5),
        (one, "2021-04-13T10:00", "2021-04-13T10:00", AgeBand.UNDER_6, 2),
        (other, "2021-04-13T11:00", "2021-04-13T11:00", AgeBand.FROM_14, 3),
        (other, "2021-04-13T12:00", "2021-04-14T09:00", AgeBand.FROM_14, 2),
    ]
    for unit, happened, known, band, count in told:
        moves = [
            Move(
                thing=new_id(), kind="person", move="take_in", unit_done=1, unit_residence=unit.id,
                occurred_at=at(happened), age_band=band,
            )
            for _ in range(count)
        ]  # fmt: skip
        events.record(moves=moves, by=SYSTEM, at=at(known))


def figure(page):
    return re.search(r'class="tile-figure">([^<]*)<', page.content.decode())[1]


def by_sql(where, *values):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM events_event JOIN events_unit ON events_unit.id = unit_residence WHERE " + where,
            values,
        )
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("", "true"),
        ("&first=13/04/2021", "work_day >= '2021-04-13'"),
        ("&last=12/04/2021", "work_day <= '2021-04-12'"),
        ("&band=1", "age_band = 1"),
        ("&known=13/04/2021 17:00", "recorded_at <= '2021-04-13 17:00+07'"),
        (
            "&known=13/04/2021 10:30&first=13/04/2021",
            "recorded_at <= '2021-04-13 10:30+07' AND work_day >= '2021-04-13'",
        ),
        ("&metric=person.correct", "false"),
    ],
)
def test_every_total_is_what_the_journal_says(browser, country, journal, asked, where):
    above, _, other = country
    client = browser(Role.COMMANDER, above)
    assert figure(client.get(f"/counts/?{asked}")) == by_sql(where)
    assert figure(client.get(f"/counts/?unit={other.id}{asked}")) == by_sql(
        f"({where}) AND %s = ANY(ancestors)", other.id
    )


def test_the_side_is_named_and_counts_apart(browser, country, journal):
    client = browser(Role.COMMANDER, country[0])
    page = client.get("/counts/?side=unit_done").content.decode()
    assert "Đơn vị đã làm" in re.search(r'class="tile-base">([^<]*)<', page)[1]
    assert re.search(r'class="tile-figure">([^<]*)<', page)[1] == "0"  # the root did it, not the province


def test_the_file_holds_the_figures_of_the_page(browser, country, journal):
    client = browser(Role.COMMANDER, country[0])
    answer = client.get("/counts/table.csv?first=13/04/2021")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert [(row[0], row[-1]) for row in rows] == [
        ("code", "count"),
        (country[0].code, "7"),
        (country[2].code, "5"),
        (country[1].code, "2"),
    ]
    page = client.get("/counts/?first=13/04/2021").content.decode()
    body = re.search(r"<tbody[^>]*>(.*?)</tbody>", page, re.DOTALL)[1]
    shown = [re.sub(r"<[^>]*>|\s+", " ", row).split() for row in body.split("</tr>")[:2]]
    assert [row[-3] for row in shown] == ["5", "2"]  # before the share and its sign


def test_what_cannot_be_read_is_told_at_its_field_and_kept(browser, country, journal):
    client = browser(Role.COMMANDER, country[0])
    page = client.get("/counts/?first=31/02/2021&last=2021&known=hôm qua").content.decode()
    for name, code in (("first", "impossible_date"), ("last", "not_a_day"), ("known", "bad_moment")):
        assert re.search(rf'id="{name}-error".*?<span class="code">{code}</span>', page, re.DOTALL)
    assert 'value="hôm qua"' in page
    assert client.get("/counts/table.csv?first=31/02/2021").status_code == 422


def test_nobody_counts_outside_their_area(browser, country, journal):
    above, one, other = country
    client = browser(Role.COMMANDER, one)
    assert figure(client.get("/counts/")) == "7"
    for unit in (above.id, other.id, 1, 999):
        assert client.get(f"/counts/?unit={unit}").status_code == 403
    assert browser(Role.VOLUNTEER, one).get("/counts/").status_code == 403


def test_the_page_takes_few_queries_at_any_number_of_units(browser, country, journal, django_assert_max_num_queries):
    client = browser(Role.COMMANDER, country[0])
    client.get("/counts/")
    with django_assert_max_num_queries(20):
        client.get("/counts/")
