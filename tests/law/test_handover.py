"""Who may take a card, how identity is made sure, when a card counts as not collected."""

from datetime import date

import pytest

from muster.law.handover import (
    COLLECTION_TERMS,
    IdentityCheck,
    TakerGround,
    can_check,
    collect_by,
    may_take,
    uncollected_before,
)
from muster.law.tables import NoLawInForce, is_seamless

OLD, NEW = date(2024, 6, 30), date(2024, 7, 1)


@pytest.mark.parametrize(
    ("on", "age", "ground", "may"),
    [
        (OLD, 14, None, True),
        (OLD, 13, None, False),
        (OLD, 13, TakerGround.MINOR, False),  # no child had a card
        (OLD, 40, TakerGround.AUTHORITY, True),
        (NEW, 13, None, False),
        (NEW, 13, TakerGround.MINOR, True),
        (NEW, 14, TakerGround.MINOR, False),
        (NEW, 3, TakerGround.LOST_CAPACITY, True),
        (NEW, 13, TakerGround.AUTHORITY, False),
        (NEW, 14, None, True),
        (date(2015, 12, 31), 40, None, False),
    ],
)
def test_who_may_take(on, age, ground, may):
    assert may_take(on, age, ground) is may


@pytest.mark.parametrize(
    ("on", "age", "check", "can"),
    [
        (OLD, 14, IdentityCheck.FINGERPRINT, True),
        (NEW, 5, IdentityCheck.FACE, False),
        (NEW, 6, IdentityCheck.FACE, True),
        (NEW, 0, IdentityCheck.PAPER, True),
        (date(2022, 10, 19), 30, IdentityCheck.E_ID, False),
        (date(2022, 10, 20), 30, IdentityCheck.E_ID, True),
        (NEW, 13, IdentityCheck.E_ID, False),
    ],
)
def test_how_identity_is_made_sure(on, age, check, can):
    assert can_check(on, age, check) is can


def test_a_card_is_not_collected_after_thirty_days():
    assert is_seamless(COLLECTION_TERMS)
    assert collect_by(date(2021, 5, 8)) == date(2021, 6, 7)
    assert uncollected_before(date(2021, 6, 7)) == date(2021, 5, 8)  # arrived on the 8th: still in time
    assert uncollected_before(date(2021, 6, 8)) == date(2021, 5, 9)
    with pytest.raises(NoLawInForce):
        collect_by(date(2015, 12, 31))
