"""Decide whether two persons of the register are one: by a person, with a reason; a merge takes a second person.

What was decided by mistake, two people, is asked again: by a person too, with a reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.audit import operations as audit
from muster.capture import operations as capture
from muster.capture import queries as dossiers_now
from muster.capture.moves import Step, steps_from
from muster.capture.rows import DossierMove
from muster.capture.words import Ending, State
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.ids import new_id
from muster.law.duty import LifeStatus
from muster.people import operations as people
from muster.people.operations import ApprovalRequest
from muster.people.words import ApprovalKind
from muster.processing import queries
from muster.processing.models import Suspicion
from muster.processing.operations.examining import forget
from muster.processing.queries import PairLine
from muster.processing.words import KIND, UNDECIDED, Pair
from muster.register import operations as register_now
from muster.register import queries as register
from muster.register.operations.merging import MERGE, PersonMerge, merge_subject
from muster.register.sensitive import KIND as PERSON

WHY_LETTERS = 500


class UnknownPair(Refusal):
    """There is no such question."""

    code = "unknown_pair"
    vi = "Không có nghi vấn {pair}."
    en = "There is no question {pair}."


class DecidedByAPerson(Refusal):
    """A score decides nothing: who decides is an officer, and says why."""

    code = "decided_by_a_person"
    vi = "Việc này phải do cán bộ quyết định và nêu lý do, tối đa 500 ký tự."
    en = "An officer decides this, with a reason of at most 500 characters."


class AlreadyDecided(Refusal):
    """It was decided before, and is not asked again."""

    code = "already_decided"
    vi = "Nghi vấn này đã được quyết định."
    en = "This has been decided already."


class NotOneOfThem(Refusal):
    """The row that is closed is one of the two."""

    code = "not_one_of_them"
    vi = "Hãy chọn hồ sơ sẽ đóng lại trong hai hồ sơ này."
    en = "Choose which of the two rows is closed."


class NotSame(Refusal):
    """Only a pair that a person has found to be one is merged."""

    code = "not_same_person"
    vi = "Chỉ hợp nhất khi đã kết luận là cùng một người."
    en = "Only a pair found to be one person is merged."


class NotReopened(Refusal):
    """Asked again is only what was decided as two people, both still in the register."""

    code = "not_reopened"
    vi = "Chỉ hỏi lại nghi vấn đã kết luận là hai người, khi cả hai còn trong sổ dân cư."
    en = "Only what was decided as two people is asked again, while both are in the register."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """A pair that was decided as two people and is asked about again, and why."""

    pair: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDecision:
    """Two people or one, and why; of one the row that is closed. ``approval`` is the id of the request it makes."""

    pair: UUID
    same: bool
    why: str
    gone: UUID | None = None
    approval: UUID = field(default_factory=new_id)


@transaction.atomic
def decide_pairs(
    *, decisions: Sequence[PairDecision], by: Actor, at: datetime, real: datetime
) -> BatchResult[UUID]:  # fmt: skip
    """Decide pairs: two people, or one, which asks a second person for the merge.

    Until it is merged, "one person" may be decided again (the second person has refused). The same decision of the
    same officer sent twice is made once.

    :param real: the real time, by which requests expire whatever the campaign's clock shows
    :returns: the pairs decided; refusals by the place in ``decisions``
    """
    held = queries.pairs([row.pair for row in decisions], lock=True)
    refused: dict[int, Refusal] = {}
    done: list[tuple[PairDecision, PairLine]] = []
    for place, row in enumerate(decisions):
        try:
            with transaction.atomic():
                line = held.get(row.pair)
                if line is None:
                    raise UnknownPair(pair=row.pair)
                if _decide(row, line, by, at, real):
                    done.append((row, line))
        except Refusal as refusal:
            refused[place] = refusal
    if done:
        forget({person for _, line in done for person in (line.one, line.other)}, by, at)
        words = {row.pair: "found_same" if row.same else "found_two" for row, _ in done}
        _tell([line for _, line in done], words, "processing.decide_pairs", by, at)
    kept = [row.pair for place, row in enumerate(decisions) if place not in refused]
    return BatchResult(kept, [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _decide(row: PairDecision, line: PairLine, by: Actor, at: datetime, real: datetime) -> bool:
    """Write a decision; say whether it is new."""
    why = _reason(row.why, by)
    state = Pair.SAME_PERSON if row.same else Pair.TWO_PEOPLE
    if (line.state, line.decided_by, line.why) == (state, by.officer, why) and line.gone == row.gone:
        return False
    if line.state not in UNDECIDED:
        raise AlreadyDecided
    if row.same:
        _ask(row, line, why, by, real)
    Suspicion.objects.filter(id=line.id).update(
        state=state.value, why=why, decided_by=by.officer, decided_at=at, gone=row.gone if row.same else None,
        approval=row.approval if row.same else None,
    )  # fmt: skip
    return True


def _reason(why: str, by: Actor) -> str:
    """Return a reason as it is kept.

    :raises DecidedByAPerson: it is none, or no officer gives it
    """
    why = why.strip()
    if by.officer is None or not why or len(why) > WHY_LETTERS:
        raise DecidedByAPerson
    return why


@transaction.atomic
def reopen_pairs(*, reopenings: Sequence[Reopening], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Ask again about pairs that were decided as two people; their open dossiers wait again for the answer.

    The earlier reason is kept behind the new one. One that is open for that reason is passed over, so a batch may be
    sent again.

    :returns: the pairs that are open; refusals by the place in ``reopenings``
    """
    held = queries.pairs([row.pair for row in reopenings], lock=True)
    living = register.states([person for line in held.values() for person in (line.one, line.other)])
    refused: dict[int, Refusal] = {}
    done: dict[UUID, PairLine] = {}
    for place, row in enumerate(reopenings):
        try:
            line, why = held.get(row.pair), _reason(row.why, by)
            if line is None:
                raise UnknownPair(pair=row.pair)
            if row.pair in done or (line.state is Pair.OPEN and line.why.startswith(why)):
                continue
            gone = LifeStatus.DELETED in {living[line.one].life, living[line.other].life}
            if line.state is not Pair.TWO_PEOPLE or gone:
                raise NotReopened
        except Refusal as refusal:
            refused[place] = refusal
        else:
            kept_why = f"{why} \u2190 {line.why}"[:WHY_LETTERS]
            Suspicion.objects.filter(id=line.id).update(
                state=Pair.OPEN.value, why=kept_why, decided_by=None, decided_at=None
            )
            done[line.id] = line
    if done:
        persons = {person for line in done.values() for person in (line.one, line.other)}
        forget(persons, by, at)
        flags = [(dossier, "suspect_duplicate", True) for dossier in dossiers_now.open_of(persons).values()]
        capture.set_flags(flags=flags, by=by, at=at)
        _tell(list(done.values()), dict.fromkeys(done, "reopened"), "processing.reopen_pairs", by, at)
    kept_ = [row.pair for place, row in enumerate(reopenings) if place not in refused]
    return BatchResult(kept_, [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _ask(row: PairDecision, line: PairLine, why: str, by: Actor, real: datetime) -> None:
    """Ask a second person for exactly this merge."""
    if row.gone not in {line.one, line.other} or row.gone is None:
        raise NotOneOfThem
    held = register.states([line.one, line.other])
    into = kept(line, row.gone)
    if held[row.gone].number and not held[into].number:
        raise register_now.NumberedGoesOn
    request = ApprovalRequest(
        row.approval, ApprovalKind.MERGE, MERGE, merge_subject(row.gone, into), held[row.gone].unit, why
    )
    people.request_approvals(requests=[request], by=by, at=real).whole()


def kept(line: PairLine, gone: UUID) -> UUID:
    """Return the row of a pair that goes on where the other is closed."""
    return line.other if gone == line.one else line.one


@transaction.atomic
def merge_pairs(*, pairs: Sequence[UUID], by: Actor, at: datetime, real: datetime) -> BatchResult[UUID]:
    """Merge pairs that a second person has allowed: the closed row's open dossier is withdrawn as a duplicate.

    One whose card was made is voided: the card bears a number that is cancelled, and is recalled wherever it lies. A
    pair merged before is passed over.

    :returns: the pairs merged; refusals by the place in ``pairs``
    """
    held = queries.pairs(pairs, lock=True)
    register.states([person for line in held.values() for person in (line.one, line.other)], lock=True)
    refused: dict[int, Refusal] = {}
    done: list[PairLine] = []
    for place, pair in enumerate(pairs):
        try:
            with transaction.atomic():
                if pair not in held:
                    raise UnknownPair(pair=pair)
                if held[pair].state is not Pair.MERGED:
                    _merge(held[pair], by, at, real)
                    done.append(held[pair])
        except Refusal as refusal:
            refused[place] = refusal
    if done:
        forget({person for line in done for person in (line.one, line.other)}, by, at)
        _tell(done, dict.fromkeys((line.id for line in done), "merged"), "processing.merge_pairs", by, at)
    kept_ = [pair for place, pair in enumerate(pairs) if place not in refused]
    return BatchResult(kept_, [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _merge(line: PairLine, by: Actor, at: datetime, real: datetime) -> None:
    if line.state is not Pair.SAME_PERSON or line.gone is None or line.approval is None:
        raise NotSame
    open_ = dossiers_now.states(dossiers_now.open_of([line.gone]).values())
    moves = [
        DossierMove(dossier=dossier, step=_ended_by(held.state), at=at, reason=Ending.DUPLICATE.value)
        for dossier, held in open_.items()
    ]
    capture.move_dossiers(moves=moves, by=by, at=at).whole()
    row = PersonMerge(gone=line.gone, into=kept(line, line.gone), approval=line.approval)
    register_now.merge_persons(merges=[row], by=by, at=at, real=real).whole()
    Suspicion.objects.filter(id=line.id).update(state=Pair.MERGED.value)
    _moot(line, by, at)


def _ended_by(state: State) -> Step:
    """Return by which move the dossier of a duplicate ends."""
    return Step.VOIDED if Step.VOIDED in steps_from(state) else Step.WITHDRAWN


def _moot(line: PairLine, by: Actor, at: datetime) -> None:
    """Close the other questions about the closed row: they are about nobody any more."""
    others = [one for one in queries.pairs_of([line.gone] if line.gone else []) if one.state in UNDECIDED]
    Suspicion.objects.filter(id__in=[one.id for one in others]).update(
        state=Pair.TWO_PEOPLE.value, why=f"merged: {line.id}", decided_by=by.officer, decided_at=at, gone=None,
        approval=None,
    )  # fmt: skip
    forget({person for one in others for person in (one.one, one.other)}, by, at)


def _tell(lines: Sequence[PairLine], words: dict[UUID, str], action: str, by: Actor, at: datetime) -> None:
    """Write the events of decisions, and their audit: about both persons."""
    moves = [
        Move(thing=line.id, kind=KIND, move=words[line.id], unit_done=by.unit, occurred_at=at) for line in lines
    ]  # fmt: skip
    recorded = journal.record(moves=moves, by=by, at=at)
    subjects = [audit.Subject(PERSON, person) for line in lines for person in (line.one, line.other)]
    audit.record(by=by, at=at, action=action, subjects=subjects, events=recorded)
