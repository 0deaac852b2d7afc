"""Cards: until when each kind is good, the law's extensions, and which kind a day prints."""

from datetime import date

import pytest

from muster.law.cards import (
    CARD_RULES,
    CardFacts,
    CardType,
    good_until,
    is_exchange_age,
    next_exchange,
    printed_on,
    term_ends,
    usable_until,
    was_issued,
)
from muster.law.tables import NoLawInForce

BIRTH = date(1999, 3, 1)


@pytest.mark.parametrize(
    ("on", "kind"),
    [
        (date(2016, 1, 1), CardType.CCCD_BARCODE),
        (date(2020, 12, 20), CardType.CCCD_BARCODE),
        (date(2020, 12, 21), CardType.CCCD_CHIP),
        (date(2021, 1, 23), CardType.CCCD_CHIP),
        (date(2024, 6, 30), CardType.CCCD_CHIP),
        (date(2024, 7, 1), CardType.CAN_CUOC),
    ],
)
def test_the_kind_of_card_of_a_day(on: date, kind: CardType):
    assert printed_on(on) is kind


def test_no_card_is_printed_before_the_law():
    with pytest.raises(NoLawInForce):
        printed_on(date(2015, 12, 31))


@pytest.mark.parametrize(
    ("ends", "usable"),
    [
        (date(2024, 1, 14), date(2024, 1, 14)),
        (date(2024, 1, 15), date(2024, 7, 1)),
        (date(2024, 6, 29), date(2024, 7, 1)),
        (date(2024, 6, 30), date(2024, 6, 30)),
        (date(2024, 7, 2), date(2024, 7, 2)),
    ],
)
def test_cards_that_ran_out_before_the_new_law_were_extended(ends: date, usable: date):
    card = CardFacts(type=CardType.CCCD_CHIP, issued_on=date(2021, 3, 1), expires_on=ends)
    assert good_until(card, BIRTH) == ends
    assert usable_until(card, BIRTH) == usable


def test_a_card_without_expiry_is_usable_for_ever():
    card = CardFacts(type=CardType.CCCD_CHIP, issued_on=date(2021, 3, 1), no_expiry=True)
    assert usable_until(card, BIRTH) is None


def test_a_cmnd_ends_with_its_term_or_with_2024():
    young = CardFacts(type=CardType.CMND_9, issued_on=date(2015, 6, 1))
    old = CardFacts(type=CardType.CMND_9, issued_on=date(2005, 6, 1))
    assert (term_ends(young, BIRTH), good_until(young, BIRTH)) == (date(2030, 6, 1), date(2025, 1, 1))
    assert (term_ends(old, BIRTH), good_until(old, BIRTH)) == (date(2020, 6, 1), date(2020, 6, 1))


def test_a_cmnd_of_unknown_issue_is_void_all_the_same():
    assert good_until(CardFacts(type=CardType.CMND_9), BIRTH) == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("issued", "exchange"),
    [
        (date(2017, 1, 1), date(2024, 3, 1)),  # 17: to 25
        (date(2022, 2, 28), date(2024, 3, 1)),
        (date(2022, 3, 1), date(2039, 3, 1)),  # 23: to 40
        (date(2024, 3, 1), date(2039, 3, 1)),
        (date(2037, 2, 28), date(2039, 3, 1)),
        (date(2037, 3, 1), date(2059, 3, 1)),  # 38: to 60
        (date(2057, 2, 28), date(2059, 3, 1)),
        (date(2057, 3, 1), None),  # 58: for ever
    ],
)
def test_the_next_exchange(issued: date, exchange: date | None):
    assert next_exchange(BIRTH, issued) == exchange


def test_fourteen_is_an_exchange_age_only_for_cards_of_the_2023_law():
    assert next_exchange(date(2015, 1, 1), date(2024, 6, 30)) == date(2040, 1, 1)
    assert next_exchange(date(2015, 1, 1), date(2024, 7, 1)) == date(2029, 1, 1)
    assert [age for age in range(100) if is_exchange_age(age)] == [14, 25, 40, 60]


@pytest.mark.parametrize("rule", CARD_RULES, ids=lambda rule: rule.type)
def test_a_day_of_issue_is_checked_against_the_kind(rule):
    assert was_issued(rule.type, rule.valid_from)
    if rule.valid_to is not None:
        assert not was_issued(rule.type, rule.valid_to)
