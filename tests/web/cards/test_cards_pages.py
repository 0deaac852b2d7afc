"""The issue desk, the print centre, one card, and where cards stand on other pages."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from muster.audit import queries as audit
from muster.card import queries
from muster.card.words import OldCard, State
from muster.law.handover import IdentityCheck
from tests.register.conftest import HOP_TIEN
from tests.web.cards.conftest import (
    AT,
    accepted,
    arrived,
    browser,
    citizens,
    made,
    page,
    printed,
    shows,
    transfer,
)

HAND_OVER = {"what": "hand_over", "check": "face", "old_card": "none", "ground": "holder"}


def line(card):
    return queries.lines([card])[card]


def lying(count):
    """Let cards lie at An Lâm; return citizens and cards."""
    people = citizens(count)
    return people, arrived(*made(*[accepted(one, age=41) for one in people]))


def do(client, card, **more):
    return client.post(f"/cards/{card}/do/", more)


def test_who_has_no_cards_to_read_is_shown_none(demo):
    assert browser("planner").get("/cards/").status_code == 403
    assert browser("auditor").get("/cards/print/").status_code == 403


def test_the_centre_makes_batches_of_what_waits(centre):
    people = citizens(3)
    for one in people:
        accepted(one, age=41)
    text = page(centre, "/cards/print/")
    assert "Hồ sơ chờ in thẻ: 3" in text
    assert centre.post("/cards/print/make/", {"size": "2"}).status_code == 302
    text = page(centre, "/cards/print/")
    assert "Hồ sơ chờ in thẻ: 0" in text
    assert [one.size for one in queries.batches(1, limit=9)] == [1, 2]
    assert "Lập lô in" not in text


def test_a_dossier_that_cannot_be_printed_is_told(centre):
    (one,) = citizens(1)
    accepted(one, age=41)
    from tests.card.conftest import person, taken

    accepted(taken(person("Lê Thị Không Số", "1980")), age=41)
    answer = centre.post("/cards/print/make/", {})
    assert answer.status_code == 422
    assert "no_number" in answer.content.decode()
    assert len(queries.batches(1, limit=9)) == 1


def test_a_batch_is_printed_scrapped_and_delivered_by_places(centre):
    cards = made(*[accepted(one, age=41) for one in citizens(3)])
    batch = line(cards[0]).batch
    told = {"places": "2", "reason": "chip_dead", "rest": "1"}
    assert centre.post(f"/cards/batch/{batch}/printed/", told).status_code == 302
    assert [line(card).state for card in cards] == [State.PRINTED, State.REJECTED, State.PRINTED]
    text = page(centre, f"/cards/batch/{batch}/")
    assert "chíp không đọc được" in text
    assert centre.post(f"/cards/batch/{batch}/delivered/", {"missing": "3"}).status_code == 302
    assert [line(card).state for card in cards] == [State.ARRIVED, State.REJECTED, State.MISSING]
    assert "Thiếu 1" in page(centre, f"/cards/batch/{batch}/")
    wrong = centre.post(f"/cards/batch/{batch}/printed/", {"places": "9", "reason": "blurred"})
    assert wrong.status_code == 422
    assert "no_such_place" in wrong.content.decode()
    assert centre.post(f"/cards/batch/{batch}/printed/", {"places": "1", "reason": "?"}).status_code == 422


def test_the_desk_delivers_and_does_not_print(lead):
    cards = made(*[accepted(one, age=41) for one in citizens(1)])
    batch = line(cards[0]).batch
    assert lead.post(f"/cards/batch/{batch}/printed/", {"reason": "blurred", "rest": "1"}).status_code == 403
    assert lead.post("/cards/print/make/", {}).status_code == 403
    printed(*cards)
    assert lead.post(f"/cards/batch/{batch}/delivered/", {}).status_code == 302
    assert line(cards[0]).state is State.ARRIVED


def test_a_card_is_found_by_number_code_and_receipt_and_the_look_is_written_down(lead):
    (one,), (card,) = lying(1)
    code = f"{one.number}||{one.name}|00001980|Nam|An Lễ|08052021"
    for typed in (one.number, code):
        answer = lead.post("/cards/", {"q": typed})
        assert (answer.status_code, answer["Location"]) == (302, f"/cards/{card}/")
    assert lead.post("/cards/", {"q": "BN000999"}).status_code == 422
    assert lead.post("/cards/", {"q": "Lê"}).status_code == 422
    assert do(lead, card, **HAND_OVER).status_code == 302
    receipt = f"bn{line(card).receipt}"
    assert lead.post("/cards/", {"q": receipt})["Location"] == f"/cards/{card}/"
    page(lead, f"/cards/{card}/")
    assert audit.looks_at("person", one.id, limit=1)[0].action == "card.open"


def test_no_number_stands_in_an_address(lead):
    (one,), (card,) = lying(1)
    text = page(lead, "/cards/")
    assert re.search(r'<form method="post" action="/cards/"[^>]*>\s*<input [^>]*name="csrfmiddlewaretoken"', text)
    assert 'method="get"' not in text
    assert f"/cards/{card}/" not in page(lead, f"/cards/?q={one.number}")  # an address of before finds nobody


def test_a_checker_finds_a_card_by_number_without_looking_into_the_register(centre):
    (one, other), (card, _) = lying(2)
    assert centre.post("/cards/", {"q": one.number})["Location"] == f"/cards/{card}/"
    looks = audit.looks_at("person", one.id, limit=9)
    assert (looks[0].action, looks[0].purpose) == ("card.list", "issue")
    assert "register.look_up" not in {look.action for look in looks}
    transfer("checker", HOP_TIEN)
    answer = centre.post("/cards/", {"q": other.number})
    assert (answer.status_code, "card_not_here" in answer.content.decode()) == (422, True)
    assert "card.list" not in {look.action for look in audit.looks_at("person", other.id, limit=9)}


def test_a_card_is_handed_over_with_a_receipt_on_paper(lead):
    (one,), (card,) = lying(1)
    text = page(lead, f"/cards/{card}/")
    assert "mời nhận trước hết ngày 07/06/2021" in text
    assert lead.get(f"/cards/{card}/receipt/").status_code == 422
    assert do(lead, card, **HAND_OVER).status_code == 302
    held = line(card)
    assert (held.state, held.check, held.old_card) == (State.HANDED_OVER, IdentityCheck.FACE, OldCard.NONE)
    assert do(lead, card, what="take_back", reason="altered").status_code == 302
    assert line(card).state is State.TAKEN_BACK
    text = page(lead, f"/cards/{card}/receipt/")
    assert f"BN{held.receipt:06}" in text
    assert one.name in text


def test_a_hand_over_that_is_refused_keeps_what_was_filled_in(lead):
    _, (card,) = lying(1)
    answer = do(lead, card, **HAND_OVER | {"ground": "authority", "rep.name": "Lê Thị Tư"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "taker_unknown" in text
    assert 'value="Lê Thị Tư"' in text
    assert do(lead, card, **HAND_OVER | {"check": "glance"}).status_code == 422
    assert do(lead, card, what="eat").status_code == 422
    told = {"rep.name": "Lê Thị Tư", "rep.number": "030150123456", "rep.relation": "vợ", "rep.signed": "1"}
    assert do(lead, card, **HAND_OVER | {"ground": "authority"} | told).status_code == 302
    assert line(card).ground == "authority"


def test_a_card_that_cannot_be_handed_over_is_marked_and_ready_again(lead, centre):
    _, (card,) = lying(1)
    assert do(centre, card, what="undelivered", reason="abroad").status_code == 403
    assert do(lead, card, what="undelivered", reason="abroad").status_code == 302
    assert "đang ở nước ngoài" in page(lead, f"/cards/{card}/")
    assert do(lead, card, what="again").status_code == 302
    assert line(card).state is State.ARRIVED


def test_what_nobody_collects_is_listed(lead):
    people, _cards = lying(2)
    assert "Quá hạn chưa đến nhận: 0 thẻ" in page(lead, "/cards/")
    shows(AT + timedelta(days=31))
    text = page(lead, "/cards/")
    assert "Quá hạn chưa đến nhận: 2 thẻ" in text
    assert all(one.name in text for one in people)
    assert "07/06/2021" in text
    assert audit.looks_at("person", people[0].id, limit=1)[0].action == "card.list_uncollected"


@pytest.mark.parametrize(
    ("address", "most"), [("/cards/", 15), ("/cards/print/", 10), ("/cards/batch/{batch}/", 12)]
)  # fmt: skip
def test_the_lists_take_the_same_questions_at_any_length(lead, address, most, django_assert_max_num_queries):
    _, cards = lying(4)
    shows(AT + timedelta(days=31))
    where = address.format(batch=line(cards[0]).batch)
    with django_assert_max_num_queries(most):
        text = page(lead, where)
    assert text.count("<tr") >= 2


def test_a_person_and_a_dossier_tell_of_the_card(lead):
    (one,), (card,) = lying(1)
    serial = line(card).serial
    assert serial in page(lead, f"/register/{one.id}/")
    text = page(lead, f"/desk/dossiers/{line(card).dossier}/")
    assert serial in text
    assert f"/cards/{card}/" in text


def test_a_citizen_reads_where_the_card_is_and_until_when(lead):
    cache.clear()
    (one,), _ = lying(1)
    answers = {"number": one.number, "name": one.name, "birth": "1980"}
    text = Client().post("/card/", answers).content.decode()
    assert "mời nhận trước hết ngày 07/06/2021" in text


def test_the_printer_takes_what_is_still_to_be_printed_and_the_audit_says_who_took_it(centre):
    cards = made(*[accepted(one, age=41) for one in citizens(3)])
    batch = line(cards[0]).batch
    assert f"/cards/batch/{batch}/data/" in page(centre, f"/cards/batch/{batch}/")
    assert centre.get(f"/cards/batch/{batch}/data/").status_code == 405
    printed(cards[1])
    answer = centre.post(f"/cards/batch/{batch}/data/")
    told = [json.loads(row) for row in answer.content.decode().splitlines()]
    assert [row["serial"] for row in told] == [line(cards[0]).serial, line(cards[2]).serial]
    assert told[0]["qr"].startswith(f"{line(cards[0]).number}||Lê Văn Thẻ 0|")
    assert len(told[0]["sides"][1]["zone"]) == 3
    assert audit.looks_at("person", line(cards[0]).person, limit=1)[0].action == "card.open_for_printer"
    printed(cards[0], cards[2])
    assert f"/cards/batch/{batch}/data/" not in page(centre, f"/cards/batch/{batch}/")


def test_the_desk_sees_the_faces_and_takes_no_data_for_a_printer(lead):
    (one,), (card,) = lying(1)
    assert f"/cards/{card}/faces/" in page(lead, f"/cards/{card}/")
    text = page(lead, f"/cards/{card}/faces/")
    assert "LÊ VĂN THẺ 0" in text
    assert f"IDVNM{one.number[-9:]}" in text
    assert "<svg" in text
    assert lead.post(f"/cards/batch/{line(card).batch}/data/").status_code == 403
    assert browser("planner").get(f"/cards/{card}/faces/").status_code == 403
