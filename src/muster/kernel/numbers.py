"""The 12-digit personal number, and the 9-digit numbers of the old paper cards.

Source: Decree 137/2015, art. 13, and Circular 07/2016/TT-BCA, art. 7 and annex 1. Three digits name the
province where the birth is registered, one the century and the sex, two the year, six are random. There is
no check digit: a mistyped number is often somebody else's, so a look-up shows name and year to confirm.
"""

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal, Self

from muster.kernel.errors import Refusal

SERIALS_IN_BLOCK = 1_000_000
_FIRST_CENTURY = 1900  # digits 0 and 1; each hundred years later adds two
_LAST_YEAR = 2399
# As people type and copy them: a number out of a contact or a chat comes wrapped in marks of direction.
_SEPARATORS = re.compile(r"[\s.\-\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_TWELVE = re.compile(r"[0-9]{12}")
_NINE = re.compile(r"[0-9]{9}")


class NotTwelveDigits(Refusal):
    code = "not_twelve_digits"
    vi = "Số định danh phải có đúng 12 chữ số; đã nhận {length} ký tự."
    en = "A personal number has exactly 12 digits; {length} characters were given."


class NotNineDigits(Refusal):
    code = "not_nine_digits"
    vi = "Số chứng minh nhân dân cũ phải có đúng 9 chữ số; đã nhận {length} ký tự."
    en = "An old number has exactly 9 digits; {length} characters were given."


class ForeignDigits(Refusal):
    code = "foreign_digits"
    vi = "Số phải viết bằng các chữ số 0–9 thường, không dùng chữ số kiểu khác."
    en = "A number is written with the plain digits 0–9, not with digits of another script or width."


class NoCenturyDigit(Refusal):
    code = "no_century_digit"
    vi = "Năm sinh {year} không có mã thế kỷ: số định danh chỉ có cho năm 1900–2399."
    en = "The year {year} has no century digit: personal numbers exist for 1900–2399."


class Sex(StrEnum):
    """The sex in the register, as the number codes it."""

    MALE = "male"
    FEMALE = "female"


class NumberKind(StrEnum):
    """What a typed number looks like."""

    PERSONAL = "personal"  # 12 digits
    OLD = "old"  # 9 digits
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of birth registration: the province as it was when numbers began, and its successor of 2025."""

    prefix: str
    province: str
    code: str
    successor: str
    successor_code: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a number that does not agree with its holder; ``rule`` is the cleaning rule's id."""

    code: str
    rule: str
    severity: Literal["error", "warning"]
    vi: str
    en: str


SEX_DIFFERS = Finding(
    "sex_differs", "PN03", "error", "Mã giới tính trong số khác giới tính.", "The number codes the other sex."
)
CENTURY_DIFFERS = Finding(
    "century_differs",
    "PN03",
    "error",
    "Mã thế kỷ trong số khác năm sinh.",
    "The number codes another century.",
)
YEAR_DIFFERS = Finding(
    "year_differs", "PN04", "error", "Hai số năm khác năm sinh.", "The number codes another birth year."
)
PLACE_DIFFERS = Finding(
    "place_differs",
    "PN02",
    "error",
    "Mã tỉnh trong số khác tỉnh đăng ký khai sinh.",
    "The number codes another province of birth registration.",
)
UNKNOWN_PREFIX = Finding(
    "unknown_prefix",
    "PN02",
    "warning",
    "Ba số đầu không có trong bảng mã tỉnh.",
    "The first three digits are not in the table of provinces.",
)


@dataclass(frozen=True, slots=True)
class NumberMeaning:
    """What a personal number says: the place is ``None`` when its prefix is not in the table."""

    place: Place | None
    sex: Sex
    century: int
    birth_year: int
    serial: str


@dataclass(frozen=True, slots=True, order=True)
class PersonalNumber:
    """A personal number in its parts; ``str()`` gives the 12 digits, ``block`` the first six."""

    prefix: str
    century_sex: int
    year2: int
    serial: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 12 ASCII digits; spaces, dots and hyphens between them are dropped.

        :raises ForeignDigits: digits of another script, or full-width digits
        :raises NotTwelveDigits: anything else that is not 12 digits
        """
        digits = _digits(text)
        if not _TWELVE.fullmatch(digits):
            raise NotTwelveDigits(length=len(digits))
        return cls(digits[:3], int(digits[3]), int(digits[4:6]), int(digits[6:]))

    @property
    def block(self) -> str:
        """The six digits that everybody of one place, sex and birth year shares."""
        return f"{self.prefix}{self.century_sex}{self.year2:02}"

    @property
    def sex(self) -> Sex:
        """The sex it codes: an even digit is male."""
        return Sex.FEMALE if self.century_sex % 2 else Sex.MALE

    @property
    def century(self) -> int:
        """The century it codes: 20 for 1900-1999, 21 for 2000-2099."""
        return 20 + self.century_sex // 2

    @property
    def birth_year(self) -> int:
        """The birth year it codes, with four digits."""
        return _FIRST_CENTURY + 100 * (self.century_sex // 2) + self.year2

    @property
    def place(self) -> Place | None:
        """The place of birth registration in the table of 2016; ``None`` when it is not there."""
        return places().get(self.prefix)

    def explain(self) -> NumberMeaning:
        """Return what the number says about its holder."""
        return NumberMeaning(self.place, self.sex, self.century, self.birth_year, f"{self.serial:06}")

    def findings(
        self, *, sex: Sex | None = None, birth_year: int | None = None, prefix: str | None = None
    ) -> list[Finding]:
        """Return where the number does not agree with the person; what is not given is not compared.

        :param prefix: the prefix of the place where the birth is registered, see :func:`prefix_of`
        """
        found = []
        if self.place is None:
            found.append(UNKNOWN_PREFIX)
        if prefix is not None and prefix != self.prefix:
            found.append(PLACE_DIFFERS)
        if sex is not None and sex is not self.sex:
            found.append(SEX_DIFFERS)
        if birth_year is not None and birth_year // 100 != self.birth_year // 100:
            found.append(CENTURY_DIFFERS)
        if birth_year is not None and birth_year % 100 != self.year2:
            found.append(YEAR_DIFFERS)
        return found

    def __str__(self) -> str:
        return f"{self.block}{self.serial:06}"


def century_sex_digit(sex: Sex, year: int) -> int:
    """Return the fourth digit: 0 and 1 for men and women born 1900-1999, 2 and 3 for 2000-2099, and so on.

    :raises NoCenturyDigit: the year is before 1900 or after 2399
    """
    if not _FIRST_CENTURY <= year <= _LAST_YEAR:
        raise NoCenturyDigit(year=year)
    return 2 * ((year - _FIRST_CENTURY) // 100) + (sex is Sex.FEMALE)


def block_of(prefix: str, sex: Sex, year: int) -> str:
    """Return the six digits in front of the serial.

    :raises NoCenturyDigit: the year is before 1900 or after 2399
    """
    return f"{prefix}{century_sex_digit(sex, year)}{year % 100:02}"


@cache
def places() -> dict[str, Place]:
    """Return the table of places of birth registration by prefix (Circular 07/2016/TT-BCA, annex 1)."""
    table = files("muster.kernel").joinpath("data/personal_number_province_codes.csv").read_text("utf-8")
    return {
        row["number_prefix"]: Place(
            prefix=row["number_prefix"],
            province=row["province_pre_2025"],
            code=row["stat_code_pre_2025"],
            successor=row["successor_name_2025"],
            successor_code=row["successor_code_2025"],
        )
        for row in csv.DictReader(table.splitlines())
    }


def prefix_of(province_code: str) -> str | None:
    """Return the prefix of a province by its code before July 2025; ``None`` for any other code."""
    return next((place.prefix for place in places().values() if place.code == province_code), None)


def old_number(text: str) -> str:
    """Return the 9 digits of an old paper card; spaces, dots and hyphens are dropped.

    :raises ForeignDigits: digits of another script, or full-width digits
    :raises NotNineDigits: anything else that is not 9 digits
    """
    digits = _digits(text)
    if not _NINE.fullmatch(digits):
        raise NotNineDigits(length=len(digits))
    return digits


def looks_like(text: str) -> NumberKind:
    """Say what a typed text looks like, without refusing anything."""
    digits = _SEPARATORS.sub("", text)
    if _TWELVE.fullmatch(digits):
        return NumberKind.PERSONAL
    return NumberKind.OLD if _NINE.fullmatch(digits) else NumberKind.NEITHER


def mask(number: str) -> str:
    """Return a number for a screen that many can see: the first and the last three, dots between."""
    hidden = len(number) - 6
    return number[:3] + "•" * hidden + number[-3:] if hidden > 0 else "•" * len(number)


def _digits(text: str) -> str:
    digits = _SEPARATORS.sub("", text)
    if any(char.isdigit() and not char.isascii() for char in digits):
        raise ForeignDigits
    return digits
