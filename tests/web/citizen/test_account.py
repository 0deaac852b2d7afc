"""Whoever gave the three answers asks for an e-ID account of level 1 online; level 2 and children's are not offered."""

import re
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client

from muster.account import queries
from muster.account.operations import close
from muster.account.rows import Act
from muster.account.words import Channel, Closing, State
from muster.audit import operations as audit
from muster.capture.operations import receive
from muster.kernel.clock import ZONE, PlayedClock
from muster.kernel.numbers import Sex
from tests.capture.conftest import AN_LAM, BY, CREW, intake, person, taken, units
from tests.people.factories import SYSTEM
from tests.web.accounts.conftest import at, clock

__all__ = ["clock", "units"]

IN_2024 = datetime(2024, 8, 5, 10, tzinfo=ZONE)
THREE = {"number": "030075123456", "name": "nguyen van hoa", "birth": "1/3/1975"}
ASK = "Đăng ký tài khoản mức độ 1"

pytestmark = pytest.mark.usefixtures("clock")


def shows(moment):
    audit.set_clock(clock=PlayedClock(at(9), moment), by=SYSTEM, at=at(9))


@pytest.fixture
def farmer(units):
    shows(IN_2024)
    return taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))


def answer(**changed):
    return Client().post("/card/", THREE | changed).content.decode()


def asked(html):
    part = html[html.index('action="/card/account/"') :]
    return dict(re.findall(r'name="(word|account)" value="([^"]*)"', part[: part.index("</form>")]))


def go(told):
    got = Client().post("/card/account/", told)
    return got.status_code, got.content.decode()


def test_level_1_is_asked_for_online_once_and_shown_with_who_acts_by_when(farmer):
    told = asked(answer())
    for _ in range(2):  # pressed twice
        status, html = go(told)
        assert (status, ASK in html) == (200, False)
    (held,) = queries.of_person(farmer.id)
    assert (held.id, held.level, held.state) == (UUID(told["account"]), 1, State.REQUESTED)
    assert (held.channel, held.unit_done, held.decide_by) == (Channel.ONLINE, AN_LAM, datetime(2024, 8, 14).date())
    assert "14/08/2024" in html
    assert ASK not in answer()


def test_two_forms_open_at_once_make_one_account(farmer):
    first, second = asked(answer()), asked(answer())
    assert go(first)[0] == 200
    status, html = go(second)
    assert (status, "account_there" in html, "Trả lời" in html) == (422, True, True)
    assert len(queries.of_person(farmer.id)) == 1


def test_after_an_account_was_closed_it_can_be_asked_for_again(farmer):
    told = asked(answer())
    go(told)
    over = Act(account=UUID(told["account"]), at=IN_2024, reason=Closing.CITIZEN_ASKED.value)
    assert not close(closings=[over], grants=None, by=BY, at=IN_2024).refused
    assert go(asked(answer()))[0] == 200
    assert {one.state for one in queries.of_person(farmer.id)} == {State.CLOSED, State.REQUESTED}


def test_it_is_not_offered_before_the_law_to_a_child_or_beside_a_wish_of_the_dossier(units):
    shows(datetime(2021, 5, 8, 10, tzinfo=ZONE))
    farmer = taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))
    taken(person("Lê Thị Mai", "2/9/2014", sex=Sex.FEMALE, number="030314123457"))
    assert ASK not in answer()
    shows(IN_2024)
    assert ASK in answer()
    assert ASK not in answer(number="030314123457", name="Lê Thị Mai", birth="2/9/2014")
    row = intake(farmer, IN_2024, account_level=2)
    assert not receive(intakes=[row], by=CREW, at=IN_2024).refused
    assert ASK not in answer()


@pytest.mark.parametrize(("changed", "code"), [({"word": "x"}, "answers_too_old"), ({"account": "x"}, "form_damaged")])
def test_a_word_or_form_that_is_not_ours_asks_for_nothing(farmer, changed, code):
    status, html = go(asked(answer()) | changed)
    assert (status, code in html) == (422, True)
    assert queries.of_person(farmer.id) == []
    assert Client().get("/card/account/").status_code == 405
