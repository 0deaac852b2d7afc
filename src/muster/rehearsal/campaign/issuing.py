"""A rehearsal's cards: printed in batches, some scrapped, delivered in parcels, handed over to their holders."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from muster.card import queries
from muster.card.operations import deliver, hand_over, make_batches, record_prints
from muster.card.rows import Delivery, HandOver, PrintResult
from muster.card.words import Reject
from muster.kernel.actor import Actor
from muster.law.handover import IdentityCheck


def print_cards(dossiers: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    """Put accepted dossiers into batches and print them; what is printed already is passed over.

    :raises Refusal: a card that cannot be made, which is a fault of the rehearsal
    """
    for row in make_batches(dossiers=dossiers, grants=None, by=by, at=at).refused:
        raise row.refusal
    prints = [PrintResult(card=card, at=at) for card, _ in queries.ids_of(dossiers)]
    record_prints(prints=prints, grants=None, by=by, at=at).whole()


def scrap(dossiers: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    """Scrap the cards of dossiers at the printer: each gets another one."""
    prints = [PrintResult(card=card, at=at, rejected=Reject.BLURRED) for card, _ in queries.ids_of(dossiers)]
    record_prints(prints=prints, grants=None, by=by, at=at).whole()


def arrive(dossiers: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    """Have the parcels arrive in which the cards of dossiers are."""
    batches = dict.fromkeys(batch for _, batch in queries.ids_of(dossiers))
    for row in deliver(deliveries=[Delivery(batch=one, at=at) for one in batches], grants=None, by=by, at=at).refused:
        raise row.refusal


def hand(dossiers: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    """Hand cards over to their holders, whose faces are compared with the photo."""
    rows = [HandOver(card=card, at=at, check=IdentityCheck.FACE) for card, _ in queries.ids_of(dossiers)]
    hand_over(rows=rows, grants=None, by=by, at=at).whole()
