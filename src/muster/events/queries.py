"""Ask the journal: counts at any level and as known at any moment, the life of a thing, the campaign's time."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import connection

from muster.events.journal import AgeBand, StoredEvent
from muster.events.models import Clock
from muster.kernel.clock import PlayedClock, local
from muster.kernel.errors import Refusal
from muster.kernel.periods import Period

_EVENT_COLUMNS = """
    event.id, kind, move, thing, occurred_at, recorded_at, work_day, by_officer, unit_done, unit_residence, kit,
    age_band, reason, batch, position
"""
_FIELDS = tuple(StoredEvent.__dataclass_fields__)


class Side(Enum):
    """Whose count it is: the unit that did it, or the unit where the citizen resides."""

    DONE = "unit_done"
    RESIDENCE = "unit_residence"


class NoSuchUnit(Refusal):
    """The unit asked for is not in the journal's tree."""

    code = "no_such_unit"
    vi = "Không có đơn vị số {unit}."
    en = "There is no unit number {unit}."


def count(
    *,
    unit: int,
    metrics: Collection[tuple[str, str]],
    side: Side = Side.DONE,
    days: Period | None = None,
    bands: Collection[AgeBand] | None = None,
    known_at: datetime | None = None,
) -> int:
    """Return how many moves of these kinds fell to a unit and all units below it.

    :param metrics: pairs of kind and move, such as ``("dossier", "receive")``
    :param days: the work days that count; all of them without
    :param known_at: count only what had been recorded by then (it included)
    :raises NoSuchUnit: the unit is not in the journal's tree
    """
    return sum(series_by_day_and_band(unit, metrics, side, days, bands, known_at).values())


def series_by_day_and_band(
    unit: int,
    metrics: Collection[tuple[str, str]],
    side: Side = Side.DONE,
    days: Period | None = None,
    bands: Collection[AgeBand] | None = None,
    known_at: datetime | None = None,
) -> dict[tuple[Any, int], int]:
    """Return counts by work day and age band, days without any left out; parameters as for `count`."""
    numbers = list(_metric_numbers(metrics))
    depth = _depth(unit)
    if not numbers:
        return {}
    sql, values = _sources(unit, depth, numbers, side, known_at)
    where, more = _filters(days, bands)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT work_day, age_band, sum(n)::bigint FROM ({sql}) AS counted {where} GROUP BY 1, 2 ORDER BY 1, 2",
            [*values, *more],
        )
        return {(day, band): n for day, band, n in cursor.fetchall()}


def _filters(days: Period | None, bands: Collection[AgeBand] | None) -> tuple[str, list[Any]]:
    clauses: list[str] = []
    values: list[Any] = []
    if days:
        clauses.append("work_day >= %s")
        values.append(days.start)
        if days.end:
            clauses.append("work_day < %s")
            values.append(days.end)
    if bands is not None:
        clauses.append("age_band = ANY(%s)")
        values.append([int(band) for band in bands])
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def _sources(unit: int, depth: int, numbers: list[int], side: Side, known_at: datetime | None) -> tuple[str, list[Any]]:
    """Return the SQL of everything that counts: closed days from the tiles, open ones from leaves, the last from rows.

    With ``known_at`` on day D: all that is known before D from tiles and leaves, and of day D itself the
    journal's own rows up to that moment. Where D is closed already, leaves serve instead of tiles.
    """
    known_day = local(known_at).date() if known_at else None
    closed = closed_through()
    within, inside = _subtree(side, unit, depth)
    use_tiles = known_day is None or closed < known_day
    parts, values = [], []
    if use_tiles:
        parts.append(
            "SELECT work_day, age_band, n FROM events_tile WHERE unit = %s AND residence = %s AND metric = ANY(%s)"
        )
        values += [unit, side is Side.RESIDENCE, numbers]
    leaves = f"SELECT work_day, age_band, n FROM events_leaf WHERE metric = ANY(%s) {within}"
    values += [numbers, *inside]
    if use_tiles:
        leaves += " AND known_day > %s"
        values.append(closed)
    if known_day:
        leaves += " AND known_day < %s"
        values.append(known_day)
    parts.append(leaves)
    if known_at and known_day:
        parts.append(
            f"""
            SELECT work_day, age_band, 1 AS n FROM events_event
            WHERE metric_id = ANY(%s) {within} AND recorded_at >= %s AND recorded_at <= %s
            """
        )
        midnight = local(known_at).replace(hour=0, minute=0, second=0, microsecond=0)
        values += [numbers, *inside, midnight, known_at]
    return " UNION ALL ".join(parts), values


def _subtree(side: Side, unit: int, depth: int) -> tuple[str, list[Any]]:
    """Return the condition that a row belongs to the unit or one below; the root takes every row that has a unit."""
    column = side.value
    if depth == 1:
        return (f"AND {column} <> 0" if side is Side.RESIDENCE else ""), []
    return f"AND {column} IN (SELECT id FROM events_unit WHERE ancestors @> ARRAY[%s])", [unit]


def _depth(unit: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(ancestors) FROM events_unit WHERE id = %s", [unit])
        row = cursor.fetchone()
    if row is None:
        raise NoSuchUnit(unit=unit)
    return int(row[0])


def closed_through() -> date:
    """Return the last day whose counts are summed up for every unit; the first of all days where none is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT through FROM events_closed")
        row = cursor.fetchone()
    return row[0] if row else date.min


def metrics(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the number of each kind and move that ever happened."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    kinds, moves = zip(*wanted, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kind, move, id FROM events_metric
            JOIN unnest(%s::text[], %s::text[]) AS asked(kind, move) USING (kind, move)
            """,
            [list(kinds), list(moves)],
        )
        return {(kind, move): number for kind, move, number in cursor.fetchall()}


def _metric_numbers(names: Collection[tuple[str, str]]) -> Sequence[int]:
    return sorted(metrics(names).values())


def life(thing: UUID) -> list[StoredEvent]:
    """Return every move of one thing, in the order in which they happened."""
    return _events("WHERE thing = %s ORDER BY occurred_at, recorded_at, batch, position", [thing])


def events(ids: Collection[UUID]) -> list[StoredEvent]:
    """Return the events with these ids, those that there are."""
    return _events("WHERE event.id = ANY(%s)", [list(ids)])


def of_batches(batches: Collection[UUID]) -> list[StoredEvent]:
    """Return the events that operations wrote, batch by batch, each in its order."""
    return _events("WHERE batch = ANY(%s) ORDER BY batch, position", [list(batches)])


def _events(where: str, values: list[Any]) -> list[StoredEvent]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {_EVENT_COLUMNS} FROM events_event AS event JOIN events_metric AS metric ON metric.id = metric_id
            {where}
            """,
            values,
        )
        return [StoredEvent(**dict(zip(_FIELDS, row, strict=True))) for row in cursor.fetchall()]


def last_recorded() -> datetime | None:
    """Return the campaign's time of the newest event."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(recorded_at) FROM events_event")
        last: datetime | None = cursor.fetchone()[0]
    return last


def clock() -> PlayedClock | None:
    """Return the campaign's clock; ``None`` while it shows real time."""
    row = Clock.objects.first()
    return PlayedClock(row.real_anchor, row.campaign_anchor, row.speed, row.paused) if row else None


def now(real: datetime) -> datetime:
    """Return the campaign's time at a real moment."""
    played = clock()
    return played.at(real) if played else local(real)
