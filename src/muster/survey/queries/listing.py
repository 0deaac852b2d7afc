"""The list of a hamlet: whom to visit, in the order of a Vietnamese list; page after page, or whole."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from muster.kernel.dates import PartialDate
from muster.kernel.numbers import Sex
from muster.survey.words import Contact, Group, Hard, State


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases a list shows; nothing said: all that are open."""

    group: Group | None = None
    contact: Contact | None = None
    hard: Hard | None = None
    state: State | None = State.OPEN  # None: of any


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """One person on a list; the register's part is as the register has it now."""

    case: UUID
    person: UUID
    unit: int
    hamlet: str  # its code
    name: str
    birth: PartialDate
    sex: Sex
    head: str  # name of the head of the household
    is_head: bool
    file_no: str
    organisation: str
    old_numbers: str
    group: Group
    ground: str
    obligation: str
    certainty: str
    contact: Contact
    hard: Hard | None
    state: State
    sealed: bytes | None


_WHERE = """
    held.campaign_id = %(campaign)s AND (%(state)s::text IS NULL OR held.state = %(state)s)
    AND held.unit_id = ANY(ARRAY(SELECT id FROM units_unit WHERE ancestors @> ARRAY[%(unit)s]))
    AND (%(group)s::text IS NULL OR held.group_code = %(group)s)
    AND (%(contact)s::text IS NULL OR held.contact = %(contact)s)
    AND (%(hard)s::text IS NULL OR held.hard = %(hard)s)
"""
_LINES = f"""
    SELECT held.id, held.person_id, held.unit_id, place.code, person.name, person.birth, person.sex,
           head.name, head.id = person.id, household.file_no, person.organisation,
           coalesce((SELECT string_agg(number, ', ' ORDER BY number) FROM register_old_number
                     WHERE person_id = person.id), ''),
           held.group_code, held.ground, held.obligation, held.certainty, held.contact, held.hard, held.state,
           CASE WHEN %(sealed)s THEN person.sealed END
    FROM survey_case AS held
    JOIN register_person AS person ON person.id = held.person_id
    JOIN units_unit AS place ON place.id = held.unit_id
    JOIN register_household AS household ON household.id = person.household_id
    LEFT JOIN register_person AS head ON head.id = household.head
    WHERE {_WHERE}
      AND (%(after)s::uuid IS NULL OR (place.code, person.sort_key, held.id) > (
          SELECT before_place.code, before_person.sort_key, before.id
          FROM survey_case AS before
          JOIN register_person AS before_person ON before_person.id = before.person_id
          JOIN units_unit AS before_place ON before_place.id = before.unit_id
          WHERE before.id = %(after)s))
      AND (%(only)s::uuid IS NULL OR held.id = %(only)s)
    ORDER BY place.code, person.sort_key, held.id
    LIMIT %(limit)s
"""


def list_lines(
    *,
    campaign: UUID,
    unit: int,
    asked: Filter,
    after: UUID | None = None,
    only: UUID | None = None,
    limit: int | None = None,
    sealed: bool = False,
) -> list[ListLine]:
    """Return the lines of a unit's list: hamlet by hamlet, then by name.

    :param after: the case after whose line the page begins
    :param only: one case alone
    :param sealed: with the person's sealed fields, for who may open them
    """
    values = _values(campaign, unit, asked) | {"after": after, "only": only, "limit": limit, "sealed": sealed}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, values)
        return [_line(row) for row in cursor.fetchall()]


def list_size(*, campaign: UUID, unit: int, asked: Filter) -> int:
    """Return how many lines a list has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM survey_case AS held WHERE {_WHERE}", _values(campaign, unit, asked))
        return int(cursor.fetchone()[0])


def _values(campaign: UUID, unit: int, asked: Filter) -> dict[str, Any]:
    return {
        "campaign": campaign, "unit": unit, "state": asked.state.value if asked.state else None,
        "group": asked.group.value if asked.group else None,
        "contact": asked.contact.value if asked.contact else None,
        "hard": asked.hard.value if asked.hard else None,
    }  # fmt: skip


def _line(row: tuple[Any, ...]) -> ListLine:
    return ListLine(
        case=row[0], person=row[1], unit=row[2], hamlet=row[3], name=row[4],
        birth=PartialDate.parse(row[5]), sex=Sex(row[6]), head=row[7] or "", is_head=bool(row[8]), file_no=row[9],
        organisation=row[10], old_numbers=row[11], group=Group(row[12]), ground=row[13], obligation=row[14],
        certainty=row[15], contact=Contact(row[16]), hard=Hard(row[17]) if row[17] else None, state=State(row[18]),
        sealed=bytes(row[19]) if row[19] else None,
    )  # fmt: skip
