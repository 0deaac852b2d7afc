import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel import numbers
from muster.kernel.numbers import (
    CENTURY_DIFFERS,
    PLACE_DIFFERS,
    SEX_DIFFERS,
    UNKNOWN_PREFIX,
    YEAR_DIFFERS,
    ForeignDigits,
    NoCenturyDigit,
    NotNineDigits,
    NotTwelveDigits,
    NumberKind,
    NumberMeaning,
    PersonalNumber,
    Place,
    Sex,
)

HANOI = Place("001", "Hà Nội", "01", "Hà Nội", "01")


def test_a_number_explained():
    number = PersonalNumber.parse("001305012345")
    assert number == PersonalNumber("001", 3, 5, 12345)
    assert number.explain() == NumberMeaning(HANOI, Sex.FEMALE, 21, 2005, "012345")
    assert number.block == "001305"
    assert str(number) == "001305012345"


def test_the_table_of_places():
    assert len(numbers.places()) == 63
    assert numbers.places()["002"] == Place("002", "Hà Giang", "02", "Tuyên Quang", "08")
    assert all(prefix == f"0{place.code}" for prefix, place in numbers.places().items())
    assert numbers.prefix_of("79") == "079"
    assert numbers.prefix_of("99") is None


@pytest.mark.parametrize(
    "text",
    ["001 305 012 345", "001.305.012.345", " 001-305-012345\n", "001\u00a0305\u200b012345", "\u202a001305012345\u202c"],
)
def test_separators_are_dropped(text):
    assert PersonalNumber.parse(text) == PersonalNumber("001", 3, 5, 12345)


@pytest.mark.parametrize("text", ["", "00130501234", "0013050123456", "00130501234O", "001/305/0123"])
def test_anything_but_twelve_digits_is_refused(text):
    with pytest.raises(NotTwelveDigits) as refusal:
        PersonalNumber.parse(text)
    assert refusal.value.code == "not_twelve_digits"


def test_a_refused_number_is_not_repeated_in_the_refusal():
    with pytest.raises(NotTwelveDigits) as refusal:
        PersonalNumber.parse("00130501234")
    assert refusal.value.values == {"length": 11}


@pytest.mark.parametrize("text", ["００１３０５０１２３４５", "٠٠١٣٠٥٠١٢٣٤٥", "00130501234²"])
def test_digits_of_another_script_are_refused(text):
    with pytest.raises(ForeignDigits):
        PersonalNumber.parse(text)


@pytest.mark.parametrize(
    ("sex", "year", "digit"),
    [
        (Sex.MALE, 1900, 0),
        (Sex.FEMALE, 1999, 1),
        (Sex.MALE, 2000, 2),
        (Sex.FEMALE, 2099, 3),
        (Sex.MALE, 2100, 4),
        (Sex.FEMALE, 2399, 9),
    ],
)
def test_the_digit_of_century_and_sex(sex, year, digit):
    assert numbers.century_sex_digit(sex, year) == digit


def test_the_century_of_every_digit():
    centuries = [PersonalNumber("001", digit, 5, 0).century for digit in range(10)]
    assert centuries == [20, 20, 21, 21, 22, 22, 23, 23, 24, 24]
    assert [PersonalNumber("001", digit, 5, 0).birth_year for digit in (0, 3, 9)] == [1905, 2005, 2305]


@pytest.mark.parametrize("year", [1899, 2400])
def test_years_without_a_century_digit(year):
    with pytest.raises(NoCenturyDigit):
        numbers.century_sex_digit(Sex.MALE, year)


@given(
    st.sampled_from(sorted(numbers.places())),
    st.sampled_from(Sex),
    st.integers(1900, 2399),
    st.integers(0, 999_999),
)
def test_a_number_says_again_what_it_was_made_from(prefix, sex, year, serial):
    number = PersonalNumber.parse(f"{numbers.block_of(prefix, sex, year)}{serial:06}")
    assert (number.prefix, number.sex, number.birth_year, number.serial) == (prefix, sex, year, serial)
    assert number.findings(sex=sex, birth_year=year, prefix=prefix) == []
    assert PersonalNumber.parse(str(number)) == number


def test_what_does_not_agree_with_the_person_is_found():
    number = PersonalNumber.parse("001305012345")
    assert number.findings(sex=Sex.MALE, birth_year=2005) == [SEX_DIFFERS]
    assert number.findings(birth_year=1905) == [CENTURY_DIFFERS]
    assert number.findings(birth_year=2006) == [YEAR_DIFFERS]
    assert number.findings(sex=Sex.MALE, birth_year=1996, prefix="079") == [
        PLACE_DIFFERS,
        SEX_DIFFERS,
        CENTURY_DIFFERS,
        YEAR_DIFFERS,
    ]
    assert number.findings() == []


def test_an_unknown_prefix_is_only_a_warning():
    number = PersonalNumber.parse("999305012345")
    assert number.findings(sex=Sex.FEMALE, birth_year=2005) == [UNKNOWN_PREFIX]
    assert UNKNOWN_PREFIX.severity == "warning"
    assert number.explain() == NumberMeaning(None, Sex.FEMALE, 21, 2005, "012345")


def test_old_numbers():
    assert numbers.old_number("012 345 678") == "012345678"
    with pytest.raises(NotNineDigits):
        numbers.old_number("12345678")
    with pytest.raises(ForeignDigits):
        numbers.old_number("０12345678")


def test_what_a_typed_text_looks_like():
    assert numbers.looks_like("001 305 012345") is NumberKind.PERSONAL
    assert numbers.looks_like("012345678") is NumberKind.OLD
    assert numbers.looks_like("Nguyễn Văn An") is NumberKind.NEITHER
    assert numbers.looks_like("") is NumberKind.NEITHER


def test_a_masked_number():
    assert numbers.mask("001305012345") == "001••••••345"
    assert numbers.mask("012345678") == "012•••678"
    assert numbers.mask("1234567") == "123•567"
    assert numbers.mask("123456") == "••••••"
    assert numbers.mask("12345") == "•••••"
