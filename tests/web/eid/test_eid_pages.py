from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from muster.account import queries
from muster.account.operations import notify, request_with_dossiers
from muster.account.rows import Act
from muster.account.words import How, State
from muster.audit import queries as audit
from muster.capture.operations import receive
from muster.kernel.actor import Purpose
from muster.people.models import Officer
from muster.register.sensitive import Sensitive
from muster.web.register.words import phone
from tests.account.conftest import MACHINE, TOLD, citizen
from tests.capture.conftest import CREW, intake
from tests.web.eid.conftest import ASKED, HOP_TIEN, asked, browser, granted, live, page, shows, told, transfer


def held(account):
    return queries.states([account])[account]


def do(client, account, what, **more):
    told = {f"{what}.{name}": value for name, value in more.items()}
    return client.post(f"/eid/{account}/do/", {"what": what, "version": held(account).version} | told | more)


def me(role):
    return Officer.objects.get(username=f"demo.{role}").id


def test_the_queue_counts_each_kind_and_a_look_at_it_is_written_down(lead):
    one, two = citizen("030075123451", "Lê Văn Ba"), citizen("030075123452", "Lê Văn An")
    asked(one)
    told(two)
    text = page(lead, "/eid/")
    for kind, count in {"decide": 1, "outreach": 0, "notify": 0, "told": 1, "active": 0, "locked": 0}.items():
        tab = text.split(f'href="/eid/?kind={kind}"')[1].split("</a>")[0]
        assert f'<span class="soft small">{count}</span>' in tab, kind
    assert "Lê Văn Ba" in text
    assert "Lê Văn An" not in text
    look = audit.looks_at("person", one.id, limit=1)[0]
    assert (look.action, look.purpose) == ("account.list", Purpose.ISSUE)
    shows(ASKED + timedelta(days=4))
    assert "1 yêu cầu đã quá hạn" in page(lead, "/eid/")


@pytest.mark.parametrize("kind", ["decide", "outreach"])
def test_the_lists_take_the_same_questions_at_any_length(lead, kind, django_assert_max_num_queries):
    make = asked if kind == "decide" else told
    for n in range(3):
        make(citizen(f"03007512345{n}", sensitive=Sensitive(phone=f"055123456{n}")))
    shows(ASKED + timedelta(days=20))
    with django_assert_max_num_queries(16):
        text = page(lead, f"/eid/?kind={kind}")
    assert text.count("Nguyễn Văn Hoà") == 3


def test_who_was_told_and_did_nothing_is_listed_with_the_phone_for_who_may_see_it(lead, checker):
    one = citizen(sensitive=Sensitive(phone="0551234567"))
    told(one)
    shows(TOLD + timedelta(days=9))
    text = page(lead, "/eid/?kind=outreach")
    assert phone("0551234567") in text
    assert "quá 2 ngày" in text
    assert phone("0551234567") not in page(checker, "/eid/?kind=outreach")
    assert audit.looks_at("person", one.id, limit=9)[0].action == "account.list_outreach"


def test_a_request_is_granted_or_rejected_with_a_reason_by_an_officer(lead, checker):
    one, two = asked(citizen("030075123451")), asked(citizen("030075123452"))
    assert "Duyệt cấp" in page(checker, f"/eid/{one}/")
    assert do(checker, one, "decide", answer="grant").status_code == 302
    assert (held(one).state, held(one).decided_by) == (State.APPROVED, me("checker"))
    refused = do(lead, two, "decide", answer="reject", reason="because")
    assert (refused.status_code, "account_reason" in refused.content.decode()) == (422, True)
    assert do(lead, two, "decide", answer="reject", reason="biometrics_differ").status_code == 302
    assert "khuôn mặt hoặc vân tay không khớp" in page(lead, f"/eid/{two}/")
    assert do(lead, two, "decide", answer="grant").status_code == 422


def test_an_account_is_activated_at_the_desk_locked_moved_and_closed(lead):
    account = told(citizen())
    shows(TOLD)
    assert "device_missing" in do(lead, account, "activate", device=" ").content.decode()
    assert do(lead, account, "activate", device="IMEI 35-1").status_code == 302
    assert (held(account).activated_how, held(account).activated_by) == (How.PRESENCE, me("desk_lead"))
    assert Officer.objects.get(id=me("desk_lead")).full_name in page(lead, f"/eid/{account}/").split("<dl")[1]
    assert do(lead, account, "device", device="IMEI 35-2").status_code == 302
    assert do(lead, account, "lock", reason="device_lost").status_code == 302
    assert "Mở khóa" in page(lead, f"/eid/{account}/")
    assert do(lead, account, "unlock").status_code == 302
    assert do(lead, account, "close", reason="citizen_asked").status_code == 302
    text = page(lead, f"/eid/{account}/")
    assert "Tài khoản mức 2 đã đóng" in text
    assert "IMEI" not in text
    assert audit.latest(limit=1)[0].action == "account.open"


def test_past_the_days_only_the_hotline_is_offered(lead):
    account = told(citizen())
    shows(TOLD + timedelta(days=8))
    text = page(lead, f"/eid/{account}/")
    assert 'value="hotline"' in text
    assert 'value="activate"' not in text
    assert "needs_hotline" in do(lead, account, "activate", device="x").content.decode()
    assert do(lead, account, "hotline", reason="term_passed", device="x").status_code == 302
    assert (held(account).activated_how, held(account).reason) == (How.HOTLINE, "term_passed")


def test_what_was_read_before_somebody_moved_it_is_not_done(lead):
    account = asked(citizen())
    stale = {"what": "decide", "answer": "grant", "version": 7}
    assert "changed_meanwhile" in lead.post(f"/eid/{account}/do/", stale).content.decode()
    assert "form_damaged" in lead.post(f"/eid/{account}/do/", {"what": "sell"}).content.decode()


def test_each_role_does_its_own_and_only_in_its_area(lead, checker):
    account = told(citizen())
    shows(TOLD)
    assert do(checker, account, "activate", device="x").status_code == 403
    crew = browser("crew")
    assert crew.get("/eid/").status_code == 200
    assert browser("planner").get("/eid/").status_code == 403
    transfer("desk_lead", HOP_TIEN)
    away = browser("desk_lead")
    assert "account_not_here" in page(away, f"/eid/{account}/")
    assert do(away, account, "activate", device="x").status_code == 403
    assert held(account).state is State.NOTIFIED


def test_the_alarms_name_devices_by_a_hash_and_lock_nobody(lead):
    for n in range(6):
        live(citizen(f"03007512345{n}"), device="SHOP")
    shows(TOLD)
    text = page(lead, "/eid/alarms/")
    assert "SHOP" not in text
    assert held(queries.waiting([1], {State.ACTIVATED}, limit=1)[0].id).device.hex()[:8] in text
    auditor = browser("auditor")
    assert auditor.get("/eid/alarms/").status_code == 200
    assert auditor.get("/eid/").status_code == 403


def test_the_persons_page_shows_accounts_with_their_moves_and_asks_for_one(lead):
    one = citizen()
    text = page(lead, f"/register/{one.id}/")
    account = text.split('name="account" value="')[1].split('"')[0]
    for _ in range(2):
        answer = lead.post(f"/eid/person/{one.id}/", {"account": account, "level": "1"})
        assert answer.headers["Location"] == f"/eid/{account}/"
    again = lead.post(f"/eid/person/{one.id}/", {"account": str(MACHINE.unit), "level": "1"})
    assert "form_damaged" in again.content.decode()
    text = page(lead, f"/register/{one.id}/")
    assert f'href="/eid/{account}/"' in text
    assert "Tài khoản mức 1 yêu cầu" in text


def test_the_dossiers_page_shows_the_account_asked_for_with_it(lead):
    dossier = intake(citizen(card=False), ASKED, age=49, account_level=2)
    assert not receive(intakes=[dossier], by=CREW, at=ASKED).refused
    assert "yêu cầu được ghi khi hồ sơ đã tiếp nhận" in page(lead, f"/desk/dossiers/{dossier.id}/")
    (account,) = request_with_dossiers(dossiers=[dossier.id], grants=None, by=MACHINE, at=ASKED).done
    text = page(lead, f"/desk/dossiers/{dossier.id}/")
    assert "được xét khi hồ sơ cấp thẻ được chấp nhận, trả lời trước hết ngày 14/08/2024" in text
    assert f'href="/eid/{account}/"' in text


def test_a_citizen_reads_who_must_act_by_when(lead):
    cache.clear()
    three = {"number": "030075123456", "name": "nguyen van hoa", "birth": "1/3/1975"}
    one = citizen()
    account = granted(one)
    assert "đã được duyệt" in Client().post("/card/", three).content.decode()
    notify(notices=[Act(account=account, at=TOLD)], grants=None, by=MACHINE, at=TOLD)
    shows(TOLD)
    assert "trước hết ngày 13/08/2024" in Client().post("/card/", three).content.decode()
    shows(TOLD + timedelta(days=8))
    assert "Hãy gọi tổng đài" in Client().post("/card/", three).content.decode()
