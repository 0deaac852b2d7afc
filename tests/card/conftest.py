"""Accepted dossiers of the register's small province, a print centre, a desk, and what they do to cards."""

from datetime import timedelta

import pytest

from muster.capture.moves import Step
from muster.capture.operations import move_dossiers, receive
from muster.capture.queries import states
from muster.capture.rows import DossierMove
from muster.card import queries
from muster.card.operations import deliver, hand_over, make_batches, record_prints
from muster.card.rows import Delivery, HandOver, PrintResult
from muster.card.words import OldCard
from muster.kernel.actor import Actor, Purpose
from muster.law.handover import IdentityCheck
from tests.capture.conftest import (  # noqa: F401
    AFTER_2024,
    AT,
    CREW,
    GRANDMOTHER,
    HELPED,
    born_since,
    child,
    farmer,
    intake,
    newborn,
    person,
    taken,
)
from tests.register.conftest import AN_LAM, BY, COUNTRY, HAMLET, HOP_TIEN, PROVINCE, units  # noqa: F401

CENTRE = Actor(officer=BY.officer, unit=COUNTRY, purpose=Purpose.ISSUE)
DESK = Actor(officer=BY.officer, unit=AN_LAM, purpose=Purpose.ISSUE)
ELSEWHERE = Actor(officer=BY.officer, unit=HOP_TIEN, purpose=Purpose.ISSUE)
HOUR = timedelta(hours=1)


def accepted(citizen, *, at=AT, **more):
    """Take a citizen in and accept the dossier; return it."""
    row = intake(citizen, at, **more)
    assert not receive(intakes=[row], by=CREW, at=at).refused
    moves = [DossierMove(dossier=row.id, step=Step.ACCEPTED, at=at)]
    assert not move_dossiers(moves=moves, by=CREW, at=at).refused
    return row.id


def made(*dossiers, at=AT, size=500):
    """Make cards of dossiers; return the cards in the order of the dossiers."""
    result = make_batches(dossiers=dossiers, grants=None, by=CENTRE, at=at, size=size)
    assert not result.refused, result.refused
    cards = queries.of_dossiers(dossiers)
    return [cards[dossier].id for dossier in dossiers]


def printed(*cards, at=AT):
    result = record_prints(prints=[PrintResult(card=card, at=at) for card in cards], grants=None, by=CENTRE, at=at)
    assert not result.refused, result.refused
    return cards


def arrived(*cards, at=AT):
    """Print cards and let their parcels arrive whole."""
    printed(*cards, at=at)
    batches = dict.fromkeys(line.batch for line in queries.lines(cards).values())
    result = deliver(deliveries=[Delivery(batch=batch, at=at) for batch in batches], grants=None, by=CENTRE, at=at)
    assert not result.refused, result.refused
    return cards


def handing(card, at=AT, **more):
    return HandOver(**({"card": card, "at": at, "check": IdentityCheck.FACE, "old_card": OldCard.NONE} | more))


def handed(card, at=AT, **more):
    result = hand_over(rows=[handing(card, at, **more)], grants=None, by=DESK, at=at)
    assert not result.refused, result.refused
    return card


def refusals(result):
    return [(row.index, row.refusal.code) for row in result.refused]


def line(card):
    return queries.lines([card])[card]


def dossier_state(dossier):
    return states([dossier])[dossier].state.value


@pytest.fixture
def dossier(farmer):  # noqa: F811
    return accepted(farmer)
