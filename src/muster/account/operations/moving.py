"""How a batch of accounts moves: each row judged alone, then written at once, with its events and the audit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from muster.account.moves import Step, after
from muster.account.operations.refusals import ChangedMeanwhile, NotAReason, OutsideUnit, UnknownAccount
from muster.account.queries import Held
from muster.account.rows import Act
from muster.account.words import KIND, State, kind
from muster.audit import operations as audit
from muster.events import operations as journal
from muster.events import queries as journal_queries
from muster.events.journal import Move, age_band
from muster.kernel.actor import Actor
from muster.kernel.arrays import columns
from muster.kernel.clock import local
from muster.kernel.copying import copy_rows
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.ids import new_id
from muster.people import rights
from muster.people.rights import Grants

TOLD_ONE_BY_ONE = 1000  # accounts; a longer batch is told in the audit by its events, which name each already
Row = TypeVar("Row", bound=Act)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who brings a batch, with what rights, and which right its rows take; no grants: the system."""

    grants: Grants | None
    by: Actor
    right: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Change:
    """A move that has passed every check: the account before and after, and what its event says."""

    row: Act
    step: Step
    before: Held
    after: Held
    told: str  # reason of the event


def moved(row: Act, step: Step, before: Held, told: str = "", **fields: Any) -> Change:
    """Return what a row makes of an account, with other fields than its state.

    :param told: what the event gives as its reason, instead of the row's
    :raises WrongState: the move does not start where the account is
    """
    state = after(before.state, step)
    changed = before._replace(state=state, state_since=row.at, reason=row.reason, **fields)
    return Change(row, step, before, changed, told or row.reason)


def reasoned(row: Act, step: Step, words: frozenset[str] = frozenset({""})) -> None:
    """Go on only if a row's reason is one of the words.

    :raises NotAReason: it is not
    """
    if row.reason not in words:
        raise NotAReason(reason=row.reason, move=step)


def judge_each(
    rows: Sequence[Row],
    held: Mapping[UUID, Held],
    asker: Asker,
    judge: Callable[[Row, Held], Change],
) -> tuple[list[Change], BatchResult[UUID]]:
    """Judge every row, its right first; one whose event was recorded before is passed over, and may be sent again.

    :returns: what changes, and the batch's result
    """
    repeated = {event.id for event in journal_queries.events([row.event for row in rows])}
    refused: dict[int, Refusal] = {}
    done: dict[UUID, Change] = {}
    for place, row in enumerate(rows):
        if row.event in repeated:
            continue
        try:
            change = judge(row, _held(row, held, asker))
            if row.account in done:
                raise ChangedMeanwhile
        except Refusal as refusal:
            refused[place] = refusal
        else:
            done[row.account] = change
    told = [row.account for place, row in enumerate(rows) if place not in refused]
    return list(done.values()), BatchResult(told, [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _held(row: Act, held: Mapping[UUID, Held], asker: Asker) -> Held:
    account = held.get(row.account)
    if account is None:
        raise UnknownAccount(account=row.account)
    if row.version and row.version != account.version:
        raise ChangedMeanwhile
    if asker.by.unit not in account.near or row.unit not in {None, *account.near}:
        raise OutsideUnit(account=row.account)
    rights.require_own(asker.grants, asker.right(row), account.near, asker.by)
    return account


_WRITTEN = {
    "state": "text", "state_since": "timestamptz", "reason": "text", "decided_by": "uuid", "notified_at": "timestamptz",
    "activate_by": "date", "activated_at": "timestamptz", "activated_how": "text", "activated_by": "uuid",
    "device": "bytea",
}  # fmt: skip
_UPDATE = f"""
    UPDATE account_account AS account
    SET {", ".join(f"{name} = told.{name}" for name in _WRITTEN)}, version = version + 1
    FROM unnest(%s::uuid[], {", ".join(f"%s::{name}[]" for name in _WRITTEN.values())})
        AS told (id, {", ".join(_WRITTEN)})
    WHERE account.id = told.id
"""


def write(changes: Sequence[Change], action: str, by: Actor, at: datetime, then: Sequence[Change] = ()) -> None:
    """Write changes of accounts that are held, and then others that follow from them, as one batch."""
    everything = [*changes, *then]
    if not everything:
        return
    with connection.cursor() as cursor:
        for some in (changes, then):
            if some:
                cursor.execute(_UPDATE, columns((one.before.id, *_values(one.after)) for one in some))
        _devices(cursor, everything)
    recorded = journal.record(moves=[_event(one, by) for one in everything], by=by, at=at)
    few = len(everything) <= TOLD_ONE_BY_ONE
    subjects = [audit.Subject(KIND, one.before.id) for one in everything] if few else []
    audit.record(by=by, at=at, action=action, subjects=subjects, events=recorded, detail=f"{len(everything)}")


def _values(one: Held) -> tuple[Any, ...]:
    return (
        one.state.value, one.state_since, one.reason, one.decided_by, one.notified_at, one.activate_by,
        one.activated_at, one.activated_how.value if one.activated_how else "", one.activated_by,
        None if one.device is None else f"\\x{one.device.hex()}",
    )  # fmt: skip


_DEVICE = {"id": "uuid", "account_id": "uuid", "device": "bytea", "since": "timestamptz"}


def _devices(cursor: Any, changes: Sequence[Change]) -> None:
    """End the devices that are not used any more, then begin those that are: one at a time."""
    other = [one for one in changes if one.before.device != one.after.device]
    left = [one for one in other if one.before.device]
    if left:
        cursor.execute(
            """
            UPDATE account_device AS device SET until = told.at
            FROM unnest(%s::uuid[], %s::timestamptz[]) AS told (account, at)
            WHERE device.account_id = told.account AND until IS NULL
            """,
            columns((one.before.id, one.row.at) for one in left),
        )
    begun = ((new_id(), one.before.id, one.after.device, one.row.at) for one in other if one.after.device)
    copy_rows(cursor, "account_device", _DEVICE, begun)


def _event(one: Change, by: Actor) -> Move:
    before = one.before
    return Move(
        id=one.row.event, thing=before.id, kind=kind(before.level), move=one.step.value,
        unit_done=one.row.unit or by.unit, unit_residence=before.unit_residence, occurred_at=one.row.at,
        reason=one.told, age_band=age_band(before.birth, local(one.row.at).date()),
    )  # fmt: skip


def officer(row: Act, by: Actor) -> UUID | None:
    """Return who did it: whom the row names, or who brings it; nothing where it was the machine."""
    return row.officer or by.officer


def over(one: Held) -> bool:
    """Say whether an account has ended."""
    return one.state in {State.REJECTED, State.CLOSED}
