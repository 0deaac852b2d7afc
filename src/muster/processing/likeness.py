"""How much speaks for two persons of the register being one: signs with weights, added up. It decides nothing.

The weights are bits of evidence in the manner of Fellegi and Sunter (1969), set by this house and not estimated: a
name and a birth date alone do not make a question of two people, since in a province several people share them; a
place of birth registration, a hamlet or an old number beside them does. The score is what a person is shown; whoever
decides is a person, and nobody is refused by it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from muster.kernel.dates import PartialDate
from muster.kernel.numbers import Sex
from muster.processing.words import Sign
from muster.register.similarity import similarity

WEIGHTS: Mapping[Sign, int] = {
    Sign.SAME_NAME: 10,
    Sign.SAME_LETTERS: 8,
    Sign.NEAR_NAME: 6,
    Sign.SAME_BIRTH: 10,
    Sign.BIRTH_EXCHANGED: 7,
    Sign.BIRTH_VAGUE: 2,
    Sign.SAME_SEX: 1,
    Sign.OTHER_SEX: -4,
    Sign.SAME_BIRTHPLACE: 6,
    Sign.OTHER_BIRTHPLACE: -4,
    Sign.SAME_HAMLET: 5,
    Sign.SAME_COMMUNE: 2,
    Sign.SAME_OLD_NUMBER: 12,
    Sign.OTHER_OLD_NUMBER: -1,  # who moved to another province got another one
}
MOST = 44  # what all signs that speak for it add up to
ASKED_FROM = 50  # per cent of that; an old number on two people is asked at any score (cleaning rule OI02)
NEAR_ENOUGH = 0.75
NAMES = frozenset({Sign.SAME_NAME, Sign.SAME_LETTERS, Sign.NEAR_NAME})
BIRTHS = frozenset({Sign.SAME_BIRTH, Sign.BIRTH_EXCHANGED, Sign.BIRTH_VAGUE})


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared of a person; ``name_key`` keeps the marks, ``letters`` does not."""

    id: UUID
    name: str
    name_key: str
    letters: str
    birth: PartialDate
    sex: Sex
    unit: int
    commune: int
    birthplace: int | None
    has_old_number: bool


def signs(one: Side, other: Side, *, old_number: bool) -> tuple[Sign, ...]:
    """Return what speaks for and against it.

    :param old_number: whether a 9-digit number stands on both
    """
    return tuple(_signs(one, other, old_number=old_number))


def score(found: tuple[Sign, ...]) -> int:
    """Return how much speaks for it, 0 to 100."""
    return max(0, min(100, round(100 * sum(WEIGHTS[sign] for sign in found) / MOST)))


def asked(found: tuple[Sign, ...]) -> bool:
    """Say whether a person is asked about two with these signs: name and birth must both speak for it."""
    alike = not NAMES.isdisjoint(found) and not BIRTHS.isdisjoint(found)
    return Sign.SAME_OLD_NUMBER in found or (alike and score(found) >= ASKED_FROM)


def _signs(one: Side, other: Side, *, old_number: bool) -> Iterator[Sign]:
    yield from filter(None, (_name(one, other), _birth(one.birth, other.birth)))
    yield Sign.SAME_SEX if one.sex is other.sex else Sign.OTHER_SEX
    if one.birthplace and other.birthplace:
        yield Sign.SAME_BIRTHPLACE if one.birthplace == other.birthplace else Sign.OTHER_BIRTHPLACE
    if one.unit == other.unit:
        yield Sign.SAME_HAMLET
    elif one.commune == other.commune:
        yield Sign.SAME_COMMUNE
    if old_number:
        yield Sign.SAME_OLD_NUMBER
    elif one.has_old_number and other.has_old_number:
        yield Sign.OTHER_OLD_NUMBER


def _name(one: Side, other: Side) -> Sign | None:
    if one.name_key == other.name_key:
        return Sign.SAME_NAME
    if one.letters == other.letters:
        return Sign.SAME_LETTERS
    return Sign.NEAR_NAME if similarity(one.name, other.name) >= NEAR_ENOUGH else None


def _birth(one: PartialDate, other: PartialDate) -> Sign | None:
    if one == other:
        return Sign.SAME_BIRTH if one.precision == "day" else Sign.BIRTH_VAGUE
    if one.earliest <= other.latest and other.earliest <= one.latest:
        return Sign.BIRTH_VAGUE
    if one.precision == other.precision == "day" and exchanged(one.earliest) == other.earliest:
        return Sign.BIRTH_EXCHANGED
    return None


def exchanged(day: date) -> date | None:
    """Return the day that comes of exchanging day and month; nothing where there is none, or it is the same."""
    try:
        other = date(day.year, day.day, day.month)
    except ValueError:
        return None
    return other if other != day else None
