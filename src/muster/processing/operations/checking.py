"""Check received dossiers and accept what has nothing against it. Nothing here refuses anybody: what is found waits.

A number is confirmed, or given; then the dossier is accepted, and its card can be made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.capture import operations as capture
from muster.capture.moves import Step, after
from muster.capture.rows import DossierMove
from muster.capture.words import State
from muster.engines.numbering import BlockFull
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.processing import queries
from muster.processing.operations import findings
from muster.processing.operations.examining import Exam, examine, remember
from muster.processing.queries.subjects import Subject
from muster.processing.words import NUMBER_CODES, WARNINGS, Code, Settled
from muster.register import operations as register


class DifferenceOpen(Refusal):
    """Something stands against the dossier, and nobody has settled it."""

    code = "difference_open"
    vi = "Hồ sơ còn khác biệt chưa xử lý ({codes})."
    en = "The dossier differs in something that nobody has settled ({codes})."


class SuspicionOpen(Refusal):
    """Whether the person is another one of the register too has not been decided."""

    code = "suspicion_open"
    vi = "Còn nghi vấn trùng người chưa được quyết định."
    en = "Whether this is the same person as another has not been decided."


class LookFirst(Refusal):
    """A person looks before this one is accepted."""

    code = "look_first"
    vi = "Cần cán bộ xem xét trước khi chấp nhận ({codes})."
    en = "An officer looks before this is accepted ({codes})."


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a batch: accepted, waiting for a person, and the rows refused."""

    accepted: Sequence[UUID]
    waiting: Sequence[UUID]
    refused: Sequence[RowRefusal] = ()


@transaction.atomic
def check_dossiers(*, dossiers: Sequence[UUID], by: Actor, at: datetime) -> Checked:
    """Check received dossiers, and accept those that have nothing against them and a number, or can be given one.

    What is found becomes rows and flags; what a later check does not find any more is settled. A dossier in another
    state is passed over, so a batch may be sent again.
    """
    exam = examine(dossiers, by, at)
    clean = [row for row in exam.received if row.dossier not in exam.found and row.person not in exam.suspected]
    refused = _accept(clean, by, at)
    places = {dossier: place for place, dossier in enumerate(dossiers)}
    unknown = {one: capture.UnknownDossier(dossier=one) for one in places if one not in exam.known}
    accepted = [row.dossier for row in clean if row.dossier not in refused]
    done = set(accepted)
    waiting = [row for row in exam.received if row.dossier not in done]
    remember(waiting, by, at)
    rows = [RowRefusal(places[one], refusal) for one, refusal in {**unknown, **refused}.items()]
    return Checked(accepted, [row.dossier for row in waiting], sorted(rows, key=lambda row: row.index))


@transaction.atomic
def accept_dossiers(*, dossiers: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Accept dossiers that a person has looked at: what only wants to be seen is settled by it, nothing else.

    Each is examined once more, so that what changed since the page was opened counts. One that was accepted before is
    passed over. Rows are refused with `DifferenceOpen`, `SuspicionOpen`, `LookFirst` (the machine itself), and with
    what the register or the dossier's state says.
    """
    exam = examine(dossiers, by, at)
    refused: dict[UUID, Refusal] = {}
    good: dict[UUID, Subject] = {}
    for dossier in dossiers:
        try:
            row = _judge(dossier, exam, by)
        except Refusal as refusal:
            refused[dossier] = refusal
        else:
            if row:
                good[dossier] = row
    refused |= _accept(list(good.values()), by, at)
    lines = queries.open_findings([dossier for dossier in good if dossier not in refused])
    findings.settle([line.id for found in lines.values() for line in found], Settled.SEEN, by.officer, at)
    done = [dossier for dossier in dossiers if dossier not in refused]
    rows = [RowRefusal(place, refused[one]) for place, one in enumerate(dossiers) if one in refused]
    return BatchResult(done, rows)


def _judge(dossier: UUID, exam: Exam, by: Actor) -> Subject | None:
    """Return what can be accepted; nothing for what was accepted before."""
    row = exam.known.get(dossier)
    if row is None:
        raise capture.UnknownDossier(dossier=dossier)
    if row.state == State.ACCEPTED.value:
        return None
    after(State(row.state), Step.ACCEPTED)
    if row.person in exam.suspected:
        raise SuspicionOpen
    found = set(exam.found.get(dossier, ()))
    if errors := found - WARNINGS:
        raise DifferenceOpen(codes=", ".join(sorted(errors)))
    if found and by.officer is None:
        raise LookFirst(codes=", ".join(sorted(found)))
    return row


def _accept(rows: Sequence[Subject], by: Actor, at: datetime) -> dict[UUID, Refusal]:
    """Number whom the register can number, accept all who have one; return the refusals by dossier.

    Who could not be numbered waits with the register's own code.
    """
    numbers = _numbered([row.person for row in rows if not row.number], by, at)
    refused = {row.dossier: numbers[row.person] for row in rows if row.person in numbers}
    if refused:
        codes = {one: _code(refusal) for one, refusal in refused.items()}
        attempts = {row.dossier: row.attempt for row in rows}
        findings.write([(one, attempts[one], (code, "number")) for one, code in codes.items()], at)
        capture.set_flags(flags=[(one, "differs_from_register", True) for one in refused], by=by, at=at)
    moves = [
        DossierMove(dossier=row.dossier, step=Step.ACCEPTED, at=at) for row in rows if row.dossier not in refused
    ]  # fmt: skip
    result = capture.move_dossiers(moves=moves, by=by, at=at)
    return refused | {moves[row.index].dossier: row.refusal for row in result.refused}


def _code(refusal: Refusal) -> Code:
    return Code(refusal.code) if refusal.code in NUMBER_CODES else Code.NOT_ELIGIBLE


def _numbered(persons: Sequence[UUID], by: Actor, at: datetime) -> dict[UUID, Refusal]:
    """Number persons; return who could not be numbered, and why."""
    if not persons:
        return {}
    try:
        with transaction.atomic():
            result = register.allocate_numbers(persons=persons, by=by, at=at)
    except BlockFull as full:
        if len(persons) == 1:
            return {persons[0]: full}
        return {one: refusal for person in persons for one, refusal in _numbered([person], by, at).items()}
    return {persons[row.index]: row.refusal for row in result.refused}
