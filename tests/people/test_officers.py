"""Adding and deactivating officers, giving and ending roles: in batches, row by row, once."""

import datetime as dt

import pytest

from muster.kernel.actor import Purpose
from muster.kernel.ids import new_id
from muster.people import queries
from muster.people.models import Assignment, Officer
from muster.people.operations import (
    NewAssignment,
    NewOfficer,
    add_officers,
    assign_roles,
    deactivate_officers,
    end_assignments,
)
from muster.people.words import Kind, Role
from tests.people.factories import (
    HOUR,
    NOW,
    SYSTEM,
    acting,
    administrator,
    assignment,
    audited,
    codes,
    commune,
    officer,
    province,
)
from tests.units.factories import unit

pytestmark = pytest.mark.django_db


def new(username: str, **changes) -> NewOfficer:
    values = {"id": new_id(), "username": username, "full_name": "Trần Thị Bình", "unit": province().id}
    return NewOfficer(**values | changes)


def test_a_batch_of_officers_is_added_and_audited_once():
    rows = [new("binh.tran", badge="1"), new("chi.le", full_name="  Lê   Chi ", kind=Kind.VOLUNTEER)]
    result = add_officers(officers=rows, by=acting(administrator()), at=NOW)
    assert (result.done, result.refused) == ([row.id for row in rows], [])
    chi = Officer.objects.get(username="chi.le")
    assert (chi.full_name, chi.kind, chi.is_active, chi.has_usable_password()) == ("Lê Chi", "volunteer", True, False)
    assert audited() == [("people.add", 2)]


def test_the_same_batch_sent_again_changes_nothing():
    rows, by = [new("binh.tran"), new("chi.le")], acting(administrator())
    add_officers(officers=rows, by=by, at=NOW)
    again = add_officers(officers=[*rows, rows[0]], by=by, at=NOW + HOUR)
    assert again.done == [rows[0].id, rows[1].id, rows[0].id]
    assert (Officer.objects.count(), audited()) == (3, [("people.add", 2)])


def test_bad_rows_are_refused_one_by_one_and_good_ones_kept():
    by = acting(administrator())
    first = new("binh.tran", badge="7")
    rows = [
        first,
        new("BINH"),
        new("chi.le", full_name=" "),
        new("binh.tran"),
        new("dung.pham", badge="7"),
        new("em.vu", unit=99),
        new("giang.do", unit=1),
        new("hanh.bui", password="giang.do.123"),
        new("huy.dang", password="hanoi2026"),
        new("khoa.ngo", id=first.id),
        new("lan.ly"),
    ]
    result = add_officers(officers=rows, by=by, at=NOW)
    assert result.done == [rows[0].id, rows[7].id, rows[10].id]
    assert codes(result) == [
        (1, "bad_username"),
        (2, "nameless_officer"),
        (3, "username_taken"),
        (4, "badge_taken"),
        (5, "unknown_unit"),
        (6, "not_allowed"),
        (8, "weak_password"),
        (9, "id_taken"),
    ]
    assert Officer.objects.count() == 4


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.VOLUNTEER}])
def test_only_administrators_add_officers(role):
    person = officer()
    assignment(person, role)
    for purpose in Purpose:
        result = add_officers(officers=[new("binh.tran")], by=acting(person, purpose), at=NOW)
        assert codes(result) == [(0, "not_allowed")]


def test_an_administrator_reaches_down_and_nowhere_else():
    here = administrator(unit=commune(3))
    rows = [new("binh.tran", unit=3), new("chi.le", unit=2), new("dung.pham", unit=commune(4).id)]
    assert codes(add_officers(officers=rows, by=acting(here), at=NOW)) == [(1, "not_allowed"), (2, "not_allowed")]


def give(to: Officer, role: Role = Role.CREW, **changes) -> NewAssignment:
    return NewAssignment(**{"id": new_id(), "officer": to.id, "role": role, "unit": to.unit_id} | changes)


def test_roles_are_given_and_give_rights():
    an, by = officer(), acting(administrator())
    rows = [give(an), give(an, Role.CHECKER, unit=commune().id), give(an, Role.PLANNER, valid_from=NOW + HOUR)]
    assert assign_roles(assignments=rows, by=by, at=NOW).done == [row.id for row in rows]
    assert queries.grants(an.id, NOW).roles == ((Role.CHECKER, 3), (Role.CREW, 2))
    assert queries.grants(an.id, NOW + HOUR).roles == ((Role.CHECKER, 3), (Role.CREW, 2), (Role.PLANNER, 2))
    assert queries.grants(an.id, NOW - HOUR).roles == ()
    assert audited() == [("people.assign", 4)]


def test_the_same_assignments_sent_again_change_nothing():
    an, by = officer(), acting(administrator())
    rows = [give(an), give(an, Role.CHECKER)]
    assign_roles(assignments=rows, by=by, at=NOW)
    again = assign_roles(assignments=[*rows, rows[1]], by=by, at=NOW + HOUR)
    assert (len(again.done), codes(again), Assignment.objects.filter(officer=an).count()) == (3, [], 2)
    assert audited() == [("people.assign", 3)]


def test_assignments_are_refused_one_by_one():
    boss = administrator()
    an, binh = officer(), officer("binh.tran", kind="volunteer")
    gone = officer("cu.le", is_active=False, deactivated_at=NOW)
    elsewhere = unit(9)
    held = give(an, Role.DESK_LEAD)
    rows = [
        held,
        give(binh, Role.CREW),
        give(an, Role.VOLUNTEER),
        give(boss, Role.CHECKER),
        give(gone),
        give(an, officer=new_id()),
        give(an, unit=elsewhere.id),
        give(an, unit=99),
        give(an, Role.DESK_LEAD),
        give(an, Role.CHECKER, valid_to=NOW),
        give(an, Role.CHECKER, id=held.id),
        give(binh, Role.VOLUNTEER),
    ]
    result = assign_roles(assignments=rows, by=acting(boss), at=NOW)
    assert result.done == [rows[0].id, rows[11].id]
    assert codes(result) == [
        (1, "not_for_this_kind"),
        (2, "not_for_this_kind"),
        (3, "not_yourself"),
        (4, "officer_inactive"),
        (5, "unknown_officer"),
        (6, "not_allowed"),
        (7, "unknown_unit"),
        (8, "already_assigned"),
        (9, "ends_before_it_begins"),
        (10, "id_taken"),
    ]


def test_assignments_end_now_or_never_begin():
    an, by = officer(), acting(administrator())
    running = assignment(an, "crew")
    ended = assignment(an, "checker", valid_to=NOW - HOUR)
    coming = assignment(an, "planner", valid_from=NOW + HOUR)
    asked = [running.id, ended.id, coming.id, new_id()]
    result = end_assignments(assignments=asked, by=by, at=NOW)
    assert (result.done, codes(result)) == (asked[:3], [(3, "unknown_assignment")])
    assert queries.grants(an.id, NOW).roles == queries.grants(an.id, NOW + 2 * HOUR).roles == ()
    assert Assignment.objects.get(id=ended.id).valid_to == NOW - HOUR
    assert end_assignments(assignments=asked[:3], by=by, at=NOW + HOUR).done == asked[:3]
    assert audited() == [("people.end", 3)]


def test_a_deactivated_officer_holds_nothing_from_that_moment():
    an, boss = officer(), administrator()
    assignment(an, "crew"), assignment(an, "planner", valid_from=NOW + HOUR, valid_to=NOW + 3 * HOUR)
    assignment(an, "checker", valid_from=NOW + HOUR)
    result = deactivate_officers(officers=[an.id, boss.id, new_id()], by=acting(boss), at=NOW)
    assert (result.done, codes(result)) == ([an.id], [(1, "not_yourself"), (2, "unknown_officer")])
    assert queries.grants(an.id, NOW).held == ()
    assert queries.holders(Role.CREW, NOW) == queries.holders(Role.CHECKER, NOW + 2 * HOUR) == set()
    assert Officer.objects.get(id=an.id).deactivated_at == NOW
    deactivate_officers(officers=[an.id], by=acting(boss), at=NOW + HOUR)
    assert Officer.objects.get(id=an.id).deactivated_at == NOW
    assert audited() == [("people.deactivate", 1)]


def test_the_list_of_officers_takes_two_queries_at_any_size(django_assert_num_queries):
    add_officers(
        officers=[new(f"can.bo{n}", full_name=f"Nguyễn Văn {chr(65 + n)}") for n in range(20)], by=SYSTEM, at=NOW
    )
    for person in Officer.objects.all():
        assignment(person, "crew"), assignment(person, "checker", unit=commune())
    with django_assert_num_queries(2):
        rows = queries.officers([2], NOW)
        shown = [(row.full_name, row.unit.name, [(a.role, a.unit.name) for a in row.current]) for row in rows]
    assert len(shown) == 20
    assert shown[0] == ("Nguyễn Văn A", "Số 2", [("checker", "Số 3"), ("crew", "Số 2")])
    assert [row.username for row in queries.officers([2], NOW, text="can.bo7")] == ["can.bo7"]
    assert [row.full_name for row in queries.officers([2], NOW, text="H")] == ["Nguyễn Văn H"]
    assert queries.officers([3], NOW) == []
    last_page = queries.officers([2], NOW, after=rows[17].name_sort)
    assert [row.id for row in last_page] == [row.id for row in rows[18:]]


def test_a_right_is_of_its_hour():
    an = officer()
    assignment(an, "crew", valid_from=NOW, valid_to=NOW + HOUR)
    held = [bool(queries.grants(an.id, NOW + dt.timedelta(minutes=m)).roles) for m in (-1, 0, 59, 60)]
    assert held == [False, True, True, False]
