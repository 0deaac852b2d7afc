from datetime import date, timedelta
from math import isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as some

from muster.engines.forecast import Curve, NoCurve

MONDAY = date(2021, 3, 15)


def curve(*reports):
    """Return a curve of (day, done)."""
    return Curve.of((MONDAY + timedelta(days=day), done) for day, done in reports)


def test_between_two_reports_the_work_is_spread_evenly():
    assert curve((0, 0), (7, 700), (9, 700), (10, 1000)).daily == (*range(0, 701, 100), 700, 700, 1000)


@pytest.mark.parametrize(
    ("reported", "read"),
    [
        ((0, 10, 5, 20), (0, 10, 10, 20)),  # a slip: the next report is back
        ((0, 10, 12, 8, 9), (0, 8, 8, 8, 9)),  # a correction: what came before was too much
        ((0, 10, 0, 10), (0, 10, 10, 10)),  # a day without figures, written as nothing
        ((0, 100, 20, 30), (0, 20, 20, 30)),  # a figure of another unit, taken back
        ((5, 3), (3, 3)),
    ],
)
def test_what_goes_down_is_a_slip_or_a_correction(reported, read):
    assert curve(*enumerate(reported)).daily == read


def test_reports_come_in_any_order_and_the_last_of_a_day_holds():
    assert curve((2, 4), (0, 1), (2, 5)).daily == (1, 3, 5)


@pytest.mark.parametrize("reports", [[], [(0, -1)], [(0, 3), (1, -2)]])
def test_no_report_and_a_count_below_nothing_are_no_curve(reports):
    with pytest.raises(NoCurve):
        curve(*reports)


def test_nothing_done_shows_no_signs():
    with pytest.raises(NoCurve):
        curve((0, 0), (9, 0)).signs(10)


def test_a_steady_pace_turns_nowhere():
    signs = curve((0, 0), (100, 1000)).signs(2000)
    assert all(isclose(turn, 0, abs_tol=1e-9) for turn in (*signs.turns, signs.week))
    assert isclose(signs.tenth, log(10))
    assert (signs.seven, signs.month, signs.left, signs.share) == (10, 10, 1000, 0.5)


def test_weekends_without_work_do_not_look_like_a_turn():
    done, reports = 0, []
    for day in range(70):
        done += 0 if (MONDAY + timedelta(days=day)).weekday() >= 5 else 100
        reports.append((day, done))
    on_friday, on_sunday = (curve((-1, 0), *reports[:days]).signs(9000) for days in (68, 70))
    assert isclose(on_friday.tenth, on_sunday.tenth)
    assert all(isclose(turn, 0, abs_tol=1e-9) for turn in on_sunday.turns)


@given(some.lists(some.integers(0, 10_000), min_size=2, max_size=60), some.integers(2, 9))
def test_any_curve_only_grows_and_keeps_its_last_figure(counts, apart):
    read = curve(*((place * apart, count) for place, count in enumerate(counts)))
    assert all(was <= now for was, now in zip(read.daily, read.daily[1:], strict=False))
    assert read.done == counts[-1]
    assert len(read.daily) == (len(counts) - 1) * apart + 1


@given(some.lists(some.integers(1, 10_000), min_size=3, max_size=40), some.integers(2, 50))
def test_signs_know_no_size(steps, times):
    total, reports = 0, [(0, 0)]
    for day, step in enumerate(steps, start=1):
        total += step
        reports.append((day, total))
    small, large = curve(*reports), curve(*((day, done * times) for day, done in reports))
    one, other = small.signs(2 * total), large.signs(2 * total * times)
    assert one.turns == pytest.approx(other.turns, abs=1e-6)
    assert (one.odds, one.days, one.week) == pytest.approx((other.odds, other.days, other.week), abs=1e-6)
    assert other.tenth - one.tenth == pytest.approx(log(times), abs=1e-6)
