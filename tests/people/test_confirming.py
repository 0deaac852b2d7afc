"""One administrator is one person, however many accounts they add."""

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from muster.kernel.actor import Purpose
from muster.kernel.ids import new_id
from muster.people import operations
from muster.people.models import Officer
from muster.people.operations import (
    ApprovalRequest,
    Decision,
    FactorReset,
    NewAssignment,
    NewOfficer,
    NewPassword,
    NotConfirmed,
    add_officers,
    assign_roles,
    confirm_officers,
    decide_approvals,
    first_administrator,
    issue_passwords,
    request_approvals,
    reset_factors,
)
from muster.people.words import ApprovalKind, Role
from tests.people.factories import NOW, SYSTEM, acting, administrator, approval, assignment, audited, codes, officer
from tests.people.test_guards import refused_by
from tests.units.factories import root

pytestmark = pytest.mark.django_db
PASSWORD = "mùa xuân trên sông"


@pytest.fixture
def base():
    """Return the only administrator of a new base, as the command line makes one."""
    root()
    made = first_administrator(
        username="quan.tri", full_name="Hoàng Anh Tuấn", password=PASSWORD, by=SYSTEM, at=NOW
    )  # fmt: skip
    return Officer.objects.get(id=made)


def added(username, role, by):
    """Return an account that somebody adds with a role, signs in with and ties a phone to."""
    row = NewOfficer(new_id(), username, "Trần Văn Bình", 1, password=PASSWORD)
    assert add_officers(officers=[row], by=acting(by), at=NOW).done
    given = NewAssignment(new_id(), row.id, role, 1)
    assert assign_roles(assignments=[given], by=acting(by), at=NOW).done
    one = Officer.objects.get(id=row.id)
    TOTPDevice.objects.create(user=one, name="phone", confirmed=True)
    return one


def merge_asked(by):
    row = ApprovalRequest(new_id(), ApprovalKind.MERGE, "case", new_id(), 1, "Trùng người")
    return request_approvals(requests=[row], by=acting(by, Purpose.CHECK), at=NOW).done[0]


def decided(request, by):
    result = decide_approvals(decisions=[Decision(request, granted=True)], by=acting(by, Purpose.CHECK), at=NOW)
    return codes(result)


def confirmed(one, by, purpose=Purpose.ADMINISTER):
    return codes(confirm_officers(officers=[one.id], by=acting(by, purpose) if by else SYSTEM, at=NOW))


def test_two_accounts_of_one_administrator_are_not_two_people(base):
    asks, decides = (added(f"tham.tra.{place}", Role.CHECKER, base) for place in "12")
    request = merge_asked(asks)
    assert decided(request, decides) == [(0, "not_confirmed")]
    assert confirmed(decides, base) == [(0, "had_a_hand")]
    puppet = added("chi.huy", Role.COMMANDER, base)
    with pytest.raises(NotConfirmed):
        confirmed(decides, puppet, Purpose.COMMAND)
    assert decided(request, decides) == [(0, "not_confirmed")]


def test_the_hand_of_who_plays_an_account_is_in_what_the_account_makes(base):
    puppet = added("quan.tri.2", Role.ADMINISTRATOR, base)
    made_by_puppet = added("tham.tra", Role.CHECKER, puppet)
    assert confirmed(made_by_puppet, base) == [(0, "had_a_hand")]
    renewed = added("tham.tra.2", Role.CHECKER, administrator("quan.tri.3", unit_id=1))
    assert issue_passwords(passwords=[NewPassword(renewed.id, PASSWORD)], by=acting(puppet), at=NOW).done
    assert confirmed(renewed, base) == [(0, "had_a_hand")]


def test_whoever_holds_the_server_confirms_the_first_and_they_the_others(base):
    commander = added("chi.huy", Role.COMMANDER, base)
    asks, decides = (added(f"tham.tra.{place}", Role.CHECKER, base) for place in "12")
    assert confirmed(commander, None) == []
    assert confirmed(decides, commander, Purpose.COMMAND) == []
    assert confirmed(decides, commander, Purpose.COMMAND) == []
    assert decided(merge_asked(asks), decides) == []
    told = Officer.objects.get(id=decides.id)
    assert (told.confirmed_at, told.confirmed_by, told.hands) == (NOW, commander.id, [base.id])
    assert [one for one in audited() if one[0] == "people.confirm"] == [("people.confirm", 1)] * 2


def test_who_confirms_has_the_right_and_the_officer_a_phone_and_nobody_confirms_themselves(base):
    one = added("tham.tra", Role.CHECKER, base)
    other = administrator("quan.tri.2", unit_id=1)
    crew = officer("kip", unit_id=1)
    assignment(crew, "crew")
    assert confirmed(one, crew) == [(0, "not_allowed")]
    assert confirmed(other, other) == [(0, "not_yourself")]
    TOTPDevice.objects.all().delete()
    assert confirmed(one, other) == [(0, "no_phone_yet")]
    rows = [new_id(), one.id]
    assert codes(confirm_officers(officers=rows, by=acting(other), at=NOW)) == [
        (0, "unknown_officer"), (1, "no_phone_yet"),
    ]  # fmt: skip


def test_who_ties_another_phone_is_confirmed_anew_and_a_new_password_alone_changes_nothing(base):
    one, other = added("tham.tra", Role.CHECKER, base), administrator("quan.tri.2", unit_id=1)
    assert confirmed(one, other) == []
    assert issue_passwords(passwords=[NewPassword(one.id, PASSWORD)], by=acting(other), at=NOW).done
    assert Officer.objects.get(id=one.id).confirmed_by == other.id
    granted = approval(
        other, kind="reset_factor", subject_kind="officer", subject=one.id, unit_id=1,
        decided_by=base, decided_at=NOW, decision="granted",
    )  # fmt: skip
    assert reset_factors(resets=[FactorReset(one.id, granted.id)], by=acting(other), at=NOW).done
    TOTPDevice.objects.create(user=one, name="phone", confirmed=True)
    again = Officer.objects.get(id=one.id)
    assert (again.confirmed_at, set(again.hands)) == (None, {base.id, other.id})
    assert confirmed(one, other) == [(0, "had_a_hand")]


def test_the_database_lets_nobody_confirm_with_a_hand_in_it():
    one = officer("an.nguyen", confirmed_at=None)
    Officer.objects.filter(id=one.id).update(hands=[new_id(), (hand := new_id())])
    with refused_by("people_officer_own_hand"):
        Officer.objects.filter(id=one.id).update(confirmed_at=NOW, confirmed_by=hand)
    with refused_by("people_officer_confirmed"):
        Officer.objects.filter(id=one.id).update(confirmed_at=NOW, confirmed_by=one.id)
    with refused_by("people_officer_confirmed"):
        Officer.objects.filter(id=one.id).update(confirmed_by=new_id())


def test_the_officers_of_a_demonstration_are_two_people():
    made = operations.make_demo_officers(units={Role.CHECKER: root().id}, by=SYSTEM, at=NOW)
    second = Officer.objects.get(username="demo.checker.2")
    assert decided(merge_asked(Officer.objects.get(id=made[Role.CHECKER])), second) == []
