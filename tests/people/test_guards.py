"""Each guard of the tables, biting."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction

from muster.people.models import Approval, Assignment, DemoData, Officer, WorkSession
from tests.people.factories import HOUR, NOW, approval, assignment, commune, officer

pytestmark = pytest.mark.django_db


@contextmanager
def refused_by(constraint: str):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.diag.constraint_name == constraint


@pytest.mark.parametrize("username", ["AN.NGUYEN", "an", "an nguyen", "-an", "ấn.nguyen", "an@nguyen"])
def test_a_username_is_small_plain_letters(username):
    with refused_by("people_officer_username"):
        officer(username)


def test_a_username_is_taken_once():
    officer("an.nguyen")
    with refused_by("people_officer_username_key"):
        officer("an.nguyen")


def test_a_badge_is_worn_by_one():
    officer("an.nguyen", badge="123-456")
    with refused_by("people_officer_badge"):
        officer("binh.tran", badge="123-456")
    officer("chi.le"), officer("dung.pham")  # many may have none


def test_an_officer_is_named():
    with refused_by("people_officer_named"):
        officer(full_name="")


def test_a_person_is_an_officer_or_a_volunteer():
    with refused_by("people_officer_kind"):
        officer(kind="robot")


def test_who_is_not_active_was_deactivated_at_a_moment():
    with refused_by("people_officer_active"):
        officer(is_active=False)
    with refused_by("people_officer_active"):
        officer(deactivated_at=NOW)


def test_a_demo_officer_has_no_password():
    with refused_by("people_officer_demo"):
        officer(is_demo=True, password="scrypt$secret")


def test_a_role_is_held_once_at_a_time():
    an = officer()
    assignment(an, "crew", valid_to=NOW)
    with refused_by("people_assignment_once"):
        assignment(an, "crew", valid_from=NOW - HOUR)
    assignment(an, "crew", valid_from=NOW)  # the moment one ends another may begin
    assignment(an, "checker")
    assignment(an, "crew", unit=commune())


def test_an_assignment_ends_after_it_begins():
    with refused_by("people_assignment_hours"):
        assignment(officer(), "crew", valid_from=NOW, valid_to=NOW - HOUR)


def test_a_role_is_one_of_the_list():
    with refused_by("people_assignment_role"):
        assignment(officer(), "superuser")


@pytest.mark.parametrize("role", ["crew", "desk_lead", "commander", "checker", "administrator"])
def test_a_volunteer_holds_no_role_of_an_officer(role):
    with refused_by("people_assignment_volunteer"):
        assignment(officer(kind="volunteer"), role)


def test_an_officer_is_not_a_volunteer():
    with refused_by("people_assignment_volunteer"):
        assignment(officer(), "volunteer")


def test_an_assignment_cannot_lie_about_the_kind_of_its_officer():
    with refused_by("people_assignment_kind"):
        assignment(officer(kind="volunteer"), "checker", kind="officer")


def test_a_volunteer_who_held_a_role_cannot_be_turned_into_an_officer():
    binh = officer(kind="volunteer")
    assignment(binh, "volunteer")
    with refused_by("people_assignment_kind"):
        Officer.objects.filter(id=binh.id).update(kind="officer")


def test_an_assignment_only_ends():
    given = assignment(officer(), "crew")
    rows = Assignment.objects.filter(id=given.id)
    for change in ({"role": "checker"}, {"unit_id": 1}, {"valid_from": NOW}):
        with refused_by("people_assignment_history"):
            rows.update(**change)
    rows.update(valid_to=NOW + HOUR)
    rows.update(valid_to=NOW)
    for later in (None, NOW + HOUR):
        with refused_by("people_assignment_history"):
            rows.update(valid_to=later)
    with refused_by("people_assignment_kept"):
        rows.delete()


def decided(asked: Approval, by: Officer, decision: str = "granted", **changes) -> int:
    return Approval.objects.filter(id=asked.id).update(
        **{"decided_by": by, "decided_at": NOW, "decision": decision} | changes
    )


def test_nobody_decides_their_own_request():
    an, binh = officer(), officer("binh.tran")
    asked = approval(an)
    for decision in ("granted", "refused"):
        with refused_by("people_approval_two_people"):
            decided(asked, an, decision)
    assert decided(asked, binh) == 1


def test_an_approval_is_of_a_known_kind_and_has_a_reason():
    with refused_by("people_approval_kind"):
        approval(officer("an.nguyen"), kind="promote")
    with refused_by("people_approval_reason"):
        approval(officer("binh.tran"), reason=" ")


def test_a_decision_has_a_decider_and_a_moment():
    asked, binh = approval(officer()), officer("binh.tran")
    for wrong in ({"decided_by": None}, {"decided_at": None}, {"decision": ""}, {"decision": "maybe"}):
        with refused_by("people_approval_decided"):
            decided(asked, binh, **wrong)


def test_an_approval_is_decided_after_it_was_asked_and_expires_after_that():
    an, binh = officer(), officer("binh.tran")
    with refused_by("people_approval_order"):
        approval(an, expires_at=NOW - HOUR)
    with refused_by("people_approval_order"):
        decided(approval(an), binh, decided_at=NOW - 2 * HOUR)


def test_an_approval_is_used_when_granted_and_not_expired():
    an, binh = officer(), officer("binh.tran")
    with refused_by("people_approval_used"):
        approval(an, used_at=NOW)
    with refused_by("people_approval_used"):
        decided(approval(an), binh, "refused", used_at=NOW)
    for moment in (NOW - HOUR, NOW + 24 * HOUR):
        with refused_by("people_approval_used"):
            decided(approval(an), binh, used_at=moment)
    assert decided(approval(an), binh, used_at=NOW) == 1


def test_what_was_asked_decided_or_used_stands():
    an, binh, chi = officer(), officer("binh.tran"), officer("chi.le")
    asked = approval(an)
    rows = Approval.objects.filter(id=asked.id)
    for change in ({"asked_by": binh}, {"subject": binh.id}, {"kind": "bulk_export"}, {"unit_id": 1}):
        with refused_by("people_approval_history"):
            rows.update(**change)
    decided(asked, binh, used_at=NOW)
    for change in ({"decided_by": chi}, {"decision": "refused"}, {"expires_at": NOW + 99 * HOUR}, {"used_at": None}):
        with refused_by("people_approval_history"):
            rows.update(**change)
    with refused_by("people_approval_kept"):
        rows.delete()


def test_a_session_ends_after_it_starts_and_says_why():
    an = officer()
    hours = {"started_at": NOW, "seen_at": NOW, "ends_at": NOW + HOUR}
    with refused_by("people_session_hours"):
        WorkSession.objects.create(officer=an, key="a", **hours | {"ends_at": NOW})
    with refused_by("people_session_ended"):
        WorkSession.objects.create(officer=an, key="b", ended_at=NOW, **hours)
    WorkSession.objects.create(officer=an, key="c", **hours)
    with refused_by("people_session_key_key"):
        WorkSession.objects.create(officer=an, key="c", **hours)


def test_there_is_one_mark_of_a_demonstration():
    with refused_by("people_demo_one"):
        DemoData.objects.create(id=2, made_at=NOW)
