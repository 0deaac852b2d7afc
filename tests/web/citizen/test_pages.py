import re
from datetime import datetime

import pytest
from django.core.cache import cache
from django.test import Client

from muster.audit import operations as audit
from muster.audit import queries as looks
from muster.capture import queries
from muster.capture.operations import receive
from muster.capture.words import Place, State
from muster.kernel.clock import ZONE, PlayedClock
from muster.kernel.numbers import Sex
from muster.register.operations import take_in
from muster.register.rows import HouseholdRow
from muster.register.words import Kinship, Relation
from tests.capture.conftest import AN_LAM, AT, BY, CREW, intake, person, taken, units
from tests.people.factories import SYSTEM
from tests.web.accounts.conftest import at, clock

__all__ = ["clock", "units"]

IN_2024 = datetime(2024, 8, 5, 10, tzinfo=ZONE)
THREE = {"number": "030075123456", "name": "nguyen van hoa", "birth": "1/3/1975"}


pytestmark = pytest.mark.usefixtures("clock")


def shows(moment):
    audit.set_clock(clock=PlayedClock(at(9), moment), by=SYSTEM, at=at(9))


@pytest.fixture
def farmer(units):
    shows(AT)
    return taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))


def test_three_answers_tell_where_the_card_is_and_who_acts_by_when(farmer):
    assert "Chưa có hồ sơ" in Client().post("/card/", THREE).content.decode()
    row = intake(farmer)
    receive(intakes=[row], by=CREW, at=AT)
    html = Client().post("/card/", THREE).content.decode()
    assert "Đang kiểm tra; kết quả trước hết ngày 28/05/2021." in html
    assert row.id.hex[-4:].upper() in html
    assert looks.looks_at("person", farmer.id)[0].action == "citizen.ask"
    assert looks.looks_at("person", farmer.id)[0].purpose == "citizen"


@pytest.mark.parametrize(
    "wrong", [{"number": "030075123457"}, {"name": "Nguyen Van Ho"}, {"birth": "2/3/1975"}, {"birth": "1975"}]
)
def test_one_wrong_answer_is_told_from_nobody_at_all_by_nobody(farmer, wrong):
    answer = Client().post("/card/", THREE | wrong)
    assert answer.status_code == 422
    assert "nobody_like_that" in answer.content.decode()
    assert "citizen.ask" not in {look.action for look in looks.looks_at("person", farmer.id)}


def test_guessing_is_slowed_down(farmer):
    guesses = [Client().post("/card/", THREE | {"birth": f"{day}/3/1975"}) for day in range(2, 8)]
    assert "too_many_questions" in guesses[-1].content.decode()
    cache.clear()  # what a restart forgets, and another process never knew
    assert "too_many_questions" in Client().post("/card/", THREE).content.decode()


@pytest.mark.parametrize("bad", [{"number": "12"}, {"birth": "31/02/1975"}, {"birth": ""}])
def test_what_cannot_be_read_is_said(farmer, bad):
    answer = Client().post("/card/", THREE | bad)
    assert answer.status_code == 422
    assert 'class="notice tone-bad"' in answer.content.decode()


@pytest.fixture
def mother_and_child(units):
    mother = person("Trần Thị Lan", "5/6/1995", sex=Sex.FEMALE, number="030195123456")
    child = person(
        "Lê Gia Bảo", "1/6/2024", household=mother.household, relation=Relation.CHILD,
        kin=((Kinship.MOTHER, mother.id),),
    )  # fmt: skip
    home = HouseholdRow(id=mother.household, unit=mother.unit, head=mother.id)
    assert not take_in(households=[home], persons=[mother, child], by=BY, at=IN_2024).refused
    shows(IN_2024)
    return mother, child


def filled(client, **changed):
    html = client.get("/card/child/").content.decode()
    told = dict(re.findall(r'<input type="hidden" name="(dossier|packet)" value="([^"]+)"', html))
    told |= {"parent.number": "030195123456", "parent.name": "Trần Thị Lan", "parent.birth": "5/6/1995"}
    told |= {"child.name": "Lê Gia Bảo", "child.birth": "1/6/2024", "relation": "mother", "level": "1", "signed": "1"}
    return told | changed


def test_a_mother_files_for_her_newborn_online(mother_and_child):
    _, child = mother_and_child
    client = Client()
    sent = filled(client)
    for _ in range(2):
        assert "Đã nộp trực tuyến" in client.post("/card/child/", sent).content.decode()
    (held,) = queries.of_person(child.id)
    assert (held.state, held.place, held.unit_done, held.account_level) == (State.FILED, Place.ONLINE, AN_LAM, 1)
    assert queries.packets(held.id, sealed=True)[0].told["representative"]["number"] == "030195123456"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"child.name": "Lê Gia Minh"}, "not_your_child"),
        ({"parent.birth": "5/6/1994"}, "nobody_like_that"),
        ({"signed": ""}, "capture_faults"),
        ({"level": "2"}, "level_not_offered"),
        ({"dossier": "x"}, "form_damaged"),
    ],
)
def test_a_filing_that_cannot_be_is_refused_and_kept(mother_and_child, changed, code):
    client = Client()
    answer = client.post("/card/child/", filled(client, **changed))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert code in html
    assert 'value="Trần Thị Lan"' in html
    assert queries.of_person(mother_and_child[1].id) == []


def test_in_2021_nobody_files_for_a_child(units):
    shows(AT)
    mother = person("Trần Thị Lan", "5/6/1995", sex=Sex.FEMALE, number="030195123456")
    child = person(
        "Lê Gia Bảo", "1/6/2020", household=mother.household, relation=Relation.CHILD,
        kin=((Kinship.MOTHER, mother.id),),
    )  # fmt: skip
    home = HouseholdRow(id=mother.household, unit=mother.unit, head=mother.id)
    assert not take_in(households=[home], persons=[mother, child], by=BY, at=AT).refused
    client = Client()
    answer = client.post("/card/child/", filled(client, **{"child.birth": "1/6/2020"}))
    assert answer.status_code == 422
    assert "not_due_now" in answer.content.decode()
    assert queries.of_person(child.id) == []
