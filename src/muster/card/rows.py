"""What is brought to the cards: results of printing, parcels that arrived, hand-overs, what else becomes of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.card.words import OldCard, Reject, TakenBack, Undelivered
from muster.law.capture import Representative
from muster.law.handover import IdentityCheck, TakerGround


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintResult:
    """A card came out of the printer; with a reason it is scrapped, then or later, and the dossier gets another."""

    card: UUID
    at: datetime
    rejected: Reject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The parcel of a batch arrived at its unit, without some of the cards that should be in it."""

    batch: UUID
    at: datetime
    missing: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """A card put into the hand of its holder or, on a ground, of who takes it for them.

    ``check``: how it was made sure who took it. ``old_card``: what became of the card before.
    """

    card: UUID
    at: datetime
    check: IdentityCheck
    old_card: OldCard = OldCard.NONE
    ground: TakerGround | None = None
    taker: Representative | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDelivered:
    """A card that cannot be handed over now, and why; no reason: it is to be had again."""

    card: UUID
    at: datetime
    reason: Undelivered | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """A card taken from its holder for good."""

    card: UUID
    at: datetime
    reason: TakenBack
