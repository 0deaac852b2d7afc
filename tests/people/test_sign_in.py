"""Passwords, second factors, work sessions, the first administrator and the demonstration."""

import datetime as dt
import time

import pytest
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from muster.audit.queries import looks_at
from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.people import queries
from muster.people.models import Officer, WorkSession
from muster.people.operations import (
    AdministratorExists,
    ApprovalRequest,
    Decision,
    FactorReset,
    NeedsSecondPerson,
    NewPassword,
    RealPeopleHere,
    WeakPassword,
    WrongCode,
    WrongPassword,
    begin_enrolment,
    change_password,
    confirm_enrolment,
    deactivate_officers,
    decide_approvals,
    end_sessions,
    first_administrator,
    issue_passwords,
    make_demo_officers,
    open_session,
    prove_factor,
    record_failure,
    request_approvals,
    reset_factors,
    touch_session,
)
from muster.people.operations.factor import AlreadyEnrolled, TooManyCodes
from muster.people.operations.sign_in import NewSession, NotThisWay
from muster.people.words import ApprovalKind, Role
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
)
from tests.units.factories import root, unit

pytestmark = pytest.mark.django_db
GOOD = "một câu dài dễ nhớ"
SECRET = bytes(range(20))
RECOVERY = ("abcd2345", "efgh2345")


def session_of(person: Officer, key: str = "k1", at=NOW, **changes):
    session = NewSession(new_id(), person.id, key, **changes)
    open_session(session=session, by=acting(person), at=at)
    return session.id


def test_a_session_ends_with_the_shift_and_is_audited():
    an = officer()
    ends_at = open_session(session=NewSession(new_id(), an.id, "k1", address="10.1.2.3"), by=acting(an), at=NOW)
    assert ends_at == dt.datetime(2026, 3, 2, 11, 30, tzinfo=dt.UTC)  # 18:30 in Viet Nam
    found = queries.open_session("k1")
    assert (found.officer, found.demo, found.seen_at, found.ends_at) == (an.id, False, NOW, ends_at)
    assert queries.open_session("k2") is None
    assert audited() == [("sign_in", 2)]


def test_a_session_is_kept_alive_minute_by_minute():
    an = officer()
    session = session_of(an)
    touch_session(session=session, at=NOW + dt.timedelta(seconds=30))
    assert queries.open_session("k1").seen_at == NOW
    touch_session(session=session, at=NOW + dt.timedelta(seconds=90))
    assert queries.open_session("k1").seen_at == NOW + dt.timedelta(seconds=90)


def test_sessions_end_once_and_say_why():
    an = officer()
    one, two = session_of(an, "k1"), session_of(an, "k2")
    assert end_sessions(sessions=[one], reason="signed_out", by=acting(an), at=NOW + HOUR) == 1
    assert end_sessions(officers=[an.id], reason="idle", keep=two, by=acting(an), at=NOW + HOUR) == 0
    assert end_sessions(officers=[an.id], reason="idle", by=acting(an), at=NOW + HOUR) == 1
    reasons = dict(WorkSession.objects.values_list("id", "end_reason"))
    assert reasons == {one: "signed_out", two: "idle"}
    assert [action for action, _ in audited()] == ["sign_in", "sign_in", "sign_out", "session.end"]


def test_who_is_deactivated_is_out_at_once():
    an = officer()
    session_of(an)
    deactivate_officers(officers=[an.id], by=acting(administrator()), at=NOW)
    assert queries.open_session("k1") is None
    with pytest.raises(Refusal, match="officer_inactive"):
        session_of(an, "k2")


def test_a_failed_sign_in_keeps_no_unknown_name():
    an = officer("an.nguyen")
    record_failure(action="sign_in.failed", username=" AN.Nguyen", device="10.1.2.3", at=NOW)
    record_failure(action="sign_in.failed", username="my-secret-password", at=NOW)
    assert audited() == [("sign_in.failed", 1), ("sign_in.failed", 0)]
    assert [look.device for look in looks_at("officer", an.id)] == ["10.1.2.3"]


def test_a_password_is_long_uncommon_and_not_the_name():
    an = officer(password="!")
    boss = administrator()
    for weak in ("short", "12345678901234", "nguyenvanan1", "qwertyuiop12", "nguyễn văn an"):
        result = issue_passwords(passwords=[NewPassword(an.id, weak)], by=acting(boss), at=NOW)
        assert codes(result) == [(0, "weak_password")], weak
    assert issue_passwords(passwords=[NewPassword(an.id, GOOD)], by=acting(boss), at=NOW).done == [an.id]
    an.refresh_from_db()
    assert (an.check_password(GOOD), an.password_temporary) == (True, True)


def test_nobody_is_given_a_password_by_themselves_or_by_who_may_not():
    an, boss, far = officer(), administrator(), administrator("xa.le", unit=unit(9))
    row = NewPassword(an.id, GOOD)
    assert codes(issue_passwords(passwords=[NewPassword(boss.id, GOOD)], by=acting(boss), at=NOW)) == [
        (0, "not_yourself")
    ]
    for by in (far, an):
        assert codes(issue_passwords(passwords=[row], by=acting(by), at=NOW)) == [(0, "not_allowed")]


def test_a_changed_password_ends_the_other_sessions():
    an = officer()
    an.set_password("mật khẩu tạm thời")
    an.password_temporary = True
    an.save()
    here, _there = session_of(an, "k1"), session_of(an, "k2")

    def change(old, new):
        change_password(officer=an.id, old=old, new=new, keep=here, by=acting(an), at=NOW)

    with pytest.raises(WrongPassword):
        change("sai rồi", GOOD)
    with pytest.raises(WeakPassword):
        change("mật khẩu tạm thời", "ngắn")
    with pytest.raises(Refusal, match="same_password"):
        change("mật khẩu tạm thời", "mật khẩu tạm thời")
    change("mật khẩu tạm thời", GOOD)
    an.refresh_from_db()
    assert (an.check_password(GOOD), an.password_temporary) == (True, False)
    assert (queries.open_session("k1").id, queries.open_session("k2")) == (here, None)


def code_of(device: TOTPDevice, step: int = 0) -> str:
    totp = TOTP(device.bin_key)
    totp.time = time.time() + 30 * step
    return f"{totp.token():06d}"


def enrol(person: Officer) -> TOTPDevice:
    begin_enrolment(officer=person.id, secret=SECRET, by=acting(person), at=NOW)
    device = TOTPDevice.objects.get(user=person)
    return confirm_enrolment(
        officer=person.id, code=code_of(device), recovery=RECOVERY, by=acting(person), at=timezone.now()
    )


def test_a_phone_is_enrolled_by_its_first_code():
    an = officer()
    address = begin_enrolment(officer=an.id, secret=SECRET, by=acting(an), at=NOW)
    assert address.startswith("otpauth://totp/Muster%3Aan.nguyen?secret=AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT")
    assert begin_enrolment(officer=an.id, secret=b"x" * 20, by=acting(an), at=NOW) == address
    with pytest.raises(WrongCode):
        confirm_enrolment(officer=an.id, code="000000", recovery=RECOVERY, by=acting(an), at=timezone.now())
    assert not queries.enrolled(an.id)
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    enrol(an)
    assert queries.enrolled(an.id)
    with pytest.raises(AlreadyEnrolled):
        begin_enrolment(officer=an.id, secret=SECRET, by=acting(an), at=NOW)
    assert [action for action, _ in audited()] == ["factor.begin", "factor.failed", "factor.enrol"]


def test_a_code_is_good_once_and_a_wrong_one_makes_wait():
    an = officer()
    device = enrol(an)
    now = timezone.now()
    code = code_of(device, 1)
    assert prove_factor(officer=an.id, code=f"{code[:3]} {code[3:]}", at=now).persistent_id == device.persistent_id
    with pytest.raises(WrongCode):
        prove_factor(officer=an.id, code=code, at=now)
    with pytest.raises(TooManyCodes) as waiting:
        prove_factor(officer=an.id, code=code_of(device), at=now)
    assert waiting.value.values == {"seconds": 1}


def test_a_recovery_code_is_good_once():
    an = officer()
    enrol(an)
    assert isinstance(prove_factor(officer=an.id, code="ABCD2345", at=timezone.now()), StaticDevice)
    with pytest.raises(WrongCode):
        prove_factor(officer=an.id, code="abcd2345", at=timezone.now())


def test_a_code_of_one_officer_opens_no_other():
    an, binh = officer(), officer("binh.tran")
    device = enrol(an)
    with pytest.raises(WrongCode):
        prove_factor(officer=binh.id, code=code_of(device), at=timezone.now())


def reset_asked(an: Officer, by: Officer) -> ApprovalRequest:
    row = ApprovalRequest(new_id(), ApprovalKind.RESET_FACTOR, "officer", an.id, an.unit_id, "Mất điện thoại")
    assert request_approvals(requests=[row], by=acting(by), at=NOW).done == [row.id]
    return row


def test_a_second_factor_is_taken_off_by_two_people():
    an, boss, other = officer(), administrator(), administrator("hai.ly")
    enrol(an)
    session_of(an)
    row = reset_asked(an, boss)
    reset = [FactorReset(an.id, row.id)]
    with pytest.raises(Refusal, match="approval_not_granted"):
        reset_factors(resets=reset, by=acting(boss), at=NOW)
    decide_approvals(decisions=[Decision(row.id, granted=True)], by=acting(other), at=NOW)
    with pytest.raises(NeedsSecondPerson):
        reset_factors(resets=reset, by=acting(other), at=NOW)
    assert queries.enrolled(an.id)
    assert reset_factors(resets=reset, by=acting(boss), at=NOW).done == [an.id]
    assert (queries.enrolled(an.id), queries.open_session("k1")) == (False, None)
    with pytest.raises(Refusal, match="approval_used"):
        reset_factors(resets=reset, by=acting(boss), at=NOW)


def test_an_approval_for_one_officer_takes_nothing_off_another():
    an, binh, boss, other = officer(), officer("binh.tran"), administrator(), administrator("hai.ly")
    enrol(binh)
    row = reset_asked(an, boss)
    decide_approvals(decisions=[Decision(row.id, granted=True)], by=acting(other), at=NOW)
    with pytest.raises(NeedsSecondPerson):
        reset_factors(resets=[FactorReset(binh.id, row.id)], by=acting(boss), at=NOW)
    assert queries.enrolled(binh.id)


def test_there_is_one_first_administrator():
    root()
    first = {"username": "quan.tri", "full_name": "Hoàng Anh Tuấn", "by": SYSTEM, "at": NOW}
    with pytest.raises(WeakPassword):
        first_administrator(**first, password="ngắn")
    made = first_administrator(**first, password=GOOD)
    assert queries.grants(made, NOW).roles == ((Role.ADMINISTRATOR, 1),)
    person = Officer.objects.get()
    assert (person.check_password(GOOD), person.password_temporary) == (True, False)
    with pytest.raises(AdministratorExists):
        first_administrator(**first | {"username": "khac"}, password=GOOD)


def demo_units() -> dict[Role, int]:
    return dict.fromkeys(Role, commune().id) | {Role.ADMINISTRATOR: root().id}


def test_a_demonstration_has_an_officer_for_each_role_and_a_second_checker():
    made = make_demo_officers(units=demo_units(), by=SYSTEM, at=NOW)
    assert make_demo_officers(units=demo_units(), by=SYSTEM, at=NOW + HOUR) == made
    shown = {row.username: row.full_name for row in queries.demo_officers()}
    assert set(shown) == {f"demo.{role}" for role in Role} | {"demo.checker.2"}
    assert len(shown) == Officer.objects.count()
    assert shown["demo.crew"] == "Nguyễn Thị Hạnh"
    for role, person in made.items():
        held = queries.grants(person, NOW).held
        assert [one for one, _ in held] == [role]
    with pytest.raises(AdministratorExists):
        first_administrator(username="a.bc", full_name="An", password=GOOD, by=SYSTEM, at=NOW)


def test_a_demonstration_is_never_made_beside_real_officers():
    assignment(officer(), "crew")
    with pytest.raises(RealPeopleHere):
        make_demo_officers(units=demo_units(), by=SYSTEM, at=NOW)
    assert not queries.has_demo()
    assert queries.demo_officers() == []


def test_one_click_opens_demonstration_accounts_and_no_other():
    made = make_demo_officers(units=demo_units(), by=SYSTEM, at=NOW)
    crew, real = Officer.objects.get(id=made[Role.CREW]), officer()
    session_of(crew, "k1", demo=True)
    assert queries.open_session("k1").demo
    for person, demo in ((crew, False), (real, True)):
        with pytest.raises(NotThisWay):
            session_of(person, "k2", demo=demo)
    given = [NewPassword(crew.id, GOOD)]
    assert codes(issue_passwords(passwords=given, by=SYSTEM, at=NOW)) == [(0, "demo_has_no_password")]
