import re

import pytest

from muster.capture import queries
from muster.capture.moves import Step
from muster.capture.operations import move_dossiers
from muster.capture.rows import DossierMove
from muster.capture.words import State
from muster.law.capture import PRINTS
from tests.capture.conftest import AT, CREW
from tests.web.register.conftest import browser, elsewhere, page, works_for


def filled(html, **changed):
    """Return what a browser sends of the form, with everything captured and signed."""
    told = dict(re.findall(r'<input type="hidden" name="(dossier|packet|attempt)" value="([^"]+)"', html))
    told |= {"photo": "1", "traits": "Nốt ruồi", "sign.citizen": "1", "sign.officer": "1", "place": "desk"}
    return {name: value for name, value in (told | changed).items() if value is not None}


@pytest.fixture
def crew(hoa):
    return works_for(browser("crew"), "capture")


def take(client, person, **changed):
    address = f"/desk/person/{person.id}/"
    return client.post(address, filled(page(client, address), **changed))


def test_a_person_is_taken_from_their_page_and_the_dossier_stands_there(crew, hoa):
    assert f"/desk/person/{hoa.id}/" in page(crew, f"/register/{hoa.id}/")
    answer = take(crew, hoa, **{"quality.rolled_right_thumb": "15", "old_card": "1"})
    (held,) = queries.of_person(hoa.id)
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/dossiers/{held.id}/")
    assert (held.state, held.poor_biometrics, held.old_card_taken) == (State.RECEIVED, True, True)
    (packet,) = queries.packets(held.id, sealed=True)
    assert len(packet.captures) == len(PRINTS) + 1
    assert packet.told == {"traits": "Nốt ruồi"}
    shown = page(crew, f"/register/{hoa.id}/")
    assert f"/desk/dossiers/{held.id}/" in shown
    assert crew.get(f"/desk/person/{hoa.id}/")["Location"] == f"/desk/dossiers/{held.id}/"


def test_pressed_twice_it_is_one_dossier(crew, hoa):
    sent = filled(page(crew, f"/desk/person/{hoa.id}/"))
    first, second = (crew.post(f"/desk/person/{hoa.id}/", sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert len(queries.of_person(hoa.id)) == 1


def test_a_refusal_keeps_what_was_filled_in(crew, hoa):
    answer = take(crew, hoa, **{"missing.rolled_left_ring": "not_taken", "quality.flat_thumbs": "77"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "capture_faults" in html
    assert 'name="quality.flat_thumbs" value="77"' in html
    assert "Nốt ruồi" in html
    assert queries.of_person(hoa.id) == []
    for changed, code in (
        ({"sign.officer": None}, "not_signed"),
        ({"quality.flat_thumbs": "101"}, "not_a_quality"),
        ({"traits": " "}, "capture_faults"),
        ({"level": "2"}, "level_not_offered"),
        ({"level": "two"}, "form_damaged"),
        ({"dossier": "1"}, "form_damaged"),
        ({"packet": None}, "form_damaged"),
        ({"place": "moon"}, "form_damaged"),
        ({"missing.flat_thumbs": "x"}, "form_damaged"),
    ):
        assert code in take(crew, hoa, **changed).content.decode()


def test_a_missing_finger_is_described_and_shown_with_its_reason(crew, hoa):
    take(crew, hoa, **{"missing.rolled_left_ring": "amputated"})
    (held,) = queries.of_person(hoa.id)
    html = page(crew, f"/desk/dossiers/{held.id}/")
    assert "lăn ngón áp út trái: cụt" in html
    assert "Thiếu vân tay" in html
    assert "28/05/2021" in html


def test_a_returned_dossier_is_mended_from_its_page(crew, hoa):
    take(crew, hoa)
    (held,) = queries.of_person(hoa.id)
    back = DossierMove(dossier=held.id, step=Step.RETURNED, at=AT, reason="poor_prints")
    assert not move_dossiers(moves=[back], by=CREW, at=AT).refused
    html = page(crew, f"/desk/dossiers/{held.id}/")
    assert "vân tay kém" in html
    assert f"/desk/person/{hoa.id}/" in html
    take(crew, hoa)
    (held,) = queries.of_person(hoa.id)
    assert (held.state, held.attempt) == (State.RECEIVED, 2)


def test_the_desk_lead_withdraws_for_a_reason_and_the_crew_does_not(crew, hoa):
    take(crew, hoa)
    (held,) = queries.of_person(hoa.id)
    address = f"/desk/dossiers/{held.id}/"
    assert "withdraw" not in page(crew, address)
    assert crew.post(f"{address}withdraw/", {"reason": "citizen_asked"}).status_code == 403
    lead = works_for(browser("desk_lead"), "capture")
    assert "withdraw/" in page(lead, address)
    assert lead.post(f"{address}withdraw/", {"reason": "ugly", "version": "1"}).status_code == 422
    assert lead.post(f"{address}withdraw/", {"reason": "citizen_asked", "version": "1"}).status_code == 302
    assert queries.of_person(hoa.id)[0].state is State.WITHDRAWN


@pytest.mark.parametrize("role", ["commander", "planner", "technician", "volunteer", "auditor", "administrator"])
def test_who_takes_no_dossiers_sees_no_form(hoa, role):
    assert browser(role).get(f"/desk/person/{hoa.id}/").status_code == 403


def test_an_officer_of_another_commune_finds_nobody(crew, hoa):
    take(crew, hoa)
    (held,) = queries.of_person(hoa.id)
    other = elsewhere("crew")
    assert other.get(f"/desk/person/{hoa.id}/").status_code == 404
    assert other.get(f"/desk/dossiers/{held.id}/").status_code == 404


def test_intake_and_dossier_ask_few_questions(crew, hoa, django_assert_num_queries):
    with django_assert_num_queries(14):
        page(crew, f"/desk/person/{hoa.id}/")
    take(crew, hoa)
    (held,) = queries.of_person(hoa.id)
    with django_assert_num_queries(18):
        page(crew, f"/desk/dossiers/{held.id}/")
