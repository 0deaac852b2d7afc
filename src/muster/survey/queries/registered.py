"""What the register says of the people of units, as the survey judges them, beside the cases that are there."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from muster.law.duty import Nationality
from muster.survey.judging import LawKey
from muster.survey.words import State


class Held(NamedTuple):
    """A case that is there; ``content`` is band, group, ground, kind, obligation, certainty, channel."""

    case: UUID
    state: State
    unit: int
    content: tuple[Any, ...]


class RegisterRow(NamedTuple):
    """One person; ``inside``: now registered within the campaign; ``touched``: a correction came after the card."""

    person: UUID
    unit: int
    law: LawKey
    occupation: str
    organisation: str
    inside: bool
    touched: bool
    held: Held | None


# Each LIMIT 1 asks an index once a person, whatever the planner believes of a table that has just been filled.
_ROWS = """
    SELECT person.id, person.unit_id, person.birth, person.life, person.nationality, person.resident_since,
           card.type, card.issued_on, card.expires_on, person.occupation, person.organisation,
           %(root)s = ANY(place.ancestors),
           card.type IS NOT NULL AND (corrected.yes OR renumbered.yes) IS TRUE,
           held.id, held.state, held.unit_id, held.band, held.group_code, held.ground, held.kind, held.obligation,
           held.certainty, held.channel
    FROM (
        SELECT id FROM register_person WHERE unit_id = ANY(%(units)s)
        UNION
        SELECT person_id FROM survey_case WHERE campaign_id = %(campaign)s AND unit_id = ANY(%(units)s)
    ) AS asked
    JOIN register_person AS person USING (id)
    JOIN units_unit AS place ON place.id = person.unit_id
    LEFT JOIN LATERAL (
        SELECT * FROM survey_case WHERE person_id = person.id AND campaign_id = %(campaign)s LIMIT 1
    ) AS held ON true
    LEFT JOIN LATERAL (
        SELECT type, issued_on, expires_on FROM register_card WHERE person_id = person.id AND ended_on IS NULL
        ORDER BY issued_on DESC NULLS LAST LIMIT 1
    ) AS card ON true
    LEFT JOIN LATERAL (
        SELECT true AS yes FROM register_life_event WHERE person_id = person.id AND kind = 'corrected' LIMIT 1
    ) AS corrected ON true
    LEFT JOIN LATERAL (
        SELECT true AS yes FROM register_number WHERE person = person.id AND until IS NOT NULL LIMIT 1
    ) AS renumbered ON true
"""


def register_rows(campaign: UUID, root: int, units: Sequence[int]) -> list[RegisterRow]:
    """Return everybody registered in these very units, and whoever has a case there and is registered elsewhere now.

    :param root: the campaign's unit
    """
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"campaign": campaign, "root": root, "units": list(units)})
        return [_row(row) for row in cursor.fetchall()]


def _row(row: tuple[Any, ...]) -> RegisterRow:
    settled = row[5] if row[4] == Nationality.UNDETERMINED else None
    law = LawKey(row[2], row[3], row[4], settled, row[6], row[7], row[8])
    held = Held(row[13], State(row[14]), row[15], row[16:]) if row[13] else None
    return RegisterRow(row[0], row[1], law, row[9], row[10], row[11], row[12], held)


def populated(campaign: UUID, units: Sequence[int]) -> dict[int, int]:
    """Return how many people are registered in each unit at or below these; units of cases alone have none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH below AS (SELECT id FROM units_unit WHERE ancestors && %(units)s::int[])
            SELECT unit, sum(n)::int FROM (
                SELECT unit_id AS unit, count(*) AS n FROM register_person
                WHERE unit_id IN (SELECT id FROM below) GROUP BY unit_id
                UNION ALL
                SELECT DISTINCT unit_id, 0 FROM survey_case
                WHERE campaign_id = %(campaign)s AND unit_id IN (SELECT id FROM below)
                UNION ALL
                SELECT DISTINCT unit_id, 0 FROM survey_excluded
                WHERE campaign_id = %(campaign)s AND unit_id IN (SELECT id FROM below)
            ) AS counted GROUP BY unit
            """,
            {"campaign": campaign, "units": list(units)},
        )
        return dict(cursor.fetchall())
