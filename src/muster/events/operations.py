"""Write the journal, place units in it, sum up counters, set the campaign's clock."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from muster.events import queries
from muster.events.journal import Move, Recorded, StoredEvent
from muster.events.models import Clock
from muster.kernel.actor import Actor
from muster.kernel.arrays import columns
from muster.kernel.clock import PlayedClock, aware, local, work_day
from muster.kernel.copying import copy_rows
from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id

CLOCK = UUID("01980000-0000-7000-8000-00000000c10c")  # the thing the clock's own events are about
CLOSING, CLOCK_SETTING = (7302, 1), (7302, 2)  # advisory locks: one closes, one sets the clock at a time
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")


class UnknownUnit(Refusal):
    """An event names a unit that the journal does not know."""

    code = "unknown_unit"
    vi = "Không có đơn vị số {unit}."
    en = "There is no unit number {unit}."


class BadMove(Refusal):
    """Kind and move are names of small letters, digits and low lines."""

    code = "bad_move"
    vi = "Tên bước “{name}” không hợp lệ."
    en = "“{name}” is not the name of a kind or a move."


class EventDiffers(Refusal):
    """An event with this id stands in the journal already, and says something else."""

    code = "event_differs"
    vi = "Sự kiện {event} đã được ghi với nội dung khác."
    en = "Event {event} has been recorded with another content."


class UnitMoved(Refusal):
    """A unit that the journal knows cannot change its place: close it and open another."""

    code = "unit_moved"
    vi = "Đơn vị {unit} đã có vị trí khác trong cây đơn vị."
    en = "Unit {unit} already has another place in the tree."


class ClockWouldRunBack(Refusal):
    """The campaign's clock cannot show a time before the last event."""

    code = "clock_would_run_back"
    vi = "Đồng hồ không thể lùi về trước sự kiện cuối cùng ({last})."
    en = "The clock cannot go back behind the last event ({last})."


@transaction.atomic
def place_units(units: Iterable[tuple[int, Sequence[int]]]) -> int:
    """Tell the journal where units stand: id, and the ids from the root down to itself; return how many are new.

    :raises UnitMoved: a known unit is given another place
    """
    placed = {unit: list(ancestors) for unit, ancestors in units}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ancestors FROM events_unit WHERE id = ANY(%s)", [list(placed)])
        known = dict(cursor.fetchall())
        moved = [unit for unit, ancestors in known.items() if ancestors != placed[unit]]
        if moved:
            raise UnitMoved(unit=moved[0])
        new = sorted((unit, ancestors) for unit, ancestors in placed.items() if unit not in known)
        with cursor.copy("COPY events_unit (id, ancestors) FROM STDIN") as copy:
            for row in new:
                copy.write_row(row)
    return len(new)


@transaction.atomic(savepoint=False)
def record(*, moves: Sequence[Move], by: Actor, at: datetime) -> Recorded:
    """Write moves into the journal as one batch; the database counts them in the same transaction.

    A move that was recorded before is passed over, so a batch may be sent again. A kit's clock may be wrong: no
    ``occurred_at`` is refused, ``queries.wrong_clocks`` names those who are ahead. It opens no savepoint within an
    operation: a refusal undoes the operation, unless that opened one.

    :param at: the campaign's time of recording
    :raises UnknownUnit: a unit is not in the journal's tree
    :raises BadMove: a kind or move is not a small-letter name
    :raises EventDiffers: an id is taken by an event with another content
    :raises NaiveDatetime: a moment has no time zone
    """
    batch = new_id()
    once = _once(moves)
    names = {(move.kind, move.move) for move in once}
    _check_names(names)
    rows = [_stored(move, position, batch, by, aware(at)) for position, move in enumerate(once)]
    if not rows:
        return Recorded(batch, ())
    _check_units(rows)
    written = _insert(rows, _metrics(names))
    if len(written) < len(rows):
        _check_repeats([row for row in rows if row.id not in written])
    return Recorded(batch, tuple(row for row in rows if row.id in written))


def _once(moves: Sequence[Move]) -> Collection[Move]:
    """Return the moves with each id once; the same id with two contents is refused."""
    first: dict[UUID, Move] = {}
    for move in moves:
        held = first.setdefault(move.id, move)
        if held is not move and held != move:
            raise EventDiffers(event=move.id)
    return first.values()


def _check_names(names: Collection[tuple[str, str]]) -> None:
    for name in (name for both in names for name in both):
        if not _SLUG.fullmatch(name):
            raise BadMove(name=name[:40])


def _stored(move: Move, position: int, batch: UUID, by: Actor, at: datetime) -> StoredEvent:
    return StoredEvent(
        id=move.id,
        kind=move.kind,
        move=move.move,
        thing=move.thing,
        occurred_at=aware(move.occurred_at),
        recorded_at=at,
        work_day=move.work_day or work_day(move.occurred_at),
        by_officer=by.officer,
        unit_done=move.unit_done,
        unit_residence=move.unit_residence,
        kit=move.kit,
        age_band=int(move.age_band),
        reason=move.reason,
        batch=batch,
        position=position,
    )


def _check_units(rows: Sequence[StoredEvent]) -> None:
    named = {row.unit_done for row in rows} | {row.unit_residence for row in rows if row.unit_residence is not None}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM events_unit WHERE id = ANY(%s)", [list(named)])
        unknown = named - {unit for (unit,) in cursor.fetchall()}
    if unknown:
        raise UnknownUnit(unit=min(unknown))


def _metrics(names: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the number of each kind and move, numbering those that are new."""
    found = queries.metric_numbers(names)
    missing = sorted(set(names) - set(found))
    if missing:
        kinds, moves = zip(*missing, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO events_metric (kind, move) SELECT * FROM unnest(%s::text[], %s::text[])
                ON CONFLICT DO NOTHING
                """,
                [list(kinds), list(moves)],
            )
        found = queries.metric_numbers(names)
    return found


def _insert(rows: Sequence[StoredEvent], metrics: dict[tuple[str, str], int]) -> set[UUID]:
    """Insert the rows in one statement; return the ids of those that were not there yet."""
    told = [
        (
            row.id, metrics[row.kind, row.move], row.thing, row.occurred_at, row.work_day, row.unit_done,
            row.unit_residence, row.kit, row.age_band, row.reason, row.position, row.recorded_at, row.by_officer,
            row.batch,
        )
        for row in rows
    ]  # fmt: skip
    if len(told) >= COPIED and _copied(told):
        return {row.id for row in rows}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO events_event (id, metric_id, thing, occurred_at, work_day, unit_done, unit_residence, kit,
                                      age_band, reason, position, recorded_at, by_officer, batch)
            SELECT * FROM unnest(%s::uuid[], %s::smallint[], %s::uuid[], %s::timestamptz[], %s::date[], %s::int[],
                %s::int[], %s::uuid[], %s::smallint[], %s::text[], %s::int[], %s::timestamptz[], %s::uuid[],
                %s::uuid[])
            ON CONFLICT (id) DO NOTHING
            RETURNING id
            """,
            columns(told),
        )
        return {event for (event,) in cursor.fetchall()}


COPIED = 100  # events from which on COPY is worth its steps
EVENT = {
    "id": "uuid", "metric_id": "int2", "thing": "uuid", "occurred_at": "timestamptz", "work_day": "date",
    "unit_done": "int4", "unit_residence": "int4", "kit": "uuid", "age_band": "int2", "reason": "varchar",
    "position": "int4", "recorded_at": "timestamptz", "by_officer": "uuid", "batch": "uuid",
}  # fmt: skip


def _copied(rows: Iterable[tuple[Any, ...]]) -> bool:
    """Write events by COPY: all of them or, where one is there already, none; say which."""
    try:
        with transaction.atomic(), connection.cursor() as cursor, connection.wrap_database_errors:
            copy_rows(cursor, "events_event", EVENT, rows)
    except IntegrityError:
        return False
    return True


def _check_repeats(rows: Sequence[StoredEvent]) -> None:
    """Refuse a repeated id unless the journal says the same of the same thing."""
    there = {event.id: event for event in queries.events([row.id for row in rows])}
    for row in rows:
        if _content(there[row.id]) != _content(row):
            raise EventDiffers(event=row.id)


def _content(row: StoredEvent) -> tuple[object, ...]:
    """Return what an id stands for; who sends it again, and when, is not part of it."""
    return (
        row.kind, row.move, row.thing, row.occurred_at, row.work_day, row.unit_done, row.unit_residence, row.kit,
        row.age_band, row.reason,
    )  # fmt: skip


# One statement: whoever counts sees each event once. Rows that a writer is changing are left for next time.
_CLOSE = """
    WITH taken AS (
        DELETE FROM events_open WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM events_open WHERE known_day <= %s FOR UPDATE SKIP LOCKED
        ))
        RETURNING *
    ), closed AS MATERIALIZED (
        SELECT unit_done, metric, work_day, known_day, age_band, unit_residence, sum(n) AS n FROM taken
        GROUP BY 1, 2, 3, 4, 5, 6
    ), hours AS (
        INSERT INTO events_hour AS hour (unit, residence, metric, known_day, known_hour, work_day, age_band, n)
        SELECT above, residence, metric, known_day, known_hour, work_day, age_band, sum(n)
        FROM taken
        CROSS JOIN LATERAL (VALUES (false, unit_done), (true, unit_residence)) AS side (residence, unit)
        JOIN events_unit ON events_unit.id = side.unit
        CROSS JOIN LATERAL unnest(events_unit.ancestors[:2]) AS above
        GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
        ON CONFLICT (unit, residence, metric, known_day, known_hour, work_day, age_band)
            DO UPDATE SET n = hour.n + excluded.n
    ), leaves AS (
        INSERT INTO events_leaf AS leaf (unit_done, metric, work_day, known_day, age_band, unit_residence, n)
        SELECT * FROM closed ORDER BY 1, 2, 3, 4, 5, 6
        ON CONFLICT (unit_done, metric, work_day, known_day, age_band, unit_residence)
            DO UPDATE SET n = leaf.n + excluded.n
    ), tiles AS (
        INSERT INTO events_tile AS tile (unit, residence, metric, work_day, known_day, age_band, n)
        SELECT above, residence, metric, work_day, known_day, age_band, sum(n)
        FROM closed
        CROSS JOIN LATERAL (VALUES (false, unit_done), (true, unit_residence)) AS side (residence, unit)
        JOIN events_unit ON events_unit.id = side.unit
        CROSS JOIN LATERAL unnest(trim_array(events_unit.ancestors, 1)) AS above
        GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
        ON CONFLICT (unit, residence, metric, work_day, known_day, age_band) DO UPDATE SET n = tile.n + excluded.n
    )
    SELECT count(*) FROM closed
"""


@transaction.atomic
def sum_up(*, through: date = date.max) -> int:
    """Move open counters, today's too, into leaves, summed up for every unit above and by the hour.

    No count changes. Writers begin a stripe that is not being moved meanwhile; what they record later is open until
    the next time. Repeating it does no harm. Return how many leaves were touched.

    :param through: the last day, of those on which something became known, that is summed up
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", CLOSING)
        cursor.execute(
            """
            SELECT pg_try_advisory_xact_lock(7302, 1000 + stripe) FROM (SELECT DISTINCT stripe FROM events_open) AS used
            """
        )
        cursor.execute(_CLOSE, [through])
        return int(cursor.fetchone()[0])


@transaction.atomic
def set_clock(*, clock: PlayedClock | None, by: Actor, at: datetime) -> Recorded:
    """Let the campaign's clock run as told from the real moment ``at`` on; ``None`` returns to real time.

    The journal tells what was done: ``play``, ``pause``, ``resume``, ``speed``, ``jump`` or ``real``.

    :raises ClockWouldRunBack: it would show a time before the last event of the journal
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", CLOCK_SETTING)
    shows = clock.at(at) if clock else aware(at)
    last = queries.last_recorded()
    if last and shows < last:
        raise ClockWouldRunBack(last=local(last).strftime("%d/%m/%Y %H:%M:%S"))
    told = _told(queries.clock(), clock, at)
    if clock is None:
        Clock.objects.all().delete()
    else:
        state = {name: getattr(clock, name) for name in ("real_anchor", "campaign_anchor", "speed", "paused")}
        Clock.objects.update_or_create(id=1, defaults=state)
    reason = f"{local(shows):%d/%m/%Y %H:%M:%S}" + (f" speed {clock.speed:g}" if clock else "")
    move = Move(thing=CLOCK, kind="clock", move=told, unit_done=by.unit, occurred_at=shows, reason=reason)
    return record(moves=[move], by=by, at=shows)


def _told(before: PlayedClock | None, after: PlayedClock | None, at: datetime) -> str:
    """Return the name of a change of the clock."""
    if after is None:
        return "real"
    if before is None:
        return "play"
    if before.paused != after.paused:
        return "pause" if after.paused else "resume"
    if before.at(at) == after.at(at) and before.speed != after.speed:
        return "speed"
    return "jump"
