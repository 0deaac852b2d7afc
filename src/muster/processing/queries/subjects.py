"""What a check must know of dossiers and their persons, in one question for a whole batch."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from muster.kernel.arrays import ids


class Subject(NamedTuple):
    """A dossier and its person as a check sees them; codes as they are stored, for a batch has many."""

    dossier: UUID
    state: str
    attempt: int
    poor: bool
    differs: bool
    suspect: bool
    unit: int
    person: UUID
    person_version: int
    number: str
    number_state: str
    sex: str
    birth: str
    life: str
    province: str  # code of the province where the birth is registered
    given: str  # the given name without marks


def subjects(dossiers: Collection[UUID]) -> dict[UUID, Subject]:
    """Return dossiers with their persons by id; what is not there is not in the answer."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT dossier.id, state, attempt, poor_biometrics, differs_from_register, suspect_duplicate, unit_done_id,
                   person.id, person.version, coalesce(number, ''), number_state, sex, birth, life,
                   coalesce(province.code, ''), given_ascii
            FROM capture_dossier AS dossier JOIN register_person AS person ON person.id = person_id
            LEFT JOIN units_unit AS registered ON registered.id = registered_unit_id
            LEFT JOIN units_unit AS province ON province.id = ANY(registered.ancestors) AND province.level = 'province'
            WHERE dossier.id = ANY(%s::uuid[])
            """,
            [ids(dossiers)],
        )
        return {row[0]: Subject(*row) for row in cursor.fetchall()}


def hold(dossiers: Collection[UUID], beside: Collection[UUID] = ()) -> None:
    """Hold dossiers and their persons to the transaction's end: persons before dossiers, each in the order of ids.

    Persons are held so that others may still refer to them: a pair may be of two batches that are examined at once.

    :param beside: dossiers of others that will be flagged, held in the same order
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT FROM register_person WHERE id IN (SELECT person_id FROM capture_dossier WHERE id = ANY(%s::uuid[]))
            ORDER BY id FOR NO KEY UPDATE
            """,
            [ids(dossiers)],
        )
        held = ids({*dossiers, *beside})
        cursor.execute("SELECT FROM capture_dossier WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE", [held])


def sealed_packets(dossiers: Collection[UUID]) -> list[tuple[UUID, int, bytes]]:
    """Return dossier, attempt and what is sealed of each packet of dossiers, the first attempt first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT dossier_id, attempt, sealed FROM capture_packet
            WHERE dossier_id = ANY(%s::uuid[]) AND sealed IS NOT NULL ORDER BY dossier_id, attempt
            """,
            [ids(dossiers)],
        )
        return [(dossier, attempt, bytes(sealed)) for dossier, attempt, sealed in cursor.fetchall()]
