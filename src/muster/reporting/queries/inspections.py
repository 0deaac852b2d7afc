"""Inspections as one officer may know of them: no question here answers without saying who asks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from muster.kernel.clock import work_day_bounds
from muster.reporting.explaining import Cause
from muster.reporting.inspecting import Person, State, sees


class Fault(NamedTuple):
    """One thing that was found."""

    cause: Cause
    text: str


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """An inspection with what was found; ``path`` is the unit's, root first."""

    id: UUID
    campaign: UUID
    unit: int
    path: Sequence[int]
    planned_from: int
    lead: UUID
    lead_name: str
    day: date
    what: str
    state: State
    planned_by: UUID
    planned_by_name: str
    planned_at: datetime
    told: str
    ended_by: UUID | None
    ended_at: datetime | None
    faults: Sequence[Fault] = ()

    def is_known_to(self, person: Person) -> bool:
        """Say whether an officer may know of it."""
        return sees(person, path=self.path, planned_from=self.planned_from, state=self.state, lead=self.lead)


_LINES = """
    SELECT one.id, one.campaign_id, one.unit_id, unit.ancestors, planned_from_id, lead_id, lead.full_name, day, what,
           one.state, planned_by, coalesce(planner.full_name, ''), planned_at, told, ended_by, ended_at
    FROM reporting_inspection AS one JOIN units_unit AS unit ON unit.id = one.unit_id
        JOIN people_officer AS lead ON lead.id = lead_id LEFT JOIN people_officer AS planner ON planner.id = planned_by
    WHERE {where} ORDER BY one.state = 'planned' DESC, day DESC, one.id
"""


def inspections(person: Person, unit: int, *, limit: int = 100) -> list[InspectionLine]:
    """Return the inspections of a unit and all below it that an officer may know of, planned ones first."""
    found = _lines("unit.ancestors @> ARRAY[%s::int]", [unit])
    return [one for one in found if one.is_known_to(person)][:limit]


def inspection(person: Person, id: UUID) -> InspectionLine | None:  # noqa: A002
    """Return one inspection that an officer may know of; nothing where there is none, or none for them."""
    found = held_inspections([id]).get(id)
    return found if found and found.is_known_to(person) else None


def inspections_led(person: Person) -> list[InspectionLine]:
    """Return the planned inspections that an officer leads."""
    found = _lines("lead_id = %s AND one.state = 'planned'", [person.officer])
    return [one for one in found if one.is_known_to(person)]


def held_inspections(ids: Collection[UUID]) -> dict[UUID, InspectionLine]:
    """Return inspections by id, for the operation that moves them; nothing a page may ask."""
    return {one.id: one for one in _lines("one.id = ANY(%s::uuid[])", [list(ids)])}


# Where an officer belongs on a day: the unit they work at, those they hold a role at, those they command. Roles run on
# real time and the day is the campaign's: one to come counts as well, so that a played campaign hides no less.
_PLACES = """
    SELECT place.officer, unit.ancestors FROM (
        SELECT id AS officer, unit_id FROM people_officer
        UNION SELECT officer_id, unit_id FROM people_assignment
            WHERE valid_to IS NULL OR valid_to > %(start)s
        UNION SELECT officer_id, unit_id FROM plan_command WHERE daterange(since, until) @> %(day)s
    ) AS place JOIN units_unit AS unit ON unit.id = place.unit_id WHERE place.officer = ANY(%(officers)s::uuid[])
"""


def places_of(officers: Collection[UUID], day: date) -> dict[UUID, list[Sequence[int]]]:
    """Return the paths of the units at which officers work, hold roles or command on a day."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, {"officers": list(officers), "day": day, "start": work_day_bounds(day)[0]})
        found: dict[UUID, list[Sequence[int]]] = {}
        for officer, path in cursor.fetchall():
            found.setdefault(officer, []).append(path)
        return found


def _lines(where: str, values: list[Any]) -> list[InspectionLine]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(where=where), values)
        rows = cursor.fetchall()
        cursor.execute(
            "SELECT inspection_id, cause, text FROM reporting_fault WHERE inspection_id = ANY(%s::uuid[]) ORDER BY id",
            [[row[0] for row in rows]],
        )
        faults: dict[UUID, list[Fault]] = {}
        for inspection_, cause, text in cursor.fetchall():
            faults.setdefault(inspection_, []).append(Fault(Cause(cause), text))
    return [_line(row, faults.get(row[0], [])) for row in rows]


def _line(row: tuple[Any, ...], faults: Sequence[Fault]) -> InspectionLine:
    told = [*row, faults]
    told[9] = State(row[9])
    return InspectionLine(*told)
