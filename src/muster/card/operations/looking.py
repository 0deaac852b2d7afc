"""Look at cards: one, a batch's, those not collected. Each look is written into the audit, by name."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from muster.audit import operations as audit
from muster.card import queries
from muster.card.data import CardData
from muster.card.operations.moving import PRINT
from muster.card.operations.refusals import DataErased
from muster.card.queries import BatchLine, CardLine
from muster.card.words import KIND, State
from muster.kernel.actor import Actor
from muster.kernel.clock import ZONE, local
from muster.kernel.errors import Refusal
from muster.law.handover import uncollected_before
from muster.people import rights
from muster.people.rights import Grants
from muster.register import queries as register
from muster.register.sensitive import KIND as PERSON

READ = "card.read"


class CardNotHere(Refusal):
    """There is no such card or batch in the officer's area; what is elsewhere is not told."""

    code = "card_not_here"
    vi = "Không tìm thấy thẻ hoặc lô thẻ này trong địa bàn của bạn."
    en = "There is no such card or batch in your area."


@transaction.atomic
def open_card(*, card: UUID, grants: Grants, by: Actor, at: datetime) -> CardLine:
    """Return a card of the officer's area.

    :raises CardNotHere: there is none
    """
    return _opened(queries.lines([card]).get(card), grants, by, at)


@transaction.atomic
def find_receipt(*, no: int, grants: Grants, by: Actor, at: datetime) -> CardLine:
    """Return the card of a receipt, in the officer's area.

    :raises CardNotHere: there is none
    """
    return _opened(queries.by_receipt(no), grants, by, at)


def _opened(line: CardLine | None, grants: Grants, by: Actor, at: datetime) -> CardLine:
    if line is None or not rights.may(grants, READ, line.path, by.purpose):
        raise CardNotHere
    subjects = [audit.Subject(KIND, line.id), audit.Subject(PERSON, line.person)]
    audit.record(by=by, at=at, action="card.open", subjects=subjects)
    return line


@transaction.atomic
def find_cards(*, text: str, grants: Grants, by: Actor, at: datetime) -> list[CardLine]:
    """Return the cards whose holders a number or a card's QR code names, in the officer's area, the newest first.

    It takes the right to read cards alone: nothing is told of who has none here.

    :raises NotANumber: the text is neither
    :raises NotACardCode: it has the form of a QR code, and a field is wrong
    :raises CardNotHere: there is none
    """
    people = register.by_text(text)
    cards = [one for line in people for one in queries.of_person(line.id)]
    found = [one for one in cards if rights.may(grants, READ, one.path, by.purpose)]
    if not found:
        raise CardNotHere
    _tell("card.list", found, by, at)
    return found


@transaction.atomic
def open_batch(*, batch: UUID, grants: Grants, by: Actor, at: datetime) -> tuple[BatchLine, list[CardLine]]:
    """Return a batch of the officer's area with its cards in their places.

    :raises CardNotHere: there is none
    """
    line = queries.batch(batch)
    if line is None or not rights.may(grants, READ, line.path, by.purpose):
        raise CardNotHere
    cards = queries.of_batch(batch)
    _tell("card.open_batch", cards, by, at)
    return line, cards


@transaction.atomic
def open_faces(*, card: UUID, grants: Grants, by: Actor, at: datetime) -> tuple[CardLine, CardData]:
    """Return a card of the officer's area with what is printed on it, to be compared with the card in hand.

    :raises CardNotHere: there is none
    :raises DataErased: the holder's data was erased
    """
    line = queries.lines([card]).get(card)
    if line is None or not rights.may(grants, READ, line.path, by.purpose):
        raise CardNotHere
    (data,) = queries.printed_on([card])
    if data is None:
        raise DataErased
    _tell("card.open_faces", [line], by, at)
    return line, data


@transaction.atomic
def open_for_printer(
    *, batch: UUID, grants: Grants, by: Actor, at: datetime
) -> tuple[BatchLine, list[tuple[CardLine, CardData]]]:  # fmt: skip
    """Return the cards of a batch that are still to be printed, with what is printed on each, in their places.

    Cards that must not be printed any more, and those whose data was erased, are left out.

    :raises CardNotHere: there is no such batch where the officer prints
    """
    line = queries.batch(batch)
    if line is None or not rights.may(grants, PRINT, line.path, by.purpose):
        raise CardNotHere
    cards = [one for one in queries.of_batch(batch) if one.state is State.PRINTING]
    ids = [one.id for one in cards]
    stopped = set(queries.to_recall(ids, limit=len(ids))) if ids else set()
    told = [
        (one, data)
        for one, data in zip(cards, queries.printed_on(ids), strict=True)
        if data is not None and one.id not in stopped
    ]
    _tell("card.open_for_printer", [one for one, _ in told], by, at)
    return line, told


@transaction.atomic
def open_uncollected(
    *, unit: int, grants: Grants, path: Sequence[int], by: Actor, at: datetime, limit: int, skip: int = 0
) -> list[CardLine]:
    """Return a page of the cards at a unit or below that have not been collected in the law's days, the longest first.

    :raises NotAllowed: the officer reads no cards there for this purpose
    """
    rights.require(grants, READ, path, by.purpose)
    found = queries.uncollected(unit, uncollected_since(at), limit=limit, skip=skip)
    _tell("card.list_uncollected", found, by, at)
    return found


def uncollected_since(at: datetime) -> datetime:
    """Return the moment before which a card must have arrived to count as not collected."""
    return datetime.combine(uncollected_before(local(at).date()), time(), ZONE)


def _tell(action: str, found: Sequence[CardLine], by: Actor, at: datetime) -> None:
    subjects = [audit.Subject(PERSON, person) for person in dict.fromkeys(one.person for one in found)]
    audit.record(by=by, at=at, action=action, subjects=subjects)
