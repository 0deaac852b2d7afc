"""One person's whole life in the register, on one page; sensitive fields as far as the reader's rights go."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from muster.keys import queries as keys
from muster.people.words import Field
from muster.register.queries.finding import PersonLine, lines
from muster.register.sensitive import KIND, SEEN_BY, Sensitive
from muster.register.words import LifeEventKind, Relation, ResidenceKind


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A personal number the person has or had."""

    number: str
    since: date | None
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class CardLine:
    """An identity paper the person was issued."""

    type: str
    number: str
    issued_on: date | None
    expires_on: date | None
    issued_by: str
    ended_on: date | None
    ended: str


@dataclass(frozen=True, slots=True)
class KinLine:
    """Somebody of the family who is in the register: a kinship, or the other way round ``child`` or ``ward``."""

    kinship: str
    person: UUID
    name: str


@dataclass(frozen=True, slots=True)
class MemberLine:
    """Somebody of the household."""

    person: UUID
    name: str
    relation: Relation
    birth: str


@dataclass(frozen=True, slots=True)
class ResidenceLine:
    """A residence besides the present permanent one."""

    kind: ResidenceKind
    unit: int
    since: date | None
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """A field that was corrected; ``old`` and ``new`` are ``None`` where the reader may not see them."""

    field: str
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class LifeLine:
    """Something that happened, or was corrected; no ``changes`` where the person's key has been erased."""

    kind: LifeEventKind
    happened_on: str
    paper: str
    recorded_at: datetime
    by_officer: UUID | None
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """Everything the register holds of a person; ``sensitive`` only what the reader may see, ``held`` what there is."""

    line: PersonLine
    other_name: str
    number_state: str
    birth_paper: str
    nationality: str
    marital: str
    died_on: str
    birth_unit: int | None
    registered_unit: int | None
    native_unit: int | None
    province: str  # code of the province where the birth is registered
    resident_since: date | None
    relation: Relation
    household: UUID
    occupation: str
    organisation: str
    confirmed_at: datetime | None
    version: int
    numbers: Sequence[NumberLine]
    old_numbers: Sequence[str]
    cards: Sequence[CardLine]
    kin: Sequence[KinLine]
    members: Sequence[MemberLine]
    residences: Sequence[ResidenceLine]
    life: Sequence[LifeLine]
    sensitive: dict[str, Any]
    held: frozenset[str]
    erased: bool
    lost: bool  # the key of what is sealed was lost with its key folder


_PLAIN = (
    "other_name", "number_state", "birth_paper", "nationality", "marital", "died_on", "birth_unit", "registered_unit",
    "native_unit", "resident_since", "household", "occupation", "organisation", "confirmed_at", "version", "province",
)  # fmt: skip


def person_page(person: UUID, *, allowed: frozenset[Field], line: PersonLine | None = None) -> PersonPage | None:
    """Return a person's page, ``None`` where there is no such person.

    :param allowed: the sensitive fields that the reader may see (`people.rights.fields`)
    :param line: the person's line, where it was asked for already
    :raises SealBroken: the sealed fields were tampered with
    """
    line = line or next(iter(lines([person])), None)
    if line is None:
        return None
    (row,), life, numbers, old_numbers, cards, kin, members, residences = _everything(person)
    *plain, relation, own = row
    events = [(tuple(event), bytes(sealed)) for *event, sealed in life]
    text, *told = keys.open_sealed([(KIND, person, bytes(own)), *((KIND, person, sealed) for _, sealed in events)])
    sealed = Sensitive.from_bytes(text) if text is not None else Sensitive()
    lost = text is None and keys.is_lost(KIND, person)
    return PersonPage(
        line=line,
        **dict(zip(_PLAIN, plain, strict=True)),
        relation=Relation(relation),
        numbers=[NumberLine(*one) for one in numbers],
        old_numbers=[number for (number,) in old_numbers],
        cards=[CardLine(*one) for one in cards],
        kin=[KinLine(*one) for one in kin],
        members=[MemberLine(who, name, Relation(tie), birth) for who, name, tie, birth in members],
        residences=[ResidenceLine(ResidenceKind(kind), *rest) for kind, *rest in residences],
        life=[_line(event, memory, allowed) for (event, _), memory in zip(events, told, strict=True)],
        sensitive=sealed.seen_with(allowed),
        held=sealed.known(),
        erased=text is None and not lost,
        lost=lost,
    )


def _everything(person: UUID) -> list[list[tuple[Any, ...]]]:
    """Ask all that stands on a page at once: one way to the database and back, and an answer for each statement."""
    told: dict[str, Any] = {
        "person": person,
        "kinships": ["spouse", "father", "mother", "representative", "child", "ward"],
    }
    with connection.cursor() as cursor:
        cursor.execute(_EVERYTHING, told)
        answers = [cursor.fetchall()]
        while cursor.nextset():
            answers.append(cursor.fetchall())
    return answers


_KINSHIPS = ("spouse", "father", "mother", "representative", "child", "ward")
_EVERYTHING = """
    SELECT other_name, number_state, birth_paper, nationality, marital, died_on, birth_unit_id, registered_unit_id,
           native_unit_id, resident_since, household_id, occupation, organisation, confirmed_at, version,
           coalesce((SELECT province.code FROM units_unit AS registered
                     JOIN units_unit AS province ON province.id = ANY(registered.ancestors)
                     WHERE registered.id = registered_unit_id AND province.level = 'province'), ''),
           relation, sealed
    FROM register_person WHERE id = %(person)s;

    SELECT kind, happened_on, paper, recorded_at, by_officer, sealed FROM register_life_event
    WHERE person_id = %(person)s ORDER BY recorded_at DESC, id DESC;

    SELECT number, since, until, reason FROM register_number
    WHERE person = %(person)s ORDER BY until NULLS LAST, number;

    SELECT number FROM register_old_number WHERE person_id = %(person)s;

    SELECT type, number, issued_on, expires_on, issued_by, ended_on, ended FROM register_card
    WHERE person_id = %(person)s ORDER BY ended_on IS NOT NULL, issued_on DESC NULLS LAST;

    SELECT kinship, id, name FROM register_person JOIN (
        SELECT kinship, other_id AS id FROM register_kin WHERE person_id = %(person)s
        UNION SELECT CASE kinship WHEN 'representative' THEN 'ward' ELSE 'child' END, person_id FROM register_kin
        WHERE other_id = %(person)s AND kinship <> 'spouse'
    ) AS tie USING (id) WHERE NOT EXISTS (SELECT FROM register_merged WHERE gone_id = id)
    ORDER BY array_position(%(kinships)s, kinship::text), birth_from, sort_key;

    SELECT id, name, relation, birth FROM register_person
    WHERE household_id = (SELECT household_id FROM register_person WHERE id = %(person)s) AND life <> 'dead'
        AND NOT EXISTS (SELECT FROM register_merged WHERE gone_id = register_person.id)
    ORDER BY relation <> 'head', birth_from, sort_key;

    SELECT kind, unit_id, since, until, reason FROM register_residence
    WHERE person_id = %(person)s ORDER BY since DESC NULLS LAST
"""


def _line(event: tuple[Any, ...], memory: bytes | None, allowed: frozenset[Field]) -> LifeLine:
    kind, happened_on, paper, recorded_at, by_officer = event
    told: Mapping[str, Any] = json.loads(memory) if memory else {}
    changes = _changes(told, allowed)
    return LifeLine(LifeEventKind(kind), happened_on, paper, recorded_at, by_officer, changes)


def _changes(told: Mapping[str, Any], allowed: frozenset[Field]) -> list[Change]:
    """Return what a correction or a move changed, as far as the reader may see it; nothing of any other event."""
    old = told.get("old", {})
    return [
        Change(name, old.get(name, old.get(f"{name}_id", "")), new)
        if SEEN_BY.get(name) in {None, *allowed}
        else Change(name)
        for name, new in told.get("new", {}).items()
    ]
