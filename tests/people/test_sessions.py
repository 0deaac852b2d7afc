"""A sign-in ends with the shift."""

import datetime as dt

import pytest

from muster.kernel.clock import ZONE, NaiveDatetime
from muster.people.sessions import IDLE, is_over, shift_end


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("signed_in", "ends"),
    [
        (at(2, 6), at(2, 12, 30)),
        (at(2, 11, 59), at(2, 12, 30)),
        (at(2, 12), at(2, 18, 30)),
        (at(2, 17, 59), at(2, 18, 30)),
        (at(2, 18), at(3, 1, 30)),
        (at(2, 23, 59), at(3, 1, 30)),
        (at(3, 0, 59), at(3, 1, 30)),  # past midnight belongs to the evening before
        (at(3, 1), at(3, 9)),
        (at(3, 3, 59), at(3, 11, 59)),
        (at(3, 4), at(3, 12)),
        (at(3, 4, 31), at(3, 12, 30)),
        (at(3, 5, 59), at(3, 12, 30)),  # early for the first shift: it ends with that shift
    ],
)
def test_a_sign_in_ends_with_its_shift(signed_in, ends):
    assert shift_end(signed_in) == ends
    assert shift_end(signed_in.astimezone(dt.UTC)) == ends


def test_every_minute_of_a_day_ends_later_and_within_eight_hours():
    start = at(2, 0)
    for minute in range(24 * 60):
        moment = start + dt.timedelta(minutes=minute)
        assert dt.timedelta(minutes=30) < shift_end(moment) - moment <= dt.timedelta(hours=8)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(NaiveDatetime):
        shift_end(dt.datetime(2026, 3, 2, 8))


def test_a_session_is_over_with_the_shift_or_when_nobody_is_there():
    ends = at(2, 12, 30)
    assert is_over(at=at(2, 11), ends_at=ends, seen_at=at(2, 10, 59)) == ""
    assert is_over(at=at(2, 11), ends_at=ends, seen_at=at(2, 11) - IDLE) == "idle"
    assert is_over(at=ends, ends_at=ends, seen_at=ends) == "shift_end"
