"""Through the doors: every page is closed until password and phone are both shown, and closes again with the shift."""

import datetime as dt
import re
import time

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.db.models import F
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from muster.audit.queries import latest
from muster.people.models import Officer, WorkSession
from muster.people.operations import deactivate_officers, make_demo_officers
from muster.people.words import Role
from muster.web.accounts import doors
from muster.web.accounts.limits import COOKIE, NAME_LIMIT
from tests.people.factories import SYSTEM, administrator, assignment, commune, officer
from tests.web.accounts.conftest import HERE, at

pytestmark = pytest.mark.django_db
PASSWORD = "một câu dài dễ nhớ"


def person(username="an.nguyen", *, temporary=False, **changes) -> Officer:
    one = officer(username, password_temporary=temporary, **changes)
    one.set_password(PASSWORD)
    one.save()
    return one


def with_phone(one: Officer) -> TOTPDevice:
    return TOTPDevice.objects.create(user=one, name="phone", confirmed=True)


def code_of(device: TOTPDevice) -> str:
    totp = TOTP(device.bin_key)
    totp.time = time.time()
    return f"{totp.token():06d}"


def sign_in(client: Client, username="an.nguyen", password=PASSWORD, **more):
    return client.post("/sign-in/", {"username": username, "password": password, **more}, follow=False)


def go_in(client: Client, one: Officer):
    device = with_phone(one)
    sign_in(client, one.username)
    return client.post("/sign-in/code/", {"code": code_of(device)})


def closed_pages():
    """Return the addresses of all pages with a name that no table of doors leaves open."""

    def walk(patterns, prefix=""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
            elif isinstance(pattern, URLPattern) and pattern.name:
                yield f"{prefix}{pattern.name}", pattern

    named = walk(get_resolver().url_patterns)
    found = [(name, pattern) for name, pattern in named if name not in doors.OPEN and not name.startswith("api")]
    assert len(found) >= 10
    return found


def address_of(name, pattern) -> str:
    values = dict.fromkeys(pattern.pattern.converters, "demo.crew")
    kinds = {key: type(converter).__name__ for key, converter in pattern.pattern.converters.items()}
    sample = {"UUIDConverter": "01980000-0000-7000-8000-000000000001", "IntConverter": 1}
    return reverse(name, kwargs={key: sample.get(kinds[key], values[key]) for key in values})


def test_every_page_is_closed_to_a_stranger(client):
    for name, pattern in closed_pages():
        for method in (client.get, client.post):
            answer = method(address_of(name, pattern))
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/sign-in/"), name


def test_the_api_asks_for_its_own_token_and_tells_a_stranger_its_description_alone(client):
    assert client.get("/api/v1/openapi.json").status_code == 200
    assert client.get("/api/v1/dossiers/01980000-0000-7000-8000-000000000001").status_code == 401
    for path in ("dossiers", "dossiers/announced"):
        assert client.post(f"/api/v1/{path}", [], content_type="application/json").status_code == 401
    for path in ("docs", ""):
        assert client.get(f"/api/v1/{path}").status_code in {302, 404}


def test_every_page_is_closed_to_a_password_alone(client):
    with_phone(person())
    assert sign_in(client).headers["Location"] == "/sign-in/code/"
    for name, pattern in closed_pages():
        if name != "accounts:factor":
            assert client.get(address_of(name, pattern)).headers["Location"] == "/sign-in/code/", name


def test_password_and_phone_open_the_page_one_came_for(client, clock):
    device = with_phone(person())
    asked = client.get("/account/")
    assert asked.headers["Location"] == "/sign-in/?next=%2Faccount%2F"
    sign_in(client, next="/account/")
    half = client.session.session_key
    answer = client.post("/sign-in/code/", {"code": code_of(device)})
    assert answer.headers["Location"] == "/account/"
    assert client.session.session_key != half
    assert client.session.get_expiry_date() == at(12, 30)
    assert "Nguyễn Văn An" in client.get("/account/").content.decode()
    assert [look.action for look in latest()] == ["sign_in"]


def test_no_page_of_another_house_is_gone_to(client):
    device = with_phone(person())
    sign_in(client, next="https://evil.example/account/")
    assert "evil" not in client.post("/sign-in/code/", {"code": code_of(device)}).headers["Location"]


def test_the_first_sign_in_ties_a_phone_and_sets_a_password(client, clock):
    one = person(temporary=True)
    sign_in(client)
    assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/phone/"
    shown = client.get("/sign-in/phone/").content.decode()
    assert "<svg" in shown
    device = TOTPDevice.objects.get(user=one, confirmed=False)
    told = client.post("/sign-in/phone/", {"code": code_of(device)}).content.decode()
    assert len(re.findall(r"<code>[a-z2-9]{5}-[a-z2-9]{5}</code>", told)) == 8
    assert client.get("/account/").headers["Location"] == "/account/password/"
    again = {"old": PASSWORD, "new": "một câu khác còn dài hơn", "again": "khác"}
    assert "passwords_differ" in client.post("/account/password/", again).content.decode()
    client.post("/account/password/", again | {"again": again["new"]})
    assert client.get("/account/").status_code == 200


def test_a_recovery_code_opens_once(client, clock):
    one = person()
    sign_in(client)
    client.get("/sign-in/phone/")
    told = client.post("/sign-in/phone/", {"code": code_of(TOTPDevice.objects.get(user=one))}).content.decode()
    spare = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", told)[0]
    for expected in (302, 200):
        client.post("/sign-out/")
        sign_in(client)
        assert client.post("/sign-in/code/", {"code": spare.upper()}).status_code == expected


def test_a_wrong_password_says_nothing_of_the_name_and_is_audited(client):
    person()
    known, unknown = sign_in(client, password="sai"), sign_in(client, "ai.do", password="sai")
    for answer in (known, unknown):
        assert "Tên đăng nhập hoặc mật khẩu không đúng." in answer.content.decode()
    assert [(look.action, look.entries) for look in latest()] == [("sign_in.failed", 0), ("sign_in.failed", 1)]


def test_five_wrong_passwords_lock_the_name_at_that_address_and_say_how_long(client):
    with_phone(person())
    answers = [sign_in(client, password="sai") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    told = sign_in(client)  # the right one now
    assert told.status_code == 429
    assert "Hãy thử lại sau 15 phút." in told.content.decode()
    assert sign_in(Client(SERVER_NAME=HERE, REMOTE_ADDR="10.9.9.9")).status_code == 302
    assert latest()[0].action == "sign_in.locked"


def guess_from_everywhere(count, name="an.nguyen"):
    """Guess a password once from each of so many addresses; return the status of each answer."""
    answers = [
        sign_in(Client(SERVER_NAME=HERE, REMOTE_ADDR=f"10.{place // 200}.7.{place % 200 + 1}"), name, password="sai")
        for place in range(count)
    ]
    return [answer.status_code for answer in answers]


def stranger() -> Client:
    return Client(SERVER_NAME=HERE, REMOTE_ADDR="10.200.1.1")


def test_guesses_at_one_name_from_many_addresses_are_added_up_and_the_lock_ends_by_itself(client):
    with_phone(person())
    person("binh.tran", full_name="Trần Văn Bình")
    assert guess_from_everywhere(NAME_LIMIT) == [200] * (NAME_LIMIT - 1) + [429]
    told = sign_in(stranger())  # the right password
    assert (told.status_code, "Hãy thử lại sau 15 phút." in told.content.decode()) == (429, True)
    assert sign_in(stranger(), "binh.tran").status_code == 302
    assert guess_from_everywhere(5) == [429] * 5  # and what is tried meanwhile does not make it longer
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - settings.AXES_COOLOFF_TIME)
    assert sign_in(stranger()).status_code == 302


def test_whoever_guesses_does_not_keep_an_officer_out_of_the_browser_they_came_in_by(client, clock):
    go_in(client, person())
    client.post("/sign-out/")
    guess_from_everywhere(NAME_LIMIT)
    assert sign_in(stranger()).status_code == 429
    assert sign_in(client).status_code == 302
    client.post("/sign-out/")
    answers = [sign_in(client, password="sai") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]  # a stolen browser guesses no more either
    assert sign_in(client).status_code == 429


def test_a_known_browser_is_known_under_its_own_name_and_cannot_be_made_up(client, clock):
    go_in(client, person())
    client.post("/sign-out/")
    person("binh.tran", full_name="Trần Văn Bình")
    guess_from_everywhere(NAME_LIMIT, "binh.tran")
    assert sign_in(client, "binh.tran").status_code == 429
    guess_from_everywhere(NAME_LIMIT)
    for made_up in ("x", client.cookies[COOKIE].value[:-1] + "?", signing.dumps(["", "0" * 30])):
        thief = stranger()
        thief.cookies[COOKIE] = made_up
        assert sign_in(thief).status_code == 429
    told = client.cookies[COOKIE]
    assert (told["httponly"], told["samesite"], "an.nguyen" in told.value) == (True, "Lax", False)


def test_what_was_typed_as_a_name_is_kept_nowhere(client):
    sign_in(client, "hunter2-my-password", password="another-secret")
    kept = str(list(AccessAttempt.objects.values())) + str(latest())
    assert "hunter2" not in kept
    assert "another-secret" not in kept


def test_a_deactivated_officer_does_not_come_in(client):
    one = person()
    go_in(client, one)
    deactivate_officers(officers=[one.id], by=SYSTEM, at=at(9))
    assert client.get("/account/").headers["Location"].startswith("/sign-in/?")
    assert sign_in(client).status_code == 200


def test_a_session_ends_with_the_shift(client, clock):
    go_in(client, person())
    for moment in (at(9, 29), at(9, 58), at(10, 27), at(10, 56), at(11, 25), at(11, 54), at(12, 23)):
        clock[0] = moment
        assert client.get("/account/").status_code == 200
    clock[0] = at(12, 30)
    answer = client.get("/account/")
    assert answer.headers["Location"] == "/sign-in/?next=%2Faccount%2F&ended=shift_end"
    assert "Ca làm việc đã kết thúc." in client.get(answer.headers["Location"]).content.decode()
    assert WorkSession.objects.get().end_reason == "shift_end"


def test_a_session_ends_when_nobody_is_there(client, clock):
    go_in(client, person())
    clock[0] = at(9, 30)
    assert "ended=idle" in client.get("/account/").headers["Location"]


def test_a_signed_out_browser_is_outside(client, clock):
    go_in(client, person())
    client.post("/sign-out/")
    assert client.get("/account/").status_code == 302
    assert WorkSession.objects.get().end_reason == "signed_out"
    assert [look.action for look in latest()] == ["sign_out", "sign_in"]


def test_a_stolen_cookie_of_an_ended_session_opens_nothing(client, clock):
    go_in(client, person())
    thief = Client(SERVER_NAME=HERE)
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/account/").status_code == 200
    client.post("/sign-out/")
    assert thief.get("/account/").status_code == 302


def test_a_part_of_a_page_is_told_to_load_the_door(client):
    answer = client.get("/account/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in/?next=%2Faccount%2F")


@pytest.fixture
def demo():
    return make_demo_officers(units=dict.fromkeys(Role, commune().id), by=SYSTEM, at=at(8))


def test_one_click_signs_in_on_this_machine(client, clock, demo):
    shown = client.get("/sign-in/").content.decode()
    assert shown.count("/sign-in/demo/demo.") == len(Role) + 1  # a second checker, for acts of two people
    assert client.post("/sign-in/demo/demo.planner").status_code == 302
    assert "Phạm Thu Hà" in client.get("/account/").content.decode()
    client.post("/sign-in/demo/demo.crew")  # from one role into another
    assert "Nguyễn Thị Hạnh" in client.get("/account/").content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"REMOTE_ADDR": "10.1.2.3"},
        {"REMOTE_ADDR": "not an address"},
        {"HTTP_X_FORWARDED_FOR": "10.1.2.3"},
        {"HTTP_FORWARDED": "for=10.1.2.3"},
        {"HTTP_X_REAL_IP": "10.1.2.3"},
        {"SERVER_NAME": "muster.example"},
    ],
)
def test_one_click_signs_nobody_in_from_elsewhere(client, clock, demo, settings, elsewhere):
    settings.ALLOWED_HOSTS = ["*"]
    assert "/sign-in/demo/" not in client.get("/sign-in/", **elsewhere).content.decode()
    assert client.post("/sign-in/demo/demo.planner", **elsewhere).status_code == 403
    assert WorkSession.objects.count() == 0
    client.post("/sign-in/demo/demo.planner")  # and a session made here is no use there
    assert client.get("/account/", **elsewhere).status_code == 302


def test_no_click_signs_in_a_real_officer_or_where_there_is_no_demonstration(client, clock):
    administrator()
    for name in ("quan.tri", "demo.administrator"):
        assert client.post(f"/sign-in/demo/{name}").status_code == 403
    assert "/sign-in/demo/" not in client.get("/sign-in/").content.decode()


def test_a_missing_right_has_its_page(client, clock):
    one = person()
    assignment(one, "crew")
    go_in(client, one)
    answer = client.get("/officers/")
    assert answer.status_code == 403
    assert "not_allowed" in answer.content.decode()


def test_a_page_asks_the_database_a_fixed_number_of_questions(client, clock, django_assert_num_queries):
    one = person()
    go_in(client, one)
    client.get("/account/")
    with django_assert_num_queries(12):
        client.get("/account/")


def test_presence_is_written_down_once_a_minute_and_not_on_every_page(client, clock, django_assert_num_queries):
    go_in(client, person())
    began = WorkSession.objects.get().seen_at
    for seconds, seen, questions in ((59, 0, 12), (61, 61, 13), (90, 61, 12)):
        clock[0] = began + dt.timedelta(seconds=seconds)
        with django_assert_num_queries(questions):
            client.get("/account/")
        assert WorkSession.objects.get().seen_at == began + dt.timedelta(seconds=seen)


def test_an_expired_session_is_nobodys_and_ends_here_too(client, clock):
    go_in(client, person())
    assert client.get("/account/").status_code == 200
    Session.objects.update(expire_date=dt.datetime.now(dt.UTC))
    assert client.get("/account/").headers["Location"] == "/sign-in/?next=%2Faccount%2F&ended=ended"
    assert WorkSession.objects.get().end_reason == "mismatch"
    assert latest()[0].officer is None


def test_an_officer_who_is_deactivated_is_out_on_the_next_page(client, clock):
    one = person()
    go_in(client, one)
    Officer.objects.filter(id=one.id).update(is_active=False, deactivated_at=clock[0])
    assert client.get("/account/").headers["Location"].startswith("/sign-in/")
