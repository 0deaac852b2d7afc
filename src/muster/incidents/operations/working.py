"""Move tickets: take, set out, hand back, escalate, swap, mend, dismiss, reopen. Each compares the version it read."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import assert_never
from uuid import UUID

from django.db import transaction

from muster.events import queries as journal
from muster.events.journal import Move
from muster.incidents import queries
from muster.incidents.models import Loss, Spare, Ticket
from muster.incidents.moves import COMMAND, MOVES, Step, after, rights
from muster.incidents.operations.opening import kit_moves
from muster.incidents.operations.refusals import (
    ChangedMeanwhile,
    IncompleteAct,
    KitHasTicket,
    NoSpare,
    NotOnDuty,
    NotYours,
    UnknownTicket,
)
from muster.incidents.rows import Act
from muster.incidents.words import HELD, TICKET, Severity, State
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult
from muster.kernel.ids import new_id
from muster.people.rights import Grants, may, require_own
from muster.plan import operations as plan
from muster.plan import queries as planned
from muster.plan.operations.common import Known, Sieve, tell
from muster.plan.rows import KitTransfer, Rearm, Stand
from muster.plan.words import KitState

TAKE = "incident.take"


@transaction.atomic
def move_tickets(*, acts: Sequence[Act], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Move tickets, each row whole or not at all; an act told before is passed over.

    Rows are refused with `UnknownTicket`, `NotAllowed`, `ChangedMeanwhile`, `WrongState`, `NotOnDuty`,
    `IncompleteAct`, `NoSpare`, `KitHasTicket`, and a swap with what `plan.rearm_sessions` refuses.
    """
    named = {row.ticket for row in acts}
    held = {row.id: row for row in Ticket.objects.select_for_update().filter(id__in=named).order_by("id")}
    known = Known(row.unit_id for row in held.values())
    told = {event.id for event in journal.events([row.id for row in acts])}
    moves: list[Move] = []

    def check(row: Act) -> None:
        if row.ticket not in held:
            raise UnknownTicket
        ticket = held[row.ticket]
        path = known.unit(ticket.unit_id)
        if row.step not in MOVES:
            raise IncompleteAct
        _ask_right(row.step, path, grants, by)
        if row.id in told:
            return
        _ask_whose(ticket, path, grants, by)
        if ticket.version != row.version:
            raise ChangedMeanwhile
        state = after(ticket.state, row.step)
        held[row.ticket] = _Moving(ticket, path, grants, by, at).done(row, state)
        told.add(row.id)
        moves.append(
            Move(
                id=row.id, thing=row.ticket, kind=TICKET, move=row.step, unit_done=ticket.unit_id, occurred_at=at,
                kit=ticket.kit_id, reason=(row.note.strip() or row.cause or "")[:200],
            )
        )  # fmt: skip

    sieve = Sieve(acts)
    sieve.keep(check)
    tell(moves, by, at, "incidents.move_tickets", TICKET)
    return sieve.result(lambda row: row.ticket)


def _ask_right(step: Step, path: Sequence[int], grants: Grants | None, by: Actor) -> None:
    """Go on only with one of the rights that a move asks for.

    :raises NotAllowed: whoever acts has none of them
    """
    asked = rights(step)
    held = [right for right in asked if grants is not None and may(grants, right, path, by.purpose)]
    require_own(grants, (held or asked)[0], path, by)


def _ask_whose(ticket: Ticket, path: Sequence[int], grants: Grants | None, by: Actor) -> None:
    """Go on only if nobody else has the ticket, or the mover commands the team there.

    :raises NotYours: somebody else has it
    """
    held = ticket.technician_id if State(ticket.state) in HELD else None
    if grants is not None and held not in {None, by.officer} and not may(grants, COMMAND, path, by.purpose):
        raise NotYours


class _Moving:
    """One ticket on its way to its next state; nothing of a refused move stays, for it works on a copy.

    Every refusal comes before the first write, but for what `plan` refuses of a swap, which alone has a savepoint.
    """

    def __init__(self, ticket: Ticket, path: Sequence[int], grants: Grants | None, by: Actor, at: datetime) -> None:
        self._ticket = copy(ticket)
        self._path, self._grants, self._by, self._at = path, grants, by, at

    def done(self, row: Act, state: str) -> Ticket:
        """Do the move; return the ticket as it is then."""
        ticket = self._ticket
        match row.step:
            case Step.TAKE:
                self._take()
            case Step.SET_OUT:
                self._set_out(row)
            case Step.HAND_BACK | Step.ESCALATE:
                ticket.technician_id = ticket.taken_at = ticket.due_at = None
                ticket.place = ""
            case Step.SWAP:
                with transaction.atomic():
                    self._swap(row)
            case Step.MEND:
                self._end(row)
            case Step.DISMISS:
                self._end(row, lost=False)
            case Step.REOPEN:
                self._reopen()
            case Step.OPEN:
                raise IncompleteAct
            case _:
                assert_never(row.step)
        ticket.state = state
        ticket.version += 1
        ticket.save(force_update=True)
        if row.step in {Step.MEND, Step.DISMISS}:
            self._mark("mend", KitState.BROKEN)  # once its ticket is done: before, the database holds the kit
        return ticket

    def _take(self) -> None:
        officer = self._by.officer
        if officer is None or not queries.is_on_duty(officer, self._path, self._at):
            raise NotOnDuty
        self._ticket.technician_id, self._ticket.taken_at = officer, self._at

    def _set_out(self, row: Act) -> None:
        if not row.place.strip() or row.due_at is None or row.due_at < self._at:
            raise IncompleteAct
        self._ticket.place, self._ticket.due_at = row.place.strip(), row.due_at

    def _goes_on(self) -> None:
        """Store the time lost while the sessions still have the kit that stood still."""
        if self._ticket.stopped_at is not None:
            lost = queries.standing_still([self._ticket.id], self._at)
            Loss.objects.bulk_create(
                Loss(
                    ticket_id=one.ticket, session_id=one.session, kit_id=one.kit, unit_id=one.unit,
                    work_day=one.work_day, starts_at=one.starts_at, ends_at=one.ends_at,
                )
                for one in lost
            )  # fmt: skip
        self._ticket.stopped_at = None

    def _end(self, row: Act, *, lost: bool = True) -> None:
        if row.cause is None or (lost and row.remedy is None):
            raise IncompleteAct
        ticket = self._ticket
        if lost:
            self._goes_on()
        ticket.stopped_at, ticket.ended_at = None, self._at
        ticket.cause, ticket.remedy = row.cause, row.remedy or ""

    def _reopen(self) -> None:
        ticket = self._ticket
        if ticket.kit_id:
            planned.kit_states([ticket.kit_id], lock=True)  # nobody opens another one meanwhile
            if queries.live_of_kits([ticket.kit_id]):
                raise KitHasTicket
        ticket.ended_at = ticket.technician_id = ticket.taken_at = ticket.due_at = ticket.spare_id = None
        ticket.cause = ticket.remedy = ticket.place = ""
        if ticket.severity == Severity.STOPS:
            ticket.stopped_at = self._at
            self._mark("break", KitState.READY)

    def _mark(self, move: str, state: KitState) -> None:
        kit = self._ticket.kit_id
        if kit and planned.kit_states([kit], lock=True)[kit].state == state:
            plan.mark_kits(moves=kit_moves([kit], move, TICKET), by=self._by, at=self._at).whole()

    def _swap(self, row: Act) -> None:
        ticket, at = self._ticket, self._at
        pool = queries.spares_by_kit([row.spare] if row.spare else [])
        if ticket.kit_id is None or row.spare not in pool or pool[row.spare].state != KitState.READY:
            raise NoSpare
        spare = pool[row.spare]
        require_own(self._grants, TAKE, spare.path, self._by)
        self._goes_on()
        self._mark("break", KitState.READY)  # a kit that only slowed the work leaves it now
        unit = planned.kit_places([ticket.kit_id])[ticket.kit_id][0]
        transfer = KitTransfer(id=new_id(), kit=spare.kit, unit=unit, since=at)
        plan.move_kits(transfers=[transfer], by=self._by, at=at).whole()
        Spare.objects.filter(id=spare.id).update(until=at, ticket=ticket)  # a spare that waits is planned nowhere
        self._rearm(ticket.kit_id, spare.kit)
        ticket.spare_id = spare.kit

    def _rearm(self, broken: UUID, spare: UUID) -> None:
        rows = planned.sessions_as_rows(planned.sessions_of_kit(broken, self._at))
        rearms = [
            Rearm(
                session=id_,
                stands=tuple(Stand(spare if one.kit == broken else one.kit, one.crew) for one in session.stands),
            )
            for id_, session in rows.items()
        ]
        plan.rearm_sessions(rearms=rearms, by=self._by, at=self._at).whole()
