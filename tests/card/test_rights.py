"""Every operation of cards asks the role where the card is handed over, not only the unit."""

import pytest

from muster.card.operations import deliver, hand_over, make_batches, mark_undelivered, record_prints, take_back
from muster.card.rows import Delivery, NotDelivered, PrintResult, TakeBack
from muster.card.words import Reject, State, TakenBack, Undelivered
from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.people.rights import Grants
from muster.people.words import Kind, Role
from tests.card.conftest import AN_LAM, AT, BY, HOP_TIEN, arrived, handed, handing, line, made, printed

DESK_LEAD, CHECKER, CREW = Role.DESK_LEAD, Role.CHECKER, Role.CREW


def grants(role, unit=AN_LAM):
    return Grants(BY.officer, Kind.OFFICER, AN_LAM, ((role, unit),))


def who(purpose=Purpose.ISSUE):
    return Actor(officer=BY.officer, unit=AN_LAM, purpose=purpose)


def make(dossier):
    return lambda **told: make_batches(dossiers=[dossier], **told)


def scrap(dossier):
    (card,) = made(dossier)
    return lambda **told: record_prints(prints=[PrintResult(card=card, at=AT, rejected=Reject.BLURRED)], **told)


def parcel(dossier):
    (card,) = printed(*made(dossier))
    return lambda **told: deliver(deliveries=[Delivery(batch=line(card).batch, at=AT)], **told)


def hand(dossier):
    (card,) = arrived(*made(dossier))
    return lambda **told: hand_over(rows=[handing(card)], **told)


def leave(dossier):
    (card,) = arrived(*made(dossier))
    rows = [NotDelivered(card=card, at=AT, reason=Undelivered.REFUSES)]
    return lambda **told: mark_undelivered(rows=rows, **told)


def fetch(dossier):
    card = handed(arrived(*made(dossier))[0])
    return lambda **told: take_back(rows=[TakeBack(card=card, at=AT, reason=TakenBack.ALTERED)], **told)


MAY = {
    make: {CHECKER}, scrap: {CHECKER}, parcel: {CHECKER, DESK_LEAD}, hand: {CREW, DESK_LEAD}, leave: {CREW, DESK_LEAD},
    fetch: {DESK_LEAD},
}  # fmt: skip


@pytest.mark.parametrize("act", MAY, ids=lambda act: act.__name__)
def test_only_the_roles_of_the_table_do_it_and_only_there_and_for_this(dossier, act):
    do = act(dossier)
    refused = [
        *(do(grants=grants(role), by=who(), at=AT) for role in set(Role) - MAY[act]),
        *(do(grants=grants(role, HOP_TIEN), by=who(), at=AT) for role in MAY[act]),
        *(do(grants=grants(role), by=who(Purpose.COMMAND), at=AT) for role in MAY[act]),
        *(do(grants=Grants(new_id(), Kind.OFFICER, AN_LAM, ((role, AN_LAM),)), by=who(), at=AT) for role in MAY[act]),
    ]
    assert {row.refusal.code for result in refused for row in result.refused} == {"not_allowed"}
    assert [len(result.refused) for result in refused] == [1] * len(refused)
    assert not do(grants=grants(min(MAY[act])), by=who(), at=AT).refused


def test_a_row_that_is_not_allowed_keeps_nobody_elses_from_being_done(dossier, farmer):
    (card,) = arrived(*made(dossier))
    result = hand_over(rows=[handing(new_id()), handing(card)], grants=grants(CREW), by=who(), at=AT)
    assert ([row.refusal.code for row in result.refused], result.done) == (["unknown_card"], [card])
    assert line(card).state is State.HANDED_OVER
