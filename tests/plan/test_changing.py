"""Crews that change or end, sessions with other kits and crews, venues that change or close."""

from datetime import date, timedelta

import pytest

from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import CrewChange, KitMove, Rearm, Stand, Training, VenueChange
from muster.plan.words import Post, VenueKind
from muster.units.models import Unit
from tests.people.factories import officer
from tests.plan.conftest import (
    AN_LAM,
    AT,
    BY,
    DAY,
    POSTS,
    codes,
    events,
    new_id,
    session_row,
    sql,
    units,
    venue_row,
)  # fmt: skip

__all__ = ["units"]


def on(number):
    return DAY + timedelta(days=number)


def members(*people):
    return tuple(zip((one.id for one in people), POSTS, strict=True))


@pytest.fixture
def spare(officers):
    """Return one more officer, trained for the dossiers."""
    found = officer("can.bo.9", unit=Unit.objects.get(id=AN_LAM), is_demo=True)
    plan.record_training(trainings=[Training(officer=found.id, post=Post.DOSSIER, on=date(2021, 3, 1))], by=BY, at=AT)
    return found


def change(crew, people, since=DAY, **more):
    told = {"crew": crew, "version": 1, "name": "Tổ 1", "since": since, "members": members(*people)} | more
    return CrewChange(**told)


def changed(*rows):
    return plan.change_crews(changes=rows, by=BY, at=AT)


def duties(session):
    return {one for (one,) in sql("SELECT officer_id FROM plan_duty WHERE session_id = %s", session)}


def mornings(campaign, venue, stand, days):
    rows = [
        session_row(campaign, venue, stand, shift=1, starts="07:00", ends="11:00", day=on(number)) for number in days
    ]
    assert not plan.schedule_sessions(sessions=rows, by=BY, at=AT).refused
    return [row.id for row in rows]


def test_other_people_stand_in_the_crew_and_its_sessions_from_a_day_on(campaign, venue, kits, crews, officers, spare):
    before, after = mornings(campaign, venue, Stand(kits[0], crews[0]), (0, 1))
    row = change(crews[0], [spare, *officers[1:3]], on(1), name="Tổ 1A")
    assert not changed(row, row).refused
    old, new = ({one.id for one in people} for people in (officers[:3], [spare, *officers[1:3]]))
    assert (duties(before), duties(after)) == (old, new)
    (now, _), (then, _) = queries.crews(AN_LAM, DAY), queries.crews(AN_LAM, on(1))
    assert ({one for _, one, _ in now.members}, {one for _, one, _ in then.members}) == (old, new)
    assert (then.name, then.version) == ("Tổ 1A", 2)
    assert events("session") == ["schedule", "schedule", "rearm"]
    back = change(crews[0], officers[:3], on(3), version=2)
    assert not changed(back).refused  # who left may come back
    assert {one for _, one, _ in queries.crews(AN_LAM, on(3))[0].members} == old


def test_posts_may_be_exchanged_by_whoever_is_trained(crews, officers):
    more = [Training(officer=officers[0].id, post=Post.PHOTO, on=date(2021, 4, 1))]
    more.append(Training(officer=officers[1].id, post=Post.DOSSIER, on=date(2021, 4, 1)))
    plan.record_training(trainings=more, by=BY, at=AT)
    assert not changed(change(crews[0], [officers[1], officers[0], officers[2]], on(2))).refused
    (line, _) = queries.crews(AN_LAM, on(2))
    assert [(post, one) for post, one, _ in line.members] == [
        ("dossier", officers[1].id), ("fingerprints", officers[2].id), ("photo", officers[0].id),
    ]  # fmt: skip


def test_a_change_that_cannot_be_is_refused_whole(campaign, venue, kits, crews, officers, spare):
    rows = [
        change(new_id(), officers[:3]),
        change(crews[0], officers[:3], name=" "),
        change(crews[0], [officers[0], officers[1], spare]),
        change(crews[0], [officers[3], *officers[1:3]]),
        change(crews[0], [spare, *officers[1:3]], on(-10)),
        change(crews[0], [spare, *officers[1:3]], AT.date() - timedelta(days=1)),
        change(crews[0], [spare, *officers[1:3]], version=7),
        CrewChange(crew=crews[0], version=1, name="Tổ 1", since=DAY, members=members(*officers[:3])[:2]),
    ]
    assert codes(changed(*rows)) == [
        (0, "unknown_crew"), (1, "crew_without_name"), (2, "not_trained"), (3, "in_another_crew"), (4, "crew_ended"),
        (5, "in_the_past"), (6, "changed_meanwhile"), (7, "post_missing"),
    ]  # fmt: skip
    (line, _) = queries.crews(AN_LAM, DAY)
    assert (line.version, {one for _, one, _ in line.members}) == (1, {one.id for one in officers[:3]})


def test_who_joins_must_be_rested_for_the_sessions_of_the_crew(campaign, venue, kits, crews, officers, spare):
    late = session_row(campaign, venue, Stand(kits[0], crews[1]))  # 18:00-01:00
    assert not plan.schedule_sessions(sessions=[late], by=BY, at=AT).refused
    (morning,) = mornings(campaign, venue, Stand(kits[1], crews[0]), (1,))
    plan.dissolve_crews(crews=[crews[1]], until=on(1), by=BY, at=AT)
    result = changed(change(crews[0], [officers[3], *officers[1:3]], on(1)))
    assert codes(result) == [(0, "too_little_rest")]
    assert duties(morning) == {one.id for one in officers[:3]}
    assert queries.crews(AN_LAM, on(1))[0].version == 1


def test_a_crew_that_ends_leaves_its_sessions_to_others(campaign, venue, kits, crews):
    before, after = mornings(campaign, venue, Stand(kits[0], crews[0]), (0, 1))
    assert not plan.dissolve_crews(crews=[crews[0]], until=on(1), by=BY, at=AT).refused
    assert [queries.session(one).crews for one in (before, after)] == [["Tổ 1"], []]
    assert (len(duties(before)), duties(after)) == (3, set())


def rearmed(*rows):
    return plan.rearm_sessions(rearms=rows, by=BY, at=AT)


def test_a_session_gets_other_kits_and_crews_and_the_same_twice_changes_nothing(evening, kits, crews, officers):
    row = Rearm(session=evening.id, stands=(Stand(kits[1], crews[1]),))
    assert rearmed(row, row).done == [evening.id] * 2
    assert not rearmed(row).refused
    line = queries.session(evening.id)
    assert (line.kits, line.crews, duties(evening.id)) == (["HD-02"], ["Tổ 2"], {one.id for one in officers[3:]})
    assert events("session") == ["schedule", "rearm"]


def test_what_does_not_fit_keeps_what_it_has_and_the_good_is_kept(campaign, evening, venue, kits, crews):
    school = venue_row("Trường", kits=2)
    plan.open_venues(venues=[school], by=BY, at=AT)
    other = session_row(campaign, school.id, Stand(kits[1], crews[1]))
    assert not plan.schedule_sessions(sessions=[other], by=BY, at=AT).refused
    swapped = [
        Rearm(session=evening.id, stands=(Stand(kits[0], crews[1]),)),
        Rearm(session=other.id, stands=(Stand(kits[1], crews[0]),)),
    ]
    assert not rearmed(*swapped).refused  # each takes what the other gives up
    result = rearmed(
        Rearm(session=evening.id, stands=(Stand(kits[0], crews[0]), Stand(kits[1]))),
        Rearm(session=other.id, stands=(Stand(kits[1]),)),
        Rearm(session=new_id(), stands=(Stand(kits[1]),)),
    )
    assert codes(result) == [(0, "venue_full"), (2, "unknown_session")]
    assert [queries.session(one.id).crews for one in (evening, other)] == [["Tổ 2"], []]
    plan.finish_sessions(sessions=[evening.id], by=BY, at=AT)
    assert codes(rearmed(Rearm(session=evening.id, stands=(Stand(kits[0]),)))) == [(0, "wrong_state")]


def venue_change(venue, **more):
    told = {"version": 1, "name": "Nhà văn hóa An Lễ", "kind": VenueKind.MOBILE, "kits": 1, "seats": 40} | more
    return VenueChange(venue=venue, **told)


def test_a_venue_changes_as_it_was_read_and_never_under_a_session(campaign, evening, venue, kits):
    def done(*rows):
        return codes(plan.change_venues(changes=rows, by=BY, at=AT))

    school = venue_row("Trường")
    plan.open_venues(venues=[school], by=BY, at=AT)
    wider = venue_change(venue, kits=2)
    assert done(wider, wider) == []
    assert (queries.venues_by_id([venue])[venue].kits, queries.venues_by_id([venue])[venue].version) == (2, 2)
    two = Rearm(session=evening.id, stands=tuple(Stand(kit) for kit in kits))
    assert not rearmed(two).refused
    assert done(
        venue_change(new_id()),
        venue_change(venue, name="Khác"),
        venue_change(venue, name=" ", version=2),
        venue_change(venue, name="Trường", version=2),
        venue_change(venue, version=2),
        venue_change(venue, version=2, kits=2, until=DAY),
    ) == [
        (0, "unknown_venue"), (1, "changed_meanwhile"), (2, "bad_venue"), (3, "venue_named"), (4, "still_planned"),
        (5, "still_planned"),
    ]  # fmt: skip
    assert done(venue_change(venue, version=2, kits=2, until=on(1))) == []
    late = session_row(campaign, venue, Stand(kits[0]), day=on(1))
    assert codes(plan.schedule_sessions(sessions=[late], by=BY, at=AT)) == [(0, "venue_closed")]


def test_a_kit_that_breaks_stays_where_it_stands_until_it_is_mended_and_comes_nowhere_new(campaign, kits, crews):
    venue = venue_row(kits=2)
    assert not plan.open_venues(venues=[venue], by=BY, at=AT).refused
    both = (Stand(kits[0], crews[0]), Stand(kits[1], crews[1]))
    row = session_row(campaign, venue.id, *both)
    alone = session_row(campaign, venue.id, Stand(kits[0], crews[0]), day=on(1))
    assert not plan.schedule_sessions(sessions=[row, alone], by=BY, at=AT).refused
    broken = KitMove(id=new_id(), kit=kits[1], move="break", reason="Máy quét vân tay")
    assert not plan.mark_kits(moves=[broken], by=BY, at=AT).refused
    fewer = Rearm(session=row.id, stands=(both[1],))  # the other one is lent
    assert plan.rearm_sessions(rearms=[fewer], by=BY, at=AT).done == [row.id]
    assert queries.session(row.id).kits == ["HD-02"]
    more = Rearm(session=alone.id, stands=both)
    assert codes(plan.rearm_sessions(rearms=[more], by=BY, at=AT)) == [(0, "kit_not_ready")]
