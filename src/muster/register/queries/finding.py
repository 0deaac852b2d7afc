"""Find people by number, by old number, or by name and one thing more.

Keys that we compute lead to a few rows, and similarity puts those in order: at ten million Vietnamese names a
trigram index takes seconds and finds 17 %, keys and similarity take milliseconds and find all (register notes).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import nsmallest
from typing import Any
from uuid import UUID

from django.db import connection

from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.kernel.names import ascii_key
from muster.kernel.numbers import NumberKind, PersonalNumber, Sex, looks_like, old_number
from muster.law.duty import LifeStatus
from muster.register import qr
from muster.register.similarity import one_slip, similarity
from muster.units.models import Level, Unit

LIMIT = 20
ALIKE_ENOUGH = 0.6
MOST_ROWS = 5_000  # names that are compared at the most


class NotANumber(Refusal):
    """What was typed or scanned is no personal number, no old number and no card's code."""

    code = "not_a_number"
    vi = "Hãy nhập số định danh 12 số, số CMND 9 số, hoặc quét mã QR trên thẻ."
    en = "Type a 12-digit personal number or a 9-digit old number, or scan the card's QR code."


class SearchTooWide(Refusal):
    """A name alone is no query: it fits thousands. It takes a birth date or year, or a unit."""

    code = "search_too_wide"
    vi = "Chỉ họ tên thì quá rộng: hãy thêm ngày hoặc năm sinh, hoặc chọn xã/phường."
    en = "A name alone is too wide: add a birth date or year, or choose a commune."


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person as a list shows them: nothing sensitive. ``likeness`` is 1 for an exact find."""

    id: UUID
    number: str
    name: str
    birth: PartialDate
    sex: Sex
    unit: int
    path: tuple[int, ...]
    life: LifeStatus
    likeness: float = 1.0


_LINE = """
    SELECT person.id, coalesce(person.number, ''), person.name, person.birth, person.sex, person.unit_id,
           unit.ancestors, person.life
    FROM register_person AS person JOIN units_unit AS unit ON unit.id = person.unit_id
"""


def lines(ids: Iterable[UUID]) -> list[PersonLine]:
    """Return persons by id, in Vietnamese order of names."""
    return _lines(_LINE + "WHERE person.id = ANY(%s) ORDER BY sort_key, person.id", [list(ids)])


def by_number(number: str) -> list[PersonLine]:
    """Return whose a personal number is or was; a cancelled number leads to its person too, merged or not."""
    return _lines(
        _LINE
        + """WHERE person.id = (
            WITH RECURSIVE row (id) AS (
                SELECT person FROM register_number WHERE number = %s
                UNION ALL SELECT into_id FROM row JOIN register_merged ON gone_id = id)
            SELECT id FROM row WHERE NOT EXISTS (SELECT FROM register_merged WHERE gone_id = id))""",
        [number],
    )


def wards(parent: UUID) -> list[PersonLine]:
    """Return whose father, mother or representative a person is; a row merged into another is nobody."""
    return _lines(
        _LINE
        + """WHERE person.id IN (SELECT person_id FROM register_kin WHERE other_id = %s AND kinship <> 'spouse')
            AND NOT EXISTS (SELECT FROM register_merged WHERE gone_id = person.id)""",
        [parent],
    )


def by_old_number(number: str) -> list[PersonLine]:
    """Return who had a 9-digit number: papers have given one to two people."""
    return _lines(
        _LINE + "WHERE person.id IN (SELECT person_id FROM register_old_number WHERE number = %s) ORDER BY sort_key",
        [number],
    )


def by_text(text: str) -> list[PersonLine]:
    """Return whom a personal number, an old number or a card's QR code names.

    :raises NotANumber: the text is none of the three
    :raises NotACardCode: it has the form of a QR code, and a field is wrong
    """
    if qr.looks_like_a_card_code(text):
        return by_number(qr.parse(text).number)
    kind = looks_like(text)
    if kind is NumberKind.PERSONAL:
        return by_number(str(PersonalNumber.parse(text)))
    if kind is NumberKind.OLD:
        return by_old_number(old_number(text))
    raise NotANumber


def find(
    name: str, *, birth: PartialDate | None = None, unit: int | None = None, limit: int = LIMIT
) -> list[PersonLine]:
    """Return people whose name is alike and whose birth or unit fits, the most alike first.

    Names are found with or without marks, with one slip of a letter, a lost middle name or another order, and without
    the family name where a day or a commune is given; births with a vaguer date in the register, or day and month
    exchanged.

    :param unit: its whole subtree counts
    :raises SearchTooWide: neither a birth nor a commune (or hamlet) is given
    """
    key, narrow = ascii_key(name), _is_narrow(unit)
    if not key or (birth is None and not narrow):
        raise SearchTooWide
    few = narrow or (birth is not None and birth.precision == "day")
    conditions = [_named(key) if few else _named_among_many(key)]
    conditions += [_born(birth)] if birth else []
    conditions += [("unit_id IN (SELECT id FROM units_unit WHERE ancestors @> ARRAY[%s])", [unit])] if unit else []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT id, name FROM register_person WHERE {" AND ".join(condition for condition, _ in conditions)}
            ORDER BY name_ascii = %s DESC LIMIT {MOST_ROWS}
            """,
            [*(value for _, values in conditions for value in values), key],
        )
        found = cursor.fetchall()
    likeness = {other: similarity(name, other) for other in {other for _, other in found}}
    rated = nsmallest(limit, ((-likeness[o], o, person) for person, o in found if likeness[o] >= ALIKE_ENOUGH))
    told = {line.id: line for line in lines(person for *_, person in rated)}
    return [replace(told[person], likeness=round(-less, 3)) for less, _, person in rated if person in told]


def _is_narrow(unit: int | None) -> bool:
    """Say whether a unit is a commune or below: what stands above holds too many people for a name alone."""
    levels = (Level.COMMUNE.value, Level.HAMLET.value)
    return unit is not None and Unit.objects.filter(id=unit, level__in=levels).exists()


Condition = tuple[str, list[Any]]  # SQL and its values


def _named(key: str) -> Condition:
    """Return how names like ``key`` are found on a day or in a commune, where a given name has few bearers.

    Family and given name are both among the syllables asked for (a lost or wrong middle name, another order), or the
    whole name is one slip away, or it ends like the one asked for (a lost family name). The first line says again
    what the rest implies, in the form that the indexes can follow.
    """
    syllables = key.split()
    given = sorted({*syllables, *one_slip(syllables[-1])})
    return (
        """given_ascii = ANY(%s) AND (given_ascii = ANY(%s) AND split_part(name_ascii, ' ', 1) = ANY(%s)
            OR name_ascii = ANY(%s) OR name_ascii LIKE %s)""",
        [given, syllables, syllables, [*_slips(syllables, 0), *_slips(syllables, -1)], f"% {key}"],
    )


def _named_among_many(key: str) -> Condition:
    """Return how names like ``key`` are found in a year of a whole country: by given and family name together."""
    syllables = key.split()
    family, given = syllables[0], syllables[-1]
    return (
        """(given_ascii = ANY(%s) AND family_ascii = ANY(%s)
            OR given_ascii = %s AND family_ascii = ANY(%s) AND name_ascii = ANY(%s)
            OR given_ascii = ANY(%s) AND family_ascii = %s AND name_ascii = ANY(%s))""",
        [
            syllables, syllables,
            given, sorted(one_slip(family)), _slips(syllables, 0),
            sorted(one_slip(given)), family, _slips(syllables, -1),
        ],
    )  # fmt: skip


def _slips(syllables: Sequence[str], place: int) -> list[str]:
    """Return the names that differ from one by a slip in one syllable: place 0, or -1 for the last."""
    before, after = (syllables[:-1], []) if place else ([], syllables[1:])
    return [" ".join([*before, slip, *after]) for slip in sorted(one_slip(syllables[place]))]


def _born(birth: PartialDate) -> Condition:
    """Return how births are found that may be the one given; of a day also those known by month or year alone."""
    if birth.precision != "day":
        return (
            "birth_from BETWEEN %s AND %s AND birth_to >= %s",
            [date(birth.year, 1, 1), birth.latest, birth.earliest],
        )
    days = _days_meant(birth)
    beginnings = {date(birth.year, 1, 1), *days, *(day.replace(day=1) for day in days)}
    overlaps = " OR ".join(["%s BETWEEN birth_from AND birth_to"] * len(days))
    return f"birth_from = ANY(%s) AND ({overlaps})", [sorted(beginnings), *days]


def _days_meant(birth: PartialDate) -> Sequence[date]:
    """Return the day given, and the one that comes of exchanging day and month."""
    given = birth.earliest
    try:
        exchanged = date(given.year, given.day, given.month)
    except ValueError:
        return [given]
    return list(dict.fromkeys([given, exchanged]))


def _lines(sql: str, values: Sequence[Any]) -> list[PersonLine]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            PersonLine(person, number, name, PartialDate.parse(birth), Sex(sex), unit, tuple(path), LifeStatus(life))
            for person, number, name, birth, sex, unit, path, life in cursor.fetchall()
        ]
