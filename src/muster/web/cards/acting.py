"""What an officer does with a card at the desk: hand it over, say why not, have it ready again, take it back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from muster.card import operations, queries
from muster.card.operations import CardNotHere
from muster.card.rows import HandOver, NotDelivered, TakeBack
from muster.card.words import OldCard, TakenBack, Undelivered
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult
from muster.law.handover import IdentityCheck, TakerGround
from muster.people import rights
from muster.people.rights import Grants
from muster.web.accounts.visit import Visit, campaign_time
from muster.web.cards import card as pages
from muster.web.cards import who as workers
from muster.web.desk import form

Posted = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent: the card, when, by whom with what rights."""

    card: UUID
    at: datetime
    grants: Grants
    by: Actor
    posted: Posted


def _hand_over(filled: Filled) -> BatchResult[UUID]:
    ground = filled.posted.get("ground", pages.HOLDER)
    row = HandOver(
        card=filled.card, at=filled.at, check=IdentityCheck(filled.posted.get("check", "")),
        old_card=OldCard(filled.posted.get("old_card", "")),
        ground=None if ground == pages.HOLDER else TakerGround(ground),
        taker=None if ground == pages.HOLDER else form.representative(filled.posted),
    )  # fmt: skip
    return operations.hand_over(rows=[row], grants=filled.grants, by=filled.by, at=filled.at)


def _undelivered(filled: Filled) -> BatchResult[UUID]:
    row = NotDelivered(card=filled.card, at=filled.at, reason=Undelivered(filled.posted.get("reason", "")))
    return operations.mark_undelivered(rows=[row], grants=filled.grants, by=filled.by, at=filled.at)


def _again(filled: Filled) -> BatchResult[UUID]:
    row = NotDelivered(card=filled.card, at=filled.at, reason=None)
    return operations.mark_undelivered(rows=[row], grants=filled.grants, by=filled.by, at=filled.at)


def _take_back(filled: Filled) -> BatchResult[UUID]:
    row = TakeBack(card=filled.card, at=filled.at, reason=TakenBack(filled.posted.get("reason", "")))
    return operations.take_back(rows=[row], grants=filled.grants, by=filled.by, at=filled.at)


ACTS: Mapping[str, tuple[str, Callable[[Filled], BatchResult[UUID]]]] = {
    "hand_over": (workers.HAND_OVER, _hand_over),
    "undelivered": (workers.HAND_OVER, _undelivered),
    "again": (workers.HAND_OVER, _again),
    "take_back": (workers.TAKE_BACK, _take_back),
}


@require_POST
def act(request: Visit, card: UUID) -> HttpResponse:
    """Do with a card what the form says, and show it again.

    :raises CardNotHere: there is no such card in the officer's area
    :raises NotAllowed: they may not do this with it
    :raises Damaged: the form says nothing that can be done
    """
    what = request.POST.get("what", "")
    held = queries.lines([card]).get(card)
    if held is None:
        raise CardNotHere
    if what not in ACTS:
        raise form.Damaged
    right, do = ACTS[what]
    who = workers.reader(request, right)
    rights.require(who.grants, right, held.path, who.purpose)
    try:
        result = do(Filled(card, campaign_time(request), who.grants, who.by, request.POST.dict()))
    except ValueError:
        raise form.Damaged from None
    if result.refused:
        return pages.show_again(request, card, result.refused[0].refusal)
    return HttpResponseRedirect(reverse("cards:card", args=[card]))
