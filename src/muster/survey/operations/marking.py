"""Marks on cases: how somebody was reached, why somebody is hard to bring in; and the end of a case by its dossier."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from django.db import connection, transaction

from muster.events import operations as journal
from muster.events import queries as journal_queries
from muster.events.journal import AgeBand, Move
from muster.kernel.actor import Actor
from muster.kernel.arrays import array, ids
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.ids import new_id
from muster.survey import queries
from muster.survey.moves import HARD, HARD_CLEARED, MOVES, Step
from muster.survey.operations.common import check_area, tell
from muster.survey.operations.refusals import CampaignClosed, CaseOver, UnknownCase
from muster.survey.queries import CaseState, Standing
from muster.survey.rows import ContactMark, HardMark
from muster.survey.words import KIND, State


class _Mark(Protocol):
    @property
    def case(self) -> UUID: ...
    @property
    def event(self) -> UUID: ...


T = TypeVar("T", bound=_Mark)


@transaction.atomic
def mark_contacts(*, marks: Sequence[ContactMark], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Mark how people were reached; a mark sent again, or one that says what stands there already, is passed over.

    Rows are refused with `UnknownCase`, `OutsideUnit`, `CampaignClosed` and `CaseOver`. Rights are asked by who calls.

    :returns: the cases marked; refusals by the place in ``marks``
    """

    def told(row: ContactMark, held: CaseState) -> tuple[str, str, str] | None:
        return None if held.contact is row.contact else (row.contact.value, row.contact.value, "")

    return _mark(marks, "contact", told, by, at)


@transaction.atomic
def mark_hard_cases(*, marks: Sequence[HardMark], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Mark why people are hard to bring in, by code alone; passed over and refused as `mark_contacts` does."""

    def told(row: HardMark, held: CaseState) -> tuple[str, str, str] | None:
        if held.hard is row.hard:
            return None
        code = row.hard.value if row.hard else ""
        return code, HARD if code else HARD_CLEARED, code or (held.hard.value if held.hard else "")

    return _mark(marks, "hard", told, by, at)


def _mark(
    marks: Sequence[T],
    column: str,
    told: "Callable[[T, CaseState], tuple[str, str, str] | None]",
    by: Actor,
    at: datetime,
) -> BatchResult[UUID]:
    """Write marks into a column; ``told`` gives the value, the name of the event and its reason, nothing if none."""
    held = queries.case_states({row.case for row in marks}, lock=True)
    repeated = {event.id for event in journal_queries.events([row.event for row in marks])}
    refused: dict[int, Refusal] = {}
    values: dict[UUID, str] = {}
    moves: list[Move] = []
    for place, row in enumerate(marks):
        if row.event in repeated:
            continue
        try:
            state = _markable(row.case, held, by)
        except Refusal as refusal:
            refused[place] = refusal
            continue
        if new := told(row, state):
            values[row.case] = new[0]
            held[row.case] = state.marked(column, new[0])
            moves.append(_move(state, new[1], new[2], by, at, row.event))
    _set(column, values, at)
    recorded = journal.record(moves=moves, by=by, at=at)
    tell(by, at, f"survey.mark_{column}", values, recorded)
    return _result([row.case for row in marks], refused)


def _markable(case: UUID, held: "dict[UUID, CaseState]", by: Actor) -> CaseState:
    if case not in held:
        raise UnknownCase(case=case)
    state = held[case]
    check_area(state.path, by)
    if state.campaign_closed:
        raise CampaignClosed(name=state.campaign_name)
    if state.state is not State.OPEN:
        raise CaseOver
    return state


def _set(column: str, values: "dict[UUID, str]", at: datetime) -> None:
    if values:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE survey_case AS held SET {column} = told.value, marked_at = %s "
                "FROM unnest(%s::uuid[], %s::text[]) AS told (id, value) WHERE held.id = told.id",
                [at, array(values), array(values.values())],
            )


def _move(
    state: CaseState | Standing, name: str, reason: str, by: Actor, at: datetime, event: UUID | None = None
) -> Move:  # fmt: skip
    return Move(
        id=event or new_id(), thing=state.id, kind=KIND, move=name, unit_done=by.unit, unit_residence=state.unit,
        occurred_at=at, age_band=AgeBand(state.band), reason=reason,
    )  # fmt: skip


def _result(cases: Sequence[UUID], refused: "dict[int, Refusal]") -> BatchResult[UUID]:
    done = [case for place, case in enumerate(cases) if place not in refused]
    return BatchResult(done, [RowRefusal(place, refused[place]) for place in sorted(refused)])


@transaction.atomic(savepoint=False)
def close_cases(*, persons: Iterable[UUID], by: Actor, at: datetime) -> list[UUID]:
    """End the cases of people whose dossier is in hand, in every open campaign; return the cases, by id.

    Who has no case is passed over, and so is a case that is done: calling again does no harm.
    """
    return _step(Step.DONE, persons, by, at)


@transaction.atomic(savepoint=False)
def reopen_cases(*, persons: Iterable[UUID], by: Actor, at: datetime) -> list[UUID]:
    """Open the cases of people again whose dossier ended without a card; return the cases, by id."""
    return _step(Step.REOPENED, persons, by, at)


def _step(step: Step, persons: Iterable[UUID], by: Actor, at: datetime) -> list[UUID]:
    starts, end = MOVES[step]
    moved = [one for one in queries.hold_open(persons) if one.state in starts]
    if not moved:
        return []
    if end:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE survey_case SET state = %s WHERE id = ANY(%s::uuid[])",
                [end.value, ids(one.id for one in moved)],
            )
    recorded = journal.record(moves=[_move(one, step.value, "", by, at) for one in moved], by=by, at=at)
    tell(by, at, f"survey.{step.value}", [one.id for one in moved], recorded)
    return [one.id for one in moved]
