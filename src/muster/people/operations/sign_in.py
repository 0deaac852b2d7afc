"""Open and end work sessions, keep them alive, and write down failed sign-ins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from muster.audit.operations import Subject, record
from muster.events import queries as journal
from muster.kernel.actor import Actor, Purpose
from muster.kernel.errors import Refusal
from muster.people.models import DemoData, Officer, WorkSession
from muster.people.operations.common import active, audit, lock
from muster.people.sessions import TOUCH, shift_end
from muster.units.queries import ROOT


class NotThisWay(Refusal):
    """A demonstration account opens by one click in demonstration data; every other account never does."""

    code = "not_this_way"
    vi = "Tài khoản này không đăng nhập được bằng cách đó."
    en = "This account does not sign in that way."


@dataclass(frozen=True, slots=True)
class NewSession:
    """A sign-in that has passed all its proofs; ``key`` is the SHA-256 of the browser session's key."""

    id: UUID
    officer: UUID
    key: str
    demo: bool = False
    address: str | None = None
    program: str = ""


@transaction.atomic
def open_session(*, session: NewSession, by: Actor, at: datetime) -> datetime:
    """Open a work session; return when it ends, which is with the shift.

    :raises UnknownOfficer: there is no such officer
    :raises Inactive: the officer has been deactivated
    :raises NotThisWay: one click was used outside the demonstration, or a password inside it
    """
    officer = active(lock([session.officer]), session.officer)
    if session.demo != officer.is_demo or (session.demo and not DemoData.objects.exists()):
        raise NotThisWay
    ends_at = shift_end(at)
    WorkSession.objects.create(
        id=session.id,
        officer=officer,
        key=session.key,
        demo=session.demo,
        address=session.address,
        program=session.program[:200],
        started_at=at,
        seen_at=at,
        ends_at=ends_at,
    )
    audit(by, at, "sign_in", ("officer", [officer.id]), ("session", [session.id]), detail="demo" * session.demo)
    return ends_at


def touch_session(*, session: UUID, at: datetime) -> None:
    """Note that somebody is still there; written at most once a minute."""
    WorkSession.objects.filter(id=session, seen_at__lt=at - TOUCH).update(seen_at=at)


@transaction.atomic
def end_sessions(
    *,
    officers: Sequence[UUID] = (),
    sessions: Sequence[UUID] = (),
    reason: str,
    keep: UUID | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """End open sessions, all of some officers or some by id, but not the one to keep; return how many."""
    named = WorkSession.objects.filter(Q(officer__in=officers) | Q(id__in=sessions), ended_at__isnull=True)
    ending = [row.id for row in named.select_for_update().order_by("id") if row.id != keep]
    WorkSession.objects.filter(id__in=ending).update(ended_at=at, end_reason=reason)
    audit(by, at, "sign_out" if reason == "signed_out" else "session.end", ("session", ending), detail=reason)
    return len(ending)


@transaction.atomic
def record_failure(*, action: str, username: str = "", device: str = "", at: datetime) -> None:
    """Write a failed proof into the audit; a user name nobody has is not kept, for it may be a password.

    :param action: ``sign_in.failed``, ``sign_in.locked`` or ``factor.failed``
    """
    known = Officer.objects.filter(username=username.strip().lower()).values_list("id", "unit_id").first()
    officer, unit = known or (None, ROOT)
    subjects = [Subject("officer", officer)] if officer else []
    by = Actor(officer=None, unit=unit, purpose=Purpose.ADMINISTER, device=device)
    record(by=by, at=journal.now(at), action=action, subjects=subjects)
