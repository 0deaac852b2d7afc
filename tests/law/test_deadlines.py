"""Deadlines: working days over Tết and other holidays, computed by hand from the calendars of those years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.law.deadlines import (
    PlaceKind,
    deadline,
    delete_copy_by,
    desk_sends_by,
    intake_stop,
    is_working_day,
    working_days_after,
)
from muster.law.grounds import Kind
from muster.law.tables import NoLawInForce

CITY, REMOTE, ELSEWHERE = PlaceKind.CITY, PlaceKind.REMOTE, PlaceKind.ELSEWHERE


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2021-02-09", True),  # the last working day before Tết of the Buffalo
        ("2021-02-10", False),
        ("2021-02-16", False),  # compensatory day
        ("2021-02-17", True),
        ("2021-04-21", False),  # Hùng Kings
        ("2021-05-03", False),  # 1 May was a Saturday
        ("2023-01-02", False),  # New Year was a Sunday
        ("2023-01-26", False),
        ("2023-05-03", False),
        ("2024-04-29", False),  # exchanged for Saturday 4 May
        ("2024-05-04", True),
        ("2024-06-29", False),  # a Saturday
        ("2024-09-02", False),
        ("2024-09-03", False),
        ("2025-01-24", True),
        ("2025-01-27", False),
        ("2025-01-31", False),
        ("2025-02-03", True),
    ],
)
def test_the_working_calendar(day: str, works: bool):  # noqa: FBT001
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("received", "place", "kind", "last"),
    [
        # before 1 July 2024: 7 in cities (15 for a re-issue), 20 in mountain, border, island districts, 15 elsewhere
        ("2021-03-01", CITY, Kind.FIRST_ISSUE, "2021-03-10"),
        ("2021-03-01", CITY, Kind.EXCHANGE, "2021-03-10"),
        ("2021-03-01", CITY, Kind.RE_ISSUE, "2021-03-22"),
        ("2021-03-01", ELSEWHERE, Kind.EXCHANGE, "2021-03-22"),
        ("2021-03-01", REMOTE, Kind.EXCHANGE, "2021-03-29"),
        ("2021-03-01", REMOTE, Kind.RE_ISSUE, "2021-03-29"),
        # over Tết: 8, 9, then 17, 18, 19, 22, 23 February
        ("2021-02-05", CITY, Kind.EXCHANGE, "2021-02-23"),
        # received on the last day of the old law: its own terms still run
        ("2024-06-28", REMOTE, Kind.EXCHANGE, "2024-07-26"),
        ("2024-06-30", ELSEWHERE, Kind.EXCHANGE, "2024-07-19"),
        # since: 7 for all
        ("2024-07-01", REMOTE, Kind.EXCHANGE, "2024-07-10"),
        ("2024-07-01", CITY, Kind.RE_ISSUE, "2024-07-10"),
        ("2024-07-01", ELSEWHERE, Kind.IDENTITY_CERTIFICATE, "2024-07-10"),
        # over 2 and 3 September 2024
        ("2024-08-30", CITY, Kind.EXCHANGE, "2024-09-12"),
        # over Tết 2025: 23, 24 January, then 3 to 7 February
        ("2025-01-22", CITY, Kind.EXCHANGE, "2025-02-07"),
        # received on a Saturday at a mobile point: Monday is the first day
        ("2024-08-10", CITY, Kind.EXCHANGE, "2024-08-20"),
        # 4 May 2024 was worked: 25, 26 April, 2, 3, 4, 6, 7 May
        ("2024-04-24", CITY, Kind.EXCHANGE, "2024-05-07"),
    ],
)
def test_the_last_day_of_a_dossier(received: str, place: PlaceKind, kind: Kind, last: str):
    assert deadline(date.fromisoformat(received), place, kind) == date.fromisoformat(last)


def test_the_kind_need_not_be_named():
    assert deadline(date(2021, 3, 1), CITY) == date(2021, 3, 10)


def test_the_desk_sends_within_two_working_days():
    assert desk_sends_by(date(2024, 7, 5)) == date(2024, 7, 9)
    with pytest.raises(NoLawInForce):
        desk_sends_by(date(2024, 6, 30))


@given(day=st.dates(date(2016, 1, 1), date(2030, 1, 1)), count=st.integers(1, 25))
def test_a_term_of_working_days_holds_so_many(day: date, count: int):
    last = working_days_after(day, count)
    assert is_working_day(last)
    between = [date.fromordinal(n) for n in range(day.toordinal() + 1, last.toordinal() + 1)]
    assert sum(map(is_working_day, between)) == count


@given(one=st.dates(date(2016, 1, 1), date(2024, 6, 30)), later=st.integers(0, 60), place=st.sampled_from(PlaceKind))
def test_who_comes_later_under_one_law_is_due_no_earlier(one: date, later: int, place: PlaceKind):
    other = min(date.fromordinal(one.toordinal() + later), date(2024, 6, 30))
    assert deadline(one, place) <= deadline(other, place)


@pytest.mark.parametrize(
    ("day", "stopped"),
    [("2024-06-24", False), ("2024-06-25", True), ("2024-06-30", True), ("2024-07-01", False)],
)
def test_intake_rested_for_the_switch(day: str, stopped: bool):  # noqa: FBT001
    assert (intake_stop(date.fromisoformat(day)) is not None) is stopped


def test_the_desk_deletes_its_copy_within_six_months():
    assert delete_copy_by(date(2021, 3, 15)) == date(2021, 9, 15)
    assert delete_copy_by(date(2024, 8, 31)) == date(2025, 2, 28)
