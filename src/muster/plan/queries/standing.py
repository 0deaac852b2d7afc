"""How units stand as to kits, crews and appointments: each with all below it, as known at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class KitsAt:
    """How many kits a unit and all below it held at a moment, and how many of them were broken."""

    held: int
    broken: int

    @property
    def up(self) -> int:
        """How many could work."""
        return self.held - self.broken


@dataclass(frozen=True, slots=True)
class Worked:
    """What was planned of a unit and all below it on some days, and who came to it."""

    stands: int  # kits at sessions that were not cancelled
    crewless: int  # of them without a crew
    capacity: int  # dossiers that those kits take in those shifts, at their rates
    kept: int  # appointments
    missed: int


_KITS = """
    SELECT above, count(*), count(*) FILTER (WHERE last.move = 'break') FROM (
        SELECT place.kit_id, unit.ancestors FROM plan_kit_place AS place JOIN units_unit AS unit ON unit.id = unit_id
        WHERE unit.ancestors && %(units)s::int[] AND starts_at <= %(at)s AND (ends_at IS NULL OR ends_at > %(at)s)
    ) AS held
    LEFT JOIN LATERAL (
        SELECT move FROM events_event AS event JOIN events_metric AS metric ON metric.id = metric_id
        WHERE thing = held.kit_id AND kind = 'kit' AND move IN ('break', 'mend', 'retire') AND recorded_at <= %(at)s
        ORDER BY recorded_at DESC, event.id DESC LIMIT 1
    ) AS last ON true
    CROSS JOIN LATERAL unnest(held.ancestors) AS above
    WHERE above = ANY(%(units)s::int[]) AND last.move IS DISTINCT FROM 'retire' GROUP BY above
"""


def kits_at(units: Sequence[int], at: datetime) -> dict[int, KitsAt]:
    """Return the kits of units at a moment, by what the journal had been told by then; a unit without any is left out.

    A kit that was retired counts no more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KITS, {"units": list(units), "at": at})
        return {unit: KitsAt(held, broken) for unit, held, broken in cursor.fetchall()}


_STANDS = """
    SELECT above, count(*), count(*) FILTER (WHERE stand.crew_id IS NULL), sum(kit.rate)::bigint
    FROM plan_session AS session JOIN plan_stand AS stand ON stand.session_id = session.id AND stand.live
        JOIN plan_kit AS kit ON kit.id = stand.kit_id JOIN units_unit AS unit ON unit.id = session.unit_id
        CROSS JOIN LATERAL unnest(unit.ancestors) AS above
    WHERE session.work_day BETWEEN %(first)s AND %(last)s AND session.live AND above = ANY(%(units)s::int[])
    GROUP BY above
"""
_CAME = """
    SELECT above, count(*) FILTER (WHERE appointment.state = 'kept'),
           count(*) FILTER (WHERE appointment.state = 'missed')
    FROM plan_session AS session JOIN plan_appointment AS appointment ON appointment.session_id = session.id
        JOIN units_unit AS unit ON unit.id = session.unit_id CROSS JOIN LATERAL unnest(unit.ancestors) AS above
    WHERE session.work_day BETWEEN %(first)s AND %(last)s AND above = ANY(%(units)s::int[]) GROUP BY above
"""


def worked(units: Sequence[int], first: date, last: date) -> dict[int, Worked]:
    """Return what was planned of units on the days from the first to the last, and who came, by unit."""
    asked: dict[str, Any] = {"units": list(units), "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, asked)
        stands = {unit: tuple(map(int, told)) for unit, *told in cursor.fetchall()}
        cursor.execute(_CAME, asked)
        came = {unit: tuple(map(int, told)) for unit, *told in cursor.fetchall()}
    found = {}
    for unit in units:
        count, crewless, capacity = stands.get(unit, (0, 0, 0))
        kept, missed = came.get(unit, (0, 0))
        found[unit] = Worked(count, crewless, capacity, kept, missed)
    return found
