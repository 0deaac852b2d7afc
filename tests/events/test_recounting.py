from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from muster.events import operations, queries, recounting
from muster.events.recounting import Difference
from tests.events.conftest import BY, captured, local_time
from tests.events.test_counts import RECEIVED, scenario

BENDS = {
    "an open counter too high": "UPDATE events_open SET n = n + 1 WHERE ctid = (SELECT min(ctid) FROM events_open)",
    "an open counter gone": "DELETE FROM events_open WHERE ctid = (SELECT min(ctid) FROM events_open)",
    "a leaf too high": "UPDATE events_leaf SET n = n + 1 WHERE ctid = (SELECT min(ctid) FROM events_leaf)",
    "a leaf gone": "DELETE FROM events_leaf WHERE ctid = (SELECT max(ctid) FROM events_leaf)",
    "a leaf from nowhere": """
        INSERT INTO events_leaf (unit_done, metric, work_day, known_day, age_band, unit_residence, n)
        SELECT 99, id, '2021-05-01', '2021-05-01', 0, 0, 5 FROM events_metric LIMIT 1
    """,
    "an open counter of no metric": """
        INSERT INTO events_open
            (unit_done, metric, work_day, known_day, known_hour, age_band, unit_residence, stripe, n)
        VALUES (4, 999, '2021-05-01', '2021-05-01', 9, 0, 0, 0, 5)
    """,
    "a tile too low": "UPDATE events_tile SET n = n - 1 WHERE ctid = (SELECT min(ctid) FROM events_tile WHERE n > 1)",
    "a tile gone": "DELETE FROM events_tile WHERE ctid = (SELECT min(ctid) FROM events_tile)",
    "an hour too high": "UPDATE events_hour SET n = n + 1 WHERE ctid = (SELECT min(ctid) FROM events_hour)",
    "an hour gone": "DELETE FROM events_hour WHERE ctid = (SELECT min(ctid) FROM events_hour)",
}


@pytest.fixture
def written(country):
    told = scenario(3)
    for at, moves in told:
        operations.record(moves=moves, by=BY, at=at)
    end = told[-1][0]
    operations.sum_up(through=(end - timedelta(days=3)).date())


@pytest.mark.usefixtures("written")
def test_counters_equal_a_recount():
    told = []
    assert list(recounting.differences(progress=lambda *step: told.append(step))) == []
    assert told == [(1, 3), (2, 3), (3, 3)]  # one metric: its leaves, its tiles, its hours
    assert recounting.repair() == []


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("bend", BENDS)
def test_a_bent_counter_is_named_and_mended(bend):
    before = [queries.count(unit=unit, metrics=RECEIVED) for unit in (1, 2, 3, 4, 7)]
    with connection.cursor() as cursor:
        cursor.execute(BENDS[bend])
        assert cursor.rowcount == 1
    found = list(recounting.differences())
    assert found[0].table == next((table for table in ("tile", "hour") if table in bend), "leaf")
    assert found[0].stored != found[0].counted
    assert found[0] in recounting.repair()
    assert list(recounting.differences()) == []
    assert [queries.count(unit=unit, metrics=RECEIVED) for unit in (1, 2, 3, 4, 7)] == before


@pytest.mark.usefixtures("country")
def test_a_difference_tells_where_and_how_much():
    operations.record(moves=[captured(4, "2021-05-08T09:00")], by=BY, at=local_time("2021-05-08T10:00"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_open SET n = 3")
    day = date(2021, 5, 8)
    assert list(recounting.differences()) == [
        Difference(table, unit, day, day, "dossier.receive", 3, stored=3, counted=1)
        for table, unit in [("leaf", 4), ("hour", 1), ("hour", 2)]  # what is open belongs to its hour, too
    ]


@pytest.mark.usefixtures("written")
def test_all_counters_lost_are_counted_anew():
    before = queries.series(unit=1, metrics=RECEIVED)
    with connection.cursor() as cursor:
        for table in ("open", "leaf", "tile", "hour"):
            cursor.execute(f"DELETE FROM events_{table}")
    assert queries.count(unit=1, metrics=RECEIVED) == 0
    found = recounting.repair()
    assert {replace(one, stored=0) for one in found} == set(found)
    assert queries.series(unit=1, metrics=RECEIVED) == before
