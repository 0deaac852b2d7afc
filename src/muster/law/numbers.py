"""Numbers: how the 12-digit number is made up in law, when it is made anew, and which way a row may go."""

from dataclasses import dataclass
from enum import StrEnum

from muster.law.regimes import LAW_2014_STARTS, LAW_2023, LAW_2023_STARTS, TWO_TIER_STARTS
from muster.law.tables import Dated


class NumberPart(StrEnum):
    """The parts of the number, in their order."""

    PREFIX = "prefix"
    CENTURY_SEX = "century_sex"
    YEAR = "year"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPartRule(Dated):
    """One part of the number: how many digits, and what it stands for. There is no check digit."""

    part: NumberPart
    digits: int
    vi: str
    en: str


_DECREE = "Decree 137/2015 Art. 13; Circular 07/2016 Art. 7"

# fmt: off
NUMBER_PARTS: tuple[NumberPartRule, ...] = tuple(
    NumberPartRule(part=part, digits=digits, vi=vi, en=en, valid_from=LAW_2014_STARTS, source=_DECREE)
    for part, digits, vi, en in (
        (NumberPart.PREFIX, 3, "mã nơi đăng ký khai sinh", "place of birth registration"),
        (NumberPart.CENTURY_SEX, 1, "mã thế kỷ và giới tính", "century and sex"),
        (NumberPart.YEAR, 2, "hai số cuối năm sinh", "last two digits of the birth year"),
        (NumberPart.SERIAL, 6, "số ngẫu nhiên", "random digits"),
    )
)
# fmt: on


class PrefixBasis(StrEnum):
    """Which unit's prefix a birth gets."""

    UNIT_AS_REGISTERED = "unit_as_registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixRule(Dated):
    """Whose prefix applies, and whether a prefix outside the list is refused or only warned of."""

    basis: PrefixBasis
    unknown_is_refused: bool


PREFIX_RULES: tuple[PrefixRule, ...] = (
    PrefixRule(
        basis=PrefixBasis.UNIT_AS_REGISTERED,
        unknown_is_refused=False,
        valid_from=LAW_2014_STARTS,
        valid_to=TWO_TIER_STARTS,
        source=_DECREE,
    ),
    PrefixRule(
        basis=PrefixBasis.UNIT_AS_REGISTERED,
        unknown_is_refused=False,
        valid_from=TWO_TIER_STARTS,
        source="Prefix of births after the province mergers of 2025: rule not known, the unit as registered is kept",
        assumed=True,
    ),
)


class WrongPart(StrEnum):
    """What, when it was wrong, has a number cancelled and established anew; old -> new is kept."""

    SEX = "sex"
    BIRTH_YEAR = "birth_year"
    REGISTRATION_PLACE = "registration_place"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReestablishRule(Dated):
    """A reason for which a number is cancelled and established anew. A cancelled number is never given again."""

    wrong: WrongPart


REESTABLISH_RULES: tuple[ReestablishRule, ...] = tuple(
    ReestablishRule(wrong=wrong, valid_from=start, valid_to=end, source=source)
    for start, end, source in (
        (LAW_2014_STARTS, LAW_2023_STARTS, "Circular 59/2021"),
        (LAW_2023_STARTS, None, f"{LAW_2023}; Decree 70/2024"),
    )
    for wrong in WrongPart
)


class NumberState(StrEnum):
    """How far a row of the register is on its way to a number."""

    UNCLEANED = "uncleaned"
    ELIGIBLE = "eligible"
    NUMBERED = "numbered"


# Numbers are given only to clean rows, and the way is never gone back.
NUMBER_MOVES: frozenset[tuple[NumberState, NumberState]] = frozenset(
    {(NumberState.UNCLEANED, NumberState.ELIGIBLE), (NumberState.ELIGIBLE, NumberState.NUMBERED)}
)


def may_move(before: NumberState, after: NumberState) -> bool:
    """Say whether a row may go from one state to another."""
    return (before, after) in NUMBER_MOVES
