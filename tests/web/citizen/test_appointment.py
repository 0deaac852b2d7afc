"""Whoever gave the three answers books, moves and cancels their own appointment, and nobody else's."""

import re
import time
from datetime import datetime

import pytest
from django.core import signing
from django.test import Client

from muster.audit import operations as audit
from muster.kernel.clock import ZONE, PlayedClock
from muster.plan import queries
from muster.survey.operations import survey_units
from muster.web.frame import real_now
from tests.people.factories import SYSTEM
from tests.plan.conftest import (
    AT,
    BY,
    HOP_TIEN,
    PROVINCE,
    campaign,
    crews,
    evening,
    events,
    kits,
    officers,
    units,
    venue,
    wall,
)  # fmt: skip
from tests.register.conftest import person, taken

__all__ = ["campaign", "crews", "evening", "kits", "officers", "units", "venue"]

THREE = {"number": "030075123456", "name": "nguyen van hoa", "birth": "1/3/1975"}


@pytest.fixture
def farmer(campaign, evening):
    found = taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))
    survey_units(campaign=campaign, units=[PROVINCE], by=BY, at=AT)
    shown = PlayedClock(real_now(), datetime(2021, 5, 10, 17, tzinfo=ZONE), 1.0, paused=True)
    audit.set_clock(clock=shown, by=SYSTEM, at=real_now())
    return found


def hidden(html):
    """Return the hidden fields of the first form of a citizen's page that carries the signed word."""
    part = html[html.rindex("<input", 0, html.index('name="word"')) :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', part[: part.index("</form>")]))


def slots(html):
    return re.findall(r'name="slot" value="([^"]+)"', html)


def go(told, **more):
    answer = Client().post("/card/appointment/", told | more)
    return answer.status_code, answer.content.decode()


def test_three_answers_lead_to_a_slot_that_moves_and_is_cancelled(farmer, evening):
    html = Client().post("/card/", THREE).content.decode()
    assert "Bạn thuộc diện cấp thẻ và chưa có lịch hẹn." in html
    _, html = go(hidden(html))
    status, booked = go(hidden(html), slot=slots(html)[2])
    assert (status, "Hẹn lúc 18:30 10/05/2021 tại Nhà văn hóa An Lễ" in booked) == (200, True)
    assert go(hidden(html), slot=slots(html)[2])[0] == 200  # pressed twice
    status, overtaken = go(hidden(html), slot=slots(html)[5])
    assert (status, "changed_meanwhile" in overtaken) == (422, True)
    _, moved = go(hidden(booked), slot=slots(html)[5])
    assert "Hẹn lúc 19:15" in moved
    assert [one.slot for one in queries.appointments(evening.id)] == [wall("19:15")]
    _, html = go(hidden(Client().post("/card/", THREE).content.decode()))
    event = re.search(r'name="event" value="([^"]+)"', html)[1]
    assert "Bạn thuộc diện cấp thẻ" in go(hidden(html), act="cancel", event=event)[1]
    assert queries.appointments(evening.id) == []
    assert events("appointment") == ["book", "rebook", "cancel"]


def test_a_word_that_is_old_or_not_ours_opens_nothing(farmer, monkeypatch):
    word = signing.dumps(str(farmer.id), salt="citizen.answered")
    assert go({"word": word})[0] == 200
    assert (go({"word": word + "x"})[0], go({})[0]) == (422, 422)
    assert go({"word": signing.dumps(str(farmer.id), salt="something.else")})[0] == 422
    monkeypatch.setattr("muster.web.citizen.answered.SECONDS", -1)
    status, html = go({"word": word})
    assert (status, "answers_too_old" in html, "Nguyễn Văn Hoà" in html) == (422, True, False)
    assert Client().get("/card/appointment/").status_code == 405


def test_the_answers_are_good_for_fifteen_minutes_and_no_second_more(farmer, monkeypatch):
    """What is answered later keeps the word of the first answers: the time is not begun anew by coming back."""
    begun = time.time()
    monkeypatch.setattr(time, "time", lambda: begun)
    told = hidden(Client().post("/card/", THREE).content.decode())
    monkeypatch.setattr(time, "time", lambda: begun + 14 * 60 + 59)
    status, html = go(told)
    assert (status, hidden(html)["word"]) == (200, told["word"])
    monkeypatch.setattr(time, "time", lambda: begun + 15 * 60 + 1)
    status, html = go(hidden(html))
    assert (status, "answers_too_old" in html) == (422, True)
    assert "Nguyễn Văn Hoà" not in html


def test_only_slots_of_the_own_commune_and_only_who_is_due(farmer, evening, campaign):
    elsewhere = taken(person("Lê Văn Xa", "1/3/1980", number="030080123457", unit=HOP_TIEN))
    survey_units(campaign=campaign, units=[PROVINCE], by=BY, at=AT)
    html = Client().post("/card/", THREE).content.decode()
    slot = slots(go(hidden(html))[1])[0]
    told = {"word": signing.dumps(str(elsewhere.id), salt="citizen.answered"), "attempt": "1"}
    status, html = go(told, slot=slot, appointment=str(elsewhere.id))
    assert (status, "no_longer_offered" in html) == (422, True)
    assert queries.appointments(evening.id) == []
    baby = taken(person("Lê Bé", "1/3/2020", number="030220123458"))
    assert slots(go({"word": signing.dumps(str(baby.id), salt="citizen.answered")})[1]) == []
