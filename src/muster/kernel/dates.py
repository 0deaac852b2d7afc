"""Dates as papers give them: a year, a month and year, or a day; and the age that follows, as an interval.

Nothing is invented: a person known by the year alone keeps the year alone, and every rule about age is told
how young and how old that person may be.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, Self

from muster.kernel.errors import Refusal

Precision = Literal["year", "month", "day"]

_OLDEST_YEAR = 1000  # four digits: a two-digit year is never guessed
_LATEST_YEAR = 9999
_SLASH = r"(?:\s*[/.-]\s*|\s+)"
# A year of 1800 to 2199 is no month and day, so that eight digits in another order are never taken for these.
_DIGITS = re.compile(r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>(?:1[89]|2[01])[0-9]{2})")
_LOCAL = re.compile(rf"(?:(?:(?P<day>[0-9]{{1,2}}){_SLASH})?(?P<month>[0-9]{{1,2}}){_SLASH})?(?P<year>[0-9]{{4}})")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?")
_DAY_PAST_END = {(2, 29), (2, 30), (4, 31), (6, 31), (9, 31), (11, 31)}  # rule DB03 of the cleaning rules


class ImpossibleDate(Refusal):
    code = "impossible_date"
    vi = "Không có ngày {day}/{month}/{year}."
    en = "There is no date {day}/{month}/{year}."


class UnreadableDate(Refusal):
    code = "unreadable_date"
    vi = "Không đọc được ngày “{text}”: cần năm, tháng/năm hoặc ngày/tháng/năm, năm đủ bốn chữ số."
    en = "“{text}” is not a date: give a year, month/year or day/month/year, the year with four digits."


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, the month or the day.

    :raises ImpossibleDate: no such day, no such month, a day without a month, or a year not of four digits
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not self._exists():
            raise ImpossibleDate(day=self.day or "?", month=self.month or "?", year=self.year)

    def _exists(self) -> bool:
        if not _OLDEST_YEAR <= self.year <= _LATEST_YEAR:
            return False
        if self.month is None:
            return self.day is None
        if not 1 <= self.month <= 12:  # noqa: PLR2004 - months
            return False
        return self.day is None or 1 <= self.day <= calendar.monthrange(self.year, self.month)[1]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``1975``, ``03/1975``, ``01/03/1975`` (also with ``.``, ``-`` or spaces), ``01031975``, or an ISO form.

        A zero for the day, or for day and month, means "not known", as old papers write it.

        :raises UnreadableDate: the text has another form, or a year of two digits
        :raises ImpossibleDate: the form is right and the date does not exist
        """
        typed = text.strip()
        match = _ISO.fullmatch(typed) or _LOCAL.fullmatch(typed) or _DIGITS.fullmatch(typed)
        if match is None:
            raise UnreadableDate(text=text[:40])
        return cls(int(match["year"]), int(match["month"] or 0) or None, int(match["day"] or 0) or None)

    @classmethod
    def from_digits(cls, text: str) -> Self:
        """Read eight digits ``ddmmyyyy``, the form in the QR code of a card.

        :raises UnreadableDate: not eight ASCII digits
        :raises ImpossibleDate: the date does not exist
        """
        if not re.fullmatch(r"[0-9]{8}", text):
            raise UnreadableDate(text=text[:40])
        return cls.parse(f"{text[:2]}/{text[2:4]}/{text[4:]}")

    @classmethod
    def of(cls, day: date) -> Self:
        """Return a full date as a partial date known to the day."""
        return cls(day.year, day.month, day.day)

    @property
    def precision(self) -> Precision:
        """What is known: the year, the month too, or the day too."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def earliest(self) -> date:
        """The first day this can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day this can be."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def iso(self) -> str:
        """The ISO 8601 form with what is known: ``1975``, ``1975-03``, ``1975-03-01``."""
        return "-".join([f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)])

    def agrees_with(self, other: "PartialDate") -> bool:
        """Say whether both can be the same day."""
        return self.earliest <= other.latest and other.earliest <= self.latest

    def __str__(self) -> str:
        return "/".join([*(f"{part:02}" for part in (self.day, self.month) if part), f"{self.year:04}"])


@lru_cache(1 << 16)
def read_stored(text: str) -> PartialDate:
    """Read a date as it is stored; the births of all people of a province are some 36,000 different ones."""
    return PartialDate.parse(text)


def suggest_repair(year: int, month: int, day: int) -> date | None:
    """Return the day a civil-status office puts for a day past the end of its month; else ``None``.

    29-02 of a common year and 30-02 run over into March, 31-04, 31-06, 31-09 and 31-11 into the first of the
    next month (official practice, cleaning rule DB03). A suggestion for that office, never applied by itself.
    """
    if (month, day) not in _DAY_PAST_END or day <= calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, 1) + timedelta(days=day - 1)


@dataclass(frozen=True, slots=True)
class AgeInterval:
    """Completed years a person has at least and at most; both are the same when enough is known."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Whether the age is one number."""
        return self.low == self.high

    def surely_reached(self, age: int) -> bool:
        """Say whether the person has this age at least, whatever the day of birth."""
        return self.low >= age

    def maybe_reached(self, age: int) -> bool:
        """Say whether the person can have this age already."""
        return self.high >= age

    def __str__(self) -> str:
        return f"{self.low}" if self.exact else f"{self.low}–{self.high}"


@lru_cache(1 << 16)
def age_on(birth: PartialDate, on: date) -> AgeInterval:
    """Return how many years are completed on a day; a birthday counts from its first minute.

    Negative before the birth, so that "has reached 14" is simply false for someone not yet born.
    """
    return AgeInterval(completed_years(birth.latest, on), completed_years(birth.earliest, on))


def completed_years(birth: date, on: date) -> int:
    """Return how many years somebody born on a day has completed on another; negative before the birth."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def birthday(birth: date, age: int) -> date:
    """Return the day on which somebody reaches an age, in completed years.

    Born on 29 February, the birthday of a common year is 1 March: a term of years without a corresponding day
    ends with 28 February (Civil Code 2015 Art. 148), and :func:`age_on` begins to count the year on the next day.
    """
    year = birth.year + age
    try:
        return birth.replace(year=year)
    except ValueError:  # 29 February in a common year, or a year no calendar has
        return date(year, 3, 1)


def reaches(birth: PartialDate, age: int) -> tuple[date, date]:
    """Return the first and the last day on which somebody so born can reach an age."""
    return birthday(birth.earliest, age), birthday(birth.latest, age)
