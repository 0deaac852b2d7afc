"""What a planner does by hand: kits, crews, venues, closed days and sessions, each form with its refusals."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from muster.audit import operations as audit
from muster.kernel.clock import ZONE, PlayedClock
from muster.kernel.ids import new_id
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import Booking
from muster.plan.words import Post
from muster.survey.words import Group
from muster.units.models import Unit
from muster.web.frame import real_now
from tests.people.factories import SYSTEM, officer
from tests.plan.conftest import AN_LAM, AT, BY, DAY, HOP_TIEN, PROVINCE, citizens, wall
from tests.web.plan.conftest import COMMANDER, CREW, PLANNER


@pytest.fixture(autouse=True)
def clock(campaign):
    """Let the campaign's clock stand on the evening of the session."""
    shown = PlayedClock(real_now(), datetime(2021, 5, 10, 19, tzinfo=ZONE), 1.0, paused=True)
    audit.set_clock(clock=shown, by=SYSTEM, at=real_now())


@pytest.fixture
def planner(browser):
    return browser(PLANNER, PROVINCE)


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def typed(act, **fields):
    return {"act": act, f"{act}.id": str(new_id())} | {f"{act}.{name}": value for name, value in fields.items()}


def refused(answer, code, field=""):
    """Say that an answer refuses with a code, beside a field."""
    html = answer.content.decode()
    beside = re.search(rf'id="{re.escape(field)}-error"><span>[^<]+</span> <span class="code">{code}<', html)
    return answer.status_code == 422 and (beside is not None if field else f"<code>{code}</code>" in html)


def test_a_kit_is_added_once_and_a_wrong_one_refused_at_its_field(planner):
    row = typed("add", code="HD-07", rate="96", source="Đo ngày 03/05", to=AN_LAM)
    assert planner.post("/plan/kits/", row).status_code == 302
    assert planner.post("/plan/kits/", row).status_code == 302
    assert re.search(r"HD-07 Sẵn sàng commune An Lâm – 96 Đo ngày 03/05", text(planner.get("/plan/kits/")))
    assert "Bộ thiết bị (1)" in text(planner.get("/plan/kits/"))
    assert refused(planner.post("/plan/kits/", row | {"add.id": new_id()}), "code_taken", "add.code")
    assert refused(planner.post("/plan/kits/", row | {"add.rate": "nhiều"}), "not_a_count", "add.rate")
    assert refused(planner.post("/plan/kits/", row | {"add.to": "x"}), "not_chosen", "add.to")
    kept = planner.post("/plan/kits/", row | {"add.rate": "nhiều"}).content.decode()
    assert 'value="Đo ngày 03/05"' in kept  # what was typed is not lost


def test_a_kit_breaks_is_mended_handed_on_and_retired(planner, kits, evening):
    page = f"/plan/kits/{kits[0]}/"
    assert "Nhà văn hóa An Lễ" in text(planner.get(page))
    assert planner.post(page, typed("mark", what="break", reason="Máy quét")).status_code == 302
    assert "còn 1 buổi đã xếp" in text(planner.get(page))
    assert refused(planner.post(page, typed("mark", what="break")), "wrong_state")
    assert refused(planner.post(page, typed("mark", what="fly")), "not_chosen", "mark.what")
    assert planner.post(page, typed("mark", what="mend")).status_code == 302
    assert planner.post(page, typed("move", to=HOP_TIEN)).status_code == 302
    assert "Hợp Tiến" in text(planner.get(page))
    assert planner.post(page, typed("mark", what="retire", reason="Biên bản 12")).status_code == 302
    assert 'name="act"' not in planner.get(page).content.decode()


def test_a_crew_is_formed_of_trained_people_and_changed(planner, officers, kits, evening):
    spare = [officer(f"moi.{number}", unit=Unit.objects.get(id=AN_LAM)) for number in range(3)]
    for one, post in zip(spare, Post, strict=True):
        told = typed("train", officer=one.id, post=post, on="1/3/2021", where="Công an tỉnh")
        assert planner.post("/plan/crews/", told).status_code == 302
    row = typed("form", name="Tổ 3", to=AN_LAM, since="10/05/2021")
    assert refused(planner.post("/plan/crews/", row), "not_chosen", "form.dossier")
    row |= {f"form.{post}": str(one.id) for post, one in zip(Post, spare, strict=True)}
    assert refused(planner.post("/plan/crews/", row | {"form.name": " "}), "crew_without_name", "form.name")
    assert refused(planner.post("/plan/crews/", row | {"form.since": "mai"}), "unreadable_date", "form.since")
    address = planner.post("/plan/crews/", row).headers["Location"]
    assert spare[0].full_name in text(planner.get(address))
    old = next(one for one in queries.crews(AN_LAM, DAY) if one.name == "Tổ 1")
    new = UUID(address.rstrip("/").rsplit("/", 1)[1])
    plan.dissolve_crews(crews=[new], until=DAY + timedelta(days=1), by=BY, at=AT)
    change = typed("change", name="Tổ 1", since="11/05/2021", version="1")
    change |= {f"change.{post}": str(one) for post, one, _ in old.members} | {"change.dossier": str(spare[0].id)}
    assert planner.post(f"/plan/crews/{old.id}/", change).status_code == 302
    assert spare[0].id in {one for _, one, _ in queries.crew(old.id, DAY + timedelta(days=1)).members}
    again = change | {"change.since": "12/05/2021", "change.dossier": str(officers[0].id)}
    assert refused(planner.post(f"/plan/crews/{old.id}/", again), "changed_meanwhile")
    assert planner.post(f"/plan/crews/{old.id}/", typed("end", since="20/05/2021")).status_code == 302
    assert "20/05/2021" in text(planner.get(f"/plan/crews/{old.id}/"))


def test_the_limits_stand_beside_the_crews_with_their_sources(planner, crews):
    page = text(planner.get("/plan/crews/"))
    assert "Giờ nghỉ giữa hai ca và giữa hai ngày, ít nhất chọn được từ 12 đến 24 12 Labour Code 45/2019" in page
    assert "Tổ lưu động (2)" in page


def test_a_venue_is_opened_changed_and_closed_but_not_under_a_session(planner, evening, venue):
    row = typed("open", name="Trường", kind="school", kits="2", seats="60", to=AN_LAM)
    assert planner.post("/plan/venues/", row).status_code == 302
    assert refused(planner.post("/plan/venues/", row | {"open.id": new_id()}), "venue_named", "open.name")
    page = f"/plan/venues/{venue}/"
    change = typed("change", name="Nhà văn hóa", kind="mobile", kits="3", seats="40", version="1")
    assert planner.post(page, change).status_code == 302
    assert refused(planner.post(page, typed("close", until="10/05/2021", version="2")), "still_planned")
    assert planner.post(page, typed("close", until="11/05/2021", version="2")).status_code == 302
    assert "11/05/2021" in text(planner.get(page))
    assert planner.post(page, typed("again", version="3")).status_code == 302
    days = typed("days", to=AN_LAM, reason="Giãn cách", first="12/05/2021", last="11/05/2021")
    assert refused(planner.post("/plan/venues/", days), "bad_closure", "days.reason")
    assert planner.post("/plan/venues/", days | {"days.last": "15/05/2021"}).status_code == 302
    assert "Giãn cách" in text(planner.get("/plan/venues/"))


def opening(venue, kit, crew="", **more):
    told = {"venue": str(venue), "day": "11/05/2021", "starts": "06:00", "ends": "12:00"}
    return typed("open", **told | {"kit.0": str(kit), "crew.0": str(crew)} | more)


def test_a_session_is_opened_by_hand_with_a_rested_crew(planner, evening, venue, kits, crews):
    assert "+ mở buổi" in text(planner.get("/plan/"))
    page = planner.get(f"/plan/sessions/?venue={venue}&shift=2&day=11/05/2021").content.decode()
    assert all(value in page for value in ('value="12:00"', 'value="18:00"', 'value="11/05/2021"'))
    early = text(planner.get("/plan/sessions/?shift=1&day=11/05/2021"))
    assert "Tổ 1 · commune An Lâm – chưa nghỉ đủ" in early
    assert early.index("Tổ 2 · commune An Lâm") < early.index("Tổ 1 · commune An Lâm")
    tired = planner.post("/plan/sessions/", opening(venue, kits[0], crews[0]))
    assert refused(tired, "too_little_rest", "open.crew.0")
    assert "phải nghỉ ít nhất 12 giờ" in text(tired)
    assert refused(planner.post("/plan/sessions/", opening(venue, "")), "no_stand", "open.kit.0")
    assert refused(planner.post("/plan/sessions/", opening(venue, kits[0], starts="x")), "not_a_time", "open.starts")
    assert refused(planner.post("/plan/sessions/", opening(venue, "", crews[0])), "not_chosen", "open.kit.0")
    address = planner.post("/plan/sessions/", opening(venue, kits[0], crews[1])).headers["Location"]
    assert "Tổ 2" in text(planner.get(address))


def test_a_session_gets_another_crew_starts_and_is_cancelled_with_nobody_lost(planner, evening, kits, crews):
    (who,) = citizens(1)
    row = Booking(id=new_id(), person=who, session=evening.id, slot=wall("19:30"), group=Group.PUPIL)
    assert not plan.book_appointments(bookings=[row], by=BY, at=AT).refused
    page = f"/plan/sessions/{evening.id}/"
    assert planner.post(page, typed("arm", **{"kit.0": str(kits[1]), "crew.0": ""})).status_code == 302
    assert "Buổi này chưa đủ tổ." in text(planner.get(page))
    assert planner.post(page, typed("arm", **{"kit.0": str(kits[1]), "crew.0": str(crews[1])})).status_code == 302
    assert queries.session(evening.id).crews == ["Tổ 2"]
    assert planner.post(page, typed("start")).status_code == 302
    assert refused(planner.post(page, typed("cancel", reason=" ")), "no_reason", "cancel.reason")
    assert planner.post(page, typed("cancel", reason="Mất điện")).status_code == 302
    told = text(planner.get(page))
    assert "Đã hủy" in told
    assert "Mất điện" in told
    assert [one.person for one in queries.waiting(PROVINCE)] == [who]


def test_only_who_may_finds_the_forms_and_only_in_their_area(browser, evening, venue, kits, crews):
    things = [f"kits/{kits[0]}", f"crews/{crews[0]}", f"venues/{venue}", f"sessions/{evening.id}"]
    crew = browser(CREW, AN_LAM)
    for page in ("kits", "crews", "venues", *things):
        answer = crew.get(f"/plan/{page}/")
        assert (page, answer.status_code, 'name="act"' in answer.content.decode()) == (page, 200, False)
    assert crew.post(f"/plan/kits/{kits[0]}/", typed("mark", what="break")).status_code == 403
    assert crew.post(f"/plan/sessions/{evening.id}/", typed("cancel", reason="x")).status_code == 403
    assert crew.get("/plan/sessions/").status_code == 403
    assert browser(COMMANDER, AN_LAM).post("/plan/venues/", typed("open", to=AN_LAM)).status_code == 403
    elsewhere = browser(PLANNER, HOP_TIEN)
    for page in things:
        assert elsewhere.get(f"/plan/{page}/").status_code == 403
    assert elsewhere.post("/plan/kits/", typed("add", code="X", rate="9", source="x", to=AN_LAM)).status_code == 403
    assert elsewhere.post("/plan/sessions/", opening(venue, kits[0])).status_code == 403
    for page in ("kits", "crews", "venues", "sessions"):
        assert crew.get(f"/plan/{page}/{new_id()}/").status_code == 404


def test_the_pages_take_few_queries(planner, evening, venue, kits, crews, django_assert_max_num_queries):
    planner.get("/plan/")
    pages = ["kits", "crews", "venues", f"kits/{kits[0]}", f"crews/{crews[0]}", f"venues/{venue}"]
    for page in [*pages, f"sessions/{evening.id}", "sessions"]:
        with django_assert_max_num_queries(25):
            planner.get(f"/plan/{page}/")
