"""The zone: the specimen of ICAO Doc 9303, examples worked by hand, and names that do not fit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.engines.mrz import Document, NotForTheZone, birth_digits, check_digit, faults, names, td1
from muster.kernel.dates import PartialDate
from muster.kernel.numbers import Sex


@pytest.mark.parametrize(
    ("text", "digit"),
    [
        ("D23145890", "7"),  # Doc 9303 part 5, the specimen card of Utopia
        ("740812", "2"),
        ("120415", "9"),
        ("D231458907<<<<<<<<<<<<<<<74081221204159<<<<<<<<<<<", "6"),
        ("L898902C3", "6"),  # part 4, the specimen passport
        ("ZE184226B<<<<<", "1"),
        ("520727", "3"),  # part 3, 4.9, example 1: 35+6+0+49+6+7 = 103
        ("AB2134<<<", "5"),  # example 2: 70+33+2+7+9+4 = 125
        ("991231", "5"),
    ],
)
def test_check_digits(text, digit):
    assert check_digit(text) == digit


def test_the_specimen_card_of_the_standard():
    specimen = Document(
        code="I", state="UTO", number="D23145890", optional="", birth=PartialDate(1974, 8, 12), sex=Sex.FEMALE,
        expires_on=date(2012, 4, 15), nationality="UTO", name="Eriksson Anna Maria",
    )  # fmt: skip
    lines = td1(specimen)
    assert lines == (
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    )
    assert faults(lines) == ()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Nguyễn Văn Hoà", "NGUYEN<<VAN<HOA<<<<<<<<<<<<<<<"),
        ("Đỗ Thị Ửng", "DO<<THI<UNG<<<<<<<<<<<<<<<<<<<"),
        ("Hồ", "HO<<<<<<<<<<<<<<<<<<<<<<<<<<<<"),  # one name: the primary identifier alone
        ("Niê-Kđăm H'Hen", "NIE<<KDAM<HHEN<<<<<<<<<<<<<<<<"),  # the hyphen a filler, the apostrophe gone
        ("Tôn Nữ Công Huyền Thục Uyển An", "TON<<NU<CONG<HUYEN<THUC<UYE<AN"),  # one letter too long
        ("Nguyễn Phúc Hoàng Thiên Trường An", "NGUYEN<<PHUC<HOANG<THIEN<TR<AN"),
        ("Công Tằng Tôn Nữ Phương Quỳnh Trang", "CONG<<TANG<TON<NU<PHUO<Q<TRANG"),
    ],
)
def test_names(name, line):
    assert names(name) == line


def test_birth_that_is_not_known_to_the_day_has_fillers():
    assert [birth_digits(one) for one in (PartialDate(1950), PartialDate(1950, 3), PartialDate(2003, 3, 1))] == [
        "50<<<<", "5003<<", "030301",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "  ", "...", "中文"])
def test_a_name_without_a_letter_is_refused(name):
    with pytest.raises(NotForTheZone):
        names(name)


def test_fields_that_do_not_fit_are_refused():
    good = {
        "code": "ID", "state": "VNM", "number": "075123456", "optional": "", "birth": PartialDate(1975),
        "sex": Sex.MALE, "expires_on": date(2035, 3, 1), "nationality": "VNM", "name": "A",
    }  # fmt: skip
    for field, value in [("number", "0751234567"), ("optional", "a"), ("state", "VIET"), ("code", "I|")]:
        with pytest.raises(NotForTheZone) as refused:
            td1(Document(**(good | {field: value})))
        assert refused.value.values["field"] == field


syllables = st.text(alphabet="ABCĐêởựyÂ", min_size=1, max_size=9)


@given(st.lists(syllables, min_size=1, max_size=24))
def test_a_name_line_is_of_thirty_and_says_where_it_was_cut(parts):
    line = names(" ".join(parts))
    whole = len("".join(parts)) + (len(parts) if len(parts) > 1 else 0)
    assert len(line) == 30
    assert set(line) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
    if whole > 30:
        assert line[-1] != "<"
    else:
        assert line.rstrip("<").replace("<<", "<").count("<") == len(parts) - 1


@given(
    st.text(alphabet="0123456789", min_size=9, max_size=9), st.dates(date(1900, 1, 1), date(2020, 1, 1)),
    st.sampled_from(Sex), st.dates(date(2021, 1, 1), date(2099, 12, 31)), st.integers(0, 28),
)  # fmt: skip
def test_every_digit_changed_by_one_is_found(number, birth, sex, expiry, place):
    lines = td1(
        Document(
            code="ID", state="VNM", number=number, optional=f"030{number}<<{check_digit('030' + number)}",
            birth=PartialDate.of(birth), sex=sex, expires_on=expiry, nationality="VNM", name="Lê Na",
        )
    )  # fmt: skip
    assert faults(lines) == ()
    first, second, third = lines
    if second[place].isdigit():
        changed = str((int(second[place]) + 1) % 10)
        assert faults((first, second[:place] + changed + second[place + 1 :], third)) != ()
