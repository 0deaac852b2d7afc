"""Where a typed name or code leads: the units that bear it on a day, the best fit first, each with its path."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.db import connection

from muster.kernel.names import syllable_key
from muster.units import spelling
from muster.units.models import Unit
from muster.units.queries.names import Title, titles
from muster.units.spelling import bare

FOREVER = dt.date.max
PAGE = 20


class Fit(IntEnum):
    """How well what was typed fits a name, the best first."""

    CODE = 0
    NAME_AND_TYPE = 1  # the name with its marks; and the type, if one was typed
    NAME = 2  # the name of a unit of another type
    UNMARKED_AND_TYPE = 3  # the name but for marks
    UNMARKED = 4
    BEGINNING = 5  # the name begins with these words
    UNMARKED_BEGINNING = 6
    BEGUN_WORD = 7  # it begins so, in the middle of a word
    WORDS = 8  # it holds all these words


@dataclass(frozen=True, slots=True)
class Found:
    """A unit that fits, what it is called on the day, the units above it (without the country), and how it fits."""

    unit: Unit
    title: Title
    above: Sequence[Title]
    fit: Fit
    former: str  # the name that fits, where the unit bears another on the day; else empty


def find(
    text: str, on: dt.date | None, *, within: Iterable[int] | None = None, limit: int = PAGE, whole: bool = False
) -> list[Found]:
    """Return the units that a code or a name leads to on a day, the best fit first; at any depth, in seven
    questions at most.

    A name is compared after normalisation (the place of the tone, i or y, capital letters), then without marks.
    A type may stand in front of it, and after commas the names of units above it: ``xã Đồng Tâm, Mỹ Đức``. Names a
    unit bore earlier lead to it as well. First come the units of any level with this code or whole name; then those
    above the hamlets whose names begin so or hold the words; then such hamlets, by name.

    :param on: without one, the units of all times, as they were called last
    :param within: only these units and what is below them
    :param whole: only codes and whole names
    """
    name, *above = [part for part in text.split(",") if bare(part)] or [""]
    if not name:
        return []
    rows = _rows(_Question(name, above, on, None if within is None else sorted(within), limit), whole=whole)
    units = Unit.objects.in_bulk([number for number, *_ in rows])
    paths = {unit.id: unit.ancestors[1:] for unit in units.values()}
    called = titles({key for path in paths.values() for key in path} | set(units), on or FOREVER)
    return [
        Found(units[number], called[number], [called[key] for key in paths[number][:-1]], Fit(fit), former)
        for number, fit, former in rows
    ]


@dataclass(frozen=True, slots=True)
class _Question:
    name: str
    above: Sequence[str]
    on: dt.date | None
    within: Sequence[int] | None
    limit: int


def _rows(question: _Question, *, whole: bool) -> list[tuple[int, int, str]]:
    """Return number, fit and former name of the best, in order: one statement after another until there are enough.

    A word that half of 100,000 hamlets bear is answered by the first two; what sorts them all comes last.
    """
    asked, holds = _asked(question), _holds(question)
    found: list[tuple[int, int, str]] = []
    with connection.cursor() as cursor:
        for level, fits in _STEPS[:1] if whole else _STEPS:
            asked |= {"seen": [number for number, *_ in found], "limit": question.limit - len(found)}
            if asked["limit"]:
                named = " UNION ALL ".join(_named(f"{holds} AND {level}", *one) for one in fits)
                cursor.execute(_STATEMENT.format(named=named, fit=_FIT), asked)
                found += cursor.fetchall()
    return found


def _asked(question: _Question) -> dict[str, Any]:
    """Return the values of the statements."""
    read, whole = spelling.read(question.name), question.name.strip()
    asked: dict[str, Any] = {
        "code": whole,
        "type": read.type_vi,
        "key": syllable_key(read.name),
        "whole_key": syllable_key(whole),
        "bare": bare(read.name),
        "whole": bare(whole),
        "words": bare(read.name).split(),
        "on": question.on or FOREVER,
        "within": question.within,
    }
    begins = {f"{name}_begins": _literal(asked[name]) for name in ("key", "whole_key", "bare", "whole")}
    asked |= {name: f"{value} %" for name, value in begins.items()}
    asked |= {"bare_starts": f"{begins['bare_begins']}%", "whole_starts": f"{begins['whole_begins']}%"}
    above = [{bare(part), bare(spelling.read(part).name)} for part in question.above]
    borne = _bearers(set().union(*above))
    return asked | {f"above{place}": [unit for name, unit in borne if name in one] for place, one in enumerate(above)}


def _bearers(names: Collection[str]) -> list[tuple[str, int]]:
    """Return the units of all times that bear or bore these plain names, each with the name."""
    if not names:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT name_bare, id FROM units_unit WHERE name_bare = ANY(%(names)s)
            UNION SELECT name_bare, unit_id FROM units_renaming WHERE name_bare = ANY(%(names)s)
            """,
            {"names": list(names)},
        )
        return list(cursor.fetchall())


def _literal(text: str) -> str:
    """Return text as LIKE takes it word for word."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _holds(question: _Question) -> str:
    """Return the conditions on the unit itself: its days, what it stands below, and that it was not found before."""
    conditions = ["unit.id <> ALL(%(seen)s::int[])"]
    if question.on:
        conditions.append("unit.valid_from <= %(on)s AND (unit.valid_to IS NULL OR unit.valid_to > %(on)s)")
    if question.within is not None:
        conditions.append("unit.ancestors && %(within)s::int[]")
    conditions += [_ABOVE.format(name=f"above{place}") for place in range(len(question.above))]
    return " AND ".join(conditions)


def _named(holds: str, fits: str, order: str) -> str:
    """Return the select of every name that fits, of units and of their renamings."""
    told = """
        (SELECT unit.id, unit.code, unit.level, unit.valid_to, {of}.name_key, {of}.name_bare, {of}.type_vi, {of}.name,
                {of}.{since} AS since FROM {tables} WHERE {holds} AND ({fits}) {order})"""
    renamings = "units_renaming AS renaming JOIN units_unit AS unit ON unit.id = renaming.unit_id"
    return " UNION ALL ".join(
        told.format(of=of, since=since, tables=tables, holds=holds, fits=fits.format(of=of), order=order.format(of=of))
        for of, since, tables in (("unit", "valid_from", "units_unit AS unit"), ("renaming", '"on"', renamings))
    )


# What is asked one after another: of which level, and which names, each select in an order its index has.
_BY_KEY = "ORDER BY {of}.name_key, unit.code LIMIT %(limit)s"
_BY_BARE = "ORDER BY {of}.name_bare USING ~<~, unit.code LIMIT %(limit)s"
_BEGINS = "{of}.name_bare LIKE %(bare_starts)s OR {of}.name_bare LIKE %(whole_starts)s"
_HOLDS = "string_to_array({of}.name_bare, ' ') @> %(words)s::text[]"
_STEPS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    ("true", [("{of}.name_bare IN (%(bare)s, %(whole)s) OR unit.code = %(code)s", "")]),
    ("unit.level <> 'hamlet'", [(f"{_BEGINS} OR {_HOLDS}", "")]),
    (
        "unit.level = 'hamlet'",
        [
            ("{of}.name_key LIKE %(whole_key_begins)s", _BY_KEY),
            ("{of}.name_key LIKE %(key_begins)s", _BY_KEY),
            ("{of}.name_bare LIKE %(whole_starts)s", _BY_BARE),
            ("{of}.name_bare LIKE %(bare_starts)s", _BY_BARE),
        ],
    ),
    ("unit.level = 'hamlet'", [(_HOLDS, "")]),
)
# One row for each unit; whether the name that fits is the one borne on the day.
_STATEMENT = """
    WITH named AS ({named}), fitting AS (
        SELECT DISTINCT ON (id) id, code, level, valid_to, name_bare, {fit} AS fit,
               CASE WHEN since <= %(on)s AND NOT EXISTS (
                   SELECT FROM units_renaming WHERE unit_id = named.id AND "on" > since AND "on" <= %(on)s
               ) THEN '' ELSE type_vi || ' ' || name END AS former
        FROM named ORDER BY id, fit, former
    )
    SELECT id, fit, former FROM fitting
    ORDER BY fit, former <> '', units_level_rank(level), valid_to DESC NULLS FIRST, name_bare, code LIMIT %(limit)s
"""
_FIT = """
    CASE WHEN named.code = %(code)s THEN 0
         WHEN named.name_key = %(whole_key)s OR named.name_key = %(key)s AND named.type_vi = %(type)s THEN 1
         WHEN named.name_key = %(key)s THEN 2
         WHEN named.name_bare = %(whole)s OR named.name_bare = %(bare)s AND named.type_vi = %(type)s THEN 3
         WHEN named.name_bare = %(bare)s THEN 4
         WHEN named.name_key LIKE %(whole_key_begins)s OR named.name_key LIKE %(key_begins)s THEN 5
         WHEN named.name_bare LIKE %(whole_begins)s OR named.name_bare LIKE %(bare_begins)s THEN 6
         WHEN named.name_bare LIKE %(whole_starts)s OR named.name_bare LIKE %(bare_starts)s THEN 7
         ELSE 8 END"""
_ABOVE = "unit.ancestors && %({name})s::int[] AND trim_array(unit.ancestors, 1) && %({name})s::int[]"  # by an index
