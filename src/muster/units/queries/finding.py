"""Where a typed name or code leads: the units that bear it on a day, the best fit first, each with its path."""

import datetime as dt
import re
from collections.abc import Sequence
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


def find(text: str, on: dt.date | None, *, within: int | None = None, limit: int = PAGE) -> list[Found]:
    """Return the units that a code or a name leads to on a day, the best fit first; at any depth, in three questions.

    A name is compared after normalisation (the place of the tone, i or y, capital letters), then without marks.
    A type may stand in front of it, and after commas the names of units above it: ``xã Đồng Tâm, Mỹ Đức``. Names a
    unit bore earlier lead to it as well.

    :param on: without one, the units of all times, as they were called last
    :param within: only this unit and what is below it
    """
    name, *above = [part for part in text.split(",") if bare(part)] or [""]
    if not name:
        return []
    rows = _rows(_Question(name, above, on, within, limit))
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
    within: int | None
    limit: int


def _rows(question: _Question) -> list[tuple[int, int, str]]:
    """Return number, fit and former name of the best, in order."""
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
        "within": [question.within],
        "limit": question.limit,
    }
    begins = {f"{name}_begins": _literal(asked[name]) for name in ("key", "whole_key", "bare", "whole")}
    asked |= {name: f"{value} %" for name, value in begins.items()}
    asked |= {"bare_starts": f"{begins['bare_begins']}%", "whole_starts": f"{begins['whole_begins']}%"}
    for place, part in enumerate(question.above):
        asked[f"above{place}"] = [bare(part), bare(spelling.read(part).name)]
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(fits=_FITS, fit=_FIT, borne=_BORNE, holds=_holds(question)), asked)
        return list(cursor.fetchall())


def _literal(text: str) -> str:
    """Return text as LIKE takes it word for word."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _holds(question: _Question) -> str:
    """Return the conditions on the unit itself: its days, and what it stands below."""
    conditions = ["true"]
    if question.on:
        conditions.append("unit.valid_from <= %(on)s AND (unit.valid_to IS NULL OR unit.valid_to > %(on)s)")
    if question.within is not None:
        conditions.append("unit.ancestors @> %(within)s::int[]")
    conditions += [_ABOVE.format(name=f"above{place}") for place in range(len(question.above))]
    return " AND ".join(conditions)


# Every name that fits, of units and of their renamings; whether it is the one borne on the day; one row for each unit.
_STATEMENT = """
    WITH named AS (
        SELECT id, code, name_key, name_bare, type_vi, name, valid_from AS since FROM units_unit
        WHERE {fits} OR code = %(code)s
        UNION ALL
        SELECT unit_id, NULL, name_key, name_bare, type_vi, name, "on" FROM units_renaming WHERE {fits}
    ), fitting AS (
        SELECT DISTINCT ON (unit.id) unit.id, unit.code, unit.level, unit.valid_to, named.name_bare, {fit} AS fit,
               CASE WHEN {borne} THEN '' ELSE named.type_vi || ' ' || named.name END AS former
        FROM named JOIN units_unit AS unit USING (id) WHERE {holds}
        ORDER BY unit.id, fit, former
    )
    SELECT id, fit, former FROM fitting
    ORDER BY fit, former <> '', units_level_rank(level), valid_to DESC NULLS FIRST, name_bare, code LIMIT %(limit)s
"""
_FITS = """(
    name_bare LIKE %(bare_starts)s OR name_bare LIKE %(whole_starts)s
    OR string_to_array(name_bare, ' ') @> %(words)s::text[]
)"""
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
_BORNE = """named.since <= %(on)s AND NOT EXISTS (
    SELECT FROM units_renaming WHERE unit_id = unit.id AND "on" > named.since AND "on" <= %(on)s
)"""
_ABOVE = """EXISTS (
    SELECT FROM units_unit AS above LEFT JOIN units_renaming ON unit_id = above.id
    WHERE above.id = ANY(trim_array(unit.ancestors, 1))
      AND (above.name_bare = ANY(%({name})s) OR units_renaming.name_bare = ANY(%({name})s))
)"""
