"""Fees: the amounts, the half-price times to the day, the exemptions."""

from datetime import date

import pytest

from muster.law.cards import CardType
from muster.law.fees import EXEMPTION_RULES, Exemption, exemptions_of_age, fee
from muster.law.grounds import Ground, Kind
from muster.law.tables import NoLawInForce

FULL = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("kind", "card", "vnd"),
    [
        (Kind.FIRST_ISSUE, None, 0),
        (Kind.EXCHANGE, CardType.CAN_CUOC, 50_000),
        (Kind.EXCHANGE, CardType.CCCD_CHIP, 30_000),
        (Kind.EXCHANGE, CardType.CCCD_BARCODE, 30_000),
        (Kind.EXCHANGE, CardType.CMND_9, 30_000),
        (Kind.RE_ISSUE, CardType.CCCD_CHIP, 70_000),
        (Kind.IDENTITY_CERTIFICATE, None, 0),
    ],
)
def test_the_amounts_of_2024(kind: Kind, card: CardType | None, vnd: int):
    assert fee(kind, FULL, card=card).vnd == vnd


def test_only_a_cmnd_was_the_old_card_before_the_circular_of_2024():
    on = date(2024, 5, 1)
    assert fee(Kind.EXCHANGE, on, card=CardType.CMND_9).vnd == 30_000
    assert fee(Kind.EXCHANGE, on, card=CardType.CCCD_BARCODE).vnd == 50_000


@pytest.mark.parametrize(
    ("on", "vnd"),
    [
        ("2020-12-31", 50_000),
        ("2021-01-01", 25_000),
        ("2021-06-30", 25_000),
        ("2021-07-01", 25_000),
        ("2022-06-30", 25_000),
        ("2022-07-01", 50_000),
        ("2023-06-30", 50_000),
        ("2023-07-01", 25_000),
        ("2024-01-01", 50_000),
        ("2024-07-01", 25_000),
        ("2025-01-01", 50_000),
        ("2025-06-30", 50_000),
        ("2025-07-01", 25_000),
        ("2026-12-31", 25_000),
        ("2027-01-01", 50_000),
    ],
)
def test_the_times_of_half_price(on: str, vnd: int):
    price = fee(Kind.EXCHANGE, date.fromisoformat(on))
    assert (price.vnd, price.full_vnd) == (vnd, 50_000)


def test_half_price_of_the_others():
    on = date(2025, 7, 1)
    assert fee(Kind.RE_ISSUE, on).vnd == 35_000
    assert fee(Kind.EXCHANGE, on, card=CardType.CMND_9).vnd == 15_000
    assert fee(Kind.FIRST_ISSUE, on).vnd == 0


@pytest.mark.parametrize("exemption", Exemption)
def test_who_is_free_pays_nothing(exemption: Exemption):
    price = fee(Kind.RE_ISSUE, FULL, exemptions=frozenset({exemption}))
    assert (price.vnd, price.full_vnd, price.exemption) == (0, 70_000, exemption)


def test_a_ground_may_free_by_itself():
    assert fee(Kind.EXCHANGE, FULL, ground=Ground.AGE).exemption is Exemption.EXCHANGE_AGE
    assert fee(Kind.EXCHANGE, FULL, ground=Ground.UNITS_REARRANGED).vnd == 0
    assert fee(Kind.EXCHANGE, FULL, ground=Ground.NAME).vnd == 50_000


@pytest.mark.parametrize(
    ("age", "free"),
    [
        (15, {Exemption.CHILD}),
        (16, set()),
        (59, set()),
        (60, {Exemption.ELDERLY}),
    ],
)
def test_exemptions_by_age(age: int, free: set[Exemption]):
    assert exemptions_of_age(age, FULL) == free


def test_the_exemptions_of_2024_do_not_reach_back():
    before = date(2024, 10, 20)
    assert exemptions_of_age(70, before) == set()
    assert fee(Kind.RE_ISSUE, date(2023, 1, 1), exemptions=frozenset({Exemption.DISABLED})).vnd == 70_000


def test_an_exchange_at_an_age_was_free_from_the_first_day_of_the_law():
    assert fee(Kind.EXCHANGE, date(2016, 1, 1), ground=Ground.AGE).vnd == 0


def test_the_open_point_is_marked():
    assumed = {row.exemption for row in EXEMPTION_RULES if row.assumed}
    assert assumed == {Exemption.BORDER_OR_ISLAND}


def test_no_fee_is_known_before_the_law():
    with pytest.raises(NoLawInForce):
        fee(Kind.EXCHANGE, date(2015, 12, 31))
