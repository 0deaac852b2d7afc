from datetime import date, timedelta

from muster.kernel.ids import new_id
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import Closure, KitTransfer, Training
from muster.plan.words import Post
from tests.plan.conftest import (
    AN_LAM,
    AT,
    BY,
    DAY,
    HOP_TIEN,
    PROVINCE,
    bites,
    codes,
    crew_row,
    events,
    kit_row,
    sql,
    units,
    venue_row,
    wall,
)  # fmt: skip

__all__ = ["units"]


def test_kits_are_registered_once_and_stand_somewhere(kits, evening):
    lines = queries.kits(PROVINCE, wall("20:00"))
    assert [(line.code, line.unit, line.rate, line.venue_name) for line in lines] == [
        ("HD-01", AN_LAM, 96, "Nhà văn hóa An Lễ"), ("HD-02", AN_LAM, 96, ""),
    ]  # fmt: skip
    assert [line.venue_name for line in queries.kits(AN_LAM, wall("17:59"))] == ["", ""]
    assert queries.kits(AN_LAM, wall("00:59", DAY + timedelta(days=1)))[0].venue_name == "Nhà văn hóa An Lễ"
    assert queries.kits(HOP_TIEN, wall("20:00")) == []


def test_kits_that_are_none_are_refused(kits):
    rows = [kit_row("HD-01"), kit_row(" "), kit_row("X", rate=0), kit_row("Y", source=""), kit_row("Z", unit=999)]
    rows += [kit_row("HD-09", id=kits[0]), kit_row("A"), kit_row("A")]
    assert codes(plan.register_kits(kits=rows, by=BY, at=AT)) == [
        (0, "code_taken"), (1, "bad_kit"), (2, "bad_kit"), (3, "bad_kit"), (4, "unit_unknown"), (5, "id_taken"),
        (7, "code_taken"),
    ]  # fmt: skip


def test_a_kit_goes_from_unit_to_unit_and_its_places_stay_told(kits):
    def go(unit, hours, **more):
        row = KitTransfer(**{"id": new_id(), "kit": kits[0], "unit": unit, "since": AT + timedelta(hours=hours)} | more)
        return plan.move_kits(transfers=[row, row], by=BY, at=AT)

    assert not go(HOP_TIEN, 10).refused
    assert not go(HOP_TIEN, 11).refused  # is there already
    assert codes(go(AN_LAM, 10)) == [(0, "moved_later"), (1, "moved_later")]
    assert codes(go(AN_LAM, 12, kit=new_id())) == [(0, "unknown_kit"), (1, "unknown_kit")]
    assert not go(AN_LAM, 12).refused
    where = [queries.kits(PROVINCE, AT + timedelta(hours=hours))[0].unit for hours in (9, 10, 11, 12)]
    assert where == [AN_LAM, HOP_TIEN, HOP_TIEN, AN_LAM]
    assert events("kit") == ["register", "register", "move", "move"]
    bites("plan_kit_place_one", lambda: sql("UPDATE plan_kit_place SET ends_at = NULL"))


def test_a_crew_holds_three_posts_with_trained_people(crews, officers):
    told = [(line.name, [(post, officer) for post, officer, _ in line.members]) for line in queries.crews(AN_LAM, DAY)]
    assert told == [
        ("Tổ 1", [("dossier", officers[0].id), ("fingerprints", officers[2].id), ("photo", officers[1].id)]),
        ("Tổ 2", [("dossier", officers[3].id), ("fingerprints", officers[5].id), ("photo", officers[4].id)]),
    ]
    assert queries.crews(AN_LAM, date(2021, 4, 30)) == []


def test_crews_that_are_none_are_refused(officers):
    first = crew_row(officers[:3])
    early = crew_row(officers[3:], name="Sớm", since=date(2021, 2, 1))
    rows = [
        crew_row(officers[:2]),
        crew_row([officers[1], officers[0], officers[2]]),
        crew_row(officers[:3], unit=999),
        crew_row(officers[:3], name=" "),
        early,
        first,
        crew_row(officers[:3], name="Tổ 9"),
        crew_row(officers[:3], id=first.id, name="Khác"),
    ]
    result = plan.form_crews(crews=rows, by=BY, at=AT)
    assert codes(result) == [
        (0, "post_missing"), (1, "not_trained"), (2, "unit_unknown"), (3, "crew_without_name"), (4, "not_trained"),
        (6, "in_another_crew"), (7, "id_taken"),
    ]  # fmt: skip
    assert not plan.form_crews(crews=[first], by=BY, at=AT).refused
    unknown = Training(officer=new_id(), post=Post.PHOTO, on=date(2021, 1, 1))
    assert codes(plan.record_training(trainings=[unknown], by=BY, at=AT)) == [(0, "unknown_officer")]


def test_the_database_itself_holds_crews(crews, officers):
    other = "INSERT INTO plan_member (crew_id, officer_id, post, since) VALUES (%s, %s, 'dossier', '2021-05-20')"
    untrained = "UPDATE plan_member SET post = 'photo' WHERE post = 'dossier'"
    bites("plan_member_is_trained", lambda: sql(untrained))
    bites("plan_member_one_crew", lambda: sql(other, crews[1], officers[0].id))
    bites("plan_member_is_trained", lambda: sql("DELETE FROM plan_training"))


def test_venues_and_closed_days_that_are_none_are_refused(venue):
    rows = [
        venue_row(),
        venue_row("Khác", kits=0),
        venue_row(" "),
        venue_row("Khác", unit=999),
        venue_row("Khác", id=venue),
    ]
    assert codes(plan.open_venues(venues=rows, by=BY, at=AT)) == [
        (0, "venue_named"), (1, "bad_venue"), (2, "bad_venue"), (3, "unit_unknown"), (4, "id_taken"),
    ]  # fmt: skip
    days = [Closure(id=new_id(), unit=AN_LAM, first=DAY, last=DAY - timedelta(days=1), reason="x")]
    days.append(Closure(id=new_id(), unit=AN_LAM, first=DAY, last=DAY, reason=" "))
    assert codes(plan.close_days(closures=days, by=BY, at=AT)) == [(0, "bad_closure"), (1, "bad_closure")]
