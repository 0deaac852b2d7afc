from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.clock import ZONE, BadSpeed, NaiveDatetime, PlayedClock, local, work_day, work_day_bounds

REAL = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
THEN = datetime(2021, 3, 1, 6, 30, tzinfo=ZONE)
SPANS = st.timedeltas(timedelta(0), timedelta(days=400))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def seconds(count):
    return timedelta(seconds=count)


@st.composite
def clocks(draw):
    speed = draw(st.sampled_from([0.5, 1.0, 60.0, 1440.0]))
    return PlayedClock(REAL, draw(MOMENTS), speed, draw(st.booleans()))


def test_local_time_is_seven_hours_ahead():
    assert local(datetime(2021, 3, 1, 18, 0, tzinfo=UTC)) == datetime(2021, 3, 2, 1, 0, tzinfo=ZONE)
    assert local(datetime(2021, 3, 1, 18, 0, tzinfo=UTC)).isoformat() == "2021-03-02T01:00:00+07:00"


def test_one_in_the_morning_belongs_to_the_evening_before():
    assert work_day(datetime(2021, 3, 2, 1, 0, tzinfo=ZONE)) == date(2021, 3, 1)
    assert work_day(datetime(2021, 3, 2, 3, 59, 59, tzinfo=ZONE)) == date(2021, 3, 1)
    assert work_day(datetime(2021, 3, 2, 4, 0, tzinfo=ZONE)) == date(2021, 3, 2)
    assert work_day(datetime(2021, 3, 1, 18, 0, tzinfo=UTC)) == date(2021, 3, 1)
    assert work_day(datetime(2021, 3, 2, 1, 0, tzinfo=ZONE), time(0, 0)) == date(2021, 3, 2)


@given(MOMENTS)
def test_every_moment_lies_in_the_bounds_of_its_work_day(at):
    start, end = work_day_bounds(work_day(at))
    assert start <= at < end
    assert end - start == timedelta(days=1)


@pytest.mark.parametrize(
    "use",
    [
        local,
        work_day,
        PlayedClock(REAL, THEN).at,
        PlayedClock(REAL, THEN, paused=True).at,
        PlayedClock.real,
        lambda naive: PlayedClock(REAL, naive),
        lambda naive: PlayedClock(REAL, THEN).jumped(REAL, naive),
        lambda naive: PlayedClock(REAL, THEN).goes_back(REAL, naive),
    ],
)
def test_a_moment_without_a_zone_is_refused(use):
    with pytest.raises(NaiveDatetime) as refusal:
        use(datetime(2021, 3, 1))
    assert refusal.value.code == "naive_datetime"


@pytest.mark.parametrize("speed", [0, -1, float("inf"), float("nan")])
def test_a_clock_runs_forward_at_a_finite_speed(speed):
    with pytest.raises(BadSpeed):
        PlayedClock(REAL, THEN).with_speed(REAL, speed)


def test_a_campaign_of_2021_lived_today():
    clock = PlayedClock(REAL, THEN, speed=60)
    assert clock.at(REAL) == THEN
    assert clock.at(REAL + seconds(60)) == datetime(2021, 3, 1, 7, 30, tzinfo=ZONE)
    assert clock.at(REAL).utcoffset() == timedelta(hours=7)


def test_pause_resume_speed_and_jump():
    clock = PlayedClock(REAL, THEN, speed=60).paused_at(REAL + seconds(10))
    assert clock.at(REAL + seconds(500)) == THEN + seconds(600)
    clock = clock.resumed_at(REAL + seconds(500))
    assert clock.at(REAL + seconds(501)) == THEN + seconds(660)
    clock = clock.with_speed(REAL + seconds(501), 2)
    assert clock.at(REAL + seconds(511)) == THEN + seconds(680)
    clock = clock.jumped(REAL + seconds(511), THEN)
    assert clock.at(REAL + seconds(512)) == THEN + seconds(2)


def test_a_jump_while_paused_stays_paused():
    clock = PlayedClock(REAL, THEN, paused=True).jumped(REAL, THEN + seconds(5))
    assert clock.at(REAL + seconds(100)) == THEN + seconds(5)


def test_a_jump_back_is_told():
    clock = PlayedClock(REAL, THEN)
    assert clock.goes_back(REAL + seconds(1), THEN)
    assert not clock.goes_back(REAL, THEN)
    assert not clock.goes_back(REAL, THEN + seconds(1))


def test_the_real_clock_shows_real_time():
    assert PlayedClock.real(REAL).at(REAL + seconds(77)) == REAL + seconds(77)


@given(clocks(), SPANS, SPANS)
def test_time_never_runs_backwards(clock, one, other):
    early, late = sorted([one, other])
    assert clock.at(REAL + early) <= clock.at(REAL + late)


@given(clocks(), st.timedeltas(timedelta(seconds=-5), timedelta(days=400)))
def test_no_change_makes_time_leap(clock, after):
    real = REAL + after
    now = clock.at(real)
    changed = [clock.paused_at(real), clock.resumed_at(real), clock.with_speed(real, 7)]
    assert [other.at(real) for other in changed] == [now] * 3
    assert not any(other.goes_back(real, now) for other in changed)
