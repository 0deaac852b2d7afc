"""Who is low: by hand, and against a rule read off one by one on random rankings."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.reporting.explaining import Reason
from muster.reporting.lowest import ASSUMED, LowRule, Placed, even_part, low, planned


def rule(lowest=2, below=100, slow=50):
    return LowRule(5, frozenset({"commune"}), lowest, below, slow, *([timedelta(hours=1)] * 3))


def five(*captured, target=100, planned_=60):
    order = sorted(range(len(captured)), key=lambda n: -captured[n])
    return [Placed(n, 9, order.index(n) + 1, captured[n], target, planned_) for n in range(len(captured))]


def test_the_last_explain_if_they_are_behind_and_the_slow_whatever_their_place():
    found = low(five(90, 59, 28, 29, 61), rule(lowest=1))
    assert [(one.unit, one.reason, one.place, one.among) for one in found] == [
        (2, Reason.LOWEST, 5, 5), (3, Reason.SLOW, 4, 5),
    ]  # fmt: skip
    assert low(five(90, 70, 65, 61, 60), rule(lowest=3)) == []  # a good field: its last is on plan
    assert [one.unit for one in low(five(90, 70, 65, 61, 59), rule(lowest=3))] == [4]


def test_whoever_has_reached_the_target_is_not_low():
    assert low([Placed(1, 9, 2, 100, 100, 200), Placed(2, 9, 1, 0, 0, 0)], rule()) == []


def test_no_more_than_half_of_those_under_a_unit_are_asked_for_their_place():
    assert [one.unit for one in low(five(59, 58, 57), rule(lowest=3))] == [2]
    assert low(five(59), rule(lowest=3)) == []


def test_units_are_compared_with_those_under_the_same_unit():
    rows = [Placed(1, 7, 1, 59, 100, 60), Placed(2, 8, 2, 58, 100, 60), Placed(3, 8, 3, 57, 100, 60),
            Placed(4, 7, 4, 56, 100, 60)]  # fmt: skip
    assert [(one.unit, one.place, one.among) for one in low(rows, rule(lowest=1))] == [(4, 2, 2), (3, 2, 2)]


rows_ = st.lists(
    st.tuples(st.sampled_from([7, 8]), st.integers(1, 5), st.integers(0, 12), st.integers(0, 10), st.integers(0, 12)),
    max_size=14,
).map(lambda drawn: [Placed(n, *one) for n, one in enumerate(drawn)])


@given(rows_, st.integers(0, 4), st.integers(0, 100), st.integers(0, 100))
def test_the_list_is_the_rule_read_one_by_one(placed, lowest, below, slow):
    expected = {}
    for one in placed:
        group = [other for other in placed if other.above == one.above]
        worse = len([other for other in group if other.place > one.place])
        behind = one.captured < one.target
        if behind and worse < min(lowest, len(group) // 2) and one.captured * 100 < below * one.planned:
            expected[one.unit] = Reason.LOWEST
        elif behind and one.captured * 100 < slow * one.planned:
            expected[one.unit] = Reason.SLOW
    assert {one.unit: one.reason for one in low(placed, rule(lowest, below, slow))} == expected


@pytest.mark.parametrize(
    ("day", "gone"), [(date(2021, 4, 1), 1), (date(2021, 5, 1), 1), (date(2021, 5, 4), 4), (date(2021, 6, 1), 10)]
)
def test_the_even_plan_counts_days_from_both_ends(day, gone):
    assert even_part(date(2021, 5, 1), date(2021, 5, 10), day) == (gone, 10)
    assert planned(101, date(2021, 5, 1), date(2021, 5, 10), day) == -(-101 * gone // 10)


def test_what_is_assumed_asks_on_friday():
    assert (ASSUMED.weekday, ASSUMED.levels) == (5, frozenset({"district", "commune"}))
