"""Move dossiers along their table, as one batch: what is not in `muster.capture.moves` does not happen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from muster.audit import operations as audit
from muster.capture import queries
from muster.capture.moves import Step, after
from muster.capture.operations.refusals import OutsideUnit
from muster.capture.queries import Movable
from muster.capture.rows import DossierMove
from muster.capture.words import KIND, Ending, Mend, State
from muster.events import operations as journal
from muster.events import queries as journal_queries
from muster.events.journal import Move, age_band
from muster.kernel.actor import Actor
from muster.kernel.arrays import columns
from muster.kernel.clock import local
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.law.deadlines import mend_by
from muster.law.forms import FormUse, form_for
from muster.law.tables import NoLawInForce
from muster.survey import operations as survey


class UnknownDossier(Refusal):
    """There is no dossier with this id."""

    code = "unknown_dossier"
    vi = "Không có hồ sơ {dossier}."
    en = "There is no dossier {dossier}."


class ChangedMeanwhile(Refusal):
    """Somebody moved the dossier after it was read; look again, then decide again."""

    code = "changed_meanwhile"
    vi = "Hồ sơ vừa được người khác xử lý; hãy mở lại rồi làm tiếp."
    en = "Somebody else has just moved this dossier; open it again."


class NotAReason(Refusal):
    """A return, a refusal and a withdrawal each say why, in a word of their list."""

    code = "not_a_reason"
    vi = "“{reason}” không phải lý do hợp lệ cho bước “{move}”."
    en = "“{reason}” is no reason for “{move}”."


REASONS: dict[Step, frozenset[str]] = {
    Step.RETURNED: frozenset(Mend),
    Step.REFUSED: frozenset(Ending),
    Step.WITHDRAWN: frozenset(Ending),
    Step.VOIDED: frozenset({Ending.DUPLICATE}),
}
TOLD_ONE_BY_ONE = 1000  # dossiers; a longer batch is told in the audit by its events, which name each already
WITHOUT_CARD = frozenset({State.REFUSED, State.WITHDRAWN, State.LAPSED})
BROUGHT_IN = frozenset({Step.FILED, Step.ANNOUNCED, Step.RECEIVED_AGAIN})  # moves that come with a packet


@dataclass(frozen=True, slots=True)
class _Moved:
    """A move that has passed every check, and the dossier before it."""

    row: DossierMove
    before: Movable
    state: State
    owner: int | None
    answer_by: date | None
    form: str


@transaction.atomic
def move_dossiers(*, moves: Sequence[DossierMove], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Move dossiers, each from a state where its move starts; refuse a row alone, keep the others.

    A move whose event was recorded before is passed over, so a batch may be sent again. Rights are asked by who calls;
    that the officer's unit has to do with the dossier is asked here.

    :returns: the ids of the dossiers that have moved, in the order given; refusals by the place in ``moves``
    """
    held = queries.hold({move.dossier for move in moves})
    repeated = {event.id for event in journal_queries.events([move.event for move in moves])}
    refused: dict[int, Refusal] = {}
    done: dict[UUID, _Moved] = {}
    for place, row in enumerate(moves):
        if row.event in repeated:
            continue
        try:
            moved = _judge(row, held.get(row.dossier), done, by, at)
        except Refusal as refusal:
            refused[place] = refusal
        else:
            done[row.dossier] = moved
    _write(list(done.values()), by, at)
    told = [row.dossier for place, row in enumerate(moves) if place not in refused]
    return BatchResult(told, [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _judge(
    row: DossierMove, held: Movable | None, done: dict[UUID, _Moved], by: Actor, at: datetime
) -> _Moved:  # fmt: skip
    if held is None:
        raise UnknownDossier(dossier=row.dossier)
    if row.dossier in done or (row.version and row.version != held.version):
        raise ChangedMeanwhile
    if by.unit not in held.near or row.unit not in {None, *held.near}:
        raise OutsideUnit(dossier=row.dossier)
    if row.step in BROUGHT_IN or row.reason not in REASONS.get(row.step, {row.reason}):
        raise NotAReason(reason=row.reason, move=row.step)
    state = after(held.state, row.step)
    returned = state is State.RETURNED
    return _Moved(
        row,
        held,
        state,
        owner=(row.owner or held.unit_done) if returned else None,
        answer_by=(row.answer_by or mend_by(local(at).date())) if returned else None,
        form=_refusal_form(local(row.at).date()) if state is State.REFUSED else held.form,
    )


def _refusal_form(on: date) -> str:
    try:
        form = form_for(FormUse.REFUSAL, on)
    except NoLawInForce:
        return ""  # before 1 July 2024 the form is not known
    return f"{form.code} {form.circular}"


def _write(moved: Sequence[_Moved], by: Actor, at: datetime) -> None:
    if not moved:
        return
    rows = (
        (one.before.id, one.state, one.row.at, one.owner, one.answer_by, one.row.reason if one.owner or
         one.state in {State.REFUSED, State.WITHDRAWN} else "", one.form) for one in moved
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE capture_dossier AS dossier SET state = told.state, state_since = told.since,
                owner_id = told.owner, answer_by = told.answer_by, reason = told.reason, form = told.form,
                version = version + 1
            FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::int[], %s::date[], %s::text[], %s::text[])
                AS told (id, state, since, owner, answer_by, reason, form)
            WHERE dossier.id = told.id
            """,
            columns(rows),
        )
    recorded = journal.record(moves=[_event(one, by) for one in moved], by=by, at=at)
    survey.reopen_cases(persons=[one.before.person for one in moved if one.state in WITHOUT_CARD], by=by, at=at)
    subjects = [audit.Subject(KIND, one.before.id) for one in moved] if len(moved) <= TOLD_ONE_BY_ONE else []
    audit.record(by=by, at=at, action="capture.move", subjects=subjects, events=recorded, detail=f"{len(moved)}")


def _event(one: _Moved, by: Actor) -> Move:
    before = one.before
    return Move(
        id=one.row.event, thing=before.id, kind=KIND, move=one.row.step.value, unit_done=one.row.unit or by.unit,
        unit_residence=before.unit_residence, occurred_at=one.row.at, kit=before.kit, reason=one.row.reason,
        age_band=age_band(before.birth, local(one.row.at).date()),
    )  # fmt: skip


@transaction.atomic
def set_flags(*, flags: Sequence[tuple[UUID, str, bool]], by: Actor, at: datetime) -> None:
    """Set or clear flags of dossiers: ``suspect_duplicate`` and ``differs_from_register``; no state moves by them.

    :param flags: dossier, flag, whether it holds
    """
    with connection.cursor() as cursor:
        for name in ("suspect_duplicate", "differs_from_register"):
            told: list[tuple[Any, ...]] = [(dossier, holds) for dossier, flag, holds in flags if flag == name]
            if told:
                cursor.execute(
                    f"""
                    UPDATE capture_dossier AS dossier SET {name} = told.holds, version = version + 1
                    FROM unnest(%s::uuid[], %s::bool[]) AS told (id, holds)
                    WHERE dossier.id = told.id AND {name} <> told.holds
                    """,
                    columns(told),
                )
    subjects = [audit.Subject(KIND, dossier) for dossier in dict.fromkeys(dossier for dossier, *_ in flags)]
    if flags:
        audit.record(by=by, at=at, action="capture.set_flags", subjects=subjects[:TOLD_ONE_BY_ONE])
