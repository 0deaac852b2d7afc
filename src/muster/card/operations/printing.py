"""What the print centre tells: which cards came out, which were scrapped and why, and that parcels arrived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from muster.card import queries
from muster.card.moves import Step
from muster.card.operations.moving import CardMove, do, judge, result, tell
from muster.card.operations.refusals import BatchInPrint, CardOutsideUnit, NotOfBatch, UnknownBatch
from muster.card.queries import BatchLine
from muster.card.rows import Delivery, PrintResult
from muster.card.words import BATCH, State
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal, RowRefusal


@transaction.atomic
def record_prints(*, prints: Sequence[PrintResult], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Write down which cards were printed and which were scrapped.

    A printed card makes its dossier produced; a scrapped one, or one lost on the way, sends it back to accepted, and
    its next card is another. ``DOSSIER_ENDED`` scraps the card of a dossier that was refused, withdrawn or returned
    meanwhile. Told again, a row changes nothing.

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
    done = do(judge(moves, held, by), held, by, at)
    tell([move.card for move in done.moves.values()], "card.record_prints", by, at)
    return result(cards, done.refused)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of parcels: the batches that are at their units, the cards that arrived, those that are missing."""

    batches: Sequence[UUID]
    arrived: Sequence[UUID]
    missing: Sequence[UUID]
    refused: Sequence[RowRefusal] = ()


@transaction.atomic
def deliver(*, deliveries: Sequence[Delivery], by: Actor, at: datetime) -> Delivered:
    """Write down that parcels arrived at their units; cards that are not in them are named and wait to be found.

    A batch that has arrived before is passed over, but for the cards that were missing: those not told missing again
    have been found. Rows are refused with `UnknownBatch`, `CardOutsideUnit`, `BatchInPrint`, `NotOfBatch`, and with
    what keeps a card's dossier from moving; the batch is then refused whole.

    :returns: refusals by the place in ``deliveries``
    """
    refused: dict[int, Refusal] = {}
    done: list[BatchLine] = []
    arrived: list[UUID] = []
    missing: list[UUID] = []
    for place, row in enumerate(deliveries):
        try:
            with transaction.atomic():
                line, here, gone = _deliver(row, by, at)
        except Refusal as refusal:
            refused[place] = refusal
        else:
            done.append(line)
            arrived += here
            missing += gone
    _tell([line for line in done if line.delivered_at is None], arrived, by, at)
    rows = [RowRefusal(place, refusal) for place, refusal in refused.items()]
    return Delivered([line.id for line in done], arrived, missing, rows)


def _deliver(row: Delivery, by: Actor, at: datetime) -> tuple[BatchLine, list[UUID], list[UUID]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM card_batch WHERE id = %s FOR UPDATE", [row.batch])
    line = queries.batch(row.batch)
    if line is None:
        raise UnknownBatch(batch=row.batch)
    if by.unit not in line.path:
        raise CardOutsideUnit
    held = queries.lines([card.id for card in queries.of_batch(row.batch)], lock=True)
    if line.printing:
        raise BatchInPrint(no=line.no, count=line.printing)
    here = {one.id for one in held.values() if one.state in {State.PRINTED, State.MISSING}}
    if row.missing - here:
        raise NotOfBatch(no=line.no)
    moves = [
        CardMove(card=card, step=Step.MISSING if card in row.missing else Step.ARRIVED, at=row.at)
        for card in sorted(here)
    ]
    done = do(judge(moves, held, by), held, by, at)
    for refusal in done.refused.values():
        raise refusal
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE card_batch SET delivered_at = %s, delivered_by = %s WHERE id = %s AND delivered_at IS NULL",
            [row.at, by.officer, row.batch],
        )
    return line, sorted(here - row.missing), sorted(row.missing)


def _tell(batches: Sequence[BatchLine], arrived: Sequence[UUID], by: Actor, at: datetime) -> None:
    moves = [
        Move(thing=line.id, kind=BATCH, move="delivered", unit_done=line.unit, unit_residence=line.unit, occurred_at=at)
        for line in batches
    ]
    recorded = journal.record(moves=moves, by=by, at=at)
    tell(arrived, "card.deliver", by, at, events=recorded)
