"""Changes of what the register holds: corrections, and what happens in law."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.dates import PartialDate
from muster.kernel.errors import BatchResult, Refusal
from muster.kernel.ids import new_id
from muster.kernel.names import normalise
from muster.kernel.numbers import Sex
from muster.keys import operations as keys
from muster.keys import queries as key_queries
from muster.law.duty import LifeStatus, Nationality
from muster.law.numbers import NumberState
from muster.people.rights import Grants
from muster.register import queries
from muster.register.models import Household, LifeEvent, Person
from muster.register.operations.asked import Correction, LifeChange
from muster.register.operations.held import CORRECT, each, result_of
from muster.register.operations.numbers import tell
from muster.register.operations.taking_in import NAME_LETTERS, Name, NameMissing, UnitUnknown
from muster.register.queries import PersonState
from muster.register.sensitive import KIND, Sensitive
from muster.register.words import LifeEventKind, Marital, Relation

EVENT_KIND = "life_event"


class ChangedMeanwhile(Refusal):
    """Somebody else changed the person after it was read; look again, then decide again."""

    code = "changed_meanwhile"
    vi = "Dữ liệu của người này vừa được người khác sửa; hãy mở lại rồi làm tiếp."
    en = "Somebody else has just changed this person; open it again."


class NotCorrectable(Refusal):
    """A field that is not corrected this way: a number is replaced, a residence moved."""

    code = "not_correctable"
    vi = "Không sửa được trường “{field}” bằng cách này."
    en = "The field “{field}” is not corrected this way."


class HeadMustChange(Refusal):
    """A household keeps its head: name another one first, while others live in it."""

    code = "head_must_change"
    vi = "Người này là chủ hộ và hộ còn người khác; hãy đổi chủ hộ trước."
    en = "This person heads a household with others in it; name another head first."


class DayCannotBe(Refusal):
    """What is told of happened by today, and not before the birth."""

    code = "day_cannot_be"
    vi = "Ngày {day} không thể đúng: chưa đến, hoặc trước ngày sinh."
    en = "The day {day} cannot be: it has not come, or lies before the birth."


class TextTooLong(Refusal):
    """A field has its length."""

    code = "text_too_long"
    vi = "Trường “{field}” có tối đa {most} ký tự."
    en = "The field “{field}” has at most {most} characters."


class NotAlive(Refusal):
    """What was told does not fit a person who is dead."""

    code = "not_alive"
    vi = "Người này đã được ghi là đã chết."
    en = "This person is recorded as dead."


class RowMerged(Refusal):
    """The row was merged into another; what happens to the person is told of the row that goes on."""

    code = "row_merged"
    vi = "Hồ sơ này đã được hợp nhất vào hồ sơ khác; hãy ghi vào hồ sơ còn lại."
    en = "This row was merged into another; record it for the row that goes on."


class DiedAnotherDay(Refusal):
    """A death is told once; told again of another day, one of the two papers is wrong: the day is corrected."""

    code = "died_another_day"
    vi = "Người này đã được ghi là chết ngày {day}; nếu ngày đó sai, hãy đính chính ngày chết."
    en = "This person is recorded as dead on {day}; where that is wrong, correct the day of death."


SENSITIVE = frozenset(one.name for one in fields(Sensitive))
UNITS = frozenset({"birth_unit", "registered_unit", "native_unit"})
WORDS: Mapping[str, Callable[[Any], Any]] = {
    "sex": lambda value: Sex(value).value,
    "nationality": lambda value: Nationality(value).value,
    "marital": lambda value: Marital(value).value,
    "other_name": normalise,
    "birth_paper": normalise,
    "occupation": str,
    "organisation": normalise,
    "relation": lambda value: Relation(value).value,
}
LIFE: Mapping[LifeEventKind, dict[str, str]] = {
    LifeEventKind.DIED: {"life": LifeStatus.DEAD.value},
    LifeEventKind.WENT_MISSING: {"life": LifeStatus.MISSING.value},
    LifeEventKind.FOUND: {"life": LifeStatus.ALIVE.value},
    LifeEventKind.MARRIED: {"marital": Marital.MARRIED.value},
    LifeEventKind.DIVORCED: {"marital": Marital.DIVORCED.value},
    LifeEventKind.WIDOWED: {"marital": Marital.WIDOWED.value},
}


@transaction.atomic
def correct(*, corrections: Sequence[Correction], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Correct fields of persons; old and new values are kept, sealed, with paper and officer.

    Refused with `ChangedMeanwhile` is whoever corrects what somebody else has changed since it was read. A sex
    or birth year that no longer agrees with the number asks for `replace_numbers` next. Rows are also refused
    with `NotAllowed`, `NameMissing`, `UnitUnknown`, `NotCorrectable`, `DayCannotBe` and `TextTooLong`. The relation to
    the head is corrected too, of everybody but the head, whom `change_heads` names; of the dead the day of death, with
    the end of a household that ended by it. Of a row that was merged into another nothing is corrected: `RowMerged`.

    :param grants: what the officer holds, or none for the system and a step that has required a right of its own
    """

    def do(row: Correction, state: PersonState) -> None:
        if state.life is LifeStatus.DELETED:
            raise RowMerged
        if row.version != state.version:
            raise ChangedMeanwhile
        if "birth" in row.changes:
            check_day(row.changes["birth"], at)
        if "relation" in row.changes and (state.is_head or row.changes["relation"] == Relation.HEAD):
            raise NotCorrectable(field="relation")
        if "died_on" in row.changes:
            _check_death(row.changes["died_on"], state, at)
        old, columns = _columns(row, state)
        update(state, columns | _cleaned(row, state))
        if "died_on" in row.changes and state.died_on:
            _end_anew(state.household, PartialDate.parse(state.died_on).latest, row.changes["died_on"].latest)
        remember(state, LifeEventKind.CORRECTED, "", row.paper, {"old": old, "new": _plain(row.changes)}, by, at)

    persons = [row.person for row in corrections]
    refused, done = each(corrections, persons, do, CORRECT, grants, by)
    tell(done, "correct", "register.correct", by, at)
    return result_of(persons, refused)


def _check_death(day: PartialDate, state: PersonState, at: datetime) -> None:
    """Go on only with a day of death of somebody who is dead."""
    if state.life is not LifeStatus.DEAD:
        raise NotCorrectable(field="died_on")
    check_day(day, at, state.birth)


def _end_anew(household: UUID, was: date, on: date) -> None:
    """Let a household that was closed by a death end on the day that is right."""
    Household.objects.filter(id=household, head=None, closed_on=was).update(closed_on=on)


def _cleaned(row: Correction, state: PersonState) -> dict[str, str]:
    """Return the state of a row that a correction makes fit for a number: the place of registration was missing."""
    fit = state.number_state is NumberState.UNCLEANED and row.changes.get("registered_unit") is not None
    return {"number_state": NumberState.ELIGIBLE.value} if fit else {}


def _columns(row: Correction, state: PersonState) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the old values of what changes, and the new values by column."""
    columns: dict[str, Any] = {}
    sealed = {name: value for name, value in row.changes.items() if name in SENSITIVE}
    plain = {name: value for name, value in row.changes.items() if name not in SENSITIVE}
    for name, value in plain.items():
        columns |= _column(name, value)
    old: dict[str, Any] = dict(Person.objects.values(*columns).get(id=state.id)) if columns else {}
    if sealed:
        before, columns["sealed"] = resealed(state, sealed)
        old |= before
    return _plain(old), columns


def resealed(state: PersonState, changes: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return what some sealed fields held, and all of them sealed anew with the changes."""
    (text,) = key_queries.open_sealed([(KIND, state.id, state.sealed)])
    before = Sensitive.from_bytes(text or b"{}")
    (sealed,) = keys.seal([(KIND, state.id, replace(before, **changes).to_bytes())])
    return {name: getattr(before, name) for name in changes}, sealed


def _column(name: str, value: Any) -> dict[str, Any]:
    """Return the columns that a field's new value fills.

    :raises NotCorrectable: no such field, or a value that is none of its words
    """
    if name == "name":
        told = Name.of(value)
        if not told.plain or len(told.clean) > NAME_LETTERS:
            raise NameMissing
        return dict(zip(("name", "name_key", "name_ascii", "sort_key"), told, strict=True))
    if name == "birth":
        return {"birth": value.iso, "birth_from": value.earliest, "birth_to": value.latest}
    if name == "died_on":
        return {name: value.iso}
    if name in UNITS:
        if value is not None and not queries.existing_units([value]):
            raise UnitUnknown(unit=value)
        return {f"{name}_id": value}
    if name not in WORDS:
        raise NotCorrectable(field=name)
    try:
        return {name: _fitting(Person, name, WORDS[name](value))}
    except ValueError:
        raise NotCorrectable(field=name) from None


def _fitting(table: type[Model], name: str, text: str) -> str:
    column: Any = table._meta.get_field(name)  # noqa: SLF001 - how Django tells a model's fields
    if len(text) > column.max_length:
        raise TextTooLong(field=name, most=column.max_length)
    return text


def check_day(day: PartialDate, at: datetime, born: PartialDate | None = None) -> None:
    """Go on only if a day can have come, and not surely before the birth."""
    if day.earliest > local(at).date() or (born and day.latest < born.earliest):
        raise DayCannotBe(day=day)


def check_read(version: int | None, state: PersonState) -> None:
    """Go on only if the person is as it was read, where that is told."""
    if version not in {None, state.version}:
        raise ChangedMeanwhile


def _plain(values: Mapping[str, Any]) -> dict[str, str]:
    """Return values as text, for the sealed memory of a change."""
    return {name: str(getattr(value, "iso", value)) for name, value in values.items()}


def update(state: PersonState, columns: Mapping[str, Any]) -> None:
    """Write columns, if the person is still as it was read."""
    if not Person.objects.filter(id=state.id, version=state.version).update(**columns, version=state.version + 1):
        raise ChangedMeanwhile


def remember(
    state: PersonState, kind: LifeEventKind, on: str, paper: str, told: Mapping[str, Any], by: Actor, at: datetime
) -> None:
    """Keep what happened, with what changed sealed under the person's own key."""
    (sealed,) = keys.seal([(KIND, state.id, json.dumps(told, ensure_ascii=False).encode())])
    LifeEvent.objects.create(
        id=new_id(), person_id=state.id, kind=kind.value, happened_on=on, recorded_at=at,
        paper=_fitting(LifeEvent, "paper", paper), by_officer=by.officer, sealed=sealed,
    )  # fmt: skip


@transaction.atomic
def record_life_events(
    *, events: Sequence[LifeChange], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Record what happened to persons in law. A head's death needs another head first.

    A death told again of the same day writes nothing; of another day it is refused with `DiedAnotherDay`, unless the
    register knows no day yet. Of a row that was merged into another nothing is recorded: `RowMerged`.

    :param grants: as with `correct`
    """
    changed: set[UUID] = set()

    def do(row: LifeChange, state: PersonState) -> None:
        if row.kind not in LIFE:
            raise NotCorrectable(field=row.kind.value)
        if state.life is LifeStatus.DELETED:
            raise RowMerged
        if _is_told(row, state):
            return
        check_read(row.version, state)
        check_day(row.on, at, state.birth)
        columns: dict[str, Any] = dict(LIFE[row.kind])
        if row.kind is LifeEventKind.DIED:
            if state.is_head and queries.others_in(state.household, state.id):
                raise HeadMustChange
            columns["died_on"] = row.on.iso
        update(state, columns)
        if row.kind is LifeEventKind.DIED and state.is_head:
            close_household(state.household, row.on.latest)
        remember(state, row.kind, row.on.iso, row.paper, {"before": state.life.value}, by, at)
        changed.add(row.person)

    persons = [row.person for row in events]
    refused, done = each(events, persons, do, CORRECT, grants, by)
    tell([state for state in done if state.id in changed], "life_event", "register.life_event", by, at)
    return result_of(persons, refused)


def _is_told(row: LifeChange, state: PersonState) -> bool:
    """Say whether a death is in the register already; nothing else happens to the dead."""
    if state.life is not LifeStatus.DEAD:
        return False
    if row.kind is not LifeEventKind.DIED:
        raise NotAlive
    if state.died_on and state.died_on != row.on.iso:
        raise DiedAnotherDay(day=PartialDate.parse(state.died_on))
    return bool(state.died_on)


def close_household(household: UUID, on: date) -> None:
    """Close a household in which nobody is left."""
    Household.objects.filter(id=household).update(head=None, closed_on=on)
