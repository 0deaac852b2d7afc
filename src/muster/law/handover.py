"""Hand-over: who may take a card, how it is made sure who they are, and when a card counts as not collected."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from muster.law.regimes import EID_STARTS, LAW_2014, LAW_2014_STARTS, LAW_2023, LAW_2023_STARTS
from muster.law.tables import Dated, the_one


class TakerGround(StrEnum):
    """Why somebody else than the holder may take a card."""

    MINOR = "minor"  # the legal representative of a child
    LOST_CAPACITY = "lost_capacity"  # the legal representative
    AUTHORITY = "authority"  # a paper of authority


@dataclass(frozen=True, slots=True, kw_only=True)
class TakerRule(Dated):
    """Who may take the card of holders of ``age_from`` to under ``age_to`` years; no ground: the holders themselves."""

    ground: TakerGround | None
    age_from: int
    age_to: int | None


def _taker(ground: TakerGround | None, ages: tuple[int, int | None], source: str, *, assumed: bool = True) -> TakerRule:
    new = source.startswith(LAW_2023)
    return TakerRule(
        ground=ground,
        age_from=ages[0],
        age_to=ages[1],
        valid_from=LAW_2023_STARTS if new else LAW_2014_STARTS,
        valid_to=None if new else LAW_2023_STARTS,
        source=source,
        assumed=assumed,
    )


TAKER_RULES: tuple[TakerRule, ...] = (
    _taker(None, (14, None), f"{LAW_2014} Art. 22", assumed=False),
    _taker(TakerGround.LOST_CAPACITY, (14, None), f"{LAW_2014} (lost capacity not named)"),
    _taker(TakerGround.AUTHORITY, (14, None), f"{LAW_2014} (a paper of authority not named)"),
    _taker(None, (14, None), f"{LAW_2023} Art. 23", assumed=False),
    _taker(TakerGround.MINOR, (0, 14), f"{LAW_2023} Art. 23(2)", assumed=False),
    _taker(TakerGround.LOST_CAPACITY, (0, None), f"{LAW_2023} Art. 23(3)", assumed=False),
    _taker(TakerGround.AUTHORITY, (14, None), f"{LAW_2023} (a paper of authority not named)"),
)


class IdentityCheck(StrEnum):
    """How it is made sure that who takes a card is who they say."""

    FACE = "face"  # compared with the photo
    FINGERPRINT = "fingerprint"  # matched with the chip
    OLD_CARD = "old_card"
    PAPER = "paper"  # a birth certificate, a passport
    E_ID = "e_id"  # the account of level 2 on a phone


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRule(Dated):
    """From which age a check can be done, on the days [valid_from, valid_to)."""

    check: IdentityCheck
    age_from: int


_HOUSE = "House rule; no law names the checks at hand-over"

CHECK_RULES: tuple[CheckRule, ...] = (
    CheckRule(check=IdentityCheck.FACE, age_from=6, valid_from=LAW_2014_STARTS, source=_HOUSE, assumed=True),
    CheckRule(check=IdentityCheck.FINGERPRINT, age_from=6, valid_from=LAW_2014_STARTS, source=_HOUSE, assumed=True),
    CheckRule(check=IdentityCheck.OLD_CARD, age_from=0, valid_from=LAW_2014_STARTS, source=_HOUSE, assumed=True),
    CheckRule(check=IdentityCheck.PAPER, age_from=0, valid_from=LAW_2014_STARTS, source=_HOUSE, assumed=True),
    CheckRule(check=IdentityCheck.E_ID, age_from=14, valid_from=EID_STARTS, source="Decree 59/2022 Art. 13"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionTerm(Dated):
    """How many days a card may lie at its unit before it is followed up as not collected."""

    days: int


COLLECTION_TERMS: tuple[CollectionTerm, ...] = (
    CollectionTerm(days=30, valid_from=LAW_2014_STARTS, source="House rule; no law names a term", assumed=True),
)


@lru_cache(maxsize=4096)
def may_take(on: date, age: int, ground: TakerGround | None) -> bool:
    """Say whether the holder (no ground), or somebody else on a ground, may take a card on a day.

    :param age: of the holder, in completed years
    """
    return any(
        row.holds(on) and row.ground is ground and row.age_from <= age and (row.age_to is None or age < row.age_to)
        for row in TAKER_RULES
    )


@lru_cache(maxsize=4096)
def can_check(on: date, age: int, check: IdentityCheck) -> bool:
    """Say whether the identity of somebody of an age can be made sure in a way on a day."""
    return any(row.holds(on) and row.check is check and row.age_from <= age for row in CHECK_RULES)


def collect_by(arrived_on: date) -> date:
    """Return the last day on which a card that arrived on a day is collected in time.

    :raises NoLawInForce: it arrived before 1 January 2016
    """
    return arrived_on + timedelta(the_one(COLLECTION_TERMS, arrived_on, "collection").days)


def uncollected_before(on: date) -> date:
    """Return the day before which a card must have arrived to count, on a day, as not collected.

    :raises NoLawInForce: before 1 January 2016
    """
    return on - timedelta(the_one(COLLECTION_TERMS, on, "collection").days)
