"""The page of the limits: who decided what, what is planned beyond them, a guard that is off."""

from datetime import datetime

import pytest

from muster.audit import operations as audit
from muster.kernel.clock import ZONE, PlayedClock
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import Stand
from muster.units.queries import ROOT
from muster.web.frame import real_now
from tests.people.factories import SYSTEM
from tests.plan.conftest import AN_LAM, AT, BY, DAY, PROVINCE, session_row, sql
from tests.web.plan.conftest import COMMANDER, CREW, PLANNER
from tests.web.plan.test_planner_forms import refused, text, typed


@pytest.fixture(autouse=True)
def clock(campaign):
    """Let the campaign's clock stand on the evening of the session."""
    shown = PlayedClock(real_now(), datetime(2021, 5, 10, 19, tzinfo=ZONE), 1.0, paused=True)
    audit.set_clock(clock=shown, by=SYSTEM, at=real_now())


def deciding(value="6", **more):
    told = {"number": "1", "value": value, "since": "15/05/2021", "source": "QĐ 07", "reason": "Nắng nóng"} | more
    return typed("hours_a_day", **told)


def test_whoever_decides_for_the_country_decides_and_everybody_reads_who_and_why(browser, campaign, venue, kits, crews):
    late = session_row(campaign, venue, Stand(kits[0], crews[0]), day=DAY.replace(day=20))
    assert not plan.schedule_sessions(sessions=[late], by=BY, at=AT).refused
    general = browser(COMMANDER, ROOT)
    before = general.get("/plan/rules/")
    assert "Chưa có quyết định nào" in text(before)
    assert before.content.decode().count("Đang giữ") == 5
    assert refused(general.post("/plan/rules/", deciding("13")), "looser_than_law", "hours_a_day.value")
    assert refused(general.post("/plan/rules/", deciding(since="10/05/2021")), "rule_too_soon", "hours_a_day.since")
    assert refused(general.post("/plan/rules/", deciding(source="")), "decision_unnamed", "hours_a_day.source")
    assert refused(general.post("/plan/rules/", deciding(number="2")), "changed_meanwhile")
    assert general.post("/plan/rules/", deciding()).status_code == 302
    shown = text(browser(CREW, AN_LAM).get("/plan/rules/"))
    assert "12 → 6 sắp tới 15/05/2021 QĐ 07 Nắng nóng Lê Quang Đạo 19:00 10/05/2021" in shown
    assert "vượt giới hạn" not in shown  # who may not change it is not told of officers
    planner = text(browser(PLANNER, PROVINCE).get("/plan/rules/"))
    assert "Ca đã xếp vượt giới hạn (3)" in planner
    assert "20/05/2021 quá giờ trong ngày" in planner
    assert queries.rules(DAY.replace(day=15))["hours_a_day"].value == 6


def test_who_decides_not_for_the_country_finds_no_form_and_changes_nothing(browser):
    for role in (COMMANDER, PLANNER):
        client = browser(role, PROVINCE)
        assert 'name="act"' not in client.get("/plan/rules/").content.decode()
        assert client.post("/plan/rules/", deciding()).status_code == 403
    assert [line.number for line in queries.rule_lines()] == [1] * 5


def test_a_guard_that_is_off_stands_in_red_on_the_page(browser):
    client = browser(CREW, AN_LAM)
    assert "ĐANG TẮT" not in text(client.get("/plan/rules/"))
    sql("ALTER TABLE plan_duty DISABLE TRIGGER plan_duty_hours_added")
    page = text(client.get("/plan/rules/"))
    assert "Cơ sở dữ liệu không còn giữ: Giờ làm tối đa trong một ngày." in page
    assert page.count("ĐANG TẮT") == 1


def test_the_page_takes_few_queries(browser, evening, django_assert_max_num_queries):
    client = browser(PLANNER, PROVINCE)
    client.get("/plan/rules/")
    with django_assert_max_num_queries(24):
        client.get("/plan/rules/")
