"""What the print centre tells: which cards came out, which were scrapped and why, and that parcels arrived."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from muster.capture.words import State as DossierWord
from muster.card import queries
from muster.card.moves import Step
from muster.card.operations.moving import DELIVER, PRINT, CardMove, Judged, do, judge, result, tell
from muster.card.operations.refusals import (
    BatchInPrint,
    CardOutdated,
    CardOutsideUnit,
    DossierMoved,
    NotOfBatch,
    UnknownBatch,
)
from muster.card.queries import BatchLine, CardLine
from muster.card.rows import Delivery, PrintResult
from muster.card.words import BATCH, KIND, State
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.arrays import array
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.people import rights
from muster.people.rights import Grants


@transaction.atomic
def record_prints(
    *, prints: Sequence[PrintResult], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Write down which cards were printed and which were scrapped.

    A printed card makes its dossier produced; a scrapped one, or one lost on the way, sends it back to accepted, and
    its next card is another. ``DOSSIER_ENDED`` scraps the card of a dossier that was refused, withdrawn or returned
    meanwhile. Told again, a row changes nothing. `CardOutdated`: the dossier was accepted anew, the card is recalled.

    :returns: the ids of the cards that are so now, in the order given; refusals by the place in ``prints``
    """
    moves = [
        CardMove(
            card=row.card, step=Step.REJECTED if row.rejected else Step.PRINTED, at=row.at,
            reason=row.rejected.value if row.rejected else "",
        )
        for row in prints
    ]  # fmt: skip
    cards = [row.card for row in prints]
    held = queries.lines(set(cards), lock=True)
    judged = judge(moves, held, PRINT, grants, by)
    done = do(_without_outdated(judged, held), held, by, at)
    tell([move.card for move in done.moves.values()], "card.record_prints", by, at)
    return result(cards, done.refused)


def _without_outdated(judged: Judged, held: Mapping[UUID, CardLine]) -> Judged:
    """Refuse what was printed of a dossier that was accepted anew; others that moved refuse the step themselves."""
    printed = {place: move for place, move in judged.moves.items() if move.step is Step.PRINTED}
    stopped = set(queries.to_recall([move.card for move in printed.values()], limit=len(printed))) if printed else set()
    old = {
        place: CardOutdated()
        for place, move in printed.items()
        if move.card in stopped and held[move.card].dossier_state is DossierWord.ACCEPTED
    }
    good = {place: move for place, move in judged.moves.items() if place not in old}
    return Judged(good, {**judged.refused, **old})


@transaction.atomic
def recall_cards(*, cards: Sequence[UUID], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Take cards back whose dossiers were returned or have ended; a dossier accepted again gets another card.

    Before the print any such card; printed or at the desk only one whose holder's row was merged: it bears a number
    that is cancelled.

    It takes the right to print. Told again, a row changes nothing. Rows are refused with `UnknownCard`,
    `CardOutsideUnit`, `NotAllowed`, `CardWrongState`, and `DossierMoved` where the dossier stands as it was printed.

    :returns: the ids of the cards that are so now, in the order given; refusals by the place in ``cards``
    """
    held = queries.lines(set(cards), lock=True)
    recallable = set(queries.to_recall(cards, limit=len(cards)))
    judged = judge([CardMove(card=card, step=Step.RECALLED, at=at) for card in cards], held, PRINT, grants, by)
    refused = {
        place: DossierMoved(reason=Step.RECALLED, state=held[move.card].dossier_state)
        for place, move in judged.moves.items()
        if move.card not in recallable
    }
    good = {place: move for place, move in judged.moves.items() if place not in refused}
    done = do(Judged(good, {**judged.refused, **refused}), held, by, at)
    moves = [
        Move(thing=line.id, kind=KIND, move=Step.RECALLED.value, unit_done=by.unit, unit_residence=line.unit,
             occurred_at=at, reason=line.dossier_state.value)
        for line in (held[move.card] for move in done.moves.values())
    ]  # fmt: skip
    if moves:
        recorded = journal.record(moves=moves, by=by, at=at)
        tell([move.card for move in done.moves.values()], "card.recall", by, at, events=recorded)
    return result(cards, done.refused)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of parcels: the batches that are at their units, the cards that arrived, those that are missing."""

    batches: Sequence[UUID]
    arrived: Sequence[UUID]
    missing: Sequence[UUID]
    refused: Sequence[RowRefusal] = ()


@transaction.atomic
def deliver(*, deliveries: Sequence[Delivery], grants: Grants | None, by: Actor, at: datetime) -> Delivered:
    """Write down that parcels arrived at their units; cards that are not in them are named and wait to be found.

    A batch that has arrived before is passed over, but for the cards that were missing: those not told missing again
    have been found. Rows are refused with `UnknownBatch`, `CardOutsideUnit`, `NotAllowed`, `BatchInPrint`,
    `NotOfBatch`, and with what keeps a card's dossier from moving; the batch is then refused whole.

    :returns: refusals by the place in ``deliveries``
    """
    lines = queries.batches_held({row.batch for row in deliveries}, lock=True)
    held = queries.lines(queries.ids_in(lines), lock=True)
    cards: dict[UUID, list[CardLine]] = defaultdict(list)
    for card in held.values():
        cards[card.batch].append(card)
    refused: dict[int, Refusal] = {}
    moves: dict[int, list[CardMove]] = {}
    for place, row in enumerate(deliveries):
        try:
            moves[place] = _moves(row, lines.get(row.batch), cards[row.batch], grants, by)
        except Refusal as refusal:
            refused[place] = refusal
    while bad := _moved(moves, held, grants, by, at):
        refused |= bad
        moves = {place: some for place, some in moves.items() if place not in bad}
    done = {deliveries[place].batch: deliveries[place].at for place in moves}
    _write([one for one in done.items() if lines[one[0]].delivered_at is None], by)
    told = [move for some in moves.values() for move in some]
    arrived, missing = ([move.card for move in told if move.step is step] for step in (Step.ARRIVED, Step.MISSING))
    _tell([(lines[batch], on) for batch, on in done.items() if lines[batch].delivered_at is None], arrived, by, at)
    rows = [RowRefusal(place, refused[place]) for place in sorted(refused)]
    return Delivered(list(done), arrived, missing, rows)


def _moves(
    row: Delivery, line: BatchLine | None, cards: Sequence[CardLine], grants: Grants | None, by: Actor
) -> list[CardMove]:
    """Return the steps of the cards of a parcel, or refuse it."""
    if line is None:
        raise UnknownBatch(batch=row.batch)
    if by.unit not in line.path:
        raise CardOutsideUnit
    rights.require_own(grants, DELIVER, line.path, by)
    if line.printing:
        raise BatchInPrint(no=line.no, count=line.printing)
    here = {one.id for one in cards if one.state in {State.PRINTED, State.MISSING}}
    if row.missing - here:
        raise NotOfBatch(no=line.no)
    return [
        CardMove(card=card, step=Step.MISSING if card in row.missing else Step.ARRIVED, at=row.at)
        for card in sorted(here)
    ]


def _moved(
    moves: Mapping[int, Sequence[CardMove]],
    held: Mapping[UUID, CardLine],
    grants: Grants | None,
    by: Actor,
    at: datetime,
) -> dict[int, Refusal]:
    """Move the cards of all parcels; if any refuses, move none, and return which parcels are refused, each whole."""
    told = [(place, move) for place, some in moves.items() for move in some]
    with transaction.atomic():
        done = do(judge([move for _, move in told], held, DELIVER, grants, by), held, by, at)
        if done.refused:
            transaction.set_rollback(True)
    return {told[place][0]: refusal for place, refusal in done.refused.items()}


def _write(batches: Sequence[tuple[UUID, datetime]], by: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE card_batch SET delivered_at = told.at, delivered_by = %s
            FROM unnest(%s::uuid[], %s::timestamptz[]) AS told (id, at)
            WHERE card_batch.id = told.id AND delivered_at IS NULL
            """,
            [by.officer, array(batch for batch, _ in batches), array(at for _, at in batches)],
        )


def _tell(batches: Sequence[tuple[BatchLine, datetime]], arrived: Sequence[UUID], by: Actor, at: datetime) -> None:
    moves = [
        Move(thing=line.id, kind=BATCH, move="delivered", unit_done=line.unit, unit_residence=line.unit, occurred_at=on)
        for line, on in batches
    ]
    recorded = journal.record(moves=moves, by=by, at=at)
    tell(arrived, "card.deliver", by, at, events=recorded)
