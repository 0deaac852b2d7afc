from datetime import time, timedelta

import pytest
from django.db import DatabaseError, transaction

from muster.events import queries as journal
from muster.events.queries import Side
from muster.events.recounting import differences
from muster.kernel.ids import new_id
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import AppointmentMove, Booking, Cancellation, Offer, Stand
from muster.survey.operations import close_cases
from muster.survey.words import Group
from tests.plan.conftest import (
    AN_LAM,
    AT,
    BY,
    DAY,
    HOP_TIEN,
    PROVINCE,
    bites,
    citizens,
    codes,
    events,
    session_row,
    sql,
    units,
    wall,
)  # fmt: skip
from tests.survey.conftest import surveyed

__all__ = ["units"]


@pytest.fixture
def night(campaign, venue, kits):
    """Return a session from 18:00 to 19:00: two places a slot for pupils, one for anybody."""
    offers = (Offer(Group.PUPIL, 2), Offer(None, 1, time(18, 30)))
    row = session_row(campaign, venue, Stand(kits[0]), ends="19:00", offers=offers)
    assert not plan.schedule_sessions(sessions=[row], by=BY, at=AT).refused
    return row.id


@pytest.fixture
def next_night(campaign, venue, kits, night):
    row = session_row(campaign, venue, Stand(kits[0]), ends="19:00", day=DAY + timedelta(days=1))
    assert not plan.schedule_sessions(sessions=[row], by=BY, at=AT).refused
    return row.id


def booking(who, session, at="18:00", group=Group.PUPIL, day=DAY, **more):
    return Booking(**{"id": new_id(), "person": who, "session": session, "slot": wall(at, day), "group": group} | more)


def booked(*rows):
    return plan.book_appointments(bookings=rows, by=BY, at=AT)


def moved(appointment, move, *, when=AT, **more):
    row = AppointmentMove(**{"id": new_id(), "appointment": appointment, "move": move} | more)
    return plan.move_appointments(moves=[row], by=BY, at=when)


def cancelled(session, reason="Mất điện"):
    return plan.cancel_sessions(cancellations=[Cancellation(session=session, reason=reason)], by=BY, at=AT)


def states():
    return dict(sql("SELECT id, state FROM plan_appointment"))


def test_a_group_sees_its_own_places_and_those_for_anybody_only(night):
    def free(group):
        return [(f"{one.slot.astimezone(wall('18:00').tzinfo):%H:%M}", one.free)
                for one in queries.free_slots(AN_LAM, group, DAY, DAY, after=AT)]  # fmt: skip

    # Two places with 17.6 % on top are 2, 2, 3, 2 in a row: what is carried over is given in the third slot.
    assert free(Group.PUPIL) == [("18:00", 2), ("18:15", 2), ("18:30", 4), ("18:45", 3)]
    assert free(Group.WORKING) == [("18:30", 1), ("18:45", 1)]
    assert queries.free_slots(HOP_TIEN, Group.PUPIL, DAY, DAY, after=AT) == []
    assert queries.free_slots(PROVINCE, Group.WORKING, DAY, DAY, after=wall("18:44"))[0].slot == wall("18:45")


def test_slots_fill_up_and_never_beyond(night):
    who = citizens(6)
    result = booked(*(booking(one, night) for one in who[:3]), booking(who[3], night, group=Group.WORKING))
    assert codes(result) == [(2, "slot_full"), (3, "no_such_slot")]
    result = booked(*(booking(one, night, "18:45") for one in who[2:]))
    assert codes(result) == [(3, "slot_full")]  # two of the pupils' places, then the one for anybody
    assert sql("SELECT offer, count(*) FROM plan_appointment GROUP BY 1 ORDER BY 1") == [("", 1), ("pupil", 4)]
    assert [(one.group, one.state) for one in queries.appointments(night)] == [("pupil", "booked")] * 5
    assert [one.free for one in queries.slots_of([night], Group.PUPIL)] == [0, 2, 4, 0]


def test_what_cannot_be_booked_is_refused_alone(night, next_night):
    who = citizens(2)
    cancelled(next_night)
    rows = [
        booking(new_id(), night),
        booking(who[0], new_id()),
        booking(who[0], next_night, day=DAY + timedelta(days=1)),
        booking(who[0], night, "18:07"),
        booking(who[0], night, "19:00"),
        booking(who[1], night),
    ]
    result = booked(*rows)
    assert codes(result) == [
        (0, "unknown_person"), (1, "unknown_session"), (2, "session_takes_nobody"), (3, "no_such_slot"),
        (4, "no_such_slot"),
    ]  # fmt: skip
    assert result.done == [rows[5].id]


def test_a_citizen_has_one_live_appointment_and_changes_that_one(night, next_night):
    (who,) = citizens(1)
    first = booking(who, night)
    assert booked(first, first).done == [first.id] * 2
    assert codes(booked(booking(who, night, "18:15"))) == [(0, "has_appointment")]
    later = booking(who, next_night, "18:30", day=DAY + timedelta(days=1), id=first.id, attempt=2)
    assert booked(later, later).done == [first.id] * 2
    assert codes(booked(first)) == [(0, "changed_meanwhile")]  # an old message comes late: it changes nothing
    (line,) = queries.appointments(next_night)
    assert (line.slot, line.attempt) == (wall("18:30", DAY + timedelta(days=1)), 2)
    assert queries.slots_of([night], Group.PUPIL)[0].free == 2
    assert events("appointment") == ["book", "rebook"]


def test_the_same_slot_again_takes_no_second_place(night):
    who = citizens(2)
    rows = [booking(one, night) for one in who]
    booked(*rows)
    again = booking(who[0], night, id=rows[0].id, attempt=2)
    assert not booked(again).refused


def test_a_cancelled_session_loses_nobody(night, next_night):
    who = citizens(3)
    rows = [booking(one, night, at) for one, at in zip(who, ("18:00", "18:15", "18:30"), strict=True)]
    booked(*rows)
    moved(rows[2].id, "keep")
    cancelled(night)
    assert states() == {rows[0].id: "to_rebook", rows[1].id: "to_rebook", rows[2].id: "kept"}
    waiting = queries.waiting(PROVINCE)
    assert [(one.id, one.state, one.reason) for one in waiting] == [
        (rows[0].id, "to_rebook", "Mất điện"), (rows[1].id, "to_rebook", "Mất điện"),
    ]  # fmt: skip
    assert queries.waiting(HOP_TIEN) == []
    again = booking(who[0], next_night, id=rows[0].id, attempt=2, day=DAY + timedelta(days=1))
    assert not booked(again).refused
    assert queries.waiting_counts(AN_LAM) == {"to_rebook": 1}
    assert events("appointment") == ["book"] * 3 + ["keep"] + ["displace"] * 2 + ["rebook"]
    assert journal.count(unit=AN_LAM, metrics=[("appointment", "displace")], side=Side.RESIDENCE) == 2
    assert list(differences()) == []


def test_a_missed_appointment_waits_and_can_be_booked_again(night, next_night):
    (who,) = citizens(1)
    row = booking(who, night)
    booked(row)
    assert codes(moved(row.id, "miss", when=row.slot - timedelta(seconds=1))) == [(0, "not_missed_yet")]
    assert not moved(row.id, "miss", when=row.slot).refused
    assert queries.waiting_counts(AN_LAM) == {"missed": 1}
    assert codes(booked(booking(who, night, "18:15"))) == [(0, "has_appointment")]
    assert not booked(booking(who, next_night, id=row.id, attempt=2, day=DAY + timedelta(days=1))).refused
    assert not moved(row.id, "keep").refused
    assert codes(moved(row.id, "cancel")) == [(0, "wrong_state")]
    assert codes(moved(row.id, "displace")) == [(0, "wrong_state")]
    assert codes(moved(new_id(), "keep")) == [(0, "unknown_appointment")]


def test_who_cancels_may_book_anew(night):
    (who,) = citizens(1)
    row = booking(who, night)
    booked(row)
    told = AppointmentMove(id=new_id(), appointment=row.id, move="cancel", reason="Đi công tác")
    for _ in range(2):
        assert not plan.move_appointments(moves=[told], by=BY, at=AT).refused
    assert not booked(booking(who, night)).refused
    assert events("appointment") == ["book", "cancel", "book"]


def test_the_database_itself_holds_slots_and_people(night):
    who = citizens(4)
    rows = [booking(one, night) for one in who[:2]]
    booked(*rows)
    copy = """
        INSERT INTO plan_appointment (id, person_id, session_id, group_code, offer, slot, state, attempt,
                                      unit_residence_id, age_band, reason)
        SELECT %s, %s, session_id, group_code, %s, slot + %s, 'booked', 1, unit_residence_id, 0, ''
        FROM plan_appointment LIMIT 1
    """

    def copied(guard, *values):
        bites(guard, lambda: sql(copy, new_id(), *values))

    none, quarter = timedelta(0), timedelta(minutes=15)
    copied("plan_appointment_one_live", who[0], "pupil", quarter)
    copied("plan_appointment_room", who[2], "pupil", none)  # takes no third
    copied("plan_appointment_room", who[2], "pupil", timedelta(minutes=7))  # no slot begins there
    copied("plan_appointment_room", who[2], "pupil", timedelta(hours=2))  # after the session
    copied("plan_appointment_offered", who[2], "working", quarter)
    gone = "UPDATE plan_session SET state = 'cancelled', live = false, reason = 'x'"
    bites("plan_session_nobody_lost", lambda: sql(gone))
    with pytest.raises(DatabaseError, match="never removed"), transaction.atomic():
        sql("DELETE FROM plan_appointment")


def test_python_and_the_database_count_the_places_of_a_slot_alike(db):
    for places, overbook in ((1, 176), (5, 176), (7, 0), (3, 333)):
        offer = queries.OfferHeld(new_id(), "", wall("18:00"), wall("23:00"), places)
        rooms = [offer.room(wall("18:00") + timedelta(minutes=15 * nth), overbook) for nth in range(20)]
        assert sql("SELECT plan_slot_room(%s, %s, nth) FROM generate_series(0, 19) AS nth", places, overbook) == [
            (room,) for room in rooms
        ]
        assert sum(rooms) == 20 * places * (1000 + overbook) // 1000


def test_an_appointment_is_settled_by_what_became_of_its_citizen(campaign, night, next_night):
    came, stayed, before, moved_away, none = citizens(5)
    rows = [booking(came, night), booking(stayed, night)]
    rows += [booking(one, next_night, day=DAY + timedelta(days=1)) for one in (before, moved_away, none)]
    result = booked(*rows)
    assert not result.refused, result.refused
    surveyed(campaign)
    sql("DELETE FROM survey_case WHERE person_id = %s", none)
    close_cases(persons=[came, before], by=BY, at=AT)
    sql("UPDATE survey_case SET state = 'dropped' WHERE person_id = %s", moved_away)
    evening, morning = wall("20:00", DAY), wall("07:00", DAY + timedelta(days=1))
    told = {rows[0].id: ["keep", ""], rows[2].id: ["cancel", "came_before"], rows[3].id: ["cancel", "not_due"]}
    assert {one: rest for one, *rest in queries.settled(evening, limit=9)} == told
    told |= {rows[2].id: ["keep", ""], rows[1].id: ["miss", "nobody_came"]}
    found = queries.settled(morning, limit=9)
    assert {one: rest for one, *rest in found} == told
    moves = [AppointmentMove(id=new_id(), appointment=one, move=move, reason=why) for one, move, why in found]
    assert not plan.move_appointments(moves=moves, by=BY, at=morning).refused
    assert queries.settled(morning, limit=9) == []
    assert sql("SELECT state FROM plan_appointment WHERE person_id = %s", none) == [("booked",)]
