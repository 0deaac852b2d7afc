"""The page of who commands: named from above, one by one and many at once; communes without anybody; on other pages."""

from datetime import datetime

import pytest

from muster.audit import operations as audit
from muster.kernel.clock import ZONE, PlayedClock
from muster.plan import queries
from muster.units.models import Unit
from muster.web.command.board import KEPT
from muster.web.frame import real_now
from tests.people.factories import SYSTEM, officer
from tests.plan.conftest import AN_LAM, DAY, HOP_TIEN, PROVINCE
from tests.register.conftest import DISTRICT
from tests.web.plan.conftest import COMMANDER, CREW, PLANNER
from tests.web.plan.test_planner_forms import refused, text, typed


@pytest.fixture(autouse=True)
def clock(units):
    """Let the campaign's clock stand on an evening."""
    shown = PlayedClock(real_now(), datetime(2021, 5, 10, 19, tzinfo=ZONE), 1.0, paused=True)
    audit.set_clock(clock=shown, by=SYSTEM, at=real_now())


@pytest.fixture
def staff(units):
    district = Unit.objects.get(id=DISTRICT)
    return [
        officer(f"chi.huy.{number}", full_name=name, unit=district, is_demo=True)
        for number, name in enumerate(("Phạm Thị Hồng", "Đỗ Văn Lực"))
    ]


def named(client, who, unit=AN_LAM, **more):
    told = {"seat": "commander", "officer": str(who.id), "since": "10/05/2021", "paper": "QĐ 12"} | more
    return client.post(f"/plan/command/?unit={unit}", typed("name", **told))


def test_a_commander_is_named_replaced_and_relieved_on_the_page_of_the_unit(browser, staff):
    client = browser(COMMANDER, DISTRICT)
    page = f"/plan/command/?unit={AN_LAM}"
    assert "Chỉ huy chưa giao" in text(client.get(page))
    assert refused(named(client, staff[0], paper=""), "no_paper", "name.paper")
    assert refused(named(client, staff[0], since="09/05/2021"), "in_the_past", "name.since")
    assert refused(named(client, staff[0], officer=""), "not_chosen", "name.officer")
    assert refused(named(client, staff[0], username="nobody"), "not_chosen", "name.username")
    assert named(client, staff[0]).status_code == 302
    assert refused(named(client, staff[1]), "has_commander", "name.seat")  # a page read before that
    first = queries.commands_of([AN_LAM])[AN_LAM][0]
    more = {"replaces.commander": str(first.id), "username": "chi.huy.1", "since": "12/05/2021"}
    assert named(client, staff[0], **more).status_code == 302
    shown = text(client.get(page))
    assert "sắp tới Đỗ Văn Lực Chỉ huy 12/05/2021" in shown
    assert "đang phụ trách Phạm Thị Hồng Chỉ huy 10/05/2021 12/05/2021" in shown
    second = next(line for line in queries.commands_of([AN_LAM])[AN_LAM] if line.until is None)
    end = typed("relieve.commander", command=str(second.id), until="20/05/2021", paper="")
    assert refused(client.post(page, end), "no_paper", "relieve.commander.paper")
    end["relieve.commander.paper"] = "Nghỉ hưu"
    assert client.post(page, end).status_code == 302
    assert "20/05/2021 QĐ 12 Nghỉ hưu" in text(client.get(page))


def test_many_are_named_at_once_and_bad_lines_stay_to_be_mended(browser, staff):
    client = browser(COMMANDER, DISTRICT)
    lines = "10609 chi.huy.0\n10612; nobody\n\n99999, chi.huy.1"
    row = typed("many", lines=lines, seat="commander", since="10/05/2021", paper="QĐ 12")
    answer = client.post("/plan/command/", row)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert ">10612; nobody\n99999, chi.huy.1</textarea>" in html
    assert [code in html for code in ("unknown_officer", "unit_unknown", "has_commander")] == [True, True, False]
    assert "Dòng 2" in text(answer)
    assert "Dòng 4" in text(answer)
    assert "Các xã chưa có chỉ huy (1)" in text(answer)
    assert client.post("/plan/command/", row | {"many.lines": "10612 chi.huy.1"}).status_code == 302
    assert client.post("/plan/command/", row | {"many.lines": "10612 chi.huy.1"}).status_code == 302  # sent again
    assert {unit: one.name for unit, one in queries.in_charge([AN_LAM, HOP_TIEN], DAY).items()} == {
        AN_LAM: "Phạm Thị Hồng", HOP_TIEN: "Đỗ Văn Lực",
    }  # fmt: skip
    page = text(client.get("/plan/command/"))
    assert "Xã chưa có chỉ huy 0" in page
    assert "commune An Lâm 10609 Phạm Thị Hồng" in page


def test_who_may_not_finds_no_form_and_nobody_names_who_commands_them(browser, staff):
    for role, unit in ((PLANNER, DISTRICT), (CREW, AN_LAM)):
        client = browser(role, unit)
        assert 'name="act"' not in client.get(f"/plan/command/?unit={AN_LAM}").content.decode()
        assert named(client, staff[0]).status_code == 403
    commander = browser(COMMANDER, DISTRICT)
    own = commander.get("/plan/command/").content.decode()
    assert ('value="name"' in own, 'value="many"' in own) == (False, True)
    assert named(commander, staff[0], DISTRICT).status_code == 403
    assert commander.get(f"/plan/command/?unit={PROVINCE}").status_code == 403
    assert queries.commands_of([AN_LAM, DISTRICT]) == {}


def test_the_board_says_who_must_act(browser, campaign, staff):
    client = browser(COMMANDER, DISTRICT)
    assert "phụ trách: chưa giao" in text(client.get("/board/"))
    assert named(client, staff[0]).status_code == 302
    KEPT.forget()
    page = text(client.get(f"/board/?unit={AN_LAM}"))
    assert "phụ trách: Phạm Thị Hồng" in page
    below = text(client.get("/board/"))
    assert "10609 · phụ trách: Phạm Thị Hồng" in below
    assert "10612 · phụ trách: chưa giao" in below


def test_the_page_takes_few_queries(browser, staff, django_assert_max_num_queries):
    client = browser(COMMANDER, PROVINCE)
    client.get("/plan/command/")
    for unit in (PROVINCE, DISTRICT, AN_LAM):
        with django_assert_max_num_queries(24):
            client.get(f"/plan/command/?unit={unit}")
