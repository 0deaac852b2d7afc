"""The incidents of the demonstration's last days: what broke, who was on duty, what is still waiting this evening."""

from datetime import datetime, time, timedelta
from uuid import UUID

from muster.incidents import operations as incidents
from muster.incidents import queries
from muster.incidents.moves import Step
from muster.incidents.rows import Act, SpareRow, TicketRow, TurnRow
from muster.incidents.words import Cause, Kind, Remedy, Severity
from muster.kernel.actor import Actor
from muster.kernel.clock import ZONE, work_day
from muster.kernel.ids import new_id
from muster.plan import queries as plan
from muster.plan.queries import SessionLine
from muster.units.queries import Unit

PLACE = "Công an huyện"
DAYS_ON_DUTY = 5  # the day itself, two before it and two after


def trouble(*, district: Unit, technician: UUID, by: Actor, at: datetime, real: datetime) -> None:
    """Let things go wrong: a line mended yesterday, a kit that stands still now, a software fault in good hands."""
    day = work_day(at)
    _duty(district, technician, by, at, real)
    before, today = (plan.sessions(district.id, one, one) for one in (day - timedelta(days=1), day))
    hands = Actor(officer=technician, unit=district.id, purpose=by.purpose)
    if before:
        _mended(before[0], hands, by)
    running = [one for one in today if one.starts_at <= at < one.ends_at and one.kit_ids]
    if not running:
        return
    first, last = running[0], running[-1]
    _open(first, Kind.KIT, Severity.STOPS, "Máy quét mống mắt không lên đèn.", by, at - timedelta(minutes=40))
    told = at - timedelta(minutes=75)
    ticket = _open(last, Kind.SOFTWARE, Severity.SLOWS, "Phần mềm báo lỗi khi lưu vân tay, phải lưu hai lần.", by, told)
    _move(ticket, Step.TAKE, hands, told + timedelta(minutes=10))
    due = at + timedelta(minutes=50)
    _move(ticket, Step.SET_OUT, hands, told + timedelta(minutes=20), place=last.venue_name, due_at=due)


def _duty(district: Unit, technician: UUID, by: Actor, at: datetime, real: datetime) -> None:
    """Put the technician on duty in the district each day, and keep its last kit that nothing is planned for."""
    first = work_day(at) - timedelta(days=DAYS_ON_DUTY // 2)
    days = [first + timedelta(days=n) for n in range(DAYS_ON_DUTY)]
    turns = [
        TurnRow(
            id=new_id(), officer=technician, unit=district.id, place=PLACE,
            starts_at=datetime.combine(day, time(6), ZONE), ends_at=datetime.combine(day, time(23), ZONE),
        )
        for day in days
    ]  # fmt: skip
    start = datetime.combine(first, time(5), ZONE)
    incidents.put_on_duty(turns=turns, grants=None, by=by, at=start, real=real).whole()
    free = [one for one in plan.kits(district.id, at) if one.plannable and not plan.sessions_of_kit(one.id, at)]
    rows = [SpareRow(id=new_id(), kit=one.id, unit=district.id, place=PLACE) for one in free[-1:]]
    incidents.keep_spares(spares=rows, grants=None, by=by, at=at).whole()


def _mended(session: SessionLine, hands: Actor, by: Actor) -> None:
    began = session.starts_at + timedelta(minutes=30)
    ticket = _open(session, Kind.LINE, Severity.STOPS, "Mất mạng cả điểm, không tra được sổ.", by, began)
    _move(ticket, Step.TAKE, hands, began + timedelta(minutes=15))
    end = began + timedelta(minutes=70)
    _move(ticket, Step.MEND, hands, end, cause=Cause.NETWORK, remedy=Remedy.RECONNECTED)


def _open(session: SessionLine, kind: Kind, severity: Severity, told: str, by: Actor, at: datetime) -> UUID:
    kit = session.kit_ids[0] if kind is Kind.KIT else None
    row = TicketRow(
        id=new_id(), campaign=session.campaign, unit=session.unit, kind=kind, severity=severity, told=told,
        session=session.id, kit=kit,
    )  # fmt: skip
    incidents.open_tickets(tickets=[row], grants=None, by=by, at=at).whole()
    return row.id


def _move(ticket: UUID, step: Step, by: Actor, at: datetime, **more: object) -> None:
    held = queries.ticket(ticket)
    version = held.version if held else 1
    act = Act(id=new_id(), ticket=ticket, version=version, step=step, **more)  # type: ignore[arg-type]
    incidents.move_tickets(acts=[act], grants=None, by=by, at=at).whole()
