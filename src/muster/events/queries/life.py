"""The journal's own rows: the life of a thing, events by id or batch, what was recorded last, clocks that ran ahead."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from muster.events.journal import StoredEvent
from muster.events.queries.metrics import Name
from muster.kernel import arrays

_EVENT_COLUMNS = """
    event.id, coalesce(kind, '#' || metric_id), coalesce(move, ''), thing, occurred_at, recorded_at, work_day,
    by_officer, unit_done, unit_residence, kit, age_band, reason, batch, position
"""


@dataclass(frozen=True, slots=True)
class WrongClock:
    """A kit whose clock ran ahead: how many of its events came from the future, and by how much at most."""

    kit: UUID | None
    events: int
    ahead: timedelta


def life(thing: UUID) -> list[StoredEvent]:
    """Return every move of one thing, in the order in which they happened."""
    return _events("WHERE thing = %s ORDER BY occurred_at, recorded_at, batch, position", [thing])


def events(ids: Collection[UUID]) -> list[StoredEvent]:
    """Return the events with these ids, those that there are."""
    return _events("WHERE event.id = ANY(%s::uuid[])", [arrays.ids(ids)])


def of_batches(batches: Collection[UUID]) -> list[StoredEvent]:
    """Return the events that operations wrote, batch by batch, each in its order."""
    return _events("WHERE batch = ANY(%s) ORDER BY batch, position", [list(batches)])


def samples(name: Name, count: int = 10) -> list[StoredEvent]:
    """Return the first and the last events of a kind and move, or of a number that has lost its name (``#7``, "")."""
    kind, move = name
    ends = " UNION ".join(
        f"(SELECT id FROM events_event WHERE metric_id = (SELECT id FROM named) ORDER BY recorded_at {order} LIMIT %s)"
        for order in ("ASC", "DESC")
    )
    return _events(
        f"""
        WHERE event.id IN (
            WITH named AS MATERIALIZED (
                SELECT coalesce((SELECT id FROM events_metric WHERE kind = %s AND move = %s), %s) AS id
            )
            {ends}
        ) ORDER BY recorded_at, batch, position
        """,
        [kind, move, int(kind[1:]) if kind.startswith("#") else None, count, count],
    )


def _events(where: str, values: list[Any]) -> list[StoredEvent]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {_EVENT_COLUMNS} FROM events_event AS event
            LEFT JOIN events_metric AS metric ON metric.id = metric_id
            {where}
            """,
            values,
        )
        return [StoredEvent._make(row) for row in cursor.fetchall()]


def last_recorded() -> datetime | None:
    """Return the campaign's time of the newest event."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT max(last) FROM events_metric AS metric
            CROSS JOIN LATERAL (SELECT max(recorded_at) AS last FROM events_event WHERE metric_id = metric.id) AS own
            """
        )
        last: datetime | None = cursor.fetchone()[0]
    return last


def wrong_clocks(*, since: datetime, ahead: timedelta = timedelta(minutes=10)) -> list[WrongClock]:
    """Return the kits whose events, recorded since then, claim to have happened later than they were recorded."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kit, count(*), max(occurred_at - recorded_at) FROM events_metric AS metric
            JOIN events_event ON metric_id = metric.id
            WHERE recorded_at >= %s AND occurred_at > recorded_at + make_interval(secs => %s)
            GROUP BY kit ORDER BY 3 DESC, 1
            """,
            [since, ahead.total_seconds()],
        )
        return [WrongClock(*row) for row in cursor.fetchall()]
