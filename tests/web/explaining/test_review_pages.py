"""The evening's page: said, given, carried over to the next evening, done by who owns it; nobody else's to change."""

from datetime import timedelta

import pytest

from muster.kernel.ids import new_id
from muster.people.words import Role
from muster.reporting import queries
from muster.reporting.reviewing import State, Step
from tests.reporting.conftest import AN_LAM, DISTRICT, HOP_TIEN, PROVINCE, campaign, sql, units
from tests.reporting.test_explaining import asked, people
from tests.reporting.test_reviewing import evening, give, task
from tests.web.accounts.conftest import come_in
from tests.web.explaining.test_explanation_pages import NOON, clock, line, text

__all__ = ["asked", "campaign", "line", "people", "units"]
PAGE = "/reports/evening/"
TODAY = NOON.date()


def sent(act, **values):
    told = {"act": act, "unit": AN_LAM}
    return told | {f"{act}.{name}": str(value) for name, value in ({"id": new_id()} | values).items()}


def test_said_given_carried_over_and_done(line, people):
    lead = come_in(Role.DESK_LEAD, AN_LAM)
    assert "Chưa ai ghi gì về ngày này." in text(lead.get(PAGE))
    assert lead.post(PAGE, sent("look", text="Ca tối đông, máy 2 chậm.")).status_code == 302
    owner = people["head"].id
    give_ = {"text": "Đổi đầu đọc máy 2.", "owner": owner, "due": "16/05/2021"}
    assert lead.post(PAGE, sent("give", **give_)).status_code == 302
    page = text(lead.get(PAGE))
    assert "Ca tối đông, máy 2 chậm." in page
    assert "Việc đang mở 1" in page
    clock(NOON + timedelta(days=2))
    page = text(lead.get(PAGE))
    assert "chuyển 2 tối" in page
    assert "quá hạn" in page
    assert "Chuyển từ tối trước 1" in page
    [given] = queries.tasks_on(AN_LAM, TODAY)
    end = {"task": given.id, "step": Step.DO.value, "text": "Đã đổi."}
    assert lead.post(PAGE, sent("end", **end)).status_code == 302
    assert "đã xong" in text(lead.get(PAGE))
    assert queries.tasks_by_ids([given.id])[given.id].state is State.DONE


def test_who_owns_an_action_ends_it_and_can_do_nothing_else(line, campaign, people):
    crew = come_in(Role.CREW, AN_LAM)
    me = sql("SELECT id FROM people_officer WHERE username = 'demo.crew'")[0][0]
    page = text(crew.get(PAGE))
    assert "Giao việc" not in page
    assert "Việc nào" not in page
    assert crew.post(PAGE, sent("look", text="Ghi thử.")).status_code == 200  # no such form here
    assert queries.review(AN_LAM, TODAY) is None
    people["me"] = type(people["head"]).objects.get(id=me)
    given = give(task(campaign, people["me"], day=TODAY, due=TODAY), people["head"], evening(TODAY, 11)).whole()[0]
    assert "Việc nào" in text(crew.get(PAGE))
    assert "Việc giao cho tôi" in text(crew.get(PAGE))
    assert crew.post(PAGE, sent("end", task=given, step="drop", text="Thôi.")).status_code == 403
    assert crew.post(PAGE, sent("end", task=new_id(), step="do", text="Xong.")).status_code == 422
    assert crew.post(PAGE, sent("end", task=given, step="do", text="Xong.")).status_code == 302


@pytest.mark.parametrize(
    ("act", "values", "field"),
    [
        ("look", {"text": " "}, "text"),
        ("give", {"text": "Đổi máy.", "due": "01/05/2021"}, "due"),
        ("give", {"text": " ", "due": "16/05/2021"}, "text"),
    ],
)
def test_what_is_refused_stands_beside_its_field(line, people, act, values, field):
    lead = come_in(Role.DESK_LEAD, AN_LAM)
    page = lead.post(PAGE, sent(act, **{"owner": people["head"].id} | values))
    assert page.status_code == 422
    assert f'id="{act}.{field}-error"' in page.content.decode()


def test_an_action_of_another_unit_comes_to_who_owns_it(line, campaign, people):
    other = come_in(Role.CREW, HOP_TIEN)
    me = type(people["head"]).objects.get(username="demo.crew")
    given = give(task(campaign, me, day=TODAY, due=TODAY), people["head"], evening(TODAY, 11)).whole()[0]
    page = other.get(PAGE)
    assert "Đổi đầu đọc vân tay máy số 2." in text(page)
    assert f"unit={AN_LAM}" not in page.content.decode()  # whose evening is not theirs to read
    assert "thôi không làm" not in text(page)
    end = sent("end", task=given, step="do", text="Xong.") | {"unit": HOP_TIEN}
    assert other.post(PAGE, end).status_code == 302
    assert queries.tasks_by_ids([given])[given].state is State.DONE


def test_a_commander_sees_what_is_open_below_and_each_unit_only_its_own(line, campaign, people):
    given = task(campaign, people["head"], day=TODAY, due=TODAY)
    give(given, people["head"], evening(TODAY, 11)).whole()
    chief = come_in(Role.COMMANDER, DISTRICT)
    assert given.text in text(chief.get(PAGE))
    assert given.text in text(chief.get(f"{PAGE}?unit={AN_LAM}&day={TODAY}"))
    assert given.text not in text(come_in(Role.DESK_LEAD, HOP_TIEN).get(PAGE))
    assert come_in(Role.CREW, HOP_TIEN).get(f"{PAGE}?unit={AN_LAM}").status_code == 403
    assert come_in(Role.CHECKER, PROVINCE).get(PAGE).status_code == 403


def test_an_earlier_evening_is_read_and_no_more_written(line, campaign, people):
    give(task(campaign, people["head"]), people["head"], evening(TODAY, 11)).whole()
    lead = come_in(Role.DESK_LEAD, AN_LAM)
    page = text(lead.get(f"{PAGE}?day={TODAY - timedelta(days=1)}"))
    assert "Đổi đầu đọc vân tay máy số 2." in page
    assert "Giao việc" not in page
    assert f"Cuối ngày {TODAY:%d/%m/%Y}" in text(lead.get(f"{PAGE}?day=2099-01-01"))
    assert f"Cuối ngày {TODAY:%d/%m/%Y}" in text(lead.get(f"{PAGE}?day=hôm-qua"))


def test_many_actions_ask_as_often_as_few(line, campaign, people, django_assert_max_num_queries):
    for _ in range(5):
        give(task(campaign, people["head"], day=TODAY, due=TODAY), people["head"], evening(TODAY, 11)).whole()
    lead = come_in(Role.DESK_LEAD, AN_LAM)
    lead.get(PAGE)
    with django_assert_max_num_queries(20):
        lead.get(PAGE)
