"""The machine-readable zone of a card of size TD1: three lines of 30 (ICAO Doc 9303, 8th edition, parts 3 and 5).

Check digits: weights 7, 3, 1 over 0-9, A = 10 ... Z = 35, filler = 0, modulo 10 (part 3, 4.9). Names lose their marks
(part 3, section 6), apostrophes go, hyphens become fillers (part 3, 4.6). A name that does not fit is cut so that the
last position holds a letter, which tells a reader that something may be missing (part 5, 4.2.3). Of the ways that the
standard allows, middle names are cut first, from the last one, then the given name, then the family name: two people
of one family and commune differ in their given names more than in anything else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.kernel.names import ascii_key
from muster.kernel.numbers import Sex

WIDTH = 30
FILLER = "<"
_WEIGHTS = (7, 3, 1)
_VALUES = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {FILLER: 0}
_SEXES = {Sex.MALE: "M", Sex.FEMALE: "F"}
_NOT_A_LETTER = re.compile("[^A-Z]")
_PLAIN = re.compile("[A-Z0-9<]*")

Lines = tuple[str, str, str]


class NotForTheZone(Refusal):
    """The zone holds capital letters, digits and fillers, each field in its length; a name has a letter."""

    code = "not_for_the_zone"
    vi = "Dữ liệu “{field}” không ghi được vào vùng máy đọc."
    en = "The field “{field}” cannot stand in the machine-readable zone."


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the zone tells. ``optional`` is the rest of the first line, of at most 15 characters."""

    code: str
    state: str
    number: str
    optional: str
    birth: PartialDate
    sex: Sex
    expires_on: date
    nationality: str
    name: str


def check_digit(text: str) -> str:
    """Return the check digit of a field, fillers included.

    :raises KeyError: a character that the zone does not hold
    """
    return str(sum(_VALUES[char] * _WEIGHTS[place % 3] for place, char in enumerate(text)) % 10)


def td1(document: Document) -> Lines:
    """Return the three lines of a card.

    :raises NotForTheZone: a field is too long, holds another character, or the name has no letter
    """
    number = _field("number", document.number, 9)
    optional = _field("optional", document.optional, 15)
    head = _field("code", document.code, 2) + _field("state", document.state, 3)
    first = head + number + check_digit(number) + optional
    birth, expiry = birth_digits(document.birth), f"{document.expires_on:%y%m%d}"
    second = birth + check_digit(birth) + _SEXES[document.sex] + expiry + check_digit(expiry)
    second += _field("nationality", document.nationality, 3) + FILLER * 11
    return first, second + check_digit(_composite(first, second)), names(document.name)


def _composite(first: str, second: str) -> str:
    return first[5:30] + second[:7] + second[8:15] + second[18:29]


def _field(name: str, text: str, width: int) -> str:
    if len(text) > width or not _PLAIN.fullmatch(text):
        raise NotForTheZone(field=name)
    return text.ljust(width, FILLER)


def birth_digits(birth: PartialDate) -> str:
    """Return YYMMDD, with fillers for a month or a day that is not known (part 3, 4.8)."""
    parts = (f"{part:02}" if part else FILLER * 2 for part in (birth.month, birth.day))
    return f"{birth.year % 100:02}{''.join(parts)}"


def names(name: str) -> str:
    """Return the line of a name: family name, two fillers, the other names; one name alone is the primary one.

    :raises NotForTheZone: the name has no letter
    """
    parts = [letters for word in ascii_key(name).split() if (letters := _letters(word))]
    if not parts:
        raise NotForTheZone(field="name")
    family, *rest = parts
    line = _line(family, rest)
    return (line if len(line) <= WIDTH else _cut(family, rest)).ljust(WIDTH, FILLER)


@lru_cache(1 << 14)
def _letters(word: str) -> str:
    return _NOT_A_LETTER.sub("", word.upper())


def _line(family: str, rest: Sequence[str]) -> str:
    return f"{family}{FILLER * 2}{FILLER.join(rest)}" if rest else family


def _cut(family: str, rest: Sequence[str]) -> str:
    """Return a line of exactly 30 that ends with a letter, every name cut to no less than its first letter."""
    parts = [family, *rest]
    while 2 * len(parts) > WIDTH:  # an initial and what parts it from the next one
        del parts[-2]
    over = len(_line(parts[0], parts[1:])) - WIDTH
    for place in (*range(len(parts) - 2, 0, -1), len(parts) - 1, 0):
        cut = max(0, min(over, len(parts[place]) - 1))
        parts[place] = parts[place][: len(parts[place]) - cut]
        over -= cut
    return _line(parts[0], parts[1:])


def faults(lines: Lines) -> tuple[str, ...]:
    """Return what is wrong with three lines read from a card: lengths, characters, check digits."""
    if any(len(line) != WIDTH or not _PLAIN.fullmatch(line) for line in lines):
        return ("form",)
    first, second, _ = lines
    digits = {
        "number": (first[5:14], first[14]),
        "birth": (second[:6], second[6]),
        "expiry": (second[8:14], second[14]),
        "composite": (_composite(first, second), second[29]),
    }
    return tuple(name for name, (text, digit) in digits.items() if check_digit(text) != digit)
