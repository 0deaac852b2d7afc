"""Appointments: a slot for a citizen, changed, missed and booked again; nobody is lost on the way."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from muster.events import queries as journal
from muster.events.journal import AgeBand, Move
from muster.kernel import formats
from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.errors import BatchResult, Refusal
from muster.plan import queries
from muster.plan.moves import APPOINTMENT_MOVES, after
from muster.plan.operations.common import IdTaken, Sieve, tell, update, write
from muster.plan.operations.sessions import UnknownSession
from muster.plan.queries import AppointmentHeld
from muster.plan.rows import AppointmentMove, Booking
from muster.plan.words import APPOINTMENT, LIVE, AppointmentState

BOOKABLE = frozenset({"planned", "running"})
MOVES_OF_OTHERS = frozenset({"rebook", "displace"})  # by a booking, by a cancelled session


class UnknownPerson(Refusal):
    """The register has no such person."""

    code = "unknown_person"
    vi = "Không có người {person} trong sổ dân cư."
    en = "The register has no person {person}."


class SessionTakesNobody(Refusal):
    """The session is cancelled or over."""

    code = "session_takes_nobody"
    vi = "Buổi thu nhận đã hủy hoặc đã kết thúc; hãy chọn buổi khác."
    en = "The session is cancelled or over; choose another."


class NoSuchSlot(Refusal):
    """The session offers this group no slot at that time."""

    code = "no_such_slot"
    vi = "Buổi này không có khung giờ đó cho nhóm của công dân."
    en = "This session has no slot for this group at that time."


class SlotFull(Refusal):
    """All places of the slot are taken."""

    code = "slot_full"
    vi = "Khung giờ này đã hết chỗ."
    en = "The slot is full."


class HasAppointment(Refusal):
    """The citizen has an appointment that is live; change that one."""

    code = "has_appointment"
    vi = "Công dân đã có lịch hẹn {appointment}; hãy đổi lịch đó."
    en = "The citizen has appointment {appointment}; change that one."


class ChangedMeanwhile(Refusal):
    """The appointment was changed after it was read."""

    code = "changed_meanwhile"
    vi = "Lịch hẹn vừa được người khác đổi; hãy mở lại rồi làm tiếp."
    en = "Somebody else has just changed this appointment; open it again."


class UnknownAppointment(Refusal):
    """There is no such appointment."""

    code = "unknown_appointment"
    vi = "Không có lịch hẹn {appointment}."
    en = "There is no appointment {appointment}."


class NotMissedYet(Refusal):
    """Nobody has missed an appointment before its hour."""

    code = "not_missed_yet"
    vi = "Chưa đến giờ hẹn ({slot}), chưa thể ghi là lỡ hẹn."
    en = "The appointment is at {slot}: nobody has missed it yet."


class _Book:
    """The slots and appointments a batch of bookings touches."""

    def __init__(self, rows: Sequence[Booking], on: date) -> None:
        persons = {row.person for row in rows}
        self._sessions = queries.sessions_held({row.session for row in rows}, lock=True)
        self._offers = queries.offers_of(set(self._sessions))
        self._taken: Counter[tuple[UUID, str, datetime]] = Counter(queries.taken_slots(set(self._sessions)))
        self._people = queries.residents(persons, on)
        held = queries.appointments_held({row.id for row in rows}, persons, lock=True)
        self.held = {one.id: one for one in held}
        self._live = {one.person: one.id for one in held if one.state in LIVE}
        self.fresh: dict[UUID, AppointmentHeld] = {}
        self.changed: dict[UUID, AppointmentHeld] = {}
        self.moves: list[tuple[str, AppointmentHeld]] = []

    def take(self, row: Booking) -> None:
        """Go on only with a booking that finds its place, and hold the place."""
        before = self.held.get(row.id)
        if before is not None and self._is_repeated(row, before):
            return
        if row.person not in self._people:
            raise UnknownPerson(person=row.person)
        if (other := self._live.get(row.person, row.id)) != row.id:
            raise HasAppointment(appointment=other)
        if before is not None:
            after(APPOINTMENT_MOVES, before.state, "rebook")
        offer = self._place(row, before)
        unit, band = self._people[row.person]
        now = AppointmentHeld(
            row.id, row.person, row.session, row.group.value, offer, row.slot, "booked", row.attempt, unit, band,
            self._sessions[row.session].unit,
        )  # fmt: skip
        self._release(before)
        self._taken[row.session, offer, row.slot] += 1
        self._live[row.person] = row.id
        self.held[row.id] = now
        (self.fresh if before is None or row.id in self.fresh else self.changed)[row.id] = now
        self.moves.append(("book" if before is None else "rebook", now))

    def _is_repeated(self, row: Booking, before: AppointmentHeld) -> bool:
        """Say whether a booking was made already.

        :raises IdTaken: its id stands for another person
        :raises ChangedMeanwhile: the appointment has gone further than this booking knows
        """
        if before.person != row.person:
            raise IdTaken(id=row.id)
        if row.attempt == before.attempt and (row.session, row.slot) == (before.session, before.slot):
            return True
        if row.attempt != before.attempt + 1:
            raise ChangedMeanwhile
        return False

    def _release(self, before: AppointmentHeld | None) -> None:
        if before is not None and before.state == "booked":
            self._taken[before.session, before.offer, before.slot] -= 1

    def _place(self, row: Booking, before: AppointmentHeld | None) -> str:
        """Return from whose places a booking takes one: the group's own, else those for anybody."""
        session = self._sessions.get(row.session)
        if session is None:
            raise UnknownSession(session=row.session)
        if session.state not in BOOKABLE:
            raise SessionTakesNobody
        offers = [
            offer
            for group in (row.group.value, "")
            if (offer := self._offers.get((row.session, group))) is not None and offer.has(row.slot)
        ]
        if not offers:
            raise NoSuchSlot
        for offer in offers:
            key = (row.session, offer.group, row.slot)
            own = int(before is not None and before.state == "booked" and before.place == key)
            if self._taken[key] - own < offer.room(row.slot, session.overbook):
                return offer.group
        raise SlotFull


@transaction.atomic
def book_appointments(*, bookings: Sequence[Booking], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Book slots for citizens, or book them again: same id, ``attempt`` one higher.

    An appointment that is booked, missed, or whose session was cancelled can be booked again; its slot is then free.
    A place comes from those of the citizen's group, else from those for anybody. The same booking sent twice is made
    once; one overtaken by a later attempt is refused.

    Rows are refused with `UnknownPerson`, `UnknownSession`, `SessionTakesNobody`, `NoSuchSlot`, `SlotFull`,
    `HasAppointment`, `ChangedMeanwhile`, `WrongState` and `IdTaken`.
    """
    book = _Book(bookings, local(at).date())
    sieve = Sieve(bookings)
    sieve.keep(book.take)
    _change(book.changed)
    write("plan_appointment", APPOINTMENT_COLUMNS, (one.columns for one in book.fresh.values()))
    tell(_moves(book.moves, at), by, at, "plan.book_appointments", APPOINTMENT)
    return sieve.result(lambda row: row.id)


APPOINTMENT_COLUMNS = {
    "id": "uuid", "person_id": "uuid", "session_id": "uuid", "group_code": "varchar", "offer": "varchar",
    "slot": "timestamptz", "state": "varchar", "attempt": "int2", "unit_residence_id": "int4", "age_band": "int2",
    "reason": "varchar",
}  # fmt: skip


def _change(changed: Mapping[UUID, AppointmentHeld]) -> None:
    update(
        """
        UPDATE plan_appointment SET session_id = new.session, group_code = new.group_code, offer = new.offer,
               slot = new.slot, state = 'booked', attempt = new.attempt, reason = ''
        FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::int[])
            AS new (id, session, group_code, offer, slot, attempt)
        WHERE plan_appointment.id = new.id
        """,
        [(one.id, one.session, one.group, one.offer, one.slot, one.attempt) for one in changed.values()],
    )


def _moves(told: Sequence[tuple[str, AppointmentHeld]], at: datetime) -> list[Move]:
    return [
        Move(
            thing=one.id, kind=APPOINTMENT, move=move, unit_done=one.unit_done, unit_residence=one.unit_residence,
            occurred_at=at, age_band=AgeBand(one.age_band),
        )
        for move, one in told
    ]  # fmt: skip


@transaction.atomic
def move_appointments(*, moves: Sequence[AppointmentMove], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Say that appointments were kept or missed, or cancelled by the citizen; a move told before is passed over.

    A missed appointment stays with the citizen and waits to be booked again (`queries.waiting`).

    Rows are refused with `UnknownAppointment`, `WrongState` and `NotMissedYet`.
    """
    held = {one.id: one for one in queries.appointments_held({row.appointment for row in moves}, (), lock=True)}
    told = {event.id for event in journal.events([row.id for row in moves])}
    fresh: list[tuple[AppointmentMove, AppointmentHeld]] = []

    def check(row: AppointmentMove) -> None:
        if row.id in told:
            return
        one = held.get(row.appointment)
        if one is None:
            raise UnknownAppointment(appointment=row.appointment)
        state = after(APPOINTMENT_MOVES, one.state, "" if row.move in MOVES_OF_OTHERS else row.move)
        if row.move == "miss" and at < one.slot:
            raise NotMissedYet(slot=formats.moment(one.slot))
        held[row.appointment] = one.moved(AppointmentState(state))
        told.add(row.id)
        fresh.append((row, one))

    sieve = Sieve(moves)
    sieve.keep(check)
    update(
        "UPDATE plan_appointment SET state = new.state, reason = new.reason "
        "FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS new (id, state, reason) WHERE plan_appointment.id = new.id",
        list({row.appointment: (one.id, held[one.id].state, row.reason[:120]) for row, one in fresh}.values()),
    )
    events = [
        Move(
            id=row.id, thing=one.id, kind=APPOINTMENT, move=row.move, unit_done=one.unit_done,
            unit_residence=one.unit_residence, occurred_at=at, age_band=AgeBand(one.age_band), reason=row.reason[:120],
        )
        for row, one in fresh
    ]  # fmt: skip
    tell(events, by, at, "plan.move_appointments", APPOINTMENT)
    return sieve.result(lambda row: row.appointment)
