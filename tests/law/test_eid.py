"""e-ID: levels by age, decision and activation terms."""

from datetime import date

import pytest

from muster.law.cards import CardFacts, CardType
from muster.law.eid import activate_by, alarm_rule, card_counts, decide_by, levels_for, needs_hotline
from muster.law.tables import NoLawInForce

BEFORE, SINCE = date(2024, 6, 30), date(2024, 7, 1)


@pytest.mark.parametrize(
    ("on", "age", "levels", "consent"),
    [
        (date(2022, 10, 20), 14, (1, 2), False),
        (BEFORE, 13, (), True),
        (SINCE, 0, (1,), True),
        (SINCE, 5, (1,), True),
        (SINCE, 6, (1, 2), True),
        (SINCE, 13, (1, 2), True),
        (SINCE, 14, (1, 2), False),
    ],
)
def test_the_levels_of_an_age(on: date, age: int, levels: tuple[int, ...], consent: bool):  # noqa: FBT001
    rule = levels_for(on, age)
    assert (rule.levels, rule.consent) == (levels, consent)


def test_there_is_no_e_id_before_the_decree():
    with pytest.raises(NoLawInForce):
        levels_for(date(2022, 10, 19), 30)


@pytest.mark.parametrize(
    ("filed", "level", "has_card", "last"),
    [
        ("2023-05-08", 1, True, "2023-05-09"),
        ("2023-05-08", 2, True, "2023-05-11"),
        ("2023-05-08", 2, False, "2023-05-17"),
        ("2023-05-08", 1, False, "2023-05-17"),
        ("2024-08-30", 2, True, "2024-09-06"),  # 2 and 3 September are holidays
        ("2024-08-30", 1, True, "2024-09-04"),
    ],
)
def test_decisions_are_due_in_working_days(filed: str, level: int, has_card: bool, last: str):  # noqa: FBT001
    assert decide_by(date.fromisoformat(filed), level, has_card=has_card) == date.fromisoformat(last)


def test_there_is_no_third_level():
    with pytest.raises(NoLawInForce):
        decide_by(SINCE, 3)


def test_after_seven_days_the_hotline_has_to_help():
    notified = date(2023, 5, 8)
    assert activate_by(notified) == date(2023, 5, 15)
    assert not needs_hotline(notified, date(2023, 5, 15))
    assert needs_hotline(notified, date(2023, 5, 16))


@pytest.mark.parametrize(
    ("on", "age", "card_for"),
    [(BEFORE, 30, (2,)), (SINCE, 30, (1, 2)), (SINCE, 8, (1, 2)), (SINCE, 3, (1,))],
)
def test_for_which_levels_a_valid_card_is_wanted(on: date, age: int, card_for: tuple[int, ...]):
    assert levels_for(on, age).card_for == card_for


@pytest.mark.parametrize(
    ("kind", "on", "counts"),
    [
        (CardType.CCCD_CHIP, date(2022, 10, 19), False),  # no e-ID yet
        (CardType.CCCD_CHIP, date(2022, 10, 20), True),
        (CardType.CCCD_BARCODE, BEFORE, False),
        (CardType.CCCD_BARCODE, SINCE, True),
        (CardType.CMND_12, SINCE, False),
        (CardType.CCCD_CHIP, date(2028, 5, 9), True),
        (CardType.CCCD_CHIP, date(2028, 5, 10), False),  # 40 years old
    ],
)
def test_which_card_counts(kind: CardType, on: date, counts: bool):  # noqa: FBT001
    assert card_counts(CardFacts(type=kind, issued_on=date(2020, 12, 21)), date(1988, 5, 10), on) is counts
    assert not card_counts(None, date(1988, 5, 10), on)


def test_the_alarms_begin_with_the_decree():
    assert alarm_rule(date(2022, 10, 20)).accounts_of_device == 5
    with pytest.raises(NoLawInForce):
        alarm_rule(date(2022, 10, 19))
