"""Appointments and slots: who is booked where, what is free for whom, who waits to be booked again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import Count

from muster.events.journal import age_band
from muster.kernel.arrays import ids
from muster.kernel.dates import PartialDate
from muster.plan.models import Appointment, Offer, Session
from muster.plan.queries.sessions import sessions_held
from muster.plan.words import SLOT_MINUTES, WAITING, AppointmentState
from muster.survey.words import Group

SLOT = timedelta(minutes=SLOT_MINUTES)


@dataclass(frozen=True, slots=True)
class OfferHeld:
    """Places for a group in the slots of a session."""

    session: UUID
    group: str
    starts_at: datetime
    ends_at: datetime
    places: int

    def has(self, slot: datetime) -> bool:
        """Say whether a slot is one of the offer's."""
        return self.starts_at <= slot < self.ends_at and not (slot - self.starts_at) % SLOT

    def room(self, slot: datetime, overbook: int) -> int:
        """Return how many may be booked into a slot: the overbooking is carried from slot to slot, so none is lost."""
        nth, share = (slot - self.starts_at) // SLOT, self.places * (1000 + overbook)
        return (nth + 1) * share // 1000 - nth * share // 1000


@dataclass(frozen=True, slots=True)
class AppointmentHeld:
    """An appointment as a move needs it."""

    id: UUID
    person: UUID
    session: UUID
    group: str
    offer: str
    slot: datetime
    state: str
    attempt: int
    unit_residence: int
    age_band: int
    unit_done: int

    @property
    def place(self) -> tuple[UUID, str, datetime]:
        """Whose place it takes, and when."""
        return self.session, self.offer, self.slot

    @property
    def columns(self) -> tuple[object, ...]:
        """The row that is stored."""
        return (
            self.id, self.person, self.session, self.group, self.offer, self.slot, self.state, self.attempt,
            self.unit_residence, self.age_band, "",
        )  # fmt: skip

    def moved(self, state: AppointmentState) -> "AppointmentHeld":
        """Return it in another state."""
        return replace(self, state=state.value)


_HELD = """
SELECT held.id, person_id, session_id, group_code, offer, slot, held.state, attempt, unit_residence_id, age_band,
       session.unit_id
FROM plan_appointment AS held JOIN plan_session AS session ON session.id = session_id
WHERE held.id IN (
    SELECT id FROM plan_appointment WHERE id = ANY(%s::uuid[])
    UNION SELECT id FROM plan_appointment
    WHERE person_id = ANY(%s::uuid[]) AND state IN ('booked', 'to_rebook', 'missed'))
ORDER BY held.id
"""


def appointments_held(
    appointments: Collection[UUID], persons: Collection[UUID], *, lock: bool = False
) -> list[AppointmentHeld]:
    """Return appointments by id, and the live ones of persons; held in the order of their ids if asked."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD + ("FOR NO KEY UPDATE OF held" if lock else ""), [ids(appointments), ids(persons)])
        return [AppointmentHeld(*row) for row in cursor.fetchall()]


def offers_of(sessions: Collection[UUID]) -> dict[tuple[UUID, str], OfferHeld]:
    """Return the places of sessions, by session and group."""
    rows = Offer.objects.filter(session_id__in=sessions)
    return {
        (row[0], row[1]): OfferHeld(*row)
        for row in rows.values_list("session_id", "group_code", "starts_at", "ends_at", "places")
    }


def taken_slots(sessions: Collection[UUID]) -> dict[tuple[UUID, str, datetime], int]:
    """Return how many are booked, by session, offer and slot."""
    rows = Appointment.objects.filter(session_id__in=sessions, state="booked").order_by()
    return {row[:3]: row[3] for row in rows.values_list("session_id", "offer", "slot").annotate(n=Count("id"))}


def residents(persons: Collection[UUID], on: date) -> dict[UUID, tuple[int, int]]:
    """Return where persons reside, and their age bands on a day; those the register does not know are left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, unit_id, birth FROM register_person WHERE id = ANY(%s::uuid[])", [ids(persons)])
        return {person: (unit, _band(birth, on)) for person, unit, birth in cursor.fetchall()}


@lru_cache(1 << 15)
def _band(birth: str, on: date) -> int:
    return int(age_band(PartialDate.parse(birth), on))


@dataclass(frozen=True, slots=True)
class AppointmentLine:
    """An appointment of a session."""

    id: UUID
    person: UUID
    slot: datetime
    group: str
    state: str
    attempt: int


def appointments(session: UUID) -> list[AppointmentLine]:
    """Return the appointments of a session in the order of their slots, those that wait to be booked again too."""
    rows = Appointment.objects.filter(session_id=session).exclude(state="cancelled").order_by("slot", "id")
    columns = ("id", "person_id", "slot", "group_code", "state", "attempt")
    return [AppointmentLine(*row) for row in rows.values_list(*columns)]


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A slot of a session as a group may book it: its places with overbooking, and how many are free."""

    session: UUID
    slot: datetime
    room: int
    free: int


def free_slots(
    unit: int, group: Group, first: date, last: date, *, after: datetime, full: bool = False
) -> list[SlotLine]:
    """Return the slots that a group may book at a unit and below it on work days, in order of time.

    Only places of the group and those for anybody are shown: what others alone may book is not offered.

    :param after: slots at or before this moment are over
    :param full: also list slots without a free place
    """
    rows = Session.objects.filter(
        unit__ancestors__contains=[unit], work_day__gte=first, work_day__lte=last, state__in=["planned", "running"]
    )
    return slots_of(list(rows.values_list("id", flat=True)), group, after=after, full=full)


def slots_of(
    sessions: Sequence[UUID], group: Group | None, *, after: datetime | None = None, full: bool = True
) -> list[SlotLine]:
    """Return the slots of sessions with their room: for a group, or (without one) for all groups together."""
    held, taken = sessions_held(set(sessions)), taken_slots(sessions)
    found: dict[tuple[UUID, datetime], tuple[int, int]] = {}
    for offer in offers_of(sessions).values():
        if group is not None and offer.group not in {"", group.value}:
            continue
        slot = offer.starts_at
        while slot < offer.ends_at:
            if after is None or slot > after:
                room, free = found.get((offer.session, slot), (0, 0))
                own = offer.room(slot, held[offer.session].overbook)
                left = max(0, own - taken.get((offer.session, offer.group, slot), 0))
                found[offer.session, slot] = (room + own, free + left)
            slot += SLOT
    told = [SlotLine(session, slot, room, free) for (session, slot), (room, free) in found.items()]
    return sorted((one for one in told if full or one.free), key=lambda one: (one.slot, one.session))


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Somebody who waits to be booked again."""

    id: UUID
    person: UUID
    unit: int
    group: str
    state: str
    slot: datetime
    attempt: int
    reason: str


def waiting(unit: int, *, limit: int = 200) -> list[WaitingLine]:
    """Return the appointments of people of a unit and below it that wait to be booked again, the oldest slot first."""
    rows = Appointment.objects.filter(unit_residence__ancestors__contains=[unit], state__in=sorted(WAITING))
    columns = ("id", "person_id", "unit_residence_id", "group_code", "state", "slot", "attempt", "session__reason")
    return [WaitingLine(*row) for row in rows.order_by("slot", "id").values_list(*columns)[:limit]]


def waiting_counts(unit: int) -> Mapping[str, int]:
    """Return how many people of a unit and below it wait to be booked again, by state."""
    rows = Appointment.objects.filter(unit_residence__ancestors__contains=[unit], state__in=sorted(WAITING)).order_by()
    return dict(rows.values_list("state").annotate(n=Count("id")))


def booked_by_group(sessions: Collection[UUID]) -> dict[tuple[UUID, datetime], dict[str, int]]:
    """Return how many of each group are to come, by session and slot; those who came or missed it too."""
    rows = Appointment.objects.filter(session_id__in=sessions, state__in=["booked", "kept", "missed"]).order_by()
    found: dict[tuple[UUID, datetime], dict[str, int]] = {}
    for session, slot, group, n in rows.values_list("session_id", "slot", "group_code").annotate(n=Count("id")):
        found.setdefault((session, slot), {})[group] = n
    return found
