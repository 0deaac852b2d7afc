"""The rule of two people."""

import threading

import pytest
from django.db import connection, transaction

from muster.kernel.actor import Purpose
from muster.kernel.ids import new_id
from muster.people import queries
from muster.people.models import Approval, Assignment, Officer
from muster.people.operations import (
    AlreadyUsed,
    ApprovalExpired,
    ApprovalRequest,
    ApprovalUse,
    Decision,
    NeedsSecondPerson,
    NotGranted,
    decide_approvals,
    request_approvals,
    use_approvals,
)
from muster.people.rights import TERMS, NotAllowed, may
from muster.people.words import ApprovalKind, Role
from tests.people.factories import (
    HOUR,
    NOW,
    SYSTEM,
    acting,
    approval,
    assignment,
    audited,
    codes,
    commune,
    officer,
    province,
)
from tests.units.factories import unit

pytestmark = pytest.mark.django_db
CHECK = Purpose.CHECK
MERGE = ApprovalKind.MERGE


def checker(username: str, **changes):
    person = officer(username, **changes)
    assignment(person, "checker")
    return person


def request(kind=MERGE, **changes) -> ApprovalRequest:
    values = {"id": new_id(), "kind": kind, "subject_kind": "case", "subject": new_id(), "reason": "Trùng người"}
    return ApprovalRequest(**values | {"unit": province().id} | changes)


def use(row: ApprovalRequest, **changes) -> ApprovalUse:
    values = {"approval": row.id, "kind": row.kind, "subject_kind": row.subject_kind, "subject": row.subject}
    return ApprovalUse(**values | {"unit": row.unit} | changes)


def asked(by, *rows: ApprovalRequest, at=NOW):
    return request_approvals(requests=rows, by=acting(by, CHECK), at=at)


def decide(by, row: ApprovalRequest, granted: bool = True, at=NOW + HOUR, purpose=CHECK):  # noqa: FBT001, FBT002
    return decide_approvals(decisions=[Decision(row.id, granted)], by=acting(by, purpose), at=at)


def test_one_asks_another_grants_and_it_is_used_once():
    an, binh, row = checker("an.nguyen"), checker("binh.tran"), request()
    assert asked(an, row).done == [row.id]
    assert decide(binh, row).done == [row.id]
    use_approvals(uses=[use(row)], by=acting(an, CHECK), at=NOW + 2 * HOUR)
    with pytest.raises(AlreadyUsed):
        use_approvals(uses=[use(row)], by=acting(an, CHECK), at=NOW + 2 * HOUR)
    assert audited() == [("approval.ask", 2), ("approval.granted", 2), ("approval.use", 1)]


def test_nobody_decides_their_own_request_nor_does_the_system():
    an, row = checker("an.nguyen"), request()
    asked(an, row)
    assert codes(decide(an, row)) == [(0, "needs_second_person")]
    with pytest.raises(NeedsSecondPerson):
        decide_approvals(decisions=[Decision(row.id, granted=True)], by=SYSTEM, at=NOW)
    with pytest.raises(NeedsSecondPerson):
        request_approvals(requests=[request()], by=SYSTEM, at=NOW)


def test_who_asks_and_decides_needs_the_right_over_that_unit():
    an, far = checker("an.nguyen"), checker("xa.le", unit=unit(9))
    crew = officer("crew.vu")
    assignment(crew, "crew")
    row = request()
    assert codes(asked(crew, row)) == codes(asked(far, row)) == [(0, "not_allowed")]
    asked(an, row)
    assert codes(decide(crew, row)) == codes(decide(far, row)) == [(0, "not_allowed")]
    assert codes(decide(checker("chi.le"), row, purpose=Purpose.COMMAND)) == [(0, "not_allowed")]


def test_a_decision_stands():
    an, binh, chi, row = checker("an.nguyen"), checker("binh.tran"), checker("chi.le"), request()
    asked(an, row)
    decide(binh, row, granted=False)
    assert decide(binh, row, granted=False).done == [row.id]  # sent again
    for person, granted in ((binh, True), (chi, True), (chi, False)):
        assert codes(decide(person, row, granted)) == [(0, "already_decided")]
    with pytest.raises(NotGranted):
        use_approvals(uses=[use(row)], by=acting(an, CHECK), at=NOW + 2 * HOUR)
    assert audited() == [("approval.ask", 2), ("approval.refused", 2)]


def test_a_request_expires_undecided_and_a_grant_unused():
    an, binh, row = checker("an.nguyen"), checker("binh.tran"), request()
    late = request()
    asked(an, row, late)
    terms = TERMS[MERGE]
    assert codes(decide(binh, late, at=NOW + terms.to_decide)) == [(0, "approval_expired")]
    decided_at = NOW + terms.to_decide - HOUR
    decide(binh, row, at=decided_at)
    with pytest.raises(ApprovalExpired):
        use_approvals(uses=[use(row)], by=acting(an, CHECK), at=decided_at + terms.to_use)
    use_approvals(uses=[use(row)], by=acting(an, CHECK), at=decided_at + terms.to_use - HOUR)


def test_a_grant_covers_exactly_what_was_asked():
    an, binh, row = checker("an.nguyen"), checker("binh.tran"), request()
    asked(an, row)
    decide(binh, row)
    other = {
        "approval": new_id(), "kind": ApprovalKind.CANCEL_NUMBER, "subject_kind": "person",
        "subject": new_id(), "unit": commune().id,
    }  # fmt: skip
    for name, value in other.items():
        with pytest.raises(NeedsSecondPerson):
            use_approvals(uses=[use(row, **{name: value})], by=acting(an, CHECK), at=NOW + HOUR)
    with pytest.raises(NeedsSecondPerson):
        use_approvals(uses=[use(row)], by=acting(binh, CHECK), at=NOW + HOUR)
    with pytest.raises(NeedsSecondPerson):
        use_approvals(uses=[use(row)], by=SYSTEM, at=NOW + HOUR)


def test_who_has_lost_the_role_or_the_account_uses_nothing():
    an, binh, row = checker("an.nguyen"), checker("binh.tran"), request()
    asked(an, row)
    decide(binh, row)
    by = acting(an, CHECK)
    with pytest.raises(NotAllowed):
        use_approvals(uses=[use(row)], by=acting(an, Purpose.COMMAND), at=NOW + HOUR)
    Assignment.objects.filter(officer=an).update(valid_to=NOW + HOUR)
    with pytest.raises(NotAllowed):
        use_approvals(uses=[use(row)], by=by, at=NOW + HOUR)
    assignment(an, "checker", valid_from=NOW + HOUR)
    Officer.objects.filter(id=an.id).update(is_active=False, deactivated_at=NOW)
    with pytest.raises(NotAllowed):
        use_approvals(uses=[use(row)], by=by, at=NOW + HOUR)
    assert Approval.objects.get().used_at is None
    Officer.objects.filter(id=an.id).update(is_active=True, deactivated_at=None)
    use_approvals(uses=[use(row)], by=by, at=NOW + HOUR)


def test_broken_glass_closes_with_the_role_of_who_broke_it():
    an = officer("an.nguyen")
    role = assignment(an, "crew")
    approval(
        an, kind="break_glass", decision="granted", decided_by=officer("binh.tran"), decided_at=NOW,
        expires_at=NOW + HOUR,
    )  # fmt: skip
    assert queries.grants(an.id, NOW).glass == (an.unit_id,)
    Assignment.objects.filter(id=role.id).update(valid_to=NOW)
    assert queries.grants(an.id, NOW).glass == ()


def test_uses_stand_all_or_none_and_fall_with_their_operation():
    an, binh, one, two = checker("an.nguyen"), checker("binh.tran"), request(), request()
    asked(an, one, two)
    decide(binh, one)
    by = acting(an, CHECK)
    with pytest.raises(NotGranted):
        use_approvals(uses=[use(one), use(two)], by=by, at=NOW + HOUR)
    with pytest.raises(AlreadyUsed):
        use_approvals(uses=[use(one), use(one)], by=by, at=NOW + HOUR)
    with transaction.atomic():
        use_approvals(uses=[use(one)], by=by, at=NOW + HOUR)
        transaction.set_rollback(True)  # the operation it served has failed
    assert Approval.objects.filter(used_at__isnull=False).count() == 0


def test_the_same_request_sent_twice_is_asked_once():
    an, row = checker("an.nguyen"), request()
    assert asked(an, row).done == asked(an, row, at=NOW + HOUR).done == [row.id]
    assert Approval.objects.get().asked_at == NOW
    other = request(id=row.id)
    assert codes(asked(an, other)) == [(0, "id_taken")]
    assert codes(asked(an, request(reason=" "), request(unit=99))) == [(0, "no_reason"), (1, "unknown_unit")]
    assert audited() == [("approval.ask", 2)]


def test_broken_glass_opens_another_unit_for_an_hour():
    an = officer("an.nguyen")
    assignment(an, "crew")
    chief = officer("dao.le", unit=unit(9))
    assignment(chief, "commander")
    row = request(ApprovalKind.BREAK_GLASS, unit=9, reason="Cháu bé lạc, cần tìm cha mẹ")
    path = (1, 9)
    request_approvals(requests=[row], by=acting(an, Purpose.BREAK_GLASS), at=NOW)
    assert not may(queries.grants(an.id, NOW), "register.look_up", path, Purpose.BREAK_GLASS)
    decide(chief, row, at=NOW, purpose=Purpose.COMMAND)
    minutes = TERMS[ApprovalKind.BREAK_GLASS].to_use
    assert may(queries.grants(an.id, NOW), "register.look_up", path, Purpose.BREAK_GLASS)
    assert not may(queries.grants(an.id, NOW + minutes), "register.look_up", path, Purpose.BREAK_GLASS)
    assert queries.grants(chief.id, NOW).glass == ()


def test_the_inbox_holds_what_one_may_decide_and_nothing_of_ones_own(django_assert_num_queries):
    an, binh, far = checker("an.nguyen"), checker("binh.tran"), checker("xa.le", unit=unit(9))
    rows = [request(unit=commune().id) for _ in range(5)]
    asked(an, *rows)
    decide(binh, rows[0])
    grants = _grants(binh)
    with django_assert_num_queries(1):
        seen = [(row.id, row.unit.name, row.asked_by.username) for row in queries.inbox(grants, NOW + HOUR)]
    assert seen == [(row.id, "Số 3", "an.nguyen") for row in rows[1:]]
    assert queries.inbox(_grants(an), NOW + HOUR) == queries.inbox(_grants(far), NOW + HOUR) == []
    assert queries.inbox(_grants(binh), NOW + TERMS[MERGE].to_decide) == []
    assert {row.id for row in queries.requests_of(an.id)} == {row.id for row in rows}


def _grants(person):
    return queries.grants(person.id, NOW + HOUR)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_use_one_approval_once():
    an, binh, row = checker("an.nguyen"), checker("binh.tran"), request()
    asked(an, row)
    decide(binh, row)
    outcomes = []

    def attempt():
        try:
            use_approvals(uses=[use(row)], by=acting(an, CHECK), at=NOW + HOUR)
            outcomes.append("used")
        except AlreadyUsed:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["too late"] * 19 + ["used"]
    assert Role.CHECKER in dict(queries.grants(an.id, NOW).roles)
