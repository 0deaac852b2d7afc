"""Open tickets: what happened, in which session, to which kit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.events.journal import Move
from muster.incidents import queries
from muster.incidents.models import Ticket
from muster.incidents.operations.kits import OPENING, alone
from muster.incidents.operations.refusals import BadTicket, KitHasTicket
from muster.incidents.rows import TicketRow
from muster.incidents.words import TICKET, Kind, Severity
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult
from muster.kernel.ids import new_id
from muster.people.rights import Grants, require_own
from muster.plan import operations as plan
from muster.plan import queries as planned
from muster.plan.operations.common import IdTaken, Known, Sieve, once, tell
from muster.plan.queries import KitHeld, SessionLine
from muster.plan.rows import KitMove
from muster.plan.words import KitState

OPEN = "incident.open"


@transaction.atomic
def open_tickets(*, tickets: Sequence[TicketRow], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Open tickets; a kit that stops the work is broken from now on. The same ticket sent twice is opened once.

    Rows are refused with `UnknownUnit`, `UnknownCampaign`, `NotAllowed`, `BadTicket`, `KitHasTicket` and `IdTaken`.
    """
    alone(OPENING)
    sessions = {row.id: row for row in planned.sessions_by_ids({row.session for row in tickets if row.session})}
    kits = planned.kit_states({row.kit for row in tickets if row.kit}, lock=True)
    live = queries.live_of_kits(set(kits))
    known = Known([row.unit for row in tickets] + [one.unit for one in sessions.values()], _campaigns(tickets))
    stored = Ticket.objects.in_bulk([row.id for row in tickets])

    def check(row: TicketRow) -> None:
        unit = _unit(row, sessions)
        require_own(grants, OPEN, known.unit(unit), by)
        known.campaign(row.campaign)
        _sound(row, sessions, kits)
        if row.id in stored:
            held = stored[row.id]
            if (held.unit_id, held.kit_id, held.kind, held.told) != (unit, row.kit, row.kind, row.told.strip()):
                raise IdTaken(id=row.id)
        elif row.kit and live.setdefault(row.kit, row.id) != row.id:
            raise KitHasTicket

    sieve = Sieve(tickets)
    fresh = [row for row in once(sieve.keep(check)) if row.id not in stored]
    Ticket.objects.bulk_create(_ticket(row, _unit(row, sessions), by, at) for row in fresh)
    _break([row for row in fresh if row.severity is Severity.STOPS], kits, by, at)
    moves = [
        Move(
            id=row.id, thing=row.id, kind=TICKET, move="open", unit_done=_unit(row, sessions), occurred_at=at,
            kit=row.kit, reason=row.kind,
        )
        for row in fresh
    ]  # fmt: skip
    tell(moves, by, at, "incidents.open_tickets", TICKET)
    return sieve.result(lambda row: row.id)


def _campaigns(tickets: Sequence[TicketRow]) -> set[UUID]:
    return {row.campaign for row in tickets}


def _unit(row: TicketRow, sessions: Mapping[UUID, SessionLine]) -> int:
    session = sessions.get(row.session) if row.session else None
    return session.unit if session else row.unit


def _sound(row: TicketRow, sessions: Mapping[UUID, SessionLine], kits: Mapping[UUID, KitHeld]) -> None:
    about_kit = row.kind is Kind.KIT
    if not row.told.strip() or about_kit != (row.kit is not None):
        raise BadTicket
    if row.session is not None and (row.session not in sessions or sessions[row.session].campaign != row.campaign):
        raise BadTicket
    if row.kit is None:
        return
    if row.kit not in kits or kits[row.kit].state == KitState.RETIRED:
        raise BadTicket
    if row.session is not None and row.kit not in sessions[row.session].kit_ids:
        raise BadTicket


def _ticket(row: TicketRow, unit: int, by: Actor, at: datetime) -> Ticket:
    return Ticket(
        id=row.id, campaign_id=row.campaign, unit_id=unit, session_id=row.session, kit_id=row.kit, kind=row.kind,
        severity=row.severity, told=row.told.strip(), opened_at=at, opened_by=by.officer,
        stopped_at=at if row.severity is Severity.STOPS else None,
    )  # fmt: skip


def _break(rows: Sequence[TicketRow], kits: Mapping[UUID, KitHeld], by: Actor, at: datetime) -> None:
    """Say of the kits that were ready that they broke. Each event follows from its ticket: its id is made anew."""
    broken = [row.kit for row in rows if row.kit and kits[row.kit].state == KitState.READY]
    plan.mark_kits(moves=kit_moves(broken, "break", TICKET), by=by, at=at).whole()


def kit_moves(kits: Sequence[UUID], move: str, reason: str) -> list[KitMove]:
    """Return the moves of kits that follow from tickets."""
    return [KitMove(id=new_id(), kit=kit, move=move, reason=reason) for kit in kits]
