from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.periods import EmptyPeriod, Period, gaps, merged

FIRST = date(2021, 3, 1)


def days(start, end=None):
    return Period(FIRST + timedelta(days=start), None if end is None else FIRST + timedelta(days=end))


@st.composite
def periods(draw):
    start = draw(st.integers(0, 30))
    end = draw(st.none() | st.integers(start + 1, 40))
    return days(start, end)


def as_set(period):
    """The oracle: the days themselves, with a horizon far behind every closed end."""
    return {FIRST + timedelta(days=d) for d in range(60) if FIRST + timedelta(days=d) in period}


def union(some):
    return set().union(*map(as_set, some))


def test_the_end_is_not_part_of_it():
    drive = Period(date(2021, 3, 1), date(2021, 7, 1))
    assert date(2021, 2, 28) not in drive
    assert date(2021, 3, 1) in drive
    assert date(2021, 6, 30) in drive
    assert date(2021, 7, 1) not in drive
    assert (drive.days, drive.last) == (122, date(2021, 6, 30))
    assert drive == Period.through(date(2021, 3, 1), date(2021, 6, 30))


def test_an_open_period_has_no_last_day():
    law = Period(date(2024, 7, 1))
    assert date(2999, 1, 1) in law
    assert (law.days, law.last, str(law)) == (None, None, "[2024-07-01,)")


def test_a_period_without_a_day_is_refused():
    with pytest.raises(EmptyPeriod) as refusal:
        Period(date(2021, 3, 1), date(2021, 3, 1))
    assert refusal.value.code == "empty_period"


def test_its_days_in_order():
    assert list(days(0, 3)) == [date(2021, 3, 1), date(2021, 3, 2), date(2021, 3, 3)]


def test_periods_that_touch_meet_but_do_not_overlap():
    assert days(0, 3).meets(days(3, 5))
    assert not days(0, 3).overlaps(days(3, 5))
    assert merged([days(3, 5), days(0, 3)]) == [days(0, 5)]


def test_gaps_lie_between():
    assert gaps([days(8, 9), days(0, 3), days(5, 8)]) == [days(3, 5)]
    assert gaps([days(0), days(8, 9)]) == []


def test_ending_early():
    assert days(0, 9).ended(days(4).start) == days(0, 4)
    assert days(0).ended(days(4).start) == days(0, 4)
    assert days(0, 3).ended(days(4).start) == days(0, 3)
    with pytest.raises(EmptyPeriod):
        days(4).ended(days(4).start)


@given(periods(), periods())
def test_overlap_and_intersection_agree_with_the_days(a, b):
    common = as_set(a) & as_set(b)
    shared = a.intersection(b)
    assert a.overlaps(b) == bool(common)
    assert (as_set(shared) if shared else set()) == common


@given(st.lists(periods(), max_size=6))
def test_merged_holds_the_same_days_in_the_fewest_periods(some):
    result = merged(some)
    assert union(result) == union(some)
    assert all(a.end is not None and a.end < b.start for a, b in pairwise(result))


@given(st.lists(periods(), min_size=1, max_size=6))
def test_gaps_are_the_days_between_that_nobody_holds(some):
    held = union(some)
    between = {FIRST + timedelta(days=d) for d in range(60) if min(held) <= FIRST + timedelta(days=d) <= max(held)}
    assert union(gaps(some)) == between - held
