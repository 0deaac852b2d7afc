import re
from datetime import date, datetime

import pytest

from muster.audit import operations as audit
from muster.kernel.clock import ZONE, PlayedClock
from muster.kernel.ids import new_id
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import Booking, Naming, Order, TargetRow
from muster.plan.words import Aim, Seat
from muster.survey.operations import survey_units
from muster.survey.words import Group
from muster.web.frame import real_now
from tests.people.factories import SYSTEM
from tests.plan.conftest import AN_LAM, AT, BY, HOP_TIEN, PROVINCE, citizens, wall
from tests.register.conftest import HAMLET
from tests.web.plan.conftest import COMMANDER, CREW, PLANNER, VOLUNTEER


@pytest.fixture
def clock(campaign):
    """Let the campaign's clock stand on the evening of the session."""
    shown = PlayedClock(real_now(), datetime(2021, 5, 10, 19, tzinfo=ZONE), 1.0, paused=True)
    audit.set_clock(clock=shown, by=SYSTEM, at=real_now())


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


@pytest.fixture
def order(campaign, officers):
    row = Order(
        id=new_id(), campaign=campaign, unit=PROVINCE, number="Kế hoạch 12", aim=Aim.RECEIVED,
        given_on=date(2021, 4, 1), deadline=date(2021, 6, 30),
    )  # fmt: skip
    plan.give_orders(orders=[row], by=BY, at=AT)
    common = {"order": row.id, "owner": officers[0].id, "base": 1000, "deadline": row.deadline}
    top = TargetRow(id=new_id(), unit=PROVINCE, quantity=900, **common)
    low = TargetRow(id=new_id(), unit=AN_LAM, parent=top.id, quantity=700, **common)
    assert not plan.set_targets(targets=[top, low], by=BY, at=AT).refused
    return row.id, top.id, low.id


def test_the_week_shows_every_venue_and_shift(browser, evening, clock):
    page = text(browser(PLANNER, PROVINCE).get("/plan/"))
    assert "18:00–01:00 · HD-01" in page
    assert "Tổ 1 · hẹn 0/131" in page
    assert "Thứ Hai 10/05 1" in page
    assert "Không có buổi nào" in text(browser(PLANNER, PROVINCE).get("/plan/?day=11/05/2021"))


def test_targets_show_the_sum_and_are_set_by_who_may(browser, order, clock):
    id_, _, low = order
    client = browser(COMMANDER, PROVINCE)
    page = text(client.get("/plan/targets/"))
    assert "Thiếu 200" in page
    told = {"unit": PROVINCE, "order": id_, "target": low, "version": "1", "owner": "can.bo.1", "base": "1.000"}
    answer = client.post("/plan/targets/", told | {"quantity": "900", "deadline": "30/06/2021"})
    assert answer.status_code == 302
    assert "Khớp" in text(client.get(answer.headers["Location"]))
    assert queries.target_states([low])[low].version == 2
    answer = client.post("/plan/targets/", told | {"quantity": "950", "deadline": "30/06/2021"})
    assert (answer.status_code, "changed_meanwhile" in answer.content.decode()) == (422, True)
    answer = client.post("/plan/targets/", told | {"quantity": "nhiều", "deadline": "30/06/2021"})
    assert "not_a_count" in answer.content.decode()
    crew = browser(CREW, PROVINCE)
    assert crew.get("/plan/targets/").status_code == 200
    assert crew.post("/plan/targets/", told).status_code == 403


def test_targets_go_to_teams_and_officers_and_who_commands_answers_where_nobody_is_typed(
    browser, order, clock, officers, crews
):
    id_, _, low = order
    naming = Naming(
        id=new_id(), unit=AN_LAM, officer=officers[5].id, seat=Seat.COMMANDER, since=AT.date(), paper="QĐ 12"
    )
    assert not plan.name_commanders(namings=[naming], grants=None, by=BY, at=AT).refused
    client = browser(COMMANDER, PROVINCE)
    page = f"/plan/targets/?unit={AN_LAM}"
    assert f'value="crew:{crews[1]}"' in client.get(page).content.decode()
    told = {"unit": AN_LAM, "order": id_, "parent": low, "base": "500", "deadline": "30/06/2021"}
    assert client.post(page, told | {"holder": f"crew:{crews[1]}", "quantity": "300"}).status_code == 302
    assert client.post(page, told | {"holder": HAMLET, "officer": "can.bo.2", "quantity": "200"}).status_code == 302
    assert client.post(page, told | {"holder": HAMLET, "quantity": "150"}).status_code == 422  # nobody commands it
    assert client.post(page, told | {"officer": "nobody", "quantity": "9"}).status_code == 422
    lines = {line.state.holder: line for line in queries.targets(id_, within=[AN_LAM])}
    assert lines[None, crews[1], None].state.owner == officers[5].id
    assert lines[None, None, officers[2].id].state.owner == officers[2].id
    shown = text(client.get(page))
    assert "Thiếu 200" in shown
    assert f"phụ trách: {officers[5].full_name}" in shown  # the commune's target has another owner


def test_kits_are_listed(browser, evening, clock):
    page = text(browser(CREW, AN_LAM).get("/plan/kits/"))
    assert re.search(r"HD-01 Sẵn sàng commune An Lâm Nhà văn hóa An Lễ 96 Đo 2021", page)


def test_a_change_moves_the_finish_and_a_scenario_is_kept_and_adopted(browser, campaign, kits, venue, clock):
    citizens(5)
    survey_units(campaign=campaign, units=[PROVINCE], by=BY, at=AT)
    client = browser(PLANNER, PROVINCE)
    page = text(client.get("/plan/make/"))
    assert "Ngày xong 11/05/2021" in page
    assert "5 người còn phải cấp (5 người chỉ rảnh buổi tối hoặc cuối tuần) ở 1 xã, 2 bộ thiết bị" in page
    assert "Ca có tổ 0/1 (0 %)" in page
    assert "Ngày xong 20/05/2021" in text(client.get("/plan/make/?first=20/05/2021"))
    assert "out_of_range" in client.get("/plan/make/?share=0").content.decode()
    assert client.post("/plan/make/?share=100", {"unit": PROVINCE, "name": "A"}).status_code == 302
    (line,) = queries.scenarios(PROVINCE)
    answer = client.post("/plan/make/adopt/", {"unit": PROVINCE, "scenario": line.id})
    assert answer.headers["Location"] == f"/plan/?unit={PROVINCE}&day=11%2F05%2F2021"
    assert [one.shift for one in queries.sessions(PROVINCE, date(2021, 5, 11), date(2021, 5, 11))] == [3]
    commander = browser(COMMANDER, PROVINCE)
    assert commander.get("/plan/make/").status_code == 200
    assert commander.post("/plan/make/adopt/", {"unit": PROVINCE, "scenario": line.id}).status_code == 403


def test_appointments_of_today_by_slot_and_group_without_a_name(browser, evening, clock):
    (who,) = citizens(1)
    row = Booking(id=new_id(), person=who, session=evening.id, slot=wall("18:30"), group=Group.PUPIL)
    assert not plan.book_appointments(bookings=[row], by=BY, at=AT).refused
    page = text(browser(CREW, AN_LAM).get("/plan/appointments/"))
    assert re.search(r"18:30 5 4 [^<]* 1 ", page)
    assert "Nguyễn Văn A" not in page


def test_only_one_s_own_area_and_only_who_plans(browser, clock):
    client = browser(PLANNER, AN_LAM)
    for page in ("", "targets/", "kits/", "crews/", "venues/", "make/", "appointments/"):
        assert client.get(f"/plan/{page}").status_code == 200
        assert client.get(f"/plan/{page}?unit={HOP_TIEN}").status_code == 403
    assert browser(VOLUNTEER, AN_LAM).get("/plan/").status_code == 403
    assert browser(CREW, AN_LAM).get("/plan/make/").status_code == 403


def test_the_pages_take_few_queries(browser, evening, order, clock, django_assert_max_num_queries):
    client = browser(PLANNER, PROVINCE)
    client.get("/plan/")
    for page in ("", "targets/", "kits/", "appointments/"):
        with django_assert_max_num_queries(18):
            client.get(f"/plan/{page}")
