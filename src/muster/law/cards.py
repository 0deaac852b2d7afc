"""Cards: the kinds of identity card there have been, and until when each one is good."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from muster.kernel.dates import birthday
from muster.law.regimes import (
    CHIP_INTAKE_STARTS,
    CHIP_ONLY_STARTS,
    CMND_VOID_STARTS,
    LAW_2014,
    LAW_2014_STARTS,
    LAW_2023,
    LAW_2023_STARTS,
)
from muster.law.tables import Dated, NoLawInForce, in_force


class CardType(StrEnum):
    """What the latest card of a person is; the Vietnamese short names are the ones everybody uses."""

    CMND_9 = "cmnd_9"  # people's identity card, 9 digits
    CMND_12 = "cmnd_12"  # people's identity card, 12 digits
    CCCD_BARCODE = "cccd_barcode"  # citizen identity card with a barcode
    CCCD_CHIP = "cccd_chip"  # citizen identity card with a chip
    CAN_CUOC = "can_cuoc"  # identity card of the 2023 law
    IDENTITY_CERTIFICATE = "identity_certificate"  # Vietnamese origin, nationality undetermined


class Term(StrEnum):
    """How long a kind of card is good: a number of years, the next exchange age, or what is printed."""

    YEARS = "years"
    EXCHANGE_AGE = "exchange_age"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRule(Dated):
    """A kind of card: [valid_from, valid_to) are the days on which it was issued.

    ``years`` counts from the day of issue. From ``void_from`` no such card is good. From ``old_from`` its holder
    may exchange it for today's card, though it is still good.
    """

    type: CardType
    term: Term
    years: int | None = None
    void_from: date | None = None
    old_from: date | None = None


_CMND_TERM = f"Decree 05/1999 Art. 2 (15 years); void: {LAW_2023} Art. 46(2)"

# fmt: off
CARD_RULES: tuple[CardRule, ...] = (
    CardRule(type=CardType.CMND_9, valid_from=date(1976, 8, 9), valid_to=CHIP_ONLY_STARTS, term=Term.YEARS, years=15,
             void_from=CMND_VOID_STARTS, old_from=LAW_2014_STARTS, source=_CMND_TERM, assumed=True),
    CardRule(type=CardType.CMND_12, valid_from=date(2012, 7, 1), valid_to=LAW_2014_STARTS, term=Term.YEARS, years=15,
             void_from=CMND_VOID_STARTS, old_from=LAW_2014_STARTS, source=_CMND_TERM, assumed=True),
    CardRule(type=CardType.CCCD_BARCODE, valid_from=LAW_2014_STARTS, valid_to=CHIP_ONLY_STARTS, term=Term.EXCHANGE_AGE,
             old_from=CHIP_ONLY_STARTS, source=f"{LAW_2014} Art. 21; Circular 06/2021 Art. 4"),
    CardRule(type=CardType.CCCD_CHIP, valid_from=CHIP_INTAKE_STARTS, valid_to=LAW_2023_STARTS, term=Term.EXCHANGE_AGE,
             source=f"{LAW_2014} Art. 21; {LAW_2023} Art. 46(1)"),
    CardRule(type=CardType.CAN_CUOC, valid_from=LAW_2023_STARTS, term=Term.EXCHANGE_AGE,
             source=f"{LAW_2023} Art. 21"),
    CardRule(type=CardType.IDENTITY_CERTIFICATE, valid_from=LAW_2023_STARTS, term=Term.PRINTED,
             source=f"{LAW_2023} Art. 30", assumed=True),
)
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeAge(Dated):
    """An age at which the card must be exchanged, unless it was issued within ``grace_years`` before that age.

    [valid_from, valid_to) are the days of issue of the cards it governs.
    """

    age: int
    grace_years: int


def _ages(ages: tuple[int, ...], start: date, end: date | None, source: str) -> tuple[ExchangeAge, ...]:
    return tuple(ExchangeAge(age=a, grace_years=2, valid_from=start, valid_to=end, source=source) for a in ages)


EXCHANGE_AGES: tuple[ExchangeAge, ...] = (
    *_ages((25, 40, 60), LAW_2014_STARTS, LAW_2023_STARTS, f"{LAW_2014} Art. 21"),
    *_ages((14, 25, 40, 60), LAW_2023_STARTS, None, f"{LAW_2023} Art. 21"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension(Dated):
    """A stretch [valid_from, valid_to) of expiry days whose cards may be used on until ``usable_until``.

    It stretches the use of the card, not the age: whoever reached 25 in that time is due from the birthday.
    """

    usable_until: date


EXTENSIONS: tuple[Extension, ...] = (
    Extension(
        valid_from=date(2024, 1, 15),
        valid_to=date(2024, 6, 30),
        usable_until=LAW_2023_STARTS,
        source=f"{LAW_2023} Art. 46(3)",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """What is known of a card. ``expires_on`` is the day printed on it, ``None`` when it is not known.

    The printed day is the birthday on which the exchange is due, so it is the first day out, not the last in.
    ``no_expiry`` says that the card itself says so.
    """

    type: CardType
    issued_on: date | None = None
    expires_on: date | None = None
    no_expiry: bool = False


_ALL_EXCHANGE_AGES = frozenset(row.age for row in EXCHANGE_AGES)
_RULE_OF = {rule.type: rule for rule in CARD_RULES}


def rule_of(card_type: CardType) -> CardRule:
    """Return the rule of a kind of card."""
    return _RULE_OF[card_type]


def was_issued(card_type: CardType, on: date) -> bool:
    """Say whether cards of this kind were issued on a day: else type or day of a record is wrong."""
    return rule_of(card_type).holds(on)


def is_exchange_age(age: int) -> bool:
    """Say whether any law so far exchanges cards at this age."""
    return age in _ALL_EXCHANGE_AGES


@lru_cache(maxsize=8192)
def _exchange_ages(issued_on: date) -> tuple[ExchangeAge, ...]:
    return in_force(EXCHANGE_AGES, max(issued_on, LAW_2014_STARTS))


def next_exchange(birth: date, issued_on: date) -> date | None:
    """Return the birthday on which a card issued on a day is to be exchanged; ``None``: never again.

    A card issued in the two years before an exchange age, that is from the birthday two years earlier, stays
    good to the next one; issued from 58 on, it has no expiry (Law 59/2014 Art. 21, Law 26/2023 Art. 21).
    """
    for row in _exchange_ages(issued_on):
        if issued_on < birthday(birth, row.age - row.grace_years):
            return birthday(birth, row.age)
    return None


def term_ends(card: CardFacts, birth: date) -> date | None:
    """Return the first day on which a card is past its own term; ``None`` when it has none.

    What is printed on the card goes before what the law would have printed (Law 26/2023 Art. 46(1)).
    """
    rule = rule_of(card.type)
    if card.no_expiry:
        return None
    if card.expires_on is not None or card.issued_on is None:
        return card.expires_on
    if rule.years is not None:
        return birthday(card.issued_on, rule.years)
    return next_exchange(birth, card.issued_on) if rule.term is Term.EXCHANGE_AGE else None


def good_until(card: CardFacts, birth: date) -> date | None:
    """Return the first day on which a card is no longer good: past its term, or void by law; ``None``: never."""
    ends = [day for day in (term_ends(card, birth), rule_of(card.type).void_from) if day is not None]
    return min(ends, default=None)


def usable_until(card: CardFacts, birth: date) -> date | None:
    """Return the first day on which a card may no longer be shown, extensions by law counted in."""
    until = good_until(card, birth)
    if until is None:
        return None
    return next((row.usable_until for row in EXTENSIONS if row.holds(until)), until)


def printed_on(on: date) -> CardType:
    """Return the kind of card a citizen's dossier of a day leads to.

    :raises NoLawInForce: before 1 January 2016
    """
    latest = [rule for rule in in_force(CARD_RULES, on) if rule.term is Term.EXCHANGE_AGE]
    if not latest:
        raise NoLawInForce(subject="card", on=on.isoformat())
    return latest[-1].type
