"""What stands on a card by the law of its day and the age of its holder."""

from datetime import date

import pytest

from muster.law.cards import CardType
from muster.law.layouts import CARD_LAYOUTS, Item, layout_for
from muster.law.tables import NoLawInForce

BEFORE, SINCE = date(2024, 6, 30), date(2024, 7, 1)


def test_a_chip_card_of_2021_has_native_place_and_residence_in_front_and_prints_and_traits_behind():
    layout = layout_for(date(2021, 5, 8), 14)
    assert layout.type is CardType.CCCD_CHIP
    assert [item.value for item in layout.front] == [
        "photo", "qr", "number", "name", "birth", "sex", "nationality", "native_place", "residence", "expires_on",
    ]  # fmt: skip
    assert [item.value for item in layout.back] == ["traits", "prints", "issued_on", "issuer", "chip", "mrz"]


def test_a_card_since_july_2024_has_neither_prints_nor_traits_nor_native_place_and_its_codes_behind():
    layout = layout_for(SINCE, 30)
    assert layout.type is CardType.CAN_CUOC
    assert not any(layout.shows(item) for item in (Item.PRINTS, Item.TRAITS, Item.NATIVE_PLACE))
    assert {Item.QR, Item.MRZ, Item.RESIDENCE, Item.BIRTH_PLACE} <= set(layout.back)
    assert {Item.PHOTO, Item.CHIP} <= set(layout.front)


@pytest.mark.parametrize(
    ("age", "photo", "parents"),
    [(0, False, True), (5, False, True), (6, True, True), (13, True, True), (14, True, False), (90, True, False)],
)
def test_a_child_under_six_has_no_photo_and_one_under_fourteen_the_parents_in_the_code(age, photo, parents):
    layout = layout_for(SINCE, age)
    assert (layout.shows(Item.PHOTO), Item.PARENTS in layout.qr) == (photo, parents)
    assert not layout.shows(Item.PRINTS)


@pytest.mark.parametrize(("age", "pictures"), [(5, {Item.QR}), (6, {Item.QR, Item.PHOTO, Item.PRINTS})])
def test_an_identity_certificate_is_a_paper_without_chip_zone_nationality_or_expiry(age, pictures):
    layout = layout_for(SINCE, age, certificate=True)
    assert (layout.type, layout.back) == (CardType.IDENTITY_CERTIFICATE, ())
    shown = {Item.QR, Item.PHOTO, Item.PRINTS, Item.CHIP, Item.MRZ, Item.NATIONALITY, Item.EXPIRES_ON} & {*layout.front}
    assert shown == pictures
    assert {Item.NUMBER, Item.NAME, Item.BIRTH_PLACE, Item.NATIVE_PLACE, Item.RESIDENCE} <= {*layout.front}
    with pytest.raises(NoLawInForce):
        layout_for(BEFORE, age, certificate=True)


def test_the_day_and_the_age_decide():
    assert layout_for(BEFORE, 14).type is CardType.CCCD_CHIP
    for on, age in [(BEFORE, 13), (date(2020, 12, 20), 30)]:
        with pytest.raises(NoLawInForce):
            layout_for(on, age)


def test_the_first_seven_fields_of_every_code_are_those_that_are_read():
    assert {layout.qr[:7] for layout in CARD_LAYOUTS} == {
        (Item.NUMBER, Item.OLD_NUMBER, Item.NAME, Item.BIRTH, Item.SEX, Item.RESIDENCE, Item.ISSUED_ON)
    }
