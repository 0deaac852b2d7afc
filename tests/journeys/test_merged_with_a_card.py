"""One person in two rows, and a card of the row that turns out to be the double lies at the desk already."""

import pytest

from muster.capture.moves import Step
from muster.capture.operations import move_dossiers
from muster.capture.rows import DossierMove
from muster.capture.words import State
from muster.card import queries as cards
from muster.card.operations import hand_over, recall_cards
from muster.card.words import State as CardState
from muster.events.recounting import differences
from muster.people import operations as people
from muster.people.operations import Decision
from muster.processing import queries as checks
from muster.processing.operations import PairDecision, check_dossiers, decide_pairs, merge_pairs
from muster.register import queries as register
from tests.card.conftest import handing
from tests.journeys.citizens import IN_2021, SPRING, registered
from tests.journeys.life import CENTRE, DAY, DESK, PRINTERS, Life
from tests.register.conftest import HOP_TIEN, person


@pytest.fixture
def man_of_two_rows(units):
    """Return the lives of one man whom two communes have written down, each with a number of its own."""
    real = registered(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"), on=SPRING)
    double = registered(person("Nguyễn Văn Hoà", "1/3/1975", unit=HOP_TIEN, number="030075654321"), on=SPRING)
    return Life(real, SPRING, IN_2021), Life(double, SPRING, IN_2021)


def one_man(real, double, tam, lan):
    """Let one checker find that both rows are one man, another allow the merge, and the first merge them."""
    then = SPRING + 5 * DAY
    check_dossiers(dossiers=[real.dossier], by=CENTRE, at=then)
    (pair,) = checks.pairs_of([double.citizen.id])
    same = PairDecision(pair=pair.id, same=True, why="Một người, hai lần khai", gone=double.citizen.id)
    assert decide_pairs(decisions=[same], by=tam, at=then, real=then).done == [pair.id]
    granted = [Decision(approval=same.approval, granted=True)]
    assert people.decide_approvals(decisions=granted, by=lan, at=then).done
    assert merge_pairs(pairs=[pair.id], by=tam, at=then, real=then).done == [pair.id]


def test_its_card_is_recalled_and_the_man_gets_one_with_the_number_that_goes_on(man_of_two_rows, tam, lan):
    real, double = man_of_two_rows
    double.is_taken()
    accepted = DossierMove(dossier=double.dossier, step=Step.ACCEPTED, at=SPRING + DAY)  # before anybody compared
    assert move_dossiers(moves=[accepted], by=CENTRE, at=accepted.at).done == [double.dossier]
    double.card_comes()
    assert double.held.state is State.ARRIVED
    real.is_taken()
    one_man(real, double, tam, lan)
    assert (double.held.state, real.held.suspect_duplicate) == (State.WITHDRAWN, False)
    then = SPRING + 6 * DAY
    assert cards.to_recall() == [double.card]
    assert recall_cards(cards=[double.card], grants=None, by=PRINTERS, at=then).done == [double.card]
    assert cards.lines([double.card])[double.card].state is CardState.RECALLED
    (refused,) = hand_over(rows=[handing(double.card, then)], grants=None, by=DESK, at=then).refused
    assert refused.refusal.code == "card_wrong_state"
    assert check_dossiers(dossiers=[real.dossier], by=CENTRE, at=then).accepted == [real.dossier]
    real.at = then  # what follows goes on from here
    real.card_comes()
    real.takes_the_card()
    page = register.person_page(real.citizen.id, allowed=frozenset())
    assert [(one.number, one.ended) for one in page.cards] == [("030075123456", "")]
    assert list(differences()) == []
