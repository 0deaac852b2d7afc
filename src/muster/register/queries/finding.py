"""Find people by number, by old number, or by name and one thing more.

Keys that we compute lead to a few rows, and similarity puts those in order: at ten million Vietnamese names a
trigram index takes seconds and finds 17 %, keys and similarity take milliseconds and find all (register notes).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from typing import Any
from uuid import UUID

from django.db import connection

from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.kernel.names import ascii_key
from muster.kernel.numbers import Sex
from muster.law.duty import LifeStatus
from muster.register.similarity import similarity
from muster.units.models import Level, Unit

LIMIT = 20
ALIKE_ENOUGH = 0.6
MOST_ROWS = 5_000  # names that are compared at the most


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
    """Return whose a personal number is or was; a cancelled number leads to its person too."""
    return _lines(
        _LINE + "WHERE person.id = (SELECT person FROM register_number WHERE number = %s)",
        [number],
    )


def by_old_number(number: str) -> list[PersonLine]:
    """Return who had a 9-digit number: papers have given one to two people."""
    return _lines(
        _LINE + "WHERE person.id IN (SELECT person_id FROM register_old_number WHERE number = %s) ORDER BY sort_key",
        [number],
    )


def find(
    name: str, *, birth: PartialDate | None = None, unit: int | None = None, limit: int = LIMIT
) -> list[PersonLine]:
    """Return people whose name is alike and whose birth or unit fits, the most alike first.

    Names are found with or without marks, with one slip of a letter, a lost middle name or another order; births
    with a vaguer date in the register, or day and month exchanged.

    :param unit: its whole subtree counts
    :raises SearchTooWide: neither a birth nor a commune (or hamlet) is given
    """
    key = ascii_key(name)
    if not key or (birth is None and not _is_narrow(unit)):
        raise SearchTooWide
    rows = _by_birth(name, birth, unit, limit) if birth else _by_unit(name, unit or 0, None, limit)
    rated = [(similarity(name, row.name), row) for row in {row.id: row for row in rows}.values()]
    best = sorted(
        (pair for pair in rated if pair[0] >= ALIKE_ENOUGH), key=lambda pair: (-pair[0], pair[1].name, pair[1].id)
    )
    return [PersonLine(**{**_fields(row), "likeness": round(likeness, 3)}) for likeness, row in best[:limit]]


def _is_narrow(unit: int | None) -> bool:
    """Say whether a unit is a commune or below: what stands above holds too many people for a name alone."""
    levels = (Level.COMMUNE.value, Level.HAMLET.value)
    return unit is not None and Unit.objects.filter(id=unit, level__in=levels).exists()


def _fields(row: PersonLine) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PersonLine.__dataclass_fields__}


def _by_birth(name: str, birth: PartialDate, unit: int | None, limit: int) -> list[PersonLine]:
    """Return who may be born then: everybody of that very day, and of a vaguer date those of the same plain name."""
    key = ascii_key(name)
    within, values = ("AND unit.ancestors @> ARRAY[%s]", [unit]) if unit else ("", [])
    rows: list[PersonLine] = []
    if birth.precision == "day":
        for day in _days_meant(birth):
            rows += _lines(f"{_LINE} WHERE birth_from = %s AND birth_to = %s {within}", [day, day, *values])
    same_name = "name_ascii = %s AND birth_from BETWEEN %s AND %s AND birth_to >= %s AND birth_from <= %s"
    year = (date(birth.year, 1, 1), date(birth.year, 12, 31))
    rows += _lines(
        f"{_LINE} WHERE {same_name} {within} LIMIT {MOST_ROWS}", [key, *year, birth.earliest, birth.latest, *values]
    )
    if birth.precision != "day" and unit and _is_narrow(unit):
        rows += _by_unit(name, unit, birth, limit)
    return rows


def _days_meant(birth: PartialDate) -> Sequence[date]:
    """Return the day given, and the one that comes of exchanging day and month."""
    given = birth.earliest
    try:
        exchanged = date(given.year, given.day, given.month)
    except ValueError:
        return [given]
    return list(dict.fromkeys([given, exchanged]))


def _by_unit(name: str, unit: int, birth: PartialDate | None, limit: int) -> list[PersonLine]:
    """Return those of a unit, and of a birth if one is given, whose names are the most alike.

    Names that share all syllables but one with the name asked for are compared, each once however many bear it: in a
    commune that is a fraction of its people, and only the bearers of the best names are read whole.
    """
    key = ascii_key(name)
    syllables = key.split()
    shared = [syllables[:place] + syllables[place + 1 :] for place in range(len(syllables))]
    shared = shared if len(syllables) > 1 else [syllables]
    fits = " OR ".join(["string_to_array(name_ascii, ' ') @> %s::text[]"] * len(shared))
    within = "unit_id IN (SELECT id FROM units_unit WHERE ancestors @> ARRAY[%s])"
    values: list[Any] = [unit]
    if birth:
        within += " AND birth_to >= %s AND birth_from <= %s"
        values += [birth.earliest, birth.latest]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT name FROM register_person WHERE {within} AND ({fits})
            GROUP BY name ORDER BY bool_or(name_ascii = %s) DESC LIMIT {MOST_ROWS}
            """,
            [*values, *shared, key],
        )
        rated = [(similarity(name, found), found) for (found,) in cursor.fetchall()]
    best = [found for likeness, found in nlargest(limit, rated) if likeness >= ALIKE_ENOUGH]
    named = "name_ascii = ANY(%s) AND person.name = ANY(%s)"
    return (
        _lines(f"{_LINE} WHERE person.{within} AND {named}", [*values, [ascii_key(found) for found in best], best])
        if best
        else []
    )


def _lines(sql: str, values: Sequence[Any]) -> list[PersonLine]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            PersonLine(person, number, name, PartialDate.parse(birth), Sex(sex), unit, tuple(path), LifeStatus(life))
            for person, number, name, birth, sex, unit, path, life in cursor.fetchall()
        ]
