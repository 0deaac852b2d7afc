"""Write the audit: one batch for each look or change, and the seals over all of it."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from muster.audit import queries
from muster.audit.chain import START, Header, Subject, heads_root, seal_message
from muster.audit.models import Seal
from muster.engines import merkle
from muster.events import operations as events
from muster.events.journal import Recorded
from muster.kernel.actor import Actor, Purpose
from muster.kernel.arrays import array, ids
from muster.kernel.clock import PlayedClock, aware
from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.keys import provider

__all__ = ["BadAction", "Subject", "record", "seal", "set_clock"]

_ACTION = re.compile(r"[a-z_]+(\.[a-z_]+)*")
_DETAIL = 200


class BadAction(Refusal):
    """An action is small-letter words with dots; a detail has at most 200 characters."""

    code = "bad_action"
    vi = "Tên thao tác hoặc ghi chú kiểm toán không hợp lệ: {action}."
    en = "Not an action or detail the audit takes: {action}."


@transaction.atomic(savepoint=False)
def record(
    *,
    by: Actor,
    at: datetime,
    action: str,
    subjects: Sequence[Subject] = (),
    events: Recorded | None = None,
    detail: str = "",
) -> UUID:
    """Write one look or one change into the audit; call it last in an operation, for it holds its chain till the end.

    The events of the operation are covered as if they were entries: an edited, dropped or moved row of the journal
    is found as surely as one of the audit itself. No savepoint is opened: a refusal undoes the operation.

    :param action: what was done, such as ``register.look_up``
    :param detail: identifiers, codes and counts; never a personal value
    :returns: the batch's id
    :raises BadAction: the action is no dotted name, or the detail is too long
    :raises NaiveDatetime: ``at`` has no time zone
    """
    if not _ACTION.fullmatch(action) or len(detail) > _DETAIL:
        raise BadAction(action=action[:60])
    covered = events.events if events else ()
    leaves = [subject.leaf() for subject in subjects] + [merkle.leaf(event.canonical()) for event in covered]
    header = Header(
        id=new_id(),
        at=aware(at),
        officer=by.officer,
        unit=by.unit,
        purpose=by.purpose.value,
        device=by.device,
        action=action,
        detail=detail,
        entries=len(subjects),
        events_batch=events.batch if events and covered else None,
        root=merkle.root(leaves),
    )
    _append(header, leaves, subjects)
    return header.id


def _append(header: Header, leaves: Sequence[bytes], subjects: Sequence[Subject]) -> None:
    fields = (
        header.id, header.at, header.officer, header.unit, header.purpose, header.device, header.action,
        header.detail, header.events_batch, b"".join(leaves), header.root, header.body(),
        array(subject.kind for subject in subjects), ids(subject.id for subject in subjects),
    )  # fmt: skip
    types = "uuid timestamptz uuid int text text text text uuid bytea bytea bytea text[] uuid[]"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT audit_append({', '.join(f'%s::{name}' for name in types.split())})", fields)


@transaction.atomic
def seal(*, at: datetime) -> int | None:
    """Sign the state of all chains; return the seal's number, ``None`` where nothing happened since the last seal.

    The seal is told in the audit as well, so that a removed seal is missed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7304, 1)")
    heads = queries.heads()
    size = sum(int(no) for no, _ in heads.values())
    last = Seal.objects.order_by("-no").first()
    if size <= (last.size + 1 if last else 0):  # the last seal's own batch is nothing new
        return None
    number = last.no + 1 if last else 1
    told: dict[str, Any] = {
        "no": number,
        "at": aware(at),
        "size": size,
        "root": heads_root(heads),
        "previous": queries.seal_hash(last) if last else START,
    }
    signed = provider.current().sign(seal_message(**told))
    Seal.objects.create(**told, heads=heads, key_id=signed.key_id, signature=signed.value)
    system = Actor(officer=None, unit=0, purpose=Purpose.AUDIT)
    record(by=system, at=at, action="audit.seal", detail=f"{number} {told['root'].hex()}")
    return number


@transaction.atomic
def set_clock(*, clock: PlayedClock | None, by: Actor, at: datetime) -> None:
    """Let the campaign's clock run as told from the real moment ``at`` on, and write down who set it.

    :param clock: ``None`` returns to real time
    :raises ClockWouldRunBack: it would show a time before the last event of the journal
    """
    recorded = events.set_clock(clock=clock, by=by, at=at)
    told = recorded.events[0]
    subjects = [Subject("clock", told.thing)]
    record(by=by, at=told.recorded_at, action="clock.set", subjects=subjects, events=recorded, detail=told.move)
