import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.dates import (
    AgeInterval,
    ImpossibleDate,
    PartialDate,
    UnreadableDate,
    age_on,
    birthday,
    reaches,
    suggest_repair,
)

DAYS = st.dates(date(1880, 1, 1), date(2150, 12, 31))


@st.composite
def partial_dates(draw):
    day = draw(DAYS)
    precision = draw(st.sampled_from(["year", "month", "day"]))
    return PartialDate(day.year, None if precision == "year" else day.month, day.day if precision == "day" else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1975", PartialDate(1975)),
        ("03/1975", PartialDate(1975, 3)),
        ("3/1975", PartialDate(1975, 3)),
        ("01/03/1975", PartialDate(1975, 3, 1)),
        (" 1.3.1975 ", PartialDate(1975, 3, 1)),
        ("1-3-1975", PartialDate(1975, 3, 1)),
        ("1 / 3 / 1975", PartialDate(1975, 3, 1)),
        ("1 3 1975", PartialDate(1975, 3, 1)),
        ("3 1975", PartialDate(1975, 3)),
        ("01031975", PartialDate(1975, 3, 1)),
        ("00001975", PartialDate(1975)),
        ("1975-03", PartialDate(1975, 3)),
        ("1975-03-01", PartialDate(1975, 3, 1)),
        ("00/03/1975", PartialDate(1975, 3)),
        ("00/00/1975", PartialDate(1975)),
        ("29/02/2000", PartialDate(2000, 2, 29)),
    ],
)
def test_the_forms_that_papers_use(text, expected):
    assert PartialDate.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "75",
        "01/03/75",
        "1975/03/01",
        "03-75",
        "١٩٧٥",
        "1975-3-1",
        "19750301",
        "20101012",
        "1/1975/3",
        "131975",
        "1 3 75",
    ],
)
def test_other_forms_are_unreadable_rather_than_guessed(text):
    with pytest.raises(UnreadableDate) as refusal:
        PartialDate.parse(text)
    assert refusal.value.code == "unreadable_date"


@pytest.mark.parametrize(
    "text", ["29/02/2001", "29022001", "29/02/1900", "30/02/2000", "31/04/1990", "01/13/1990", "0999", "32/01/2000"]
)
def test_dates_that_do_not_exist_are_refused(text):
    with pytest.raises(ImpossibleDate) as refusal:
        PartialDate.parse(text)
    assert refusal.value.code == "impossible_date"


def test_a_day_without_a_month_is_refused():
    with pytest.raises(ImpossibleDate) as refusal:
        PartialDate(1975, None, 1)
    assert refusal.value.text() == "Không có ngày 1/?/1975."


def test_what_is_known_and_what_it_can_be():
    assert [
        PartialDate(1975).precision,
        PartialDate(1975, 2).precision,
        PartialDate(1975, 2, 3).precision,
    ] == [
        "year",
        "month",
        "day",
    ]
    assert (PartialDate(1975).earliest, PartialDate(1975).latest) == (date(1975, 1, 1), date(1975, 12, 31))
    assert (PartialDate(2000, 2).earliest, PartialDate(2000, 2).latest) == (
        date(2000, 2, 1),
        date(2000, 2, 29),
    )
    assert (PartialDate(1975, 2, 3).earliest, PartialDate(1975, 2, 3).latest) == (date(1975, 2, 3),) * 2


@pytest.mark.parametrize("year", [0, 75, 999, 10_000])
def test_a_year_has_four_digits(year):
    with pytest.raises(ImpossibleDate):
        PartialDate(year)


def test_written_forms():
    assert [str(PartialDate(1975)), str(PartialDate(1975, 3)), str(PartialDate(1975, 3, 1))] == [
        "1975",
        "03/1975",
        "01/03/1975",
    ]
    assert [PartialDate(1975).iso, PartialDate(1975, 3).iso, PartialDate(1975, 3, 1).iso] == [
        "1975",
        "1975-03",
        "1975-03-01",
    ]


@given(partial_dates())
def test_both_written_forms_are_read_back(birth):
    assert PartialDate.parse(str(birth)) == birth
    assert PartialDate.parse(birth.iso) == birth


def test_the_eight_digits_of_a_card():
    assert PartialDate.from_digits("01031975") == PartialDate(1975, 3, 1)
    with pytest.raises(UnreadableDate):
        PartialDate.from_digits("1031975")
    with pytest.raises(ImpossibleDate):
        PartialDate.from_digits("31041975")


def test_dates_agree_when_they_can_be_the_same_day():
    assert PartialDate(1975).agrees_with(PartialDate(1975, 3, 1))
    assert PartialDate(1975, 3).agrees_with(PartialDate(1975))
    assert PartialDate(1975, 3, 1).agrees_with(PartialDate(1975, 3, 1))
    assert PartialDate(1975, 12, 31).agrees_with(PartialDate(1975))
    assert PartialDate(1975).agrees_with(PartialDate(1975, 12, 31))
    assert not PartialDate(1975, 3).agrees_with(PartialDate(1975, 4, 1))
    assert not PartialDate(1975, 4, 1).agrees_with(PartialDate(1975, 3))


def test_the_official_repair_of_impossible_days():
    assert suggest_repair(2001, 2, 29) == date(2001, 3, 1)
    assert suggest_repair(2000, 2, 30) == date(2000, 3, 1)
    assert suggest_repair(2001, 2, 30) == date(2001, 3, 2)
    assert [suggest_repair(1990, m, 31) for m in (4, 6, 9, 11)] == [date(1990, m, 1) for m in (5, 7, 10, 12)]
    assert suggest_repair(2000, 2, 29) is None
    assert suggest_repair(2000, 2, 31) is None
    assert suggest_repair(2000, 1, 32) is None


def test_age_turns_on_the_birthday_and_not_a_day_before():
    birth = PartialDate(2007, 3, 1)
    assert age_on(birth, date(2021, 2, 28)) == AgeInterval(13, 13)
    assert age_on(birth, date(2021, 3, 1)) == AgeInterval(14, 14)


def test_born_on_a_leap_day():
    birth = PartialDate(2008, 2, 29)
    assert age_on(birth, date(2022, 2, 28)) == AgeInterval(13, 13)
    assert age_on(birth, date(2022, 3, 1)) == AgeInterval(14, 14)
    assert age_on(birth, date(2024, 2, 29)) == AgeInterval(16, 16)
    assert birthday(date(2008, 2, 29), 14) == date(2022, 3, 1)
    assert birthday(date(2008, 2, 29), 16) == date(2024, 2, 29)


def test_age_of_somebody_known_by_the_year_or_the_month():
    assert age_on(PartialDate(2007), date(2021, 6, 1)) == AgeInterval(13, 14)
    assert age_on(PartialDate(2007), date(2021, 12, 31)) == AgeInterval(14, 14)
    assert age_on(PartialDate(2007), date(2021, 12, 30)) == AgeInterval(13, 14)
    assert age_on(PartialDate(2007, 6), date(2021, 6, 29)) == AgeInterval(13, 14)
    assert age_on(PartialDate(2007, 6), date(2021, 6, 30)) == AgeInterval(14, 14)
    assert str(age_on(PartialDate(2007), date(2021, 6, 1))) == "13–14"
    assert str(age_on(PartialDate(2007, 1, 1), date(2021, 6, 1))) == "14"


def test_before_the_birth_the_age_is_negative_so_that_nothing_is_reached():
    age = age_on(PartialDate(2023, 5, 5), date(2021, 6, 1))
    assert age == AgeInterval(-2, -2)
    assert not age.maybe_reached(0)


def test_surely_and_maybe():
    age = AgeInterval(13, 14)
    assert (age.surely_reached(13), age.surely_reached(14)) == (True, False)
    assert (age.maybe_reached(14), age.maybe_reached(15)) == (True, False)


def test_the_span_in_which_an_age_is_reached():
    assert reaches(PartialDate(2007), 14) == (date(2021, 1, 1), date(2021, 12, 31))
    assert reaches(PartialDate(2008, 2), 14) == (date(2022, 2, 1), date(2022, 3, 1))


@given(DAYS, st.integers(0, 100))
def test_the_birthday_is_the_first_day_of_an_age(birth, age):
    day = birthday(birth, age)
    assert age_on(PartialDate.of(birth), day) == AgeInterval(age, age)
    assert age_on(PartialDate.of(birth), day - timedelta(days=1)) == AgeInterval(age - 1, age - 1)


@given(partial_dates(), DAYS, st.data())
def test_the_interval_holds_exactly_the_ages_of_all_possible_birth_days(birth, on, data):
    days = (birth.latest - birth.earliest).days
    born = birth.earliest + timedelta(days=data.draw(st.integers(0, days)))
    age = age_on(birth, on)
    assert age.low <= age_on(PartialDate.of(born), on).low <= age.high
    assert age.low == age_on(PartialDate.of(birth.latest), on).low
    assert age.high == age_on(PartialDate.of(birth.earliest), on).high


@given(st.integers(1000, 9999), st.integers(1, 12), st.integers(1, 31))
def test_exactly_the_days_of_the_calendar_exist(year, month, day):
    exists = day <= calendar.monthrange(year, month)[1]
    if exists:
        assert PartialDate(year, month, day).earliest == date(year, month, day)
    else:
        with pytest.raises(ImpossibleDate):
            PartialDate(year, month, day)
