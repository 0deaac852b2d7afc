"""The checker's queue, and the round of the machine: which received dossiers wait, and for what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from muster.kernel.dates import PartialDate


class Waiting(StrEnum):
    """The kinds of the queue; a dossier may be of several."""

    ALL = "all"
    DIFFERS = "differs"
    SUSPECT = "suspect"
    POOR = "poor"
    OVERDUE = "overdue"


_WHERE = {
    Waiting.DIFFERS: "differs_from_register",
    Waiting.SUSPECT: "suspect_duplicate",
    Waiting.POOR: "poor_biometrics",
    Waiting.OVERDUE: "due_on < %(on)s",
    Waiting.ALL: "true",
}
_HERE = """
    FROM capture_dossier AS dossier JOIN units_unit AS done ON done.id = dossier.unit_done_id
    WHERE dossier.state = 'received' AND done.ancestors && %(scope)s::int[]
"""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A received dossier as the queue shows it."""

    dossier: UUID
    person: UUID
    name: str
    birth: PartialDate
    number: str
    unit: str
    state_since: datetime
    due_on: date | None
    differs: bool
    suspect: bool
    poor: bool


def how_many(scope: Collection[int], *, on: date) -> dict[Waiting, int]:
    """Return how many received dossiers below these units wait, by kind."""
    told = ", ".join(f"count(*) FILTER (WHERE {_WHERE[kind]})" for kind in Waiting)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told} {_HERE}", {"scope": sorted(scope), "on": on})
        return dict(zip(Waiting, cursor.fetchone(), strict=True))


def queue(
    scope: Collection[int], kind: Waiting, *, on: date, limit: int, skip: int = 0, after: UUID | None = None
) -> list[QueueLine]:
    """Return received dossiers of a kind below these units, the earliest day of readiness first.

    :param after: begin with the one behind this dossier in that order; after the last one comes the first again
    """
    values: dict[str, Any] = {"scope": sorted(scope), "on": on, "limit": limit, "skip": skip, "after": after}
    behind = "(due_on, state_since, id) <= (SELECT due_on, state_since, id FROM capture_dossier WHERE id = %(after)s),"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH waiting AS (
                SELECT dossier.id, person_id, done.name, state_since, due_on, differs_from_register, suspect_duplicate,
                       poor_biometrics {_HERE} AND {_WHERE[kind]} AND dossier.id IS DISTINCT FROM %(after)s
            ), page AS (
                SELECT *, row_number() OVER (ORDER BY {behind if after else ""} due_on, state_since, id) AS place
                FROM waiting ORDER BY place LIMIT %(limit)s OFFSET %(skip)s)
            SELECT page.id, person_id, person.name, person.birth, coalesce(person.number, ''), page.name,
                   state_since, due_on, differs_from_register, suspect_duplicate, poor_biometrics
            FROM page JOIN register_person AS person ON person.id = person_id ORDER BY place
            """,
            values,
        )
        return [
            QueueLine(dossier, person, name, PartialDate.parse(birth), *rest)
            for dossier, person, name, birth, *rest in cursor.fetchall()
        ]


def unchecked() -> dict[int, list[UUID]]:
    """Return the received dossiers that were not checked as they are now, by the province that took them.

    A dossier is checked anew after a new attempt, and after its person was changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(done.ancestors[2], done.id), array_agg(dossier.id ORDER BY state_since, dossier.id)
            FROM capture_dossier AS dossier
            JOIN register_person AS person ON person.id = person_id
            JOIN units_unit AS done ON done.id = unit_done_id
            LEFT JOIN processing_check AS checked ON checked.dossier_id = dossier.id
            WHERE state = 'received' AND (checked.dossier_id IS NULL
                OR (checked.attempt, checked.person_version) <> (dossier.attempt, person.version))
            GROUP BY 1 ORDER BY 1
            """
        )
        return dict(cursor.fetchall())
