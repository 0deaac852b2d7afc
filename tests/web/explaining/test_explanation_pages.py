"""The pages of explanations: what waits for whom, the forms of who owes the next move, and nothing for who may not."""

import re
from datetime import date, datetime

import pytest

from muster.events import operations as journal
from muster.kernel.clock import ZONE, PlayedClock
from muster.kernel.ids import new_id
from muster.people.words import Role
from muster.reporting import queries
from muster.reporting.explaining import State, Step
from muster.web.frame import real_now
from tests.reporting.conftest import AN_LAM, DISTRICT, HOP_TIEN, MACHINE, PROVINCE, campaign, units
from tests.reporting.test_explaining import FRIDAY, HOUR, MORNING, answer, asked, move, people
from tests.web.accounts.conftest import come_in

__all__ = ["asked", "campaign", "people", "units"]
NOON = datetime(2021, 5, 15, 12, tzinfo=ZONE)


def clock(at):
    journal.set_clock(clock=PlayedClock(real_now(), at, paused=True), by=MACHINE, at=real_now())


@pytest.fixture
def line(asked):
    clock(NOON)
    return asked


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace("\u00a0", " ")


def at(line):
    return f"/reports/explanations/{line.id}/"


def sent(step, **values):
    told = {"id": new_id(), "text": "Máy hỏng từ thứ Tư, cần một bộ thay."} | values
    return {"act": step.value, **{f"{step.value}.{name}": str(value) for name, value in told.items()}}


def test_the_head_finds_what_is_asked_and_answers_it(line):
    head = come_in(Role.DESK_LEAD, AN_LAM)
    page = text(head.get("/reports/explanations/"))
    assert "Chờ tôi trả lời 1" in page
    assert "thứ 2/2 và sau kế hoạch đều" in page
    assert "trả lời trước 16:40 15/05/2021" in page
    assert "Gửi giải trình" in text(head.get(at(line)))
    assert head.post(at(line), sent(Step.ANSWER, cause="machine")).status_code == 302
    page = text(head.get(at(line)))
    assert "Máy · Máy hỏng từ thứ Tư, cần một bộ thay." in page
    assert "chờ quyết định" in page
    assert "Gửi giải trình" not in page
    assert "Ghi quyết định" not in page
    assert "Chờ tôi trả lời 0" in text(head.get("/reports/explanations/"))


def test_the_commander_above_decides_who_acts_until_when_and_the_owner_reports_it(line, people):
    move(answer(line), people["head"]).whole()
    chief = come_in(Role.COMMANDER, DISTRICT)
    assert "Chờ tôi quyết định 1" in text(chief.get("/reports/explanations/"))
    page = chief.get(at(line))
    assert f'<option value="{people["head"].id}"' in page.content.decode()
    values = {"owner": people["head"].id, "due": "17/05/2021", "text": "Điều một bộ máy."}
    assert chief.post(at(line), sent(Step.DECIDE, **values)).status_code == 302
    assert "Điều một bộ máy. · Nguyễn Văn An, hạn 17/05/2021" in text(chief.get(at(line)))
    assert queries.explanation(line.id).decision.owner == people["head"].id
    lead = come_in(Role.DESK_LEAD, AN_LAM)
    assert lead.post(at(line), sent(Step.FOLLOW_UP, text="Xong.")).status_code == 302
    assert queries.explanation(line.id).state is State.FOLLOWED_UP


def test_what_is_refused_stands_beside_its_field_and_what_was_typed_stays(line, people):
    head = come_in(Role.DESK_LEAD, AN_LAM)
    page = head.post(at(line), sent(Step.ANSWER))
    assert page.status_code == 422
    assert 'id="answer.cause-error"' in page.content.decode()
    assert "Máy hỏng từ thứ Tư" in text(page)
    move(answer(line), people["head"]).whole()
    chief = come_in(Role.COMMANDER, DISTRICT)
    page = chief.post(at(line), sent(Step.DECIDE, owner=people["head"].id, due="08/05/2021"))
    assert page.status_code == 422
    assert 'id="decide.due-error"' in page.content.decode()


def test_only_those_of_the_line_see_it(line):
    assert come_in(Role.DESK_LEAD, HOP_TIEN).get(at(line)).status_code == 403
    assert come_in(Role.CREW, AN_LAM).get(at(line)).status_code == 403
    assert come_in(Role.COMMANDER, PROVINCE).get(at(line)).status_code == 200
    assert come_in(Role.AUDITOR, PROVINCE).get(at(line)).status_code == 200
    other = come_in(Role.DESK_LEAD, HOP_TIEN)
    assert "An Lâm" not in text(other.get("/reports/explanations/"))
    assert other.get(f"/reports/explanations/?unit={AN_LAM}").status_code == 403
    assert come_in(Role.PLANNER, PROVINCE).post(at(line), sent(Step.ANSWER, cause="will")).status_code == 403


def test_what_is_late_is_marked_and_told_to_everybody_above(line):
    clock(MORNING + 13 * HOUR)
    page = text(come_in(Role.COMMANDER, PROVINCE).get("/reports/explanations/"))
    assert "Quá hạn 1" in page
    assert "chờ trả lời, trễ hạn" in page


def test_before_the_first_round_the_page_says_which_ranking_will_ask(campaign):
    page = come_in(Role.COMMANDER, DISTRICT).get("/reports/explanations/")
    assert "Bảng xếp hạng hết ngày Thứ Sáu tự yêu cầu" in text(page)


def rule_sent(**values):
    told = {
        "id": new_id(), "since": "17/05/2021", "weekday": 3, "levels": "commune", "lowest": 1, "below": 90, "slow": 40,
        "answer_within": 6, "decide_within": 12, "chase_every": 2,
    } | values  # fmt: skip
    return {"act": "rule", **{f"rule.{name}": str(value) for name, value in told.items()}}


def test_a_commander_of_the_campaign_sets_who_is_low(line, campaign):
    general = come_in(Role.COMMANDER, PROVINCE)
    assert general.post("/reports/explanations/", rule_sent()).status_code == 302
    rule = queries.explain_rule(campaign, date(2021, 5, 19))
    assert (rule.weekday, rule.lowest, rule.below, rule.slow) == (3, 1, 90, 40)
    assert (rule.levels, rule.chase_every) == (frozenset({"commune"}), 2 * HOUR)
    page = general.post("/reports/explanations/", rule_sent(since="14/05/2021"))
    assert page.status_code == 422
    assert "already_asked" in page.content.decode()
    local = come_in(Role.PLANNER, AN_LAM)  # has the right, but not over the campaign
    assert "Đặt quy tắc" not in text(local.get("/reports/explanations/"))
    assert local.post("/reports/explanations/", rule_sent()).status_code == 403


def test_english_is_complete(line):
    make = come_in(Role.COMMANDER, DISTRICT)
    make.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = text(make.get("/reports/explanations/", headers={"Accept-Language": "en"}))
    assert "place 2 of 2 and behind the even plan" in page
    assert "Mine to decide" in page


def test_the_ranking_leads_there_for_who_may_read_them(line):
    chief = come_in(Role.COMMANDER, DISTRICT)
    where = f'href="/reports/explanations/?unit={DISTRICT}&amp;day={FRIDAY}"'
    assert where in chief.get(f"/board/ranking/?day={FRIDAY}").content.decode()
    assert "/reports/explanations/" not in come_in(Role.CREW, AN_LAM).get("/board/ranking/").content.decode()


def test_many_explanations_ask_as_often_as_few(line, django_assert_max_num_queries):
    chief = come_in(Role.COMMANDER, PROVINCE)
    chief.get("/reports/explanations/")
    with django_assert_max_num_queries(26):
        chief.get("/reports/explanations/")
