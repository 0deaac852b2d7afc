"""The story of the demonstration: each step by whoever takes it, nothing of it elsewhere."""

import re

import pytest
from django.test import Client

from muster.events import operations as journal
from muster.kernel.clock import PlayedClock
from muster.people.operations import make_demo_officers
from muster.people.words import Role
from muster.register.models import Person
from muster.survey.operations import close_cases
from muster.web.frame import real_now
from muster.web.story.telling import COOKIE
from tests.people.factories import SYSTEM
from tests.register.conftest import person, taken, units
from tests.survey.conftest import AN_LAM, AT, opened, surveyed
from tests.web.accounts.conftest import at, clock

__all__ = ["clock", "units"]


@pytest.fixture
def told(units, clock):
    """Return a browser in a house where one grown-up is due, and a child."""
    make_demo_officers(units=dict.fromkeys(Role, AN_LAM), by=SYSTEM, at=at(9))
    journal.set_clock(clock=PlayedClock(real_now(), AT, paused=True), by=SYSTEM, at=real_now())
    campaign = opened()
    taken(
        person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"),
        person("Lê Văn Trò", "3/9/2006", number="030206000017"),
        person("Bùi Văn Không", "1/3/1975"),
    )
    surveyed(campaign)
    return Client(SERVER_NAME="localhost")


def go(client, step):
    return client.post("/story/go/", {"step": step})


def strip(client, page):
    """Return the words of the strip above a page."""
    text = client.get(page).content.decode()
    found = re.search(r'<aside class="story[^"]*".*?</aside>', text, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


def test_each_step_signs_in_whoever_takes_it(told):
    assert "Thẻ của tôi ở đâu?" in told.get("/story/").content.decode()
    answer = go(told, "board")
    assert answer["Location"] == f"/board/?unit={AN_LAM}"
    assert "Bước 1/4" in strip(told, answer["Location"])
    assert 'name="logout"' not in strip(told, "/")
    assert go(told, "reinforce")["Location"] == f"/board/reinforcement/?unit={AN_LAM}"
    assert "không đề xuất gì" in strip(told, f"/board/reinforcement/?unit={AN_LAM}")
    assert go(told, "capture")["Location"] == "/"
    words = strip(told, "/")
    assert "Nguyễn Văn Hoà vừa đến bàn" in words  # the only grown-up who is due and has a number
    assert "030075123456" in words
    assert go(told, "card")["Location"] == "/card/"
    words = strip(told, "/card/")
    assert "01/03/1975" in words
    assert told.get("/board/")["Location"].startswith("/sign-in/")  # a citizen is signed in nowhere


def test_the_strip_counts_one_more_once_the_dossier_is_in(told):
    go(told, "board")
    go(told, "capture")
    found = told.post("/register/", {"number": "030075123456"})
    take = told.get(found["Location"].replace("/register/", "/desk/person/")).content.decode()
    posted = dict(re.findall(r'name="(dossier|packet|attempt)" value="([^"]+)"', take))
    posted |= dict.fromkeys(re.findall(r'name="(sign\.[a-z_]+)"', take), "1") | {"photo": "1", "traits": "Sẹo nhỏ"}
    answer = told.post(found["Location"].replace("/register/", "/desk/person/"), posted | {"place": "desk"})
    assert answer.status_code == 302, re.findall("<strong>(.*?)</strong>", answer.content.decode())
    assert "đếm từ 0 lên 1" in strip(told, answer["Location"])


def test_the_story_ends_and_a_forged_cookie_tells_nothing(told):
    go(told, "board")
    assert told.post("/story/end/").status_code == 302
    assert strip(told, "/") == ""
    told.cookies[COOKIE] = "board 01900000-0000-7000-8000-000000000001 0"
    assert strip(told, "/") == ""


def test_it_is_told_on_this_machine_and_with_a_citizen_left(told):
    assert told.get("/story/", REMOTE_ADDR="10.0.0.7").status_code == 403
    assert told.post("/story/go/", {"step": "board"}, REMOTE_ADDR="10.0.0.7").status_code == 403
    assert go(told, "nothing").status_code == 422
    close_cases(persons=Person.objects.filter(number="030075123456").values_list("id", flat=True), by=SYSTEM, at=AT)
    answer = go(told, "board")
    assert (answer.status_code, "nobody_left" in answer.content.decode()) == (422, True)


def test_a_house_without_demonstration_has_no_story(units, clock):
    assert Client(SERVER_NAME="localhost").get("/story/").status_code == 403
    assert "/story/" not in Client(SERVER_NAME="localhost").get("/sign-in/").content.decode()
