"""Cards go into the hand, or cannot, or are taken back; the register knows."""

from datetime import timedelta

import pytest
from django.db import connection

from muster.card import queries
from muster.card.operations import hand_over, mark_undelivered, take_back
from muster.card.rows import NotDelivered, TakeBack
from muster.card.words import OldCard, State, TakenBack, Undelivered
from muster.events.queries import life
from muster.kernel.ids import new_id
from muster.law.capture import Representative
from muster.law.cards import CardType
from muster.law.grounds import Ground
from muster.law.handover import IdentityCheck, TakerGround
from muster.register import operations as register
from muster.register.queries import person_page
from muster.register.rows import CardIssue, CardRow
from tests.card.conftest import (
    AFTER_2024,
    AN_LAM,
    AT,
    COUNTRY,
    CREW,
    DESK,
    ELSEWHERE,
    GRANDMOTHER,
    HELPED,
    HOP_TIEN,
    HOUR,
    accepted,
    arrived,
    dossier_state,
    handed,
    handing,
    line,
    made,
    person,
    refusals,
    taken,
)


def cards_of(citizen):
    return [
        (one.type, one.number, one.ended) for one in person_page(citizen.id, allowed=frozenset()).cards
    ]  # fmt: skip


@pytest.fixture
def card(dossier):
    return arrived(*made(dossier))[0]


@pytest.fixture
def holder(units):
    """Somebody with a barcode card, whose new card lies at the desk."""
    old = CardRow(type=CardType.CCCD_BARCODE, number="030080000001")
    return taken(person("Lê Văn Cũ", "1980", number="030080000001", cards=(old,)))


def test_a_card_goes_into_the_hand_and_into_the_register(card, dossier, farmer):
    handed(card, at=AT + HOUR)
    found = line(card)
    assert (found.state, dossier_state(dossier)) == (State.HANDED_OVER, "handed_over")
    assert (found.check, found.ground, found.old_card) == (IdentityCheck.FACE, "", OldCard.NONE)
    assert found.handed_at == AT + HOUR
    assert queries.by_receipt(found.receipt).id == card
    assert cards_of(farmer) == [("cccd_chip", "030075123456", "")]
    assert [event.move for event in life(farmer.id)] == ["take_in", "issue_card"]
    assert life(dossier)[-1].unit_done == AN_LAM


def test_handed_over_again_nothing_changes_and_the_receipt_is_the_same(card, farmer):
    handed(card)
    receipt = line(card).receipt
    handed(card)
    assert line(card).receipt == receipt
    assert len(cards_of(farmer)) == 1


def test_the_card_before_is_asked_about_and_ends(holder):
    (card,) = arrived(*made(accepted(holder, age=41, stated=frozenset({Ground.LOOKS}))))
    assert refusals(hand_over(rows=[handing(card)], grants=None, by=DESK, at=AT)) == [(0, "old_card_open")]
    handed(card, old_card=OldCard.TAKEN)
    assert cards_of(holder) == [("cccd_chip", "030080000001", ""), ("cccd_barcode", "030080000001", "replaced")]
    assert line(card).old_card is OldCard.TAKEN


def test_a_card_taken_at_intake_is_known(holder):
    (card,) = arrived(*made(accepted(holder, age=41, stated=frozenset({Ground.LOOKS}), old_card_taken=True)))
    handed(card)
    assert line(card).old_card is OldCard.TAKEN_AT_INTAKE


def test_the_next_card_replaces_the_one_before(card, farmer):
    handed(card)
    later = AT + timedelta(days=30)
    again = accepted(farmer, at=later, stated=frozenset({Ground.LOST}))
    second = arrived(*made(again, at=later), at=later)[0]
    handed(second, at=later, old_card=OldCard.LOST)
    assert [line(one).state for one in (card, second)] == [State.REPLACED, State.HANDED_OVER]
    assert cards_of(farmer) == [("cccd_chip", "030075123456", ""), ("cccd_chip", "030075123456", "replaced")]


def test_a_childs_card_goes_to_the_representative(units):
    boy = taken(person("Trần Minh Khôi", "10/2/2016", number="030216123456"))
    told = {"age": 8, "signed": HELPED, "representative": GRANDMOTHER, "stated": frozenset({Ground.ON_REQUEST})}
    (card,) = arrived(*made(accepted(boy, at=AFTER_2024, **told), at=AFTER_2024), at=AFTER_2024)
    alone = hand_over(rows=[handing(card, at=AFTER_2024)], grants=None, by=DESK, at=AFTER_2024)
    assert refusals(alone) == [(0, "may_not_take")]
    minor = {"ground": TakerGround.MINOR, "at": AFTER_2024}
    nobody = hand_over(rows=[handing(card, **minor)], grants=None, by=DESK, at=AFTER_2024)
    assert refusals(nobody) == [(0, "taker_unknown")]
    nameless = Representative(number="030150123456", relation="grandmother", signed=True)
    half = hand_over(rows=[handing(card, taker=nameless, **minor)], grants=None, by=DESK, at=AFTER_2024)
    assert [row.refusal.values for row in half.refused] == [{"fields": "name"}]
    handed(card, taker=GRANDMOTHER, check=IdentityCheck.E_ID, **minor)
    assert (line(card).ground, line(card).check) == ("minor", IdentityCheck.E_ID)


def test_hand_overs_that_are_refused(card, farmer):
    def refused(by=DESK, **more):
        return refusals(hand_over(rows=[handing(card, **more)], grants=None, by=by, at=AT))

    assert refused(at=AT + timedelta(days=2)) == [(0, "handed_in_future")]
    assert refused(at=AT - timedelta(minutes=1)) == [(0, "handed_before_arrival")]
    assert refused(check=IdentityCheck.E_ID) == [(0, "check_not_possible")]  # not before October 2022
    assert refused(ground=TakerGround.MINOR, taker=GRANDMOTHER) == [(0, "may_not_take")]
    assert refused(taker=GRANDMOTHER) == [(0, "taker_unknown")]
    assert refused(by=ELSEWHERE) == [(0, "card_outside_unit")]
    assert refusals(hand_over(rows=[handing(new_id())], grants=None, by=DESK, at=AT)) == [(0, "unknown_card")]
    assert refusals(hand_over(rows=[handing(card), handing(card)], grants=None, by=DESK, at=AT)) == [
        (1, "twice_in_batch")
    ]


def test_a_card_that_came_back_is_not_handed_over_before_it_did(card):
    mark_undelivered(
        rows=[NotDelivered(card=card, at=AT + HOUR, reason=Undelivered.REFUSES)], grants=None, by=DESK, at=AT + HOUR
    )
    later = AT + 3 * HOUR
    mark_undelivered(rows=[NotDelivered(card=card, at=later, reason=None)], grants=None, by=DESK, at=later)
    early = hand_over(rows=[handing(card, AT + 2 * HOUR)], grants=None, by=DESK, at=later)
    (row,) = early.refused
    assert (row.refusal.code, row.refusal.values["since"]) == ("handed_before_arrival", "20:00 08/05/2021")
    handed(card, later)


def test_one_batch_hands_one_holder_one_card(card, farmer, units):
    """Rows that a fault has left: two cards of one holder at the desk, which no step leads to."""
    other = taken(person("Lê Văn Hai", "1981", number="030081000002"))
    (second,) = arrived(*made(accepted(other, age=40)))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE card_card SET person_id = %s WHERE id = %s", [farmer.id, second])
    both = hand_over(rows=[handing(card), handing(second)], grants=None, by=DESK, at=AT)
    assert (both.done, refusals(both)) == ([card], [(1, "holder_twice")])
    assert [line(one).state for one in (card, second)] == [State.HANDED_OVER, State.ARRIVED]
    assert len(cards_of(farmer)) == 1


def test_the_register_takes_one_card_a_person_of_one_batch(farmer):
    cards = [CardRow(id=new_id(), type=CardType.CCCD_CHIP, number=farmer.number) for _ in range(2)]
    rows = [CardIssue(person=farmer.id, card=card, on=AT.date()) for card in cards]
    result = register.issue_cards(issues=rows, by=DESK, at=AT)
    assert (result.done, refusals(result)) == ([rows[0].card.id], [(1, "holder_twice")])
    assert refusals(register.issue_cards(issues=rows, by=DESK, at=AT)) == []  # the next one replaces it
    assert cards_of(farmer)[0][2] == ""
    assert [ended for *_, ended in cards_of(farmer)] == ["", "replaced"]


def test_a_card_in_print_is_not_handed_over(dossier):
    (card,) = made(dossier)
    assert refusals(hand_over(rows=[handing(card)], grants=None, by=DESK, at=AT)) == [(0, "card_wrong_state")]


def test_nobody_hands_over_to_the_dead(card, farmer):
    from muster.kernel.dates import PartialDate
    from muster.register.operations import LifeChange, record_life_events
    from muster.register.words import LifeEventKind

    death = LifeChange(person=farmer.id, kind=LifeEventKind.DIED, on=PartialDate.of(AT.date()))
    assert not record_life_events(events=[death], grants=None, by=CREW, at=AT).refused
    assert refusals(hand_over(rows=[handing(card)], grants=None, by=DESK, at=AT)) == [(0, "holder_gone")]


def test_a_card_that_cannot_be_delivered_waits_and_comes_back(card, dossier):
    told = [NotDelivered(card=card, at=AT, reason=Undelivered.ABROAD)]
    assert mark_undelivered(rows=told, grants=None, by=DESK, at=AT).done == [card]
    assert (line(card).state, line(card).reason, dossier_state(dossier)) == (State.UNDELIVERED, "abroad", "undelivered")
    assert refusals(hand_over(rows=[handing(card)], grants=None, by=DESK, at=AT)) == [(0, "card_wrong_state")]
    back = [NotDelivered(card=card, at=AT + HOUR, reason=None)]
    assert mark_undelivered(rows=back, grants=None, by=DESK, at=AT + HOUR).done == [card]
    assert mark_undelivered(rows=back, grants=None, by=DESK, at=AT + HOUR).done == [card]
    assert (line(card).state, dossier_state(dossier)) == (State.ARRIVED, "arrived")
    assert [event.move for event in life(dossier)][-2:] == ["undelivered", "arrived_again"]
    handed(card, at=AT + HOUR)


def test_cards_that_are_not_collected_are_listed_at_their_unit(card):
    assert queries.uncollected(COUNTRY, AT, limit=10) == []
    assert [one.id for one in queries.uncollected(AN_LAM, AT + HOUR, limit=10)] == [card]
    assert queries.uncollected(HOP_TIEN, AT + HOUR, limit=10) == []
    told = [NotDelivered(card=card, at=AT + HOUR, reason=Undelivered.DOES_NOT_COME)]
    mark_undelivered(rows=told, grants=None, by=DESK, at=AT)
    mark_undelivered(rows=[NotDelivered(card=card, at=AT + HOUR, reason=None)], grants=None, by=DESK, at=AT)
    assert queries.uncollected_count(COUNTRY, AT + HOUR) == 1  # it has lain there since it first arrived
    assert queries.how_many(COUNTRY) == {State.ARRIVED: 1}
    handed(card, AT + HOUR)
    assert queries.uncollected_count(COUNTRY, AT + HOUR) == 0


def test_a_card_is_taken_back_and_ends_in_the_register(card, farmer, dossier):
    handed(card)
    rows = [TakeBack(card=card, at=AT, reason=TakenBack.ISSUED_WRONGLY)]
    assert take_back(rows=rows, grants=None, by=DESK, at=AT).done == [card]
    assert take_back(rows=rows, grants=None, by=DESK, at=AT).done == [card]
    assert (line(card).state, line(card).reason) == (State.TAKEN_BACK, "issued_wrongly")
    assert cards_of(farmer) == [("cccd_chip", "030075123456", "taken_back")]
    assert [event.move for event in life(farmer.id)] == ["take_in", "issue_card", "end_card"]
    assert dossier_state(dossier) == "handed_over"


def test_a_card_that_was_not_handed_over_is_not_taken_back(card):
    rows = [TakeBack(card=card, at=AT, reason=TakenBack.ALTERED)]
    assert refusals(take_back(rows=rows, grants=None, by=DESK, at=AT)) == [(0, "card_wrong_state")]
