"""One person's page: each role sees what it may, what is due stands with its reason, and who looked is told."""

from dataclasses import replace
from datetime import date

import pytest

from muster.audit import queries as audit
from muster.events import operations as events
from muster.kernel.clock import PlayedClock
from muster.keys.operations import give_up_lost, hold_to_folder
from muster.people.words import Role
from muster.register.operations import Correction, correct, erase_sensitive
from muster.register.queries import person_page
from tests.people.factories import SYSTEM
from tests.register.conftest import AT, BY, HAMLET
from tests.web.accounts.conftest import at
from tests.web.register.conftest import browser, elsewhere, page, works_for

pytestmark = pytest.mark.django_db
HIDDEN = "Có lưu, không hiện"


@pytest.fixture
def may_2021(clock):
    events.set_clock(clock=PlayedClock(clock[0], AT, paused=True), by=SYSTEM, at=AT)


def test_the_page_shows_the_whole_person(hoa, may_2021):
    shown = page(browser("desk_lead"), f"/register/{hoa.id}/")
    for told in (
        "030075123456", "01/03/1975 · 46 tuổi", "hamlet An Lễ, commune An Lâm, district Nam Sách, province Hải Dương",
        "141234567", "CMND 9 số", "05/01/2010", "CA tỉnh", "Trần Thị Lan", "Chủ hộ", "Hải Dương", "Thế kỷ 20, Nam",
        "0551 234 567", "Phật giáo", "Ngõ 3", "Đã có số định danh", "Chưa được cán bộ xác nhận lần nào.",
    ):  # fmt: skip
        assert told in shown
    assert HIDDEN not in shown


def test_what_is_due_stands_with_its_reason_on_the_campaigns_day(hoa, may_2021):
    vi, en = (page(browser("crew", language), f"/register/{hoa.id}/") for language in ("vi", "en"))
    for told in ("Được cấp thẻ nếu có yêu cầu", "Cấp đổi", "thẻ loại cũ", "Luật 59/2014/QH13 Điều 38"):
        assert told in vi
    for told in ("May have a card on request", "Exchange", "the card is of an old type", "Law 59/2014/QH13 Art. 38"):
        assert told in en


def test_a_corrected_name_makes_the_card_due_and_is_told_with_old_and_new(hoa, may_2021):
    row = Correction(person=hoa.id, version=1, changes={"name": "Nguyễn Văn Hoá", "phone": "0557654321"}, paper="DC02")
    assert not correct(corrections=[row], grants=None, by=BY, at=AT).refused
    shown = page(browser("desk_lead"), f"/register/{hoa.id}/")
    for told in (
        "Nguyễn Văn Hoà → Nguyễn Văn Hoá",
        "0551 234 567 → 0557 654 321",
        "căn cứ: DC02",
        "họ tên đã thay đổi",
    ):
        assert told in shown
    hidden = page(works_for(browser("crew"), "issue"), f"/register/{hoa.id}/")
    assert "0551 234 567 → 0557 654 321" in hidden
    checked = page(browser("checker"), f"/register/{hoa.id}/")
    assert "0557" not in checked
    assert "Điện thoại: Có lưu, không hiện" in checked


@pytest.mark.parametrize(
    ("role", "purpose", "seen"),
    [
        ("crew", "capture", {"0551 234 567", "Phật giáo", "Ngõ 3"}),
        ("crew", "issue", {"0551 234 567"}),
        ("desk_lead", "outreach", {"0551 234 567", "Ngõ 3"}),
        ("desk_lead", "survey", {"Ngõ 3"}),
        ("checker", "check", {"Ngõ 3"}),
    ],
)
def test_each_role_sees_the_sensitive_fields_of_its_purpose(hoa, role, purpose, seen):
    shown = page(works_for(browser(role), purpose), f"/register/{hoa.id}/")
    assert {value for value in ("0551 234 567", "Phật giáo", "Ngõ 3") if value in shown} == seen
    assert shown.count(HIDDEN) == 3 - len(seen)
    look = audit.looks_at("person", hoa.id)[0]
    assert (look.action, look.purpose, len(look.detail.split())) == ("register.open", purpose, len(seen))


def test_what_is_erased_is_said_to_be(hoa):
    erase_sensitive(persons=[hoa.id], grants=None, by=BY, at=AT)
    shown = page(browser("desk_lead"), f"/register/{hoa.id}/")
    assert "đã được xóa vĩnh viễn" in shown
    assert "0551" not in shown


def test_a_citizen_is_told_who_looked_and_why(hoa, demo):
    lead = browser("desk_lead")
    page(browser("crew"), f"/register/{hoa.id}/")
    assert f"/register/{hoa.id}/looks/" in page(lead, f"/register/{hoa.id}/")
    shown = page(lead, f"/register/{hoa.id}/looks/")
    rows = shown.split("<tbody")[1].split("</tbody>")[0]
    for told in ("Nguyễn Thị Hạnh", "Thu nhận hồ sơ", "Mở hồ sơ", "commune An Lâm (10609)", "Đưa vào sổ"):
        assert told in rows
    assert "Nguyễn Văn Hoà · 01/03/1975" in shown
    look = audit.looks_at("person", hoa.id)[0]
    assert (look.action, look.officer, look.purpose) == ("register.looks", demo[Role.DESK_LEAD], "citizen")


def test_an_auditor_sees_who_looked_and_not_whom_they_looked_at(hoa):
    page(browser("crew"), f"/register/{hoa.id}/")
    auditor = browser("auditor")
    shown = page(auditor, f"/register/{hoa.id}/looks/")
    assert "Nguyễn Thị Hạnh" in shown
    assert not [value for value in ("Hoà", "1975", "030075123456") if value in shown]
    assert auditor.get(f"/register/{hoa.id}/").status_code == 403
    assert elsewhere("auditor").get(f"/register/{hoa.id}/looks/").status_code == 404


@pytest.mark.parametrize("role", ["crew", "checker", "commander", "volunteer", "administrator"])
def test_who_looked_is_shown_to_nobody_else(hoa, role):
    client = browser(role)
    assert client.get(f"/register/{hoa.id}/looks/").status_code == 403
    assert "/looks/" not in page(client, f"/register/{hoa.id}/")


def test_older_looks_are_paged_through_and_counted_once_each(hoa, django_assert_num_queries):
    lead = browser("desk_lead")
    for place in range(60):
        person_look(hoa, f"desk-{place}")
    address = f"/register/{hoa.id}/looks/"
    first = page(lead, address)
    assert first.count('role="row"') == 51
    older = first.split('rel="next" href="')[1].split('"')[0]
    second = page(lead, older)
    assert second.count('role="row"') == 1 + 11
    assert f'rel="prev" href="{address}"' in second
    with django_assert_num_queries(LOOKS):
        page(lead, address)
    page(lead, f"{address}?before=nonsense")


def test_looks_of_one_kind_on_end_stand_in_one_row(hoa):
    lead = browser("desk_lead")
    for _ in range(3):
        person_look(hoa)
    shown = page(lead, f"/register/{hoa.id}/looks/")
    assert shown.count('role="row"') == 1 + 2  # its head, three looks, and the taking in
    assert "3 lượt, từ 17:00 08/05/2021" in shown
    assert "Đang hiện 4 lượt" in shown
    assert f'href="/register/{hoa.id}/"' in shown
    assert '<a href="/register/" aria-current="page">' in shown  # one is still in that room


def person_look(hoa, device=""):
    from muster.audit.operations import Subject, record

    record(by=replace(BY, device=device), at=AT, action="register.open", subjects=[Subject("person", hoa.id)])


def test_a_lost_key_is_told_from_an_erased_one(hoa, settings, tmp_path):
    hold_to_folder()
    settings.MUSTER_KEYS = tmp_path / "another"
    assert give_up_lost() == len(person_page(hoa.id, allowed=frozenset()).members)
    shown = page(browser("desk_lead"), f"/register/{hoa.id}/")
    assert "Không đọc được dữ liệu nhạy cảm của người này: thư mục khóa đã mất." in shown
    assert "đã được xóa vĩnh viễn" not in shown


LOOKS = 14
PAGE = 17


def test_a_person_asks_the_same_number_of_questions_whatever_has_happened(hoa, django_assert_num_queries):
    lead = browser("desk_lead")
    page(lead, f"/register/{hoa.id}/")
    with django_assert_num_queries(PAGE):
        page(lead, f"/register/{hoa.id}/")
    for version in range(1, 9):
        changes = {"native_unit": HAMLET, "phone": f"055123456{version}"}
        assert not correct(
            corrections=[Correction(person=hoa.id, version=version, changes=changes)], grants=None, by=BY, at=AT
        ).refused
    with django_assert_num_queries(PAGE + 1):  # the officer who corrected is named
        page(lead, f"/register/{hoa.id}/")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_are_whole_in_both_languages(hoa, language):
    lead = browser("desk_lead", language)
    for address in ("/register/", f"/register/{hoa.id}/", f"/register/{hoa.id}/looks/"):
        assert f'<html lang="{language}">' in page(lead, address)
    assert person_page(hoa.id, allowed=frozenset()).line.birth.earliest == date(1975, 3, 1)


def test_the_clock_of_the_looks_is_the_campaigns(hoa, may_2021):
    page(browser("crew"), f"/register/{hoa.id}/")
    assert audit.looks_at("person", hoa.id)[0].at == AT
    assert at(9) != AT
