from datetime import date, timedelta
from math import ceil, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from muster.engines.forecast import Curve, Family, Group, Verdict, forecast
from muster.engines.forecast.finish import HORIZON
from muster.engines.forecast.groups import days_by_groups
from muster.engines.forecast.library import offered

MONDAY = date(2021, 3, 15)


def curve(*steps):
    """Return a curve that begins with nothing and does so much on each day."""
    total, reports = 0, [(MONDAY, 0)]
    for day, step in enumerate(steps, start=1):
        total += step
        reports.append((MONDAY + timedelta(days=day), total))
    return Curve.of(reports)


def test_a_goal_that_is_reached_has_the_day_it_was():
    (told,) = forecast(curve(10, 10, 10), [20])
    assert (told.rate_stays.verdict, told.rate_stays.on, told.left) == (Verdict.REACHED, MONDAY + timedelta(days=2), 0)
    assert told.like_others == told.rate_stays


def test_if_the_rate_stays_is_what_is_left_over_the_last_28_days():
    (told,) = forecast(curve(*[100] * 12, *[50] * 28), [3_600], family=Family.CALLED)
    assert told.month == 50
    assert (told.rate_stays.verdict, told.rate_stays.days) == (Verdict.DATE, 20)
    assert told.rate_stays.on == MONDAY + timedelta(days=40 + 20)


def test_no_work_for_28_days_has_no_date_at_this_rate():
    (told,) = forecast(curve(*[100] * 12, *[0] * 28), [2_000])
    assert told.rate_stays.verdict is Verdict.NOT_AT_THIS_RATE
    assert told.rate_stays.on is told.rate_stays.low is told.rate_stays.high is None


def test_what_lies_beyond_three_years_is_no_date():
    (told,) = forecast(curve(*[1_000] * 12, *[1] * 28), [15_000])
    assert told.rate_stays.verdict is Verdict.BEYOND_HORIZON
    assert told.like_others.on is None or (told.like_others.on - MONDAY).days - 40 <= HORIZON


def test_a_fifth_must_be_done_before_a_tail_is_told_of():
    (told,) = forecast(curve(*[100] * 10), [20_000])
    assert told.like_others.verdict is Verdict.TOO_EARLY
    assert told.rate_stays.verdict is Verdict.DATE


@pytest.mark.parametrize("reports", [curve(0, 0, 0), Curve(MONDAY, (5.0,)), Curve(MONDAY, (0.0,))])
def test_of_nothing_or_a_single_day_nothing_is_told(reports):
    (told,) = forecast(reports, [100])
    assert (told.rate_stays.verdict, told.like_others.verdict) == (Verdict.TOO_EARLY, Verdict.TOO_EARLY)


def test_a_further_goal_is_never_earlier_at_the_rate():
    told = forecast(curve(*[100] * 40), [5_000, 6_000, 7_000], family=Family.CALLED)
    assert [one.rate_stays.days for one in told] == [10, 20, 30]


def test_a_goal_over_what_there_is_may_be_asked():
    (told,) = forecast(curve(*[100] * 40), [5_250], base=5_000, family=Family.CALLED)
    assert told.rate_stays.verdict is Verdict.DATE


def test_more_capacity_divides_the_time():
    plain, faster = (
        forecast(curve(*[100] * 40), [6_000], family=Family.CALLED, change=change)[0] for change in (1.0, 2.0)
    )
    assert faster.rate_stays.days == plain.rate_stays.days / 2
    assert faster.like_others.days == pytest.approx(plain.like_others.days / 2)
    with pytest.raises(ValueError, match="change"):
        forecast(curve(1, 1), [5], change=0)


def test_the_likes_are_named_and_their_times_are_those_of_the_answer():
    area = offered()[0]
    day = area.reports[30]
    (told,) = forecast(area.curve.upto(day), [0.95 * area.base], base=area.base)
    assert told.family is Family.OFFERED
    assert len(told.like) == len(set(told.like)) >= 6
    answer, low, high = told.times
    assert told.like_others.days == pytest.approx(told.left / told.pace * answer)
    assert told.like_others.low == area.curve.first + timedelta(days=day + ceil(told.left / told.pace * low))
    assert low <= answer <= high


@settings(max_examples=60, deadline=None)
@given(
    some.lists(some.integers(0, 400), min_size=1, max_size=80), some.floats(1.01, 6), some.sampled_from([None, *Family])
)
def test_a_date_is_never_before_the_day_it_was_asked(steps, times, family):
    read = curve(*steps)
    on = MONDAY + timedelta(days=len(steps))
    goal = max(read.done * times, 1)
    (told,) = forecast(read, [goal], base=goal, family=family)
    for view in (told.rate_stays, told.like_others):
        dates = [view.on, view.low, view.high]
        if view.verdict is Verdict.DATE:
            assert on < view.on <= on + timedelta(days=HORIZON + 1)
            assert on < view.low
        else:
            assert dates == [None, None, None] or view.verdict is Verdict.REACHED
    if told.like_others.verdict is Verdict.DATE:
        assert told.like_others.low <= told.like_others.on <= (told.like_others.high or date.max)


def test_the_hard_ones_come_by_their_own_share_a_day():
    away = [Group("away", 100, a_day=0.01)]
    days = days_by_groups(50, away, pace=1_000, horizon=HORIZON)
    assert days == pytest.approx(log(0.5) / log(0.99), abs=0.02)


def test_machines_work_on_the_easy_while_the_hard_come():
    groups = [Group("easy", 600), Group("evening", 400), Group("away", 100, a_day=0.01)]
    assert days_by_groups(1_000, [groups[0], groups[1]], pace=50, horizon=HORIZON) == pytest.approx(20, abs=0.02)
    with_hard = days_by_groups(1_050, groups, pace=50, horizon=HORIZON)
    assert with_hard == pytest.approx(log(0.5) / log(0.99), abs=0.02)  # the easy ones are long done: 50 of the away
    assert days_by_groups(1_100, groups, pace=50, horizon=HORIZON) is None  # the last one never surely comes
    assert days_by_groups(1, [Group("all", 1, a_day=1.0)], pace=0, horizon=HORIZON) == pytest.approx(0.01, abs=0.02)


def test_by_groups_stands_beside_the_two_views():
    (told,) = forecast(
        curve(*[100] * 40), [4_900], family=Family.CALLED, groups=[Group("easy", 500), Group("away", 800, a_day=0.01)]
    )  # fmt: skip
    easy, hard = 500, 400
    assert told.by_groups.days == pytest.approx(max(easy / 100, log(1 - hard / 800) / log(0.99)), abs=0.02)
    (idle,) = forecast(curve(*[100] * 9, *[0] * 28), [1_200], groups=[Group("easy", 500)])
    assert idle.by_groups.verdict is Verdict.NOT_AT_THIS_RATE
