"""What of persons stands on their cards, for many at once; the sealed fields as they are sealed."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from muster.kernel.arrays import ids
from muster.kernel.dates import PartialDate, read_stored
from muster.kernel.numbers import Sex
from muster.kernel.reading import reader, word
from muster.law.duty import LifeStatus, Nationality


class Printable(NamedTuple):
    """A person as a card tells of them. ``parents`` are those the register knows, the father first."""

    id: UUID
    number: str
    name: str
    birth: PartialDate
    sex: Sex
    life: LifeStatus
    nationality: Nationality
    unit: int
    native_unit: int | None
    registered_unit: int | None
    sealed: bytes
    old_number: str
    cancelled: tuple[str, ...]
    parents: tuple[str, ...]
    held_card: bool  # a card that has not ended


_printable = reader(
    Printable,
    {
        "birth": read_stored, "sex": word(Sex), "life": word(LifeStatus), "nationality": word(Nationality),
        "sealed": bytes, "cancelled": tuple, "parents": tuple,
    },
)  # fmt: skip


def printable(persons: Collection[UUID]) -> dict[UUID, Printable]:
    """Return persons by id as their cards tell of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH asked AS (SELECT unnest(%s::uuid[]) AS id),
            olds AS (SELECT person_id, max(number) AS number FROM register_old_number
                     WHERE person_id IN (SELECT id FROM asked) GROUP BY 1),
            gone AS (SELECT person, array_agg(number::text ORDER BY until, number) AS numbers FROM register_number
                     WHERE person IN (SELECT id FROM asked) AND until IS NOT NULL GROUP BY 1),
            kin AS (SELECT person_id, array_agg(other.name::text ORDER BY kinship) AS names FROM register_kin
                    JOIN register_person AS other ON other.id = other_id
                    WHERE person_id IN (SELECT id FROM asked) AND kinship IN ('father', 'mother') GROUP BY 1),
            cards AS (SELECT DISTINCT person_id FROM register_card
                      WHERE person_id IN (SELECT id FROM asked) AND ended_on IS NULL)
            SELECT person.id, coalesce(person.number, ''), name, birth, sex, life, nationality, unit_id, native_unit_id,
                   registered_unit_id, sealed, coalesce(olds.number, ''), coalesce(gone.numbers, '{}'),
                   coalesce(kin.names, '{}'), cards.person_id IS NOT NULL
            FROM register_person AS person JOIN asked USING (id)
            LEFT JOIN olds ON olds.person_id = person.id
            LEFT JOIN gone ON gone.person = person.id
            LEFT JOIN kin ON kin.person_id = person.id
            LEFT JOIN cards ON cards.person_id = person.id
            """,
            [ids(persons)],
        )
        return {row[0]: _printable(row) for row in cursor.fetchall()}
