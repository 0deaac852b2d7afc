"""Take households and persons into the register: one family at a desk, or a million by COPY, the same way."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db import connection, transaction

from muster.audit import operations as audit
from muster.events import operations as journal
from muster.events.journal import Move, age_band
from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.copying import copy_rows
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.names import keys as name_keys
from muster.kernel.names import normalise
from muster.kernel.numbers import PersonalNumber, Sex, old_number
from muster.keys import operations as keys
from muster.law.numbers import NumberState
from muster.register import queries
from muster.register.rows import HouseholdRow, PersonRow
from muster.register.sensitive import KIND

Family = tuple[Sequence[HouseholdRow], Sequence[PersonRow]]
NAME_LETTERS = 120
NINE, TWELVE = re.compile("[0-9]{9}"), re.compile("[0-9]{12}")  # what needs no second look
BLOCK_DIGITS = 6
BLOCKS_KEPT = 1 << 15  # of numbers: a province has some 400, and one in ten comes from another


class NameMissing(Refusal):
    """A person has a name of one to 120 letters."""

    code = "name_missing"
    vi = "Họ tên phải có từ 1 đến 120 chữ cái."
    en = "A name has one to 120 letters."


class BornInFuture(Refusal):
    """Nobody is born after today."""

    code = "born_in_future"
    vi = "Ngày sinh {birth} ở tương lai."
    en = "The birth date {birth} is in the future."


class NumberDisagrees(Refusal):
    """The personal number says another sex or birth year than the row does."""

    code = "number_disagrees"
    vi = "Số định danh không khớp giới tính hoặc năm sinh ({findings})."
    en = "The personal number does not agree with sex or birth year ({findings})."


class NumberTaken(Refusal):
    """The personal number is, or was, somebody else's."""

    code = "number_taken"
    vi = "Số định danh này đã được cấp cho người khác."
    en = "This personal number has been given to somebody else."


class NumberNotPlain(Refusal):
    """A number comes as its digits alone; whoever reads a file takes blanks and dots out first."""

    code = "number_not_plain"
    vi = "Số “{number}” phải được ghi liền, chỉ gồm chữ số."
    en = "The number “{number}” must be written as digits alone."


class UnitUnknown(Refusal):
    """The row names a unit that is not there."""

    code = "unit_unknown"
    vi = "Không có đơn vị số {unit}."
    en = "There is no unit number {unit}."


class HouseholdIncomplete(Refusal):
    """A household comes with its head, and a person with a household that is there or comes along."""

    code = "household_incomplete"
    vi = "Hộ {household} chưa có, hoặc chủ hộ của hộ này không hợp lệ."
    en = "Household {household} is not there, or its head was refused."


class PersonDiffers(Refusal):
    """A person with this id is in the register and is somebody else."""

    code = "person_differs"
    vi = "Mã người {person} đã có trong sổ với nội dung khác."
    en = "Person {person} is in the register with another content."


@transaction.atomic
def take_in(
    *, households: Sequence[HouseholdRow], persons: Sequence[PersonRow], by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Take households and persons into the register; bad rows are refused one by one, the good ones are kept.

    A household whose head is refused is refused whole, since no household is without a head. A person that is in
    the register already is passed over, so a batch may be sent again.

    :returns: the ids of the persons that are in the register now; refusals by the place in ``persons``
    """
    today = local(at).date()
    names = [Name.of(row.name) for row in persons]
    refused, new = _sift(households, persons, names, today)
    _copy(households, [persons[place] for place in new], [names[place] for place in new], today)
    moves = [_move(persons[place], by, at, today) for place in new]
    recorded = journal.record(moves=moves, by=by, at=at)
    if recorded.events:
        told = [audit.Subject(KIND, persons[place].id) for place in new] if len(new) <= TOLD_ONE_BY_ONE else []
        audit.record(by=by, at=at, action="register.take_in", subjects=told, events=recorded, detail=f"{len(new)}")
    done = [row.id for place, row in enumerate(persons) if place not in refused]
    return BatchResult(done, [RowRefusal(place, refused[place]) for place in sorted(refused)])


TOLD_ONE_BY_ONE = 1000  # a bulk load is told in the audit by its events, which name every person already


def load(families: Iterable[Family], *, by: Actor, at: datetime, progress: Callable[[int], None] | None = None) -> int:
    """Take in many chunks, each in a transaction of its own; return how many persons were taken in.

    Interrupted, it keeps whole chunks; started again, it passes over what is there.

    :raises Refusal: a row of a chunk was refused; nothing of that chunk is kept
    """
    taken = 0
    for households, persons in families:
        with transaction.atomic():
            result = take_in(households=households, persons=persons, by=by, at=at)
            result.whole()
        taken += len(result.done)
        if progress:
            progress(taken)
    return taken


class Name(NamedTuple):
    """A name as it is stored, and its keys: with marks, without, and to sort by."""

    clean: str
    syllables: str
    plain: str
    order: str

    @classmethod
    def of(cls, name: str) -> Self:
        """Return what is stored of a name."""
        clean = normalise(name)
        return cls(clean, *name_keys(clean))


def _sift(
    households: Sequence[HouseholdRow], persons: Sequence[PersonRow], names: Sequence[Name], today: date
) -> tuple[dict[int, Refusal], list[int]]:
    """Return the refused rows by place, and the places of those to be written."""
    there = queries.known_persons([row.id for row in persons])
    taken = queries.owners_of([row.number for row in persons if row.number])
    known_units = queries.existing_units(
        {unit for row in persons for unit in _units_of(row) if unit is not None}
        | {household.unit for household in households}
    )
    refused: dict[int, Refusal] = {}
    for place, (row, name) in enumerate(zip(persons, names, strict=True)):
        refusal = _fault(row, name, today, known_units, taken, there)
        if refusal:
            refused[place] = refusal
        elif row.number:
            taken[row.number] = row.id  # twice in one batch: the second is refused
    _refuse_headless(households, persons, refused, known_units)
    return refused, [place for place, row in enumerate(persons) if place not in refused and row.id not in there]


def _units_of(row: PersonRow) -> tuple[int | None, ...]:
    return row.unit, row.birth_unit, row.registered_unit, row.native_unit


def _fault(
    row: PersonRow,
    name: Name,
    today: date,
    known_units: set[int],
    taken: dict[str, UUID],
    there: dict[UUID, tuple[str, str]],
) -> Refusal | None:
    """Return what is wrong with one row, if anything."""
    if row.id in there:
        return None if there[row.id] == (name.clean, row.birth.iso) else PersonDiffers(person=row.id)
    if not name.plain or len(name.clean) > NAME_LETTERS:
        return NameMissing()
    if row.birth.earliest > today:
        return BornInFuture(birth=str(row.birth))
    if unknown := [unit for unit in _units_of(row) if unit is not None and unit not in known_units]:
        return UnitUnknown(unit=min(unknown))
    return _number_fault(row, taken)


def _number_fault(row: PersonRow, taken: dict[str, UUID]) -> Refusal | None:
    """Return what is wrong with the numbers of a row: their form, what they say, whose they are."""
    block = row.number[:BLOCK_DIGITS]
    try:
        for number in row.old_numbers:
            if not NINE.fullmatch(number):
                old_number(number)
                raise NumberNotPlain(number=number)
        if row.number and not TWELVE.fullmatch(row.number):
            PersonalNumber.parse(row.number)
            raise NumberNotPlain(number=row.number)
    except Refusal as refusal:
        return refusal
    if block and (wrong := _disagreement(block, row.sex, row.birth.year)):
        return NumberDisagrees(findings=wrong)
    return NumberTaken() if block and taken.get(row.number, row.id) != row.id else None


@lru_cache(BLOCKS_KEPT)
def _disagreement(block: str, sex: Sex, birth_year: int) -> str:
    """Return in what a number that begins with this block disagrees with its holder; nothing when it does not."""
    findings = PersonalNumber.parse(f"{block}000000").findings(sex=sex, birth_year=birth_year)
    return ", ".join(finding.code for finding in findings if finding.severity == "error")


def _refuse_headless(
    households: Sequence[HouseholdRow],
    persons: Sequence[PersonRow],
    refused: dict[int, Refusal],
    known_units: set[int],
) -> None:
    """Refuse every person of a household that is not there, or that would be without its head."""
    coming = {row.id: row.household for place, row in enumerate(persons) if place not in refused}
    whole = {row.id for row in households if row.unit in known_units and coming.get(row.head) == row.id}
    joined = {row.household for row in persons} - whole
    queries.hold_homes(joined)
    whole |= queries.open_households(joined)
    for place, row in enumerate(persons):
        if place not in refused and row.household not in whole:
            refused[place] = HouseholdIncomplete(household=row.household)


def _move(row: PersonRow, by: Actor, at: datetime, today: date) -> Move:
    return Move(
        thing=row.id,
        kind=KIND,
        move="take_in",
        unit_done=by.unit,
        unit_residence=row.unit,
        occurred_at=at,
        age_band=age_band(row.birth, today),
    )


# The tables that are written, in this order: columns and their types, for COPY in its binary form asks for both.
NUMBER = {"number": "varchar", "person": "uuid", "since": "date", "reason": "varchar"}
HOUSEHOLD = {"id": "uuid", "unit_id": "int4", "head": "uuid", "file_no": "varchar"}
PERSON = {
    "id": "uuid", "number": "varchar", "number_state": "varchar", "name": "varchar", "name_key": "varchar",
    "name_ascii": "varchar", "sort_key": "varchar", "other_name": "varchar", "birth": "varchar", "birth_from": "date",
    "birth_to": "date", "birth_paper": "varchar", "sex": "varchar", "birth_unit_id": "int4",
    "registered_unit_id": "int4", "native_unit_id": "int4", "nationality": "varchar", "marital": "varchar",
    "unit_id": "int4", "resident_since": "date", "household_id": "uuid", "relation": "varchar", "life": "varchar",
    "died_on": "varchar", "occupation": "varchar", "organisation": "varchar", "sealed": "bytea",
    "confirmed_at": "timestamptz", "version": "int4",
}  # fmt: skip
OLD_NUMBER = {"number": "varchar", "person_id": "uuid"}
CARD = {
    "id": "uuid", "person_id": "uuid", "type": "varchar", "number": "varchar", "issued_on": "date",
    "expires_on": "date", "issued_by": "varchar",
}  # fmt: skip
KIN = {"person_id": "uuid", "kinship": "varchar", "other_id": "uuid"}


def _copy(households: Sequence[HouseholdRow], persons: Sequence[PersonRow], names: Sequence[Name], today: date) -> None:
    """Write rows that are known to be good, table by table, by COPY."""
    homes = {row.household for row in persons} - queries.open_households({row.household for row in persons})
    sealed = keys.seal([(KIND, row.id, row.sensitive.to_bytes()) for row in persons], fresh=True)
    _write("register_number", NUMBER, ((row.number, row.id, today, "") for row in persons if row.number))
    _write(
        "register_household",
        HOUSEHOLD,
        ((row.id, row.unit, row.head, row.file_no) for row in households if row.id in homes),
    )
    _write("register_person", PERSON, map(_person, persons, names, sealed))
    _write(
        "register_old_number",
        OLD_NUMBER,
        ((number, row.id) for row in persons for number in dict.fromkeys(row.old_numbers)),
    )
    _write(
        "register_card",
        CARD,
        (
            (card.id, row.id, card.type.value, card.number, card.issued_on, card.expires_on, card.issued_by)
            for row in persons
            for card in row.cards
        ),
    )
    _write("register_kin", KIN, ((row.id, kinship.value, other) for row in persons for kinship, other in row.kin))


def _write(table: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        copy_rows(cursor, table, columns, rows)


def _person(row: PersonRow, name: Name, sealed: bytes) -> tuple[Any, ...]:
    return (
        row.id, row.number or None, _state(row).value, *name, normalise(row.other_name) if row.other_name else "",
        row.birth.iso, row.birth.earliest, row.birth.latest, row.birth_paper, row.sex.value, row.birth_unit,
        row.registered_unit, row.native_unit, row.nationality.value, row.marital.value, row.unit, row.resident_since,
        row.household, row.relation.value, row.life.value, row.died_on.iso if row.died_on else "", row.occupation,
        row.organisation, sealed, row.confirmed_at, 1,
    )  # fmt: skip


def _state(row: PersonRow) -> NumberState:
    """A row with a number is numbered; one fit for a number is eligible: birth place and year are all it takes."""
    if row.number:
        return NumberState.NUMBERED
    return NumberState.ELIGIBLE if row.registered_unit else NumberState.UNCLEANED
