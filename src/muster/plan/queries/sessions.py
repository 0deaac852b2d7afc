"""Sessions: as operations hold them, and as a unit's days show them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from muster.plan.models import Session


@dataclass(frozen=True, slots=True)
class SessionHeld:
    """A session as a move needs it."""

    id: UUID
    unit: int
    work_day: date
    state: str
    overbook: int


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session with its kits, crews, places and bookings."""

    id: UUID
    campaign: UUID
    unit: int
    unit_name: str
    venue: UUID
    venue_name: str
    work_day: date
    shift: int
    starts_at: datetime
    ends_at: datetime
    state: str
    reason: str
    kits: Sequence[str]  # codes
    crews: Sequence[str]  # names; fewer than kits where a crew is still to be found
    places: int  # in all slots, with what is overbooked
    booked: int
    kit_ids: Sequence[UUID]


def sessions_held(sessions: Collection[UUID], *, lock: bool = False) -> dict[UUID, SessionHeld]:
    """Return sessions by id, held in the order of their ids if asked."""
    rows = Session.objects.filter(id__in=sessions).order_by("id")
    if lock:
        rows = rows.select_for_update(no_key=True)
    return {row[0]: SessionHeld(*row) for row in rows.values_list("id", "unit_id", "work_day", "state", "overbook")}


def sessions_as_scheduled(sessions: Collection[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """Return what was asked when these sessions were scheduled: campaign, venue, work day, shift, start."""
    columns = ("campaign_id", "venue_id", "work_day", "shift", "starts_at")
    rows = Session.objects.filter(id__in=sessions).values_list("id", *columns)
    return {row[0]: row[1:] for row in rows}


def busy(days: Collection[date], without: Collection[UUID] = ()) -> Iterator[tuple[UUID, date, datetime, datetime]]:
    """Yield what is taken on work days: venue, kit, crew or officer, the day, from when to when.

    :param without: sessions that are looked away from
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH held AS (
                SELECT id, venue_id, work_day, starts_at, ends_at FROM plan_session
                WHERE live AND work_day = ANY(%s) AND NOT id = ANY(%s))
            SELECT venue_id, work_day, starts_at, ends_at FROM held
            UNION ALL SELECT kit_id, work_day, stand.starts_at, stand.ends_at
                FROM held JOIN plan_stand AS stand ON stand.session_id = held.id
            UNION ALL SELECT crew_id, work_day, stand.starts_at, stand.ends_at
                FROM held JOIN plan_stand AS stand ON stand.session_id = held.id WHERE crew_id IS NOT NULL
            UNION ALL SELECT officer_id, held.work_day, duty.starts_at, duty.ends_at
                FROM held JOIN plan_duty AS duty ON duty.session_id = held.id
            """,
            [list(days), list(without)],
        )
        yield from cursor.fetchall()


def sessions(unit: int, first: date, last: date, *, cancelled: bool = False) -> list[SessionLine]:
    """Return the sessions of a unit and all below it on work days, by day, unit, venue and shift."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LINES.format(where="unit.ancestors @> ARRAY[%s] AND work_day BETWEEN %s AND %s AND (live OR %s)"),
            [unit, first, last, cancelled],
        )
        return [SessionLine(*row) for row in cursor.fetchall()]


def session(id: UUID) -> SessionLine | None:  # noqa: A002
    """Return one session, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(where="session.id = %s"), [id])
        row = cursor.fetchone()
    return SessionLine(*row) if row else None


_LINES = """
SELECT session.id, campaign_id, unit.id, unit.type_vi || ' ' || unit.name, venue.id, venue.name, work_day, shift,
       session.starts_at, session.ends_at, session.state, session.reason, stands.codes, stands.crews,
       coalesce(offered.places, 0), coalesce(taken.n, 0), stands.kits
FROM plan_session AS session JOIN plan_venue AS venue ON venue.id = session.venue_id
    JOIN units_unit AS unit ON unit.id = session.unit_id
    CROSS JOIN LATERAL (
        SELECT array_agg(kit.code ORDER BY kit.code) AS codes, array_agg(kit.id ORDER BY kit.code) AS kits,
               coalesce(array_agg(crew.name ORDER BY crew.name) FILTER (WHERE crew.id IS NOT NULL), '{{}}') AS crews
        FROM plan_stand AS stand JOIN plan_kit AS kit ON kit.id = stand.kit_id
            LEFT JOIN plan_crew AS crew ON crew.id = stand.crew_id WHERE stand.session_id = session.id
    ) AS stands
    CROSS JOIN LATERAL (
        SELECT sum(ceil(extract(epoch FROM offer.ends_at - offer.starts_at) / 900)::int * offer.places
                   * (1000 + session.overbook) / 1000)::int AS places
        FROM plan_offer AS offer WHERE offer.session_id = session.id
    ) AS offered
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS n FROM plan_appointment AS held
        WHERE held.session_id = session.id AND held.state IN ('booked', 'kept', 'missed')
    ) AS taken
WHERE {where}
ORDER BY work_day, unit.code COLLATE "C", venue.name, venue.id, session.starts_at
"""
