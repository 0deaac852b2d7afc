"""Sign a report, correct it beside its figures, certify it from above or say why not, chase those who owe one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from muster.kernel.actor import Actor
from muster.kernel.clock import aware
from muster.kernel.errors import BatchResult
from muster.keys import provider
from muster.people import rights
from muster.people.rights import Grants
from muster.reporting import queries
from muster.reporting.models import Chase, Correction, Signature, Slot, Verdict
from muster.reporting.moves import Step
from muster.reporting.operations.common import (
    Moved,
    check_text,
    hold,
    judge_each,
    moved,
    person,
    write_moves,
)
from muster.reporting.operations.refusals import NotAbove, NotTheirFigure, OwnReport, SaidOtherwise
from muster.reporting.queries import ReportLine
from muster.reporting.rows import CorrectionRow, Signing, VerdictRow
from muster.reporting.sealing import signature_message, verdict_message
from muster.reporting.words import place

SIGN, CERTIFY, CORRECT = "report.sign", "report.certify", "report.correct"
MOST = 2_000_000_000  # more than people there are


@transaction.atomic
def sign_reports(
    *, signings: Sequence[Signing], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:  # fmt: skip
    """Sign reports in the name of their units, each with a note; signed again by the same officer nothing happens.

    :param grants: what the officer may do; without it the rehearsal signs in the name of its officers
    Rows are refused with `UnknownReport`, `NotAllowed`, `WrongState`, `NoteTooLong` and `SaidByAPerson`.
    """
    sign_by = _sign_by(signings)
    held = hold([row.report for row in signings])
    again: set[UUID] = set()

    def judge(row: Signing, line: ReportLine) -> tuple[Moved, Signature] | None:
        officer, note = person(by), check_text(row.note, needed=False)
        rights.require_own(grants, SIGN, line.path, by)
        if line.id in again or (line.signed and (line.signed.officer, line.signed.note) == (officer, note)):
            return None
        move = moved(line, Step.SIGN)
        again.add(line.id)
        made = provider.current().sign(signature_message(line.hash, note, officer, aware(at)))
        late = at > sign_by[line.snapshot.slot]
        return move, Signature(
            report_id=line.id, note=note, officer=officer, unit_id=by.unit, at=at, late=late, key_id=made.key_id,
            value=made.value,
        )  # fmt: skip

    found, result = judge_each(signings, held, judge)
    Signature.objects.bulk_create(signature for _, signature in found)
    write_moves([move for move, _ in found], by, at)
    return result


def _sign_by(signings: Sequence[Signing]) -> dict[UUID, datetime]:
    slots = {one.snapshot.slot for one in queries.by_ids([row.report for row in signings]).values()}
    return dict(Slot.objects.filter(id__in=slots).values_list("id", "sign_by"))


@transaction.atomic
def correct_reports(
    *, corrections: Sequence[CorrectionRow], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:  # fmt: skip
    """Put corrections beside figures of signed reports; what was frozen stays, what was certified is so no more.

    A correction sent again is passed over. Rows are refused with `UnknownReport`, `NotAllowed`, `WrongState`,
    `NotTheirFigure`, `NoteTooLong`, `SaidByAPerson` and `SaidOtherwise`.
    """
    held = hold([row.report for row in corrections])
    there = {one.id: one for one in Correction.objects.filter(id__in=[row.id for row in corrections])}

    def judge(row: CorrectionRow, line: ReportLine) -> tuple[Moved, Correction] | None:
        officer, why = person(by), check_text(row.why, needed=True)
        rights.require_own(grants, CORRECT, line.path, by)
        if not 0 <= row.value <= MOST:
            raise NotTheirFigure(value=row.value)
        at_place = place(row.figure, row.side, row.band)
        if (before := there.get(row.id)) is not None:
            if (before.report_id, before.place, before.value) != (line.id, at_place, row.value):
                raise SaidOtherwise
            return None
        one = Correction(
            id=row.id, report_id=line.id, place=at_place, value=row.value, cause=row.cause.value, why=why,
            officer=officer, at=at,
        )  # fmt: skip
        there[row.id] = one
        told = f"{row.figure.value} {row.side.value} {row.band.name.lower()} {line.counts[at_place]} {row.value}"
        return moved(line, Step.CORRECT, told), one

    found, result = judge_each(corrections, held, judge)
    Correction.objects.bulk_create(one for _, one in found)
    write_moves([move for move, _ in found], by, at)
    return result


@dataclass(frozen=True, slots=True)
class _Judged:
    move: Moved
    verdict: Verdict


@transaction.atomic
def judge_reports(
    *, verdicts: Sequence[VerdictRow], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:  # fmt: skip
    """Certify signed reports from above, or say why not; what is certified is what the unit reports at this moment.

    A verdict sent again is passed over. Rows are refused with `UnknownReport`, `NotAllowed`, `NotAbove`, `OwnReport`,
    `WrongState`, `NoteTooLong`, `SaidByAPerson` and `SaidOtherwise`.
    """
    held = hold([row.report for row in verdicts])
    there = dict(Verdict.objects.filter(id__in=[row.id for row in verdicts]).values_list("id", "report_id"))

    def judge(row: VerdictRow, line: ReportLine) -> _Judged | None:
        officer = person(by)
        cause, why = _why(row)
        _check_above(grants, line, by)
        if row.id in there:
            if there[row.id] != line.id:
                raise SaidOtherwise
            return None
        move = moved(line, Step.CERTIFY if row.certified else Step.DISPUTE, cause)
        if line.signed and line.signed.officer == officer:
            raise OwnReport
        there[row.id] = line.id
        counts = line.counts
        message = verdict_message(line.hash, counts, (row.certified, cause, why), officer, aware(at))
        made = provider.current().sign(message)
        verdict = Verdict(
            id=row.id, report_id=line.id, certified=row.certified, counts=counts, cause=cause, why=why,
            officer=officer, at=at, key_id=made.key_id, value=made.value,
        )  # fmt: skip
        return _Judged(move, verdict)

    found, result = judge_each(verdicts, held, judge)
    Verdict.objects.bulk_create(one.verdict for one in found)
    for step in (Step.CERTIFY, Step.DISPUTE):
        write_moves([one.move for one in found if one.move.step is step], by, at)
    return result


def _why(row: VerdictRow) -> tuple[str, str]:
    """Return cause and reason of a verdict: none of one that certifies."""
    if row.certified:
        return "", ""
    return (row.cause.value if row.cause else ""), check_text(row.why if row.cause else "", needed=True)


def _check_above(grants: Grants | None, line: ReportLine, by: Actor) -> None:
    """Go on only if the right is held above the unit.

    :raises NotAllowed: it is not held at all
    :raises NotAbove: it is held at the unit alone
    """
    if grants is None:
        return
    rights.require_own(grants, CERTIFY, line.path, by)
    if rights.scope(grants, CERTIFY, by.purpose).isdisjoint(line.path[:-1]):
        raise NotAbove


@transaction.atomic
def chase_slots(*, slots: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Ask for the reports that are not signed in time: of the unit itself, then each time one unit further up.

    How far, follows from the time since the slot's end: asked again too soon nothing happens. The last unit asked is
    that of the campaign. Slots that are not there are passed over.
    """
    moves: list[Moved] = []
    chases: list[Chase] = []
    for id_ in sorted(set(slots)):
        slot = queries.slot(id_)
        if slot is None or at <= slot.sign_by:
            continue
        top = queries.top_of(slot.campaign)
        due = 1 + (at - slot.sign_by) // timedelta(minutes=slot.chase_every)
        for line in hold(queries.to_ask(slot.id, top, due)).values():
            up = line.path[line.path.index(top) :][::-1]
            no = min(due, len(up))
            if line.owed and line.chased < no:
                chases.append(Chase(report_id=line.id, no=no, unit_id=up[no - 1], at=at))
                moves.append(moved(line, Step.CHASE, f"{no} {up[no - 1]}"))
    Chase.objects.bulk_create(chases)
    write_moves(moves, by, at)
    return BatchResult(list(slots))


__all__ = ["chase_slots", "correct_reports", "judge_reports", "sign_reports"]
