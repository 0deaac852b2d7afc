"""What an operation must know of rows before it writes; with ``lock``, held until it is done."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from muster.kernel.arrays import ids
from muster.kernel.dates import PartialDate, read_stored
from muster.kernel.numbers import Sex
from muster.law.duty import LifeStatus
from muster.law.numbers import NumberState
from muster.register.models import Person, Residence
from muster.register.words import Relation, ResidenceKind
from muster.units.models import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonState:
    """A person as an operation sees them."""

    id: UUID
    version: int
    number: str
    number_state: NumberState
    sex: Sex
    birth: PartialDate
    name: str
    unit: int
    resident_since: date | None
    household: UUID
    relation: Relation
    is_head: bool
    life: LifeStatus
    died_on: str  # ISO 8601, as far as it is known
    sealed: bytes
    province: str  # code of the province where the birth is registered


def states(persons: Collection[UUID], *, lock: bool = False) -> dict[UUID, PersonState]:
    """Return persons by id; with ``lock`` their rows are held, in the order of their ids, to the transaction's end."""
    with connection.cursor() as cursor:
        if lock:
            cursor.execute(
                "SELECT FROM register_person WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE", [ids(persons)]
            )
        cursor.execute(
            """
            SELECT person.id, version, coalesce(number, ''), number_state, sex, birth, person.name, person.unit_id,
                   resident_since, household_id, relation, household.head = person.id, life, died_on, person.sealed,
                   coalesce(province.code, '')
            FROM register_person AS person
            JOIN register_household AS household ON household.id = household_id
            LEFT JOIN units_unit AS registered ON registered.id = registered_unit_id
            LEFT JOIN units_unit AS province ON province.id = ANY(registered.ancestors) AND province.level = 'province'
            WHERE person.id = ANY(%s::uuid[])
            """,
            [ids(persons)],
        )
        return {row[0]: _state(row) for row in cursor.fetchall()}


def _state(row: tuple[Any, ...]) -> PersonState:
    (
        person,
        version,
        number,
        number_state,
        sex,
        birth,
        name,
        unit,
        resident_since,
        household,
        relation,
        head,
        life,
        died_on,
        sealed,
        province,
    ) = row
    return PersonState(
        id=person,
        version=version,
        number=number,
        number_state=NumberState(number_state),
        sex=Sex(sex),
        birth=read_stored(birth),
        name=name,
        unit=unit,
        resident_since=resident_since,
        household=household,
        relation=Relation(relation),
        is_head=bool(head),
        life=LifeStatus(life),
        died_on=died_on,
        sealed=bytes(sealed),
        province=province,
    )


def known_persons(persons: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return name and birth of those of the persons who are in the register."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, birth FROM register_person WHERE id = ANY(%s::uuid[])", [ids(persons)])
        return {person: (name, birth) for person, name, birth in cursor.fetchall()}


def known_cards(ids: Collection[UUID]) -> set[UUID]:
    """Return those of the cards that are in the register."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM register_card WHERE id = ANY(%s)", [list(ids)])
        return {card for (card,) in cursor.fetchall()}


def owners_of(numbers: Collection[str]) -> dict[str, UUID]:
    """Return whose each personal number is or was, of those ever given out."""
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, person FROM register_number WHERE number = ANY(%s)", [list(numbers)])
        return dict(cursor.fetchall())


def open_households(households: Collection[UUID]) -> set[UUID]:
    """Return those of the households that are in the register and not closed."""
    if not households:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM register_household WHERE id = ANY(%s::uuid[]) AND closed_on IS NULL", [ids(households)]
        )
        return {household for (household,) in cursor.fetchall()}


def others_in(household: UUID, person: UUID) -> bool:
    """Say whether anybody besides a person lives in a household; a row merged into another is nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT FROM register_person WHERE household_id = %s AND id <> %s AND life <> 'dead'
                           AND NOT EXISTS (SELECT FROM register_merged WHERE gone_id = register_person.id))
            """,
            [household, person],
        )
        return bool(cursor.fetchone()[0])


def has_moved(person: UUID) -> bool:
    """Say whether a former permanent residence of a person is known."""
    return Residence.objects.filter(person_id=person, kind=ResidenceKind.PERMANENT.value).exists()


def hold_households(households: Collection[UUID]) -> None:
    """Hold everybody of households, then the households, each in the order of ids, until the transaction's end.

    Whoever joins one holds it by `hold_homes`: nobody comes in between who lives there is read and the end.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM register_person WHERE household_id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE", [ids(households)]
        )
        cursor.execute(
            "SELECT FROM register_household WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE", [ids(households)]
        )


def hold_homes(households: Collection[UUID]) -> None:
    """Hold households that persons join, in the order of their ids, so that none of them moves whole meanwhile.

    Persons are held before their households, here as everywhere.
    """
    if households:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM register_household WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE",
                [ids(households)],
            )


def homes(households: Collection[UUID]) -> dict[UUID, int]:
    """Return of open households the unit each lives in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, unit_id FROM register_household WHERE id = ANY(%s::uuid[]) AND closed_on IS NULL",
            [ids(households)],
        )
        return dict(cursor.fetchall())


def relations_in(household: UUID) -> dict[UUID, Relation]:
    """Return what everybody who lives in a household is to its head: not the dead, nor a row merged into another."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, relation FROM register_person WHERE household_id = %s AND life <> 'dead'
            AND NOT EXISTS (SELECT FROM register_merged WHERE gone_id = register_person.id)
            """,
            [household],
        )
        return {person: Relation(relation) for person, relation in cursor.fetchall()}


def merged_into(persons: Collection[UUID]) -> dict[UUID, UUID]:
    """Return, of persons whose row was closed by a merge, the row that goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gone_id, into_id FROM register_merged WHERE gone_id = ANY(%s)", [list(persons)])
        return dict(cursor.fetchall())


def existing_units(ids: Iterable[int]) -> set[int]:
    """Return those of the units that there are, of any time."""
    return set(Unit.objects.filter(id__in=set(ids)).values_list("id", flat=True))


def has_persons() -> bool:
    """Say whether anybody is in the register."""
    return Person.objects.exists()


class Resident(NamedTuple):
    """Somebody who lives in a unit: since when born, what they do by day."""

    person: UUID
    born: date
    occupation: str
    unit: int


def residents(unit: int) -> list[Resident]:
    """Return who lives in a unit or below it and is not dead, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, birth_from, occupation, unit_id FROM register_person
            WHERE unit_id IN (SELECT id FROM units_unit WHERE ancestors @> ARRAY[%s]) AND life <> 'dead' ORDER BY id
            """,
            [unit],
        )
        return [Resident(*row) for row in cursor.fetchall()]


class LawRow(NamedTuple):
    """What the law asks of a person: birth and life, the latest card, and whether anything changed since it."""

    person: UUID
    birth: str
    life: str
    nationality: str
    resident_since: date | None
    card: str | None
    issued_on: date | None
    expires_on: date | None
    touched: bool


def law_rows(persons: Collection[UUID]) -> list[LawRow]:
    """Return for many persons what the law asks of each; ``touched``: a correction or a lost number after the card.

    A card that has ended (replaced, taken back) is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT person.id, birth, life, nationality, resident_since, card.type, card.issued_on, card.expires_on,
                   card.type IS NOT NULL AND (
                       EXISTS (SELECT FROM register_life_event AS event
                               WHERE event.person_id = person.id AND event.kind = 'corrected')
                       OR EXISTS (SELECT FROM register_number AS old
                                  WHERE old.person = person.id AND old.until IS NOT NULL))
            FROM register_person AS person
            LEFT JOIN LATERAL (
                SELECT type, issued_on, expires_on FROM register_card WHERE person_id = person.id AND ended_on IS NULL
                ORDER BY issued_on DESC NULLS LAST LIMIT 1
            ) AS card ON true
            WHERE person.id = ANY(%s::uuid[])
            """,
            [ids(persons)],
        )
        return [LawRow(*row) for row in cursor.fetchall()]
