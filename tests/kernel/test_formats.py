from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel import formats
from muster.kernel.dates import PartialDate

SP = "\u00a0"


def test_counts():
    assert [formats.count(n) for n in (0, 999, 1000, 1_234_567, -1234)] == [
        "0",
        "999",
        "1.000",
        "1.234.567",
        "-1.234",
    ]
    assert formats.count(1_234_567, "en") == "1,234,567"


def test_decimals():
    assert formats.decimal(1234.56) == "1.234,6"
    assert formats.decimal(Decimal("0.25")) == "0,3"
    assert formats.decimal(2.675, 2) == "2,68"
    assert formats.decimal(7, 0) == "7"
    assert formats.decimal(1234.5, 1, "en") == "1,234.5"


def test_rates():
    assert formats.percent(1, 8) == f"12,5{SP}%"
    assert formats.percent(1, 8, language="en") == f"12.5{SP}%"
    assert formats.percent(1, 3, 2) == f"33,33{SP}%"
    assert formats.percent(1, 3, 0) == f"33{SP}%"


def test_a_rate_may_pass_100_but_does_not_reach_it_by_rounding():
    assert formats.percent(12_345, 10_000) == f"123,5{SP}%"
    assert formats.percent(1000, 1000) == f"100,0{SP}%"
    assert formats.percent(99_999, 100_000) == f"99,9{SP}%"
    assert formats.percent(999, 1000, 0) == f"99{SP}%"


def test_a_rate_without_a_base_is_no_figure():
    assert formats.percent(0, 0) == "–"
    assert formats.share(0, 0) == "0/0 (–)"


def test_a_share_shows_its_base():
    assert formats.share(1234, 5678) == f"1.234/5.678 (21,7{SP}%)"
    assert formats.share(1234, 5678, language="en") == f"1,234/5,678 (21.7{SP}%)"


def test_money():
    assert formats.dong(50_000) == f"50.000{SP}đ"
    assert formats.dong(50_000, "en") == f"50,000{SP}VND"


def test_days():
    assert formats.day(date(2021, 3, 1)) == "01/03/2021"
    assert formats.day(PartialDate(1975, 3)) == "03/1975"
    assert formats.day(None) == "–"
    assert formats.weekday(date(2021, 3, 1)) == "Thứ Hai"
    assert formats.weekday(date(2021, 3, 7), "en") == "Sunday"


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (date(2021, 3, 1), "ngày 01 tháng 3 năm 2021", "1 March 2021"),
        (date(2021, 2, 28), "ngày 28 tháng 02 năm 2021", "28 February 2021"),
        (date(2021, 1, 9), "ngày 09 tháng 01 năm 2021", "9 January 2021"),
        (date(2021, 12, 31), "ngày 31 tháng 12 năm 2021", "31 December 2021"),
    ],
)
def test_days_in_words(value, vi, en):
    assert (formats.long_day(value), formats.long_day(value, "en")) == (vi, en)


def test_moments_on_the_clock_of_viet_nam():
    at = datetime(2021, 3, 1, 18, 30, tzinfo=UTC)
    assert (formats.hour(at), formats.moment(at)) == ("01:30", "01:30 02/03/2021")


@given(st.integers(-(10**12), 10**12))
def test_the_digits_of_a_count_stay(number):
    assert int(formats.count(number).replace(".", "")) == number
    assert int(formats.count(number, "en").replace(",", "")) == number


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_rate_says_100_or_more_exactly_when_all_are_done(part, base):
    shown = Decimal(formats.percent(part, base, language="en").removesuffix(f"{SP}%").replace(",", ""))
    assert (shown >= 100) == (part >= base)
    assert abs(shown - Decimal(100) * part / base) <= Decimal("0.1")
