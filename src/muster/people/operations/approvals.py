"""The rule of two people: one asks, another decides, and what was granted is used once, in time.

An operation that needs it takes the id of an approval and calls `use_approvals` in its own transaction: either its
change and the use stand, or neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.people import queries
from muster.people.models import Approval
from muster.people.operations.common import IdTaken, Sieve, audit
from muster.people.operations.confirming import NotConfirmed
from muster.people.rights import TERMS, Grants, NotAllowed, may, may_anywhere
from muster.people.words import ApprovalKind
from muster.units.queries import UnknownUnit


class NeedsSecondPerson(Refusal):
    """Somebody other than the asker must have allowed exactly this."""

    code = "needs_second_person"
    vi = "Việc này cần người thứ hai phê duyệt; người đề nghị không được tự quyết định."
    en = "This needs a second person; who asked cannot decide."


class UnknownApproval(Refusal):
    """There is no such request."""

    code = "unknown_approval"
    vi = "Không có đề nghị phê duyệt {approval}."
    en = "There is no request {approval}."


class NoReason(Refusal):
    """A request says why."""

    code = "no_reason"
    vi = "Cần nêu lý do, tối đa 500 ký tự."
    en = "A reason is needed, of at most 500 characters."


class AlreadyDecided(Refusal):
    """The request has been decided."""

    code = "already_decided"
    vi = "Đề nghị này đã được quyết định."
    en = "This request has been decided already."


class NotGranted(Refusal):
    """The request is undecided or was refused."""

    code = "approval_not_granted"
    vi = "Đề nghị chưa được chấp thuận."
    en = "The request has not been granted."


class AlreadyUsed(Refusal):
    """An approval is used once."""

    code = "approval_used"
    vi = "Phê duyệt này đã được sử dụng."
    en = "This approval has been used already."


class ApprovalExpired(Refusal):
    """The time to decide or to use it has run out."""

    code = "approval_expired"
    vi = "Phê duyệt đã hết hạn lúc {expired}; hãy đề nghị lại."
    en = "The approval expired at {expired}; ask again."


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """What is asked for: an act on one subject at one unit, and why."""

    id: UUID
    kind: ApprovalKind
    subject_kind: str
    subject: UUID
    unit: int
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of the second person."""

    approval: UUID
    granted: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalUse:
    """The act about to be done: it must be exactly what was granted."""

    approval: UUID
    kind: ApprovalKind
    subject_kind: str
    subject: UUID
    unit: int


def _person(by: Actor, at: datetime) -> Grants:
    """Return the grants of the officer who acts; the system itself can neither ask nor decide."""
    if by.officer is None:
        raise NeedsSecondPerson
    return queries.grants(by.officer, at)


@transaction.atomic
def request_approvals(*, requests: Sequence[ApprovalRequest], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Ask for acts that need two people; the same request sent twice is asked once.

    Rows are refused with `UnknownUnit`, `NotAllowed`, `NoReason` and `IdTaken`.

    :raises NeedsSecondPerson: the system itself asks
    """
    grants = _person(by, at)
    paths = queries.paths({row.unit for row in requests})

    def check(row: ApprovalRequest) -> None:
        if row.unit not in paths:
            raise UnknownUnit(unit=row.unit, on=at.date().isoformat())
        if not _may_ask(grants, row, paths[row.unit], by):
            raise NotAllowed(action=f"{row.kind}.ask")
        if not row.reason.strip() or len(row.reason) > 500:  # noqa: PLR2004 - the width of the column
            raise NoReason

    sieve = Sieve(requests)
    good = sieve.keep(check)
    fresh = {row.id: row for row in reversed(good)}
    before = set(Approval.objects.filter(id__in=fresh).values_list("id", flat=True))
    rows = [_approval(fresh[key], grants.officer, at) for key in sorted(fresh.keys() - before)]
    Approval.objects.bulk_create(rows, ignore_conflicts=True)
    stored = Approval.objects.in_bulk(list(fresh))
    sieve.keep(lambda row: _check_same(stored[row.id], _approval(row, grants.officer, at)))
    audit(by, at, "approval.ask", ("approval", [row.id for row in rows]), *_subjects(rows), detail=_kinds(rows))
    return sieve.result(lambda row: row.id)


def _may_ask(grants: Grants, row: ApprovalRequest | ApprovalUse, path: Sequence[int], by: Actor) -> bool:
    action = f"{row.kind}.ask"
    if row.kind is ApprovalKind.BREAK_GLASS:  # an emergency lies outside one's own units
        return may_anywhere(grants, action, by.purpose)
    return may(grants, action, path, by.purpose)


def _approval(row: ApprovalRequest, officer: UUID, at: datetime) -> Approval:
    return Approval(
        id=row.id,
        kind=row.kind.value,
        subject_kind=row.subject_kind,
        subject=row.subject,
        unit_id=row.unit,
        asked_by_id=officer,
        asked_at=at,
        reason=row.reason.strip(),
        expires_at=at + TERMS[row.kind].to_decide,
    )


def _check_same(stored: Approval, asked: Approval) -> None:
    if _content(stored) != _content(asked):
        raise IdTaken(id=asked.id)


def _content(row: Approval) -> tuple[object, ...]:
    return row.kind, row.subject_kind, row.subject, row.unit_id, row.asked_by_id


def _subjects(rows: Sequence[Approval]) -> list[tuple[str, list[UUID]]]:
    return [(row.subject_kind, [row.subject]) for row in rows]


def _kinds(rows: Sequence[Approval]) -> str:
    """Return the kinds of a batch, so that broken glass is seen in the audit at a glance."""
    return ", ".join(sorted({row.kind for row in rows}))


@transaction.atomic
def decide_approvals(*, decisions: Sequence[Decision], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Grant or refuse requests of others; the same decision sent twice is made once.

    Rows are refused with `UnknownApproval`, `NeedsSecondPerson`, `NotAllowed`, `NotConfirmed`, `AlreadyDecided` and
    `ApprovalExpired`.

    :raises NeedsSecondPerson: the system itself decides
    """
    grants = _person(by, at)
    rows = Approval.objects.select_for_update().filter(id__in=[one.approval for one in decisions]).order_by("id")
    known = {row.id: row for row in rows}
    paths = queries.paths({row.unit_id for row in known.values()})
    confirmed = queries.is_confirmed(grants.officer)
    made: list[Approval] = []

    def decide(one: Decision) -> None:
        if (row := known.get(one.approval)) is None:
            raise UnknownApproval(approval=one.approval)
        if row.asked_by_id == grants.officer:
            raise NeedsSecondPerson
        if not may(grants, f"{row.kind}.decide", paths[row.unit_id], by.purpose):
            raise NotAllowed(action=f"{row.kind}.decide")
        if not confirmed:
            raise NotConfirmed
        if _decide(row, one, grants.officer, at):
            made.append(row)

    sieve = Sieve(decisions)
    sieve.keep(decide)
    written = ["decision", "decided_by", "decided_at", "note", "expires_at"]
    Approval.objects.bulk_update(made, written)
    for answer in ("granted", "refused"):
        of = [row for row in made if row.decision == answer]
        audit(by, at, f"approval.{answer}", ("approval", [row.id for row in of]), *_subjects(of), detail=_kinds(of))
    return sieve.result(lambda one: one.approval)


def _decide(row: Approval, one: Decision, officer: UUID, at: datetime) -> bool:
    """Put the decision on a locked row; say whether it is new."""
    answer = "granted" if one.granted else "refused"
    if row.decision:
        if (row.decision, row.decided_by_id) != (answer, officer):
            raise AlreadyDecided
        return False
    if at >= row.expires_at:
        raise ApprovalExpired(expired=row.expires_at.isoformat(timespec="minutes"))
    row.decision, row.decided_by_id, row.decided_at, row.note = answer, officer, at, one.note.strip()[:500]
    if one.granted:
        row.expires_at = at + TERMS[ApprovalKind(row.kind)].to_use
    return True


@transaction.atomic
def use_approvals(*, uses: Sequence[ApprovalUse], by: Actor, at: datetime) -> None:
    """Use up approvals, each once, for exactly what was granted, by who asked; all of them or none.

    :raises NeedsSecondPerson: no such approval, or it is for another act, subject, unit or asker
    :raises NotGranted: it is undecided or was refused
    :raises AlreadyUsed: it was used before
    :raises ApprovalExpired: its time has run out
    :raises NotAllowed: who asked may no longer ask for this: the role has ended, or the account is closed
    """
    columns = zip(
        *((use.approval, use.kind.value, use.subject_kind, use.subject, use.unit) for use in uses), strict=True
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE people_approval AS row SET used_at = %s
            FROM (SELECT * FROM people_approval
                  JOIN unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::int[])
                       AS asked(id, kind, subject_kind, subject, unit_id)
                       USING (id, kind, subject_kind, subject, unit_id)
                  ORDER BY id FOR UPDATE OF people_approval) AS found
            WHERE row.id = found.id AND row.asked_by_id = %s AND row.decision = 'granted'
              AND row.used_at IS NULL AND row.expires_at > %s
            RETURNING row.id
            """,
            [at, *map(list, columns), by.officer, at],
        )
        used = {approval for (approval,) in cursor.fetchall()}
    for use in uses:
        if use.approval not in used:
            raise _why_not(use, by, at)
    if len(used) < len(uses):
        raise AlreadyUsed  # one approval, named twice in this batch
    _check_still_may(uses, by, at)
    audit(by, at, "approval.use", ("approval", sorted(used)))


def _check_still_may(uses: Sequence[ApprovalUse], by: Actor, at: datetime) -> None:
    grants, paths = _person(by, at), queries.paths({use.unit for use in uses})
    for use in uses:
        if not _may_ask(grants, use, paths[use.unit], by):
            raise NotAllowed(action=f"{use.kind}.ask")


def _why_not(use: ApprovalUse, by: Actor, at: datetime) -> Refusal:
    row = Approval.objects.filter(
        id=use.approval, kind=use.kind.value, subject_kind=use.subject_kind, subject=use.subject, unit=use.unit
    ).first()
    if row is None or row.asked_by_id != by.officer:
        return NeedsSecondPerson()
    if row.decision != "granted":
        return NotGranted()
    if row.used_at is not None:
        return AlreadyUsed()
    return ApprovalExpired(expired=min(row.expires_at, at).isoformat(timespec="minutes"))
