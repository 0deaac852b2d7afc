"""The text of a card's QR code: what is written is read again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.dates import PartialDate
from muster.kernel.names import normalise
from muster.kernel.numbers import Sex
from muster.register import qr

HOA = qr.CardCode(
    number="030075123456", old_number="141234567", name="Nguyễn Văn Hoà", birth=PartialDate(1975, 3, 1), sex=Sex.MALE,
    address="Xóm 2, An Lâm, Nam Sách, Hải Dương", issued_on=date(2021, 5, 8),
)  # fmt: skip


def test_a_card_of_2021():
    text = "030075123456|141234567|Nguyễn Văn Hoà|01031975|Nam|Xóm 2, An Lâm, Nam Sách, Hải Dương|08052021"
    assert qr.write(HOA) == text
    assert qr.parse(text) == HOA


@pytest.mark.parametrize(
    ("birth", "digits"), [(PartialDate(1950), "00001950"), (PartialDate(1950, 4), "00041950")]
)  # fmt: skip
def test_what_is_not_known_of_a_birth_is_zeros(birth, digits):
    code = qr.CardCode("030150000001", "", "Bùi Thị Na", birth, Sex.FEMALE, "An Lâm", date(2021, 5, 8))
    assert qr.write(code) == f"030150000001||Bùi Thị Na|{digits}|Nữ|An Lâm|08052021"
    assert qr.parse(qr.write(code)) == code


def test_a_separator_in_an_address_moves_no_field():
    code = qr.CardCode("030075123456", "", "A B", PartialDate(1975), Sex.MALE, "Số 3 | ngõ 5|An Lâm", date(2021, 5, 8))
    assert qr.parse(qr.write(code)).address == "Số 3, ngõ 5, An Lâm"
    assert qr.parse(qr.write(code)).issued_on == date(2021, 5, 8)


words = st.text(alphabet="AĂâĐêộừỹ Nn,./3|-'", min_size=1, max_size=60).filter(lambda text: text.strip(" |,"))
births = st.one_of(
    st.dates(date(1900, 1, 1), date(2026, 1, 1)).map(PartialDate.of),
    st.integers(1900, 2025).map(PartialDate),
    st.builds(PartialDate, st.integers(1900, 2025), st.integers(1, 12)),
)


@given(
    st.from_regex("[0-9]{12}", fullmatch=True), st.from_regex("([0-9]{9})?", fullmatch=True), words, births,
    st.sampled_from(Sex), words, st.dates(date(2016, 1, 1), date(2030, 1, 1)), st.lists(words, max_size=3),
)  # fmt: skip
def test_what_is_written_is_read(number, old, name, birth, sex, address, issued_on, more):
    code = qr.CardCode(number, old, name, birth, sex, address, issued_on, tuple(more))
    text = qr.write(code)
    read = qr.parse(text)
    assert qr.write(read) == text
    assert (read.number, read.old_number, read.birth, read.sex, read.issued_on) == (number, old, birth, sex, issued_on)
    assert len(read.more) == len(more)
    if "|" not in name + address:
        assert (read.name, read.address) == (normalise(name), normalise(address))
