"""Sessions: as operations hold them, and as a unit's days show them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from muster.engines.rostering import Spell
from muster.kernel.arrays import ids
from muster.plan.models import Duty, Session, SessionStand
from muster.plan.rows import SessionRow, Stand


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
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, campaign_id, venue_id, work_day, shift, starts_at FROM plan_session WHERE id = ANY(%s::uuid[])
            """,
            [ids(sessions)],
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


_AS_ROW = """
SELECT session.id, campaign_id, venue_id, work_day, shift, (session.starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::time,
       (session.ends_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::time, scenario_id,
       array_agg(stand.kit_id ORDER BY stand.kit_id), array_agg(stand.crew_id ORDER BY stand.kit_id)
FROM plan_session AS session JOIN plan_stand AS stand ON stand.session_id = session.id
WHERE {where} GROUP BY session.id ORDER BY session.starts_at, session.id
"""


def sessions_as_rows(sessions: Collection[UUID]) -> dict[UUID, SessionRow]:
    """Return sessions as they would be scheduled now, without their places."""
    return _as_rows("session.id = ANY(%s)", list(sessions))


def sessions_of_crew(crews: Collection[UUID], since: date, *, lock: bool = False) -> dict[UUID, SessionRow]:
    """Return the planned sessions that crews work from a day on, held if asked."""
    wanted = Session.objects.filter(state="planned", work_day__gte=since).filter(
        id__in=SessionStand.objects.filter(crew_id__in=crews).values("session_id")
    )
    rows = wanted.order_by("id").select_for_update(no_key=True) if lock else wanted
    return _as_rows("session.id = ANY(%s)", list(rows.values_list("id", flat=True)))


def sessions_of_kit(kit: UUID, after: datetime) -> list[UUID]:
    """Return the sessions that a kit is to work at or after a moment, the next first."""
    rows = SessionStand.objects.filter(kit_id=kit, live=True, ends_at__gt=after).order_by("starts_at")
    return list(rows.values_list("session_id", flat=True))


def _as_rows(where: str, *values: Any) -> dict[UUID, SessionRow]:
    with connection.cursor() as cursor:
        cursor.execute(_AS_ROW.format(where=where), values)
        rows = cursor.fetchall()
    return {
        row[0]: SessionRow(
            id=row[0], campaign=row[1], venue=row[2], work_day=row[3], shift=row[4], starts=row[5], ends=row[6],
            scenario=row[7], stands=tuple(Stand(kit, crew) for kit, crew in zip(row[8], row[9], strict=True)),
        )
        for row in rows
    }  # fmt: skip


def busy(days: Collection[date], without: Collection[UUID] = ()) -> Iterator[tuple[UUID, date, datetime, datetime]]:
    """Yield what is taken on work days: venue, kit or crew, the day, from when to when.

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
            """,
            [list(days), list(without)],
        )
        yield from cursor.fetchall()


def planned_at(venue: UUID, until: date | None, kits: int) -> list[date]:
    """Return the days of sessions planned at a venue that would not fit with so much room, or with it closed then."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT work_day FROM plan_session AS session
            WHERE venue_id = %s AND state IN ('planned', 'running') AND (
                work_day >= %s OR (SELECT count(*) FROM plan_stand AS stand WHERE stand.session_id = session.id) > %s)
            ORDER BY work_day
            """,
            [venue, until, kits],
        )
        return [day for (day,) in cursor.fetchall()]


def duties(
    officers: Collection[UUID], first: date, last: date, without: Collection[UUID] = ()
) -> dict[UUID, list[Spell]]:
    """Return when officers stand in sessions of work days, in order of time.

    :param without: sessions that are looked away from
    """
    rows = Duty.objects.filter(officer_id__in=officers, live=True, work_day__gte=first, work_day__lte=last)
    found: dict[UUID, list[Spell]] = defaultdict(list)
    spells = rows.exclude(session_id__in=without).order_by("starts_at")
    for officer, starts, ends, day in spells.values_list("officer_id", "starts_at", "ends_at", "work_day"):
        found[officer].append(Spell(starts, ends, day))
    return found


def sessions(unit: int, first: date, last: date, *, cancelled: bool = False) -> list[SessionLine]:
    """Return the sessions of a unit and all below it on work days, by day, unit, venue and shift."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LINES.format(where="unit.ancestors @> ARRAY[%s] AND work_day BETWEEN %s AND %s AND (live OR %s)"),
            [unit, first, last, cancelled],
        )
        return [SessionLine(*row) for row in cursor.fetchall()]


def sessions_by_ids(sessions: Collection[UUID]) -> list[SessionLine]:
    """Return some sessions, by day, unit, venue and shift."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(where="session.id = ANY(%s)"), [list(sessions)])
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
