"""Take households and persons into the register: one family at a desk, or a million by COPY, the same way."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from muster.audit import operations as audit
from muster.events import operations as journal
from muster.events.journal import Move, age_band
from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.names import ascii_key, normalise, sort_key, syllable_key
from muster.kernel.numbers import PersonalNumber, old_number
from muster.keys import operations as keys
from muster.law.numbers import NumberState
from muster.register import queries
from muster.register.rows import HouseholdRow, PersonRow
from muster.register.sensitive import KIND

Family = tuple[Sequence[HouseholdRow], Sequence[PersonRow]]
NAME_LETTERS = 120


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
    refused, new = _sift(households, persons, local(at).date())
    _copy(households, [persons[place] for place in new], at)
    moves = [_move(persons[place], by, at) for place in new]
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
            if result.refused:
                raise result.refused[0].refusal
        taken += len(result.done)
        if progress:
            progress(taken)
    return taken


def _sift(
    households: Sequence[HouseholdRow], persons: Sequence[PersonRow], today: date
) -> tuple[dict[int, Refusal], list[int]]:
    """Return the refused rows by place, and the places of those to be written."""
    there = queries.known_persons([row.id for row in persons])
    taken = queries.owners_of([row.number for row in persons if row.number])
    known_units = queries.existing_units(
        {unit for row in persons for unit in _units_of(row)} | {household.unit for household in households}
    )
    refused: dict[int, Refusal] = {}
    for place, row in enumerate(persons):
        refusal = _fault(row, today, known_units, taken, there)
        if refusal:
            refused[place] = refusal
        elif row.number:
            taken[row.number] = row.id  # twice in one batch: the second is refused
    _refuse_headless(households, persons, refused, known_units)
    return refused, [place for place, row in enumerate(persons) if place not in refused and row.id not in there]


def _units_of(row: PersonRow) -> set[int]:
    return {unit for unit in (row.unit, row.birth_unit, row.registered_unit, row.native_unit) if unit is not None}


def _fault(
    row: PersonRow, today: date, known_units: set[int], taken: dict[str, UUID], there: dict[UUID, tuple[str, str]]
) -> Refusal | None:
    """Return what is wrong with one row, if anything."""
    name = normalise(row.name)
    unknown = sorted(_units_of(row) - known_units)
    if row.id in there:
        return None if there[row.id] == (name, row.birth.iso) else PersonDiffers(person=row.id)
    if not ascii_key(name) or len(name) > NAME_LETTERS:
        return NameMissing()
    if row.birth.earliest > today:
        return BornInFuture(birth=str(row.birth))
    if unknown:
        return UnitUnknown(unit=unknown[0])
    return _number_fault(row, taken)


def _number_fault(row: PersonRow, taken: dict[str, UUID]) -> Refusal | None:
    """Return what is wrong with the numbers of a row: their form, what they say, whose they are."""
    try:
        for number in row.old_numbers:
            old_number(number)
        meant = PersonalNumber.parse(row.number) if row.number else None
    except Refusal as refusal:
        return refusal
    findings = meant.findings(sex=row.sex, birth_year=row.birth.year) if meant else []
    wrong = [finding.code for finding in findings if finding.severity == "error"]
    if wrong:
        return NumberDisagrees(findings=", ".join(wrong))
    return NumberTaken() if row.number and taken.get(row.number, row.id) != row.id else None


def _refuse_headless(
    households: Sequence[HouseholdRow],
    persons: Sequence[PersonRow],
    refused: dict[int, Refusal],
    known_units: set[int],
) -> None:
    """Refuse every person of a household that is not there, or that would be without its head."""
    coming = {row.id: row.household for place, row in enumerate(persons) if place not in refused}
    whole = {row.id for row in households if row.unit in known_units and coming.get(row.head) == row.id}
    whole |= queries.open_households({row.household for row in persons} - whole)
    for place, row in enumerate(persons):
        if place not in refused and row.household not in whole:
            refused[place] = HouseholdIncomplete(household=row.household)


def _move(row: PersonRow, by: Actor, at: datetime) -> Move:
    return Move(
        thing=row.id,
        kind=KIND,
        move="take_in",
        unit_done=by.unit,
        unit_residence=row.unit,
        occurred_at=at,
        age_band=age_band(row.birth, local(at).date()),
    )


def _copy(households: Sequence[HouseholdRow], persons: Sequence[PersonRow], at: datetime) -> None:
    """Write rows that are known to be good, table by table, by COPY."""
    homes = {row.household for row in persons} - queries.open_households({row.household for row in persons})
    today = local(at).date()
    sealed = keys.seal([(KIND, row.id, row.sensitive.to_bytes()) for row in persons], fresh=True)
    tables: list[tuple[str, str, Iterable[tuple[Any, ...]]]] = [
        (
            "register_number",
            "number, person, since, reason",
            ((row.number, row.id, today, "") for row in persons if row.number),
        ),
        (
            "register_household",
            "id, unit_id, head, file_no",
            ((row.id, row.unit, row.head, row.file_no) for row in households if row.id in homes),
        ),
        ("register_person", PERSON_COLUMNS, (_person(row, text) for row, text in zip(persons, sealed, strict=True))),
        (
            "register_old_number",
            "number, person_id",
            ((number, row.id) for row in persons for number in dict.fromkeys(row.old_numbers)),
        ),
        (
            "register_card",
            "id, person_id, type, number, issued_on, expires_on, issued_by",
            (
                (card.id, row.id, card.type.value, card.number, card.issued_on, card.expires_on, card.issued_by)
                for row in persons
                for card in row.cards
            ),
        ),
        (
            "register_kin",
            "person_id, kinship, other_id",
            ((row.id, kinship.value, other) for row in persons for kinship, other in row.kin),
        ),
    ]
    with connection.cursor() as cursor:
        for table, columns, rows in tables:
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


PERSON_COLUMNS = """
    id, number, number_state, name, other_name, name_key, name_ascii, sort_key, birth, birth_from, birth_to,
    birth_paper, sex, birth_unit_id, registered_unit_id, native_unit_id, nationality, marital, unit_id, resident_since,
    household_id, relation, life, died_on, occupation, organisation, sealed, confirmed_at, version
"""


def _person(row: PersonRow, sealed: bytes) -> tuple[Any, ...]:
    name = normalise(row.name)
    return (
        row.id, row.number or None, _state(row).value, name, normalise(row.other_name), *name_keys(name), row.birth.iso,
        row.birth.earliest, row.birth.latest, row.birth_paper, row.sex.value, row.birth_unit, row.registered_unit,
        row.native_unit, row.nationality.value, row.marital.value, row.unit, row.resident_since, row.household,
        row.relation.value, row.life.value, row.died_on.iso if row.died_on else "", row.occupation, row.organisation,
        sealed, row.confirmed_at, 1,
    )  # fmt: skip


def name_keys(name: str) -> tuple[str, str, str]:
    """Return the three keys of a name: with marks, without, and to sort by."""
    return syllable_key(name), ascii_key(name), sort_key(name)


def _state(row: PersonRow) -> NumberState:
    """A row with a number is numbered; one fit for a number is eligible: birth place and year are all it takes."""
    if row.number:
        return NumberState.NUMBERED
    return NumberState.ELIGIBLE if row.registered_unit else NumberState.UNCLEANED
