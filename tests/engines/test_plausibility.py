"""The field reports' own figures that do not fit, and properties that hold of any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.engines.plausibility import (
    Finding,
    Oddity,
    beyond_takt,
    ceiling,
    falling,
    out_of_order,
    pace,
    rate,
    repeated,
)


def test_700_a_day_are_not_5000_in_47_days():
    found = pace(700, 5000, 47)
    assert (found.oddity, found.told, round(found.can_be, 1)) == (Oddity.PACE, 700, 106.4)
    assert pace(106, 5000, 47) is None
    assert pace(120, 5000, 47) is None  # within a quarter


def test_3_per_cent_over_the_target_of_hai_duong_are_0_37():
    over = 991_830 - 988_200
    found = rate(3, over, 988_200, places=0)
    assert (found.oddity, round(found.can_be, 2)) == (Oddity.RATE, 0.37)
    assert rate(0.37, over, 988_200, places=2) is None


def test_rates_over_100_per_cent_are_true_where_their_counts_say_so():
    assert rate(106.0, 6_345_172, 5_985_000) is None  # accounts received, Hà Nội (R2)
    assert rate(92.9, 5_559_676, 5_985_000) is None
    assert rate(92.9, 6_345_172, 5_985_000).oddity is Oddity.RATE


@pytest.mark.parametrize(
    ("done", "hours", "fits"), [(1_300, 16.5, True), (1_301, 16.5, False), (1_418, 18, True), (1_419, 18, False)]
)
def test_a_line_takes_no_more_than_its_takt_allows(done, hours, fits):
    assert ceiling(1, 16.5) == 1_300  # 06:30 to 23:00, the peak of R2
    assert (beyond_takt(done, 1, hours) is None) == fits


def test_seven_thousand_a_day_need_five_lines_not_four():
    assert beyond_takt(7_000, 4) == Finding(Oddity.TAKT, 7_000, 5_672)
    assert beyond_takt(7_000, 5) is None
    assert beyond_takt(7_000, 0) is None  # no line is known


def test_a_count_that_falls_is_named_with_what_it_was():
    assert falling([10, 12, 12, 11, 15]) == Finding(Oddity.FALLING, 11, 12, 3)
    assert falling([10, 12, 12]) is None
    assert falling([]) is None


def test_the_same_figure_three_times_is_asked_about_but_not_0():
    assert repeated([5, 120, 120, 120]) == Finding(Oddity.REPEATED, 120, 3, 3)
    assert repeated([120, 120, 120, 121]) is None
    assert repeated([120, 120]) is None
    assert repeated([0, 0, 0]) is None


def test_a_later_step_is_never_ahead():
    assert out_of_order([50, 40, 41, 3]) == Finding(Oddity.ORDER, 41, 40, 2)
    assert out_of_order([50, 50, 0]) is None


@given(st.integers(0, 10**7), st.integers(1, 10**7), st.integers(0, 3))
def test_a_rate_rounded_from_its_counts_always_fits(part, base, places):
    assert rate(round(100 * part / base, places), part, base, places) is None


@given(st.integers(1, 20), st.floats(0.5, 24))
def test_the_ceiling_fits_and_one_more_does_not(lines, hours):
    assert beyond_takt(ceiling(lines, hours), lines, hours) is None
    assert beyond_takt(ceiling(lines, hours) + 1, lines, hours).oddity is Oddity.TAKT


@given(st.lists(st.integers(0, 1000)))
def test_sums_of_what_was_done_never_fall(done):
    totals = [sum(done[: place + 1]) for place in range(len(done))]
    assert falling(totals) is None
