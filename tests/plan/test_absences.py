"""Who is away has no duty: somebody stands in who is trained, there, free and rested, or the absence is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.people.rights import Grants
from muster.people.words import Kind as Person
from muster.people.words import Role
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.models import Absence
from muster.plan.rows import AbsenceMove, AbsenceRow, Cancellation, Stand, Training
from muster.plan.words import AbsenceKind, Post
from muster.units.models import Unit
from tests.people.factories import officer
from tests.plan.conftest import (
    AN_LAM,
    AT,
    BY,
    DAY,
    HOP_TIEN,
    bites,
    campaign,
    codes,
    crews,
    evening,
    kits,
    officers,
    other_venue,
    session_row,
    sql,
    units,
    venue,
    wall,
)

__all__ = ["campaign", "crews", "evening", "kits", "officers", "units", "venue"]
MONDAY, TUESDAY = DAY, DAY + timedelta(days=1)
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7310 AND NOT granted"


def away(who, **more):
    told = {"id": new_id(), "officer": who.id, "kind": AbsenceKind.LEAVE}
    told |= {"starts_at": wall("06:00"), "ends_at": wall("06:00", TUESDAY + timedelta(days=1))}
    return AbsenceRow(**told | more)


def record(*rows, grants=None, by=BY, at=AT):
    return plan.record_absences(absences=rows, grants=grants, by=by, at=at)


def move(id_, what, *, at=AT, ends_at=None, version=1):
    row = AbsenceMove(absence=id_, version=version, move=what, ends_at=ends_at)
    return plan.move_absences(moves=[row], grants=None, by=BY, at=at)


def on_duty(session):
    rows = sql("SELECT post, officer_id FROM plan_duty WHERE session_id = %s AND live", session.id)
    return {Post(post): who for post, who in rows}


def in_place(name="thay.the", post=Post.PHOTO):
    found = officer(name, unit=Unit.objects.get(id=AN_LAM))
    training = Training(officer=found.id, post=post, on=DAY - timedelta(days=40))
    assert not plan.record_training(trainings=[training], by=BY, at=AT).refused
    return found


def schedule(row):
    return plan.schedule_sessions(sessions=[row], by=BY, at=AT)


@pytest.fixture
def stand_in(officers):
    """Return an officer in no crew, trained to take photos."""
    return in_place()


def test_nobody_is_planned_who_is_away(campaign, venue, kits, crews, officers):
    assert not record(away(officers[1])).refused
    row = session_row(campaign, venue, Stand(kits[0], crews[0]))
    assert codes(schedule(row)) == [(0, "officer_absent")]
    later = session_row(campaign, venue, Stand(kits[0], crews[0]), day=TUESDAY + timedelta(days=1))
    assert not schedule(later).refused  # the work day that begins as the absence ends
    assert on_duty(later)[Post.PHOTO] == officers[1].id


def test_who_has_a_duty_is_away_only_if_somebody_stands_in(evening, officers, stand_in):
    alone = away(officers[1])
    assert codes(record(alone)) == [(0, "on_duty")]
    assert queries.absences_by_ids([alone.id]) == {}
    assert on_duty(evening)[Post.PHOTO] == officers[1].id
    assert not record(away(officers[1], stand_in=stand_in.id)).refused
    assert on_duty(evening) == {
        Post.DOSSIER: officers[0].id, Post.PHOTO: stand_in.id, Post.FINGERPRINTS: officers[2].id,
    }  # fmt: skip


def test_who_stands_in_is_trained_there_and_free(evening, campaign, kits, crews, officers, stand_in):
    writes = in_place("viet.ho.so", Post.DOSSIER)
    assert codes(record(away(officers[1], stand_in=writes.id))) == [(0, "not_trained")]
    assert not record(away(stand_in)).refused
    assert codes(record(away(officers[1], stand_in=stand_in.id))) == [(0, "officer_absent")]
    other = session_row(campaign, other_venue(), Stand(kits[1], crews[1]))
    assert not schedule(other).refused  # at work in the same hours
    assert codes(record(away(officers[1], stand_in=officers[4].id))) == [(0, "officer_busy")]
    assert on_duty(evening)[Post.DOSSIER] == officers[0].id


def test_a_session_planned_meanwhile_has_who_stands_in(campaign, venue, kits, crews, officers, stand_in):
    assert not record(away(officers[1], stand_in=stand_in.id)).refused
    row = session_row(campaign, venue, Stand(kits[0], crews[0]))
    assert not schedule(row).refused
    assert on_duty(row)[Post.PHOTO] == stand_in.id


def test_what_was_taken_over_goes_back_when_the_absence_is_withdrawn_or_ends(
    campaign, venue, kits, crews, officers, stand_in
):
    rows = [session_row(campaign, venue, Stand(kits[0], crews[0]), day=day) for day in (MONDAY, TUESDAY)]
    assert not plan.schedule_sessions(sessions=rows, by=BY, at=AT).refused
    row = away(officers[1], stand_in=stand_in.id)
    assert not record(row).refused
    assert [on_duty(one)[Post.PHOTO] for one in rows] == [stand_in.id] * 2
    back = wall("08:00", TUESDAY)
    assert codes(move(row.id, "withdraw", at=back)) == [(0, "not_then")]  # it has begun
    assert codes(move(row.id, "end", ends_at=back, version=2)) == [(0, "changed_meanwhile")]
    for _ in range(2):  # said twice
        assert not move(row.id, "end", ends_at=back).refused
    assert [on_duty(one)[Post.PHOTO] for one in rows] == [stand_in.id, officers[1].id]
    assert codes(move(row.id, "end", ends_at=wall("12:00"), version=2)) == [(0, "wrong_state")]
    other = away(officers[2], stand_in=in_place("van.tay", Post.FINGERPRINTS).id)
    assert not record(other).refused
    assert not move(other.id, "withdraw", at=wall("05:00", MONDAY - timedelta(days=1))).refused
    assert [on_duty(one)[Post.FINGERPRINTS] for one in rows] == [officers[2].id] * 2
    assert codes(move(new_id(), "end", ends_at=back)) == [(0, "unknown_absence")]


def test_an_absence_is_told_once_and_does_not_overlap(officers):
    row = away(officers[1])
    assert record(row, row).done == [row.id, row.id]
    assert Absence.objects.count() == 1
    other = away(officers[2], id=row.id)
    assert codes(record(other)) == [(0, "id_taken")]
    meets = away(officers[1], starts_at=row.ends_at - timedelta(hours=1), ends_at=row.ends_at + timedelta(days=1))
    joins = away(officers[1], starts_at=row.ends_at, ends_at=row.ends_at + timedelta(days=1))
    assert codes(record(meets, joins)) == [(0, "away_already")]


def test_absences_that_do_not_hold_together_are_refused_and_the_others_kept(officers):
    mine = officers[1]
    rows = [
        away(mine, ends_at=wall("05:00")),
        away(mine, ends_at=wall("06:00") + timedelta(days=400)),
        away(mine, kind=AbsenceKind.ILL, note="viêm phổi"),
        away(mine, note="x" * 121),
        away(mine, stand_in=mine.id),
        away(mine, stand_in=new_id()),
        away(mine, officer=new_id()),
        away(mine, kind=AbsenceKind.TRAINING, note="Lớp vận hành máy, giấy mời 12"),
    ]
    assert [code for _, code in codes(record(*rows))] == [
        "bad_absence", "bad_absence", "ill_is_enough", "note_too_long", "stands_in_for_nobody",
        "stands_in_for_nobody", "unknown_officer",
    ]  # fmt: skip
    assert list(queries.absences_by_ids(row.id for row in rows)) == [rows[-1].id]


def test_who_leads_a_desk_tells_of_those_of_the_own_unit_alone(officers):
    by = Actor(officer=officers[0].id, unit=AN_LAM, purpose=Purpose.COMMAND)
    for role, unit, told in ((Role.CREW, AN_LAM, 1), (Role.DESK_LEAD, HOP_TIEN, 1), (Role.DESK_LEAD, AN_LAM, 0)):
        grants = Grants(officers[0].id, Person.OFFICER, unit, ((role, unit),))
        assert codes(record(away(officers[1]), grants=grants, by=by)) == [(0, "not_allowed")] * told


def test_the_database_lets_nobody_be_on_duty_while_away(evening, officers, stand_in):
    insert = (
        "INSERT INTO plan_absence (id, officer_id, kind, starts_at, ends_at, note, state, version) "
        "VALUES (%s, %s, 'leave', %s, %s, '', 'told', 1)"
    )
    hours = wall("06:00"), wall("06:00", TUESDAY)
    bites("plan_absence_on_duty", lambda: sql(insert, new_id(), officers[1].id, *hours))
    sql(insert, new_id(), stand_in.id, *hours)
    bites("plan_duty_away", lambda: sql("UPDATE plan_duty SET officer_id = %s WHERE post = 'photo'", stand_in.id))
    bites("plan_absence_one_at_a_time", lambda: sql(insert, new_id(), stand_in.id, *hours))
    bites("plan_absence_ill_is_enough", lambda: sql("UPDATE plan_absence SET kind = 'ill', note = 'sốt'"))
    bites("plan_absence_another_stands_in", lambda: sql("UPDATE plan_absence SET stand_in_id = officer_id"))
    bites("plan_absence_hours", lambda: sql("UPDATE plan_absence SET ends_at = starts_at"))


def test_a_cancelled_duty_is_none(evening, officers):
    cancel = Cancellation(session=evening.id, reason="mất điện")
    assert not plan.cancel_sessions(cancellations=[cancel], by=BY, at=AT).refused
    assert not record(away(officers[1])).refused


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(
        st.tuples(st.sampled_from(range(3)), st.integers(-1, 4), st.integers(1, 3), st.booleans(), st.booleans()),
        max_size=8,
    )
)
def test_whatever_is_told_nobody_is_on_duty_while_away(campaign, venue, kits, crews, officers, stand_in, told):
    with transaction.atomic():
        for who, day, days, covered, session in told:
            since = MONDAY + timedelta(days=day)
            if session:
                schedule(session_row(campaign, venue, Stand(kits[0], crews[0]), day=since))
            row = away(
                officers[who], starts_at=wall("06:00", since), ends_at=wall("06:00", since + timedelta(days=days)),
                stand_in=stand_in.id if covered else None,
            )  # fmt: skip
            record(row)
        met = sql(
            "SELECT count(*) FROM plan_duty AS duty JOIN plan_absence AS away USING (officer_id) "
            "WHERE duty.live AND away.starts_at < duty.ends_at AND duty.starts_at < away.ends_at"
        )
        posts = sql("SELECT count(*) FROM plan_duty WHERE live GROUP BY session_id")
        transaction.set_rollback(True)
    assert met == [(0,)]
    assert {number for (number,) in posts} <= {3}  # no post of a session was ever left empty


@pytest.mark.django_db(transaction=True)
def test_a_session_and_an_absence_told_at_once_do_not_miss_each_other(campaign, venue, kits, crews, officers):
    told, row = Event(), session_row(campaign, venue, Stand(kits[0], crews[0]))

    def plans():
        try:
            told.wait(10)
            return codes(schedule(row))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        planned = pool.submit(plans)
        with transaction.atomic():
            assert not record(away(officers[1])).refused
            told.set()
            with pytest.raises(TimeoutError):
                planned.result(0.5)  # it waits for what is not yet committed
        assert planned.result(20) == [(0, "officer_absent")]


@pytest.mark.django_db(transaction=True)
def test_two_of_one_crew_told_away_at_once_wait_for_each_other(campaign, venue, kits, crews, officers):
    covers = {Post.DOSSIER: in_place("viet.ho.so", Post.DOSSIER), Post.PHOTO: in_place()}
    row = session_row(campaign, venue, Stand(kits[0], crews[0]))
    assert not schedule(row).refused
    held = on_duty(row)
    posts = sorted(covers, key=lambda post: held[post])
    one, other = (AbsenceRow(id=new_id(), officer=held[post], kind=AbsenceKind.LEAVE, starts_at=wall("06:00"),
                             ends_at=wall("06:00", TUESDAY), stand_in=covers[post].id) for post in posts)  # fmt: skip

    def tells():
        try:
            return codes(record(other))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            queries.hold_officers({one.officer})
            told = pool.submit(tells)
            while not told.done() and sql(WAITING) == [(0,)]:
                pass
            assert not record(one).refused
        assert told.result(20) == []
    assert on_duty(row) == held | {post: cover.id for post, cover in covers.items()}
