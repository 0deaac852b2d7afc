"""The audit from the auditor's side: whose looks, of which units, and the seals to take along."""

import pytest

from muster.audit import queries as audit
from muster.audit.operations import Subject, record, seal
from muster.kernel.actor import Actor, Purpose
from muster.people.words import Role
from tests.register.conftest import AN_LAM, AT, HOP_TIEN
from tests.web.register.conftest import browser, clock, demo, page, transfer, units

__all__ = ["clock", "demo", "units"]
pytestmark = pytest.mark.django_db
ROWS = '<tr role="row">'


def look(officer, unit=AN_LAM, action="register.open"):
    by = Actor(officer, unit, Purpose.CAPTURE, "session:0199aaaa")
    record(by=by, at=AT, action=action, subjects=[Subject("officer", officer)])


def rows(shown: str) -> list[str]:
    return shown.split("<tbody")[1].split("</tbody>", maxsplit=1)[0].split(ROWS)[1:]


def test_an_auditor_sees_the_looks_of_the_own_units_alone(demo):
    look(demo[Role.CREW])
    look(demo[Role.CREW], HOP_TIEN, "register.search")
    told = rows(page(browser("auditor"), "/audit/"))
    assert "Nguyễn Thị Hạnh" in told[1]
    assert "Mở hồ sơ" in told[1]
    assert "99aaaa" in told[1]
    assert not [row for row in told if "Tìm theo tên" in row]
    newest = audit.latest(limit=1)[0]
    assert (newest.action, newest.officer, newest.purpose) == ("audit.read", demo[Role.AUDITOR], "audit")


def test_an_auditor_of_the_country_sees_everything(demo):
    look(demo[Role.CREW], HOP_TIEN, "register.search")
    transfer("auditor", 1)
    assert "Tìm theo tên" in page(browser("auditor"), "/audit/")


def test_the_looks_of_one_officer_are_shown_and_that_is_written(demo):
    look(demo[Role.CREW])
    look(demo[Role.DESK_LEAD], action="register.correct")
    auditor = browser("auditor")
    told = rows(page(auditor, "/audit/?officer=demo.crew"))
    assert all("Nguyễn Thị Hạnh" in row for row in told)
    assert len(told) == 1
    assert audit.looks_at("officer", demo[Role.CREW])[0].action == "audit.read"
    several = page(auditor, "/audit/?officer=demo.c")
    assert "/audit/?officer=demo.checker" in several
    assert "Chọn một trong" in several
    assert "Mới nhất trong địa bàn" not in several  # nobody is chosen yet
    assert "Không tìm thấy cán bộ nào." in page(auditor, "/audit/?officer=khong.co")


def test_an_administrator_sees_the_seals_alone_and_takes_one_along(demo):
    look(demo[Role.CREW])
    number = seal(at=AT)
    admin = browser("administrator")
    shown = page(admin, "/audit/")
    assert "Mở hồ sơ" not in shown
    assert "Mọi lần xem" not in shown
    assert f"/audit/seals/{number}/" in shown
    answer = admin.get(f"/audit/seals/{number}/")
    assert answer.json() == audit.export_seal(number)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="muster-seal-{number}.json"'
    newest = audit.latest(limit=1)[0]
    assert (newest.action, newest.detail, newest.purpose) == ("audit.export_seal", str(number), "administer")
    assert admin.get("/audit/seals/99/").status_code == 404


@pytest.mark.parametrize("role", ["crew", "desk_lead", "commander", "planner", "checker", "technician", "volunteer"])
def test_the_audit_is_closed_to_everybody_else(demo, role):
    client = browser(role)
    assert (client.get("/audit/").status_code, client.get("/audit/seals/1/").status_code) == (403, 403)
    assert '"/audit/"' not in page(client, "/account/")


def test_the_page_asks_the_same_number_of_questions_at_any_length_and_pages(demo, django_assert_num_queries):
    auditor = browser("auditor")
    look(demo[Role.CREW])
    page(auditor, "/audit/")
    with django_assert_num_queries(QUESTIONS):
        page(auditor, "/audit/")
    for _ in range(60):
        look(demo[Role.CREW])
    with django_assert_num_queries(QUESTIONS):
        shown = page(auditor, "/audit/")
    assert len(rows(shown)) == 50
    older = shown.split('rel="next" href="')[1].split('"')[0]
    assert len(rows(page(auditor, older))) > 10


QUESTIONS = 12


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_is_whole_in_both_languages(demo, language):
    assert f'<html lang="{language}">' in page(browser("auditor", language), "/audit/")
