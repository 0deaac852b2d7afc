"""Practice notes as somebody may read them, the units that took them up, and how their pace moved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from muster.reporting.explaining import Cause
from muster.reporting.practising import Moved, State

A_WEEK = 7


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """A note: who wrote what, how far it reaches, how many units took it up; ``path`` is the unit's, root first."""

    id: UUID
    campaign: UUID
    unit: int
    path: Sequence[int]
    title: str
    text: str
    causes: Sequence[Cause]
    reach: int
    state: State
    why: str
    officer: UUID
    officer_name: str
    at: datetime
    taken_up: int


class TakenUp(NamedTuple):
    """A unit that took a note up, and how its pace moved."""

    unit: int
    day: date
    officer_name: str
    moved: Moved


_LINES = """
    SELECT note.id, note.campaign_id, note.unit_id, unit.ancestors, title, text, causes, reach_id, note.state, why,
           note.officer, coalesce(officer.full_name, ''), note.at,
           (SELECT count(*) FROM reporting_uptake WHERE practice_id = note.id)
    FROM reporting_practice AS note JOIN units_unit AS unit ON unit.id = note.unit_id
        LEFT JOIN people_officer AS officer ON officer.id = note.officer
    WHERE {where} ORDER BY 14 DESC, note.at DESC, note.id
"""


def practices(
    held: Collection[int], *, campaign: UUID, cause: Cause | None = None, limit: int = 100
) -> list[PracticeLine]:  # fmt: skip
    """Return the notes of a campaign that are read from units, those most taken up first.

    :param held: the units at which somebody may read notes
    """
    where = """note.campaign_id = %s AND note.state = 'shared' AND (%s::text IS NULL OR causes @> ARRAY[%s::varchar])
        AND (unit.ancestors && %s::int[] OR EXISTS (
            SELECT FROM units_unit AS mine WHERE mine.id = ANY(%s::int[]) AND mine.ancestors @> ARRAY[note.reach_id]
        ))"""
    code = cause.value if cause else None
    return _lines(where, [campaign, code, code, list(held), list(held)])[:limit]


def practices_by_ids(ids: Collection[UUID]) -> dict[UUID, PracticeLine]:
    """Return notes by id."""
    return {one.id: one for one in _lines("note.id = ANY(%s::uuid[])", [list(ids)])}


def _lines(where: str, values: list[Any]) -> list[PracticeLine]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(where=where), values)
        return [_line(row) for row in cursor.fetchall()]


def _line(row: tuple[Any, ...]) -> PracticeLine:
    told = list(row)
    told[6], told[8] = [Cause(one) for one in row[6]], State(row[8])
    return PracticeLine(*told)


# What a unit had captured by the end of a ranked day; the week before it took the note up, and at most a week since.
_TAKEN_UP = """
    SELECT taken.unit_id, taken.day, coalesce(officer.full_name, ''), eve.week, eve.captured, latest.captured,
           latest.day - taken.day + 1
    FROM reporting_uptake AS taken JOIN reporting_practice AS note ON note.id = taken.practice_id
        LEFT JOIN people_officer AS officer ON officer.id = taken.officer
        LEFT JOIN reporting_standing AS eve
            ON eve.campaign_id = note.campaign_id AND eve.unit_id = taken.unit_id AND eve.day = taken.day - 1
        LEFT JOIN LATERAL (
            SELECT captured, day FROM reporting_standing
            WHERE campaign_id = note.campaign_id AND unit_id = taken.unit_id
                AND day BETWEEN taken.day AND taken.day + %(week)s - 1
            ORDER BY day DESC LIMIT 1
        ) AS latest ON true
    WHERE taken.practice_id = %(practice)s ORDER BY taken.at, taken.id
"""


def taken_up(practice: UUID) -> list[TakenUp]:
    """Return the units that took a note up, the first one first, and how their pace moved by the rankings' rows."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_UP, {"practice": practice, "week": A_WEEK})
        found = []
        for unit, day, name, week, before, now, days in cursor.fetchall():
            counted, since = week is not None, before is not None and now is not None
            moved = Moved(week or 0, A_WEEK if counted else 0, now - before if since else 0, days if since else 0)
            found.append(TakenUp(unit, day, name, moved))
        return found
