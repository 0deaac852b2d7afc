"""The pages of inspections; nobody of the unit's line finds one on any page or in any file before it is done."""

import io
import zipfile
from datetime import date

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from muster.kernel.ids import new_id
from muster.people.words import Role
from muster.reporting import operations
from muster.reporting.inspecting import Step
from muster.reporting.rows import InspectionEnd, InspectionRow
from tests.reporting.conftest import AN_LAM, DISTRICT, HOP_TIEN, PROVINCE, campaign, sql, units
from tests.reporting.test_explaining import HOUR, MORNING, asked, by, people
from tests.web.accounts.conftest import come_in
from tests.web.explaining.test_explanation_pages import clock, line, text

__all__ = ["asked", "campaign", "line", "people", "units"]
LIST = "/reports/inspections/"
SECRET = "Đối chiếu sổ giao ca với giờ mở máy"
LINE = [(Role.DESK_LEAD, AN_LAM), (Role.COMMANDER, AN_LAM), (Role.CREW, AN_LAM), (Role.COMMANDER, DISTRICT),
        (Role.PLANNER, DISTRICT), (Role.AUDITOR, DISTRICT), (Role.ADMINISTRATOR, DISTRICT)]  # fmt: skip


def at(inspection):
    return f"{LIST}{inspection}/"


def sent(act, **values):
    return {"act": act, **{f"{act}.{name}": str(value) for name, value in ({"id": new_id()} | values).items()}}


@pytest.fixture
def planned(line, people, campaign):
    """Return an inspection of An Lam that the province planned, led by somebody of the other commune."""
    row = InspectionRow(
        campaign=campaign, unit=AN_LAM, lead=people["stranger"].id, day=date(2021, 5, 16), what=SECRET
    )  # fmt: skip
    acting = by(people["general"])
    return operations.plan_inspections(inspections=[row], grants=None, by=acting, at=MORNING + HOUR).whole()[0]


def finished(planned, people):
    end = InspectionEnd(inspection=planned, step=Step.FINISH, told="Mở máy muộn QX8.")
    operations.end_inspections(ends=[end], grants=None, by=by(people["general"]), at=MORNING + 9 * HOUR).whole()


def pages(patterns, prefix=""):
    """Return the addresses of all pages and files that need no value in their address."""
    found = []
    for one in patterns:
        where = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            found += pages(one.url_patterns, where)
        elif isinstance(one, URLPattern) and "<" not in where and "sign-" not in where:
            found.append("/" + where)
    return found


ALL = pages(get_resolver().url_patterns)


def seen(client, unit):
    """Return all that an officer is shown and given: every page and file, of their unit and what is below."""
    told = []
    for page in ALL:
        for asked_ in ("", f"?unit={unit}", "?kind=weekly", f"?unit={AN_LAM}&kind=weekly"):
            answered = client.get(f"{page}{asked_}")
            if answered.status_code == 200 and not answered.streaming:
                told.append((page, answered.content.decode(errors="replace")))
    return told


@pytest.mark.parametrize(("role", "unit"), LINE)
def test_nobody_of_the_line_finds_it_anywhere_before_it_is_done(planned, people, role, unit):
    assert len(ALL) > 50
    client = come_in(role, unit)
    told = seen(client, unit)
    assert len(told) > 20
    for page, content in told:
        for secret in (SECRET, str(planned)):
            assert secret not in content, page
    assert client.get(at(planned)).status_code == 403
    assert client.post(at(planned), sent("finish", told="Biết rồi.")).status_code == 403
    assert sql("SELECT count(*) FROM audit_batch WHERE action = 'reporting.look_at_inspections'") == [(0,)]


def test_a_workbook_of_the_line_holds_nothing_of_it(planned):
    client = come_in(Role.COMMANDER, DISTRICT)
    files = ("/briefings/briefing.xlsx?kind=weekly", "/board/ranking/table.xlsx", "/briefings/briefing.xlsx")
    for page in files:
        with zipfile.ZipFile(io.BytesIO(client.get(page).content)) as book:
            assert all(SECRET.encode() not in book.read(name) for name in book.namelist())


def test_who_may_know_finds_it_and_the_audit_says_so(planned, people):
    general = come_in(Role.COMMANDER, PROVINCE)
    assert "chưa công bố" in text(general.get(LIST))
    assert SECRET in text(general.get(at(planned)))
    looks = sql("SELECT officer, entries FROM audit_batch WHERE action = 'reporting.look_at_inspections'")
    assert [entries for _, entries in looks] == [1, 1]
    [(subject,)] = sql("SELECT DISTINCT subject FROM audit_entry WHERE subject_kind = 'inspection'")
    assert subject == planned


def test_done_the_unit_reads_what_was_found(planned, people):
    finished(planned, people)
    clock(MORNING + 10 * HOUR)
    head = come_in(Role.DESK_LEAD, AN_LAM)
    assert "Mở máy muộn QX8." in text(head.get(LIST))
    assert "Mở máy muộn QX8." in text(head.get(at(planned)))
    assert come_in(Role.PLANNER, HOP_TIEN).get(at(planned)).status_code == 403
    assert sql("SELECT count(*) FROM audit_batch WHERE action = 'reporting.look_at_inspections'") == [(0,)]


def test_a_commander_plans_one_finishes_it_with_findings_and_cancels_another(line, people):
    chief = come_in(Role.COMMANDER, DISTRICT)
    me = sql("SELECT id FROM people_officer WHERE username = 'demo.commander'")[0][0]
    values = {"code": "10609", "day": "16/05/2021", "lead": me, "what": "Giờ mở máy."}
    answered = chief.post(LIST, sent("plan", **values))
    assert answered.status_code == 302
    where = answered.headers["Location"]
    finish = {"told": "Mở đúng giờ.", "cause.1": "machine", "text.1": "Một đầu đọc chưa lau."}
    assert chief.post(where, sent("finish", **finish)).status_code == 302
    page = text(chief.get(where))
    assert "Máy Một đầu đọc chưa lau." in page
    other = chief.post(LIST, sent("plan", **values | {"code": "", "other": "10612"})).headers["Location"]
    assert chief.post(other, sent("cancel")).status_code == 422
    assert chief.post(other, sent("cancel", told="Trùng đợt.")).status_code == 302
    assert "đã hủy" in text(chief.get(other))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": "14/05/2021"}, "day"),
        ({"other": "30"}, "other"),
        ({"what": " "}, "what"),
        ({"lead": "head"}, "lead"),
    ],
)
def test_what_is_refused_stands_beside_its_field(line, people, wrong, field):
    chief = come_in(Role.COMMANDER, DISTRICT)
    leads = {"head": people["head"].id, "chief": people["chief"].id}
    values = {"code": "10609", "day": "16/05/2021", "lead": "chief", "what": "Giờ mở máy."} | wrong
    page = chief.post(LIST, sent("plan", **values | {"lead": leads[values["lead"]]}))
    assert page.status_code == 422
    assert f'id="plan.{field}-error"' in page.content.decode()


def test_who_neither_reads_nor_leads_has_no_page(line):
    for role in (Role.CREW, Role.TECHNICIAN, Role.CHECKER):
        assert come_in(role, PROVINCE).get(LIST).status_code == 403
