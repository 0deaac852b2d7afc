"""Carry a reinforcement out: what the plan's own operations are asked to do for it, all or nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from muster.engines.reinforcement import Kind, Move, Slot, stands
from muster.engines.reinforcement import Stand as Worked
from muster.engines.reinforcement.problem import Unit
from muster.kernel.actor import Actor
from muster.kernel.clock import DAY_STARTS, ZONE
from muster.kernel.errors import BatchResult, Refusal
from muster.kernel.ids import new_id
from muster.plan import operations as plan
from muster.plan.queries import VenueLine
from muster.plan.rows import Cancellation, KitTransfer, Rearm, SessionRow, Stand, VenueRow
from muster.plan.words import HOURS, VenueKind
from muster.reporting.queries.capacity import Capacity

LENT = "Điều thiết bị tăng cường cho đơn vị khác"
AT_HOME = "Tổ lưu động tại nhà"
EVENING = 3
Taken = Mapping[Slot, Worked]


class PlanRefuses(Refusal):
    """The plan takes it only whole, and refuses a part; nothing was changed."""

    code = "reinforcement_plan_refuses"
    vi = "Kế hoạch không nhận, chưa thay đổi gì: {vi}"
    en = "The plan refuses, and nothing was changed: {en}"


@transaction.atomic
def carry_out(found: Capacity, move: Move, by: Actor, at: datetime) -> None:
    """Let kits and crews go for the days of a move, and put the sessions it adds into the plan.

    What a donor's sessions lose is taken from them; those left with nothing are cancelled, and their citizens wait to
    be booked again. Kits that the donor holds are handed to the receiver, and back on the day after the last.

    :raises PlanRefuses: any of it does not fit; nothing was changed
    """
    units = {unit.key: unit for unit in found.problem.units}
    receiver = units[move.receiver]
    after = stands(found.problem, receiver, [move])
    if move.kind is Kind.KITS and move.donor is not None:
        donor = units[move.donor]
        kept = stands(found.problem, donor, [move])
        gone = {slot: one for slot, one in (donor.planned or {}).items() if slot not in kept}
        _take(found, donor, gone, by, at)
        _add(found, receiver, _more(receiver, after), by, at, _hours(found, donor, gone))
        _hand(found, move, by, at)
    elif move.kind is Kind.HOURS:
        _add(found, receiver, _more(receiver, after), by, at, {})
    elif move.kind is Kind.CREWS:
        _crew(found, receiver, after, by, at)
    else:
        _send(found, receiver, move, by, at)


def _more(unit: Unit, after: Taken) -> dict[Slot, Worked]:
    return {slot: one for slot, one in after.items() if slot not in (unit.planned or {})}


def _whole(results: Iterable[BatchResult[UUID]]) -> None:
    refusals = {row.refusal.text("vi"): row.refusal for one in results for row in one.refused}
    if refusals:
        told = [" ".join(one.text(language) for one in refusals.values()) for language in ("vi", "en")]
        raise PlanRefuses(vi=told[0], en=told[1])


def _take(found: Capacity, unit: Unit, gone: Taken, by: Actor, at: datetime) -> None:
    """Take stands from the sessions that have them."""
    lost: dict[UUID, set[UUID]] = defaultdict(set)
    for slot, one in gone.items():
        lost[found.session_of[unit.key, slot]].add(found.kits[one.kit])
    left = {
        session: tuple(one for one in found.sessions[session].stands if one.kit not in kits)
        for session, kits in lost.items()
    }
    empty = [Cancellation(session=session, reason=LENT) for session, there in left.items() if not there]
    fewer = [Rearm(session=session, stands=there) for session, there in left.items() if there]
    _whole(
        [
            plan.cancel_sessions(cancellations=empty, by=by, at=at),
            plan.rearm_sessions(rearms=fewer, by=by, at=at),
        ]
    )


def _hours(found: Capacity, unit: Unit, gone: Taken) -> dict[tuple[int, int], tuple[time, time]]:
    """Return the hours that lent shifts have at the donor: they keep them, so that nobody's rest changes."""
    rows = {slot[:2]: found.sessions[found.session_of[unit.key, slot]] for slot in gone}
    return {slot: (row.starts, row.ends) for slot, row in rows.items()}


def _add(
    found: Capacity, unit: Unit, more: Taken, by: Actor, at: datetime,
    hours: Mapping[tuple[int, int], tuple[time, time]],
) -> None:  # fmt: skip
    """Put stands into sessions of the unit that have room, else into new ones at a venue of it that is free then."""
    wanted: dict[tuple[int, int], list[Stand]] = defaultdict(list)
    for slot, one in sorted(more.items()):
        wanted[slot[:2]].append(_stand(found, one))
    here: dict[tuple[int, int], set[UUID]] = defaultdict(set)
    for slot in unit.planned or {}:
        here[slot[:2]].add(found.session_of[unit.key, slot])
    fuller: list[Rearm] = []
    fresh: list[SessionRow] = []
    for at_, coming in wanted.items():
        left = list(coming)
        for session in sorted(here[at_]):
            row = found.sessions[session]
            venue = next(one for one in found.venues[unit.key] if one.id == row.venue)
            free = max(venue.kits - len(row.stands), 0)
            if free and left:
                fuller.append(Rearm(session=session, stands=(*row.stands, *left[:free])))
                left = left[free:]
        busy = {found.sessions[session].venue for session in here[at_]}
        venues = [one for one in found.venues[unit.key] if one.id not in busy]
        fresh += _sessions(found, at_, left, venues, hours.get(at_, HOURS[at_[1]]))
    _whole([plan.rearm_sessions(rearms=fuller, by=by, at=at), plan.schedule_sessions(sessions=fresh, by=by, at=at)])


def _sessions(
    found: Capacity, at: tuple[int, int], left: Sequence[Stand], venues: Sequence[VenueLine], hours: tuple[time, time]
) -> Iterator[SessionRow]:
    """Yield sessions for stands, at as many venues as they need; what finds none is left to the plan to refuse."""
    waiting = list(left)
    for place, venue in enumerate(venues):
        if waiting:
            here = waiting if place == len(venues) - 1 else waiting[: venue.kits]
            waiting = waiting[len(here) :]
            yield _session(found, at, here, venue.id, hours)


def _session(
    found: Capacity, at: tuple[int, int], there: Sequence[Stand], venue: UUID, hours: tuple[time, time]
) -> SessionRow:
    return SessionRow(
        id=new_id(), campaign=found.campaign.id, venue=venue, work_day=_day(found, at[0]), shift=at[1],
        starts=hours[0], ends=hours[1], stands=tuple(there),
    )  # fmt: skip


def _stand(found: Capacity, one: Worked) -> Stand:
    return Stand(found.kits[one.kit], None if one.crew is None else found.crews[one.crew])


def _day(found: Capacity, day: int) -> date:
    return found.problem.begins + timedelta(days=day)


def _hand(found: Capacity, move: Move, by: Actor, at: datetime) -> None:
    """Hand kits that the donor holds to the receiver for the days of the move."""
    rows: list[KitTransfer] = []
    if move.donor is None:
        return
    for number in move.kits:
        kit = found.kits[number]
        if found.held.get(kit) == move.donor:
            for unit, day in ((move.receiver, move.first), (move.donor, move.last + 1)):
                since = datetime.combine(_day(found, day), DAY_STARTS, ZONE)
                rows.append(KitTransfer(id=new_id(), kit=kit, unit=unit, since=since))
    _whole([plan.move_kits(transfers=rows, by=by, at=at)])


def _crew(found: Capacity, unit: Unit, after: Taken, by: Actor, at: datetime) -> None:
    """Give the crews that a move brings to the stands that had none."""
    given = {
        (found.session_of[unit.key, slot], found.kits[one.kit]): found.crews[one.crew]
        for slot, one in after.items()
        if one.crew is not None and (unit.planned or {})[slot].crew is None
    }
    rows = []
    for session in sorted({session for session, _ in given}):
        there = found.sessions[session].stands
        rows.append(
            Rearm(
                session=session,
                stands=tuple(replace(one, crew=given.get((session, one.kit), one.crew)) for one in there),
            )
        )
    _whole([plan.rearm_sessions(rearms=rows, by=by, at=at)])


def _send(found: Capacity, unit: Unit, move: Move, by: Actor, at: datetime) -> None:
    """Send one kit with its crew from the desk to people, in each shift by day."""
    goes: dict[Slot, Worked] = {}
    for slot, one in sorted((unit.planned or {}).items()):
        by_day = move.first <= slot[0] <= move.last and slot[1] < EVENING
        if by_day and one.crew is not None and slot[:2] not in {held[:2] for held in goes}:
            goes[slot] = one
    hours = _hours(found, unit, goes)
    _take(found, unit, goes, by, at)
    venue = _point(found, unit, move.kind, by, at)
    fresh = [
        _session(found, (slot[0], slot[1]), [_stand(found, one)], venue, hours[slot[:2]]) for slot, one in goes.items()
    ]
    _whole([plan.schedule_sessions(sessions=fresh, by=by, at=at)])


def _point(found: Capacity, unit: Unit, kind: Kind, by: Actor, at: datetime) -> UUID:
    """Return the mobile point or the round of homes of a unit; a round of homes is opened where there is none."""
    lines: Collection[VenueLine] = found.venues[unit.key]
    if kind is Kind.MOBILE:
        return next(one.id for one in lines if one.kind == VenueKind.MOBILE and one.unit != unit.key)
    there = [one.id for one in lines if one.kind == VenueKind.HOME]
    if there:
        return there[0]
    row = VenueRow(id=new_id(), unit=unit.key, name=AT_HOME, kind=VenueKind.HOME, kits=1)
    _whole([plan.open_venues(venues=[row], by=by, at=at)])
    return row.id


__all__ = ["PlanRefuses", "carry_out"]
