"""Hand cards over, say why one cannot be, take one back: each with its dossier and the register in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from muster.card import queries
from muster.card.moves import Step
from muster.card.operations.moving import HAND_OVER, TAKE_BACK, CardMove, Judged, do, judge, result, tell
from muster.card.operations.refusals import (
    CheckNotPossible,
    HandedBeforeArrival,
    HandedInFuture,
    HolderGone,
    MayNotTake,
    OldCardOpen,
    TakerUnknown,
)
from muster.card.queries import CardLine
from muster.card.rows import HandOver, NotDelivered, TakeBack
from muster.card.words import KIND, OldCard
from muster.kernel import formats
from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.copying import copy_rows
from muster.kernel.dates import age_on
from muster.kernel.errors import BatchResult, Refusal
from muster.keys import operations as keys
from muster.law.duty import LifeStatus
from muster.law.handover import can_check, may_take
from muster.people.rights import Grants
from muster.register import operations as register
from muster.register import queries as register_now
from muster.register.queries import Printable
from muster.register.rows import CardIssue, CardRow
from muster.register.words import CardEnd

GROWN = 18  # who takes a card for somebody else is of age
A_DAY = timedelta(days=1)  # how far a desk's clock may be ahead
ISSUER = "Bộ Công an"


@transaction.atomic
def hand_over(*, rows: Sequence[HandOver], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Hand cards over, each to its holder or to who may take it; the register gets them, and the cards before end.

    1. persons, then cards, are held; 2. each row is judged: where the card is, whether the law of the day lets this one
    take it, how identity was made sure, what became of the card before; 3. dossiers and cards move; 4. the register
    writes the cards down; 5. receipts are numbered. A row told again changes nothing and keeps its receipt.

    Rows are refused with `UnknownCard`, `CardOutsideUnit`, `CardWrongState`, `HandedInFuture`, `HandedBeforeArrival`,
    `HolderGone`, `MayNotTake`, `CheckNotPossible`, `TakerUnknown`, `OldCardOpen`, `HolderTwice` and `NotAllowed`.

    :returns: the ids of the cards that are in the hand now, in the order given; refusals by the place in ``rows``
    """
    cards = [row.card for row in rows]
    holders = register_now.printable(_held_persons(cards))
    held = queries.lines(set(cards), lock=True)
    moves = [CardMove(card=row.card, step=Step.HANDED_OVER, at=row.at) for row in rows]
    judged = _judged(rows, judge(moves, held, HAND_OVER, grants, by), held, holders, at)
    done = do(judged, held, by, at)
    _write([rows[place] for place in done.moves], held, by, at)
    return result(cards, done.refused)


def _held_persons(cards: Sequence[UUID]) -> set[UUID]:
    """Return the holders of cards, held before their cards are: whoever takes a dossier in holds persons first too."""
    persons = queries.holders(set(cards))
    register_now.states(persons, lock=True)
    return persons


def _judged(
    rows: Sequence[HandOver],
    judged: Judged,
    held: Mapping[UUID, CardLine],
    holders: Mapping[UUID, Printable],
    at: datetime,
) -> Judged:
    refused = dict(judged.refused)
    handed: set[UUID] = set()
    for place in judged.moves:
        row = rows[place]
        card = held[row.card]
        try:
            _check(row, card, holders[card.person], at)
            if card.person in handed:
                raise register.HolderTwice
            handed.add(card.person)
        except Refusal as refusal:
            refused[place] = refusal
    good = {place: move for place, move in judged.moves.items() if place not in refused}
    return Judged(good, refused)


def _check(row: HandOver, card: CardLine, holder: Printable, at: datetime) -> None:
    if row.at > at + A_DAY:
        raise HandedInFuture(at=formats.moment(row.at))
    if row.at < card.state_since:
        raise HandedBeforeArrival(at=formats.moment(row.at), since=formats.moment(card.state_since))
    if holder.life in {LifeStatus.DEAD, LifeStatus.RENOUNCED, LifeStatus.DELETED}:
        raise HolderGone(life=holder.life)
    on = local(row.at).date()
    age = age_on(card.birth, on)
    if not may_take(on, age.low, row.ground) and not may_take(on, age.high, row.ground):
        raise MayNotTake(on=on.isoformat(), age=age, ground=row.ground or "holder")
    if (row.ground is None) != (row.taker is None):
        raise TakerUnknown(fields="ground" if row.taker else "name, number, relation, signed")
    if row.taker and row.taker.missing:
        raise TakerUnknown(fields=", ".join(row.taker.missing))
    if not can_check(on, GROWN if row.ground else age.high, row.check):
        raise CheckNotPossible(on=on.isoformat(), check=row.check)
    if row.old_card is OldCard.NONE and holder.held_card and not card.old_card_taken:
        raise OldCardOpen


HANDOVER = {
    "card_id": "uuid", "at": "timestamptz", "by_officer": "uuid", "unit_id": "int4", "check_done": "varchar",
    "ground": "varchar", "old_card": "varchar", "sealed": "bytea",
}  # fmt: skip


def _write(rows: Sequence[HandOver], held: Mapping[UUID, CardLine], by: Actor, at: datetime) -> None:
    if not rows:
        return
    takers = [row for row in rows if row.taker]
    texts = keys.seal([(KIND, row.card, _told(row)) for row in takers], fresh=True)
    sealed = {row.card: text for row, text in zip(takers, texts, strict=True)}
    lines = (
        (
            row.card, row.at, by.officer, held[row.card].unit, row.check.value, row.ground.value if row.ground else "",
            _old_card(row, held[row.card]).value, sealed.get(row.card),
        )
        for row in rows
    )  # fmt: skip
    with connection.cursor() as cursor:
        copy_rows(cursor, "card_handover", HANDOVER, lines)
    register.issue_cards(issues=[_issue(row, held[row.card]) for row in rows], by=by, at=at).whole()
    tell([row.card for row in rows], "card.hand_over", by, at)


def _told(row: HandOver) -> bytes:
    return json.dumps(asdict(row.taker) if row.taker else {}, ensure_ascii=False, separators=(",", ":")).encode()


def _old_card(row: HandOver, card: CardLine) -> OldCard:
    return OldCard.TAKEN_AT_INTAKE if row.old_card is OldCard.NONE and card.old_card_taken else row.old_card


def _issue(row: HandOver, card: CardLine) -> CardIssue:
    printed = CardRow(
        id=card.id, type=card.type, number=card.number, issued_on=card.issued_on, expires_on=card.expires_on,
        issued_by=ISSUER,
    )  # fmt: skip
    return CardIssue(person=card.person, card=printed, on=local(row.at).date())


@transaction.atomic
def mark_undelivered(
    *, rows: Sequence[NotDelivered], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Say why cards cannot be handed over now; without a reason, that they lie ready again.

    :returns: the ids of the cards that are so now, in the order given; refusals by the place in ``rows``
    """
    moves = [
        CardMove(
            card=row.card, step=Step.UNDELIVERED if row.reason else Step.ARRIVED_AGAIN, at=row.at,
            reason=row.reason.value if row.reason else "",
        )
        for row in rows
    ]  # fmt: skip
    return _move(moves, HAND_OVER, "card.mark_undelivered", grants, by, at)


@transaction.atomic
def take_back(*, rows: Sequence[TakeBack], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Take cards from their holders for good; the register ends them on that day.

    :returns: the ids of the cards that are so now, in the order given; refusals by the place in ``rows``
    """
    _held_persons([row.card for row in rows])
    moves = [CardMove(card=row.card, step=Step.TAKEN_BACK, at=row.at, reason=row.reason.value) for row in rows]
    done = _move(moves, TAKE_BACK, "card.take_back", grants, by, at)
    ends: dict[date, list[UUID]] = {}
    days = {row.card: local(row.at).date() for row in rows}
    for card in done.done:
        ends.setdefault(days[card], []).append(card)
    for on, some in ends.items():
        register.end_cards(cards=some, why=CardEnd.TAKEN_BACK, on=on, by=by, at=at)
    return done


def _move(
    moves: Sequence[CardMove], right: str, action: str, grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    cards = [move.card for move in moves]
    held = queries.lines(set(cards), lock=True)
    done = do(judge(moves, held, right, grants, by), held, by, at)
    tell([move.card for move in done.moves.values()], action, by, at)
    return result(cards, done.refused)
