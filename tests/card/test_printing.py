"""Cards come out of the printer, are scrapped, and arrive at their units, or not."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from muster.capture.moves import Step
from muster.capture.operations import move_dossiers, receive
from muster.capture.queries import states
from muster.capture.rows import DossierMove
from muster.capture.words import Ending, Mend
from muster.card import queries
from muster.card.moves import MOVES
from muster.card.moves import Step as CardStep
from muster.card.operations import deliver, make_batches, recall_cards, record_prints
from muster.card.rows import Delivery, PrintResult
from muster.card.words import Reject, State
from muster.events.queries import life
from muster.kernel.ids import new_id
from tests.card.conftest import (
    AT,
    CENTRE,
    CREW,
    ELSEWHERE,
    HOUR,
    accepted,
    arrived,
    dossier_state,
    intake,
    line,
    made,
    person,
    printed,
    refusals,
    taken,
)


@pytest.fixture
def three(units):
    people = [taken(person(f"Lê Văn {i}", "1980", number=f"03008000000{i}")) for i in range(3)]
    return [accepted(one, age=41) for one in people]


def moves_of(dossier):
    return [event.move for event in life(dossier)]


def test_a_printed_card_makes_its_dossier_produced(dossier):
    (card,) = printed(*made(dossier))
    assert (line(card).state, dossier_state(dossier)) == (State.PRINTED, "produced")
    printed(card)  # told again
    assert moves_of(dossier).count("produced") == 1


@pytest.mark.parametrize("before", [False, True])
def test_a_scrapped_card_sends_its_dossier_back_and_the_next_card_is_another(dossier, before):
    (card,) = made(dossier)
    if before:
        printed(card)
    told = [PrintResult(card=card, at=AT, rejected=Reject.CHIP_DEAD)]
    assert record_prints(prints=told, grants=None, by=CENTRE, at=AT).done == [card]
    assert (line(card).state, line(card).reason, dossier_state(dossier)) == (State.REJECTED, "chip_dead", "accepted")
    assert [move for move in moves_of(dossier) if move in {"produced", "print_rejected"}] == [
        "produced", "print_rejected",
    ]  # fmt: skip
    assert life(dossier)[-1].reason == "chip_dead"
    assert record_prints(prints=told, grants=None, by=CENTRE, at=AT).done == [card]
    assert queries.to_print(1, limit=5) == [dossier]
    (second,) = made(dossier, at=AT + HOUR)
    assert second != card
    printed(second, at=AT + HOUR)
    assert [one.id for one in queries.of_person(line(card).person)] == [second, card]


def test_the_card_of_a_dossier_that_ended_is_scrapped_and_nothing_else(dossier):
    (card,) = made(dossier)
    ended = [PrintResult(card=card, at=AT, rejected=Reject.DOSSIER_ENDED)]
    assert refusals(record_prints(prints=ended, grants=None, by=CENTRE, at=AT)) == [(0, "dossier_moved")]
    refuse = DossierMove(dossier=dossier, step=Step.REFUSED, at=AT, reason=Ending.FALSE_PAPERS)
    assert not move_dossiers(moves=[refuse], by=CENTRE, at=AT).refused
    assert refusals(record_prints(prints=[PrintResult(card=card, at=AT)], grants=None, by=CENTRE, at=AT)) == [
        (0, "wrong_state")
    ]
    assert not record_prints(prints=ended, grants=None, by=CENTRE, at=AT).refused
    assert (line(card).state, dossier_state(dossier)) == (State.REJECTED, "refused")
    assert refusals(make_batches(dossiers=[dossier], grants=None, by=CENTRE, at=AT)) == [(0, "not_accepted")]


def test_a_card_in_print_is_recalled_when_its_dossier_is_returned(three):
    cards = made(*three)
    back = DossierMove(dossier=three[0], step=Step.RETURNED, at=AT, reason=Mend.POOR_PHOTO)
    assert not move_dossiers(moves=[back], by=CENTRE, at=AT).refused
    assert queries.to_recall() == [cards[0]]
    told = recall_cards(cards=[*cards[:2], new_id()], grants=None, by=CENTRE, at=AT + HOUR)
    assert (told.done, refusals(told)) == ([cards[0]], [(1, "dossier_moved"), (2, "unknown_card")])
    assert (line(cards[0]).state, dossier_state(three[0])) == (State.RECALLED, "returned")
    (event,) = life(cards[0])
    assert (event.kind, event.move, event.reason, event.occurred_at) == ("card", "recalled", "returned", AT + HOUR)
    assert recall_cards(cards=cards[:1], grants=None, by=CENTRE, at=AT + HOUR).done == cards[:1]  # told again
    assert (len(life(cards[0])), queries.to_recall()) == (1, [])
    ready = [PrintResult(card=card, at=AT + HOUR) for card in cards]
    assert refusals(record_prints(prints=ready, grants=None, by=CENTRE, at=AT + HOUR)) == [(0, "card_wrong_state")]
    delivery = Delivery(batch=line(cards[0]).batch, at=AT + HOUR)  # the parcel goes without it
    told = deliver(deliveries=[delivery], grants=None, by=CENTRE, at=AT + HOUR)
    assert (set(told.arrived), told.refused) == (set(cards[1:]), [])


def test_a_dossier_that_came_again_gets_another_card(dossier):
    (card,) = made(dossier)
    back = DossierMove(dossier=dossier, step=Step.RETURNED, at=AT, reason=Mend.POOR_PHOTO)
    assert not move_dossiers(moves=[back], by=CENTRE, at=AT).refused
    again = replace(intake(SimpleNamespace(id=states([dossier])[dossier].person), AT + HOUR), id=dossier, attempt=2)
    assert not receive(intakes=[again], by=CREW, at=AT + HOUR).refused
    moves = [DossierMove(dossier=dossier, step=Step.ACCEPTED, at=AT + HOUR)]
    assert not move_dossiers(moves=moves, by=CREW, at=AT + HOUR).refused
    assert queries.to_recall() == [card]  # accepted again, and not what is in print
    assert make_batches(dossiers=[dossier], grants=None, by=CENTRE, at=AT + HOUR).cards == 0
    late = record_prints(prints=[PrintResult(card=card, at=AT + HOUR)], grants=None, by=CENTRE, at=AT + HOUR)
    assert (refusals(late), line(card).state) == ([(0, "card_outdated")], State.PRINTING)
    assert recall_cards(cards=[card], grants=None, by=CENTRE, at=AT + HOUR).done == [card]
    (other,) = made(dossier, at=AT + 2 * HOUR)
    assert (other != card, line(other).state, queries.to_recall()) == (True, State.PRINTING, [])


def test_rows_are_refused_alone(three):
    one, two, _ = made(*three)
    result = record_prints(
        prints=[
            PrintResult(card=new_id(), at=AT), PrintResult(card=one, at=AT), PrintResult(card=one, at=AT),
            PrintResult(card=two, at=AT),
        ],
        grants=None, by=CENTRE, at=AT,
    )  # fmt: skip
    assert refusals(result) == [(0, "unknown_card"), (2, "twice_in_batch")]
    assert [line(card).state for card in (one, two)] == [State.PRINTED, State.PRINTED]
    assert refusals(record_prints(prints=[PrintResult(card=one, at=AT)], grants=None, by=ELSEWHERE, at=AT)) == [
        (0, "card_outside_unit")
    ]


def test_a_parcel_arrives_without_a_card_which_is_found_later(three):
    cards = printed(*made(*three))
    batch = line(cards[0]).batch
    short = Delivery(batch=batch, at=AT, missing=frozenset({cards[1]}))
    told = deliver(deliveries=[short], grants=None, by=CENTRE, at=AT)
    assert (told.batches, told.missing, set(told.arrived)) == ([batch], [cards[1]], {cards[0], cards[2]})
    assert [dossier_state(one) for one in three] == ["arrived", "produced", "arrived"]
    assert line(cards[1]).state is State.MISSING
    again = deliver(deliveries=[short], grants=None, by=CENTRE, at=AT)
    assert (again.arrived, again.missing, again.refused) == ([], [cards[1]], [])
    found = deliver(deliveries=[Delivery(batch=batch, at=AT + HOUR)], grants=None, by=CENTRE, at=AT + HOUR)
    assert (found.arrived, dossier_state(three[1])) == ([cards[1]], "arrived")
    assert [event.move for event in life(batch)] == ["made", "delivered"]
    assert queries.batch(batch).delivered_at == AT


def test_a_parcel_has_its_own_time_whenever_it_is_told(three):
    """Two parcels told at once in the evening: each card, dossier and batch keeps the hour its parcel came."""
    cards = printed(*made(*three, size=2))
    first, second = dict.fromkeys(line(card).batch for card in cards)
    hours = {first: AT + HOUR, second: AT + 3 * HOUR}
    rows = [Delivery(batch=batch, at=hour) for batch, hour in hours.items()]
    told_at = AT + 5 * HOUR
    assert deliver(deliveries=rows, grants=None, by=CENTRE, at=told_at).batches == [first, second]
    for card, dossier in zip(cards, three, strict=True):
        held = line(card)
        assert (held.arrived_at, held.state_since) == (hours[held.batch], hours[held.batch])
        (event,) = [one for one in life(dossier) if one.move == "arrived"]
        assert (event.occurred_at, event.recorded_at) == (hours[held.batch], told_at)
    for batch, hour in hours.items():
        (event,) = [one for one in life(batch) if one.move == "delivered"]
        assert (queries.batch(batch).delivered_at, event.occurred_at, event.recorded_at) == (hour, hour, told_at)


def test_a_card_that_never_arrives_is_scrapped(three):
    cards = printed(*made(*three))
    deliver(
        deliveries=[Delivery(batch=line(cards[0]).batch, at=AT, missing=frozenset(cards[:1]))],
        grants=None,
        by=CENTRE,
        at=AT,
    )
    lost = [PrintResult(card=cards[0], at=AT, rejected=Reject.LOST_ON_THE_WAY)]
    assert not record_prints(prints=lost, grants=None, by=CENTRE, at=AT).refused
    assert (line(cards[0]).state, dossier_state(three[0])) == (State.REJECTED, "accepted")


def test_parcels_that_are_refused(three):
    cards = made(*three)
    batch = line(cards[0]).batch
    printed(*cards[:2])
    in_print = deliver(
        deliveries=[Delivery(batch=batch, at=AT), Delivery(batch=new_id(), at=AT)], grants=None, by=CENTRE, at=AT
    )
    assert refusals(in_print) == [(0, "batch_in_print"), (1, "unknown_batch")]
    printed(cards[2])
    stranger = Delivery(batch=batch, at=AT, missing=frozenset({new_id()}))
    assert refusals(deliver(deliveries=[stranger], grants=None, by=CENTRE, at=AT)) == [(0, "not_of_batch")]
    assert refusals(deliver(deliveries=[Delivery(batch=batch, at=AT)], grants=None, by=ELSEWHERE, at=AT)) == [
        (0, "card_outside_unit")
    ]
    assert [line(card).state for card in cards] == [State.PRINTED] * 3


def test_every_state_that_no_step_starts_from_refuses_it(three):
    (card, *_) = arrived(*made(*three))
    assert refusals(record_prints(prints=[PrintResult(card=card, at=AT)], grants=None, by=CENTRE, at=AT)) == [
        (0, "card_wrong_state")
    ]
    ends = {way.end for way in MOVES.values()} | {State.PRINTING, State.REPLACED}
    assert ends == set(State)
    assert set(MOVES) == set(CardStep)
