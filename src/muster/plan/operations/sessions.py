"""Sessions: a shift at a venue with kits, crews and places; started, finished, or cancelled with nobody lost."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.plan import queries
from muster.plan.moves import SESSION_MOVES, after
from muster.plan.operations.common import Sieve, tell, update, write
from muster.plan.operations.scheduling import Diary, Scheduled
from muster.plan.queries import SessionHeld
from muster.plan.rows import Cancellation, SessionRow
from muster.plan.words import APPOINTMENT, SESSION


class UnknownSession(Refusal):
    """There is no such session."""

    code = "unknown_session"
    vi = "Không có buổi thu nhận {session}."
    en = "There is no session {session}."


class NoReason(Refusal):
    """A cancellation says why."""

    code = "no_reason"
    vi = "Phải nêu lý do hủy buổi thu nhận."
    en = "A cancellation says why."


SESSION_COLUMNS = {
    "id": "uuid", "campaign_id": "uuid", "venue_id": "uuid", "unit_id": "int4", "work_day": "date", "shift": "int2",
    "starts_at": "timestamptz", "ends_at": "timestamptz", "state": "varchar", "live": "bool", "overbook": "int2",
    "reason": "varchar", "scenario_id": "uuid",
}  # fmt: skip
STAND_COLUMNS = {
    "session_id": "uuid", "kit_id": "uuid", "crew_id": "uuid", "starts_at": "timestamptz", "ends_at": "timestamptz",
    "live": "bool",
}  # fmt: skip
DUTY_COLUMNS = {
    "session_id": "uuid", "officer_id": "uuid", "post": "varchar", "work_day": "date", "starts_at": "timestamptz",
    "ends_at": "timestamptz", "live": "bool",
}  # fmt: skip
OFFER_COLUMNS = {
    "session_id": "uuid", "group_code": "varchar", "starts_at": "timestamptz", "ends_at": "timestamptz",
    "places": "int2",
}  # fmt: skip


@transaction.atomic
def schedule_sessions(*, sessions: Sequence[SessionRow], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Put sessions into the calendar; the same session sent twice is put there once.

    An end at or before the start lies past midnight: 18:00-01:00 belongs to the evening's work day. A kit, a crew and
    an officer are in one session at a time; an officer works no more hours a day than `plan_rule` allows.

    Rows are refused with what `scheduling.Diary` refuses: `UnknownVenue`, `UnknownCampaign`, `UnknownKit`,
    `UnknownCrew`, `BadHours`, `NoStand`, `VenueFull`, `VenueBusy`, `KitBusy`, `KitNotReady`, `CrewBusy`,
    `OfficerAbsent`, `NotTrained`, `OfficerBusy`, `TooManyHours`, `TooLittleRest`, `NoDayOff`, `DayClosed`, `BadOffer`
    and `IdTaken`.
    """
    diary = Diary(sessions)
    sieve = Sieve(sessions)
    sieve.keep(diary.take)
    _write(diary.fresh)
    tell(_moves("schedule", diary.fresh, at), by, at, "plan.schedule_sessions", SESSION)
    return sieve.result(lambda row: row.id)


def _write(fresh: Sequence[Scheduled]) -> None:
    write(
        "plan_session",
        SESSION_COLUMNS,
        (
            (one.row.id, one.row.campaign, one.row.venue, one.unit, one.row.work_day, one.row.shift, one.starts,
             one.ends, "planned", True, one.overbook, "", one.row.scenario)
            for one in fresh
        ),
    )  # fmt: skip
    write_stands(fresh)
    write("plan_offer", OFFER_COLUMNS, ((one.row.id, *offer) for one in fresh for offer in one.offers))


def write_stands(fresh: Iterable[Scheduled]) -> None:
    """Write the kits of sessions and the officers who work them."""
    fresh = list(fresh)
    write(
        "plan_stand",
        STAND_COLUMNS,
        ((one.row.id, stand.kit, stand.crew, one.starts, one.ends, True) for one in fresh for stand in one.row.stands),
    )
    write(
        "plan_duty",
        DUTY_COLUMNS,
        (
            (one.row.id, officer, post, one.row.work_day, one.starts, one.ends, True)
            for one in fresh
            for officer, post in one.duties
        ),
    )


def _moves(move: str, fresh: Iterable[Scheduled], at: datetime) -> list[Move]:
    return [Move(thing=one.row.id, kind=SESSION, move=move, unit_done=one.unit, occurred_at=at) for one in fresh]


@transaction.atomic
def start_sessions(*, sessions: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Say that sessions have begun; one that runs already goes on. Rows: `UnknownSession`, `WrongState`."""
    return _move(sessions, "start", by, at)


@transaction.atomic
def finish_sessions(*, sessions: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Say that sessions are over; one that is over stays so. Who did not come is for `move_appointments`.

    Rows are refused with `UnknownSession` and `WrongState`.
    """
    return _move(sessions, "finish", by, at)


def _move(sessions: Sequence[UUID], move: str, by: Actor, at: datetime) -> BatchResult[UUID]:
    held = queries.sessions_held(set(sessions), lock=True)
    end = SESSION_MOVES[move][1]
    fresh: dict[UUID, SessionHeld] = {}

    def check(session: UUID) -> None:
        one = _known(held, session)
        if one.state != end:
            after(SESSION_MOVES, one.state, move)
            fresh[session] = one

    sieve = Sieve(sessions)
    sieve.keep(check)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE plan_session SET state = %s WHERE id = ANY(%s)", [end, list(fresh)])
    events = [
        Move(thing=one.id, kind=SESSION, move=move, unit_done=one.unit, occurred_at=at, work_day=one.work_day)
        for one in fresh.values()
    ]
    tell(events, by, at, f"plan.{move}_sessions", SESSION)
    return sieve.result(lambda session: session)


def _known(held: dict[UUID, SessionHeld], session: UUID) -> SessionHeld:
    if session not in held:
        raise UnknownSession(session=session)
    return held[session]


@transaction.atomic
def cancel_sessions(*, cancellations: Sequence[Cancellation], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Cancel sessions, each for a reason; kits, crews and officers are free again.

    Nobody booked is dropped: their appointments become "to re-book" in the same transaction, each an event, and
    `queries.waiting` lists them until they are booked again. A session that is cancelled stays so.

    Rows are refused with `UnknownSession`, `WrongState` and `NoReason`.
    """
    held = queries.sessions_held({row.session for row in cancellations}, lock=True)
    fresh: dict[UUID, Cancellation] = {}

    def check(row: Cancellation) -> None:
        one = _known(held, row.session)
        if not row.reason.strip():
            raise NoReason
        if one.state != "cancelled":
            after(SESSION_MOVES, one.state, "cancel")
            fresh.setdefault(row.session, row)

    sieve = Sieve(cancellations)
    sieve.keep(check)
    displaced = _displace(list(fresh), at)
    update(
        "UPDATE plan_session SET state = 'cancelled', live = false, reason = new.reason "
        "FROM unnest(%s::uuid[], %s::text[]) AS new (id, reason) WHERE plan_session.id = new.id",
        [(row.session, row.reason.strip()[:120]) for row in fresh.values()],
    )
    events = [
        Move(
            thing=row.session, kind=SESSION, move="cancel", unit_done=held[row.session].unit, occurred_at=at,
            reason=row.reason.strip()[:120],
        )
        for row in fresh.values()
    ]  # fmt: skip
    tell([*events, *displaced], by, at, "plan.cancel_sessions", SESSION)
    return sieve.result(lambda row: row.session)


def _displace(sessions: Sequence[UUID], at: datetime) -> list[Move]:
    """Let every appointment of these sessions wait to be booked again; return their moves."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE plan_appointment SET state = 'to_rebook'
            FROM plan_session AS session
            WHERE session_id = ANY(%s) AND session.id = session_id AND plan_appointment.state = 'booked'
            RETURNING plan_appointment.id, unit_residence_id, session.unit_id, age_band
            """,
            [list(sessions)],
        )
        return [
            Move(
                thing=id_, kind=APPOINTMENT, move="displace", unit_done=unit, unit_residence=residence, occurred_at=at,
                age_band=band,
            )
            for id_, residence, unit, band in cursor.fetchall()
        ]  # fmt: skip


__all__ = ["cancel_sessions", "finish_sessions", "schedule_sessions", "start_sessions"]
