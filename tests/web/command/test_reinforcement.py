"""The page of reinforcement: what both units are promised, one button to accept, declined with a reason, measured."""

import re
from datetime import date, datetime, timedelta

import pytest

from muster.events import operations as journal
from muster.kernel.clock import ZONE, PlayedClock
from muster.people.words import Role
from muster.reporting import operations, queries
from muster.reporting.reinforcing import State
from muster.web.frame import real_now
from tests.reporting.conftest import AN_LAM, DISTRICT, HOP_TIEN, MACHINE, PROVINCE, campaign, sql, units
from tests.reporting.test_reinforcing import NOW, captured, held, proposal, world
from tests.web.accounts.conftest import come_in

__all__ = ["campaign", "proposal", "units", "world"]
PAGE = f"/board/reinforcement/?unit={DISTRICT}"


def clock(at):
    journal.set_clock(clock=PlayedClock(real_now(), at, paused=True), by=MACHINE, at=real_now())


@pytest.fixture
def chief(proposal):
    clock(NOW)
    return come_in(Role.COMMANDER, DISTRICT)


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace("\u00a0", " ").strip()


def sent(page, act):
    """Return what the form of an act holds, with its hidden values and what stands in its fields."""
    forms = re.findall(r"<form.*?</form>", page.content.decode(), re.DOTALL)
    form = next(one for one in forms if f'value="{act}"' in one)
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', one)) for one in re.findall(r"<input[^>]*>", form)]
    return {one["name"]: one.get("value", "") for one in inputs if "name" in one}


def test_both_units_are_told_with_ranges(chief):
    told = text(chief.get(PAGE))
    assert f"Mượn bộ máy HD-{HOP_TIEN} cùng các tổ đã xếp lịch của" in told
    assert "từ 10/05/2021 đến 16/05/2021" in told
    assert "sớm hơn ít nhất 11 ngày" in told
    assert "không kịp hạn" in told
    assert "còn 12 người sau 23/05/2021" in told
    assert re.search(r"13/05/2021\W+chậm nhất 15/05/2021", told)  # the receiver with it
    assert re.search(r"11/05/2021\W+chậm nhất 12/05/2021\W+19/05/2021\W+chậm nhất 20/05/2021", told)  # the donor
    english = come_in(Role.COMMANDER, DISTRICT)
    english.cookies["language"] = "en"
    assert "12 people left after 23/05/2021" in text(english.get(PAGE))


def test_accepted_with_one_button_it_stands_in_the_plan(chief, proposal):
    page = chief.get(PAGE)
    answered = chief.post(PAGE, sent(page, f"accept-{proposal.id}"))
    assert (answered.status_code, answered.headers["Location"]) == (302, f"{PAGE}#decided")
    assert len(held(AN_LAM)) == 6
    told = text(chief.get(PAGE))
    assert "đã vào kế hoạch" in told
    assert "Đơn vị nhận không kịp hạn, đơn vị cho mượn vẫn kịp." in told
    assert "hứa 2,9, không có thì 1,1 · 13/05/2021" in told
    line = queries.reinforcements_by_ids([proposal.id])[proposal.id]
    assert (line.state, line.decided_at) == (State.CARRIED_OUT, NOW)


def test_declined_only_with_a_reason(chief, proposal):
    values = sent(chief.get(PAGE), f"decline-{proposal.id}")
    refused = chief.post(PAGE, values)
    assert refused.status_code == 422
    assert "report_note" in refused.content.decode()
    reason = {f"decline-{proposal.id}.reason": "Hợp Tiến sắp có dịch."}
    assert chief.post(PAGE, values | reason).status_code == 302
    told = text(chief.get(PAGE))
    assert "Hợp Tiến sắp có dịch." in told
    assert "không chấp nhận" in told
    assert len(held(AN_LAM)) == 2


def test_what_the_plan_refuses_is_said_beside_the_proposal(chief, proposal, world):
    sql("UPDATE plan_kit SET state = 'broken' WHERE id = %s", world.kits[HOP_TIEN])
    page = chief.post(PAGE, sent(chief.get(PAGE), f"accept-{proposal.id}"))
    assert page.status_code == 422
    assert "Kế hoạch không nhận, chưa thay đổi gì:" in text(page)
    assert "reinforcement_plan_refuses" in page.content.decode()
    assert len(held(AN_LAM)) == 2


def test_once_its_day_has_come_there_is_nothing_to_accept(chief, proposal):
    values = sent(chief.get(PAGE), f"accept-{proposal.id}")
    clock(NOW + timedelta(days=1))
    page = chief.post(PAGE, values)
    assert "Không có đề xuất nào." in text(page)
    assert len(held(AN_LAM)) == 2


def test_promised_and_measured_stand_side_by_side(chief, world, proposal):
    world.decide(proposal).whole()
    captured(AN_LAM, date(2021, 5, 5), 7)
    captured(AN_LAM, date(2021, 5, 12), 14)
    over = datetime(2021, 5, 17, 5, tzinfo=ZONE)
    clock(over)
    operations.measure_reinforcements(reinforcements=[proposal.id], by=MACHINE, at=over)
    told = text(chief.get(PAGE))
    assert "đã đo kết quả" in told
    assert re.search(r"2,0, trước đó 1,0\W+hứa 2,9, không có thì 1,1", told)


def test_asked_anew_it_is_the_same_until_something_has_changed(chief, proposal):
    before = re.findall(r'data-proposal="([^"]+)"', chief.get(PAGE).content.decode())
    assert chief.post(PAGE, sent(chief.get(PAGE), "propose")).status_code == 302
    assert re.findall(r'data-proposal="([^"]+)"', chief.get(PAGE).content.decode()) == before


def test_who_may_not_decide_reads_and_who_may_not_read_is_refused(chief, proposal):
    planner = come_in(Role.PLANNER, PROVINCE)
    page = planner.get(PAGE)
    assert f"accept-{proposal.id}" not in page.content.decode()
    values = {"act": f"accept-{proposal.id}", f"accept-{proposal.id}.reason": "Được."}
    values[f"accept-{proposal.id}.id"] = str(proposal.id)
    assert planner.post(PAGE, values).status_code == 403
    assert planner.post(PAGE, {"act": "propose"}).status_code == 403
    assert come_in(Role.CREW, DISTRICT).get(PAGE).status_code == 403
    assert PAGE in chief.get(f"/board/?unit={DISTRICT}").content.decode()


def test_the_page_asks_the_same_number_of_questions_for_any_number_of_proposals(
    chief, proposal, django_assert_max_num_queries
):
    with django_assert_max_num_queries(24):
        chief.get(PAGE)
