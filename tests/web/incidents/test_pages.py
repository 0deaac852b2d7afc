"""The incident desk on the screen: told on a phone, taken by who is on duty, mended, swapped; nothing for others."""

import re
from datetime import timedelta

import pytest

from muster.events import operations as journal
from muster.incidents import operations, queries
from muster.incidents.moves import Step
from muster.incidents.rows import Act
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import PlayedClock
from muster.kernel.ids import new_id
from muster.people import queries as people
from muster.people.models import Officer
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.units.models import Unit
from muster.web.frame import real_now
from tests.incidents.conftest import AN_LAM, BY, STOPPED, keep, opened, put, spare_row, ticket, turn, wall
from tests.people.factories import SYSTEM, assignment, officer
from tests.plan.conftest import HOP_TIEN, PROVINCE, campaign, crews, evening, kits, officers, units, venue
from tests.web.accounts.conftest import browser as as_officer

__all__ = ["campaign", "crews", "evening", "kits", "officers", "units", "venue"]
TECHNICIAN = "technician"


@pytest.fixture
def desk(evening):
    """Let the campaign's clock show 19:30 that evening; put the demonstration's technician on duty."""
    places = dict.fromkeys(Role, AN_LAM) | {Role.TECHNICIAN: PROVINCE}
    make_demo_officers(units=places, by=SYSTEM, at=real_now())
    shown = PlayedClock(real_now(), STOPPED + timedelta(minutes=30), paused=True)
    journal.set_clock(clock=shown, by=SYSTEM, at=real_now())
    assert not put(turn(Officer.objects.get(username="demo.technician")), real=real_now()).refused
    return evening


@pytest.fixture
def told(desk, kits):
    row = ticket(desk, kits[0])
    assert not opened(row).refused
    return row.id


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def form(text, act):
    """Return the hidden fields of a form."""
    inside = next(part for part in re.findall(r"<form.*?</form>", text, re.DOTALL) if f'value="{act}"' in part)
    return {"act": act} | dict(re.findall(r'type="hidden" name="([a-z_]+\.[a-z]+)" value="([^"]*)"', inside))


def do(client, address, act, **typed):
    told = form(page(client, address), act) | {f"{act}.{name}": value for name, value in typed.items()}
    return client.post(address, told)


def test_a_crew_tells_of_a_kit_and_the_queue_shows_it_once(desk, kits):
    crew = as_officer("crew")
    text = page(crew, "/incidents/")
    assert "Không có sự cố nào" in text
    sent = form(text, "tell") | {
        "tell.session": str(desk.id), "tell.what": f"kit {kits[0]}", "tell.told": "Máy ảnh hỏng", "tell.stops": "1",
    }  # fmt: skip
    for _ in range(2):  # a second press of the button
        assert crew.post("/incidents/", sent).status_code == 302
    (line,) = queries.queue(AN_LAM)
    assert (line.kit, line.severity, line.session) == (kits[0], "stops", desk.id)
    text = page(crew, "/incidents/")
    assert "Máy ảnh hỏng" in text
    assert "đứng máy 0 phút" in text
    again = crew.post("/incidents/", form(text, "tell") | {**sent, "tell.id": str(new_id())})
    assert (again.status_code, "kit_has_ticket" in again.content.decode()) == (422, True)
    empty = crew.post("/incidents/", {**sent, "tell.id": str(new_id()), "tell.what": "line", "tell.told": " "})
    assert (empty.status_code, "bad_ticket" in empty.content.decode()) == (422, True)


def test_a_technician_takes_sets_out_and_mends(told):
    works, address = as_officer(TECHNICIAN), f"/incidents/{told}/"
    assert do(works, address, "take").status_code == 302
    assert do(works, address, "set_out", place="Nhà văn hóa", due="soon").status_code == 422
    assert do(works, address, "set_out", place="Nhà văn hóa", due="20:15").status_code == 302
    assert queries.ticket(told).due_at == wall("20:15")
    assert do(works, address, "mend", cause="camera", remedy="restarted").status_code == 302
    text = page(works, address)
    assert "khởi động lại" in text
    assert "Mở lại" in text
    assert sum(queries.lost(AN_LAM, STOPPED.date(), STOPPED.date(), wall("23:00")).values()) == 30


def test_the_board_tells_how_long_kits_stood_still_and_leads_to_the_desk(told):
    text = page(as_officer("commander"), f"/board/?unit={AN_LAM}")
    tile = text[text.index("Đứng máy hôm nay") - 300 :][:600]
    assert "30 phút" in tile
    assert f"/incidents/?unit={AN_LAM}" in tile
    assert "Đứng máy hôm nay" not in page(as_officer("commander"), f"/board/?unit={AN_LAM}&known=10/05/2021 18:00")


def test_somebody_elses_ticket_is_theirs_or_the_commanders(told):
    works, address = as_officer(TECHNICIAN), f"/incidents/{told}/"
    do(works, address, "take")
    other = officer("ky.thuat.2", unit=Unit.objects.get(id=PROVINCE))
    assignment(other, Role.TECHNICIAN, valid_from=real_now() - timedelta(days=1))
    act = Act(id=new_id(), ticket=told, version=2, step=Step.HAND_BACK)
    by, grants = Actor(officer=other.id, unit=PROVINCE, purpose=Purpose.COMMAND), people.grants(other.id, real_now())
    (row,) = operations.move_tickets(acts=[act], grants=grants, by=by, at=wall("20:00")).refused
    assert row.refusal.code == "not_yours"
    assert queries.ticket(told).state == "taken"


def test_a_spare_is_kept_swapped_in_and_given_back(told, kits):
    works = as_officer(TECHNICIAN)
    address = f"/incidents/team/?unit={AN_LAM}"
    assert do(works, address, "keep", kit=str(kits[1]), place="Kho huyện").status_code == 302
    text = page(works, address)
    assert "HD-02, Kho huyện" in text
    (spare,) = queries.spares(AN_LAM)
    assert do(works, address, "give", spare=str(spare.id)).status_code == 302
    assert queries.spares(AN_LAM) == []
    assert do(works, address, "keep", kit=str(kits[1]), place="Kho huyện").status_code == 302
    do(works, f"/incidents/{told}/", "take")
    assert do(works, f"/incidents/{told}/", "swap", spare=str(kits[1])).status_code == 302
    assert "Đã đổi máy" in page(works, f"/incidents/{told}/")
    gone = works.post(address, {"act": "give", "give.id": str(new_id()), "give.spare": str(spare.id)})
    assert (gone.status_code, "unknown_spare" in gone.content.decode()) == (422, True)


def test_a_kit_with_a_ticket_is_mended_on_the_ticket(told, kits):
    works, address = as_officer(TECHNICIAN), f"/plan/kits/{kits[0]}/"
    assert "Sự cố của thiết bị: 1" in page(works, address)
    answer = do(works, address, "mark", what="mend", reason="xong")
    assert (answer.status_code, "has_ticket" in answer.content.decode()) == (422, True)
    assert queries.ticket(told).state == "open"


def test_a_commander_puts_on_duty_and_a_night_ends_the_day_after(desk):
    commands, technician = as_officer("commander"), Officer.objects.get(username="demo.technician")
    typed = {"officer": str(technician.id), "place": "Công an xã", "on": "11/05/2021"}
    typed |= {"from": "18:00", "until": "01:00"}
    assert do(commands, "/incidents/team/", "put", **typed).status_code == 302
    assert "18:00 11/05/2021 – 01:00 12/05/2021" in page(commands, "/incidents/team/")
    again = do(commands, "/incidents/team/", "put", **typed)
    assert (again.status_code, "not_a_turn" in again.content.decode()) == (422, True)


def test_what_one_may_not_do_is_not_on_the_screen(told):
    crew, volunteer = as_officer("crew"), as_officer("volunteer")
    text = page(crew, f"/incidents/{told}/")
    assert "Nhận xử lý" not in text
    typed = {"act": "take", "take.id": str(new_id()), "take.version": "1"}
    assert crew.post(f"/incidents/{told}/", typed).status_code == 403
    assert queries.ticket(told).state == "open"
    assert volunteer.get("/incidents/").status_code == 403
    assert crew.get(f"/incidents/?unit={HOP_TIEN}").status_code == 403
    assert crew.get(f"/incidents/{new_id()}/").status_code == 404


def test_a_spare_that_waits_leaves_the_pool_alone_once(kits):
    row = spare_row(kits[1])
    assert not keep(row).refused
    done = operations.release_spares(spares=[row.id], grants=None, by=BY, at=wall("13:00"))
    assert not done.refused
    (again,) = operations.release_spares(spares=[row.id], grants=None, by=BY, at=wall("13:00")).refused
    assert again.refusal.code == "unknown_spare"
