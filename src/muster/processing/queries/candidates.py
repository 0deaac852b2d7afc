"""Who in the register may be the same person as somebody: by exact and near keys, a batch in one question.

Every key is an equality on an index of the register, so that the work grows with the batch and hardly with the
register: the same day of birth and given name; the same, with the given name one slip away (of the given names that
there are); the same name with day and month exchanged, or with a vaguer date; the same 9-digit number.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from muster.kernel.arrays import ids
from muster.kernel.dates import PartialDate
from muster.kernel.numbers import Sex
from muster.processing.likeness import Side, exchanged
from muster.register.similarity import one_slip


class Candidate(NamedTuple):
    """Two persons who may be one, and whether a 9-digit number stands on both."""

    one: Side
    other: Side
    old_number: bool


_GIVEN_NAMES = """
    WITH RECURSIVE given (name) AS (
        (SELECT given_ascii FROM register_person ORDER BY given_ascii LIMIT 1)
        UNION ALL
        SELECT (SELECT given_ascii FROM register_person WHERE given_ascii > given.name ORDER BY given_ascii LIMIT 1)
        FROM given WHERE given.name IS NOT NULL)
    SELECT name FROM given WHERE name IS NOT NULL
"""

_FOUND = """
WITH asked AS MATERIALIZED (
    SELECT person.id, name_ascii, given_ascii, family_ascii, birth_from, birth_to, length(birth) = 10 AS to_the_day,
           left(name_ascii, -length(given_ascii)) AS before_given
    FROM register_person AS person WHERE person.id = ANY(%(persons)s::uuid[])
), keys (person, birth_from, given_ascii, name_ascii) AS MATERIALIZED (
    SELECT id, make_date(date_part('year', birth_from)::int, 1, 1), given_ascii, name_ascii FROM asked
    UNION
    SELECT id, date_trunc('month', birth_from)::date, given_ascii, name_ascii FROM asked
    UNION
    SELECT id, told.exchanged, given_ascii, name_ascii
    FROM asked JOIN unnest(%(born)s::uuid[], %(exchanged)s::date[]) AS told (person, exchanged) ON person = id
    UNION
    SELECT id, birth_from, told.slip, before_given || told.slip
    FROM asked JOIN unnest(%(given)s::text[], %(slips)s::text[]) AS told (given, slip) ON given = given_ascii
    WHERE to_the_day
), found (one, other) AS (
    SELECT asked.id, person.id FROM asked JOIN register_person AS person
        ON person.birth_from = asked.birth_from AND person.given_ascii = asked.given_ascii
        AND (to_the_day OR person.name_ascii = asked.name_ascii)
    UNION
    SELECT person, id FROM keys JOIN register_person USING (birth_from, given_ascii, name_ascii)
    UNION
    SELECT asked.id, person.id FROM asked CROSS JOIN LATERAL (
        SELECT id FROM register_person AS person
        WHERE person.given_ascii = asked.given_ascii AND person.family_ascii = asked.family_ascii
          AND person.birth_from BETWEEN asked.birth_from AND asked.birth_to AND person.name_ascii = asked.name_ascii
        OFFSET 0  -- one by one: the planner believes half of the dates vague, and would read the whole register
    ) AS person WHERE NOT to_the_day
    UNION
    SELECT mine.person_id, theirs.person_id
    FROM register_old_number AS mine JOIN register_old_number AS theirs USING (number)
    WHERE mine.person_id = ANY(%(persons)s::uuid[])
), pairs AS MATERIALIZED (
    SELECT DISTINCT least(one, other) AS one, greatest(one, other) AS other FROM found WHERE one <> other
)
SELECT one, other, EXISTS (
    SELECT FROM register_old_number AS mine JOIN register_old_number AS theirs USING (number)
    WHERE mine.person_id = one AND theirs.person_id = other)
FROM pairs
WHERE NOT EXISTS (SELECT FROM register_merged WHERE gone_id IN (one, other))
  AND NOT EXISTS (SELECT FROM processing_suspicion AS asked WHERE asked.one_id = one AND asked.other_id = other)
ORDER BY one, other
"""

_SIDES = """
    SELECT person.id, person.name, person.name_key, name_ascii, birth, sex, unit_id,
           coalesce((SELECT above.id FROM units_unit AS above
                     WHERE above.id = ANY(unit.ancestors) AND above.level = 'commune' LIMIT 1), unit_id),
           registered_unit_id, EXISTS (SELECT FROM register_old_number WHERE person_id = person.id)
    FROM register_person AS person JOIN units_unit AS unit ON unit.id = unit_id WHERE person.id = ANY(%s::uuid[])
"""


def candidates(persons: Collection[tuple[UUID, str, str]]) -> list[Candidate]:
    """Return pairs that were never asked about, of whom at least one is of the persons given.

    :param persons: id, birth (ISO 8601) and given name without marks
    """
    births = {person: PartialDate.parse(birth) for person, birth, _ in persons}
    swapped = {
        person: day
        for person, born in births.items()
        if born.precision == "day" and (day := exchanged(born.earliest)) is not None
    }
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN_NAMES)
        slips = _slips({given for *_, given in persons}, {name for (name,) in cursor.fetchall()})
        cursor.execute(
            _FOUND,
            {
                "persons": ids(births),
                "born": ids(swapped),
                "exchanged": f"{{{','.join(day.isoformat() for day in swapped.values())}}}",
                "given": [given for given, _ in slips],
                "slips": [slip for _, slip in slips],
            },
        )
        found = cursor.fetchall()
    sides = _sides({person for one, other, _ in found for person in (one, other)})
    return [Candidate(sides[one], sides[other], shared) for one, other, shared in found]


def never_asked(pairs: Sequence[Candidate]) -> list[Candidate]:
    """Return the pairs that nobody has asked about meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one_id, other_id FROM processing_suspicion "
            "JOIN unnest(%s::uuid[], %s::uuid[]) AS told (one, other) ON (one_id, other_id) = (told.one, told.other)",
            [ids(pair.one.id for pair in pairs), ids(pair.other.id for pair in pairs)],
        )
        asked = set(cursor.fetchall())
    return [pair for pair in pairs if (pair.one.id, pair.other.id) not in asked]


def _slips(asked: Collection[str], there: set[str]) -> Sequence[tuple[str, str]]:
    """Return each given name asked for with those that are there and one slip away."""
    return [(given, slip) for given in sorted(asked) for slip in sorted(one_slip(given) & there)]


def _sides(persons: Collection[UUID]) -> dict[UUID, Side]:
    if not persons:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SIDES, [ids(persons)])
        return {row[0]: _side(*row) for row in cursor.fetchall()}


def _side(
    person: UUID, name: str, name_key: str, letters: str, birth: str, sex: str, unit: int, commune: int, *rest: Any
) -> Side:
    born = PartialDate.parse(birth)
    return Side(person, name, name_key, letters, born, Sex(sex), unit, commune, *rest)
