"""Units in and out of their tables by sets: one query to read, one COPY to write."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass

from django.db import connection

from muster.units.rows import Placed

_COLUMNS = "id, code, level, type_vi, name, name_key, valid_from, valid_to, parent_id, ancestors, lat, lon"


@dataclass(frozen=True, slots=True)
class StoredSuccession:
    """A succession as stored, by the numbers of its units."""

    predecessor: int
    successor: int
    on: dt.date
    share: str
    people: str
    note: str


@dataclass(frozen=True, slots=True)
class StoredRenaming:
    """A renaming as stored, by the number of its unit."""

    unit: int
    on: dt.date
    type_vi: str
    name: str
    name_key: str


def lock() -> None:
    """Let no other batch write units until this transaction ends; readers and references go on."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE units_unit IN SHARE ROW EXCLUSIVE MODE")


def by_code(codes: Collection[str]) -> dict[str, list[Placed]]:
    """Return every unit that ever carried one of these codes, by code."""
    found: dict[str, list[Placed]] = defaultdict(list)
    for unit in _units("code = ANY(%s)", list(codes)):
        found[unit.code].append(unit)
    return found


def below(ids: Collection[int]) -> list[Placed]:
    """Return everything below these units, at any time, parents first."""
    return _units("ancestors && %s::int[] AND NOT id = ANY(%s)", list(ids), list(ids))


def numbered(code: str) -> list[str]:
    """Return the codes ever made from this one by a dot and a number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT code FROM units_unit WHERE code ~ %s", [rf"^{re.escape(code)}\.\d+$"])
        return [row[0] for row in cursor.fetchall()]


def _units(where: str, *values: list[str] | list[int]) -> list[Placed]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM units_unit WHERE {where} ORDER BY cardinality(ancestors), id", values)
        return [Placed(*row) for row in cursor.fetchall()]


def numbers(count: int) -> list[int]:
    """Return the next numbers for units, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('units_unit', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def start_numbers() -> None:
    """Let the next number follow the highest in use: Việt Nam is 1 in an empty table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('units_unit', 'id'), COALESCE(max(id), 0) + 1, false) FROM units_unit"
        )


def loaded_lists() -> str | None:
    """Return the digest of the lists that were last loaded with nothing refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM units_loaded_lists")
        found = cursor.fetchone()
        return found[0] if found else None


def keep_loaded(digest: str, at: dt.datetime) -> None:
    """Remember the lists that are loaded now, in place of those before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO units_loaded_lists (id, digest, loaded_at) VALUES (1, %s, %s)
            ON CONFLICT (id) DO UPDATE SET digest = EXCLUDED.digest, loaded_at = EXCLUDED.loaded_at
            """,
            [digest, at],
        )


@contextmanager
def by_whole_sets() -> Iterator[None]:
    """Let the guards of the tables join whole sets in the block, whatever the planner believes of their size.

    Where it has counted them while they were empty (a load was broken off, say) it joins row by row: a minute of work.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = DEFAULT")


def insert(units: Sequence[Placed]) -> None:
    """Write new units."""
    _copy(f"units_unit ({_COLUMNS})", map(astuple, units))


def close(ids: Collection[int], on: dt.date) -> None:
    """Let these units end on a day, in one statement, so that no child outlasts its parent in between."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE units_unit SET valid_to = %s WHERE id = ANY(%s)", [on, list(ids)])


def successions(predecessors: Collection[int]) -> dict[tuple[int, int], StoredSuccession]:
    """Return what became of these units, by predecessor and successor."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT predecessor_id, successor_id, "on", share, people, note FROM units_succession'
            " WHERE predecessor_id = ANY(%s)",
            [list(predecessors)],
        )
        return {row[:2]: StoredSuccession(*row) for row in cursor.fetchall()}


def insert_successions(rows: Sequence[StoredSuccession]) -> None:
    """Write new successions."""
    _copy('units_succession (predecessor_id, successor_id, "on", share, people, note)', map(astuple, rows))


def renamings(units: Collection[int]) -> list[StoredRenaming]:
    """Return what these units were renamed to, in the order of days."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT unit_id, "on", type_vi, name, name_key FROM units_renaming WHERE unit_id = ANY(%s) ORDER BY "on"',
            [list(units)],
        )
        return [StoredRenaming(*row) for row in cursor.fetchall()]


def insert_renamings(rows: Sequence[StoredRenaming]) -> None:
    """Write new renamings."""
    _copy('units_renaming (unit_id, "on", type_vi, name, name_key)', map(astuple, rows))


def _copy(target: str, rows: Iterable[Sequence[object]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
