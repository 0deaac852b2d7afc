from datetime import timedelta

import pytest

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


def test_setting_the_clock_is_an_event_with_who_and_what():
    operations.set_clock(clock=PlayedClock(TODAY, CAMPAIGN, speed=30), by=BY, at=TODAY)
    operations.set_clock(clock=None, by=BY, at=TODAY)
    told = [(event.move, event.reason, event.unit_done) for event in queries.life(operations.CLOCK)]
    assert told == [("set", "speed 30", 1), ("set", "real", 1)]
