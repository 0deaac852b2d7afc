"""The zone, the QR code and both sides of cards, worked by hand."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.card.data import CardData, qr_text, sides, zone
from muster.card.faces import faces, for_printer
from muster.engines.mrz import faults
from muster.kernel.dates import PartialDate
from muster.kernel.numbers import Sex
from muster.law.cards import CardType
from muster.law.tables import NoLawInForce
from muster.register import qr

HOA = CardData(
    type=CardType.CCCD_CHIP, number="030075123456", name="Nguyễn Văn Hoà", birth=PartialDate(1975, 3, 1), sex=Sex.MALE,
    issued_on=date(2021, 5, 8), expires_on=date(2035, 3, 1), age=46, native_place="An Lâm, Nam Sách, Hải Dương",
    residence="Xóm 2, An Lâm, Nam Sách, Hải Dương", traits="Nốt ruồi dưới mắt trái", old_number="141234567",
)  # fmt: skip
BAO = CardData(
    type=CardType.CAN_CUOC, number="030224000017", name="Lê Gia Bảo", birth=PartialDate(2024, 6, 1), sex=Sex.MALE,
    issued_on=date(2024, 8, 5), expires_on=date(2038, 6, 1), age=0, birth_place="An Lâm, Nam Sách, Hải Dương",
    residence="Xóm 2, An Lâm, Nam Sách, Hải Dương", parents=("Lê Văn Tú", "Bùi Thị Na"),
)  # fmt: skip


def test_the_zone_of_a_chip_card():
    # 075123456: 26+16+49 = 91; 030075123456: 9+26+16+49 = 100; 750301: 86; 350301: 58;
    # composite 26+16+49+10+7+40+38+42+26+9+28+38+11 = 340
    assert zone(HOA) == (
        "IDVNM0751234561030075123456<<0",
        "7503016M3503018VNM<<<<<<<<<<<0",
        "NGUYEN<<VAN<HOA<<<<<<<<<<<<<<<",
    )


def test_the_zone_of_a_card_without_expiry_says_the_end_of_2099():
    old = replace(HOA, birth=PartialDate(1950), expires_on=None, sex=Sex.FEMALE, number="030150000001")
    first, second, _ = zone(old)
    # 150000001: 7+15+1 = 23; 030150000001: 9+7+15+1 = 32; 50<<<<: 35; 991231: 115
    assert (first, second[:-1]) == ("IDVNM1500000013030150000001<<2", "50<<<<5F9912315VNM<<<<<<<<<<<")
    assert faults(zone(old)) == ()


def test_the_code_of_a_chip_card():
    assert qr_text(HOA) == (
        "030075123456|141234567|Nguyễn Văn Hoà|01031975|Nam|Xóm 2, An Lâm, Nam Sách, Hải Dương|08052021"
    )


def test_the_code_of_a_childs_card_names_the_parents_behind_the_cancelled_numbers():
    home = "Xóm 2, An Lâm, Nam Sách, Hải Dương"
    assert qr_text(BAO) == f"030224000017||Lê Gia Bảo|01062024|Nam|{home}|05082024||Lê Văn Tú, Bùi Thị Na"
    assert qr_text(replace(BAO, parents=())) == f"030224000017||Lê Gia Bảo|01062024|Nam|{home}|05082024"
    cancelled = replace(BAO, parents=(), cancelled=("030324000011",))
    assert qr_text(cancelled) == f"030224000017||Lê Gia Bảo|01062024|Nam|{home}|05082024|030324000011"


def test_both_sides_of_a_chip_card():
    front, back = sides(HOA)
    assert {item.value: text for item, text in front.items()} == {
        "number": "030075123456", "name": "NGUYỄN VĂN HOÀ", "birth": "01/03/1975", "sex": "Nam",
        "nationality": "Việt Nam", "native_place": "An Lâm, Nam Sách, Hải Dương",
        "residence": "Xóm 2, An Lâm, Nam Sách, Hải Dương", "expires_on": "01/03/2035",
    }  # fmt: skip
    assert {item.value: text for item, text in back.items()} == {
        "traits": "Nốt ruồi dưới mắt trái", "issued_on": "08/05/2021",
        "issuer": "Cục trưởng Cục Cảnh sát quản lý hành chính về trật tự xã hội",
    }  # fmt: skip


def test_both_sides_of_a_childs_card():
    front, back = sides(BAO)
    assert [item.value for item in front] == ["number", "name", "birth", "sex", "nationality"]
    assert {item.value: text for item, text in back.items()} == {
        "residence": "Xóm 2, An Lâm, Nam Sách, Hải Dương", "birth_place": "An Lâm, Nam Sách, Hải Dương",
        "issued_on": "05/08/2024", "expires_on": "01/06/2038", "issuer": "Bộ Công an",
    }  # fmt: skip
    assert sides(replace(HOA, expires_on=None))[0].popitem()[1] == "Không thời hạn"


def test_nobody_under_fourteen_has_a_chip_card_of_2021():
    with pytest.raises(NoLawInForce):
        qr_text(replace(HOA, age=13))


texts = st.text(alphabet="AĐêộ ư,3", max_size=20)


@given(
    st.from_regex("[0-9]{12}", fullmatch=True),
    st.text(alphabet="AĐêộư ", min_size=1, max_size=40).filter(str.strip),
    st.one_of(st.integers(1900, 2010).map(PartialDate), st.dates(date(1900, 1, 1)).map(PartialDate.of)),
    st.sampled_from(Sex), st.none() | st.dates(date(2025, 1, 1), date(2098, 1, 1)), st.integers(0, 110),
    st.lists(texts.filter(str.strip), max_size=2), texts,
)  # fmt: skip
def test_what_is_kept_is_what_was_printed(number, name, birth, sex, expires_on, age, parents, residence):
    data = CardData(
        type=CardType.CAN_CUOC, number=number, name=name, birth=birth, sex=sex, issued_on=date(2024, 8, 5),
        expires_on=expires_on, age=age, parents=tuple(parents), residence=residence,
    )  # fmt: skip
    read = CardData.from_bytes(data.to_bytes())
    assert read == data
    assert faults(zone(read)) == ()
    assert qr.parse(qr_text(read)).number == number


def test_the_faces_of_a_chip_card_bear_the_words_of_2021():
    front, back = faces(HOA).sides
    assert faces(HOA).head == ("CĂN CƯỚC CÔNG DÂN", "Citizen Identity Card")
    assert [(one.words, one.text) for one in front.lines][:2] == [
        ("Số / No.", "030075123456"), ("Họ và tên / Full name", "NGUYỄN VĂN HOÀ"),
    ]  # fmt: skip
    assert (front.pictures, front.qr, front.zone) == (("photo",), True, ())
    assert (back.pictures, back.qr, back.zone) == (("prints", "chip"), False, zone(HOA))


def test_a_small_childs_face_has_no_portrait_and_the_code_is_on_the_back():
    front, back = faces(BAO).sides
    assert (front.pictures, front.qr, back.qr, back.zone) == (("chip",), False, True, zone(BAO))
    assert ("Nơi đăng ký khai sinh / Place of birth", BAO.birth_place) in [(x.words, x.text) for x in back.lines]


def test_every_layout_has_its_words_and_the_printer_reads_one_line():
    paper = replace(BAO, type=CardType.IDENTITY_CERTIFICATE, age=30, native_place="An Lâm", nationality="")
    for one in (HOA, BAO, replace(BAO, age=9), replace(BAO, age=40, parents=()), paper):
        written = for_printer("000001-001", "d", one)
        told = json.loads(written)
        assert (written.count(b"\n"), told["qr"], len(told["sides"])) == (1, qr_text(one), 1 if one is paper else 2)
        assert all(line["words"] or line["item"] == "issuer" for side in told["sides"] for line in side["lines"])
