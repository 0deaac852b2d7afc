from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from muster.events import operations, queries
from muster.events.operations import ClockWouldRunBack
from muster.kernel.clock import PlayedClock
from tests.events.conftest import BY, captured, local_time

pytestmark = pytest.mark.usefixtures("country")
TODAY = local_time("2026-11-24T08:00")
CAMPAIGN = local_time("2021-05-08T17:00")


def test_without_a_played_clock_time_is_real():
    assert queries.now(TODAY) == TODAY


def test_a_campaign_of_2021_can_be_lived_today():
    operations.set_clock(clock=PlayedClock(TODAY, CAMPAIGN, speed=60), by=BY, at=TODAY)
    assert queries.now(TODAY + timedelta(minutes=1)) == CAMPAIGN + timedelta(hours=1)
    paused = queries.clock().paused_at(TODAY + timedelta(minutes=2))
    operations.set_clock(clock=paused, by=BY, at=TODAY + timedelta(minutes=2))
    assert queries.now(TODAY + timedelta(days=3)) == CAMPAIGN + timedelta(hours=2)


def test_the_clock_never_shows_a_time_before_the_last_event():
    operations.set_clock(clock=PlayedClock(TODAY, CAMPAIGN), by=BY, at=TODAY)
    operations.record(moves=[captured(4, "2021-05-08T18:00")], by=BY, at=local_time("2021-05-08T18:00"))
    with pytest.raises(ClockWouldRunBack, match="18:00"):
        operations.set_clock(clock=PlayedClock(TODAY, local_time("2021-05-08T17:59")), by=BY, at=TODAY)
    operations.set_clock(clock=PlayedClock(TODAY, local_time("2021-06-01T06:00")), by=BY, at=TODAY)
    assert queries.now(TODAY) == local_time("2021-06-01T06:00")


def test_every_change_of_the_clock_is_an_event_that_says_what_was_done():
    def set_clock(clock, seconds):
        operations.set_clock(clock=clock, by=BY, at=TODAY + timedelta(seconds=seconds))

    set_clock(PlayedClock(TODAY, CAMPAIGN, speed=60), 0)
    set_clock(queries.clock().paused_at(TODAY + timedelta(seconds=10)), 10)
    set_clock(queries.clock().resumed_at(TODAY + timedelta(seconds=500)), 500)
    set_clock(queries.clock().with_speed(TODAY + timedelta(seconds=510), 1), 510)
    set_clock(queries.clock().jumped(TODAY + timedelta(seconds=520), local_time("2021-05-12T06:30")), 520)
    set_clock(None, 530)
    told = [(event.move, event.reason, event.unit_done) for event in queries.life(operations.CLOCK)]
    assert told == [
        ("play", "08/05/2021 17:00:00 speed 60", 1),
        ("pause", "08/05/2021 17:10:00 speed 60", 1),
        ("resume", "08/05/2021 17:10:00 speed 60", 1),
        ("speed", "08/05/2021 17:20:00 speed 1", 1),
        ("jump", "12/05/2021 06:30:00 speed 1", 1),
        ("real", "24/11/2026 08:08:50", 1),
    ]
    assert queries.now(TODAY) == TODAY


def test_the_database_keeps_one_clock_and_it_runs_forward():
    operations.set_clock(clock=PlayedClock(TODAY, CAMPAIGN), by=BY, at=TODAY)
    for bend, guard in [("id = 2", "one_row"), ("speed = 0", "runs_forward")]:
        with pytest.raises(IntegrityError, match=guard), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE events_clock SET {bend}")
