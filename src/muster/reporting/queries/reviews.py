"""The evening review of a unit and day: what was said, what was given, and what is carried over from before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from muster.reporting.reviewing import State


class Look(NamedTuple):
    """What was said of a day, by whom and when."""

    text: str
    officer_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskLine:
    """An action of a review; ``path`` is the unit's, root first."""

    id: UUID
    unit: int
    path: tuple[int, ...]
    day: date
    text: str
    owner: UUID
    owner_name: str
    due: date
    state: State
    told: str
    given_by: UUID
    ended_by: UUID | None
    ended_at: datetime | None

    def carried(self, day: date) -> int:
        """Return for how many evenings it has been carried over by a day."""
        return (day - self.day).days

    def is_late(self, day: date) -> bool:
        """Say whether it is open past its day."""
        return self.state is State.OPEN and self.due < day


_TASKS = """
    SELECT one.id, one.unit_id, unit.ancestors, day, text, owner_id, owner.full_name, due, one.state, told, given_by,
           ended_by, ended_at
    FROM reporting_task AS one JOIN units_unit AS unit ON unit.id = one.unit_id
        JOIN people_officer AS owner ON owner.id = owner_id
    WHERE {where} ORDER BY one.state <> 'open', due, one.given_at, one.id
"""


def review(unit: int, day: date) -> Look | None:
    """Return what a unit said of a day last; none where nothing was said."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT text, coalesce(officer.full_name, ''), look.at FROM reporting_review AS look
            LEFT JOIN people_officer AS officer ON officer.id = look.officer
            WHERE look.unit_id = %s AND day = %s ORDER BY look.at DESC, look.id DESC LIMIT 1
            """,
            [unit, day],
        )
        row = cursor.fetchone()
    return Look(*row) if row else None


def tasks_on(unit: int, day: date) -> list[TaskLine]:
    """Return the actions of a unit as its evening of a day shows them: those given that day, and those still open then.

    What is open is carried over to every evening until it has ended; what ended that day shows once more.
    """
    return _tasks(
        """one.unit_id = %s AND day <= %s
        AND (day = %s OR one.state = 'open' OR (ended_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date >= %s)""",
        [unit, day, day, day],
    )


def tasks_owned(officer: UUID) -> list[TaskLine]:
    """Return the open actions of an officer, those due first."""
    return _tasks("owner_id = %s AND one.state = 'open'", [officer])


def open_tasks(unit: int, until: date) -> list[TaskLine]:
    """Return the actions of a unit and all below it that are open, given up to a day, those due first."""
    return _tasks("unit.ancestors @> ARRAY[%s::int] AND one.state = 'open' AND day <= %s", [unit, until])


def tasks_by_ids(ids: Collection[UUID]) -> dict[UUID, TaskLine]:
    """Return actions by id."""
    return {one.id: one for one in _tasks("one.id = ANY(%s::uuid[])", [list(ids)])}


def _tasks(where: str, values: list[Any]) -> list[TaskLine]:
    with connection.cursor() as cursor:
        cursor.execute(_TASKS.format(where=where), values)
        return [_line(row) for row in cursor.fetchall()]


def _line(row: tuple[Any, ...]) -> TaskLine:
    told = list(row)
    told[2], told[8] = tuple(row[2]), State(row[8])
    return TaskLine(*told)
