"""Numbers, rates, money and dates as people here write them: ``1.234.567``, ``12,5 %``, ``01/03/2021``.

Every function takes the language of the page, ``vi`` or ``en``. Days are day/month/year in both, since papers
are. Between a figure and its sign stands a no-break space.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from muster.kernel.clock import local
from muster.kernel.dates import PartialDate

Language = Literal["vi", "en"]

NOTHING = "–"  # there is no figure: nothing to divide by, nothing known
_SPACE = "\u00a0"
_SWAP = str.maketrans(",.", ".,")
_WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def count(number: int, language: Language = "vi") -> str:
    """Return a whole number with its thousands apart: ``1.234.567``."""
    return _marks(f"{number:,}", language)


def decimal(number: Decimal | float, places: int = 1, language: Language = "vi") -> str:
    """Return a number with a fixed count of decimals, halves rounded away from zero: ``1.234,5``."""
    rounded = Decimal(str(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return _marks(f"{rounded:,f}", language)


def percent(part: int, base: int, places: int = 1, language: Language = "vi") -> str:
    """Return a part of a base in per cent: ``12,5 %``; it may pass 100 %, and ``–`` stands for a base of 0.

    Below the base it never rounds up to 100 %: that word is kept for "all of them".
    """
    if base == 0:
        return NOTHING
    step = Decimal(1).scaleb(-places)
    rate = (Decimal(100) * part / base).quantize(step, ROUND_HALF_UP)
    if rate >= 100 and part < base:  # noqa: PLR2004 - per cent
        rate = 100 - step
    return f"{_marks(f'{rate:,f}', language)}{_SPACE}%"


def share(part: int, base: int, places: int = 1, language: Language = "vi") -> str:
    """Return a part with its base and rate: ``1.234/5.678 (21,7 %)``, never a rate alone."""
    return f"{count(part, language)}/{count(base, language)} ({percent(part, base, places, language)})"


def dong(amount: int, language: Language = "vi") -> str:
    """Return an amount of money in đồng: ``50.000 đ``, in English ``50,000 VND``."""
    return f"{count(amount, language)}{_SPACE}{'đ' if language == 'vi' else 'VND'}"


def day(value: date | PartialDate | None) -> str:
    """Return a date as ``dd/mm/yyyy``, of a partial date what is known, ``–`` for none."""
    if value is None:
        return NOTHING
    return str(PartialDate.of(value) if isinstance(value, date) else value)


def long_day(value: date, language: Language = "vi") -> str:
    """Return a date in words, as letters have it: ``ngày 01 tháng 3 năm 2021``, ``1 March 2021``.

    Days below 10 and the months January and February carry a zero in Vietnamese (Decree 30/2020, annex I),
    so that nobody can write a digit in front.
    """
    if language == "en":
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    month = f"{value.month:02}" if value.month <= 2 else f"{value.month}"  # noqa: PLR2004 - February
    return f"ngày {value.day:02} tháng {month} năm {value.year}"


def weekday(value: date, language: Language = "vi") -> str:
    """Return the day of the week: ``Thứ Hai``, ``Monday``."""
    return _WEEKDAYS[language][value.weekday()]


def hour(at: datetime) -> str:
    """Return the hour and minute of a moment on the clock of Viet Nam: ``17:00``."""
    return f"{local(at):%H:%M}"


def moment(at: datetime) -> str:
    """Return a moment on the clock of Viet Nam: ``17:00 01/03/2021``."""
    return f"{hour(at)} {day(local(at).date())}"


def _marks(text: str, language: Language) -> str:
    return text.translate(_SWAP) if language == "vi" else text
