"""Ask the incident desk: the queue, one ticket, the time lost, who is on duty, which spares wait."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from muster.incidents.models import Spare, Ticket, Turn
from muster.kernel.arrays import ids


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket as the queue and its own page show it."""

    id: UUID
    campaign: UUID
    unit: int
    unit_name: str
    path: Sequence[int]
    session: UUID | None
    venue_name: str
    kit: UUID | None
    kit_code: str
    kind: str
    severity: str
    told: str
    state: str
    opened_at: datetime
    stopped_at: datetime | None
    taken_at: datetime | None
    technician: UUID | None
    technician_name: str
    place: str
    due_at: datetime | None
    spare: UUID | None
    spare_code: str
    cause: str
    remedy: str
    ended_at: datetime | None
    version: int


class Lost(NamedTuple):
    """A kit that stood still in a session, from when to when."""

    ticket: UUID
    session: UUID
    kit: UUID
    unit: int
    work_day: date
    starts_at: datetime
    ends_at: datetime


SHIFT = 360  # minutes of a shift, by which the rates of kits are told

_LINES = """
SELECT ticket.id, ticket.campaign_id, unit.id, unit.type_vi || ' ' || unit.name, unit.ancestors, ticket.session_id,
       coalesce(venue.name, ''), ticket.kit_id, coalesce(kit.code, ''), ticket.kind, severity, told, ticket.state,
       opened_at, stopped_at, taken_at, technician_id, coalesce(officer.full_name, ''), ticket.place, due_at, spare_id,
       coalesce(spare.code, ''), cause, remedy, ended_at, ticket.version
FROM incidents_ticket AS ticket JOIN units_unit AS unit ON unit.id = ticket.unit_id
    LEFT JOIN plan_session AS session ON session.id = ticket.session_id
    LEFT JOIN plan_venue AS venue ON venue.id = session.venue_id
    LEFT JOIN plan_kit AS kit ON kit.id = ticket.kit_id LEFT JOIN plan_kit AS spare ON spare.id = ticket.spare_id
    LEFT JOIN people_officer AS officer ON officer.id = technician_id
WHERE {where} ORDER BY {order}
"""
_FIRST = "ticket.state NOT IN ('open', 'escalated'), stopped_at NULLS LAST, opened_at, ticket.id"


def _lines(where: str, order: str, *values: Any) -> list[TicketLine]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(where=where, order=order), values)
        return [TicketLine(*row) for row in cursor.fetchall()]


def queue(unit: int) -> list[TicketLine]:
    """Return the live tickets of a unit and all below it: those nobody has first, the longest stop first."""
    return _lines("unit.ancestors @> ARRAY[%s] AND ticket.state NOT IN ('mended', 'dismissed')", _FIRST, unit)


def ticket(id: UUID) -> TicketLine | None:  # noqa: A002
    """Return one ticket, or nothing."""
    return next(iter(_lines("ticket.id = %s", "ticket.id", id)), None)


def of_kit(kit: UUID) -> list[TicketLine]:
    """Return the tickets a kit had or went out for as a spare, the newest first."""
    return _lines("%s IN (ticket.kit_id, spare_id)", "opened_at DESC, ticket.id", kit)


def live_of_kits(kits: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the live ticket of each kit that has one."""
    rows = Ticket.objects.filter(kit_id__in=kits, ended_at__isnull=True)
    return {kit: id_ for kit, id_ in rows.values_list("kit_id", "id") if kit is not None}


# What stands still for a live ticket: its kit in every session, or every kit of its session where it is about no kit.
_STOPPED = """
SELECT ticket.id AS ticket_id, session.id AS session_id, stand.kit_id, session.unit_id, session.work_day,
       greatest(ticket.stopped_at, session.starts_at) AS starts_at, least(%(until)s, session.ends_at) AS ends_at
FROM incidents_ticket AS ticket
    JOIN plan_stand AS stand ON stand.live
        AND CASE WHEN ticket.kit_id IS NULL THEN stand.session_id = ticket.session_id
                 ELSE stand.kit_id = ticket.kit_id END
    JOIN plan_session AS session ON session.id = stand.session_id
WHERE session.starts_at < %(until)s AND session.ends_at > ticket.stopped_at AND ticket.stopped_at < %(until)s
"""


def standing_still(tickets: Collection[UUID], until: datetime) -> list[Lost]:
    """Return what stood still for tickets since their work stopped, within the hours of sessions, up to a moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_STOPPED} AND ticket.id = ANY(%(tickets)s::uuid[]) ORDER BY ticket.id, starts_at, stand.kit_id",
            {"tickets": ids(tickets), "until": until},
        )
        return [Lost(*row) for row in cursor.fetchall()]


_TOLD = f"""
WITH told AS (
    SELECT session_id, kit_id, unit_id, work_day, starts_at, least(ends_at, %(until)s) AS ends_at FROM incidents_loss
    WHERE starts_at < %(until)s
    UNION ALL
    SELECT session_id, kit_id, unit_id, work_day, starts_at, ends_at
    FROM ({_STOPPED}) AS stopped
)
"""

_LOST = f"""
{_TOLD}, merged AS (
    SELECT work_day, unnest(range_agg(tstzrange(starts_at, ends_at))) AS hours
    FROM told JOIN units_unit AS unit ON unit.id = told.unit_id
    WHERE {{where}} AND work_day BETWEEN %(first)s AND %(last)s GROUP BY session_id, kit_id, work_day
)
SELECT work_day, (extract(epoch FROM sum(upper(hours) - lower(hours))) / 60)::int FROM merged
GROUP BY work_day ORDER BY work_day
"""


class Standstill(NamedTuple):
    """Time that kits of sessions stood still, and the dossiers that they take in as long at their rates."""

    minutes: int = 0
    dossiers: int = 0


_STANDSTILL = f"""
{_TOLD}, merged AS (
    SELECT above, kit_id, unnest(range_agg(tstzrange(told.starts_at, told.ends_at))) AS hours
    FROM told JOIN units_unit AS unit ON unit.id = told.unit_id CROSS JOIN LATERAL unnest(unit.ancestors) AS above
    WHERE above = ANY(%(units)s::int[]) AND work_day BETWEEN %(first)s AND %(last)s GROUP BY above, session_id, kit_id
), summed AS (
    SELECT above, kit_id, extract(epoch FROM sum(upper(hours) - lower(hours))) / 60 AS minutes
    FROM merged GROUP BY above, kit_id
)
SELECT above, sum(minutes)::int, round(sum(minutes * kit.rate / %(shift)s))::int
FROM summed JOIN plan_kit AS kit ON kit.id = kit_id GROUP BY above
"""


def standstill(units: Sequence[int], first: date, last: date, until: datetime) -> dict[int, Standstill]:
    """Return what stood still at units and below each on some work days, up to a moment; where none did, none.

    A kit stopped by two tickets at once is counted once. A kit's rate is dossiers in a shift of six hours.
    """
    asked: dict[str, Any] = {"units": list(units), "first": first, "last": last, "until": until, "shift": SHIFT}
    with connection.cursor() as cursor:
        cursor.execute(_STANDSTILL, asked)
        return {unit: Standstill(minutes, dossiers) for unit, minutes, dossiers in cursor.fetchall()}


def _minutes(where: str, **values: Any) -> dict[date, int]:
    with connection.cursor() as cursor:
        cursor.execute(_LOST.format(where=where), values)
        return dict(cursor.fetchall())


def lost(unit: int, first: date, last: date, until: datetime) -> dict[date, int]:
    """Return the minutes that kits of sessions at a unit and below it stood still, by work day, up to a moment.

    A kit stopped by two tickets at once is counted once.
    """
    return _minutes("unit.ancestors @> ARRAY[%(unit)s]", unit=unit, first=first, last=last, until=until)


def lost_of_kit(kit: UUID, first: date, last: date, until: datetime) -> dict[date, int]:
    """Return the minutes a kit stood still, by work day, up to a moment."""
    return _minutes("told.kit_id = %(kit)s", kit=kit, first=first, last=last, until=until)


def is_on_duty(officer: UUID, path: Sequence[int], at: datetime) -> bool:
    """Say whether a technician is on duty for a unit, given its path from the root, at a moment."""
    rows = Turn.objects.filter(officer_id=officer, unit_id__in=path, starts_at__lte=at, ends_at__gt=at)
    return rows.exists()


@dataclass(frozen=True, slots=True)
class SpareLine:
    """A spare that waits."""

    id: UUID
    kit: UUID
    code: str
    state: str
    unit: int
    place: str
    path: Sequence[int]


def spares(unit: int) -> list[SpareLine]:
    """Return the spares that wait at a unit and all below it, by code."""
    return _spares(unit__ancestors__contains=[unit])


def spares_by_kit(kits: Collection[UUID]) -> dict[UUID, SpareLine]:
    """Return those of the kits that wait as spares."""
    return {row.kit: row for row in _spares(kit_id__in=kits)}


def _spares(**which: Any) -> list[SpareLine]:
    rows = Spare.objects.filter(until__isnull=True, **which).order_by("kit__code")
    names = ("id", "kit_id", "kit__code", "kit__state", "unit_id", "place", "unit__ancestors")
    return [SpareLine(*row) for row in rows.values_list(*names)]


class TurnLine(NamedTuple):
    """A technician on duty: for which unit, where, from when to when."""

    officer: UUID
    name: str
    unit_name: str
    place: str
    starts_at: datetime
    ends_at: datetime


def turns(path: Sequence[int], first: datetime, last: datetime) -> list[TurnLine]:
    """Return who is on duty between two moments for a unit, given its path, or for a unit below it, the first first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT officer.id, officer.full_name, unit.type_vi || ' ' || unit.name, place, starts_at, ends_at
            FROM incidents_turn AS turn JOIN people_officer AS officer ON officer.id = turn.officer_id
                JOIN units_unit AS unit ON unit.id = turn.unit_id
            WHERE starts_at < %s AND ends_at > %s AND (unit.id = ANY(%s) OR unit.ancestors @> ARRAY[%s])
            ORDER BY starts_at, officer.name_sort, turn.id
            """,
            [last, first, list(path), path[-1]],
        )
        return [TurnLine(*row) for row in cursor.fetchall()]
