"""The desk books a citizen or a household, moves and cancels, and prints who comes."""

import re
from datetime import datetime

import pytest

from muster.audit import operations as audit
from muster.audit import queries as looks
from muster.kernel.clock import ZONE, PlayedClock
from muster.people.words import Role
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import Cancellation
from muster.register.operations import take_in
from muster.register.words import Relation
from muster.survey.operations import survey_units
from muster.survey.words import Group
from muster.web.frame import real_now
from tests.people.factories import SYSTEM
from tests.plan.conftest import AN_LAM, AT, BY, HOP_TIEN, PROVINCE, wall
from tests.register.conftest import family, person
from tests.web.plan.conftest import CREW, PLANNER

ME = "030075123456"


@pytest.fixture(autouse=True)
def clock(campaign):
    shown = PlayedClock(real_now(), datetime(2021, 5, 10, 17, tzinfo=ZONE), 1.0, paused=True)
    audit.set_clock(clock=shown, by=SYSTEM, at=real_now())


@pytest.fixture
def home(campaign, evening):
    """Return a father and a mother of one household, both due, with an evening of free places in their commune."""
    father = person("Nguyễn Văn Hoà", "1/3/1975", number=ME)
    mother = person("Lê Thị Mai", "2/4/1978", household=father.household, relation=Relation.SPOUSE)
    homes, people = family(father, mother)
    assert not take_in(households=homes, persons=people, by=BY, at=AT).refused
    survey_units(campaign=campaign, units=[PROVINCE], by=BY, at=AT)
    return people


def text(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def form(html):
    """Return what the form of a booking would send: hidden fields and ticked boxes."""
    part = html[html.index('id="book"') : html.index("</form>", html.index('id="book"'))]
    told = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', part))
    ticked = dict.fromkeys(re.findall(r'<input type="checkbox" name="([^"]+)" value="1" checked', part), "1")
    return told | ticked


def slots(html):
    return re.findall(r'name="slot" value="([^"]+)"', html)


def test_a_household_is_booked_with_one_press(browser, home, evening):
    desk = browser(CREW, AN_LAM)
    answer = desk.post("/plan/book/", {"unit": AN_LAM, "number": ME})
    page = answer.headers["Location"]
    html = desk.get(page).content.decode()
    assert "Thứ Hai 10/05" in text(html)
    told = form(html)
    assert sum(value == "1" and name.startswith("person.") for name, value in told.items()) == 2
    assert desk.post(page, told | {"slot": slots(html)[0]}).status_code == 302
    assert desk.post(page, told | {"slot": slots(html)[0]}).status_code == 302  # pressed twice, booked once
    booked = queries.appointments(evening.id)
    assert [(one.slot, one.state) for one in booked] == [(wall("18:00"), "booked")] * 2
    html = desk.get(page).content.decode()
    assert text(html).count("đã hẹn 18:00 10/05/2021 tại Nhà văn hóa An Lễ") == 2


def test_a_family_larger_than_a_slot_takes_the_next_ones(home, evening):
    (line, *_) = queries.slots_of([evening.id], Group.UNKNOWN)
    people = [(one, Group.UNKNOWN) for one in range(line.free + 2)]
    seats = queries.seats(people, evening.id, line.slot, {Group.UNKNOWN: queries.slots_of([evening.id], Group.UNKNOWN)})
    assert sorted(seats.values()) == [wall("18:00")] * line.free + [wall("18:15")] * 2
    assert queries.seats(people, evening.id, wall("01:00"), {}) == {}


def test_an_appointment_moves_and_is_cancelled_and_what_was_overtaken_is_refused(browser, home, evening):
    desk = browser(CREW, AN_LAM)
    page = desk.post("/plan/book/", {"unit": AN_LAM, "number": ME}).headers["Location"]
    html = desk.get(page).content.decode()
    first = form(html)
    desk.post(page, first | {"slot": slots(html)[0]})
    html = desk.get(page).content.decode()
    one = {name: value for name, value in form(html).items() if not name.startswith("person.")}
    me = next(name for name in first if name.startswith("person.") and name[7:] in page)
    assert desk.post(page, one | {me: "1", "slot": slots(html)[3]}).status_code == 302
    assert sorted(one.slot for one in queries.appointments(evening.id)) == [wall("18:00"), wall("18:45")]
    late = desk.post(page, first | {"slot": slots(html)[5]})
    assert (late.status_code, "changed_meanwhile" in late.content.decode()) == (422, True)
    assert desk.post(page, one | {"slot": slots(html)[3]}).status_code == 422  # nobody is ticked
    html = desk.get(page).content.decode()
    cancel = re.findall(r'name="act" value="cancel"><input[^>]*value="([^"]+)"><input[^>]*value="([^"]+)"', html)
    told = {"act": "cancel", "appointment": cancel[0][0], "event": cancel[0][1]}
    assert desk.post(page, told).status_code == 302
    assert len(queries.appointments(evening.id)) == 1


def test_who_lost_a_session_is_booked_again_on_the_same_page(browser, home, evening, campaign):
    desk = browser(CREW, AN_LAM)
    page = desk.post("/plan/book/", {"unit": AN_LAM, "number": ME}).headers["Location"]
    html = desk.get(page).content.decode()
    desk.post(page, form(html) | {"slot": slots(html)[0]})
    plan.cancel_sessions(cancellations=[Cancellation(session=evening.id, reason="Mất điện")], by=BY, at=AT)
    html = desk.get(page).content.decode()
    assert "đã hủy; hãy đặt lại" in text(html)
    assert "Xã không còn chỗ nào" in text(html)


def test_the_list_is_printed_by_slot_and_is_a_look_at_everybody(browser, home, evening):
    desk = browser(CREW, AN_LAM)
    page = desk.post("/plan/book/", {"unit": AN_LAM, "number": ME}).headers["Location"]
    html = desk.get(page).content.decode()
    desk.post(page, form(html) | {"slot": slots(html)[1]})
    told = text(desk.get(f"/plan/sessions/{evening.id}/list/").content.decode())
    assert told.count("18:15") == 2
    assert ME in told
    (me, *_) = queries.appointments(evening.id)
    assert looks.looks_at("person", me.person)[0].action == "plan.open_list"
    assert browser(PLANNER, AN_LAM).get(f"/plan/sessions/{evening.id}/list/").status_code == 403  # plans without names


def test_nobody_elsewhere_and_nobody_without_the_right_is_booked(browser, home, evening):
    desk, other = browser(CREW, AN_LAM), browser(PLANNER, AN_LAM)
    page = desk.post("/plan/book/", {"unit": AN_LAM, "number": ME}).headers["Location"]
    assert other.get(page).status_code in {403, 404}
    assert browser(Role.DESK_LEAD, HOP_TIEN).get(page).status_code == 404
    answer = desk.post("/plan/book/", {"unit": AN_LAM, "number": "123"})
    assert "number-error" in desk.get(answer.headers["Location"]).content.decode()


def test_booking_takes_few_queries(browser, home, evening, django_assert_max_num_queries):
    desk = browser(CREW, AN_LAM)
    page = desk.post("/plan/book/", {"unit": AN_LAM, "number": ME}).headers["Location"]
    for address in (page, f"/plan/sessions/{evening.id}/list/", "/plan/appointments/"):
        with django_assert_max_num_queries(25):
            desk.get(address)


def moves_offered(html):
    """Return what may be said of each appointment of the page, with the two ids that go with it."""
    return re.findall(
        r'name="act" value="(keep|miss|cancel)"><input[^>]*value="([^"]+)"><input[^>]*value="([^"]+)"', html
    )


def test_the_desk_says_who_came_on_the_day_and_who_did_not_after_the_hour(browser, home, evening):
    desk = browser(CREW, AN_LAM)
    page = desk.post("/plan/book/", {"unit": AN_LAM, "number": ME}).headers["Location"]
    html = desk.get(page).content.decode()
    desk.post(page, form(html) | {"slot": slots(html)[0]})  # two of the household, for 18:00 of the tenth
    early = moves_offered(desk.get(page).content.decode())
    assert [move for move, *_ in early] == ["keep", "cancel"] * 2  # it is 17:00 of that day
    _, one, event = early[0]
    told = desk.post(page, {"act": "miss", "appointment": one, "event": event})
    assert (told.status_code, "not_yet" in told.content.decode()) == (422, True)
    shows(wall("19:00"))
    offered = moves_offered(desk.get(page).content.decode())
    assert [move for move, *_ in offered] == ["keep", "miss", "cancel"] * 2
    for act, held, id_ in (offered[0], offered[4]):
        assert desk.post(page, {"act": act, "appointment": held, "event": id_}).status_code == 302
    assert sorted(one.state for one in queries.appointments(evening.id)) == ["kept", "missed"]


def shows(moment):
    audit.set_clock(clock=PlayedClock(real_now(), moment, paused=True), by=SYSTEM, at=real_now())
