"""The pages of an administrator, and the requests of two people, from the browser's side."""

from datetime import timedelta

import pytest
from django.test import Client

from muster.events import queries as journal
from muster.people import queries
from muster.people.models import Approval, Assignment, Officer
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.units.models import Renaming
from tests.people.factories import SYSTEM, commune, officer
from tests.units.factories import unit
from tests.web.accounts.conftest import HERE, at, browser
from tests.web.accounts.test_doors import with_phone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = at(9)


@pytest.fixture
def demo():
    return make_demo_officers(units=dict.fromkeys(Role, commune().id), by=SYSTEM, at=NOW)


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_an_administrator_adds_an_officer_and_gives_a_role(demo):
    admin = browser("administrator")
    row = {"full_name": "Trần Thị Ánh", "username": "Anh.Tran", "unit": "c3", "kind": "officer", "badge": "88-1"}
    told = admin.post("/officers/add/", row).content.decode()
    anh = Officer.objects.get(username="anh.tran")
    password = told.split('<p class="sign"><code>')[1].split("<")[0]
    assert (anh.check_password(password), anh.password_temporary, anh.badge) == (True, True, "88-1")
    change = f"/officers/{anh.id}/change/"
    assert admin.post(change, {"what": "assign", "role": "crew", "unit": "c3"}).status_code == 302
    assert queries.grants(anh.id, NOW).roles == ((Role.CREW, 3),)
    shown = page(admin, "/officers/")
    assert "Trần Thị Ánh" in shown
    held = Assignment.objects.get(officer=anh)
    admin.post(change, {"what": "end", "assignment": str(held.id)})
    assert queries.grants(anh.id, NOW).roles == ()
    renewed = admin.post(change, {"what": "password"}).content.decode()
    anh.refresh_from_db()
    assert anh.check_password(renewed.split('<p class="sign"><code>')[1].split("<")[0])
    admin.post(change, {"what": "deactivate"})
    anh.refresh_from_db()
    assert not anh.is_active


def test_units_are_called_as_on_the_campaigns_day(demo):
    day = journal.now(NOW).date()
    Renaming.objects.create(unit=commune(), on=day, type_vi="Phường", name="Ven Sông", name_key="ven1 sông1")
    Renaming.objects.create(unit=commune(), on=day + timedelta(days=1), type_vi="Phường", name="Mai", name_key="mai1")
    admin = browser("administrator")
    for address in ("/account/", "/officers/", f"/officers/{demo[Role.CREW]}/"):
        shown = page(admin, address)
        assert shown.count("Phường Ven Sông (c3)") >= 1
        assert commune().name not in shown
        assert "Phường Mai" not in shown
    assert page(admin, "/account/").count("Phường Ven Sông") == 3  # the head, the unit, the role


def test_what_is_refused_says_why(demo):
    admin = browser("administrator")
    row = {"full_name": "Trần Thị Ánh", "username": "ẤNH", "unit": "c3"}
    for changed, code in (({}, "bad_username"), ({"username": "anh.tran", "unit": "x9"}, "unknown_unit")):
        answer = admin.post("/officers/add/", row | changed)
        assert (answer.status_code, code in answer.content.decode()) == (422, True)
    own = f"/officers/{demo[Role.ADMINISTRATOR]}/change/"
    answer = admin.post(own, {"what": "assign", "role": "checker", "unit": "c3"})
    assert (answer.status_code, "not_yourself" in answer.content.decode()) == (422, True)


def test_an_administrator_sees_nobody_of_another_unit(demo):
    far = officer("xa.le", unit=unit(9))
    admin = browser("administrator")
    assert "xa.le" not in page(admin, "/officers/")
    assert admin.get(f"/officers/{far.id}/").status_code == 403
    assert admin.post(f"/officers/{far.id}/change/", {"what": "deactivate"}).status_code == 403
    assert admin.post("/officers/add/", {"full_name": "A", "username": "a.bc", "unit": "c9"}).status_code == 403


def test_a_commander_reads_the_list_and_changes_nothing(demo):
    chief = browser("commander")
    shown = page(chief, "/officers/")
    assert "Đỗ Ngọc Linh" in shown
    assert "/officers/add/" not in shown
    crew = demo[Role.CREW]
    assert "/change/" not in page(chief, f"/officers/{crew}/")
    assert chief.post(f"/officers/{crew}/change/", {"what": "deactivate"}).status_code == 403


def test_who_may_not_change_is_shown_nothing_to_press(demo):
    for role in ("crew", "planner", "checker", "technician", "volunteer"):
        client = browser(role)
        assert client.get("/officers/").status_code == 403
        assert '"/officers/"' not in page(client, "/account/")


def test_broken_glass_is_asked_for_decided_by_another_and_shown(demo):
    crew, chief = browser("crew"), browser("commander")
    answer = crew.post("/approvals/break-glass/", {"unit": "c3", "reason": "Trẻ lạc"})
    assert answer.status_code == 302
    asked = Approval.objects.get()
    assert "Trẻ lạc" in page(crew, "/approvals/")
    assert crew.get(f"/approvals/{asked.id}/").status_code == 404
    assert "Trẻ lạc" in page(chief, f"/approvals/{asked.id}/")
    assert chief.post(f"/approvals/{asked.id}/", {"answer": "grant", "note": "Đồng ý"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.decision, asked.decided_by_id, asked.note) == ("granted", demo[Role.COMMANDER], "Đồng ý")
    assert chief.get(f"/approvals/{asked.id}/").status_code == 404
    assert queries.grants(demo[Role.CREW], NOW).glass == (3,)
    assert "Chấp thuận" in page(crew, "/approvals/")


def test_glass_is_not_asked_for_without_a_reason_or_by_everybody(demo):
    answer = browser("crew").post("/approvals/break-glass/", {"unit": "c3", "reason": " "})
    assert (answer.status_code, "no_reason" in answer.content.decode()) == (422, True)
    volunteer = browser("volunteer")
    assert "break-glass" not in page(volunteer, "/approvals/")
    assert volunteer.post("/approvals/break-glass/", {"unit": "c3", "reason": "x"}).status_code == 403


def test_a_second_factor_is_reset_by_two_from_the_pages(demo):
    lost = officer("mat.dt", unit=commune())
    with_phone(lost)
    admin, chief = browser("administrator"), browser("commander")
    change = f"/officers/{lost.id}/change/"
    admin.post(change, {"what": "ask_reset", "reason": "Mất điện thoại"})
    asked = Approval.objects.get()
    assert "Đang chờ người thứ hai" in page(admin, f"/officers/{lost.id}/")
    chief.post(f"/approvals/{asked.id}/", {"answer": "grant"})
    assert str(asked.id) in page(admin, f"/officers/{lost.id}/")
    assert admin.post(change, {"what": "reset", "approval": str(asked.id)}).status_code == 302
    assert not queries.enrolled(lost.id)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_whole_in_both_languages(demo, language):
    admin = browser("administrator")
    admin.cookies["language"] = language
    addresses = ["/sign-in/", "/account/", "/officers/", f"/officers/{demo[Role.CREW]}/", "/approvals/"]
    for address in addresses:
        client = Client(SERVER_NAME=HERE, headers={"Accept-Language": language}) if address == "/sign-in/" else admin
        answer = client.get(address)
        assert (answer.status_code, f'<html lang="{language}">' in answer.content.decode()) == (200, True), address


def test_the_list_asks_the_same_number_of_questions_at_any_length(demo, django_assert_num_queries):
    admin = browser("administrator")
    admin.get("/officers/")
    with django_assert_num_queries(10):
        admin.get("/officers/")
    for number in range(30):
        officer(f"can.bo{number}", unit=commune())
    with django_assert_num_queries(10):
        admin.get("/officers/")


def test_an_account_is_confirmed_by_who_had_no_hand_in_it(demo):
    admin, chief = browser("administrator"), browser("commander")
    row = {"full_name": "Trần Thị Ánh", "username": "anh.tran", "unit": "c3", "kind": "officer"}
    admin.post("/officers/add/", row)
    anh = Officer.objects.get(username="anh.tran")
    address, change = f"/officers/{anh.id}/", f"/officers/{anh.id}/change/"
    assert "Chưa được người khác xác nhận" not in page(chief, address)
    refused = chief.post(change, {"what": "confirm"})
    assert (refused.status_code, "no_phone_yet" in refused.content.decode()) == (422, True)
    with_phone(anh)
    assert "Tôi đã gặp, xác nhận" not in page(admin, address)
    refused = admin.post(change, {"what": "confirm"})
    assert (refused.status_code, "had_a_hand" in refused.content.decode()) == (422, True)
    assert "Chờ người khác xác nhận" in page(chief, "/officers/")
    assert "Tôi đã gặp, xác nhận" in page(chief, address)
    assert chief.post(change, {"what": "confirm"}).status_code == 302
    anh.refresh_from_db()
    assert anh.confirmed_by == demo[Role.COMMANDER]
    assert "Chưa được người khác xác nhận" not in page(chief, address)


def test_who_is_not_confirmed_is_told_so_when_deciding(demo):
    Officer.objects.filter(username="demo.commander").update(confirmed_at=None)
    crew, chief = browser("crew"), browser("commander")
    crew.post("/approvals/break-glass/", {"unit": "c3", "reason": "Trẻ lạc"})
    asked = Approval.objects.get()
    refused = chief.post(f"/approvals/{asked.id}/", {"answer": "grant"})
    assert (refused.status_code, "not_confirmed" in refused.content.decode()) == (422, True)
    asked.refresh_from_db()
    assert asked.decision == ""
