"""Print batches, and the dossiers that wait for one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from muster.capture.words import State as DossierState
from muster.card.queries.cards import STANDS
from muster.kernel.arrays import array
from muster.kernel.reading import reader, word
from muster.law.cards import CardType


class BatchLine(NamedTuple):
    """A batch and how many of its cards are in which state."""

    id: UUID
    no: int
    unit: int
    path: tuple[int, ...]
    type: CardType
    size: int
    made_at: datetime
    delivered_at: datetime | None
    printing: int
    printed: int
    rejected: int
    missing: int


_SELECT = """
    SELECT batch.id, batch.no, batch.unit_id, unit.ancestors, batch.type, batch.size, batch.made_at, batch.delivered_at,
           cards.printing, cards.printed, cards.rejected, cards.missing
    FROM card_batch AS batch JOIN units_unit AS unit ON unit.id = batch.unit_id
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE state = 'printing') AS printing,
               count(*) FILTER (WHERE state = 'printed') AS printed,
               count(*) FILTER (WHERE state = 'rejected') AS rejected,
               count(*) FILTER (WHERE state = 'missing') AS missing
        FROM card_card WHERE batch_id = batch.id
    ) AS cards
"""
_batch = reader(BatchLine, {"path": tuple, "type": word(CardType)})


def _batches(where: str, values: Sequence[Any]) -> list[BatchLine]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_SELECT} {where}", values)
        return [_batch(row) for row in cursor.fetchall()]


def batch(batch: UUID) -> BatchLine | None:
    """Return one batch."""
    return next(iter(_batches("WHERE batch.id = %s", [batch])), None)


def batches_held(batches: Collection[UUID], *, lock: bool = False) -> dict[UUID, BatchLine]:
    """Return batches by id; with ``lock`` they are held, in the order of their ids, to the transaction's end."""
    told = array(batches)
    if lock:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM card_batch WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE", [told])
    return {one.id: one for one in _batches("WHERE batch.id = ANY(%s::uuid[])", [told])}


def batches(unit: int, *, limit: int, skip: int = 0) -> list[BatchLine]:
    """Return the batches for a unit and those below it: what has not arrived first, then the newest first."""
    where = """
        WHERE batch.unit_id IN (SELECT id FROM units_unit WHERE ancestors @> ARRAY[%s])
        ORDER BY batch.delivered_at IS NOT NULL, batch.made_at DESC, batch.no DESC LIMIT %s OFFSET %s
    """
    return _batches(where, [unit, limit, skip])


_WAITING = f"""
    FROM capture_dossier AS dossier WHERE dossier.state = %s
    AND dossier.unit_done_id IN (SELECT id FROM units_unit WHERE ancestors @> ARRAY[%s])
    AND NOT EXISTS (SELECT FROM card_card WHERE dossier_id = dossier.id AND card_card.{STANDS})
"""


def to_print(unit: int, *, limit: int, skip: int = 0) -> list[UUID]:
    """Return the accepted dossiers of a unit and those below it that have no card yet, the longest waiting first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT dossier.id {_WAITING} ORDER BY dossier.state_since, dossier.id LIMIT %s OFFSET %s",
            [DossierState.ACCEPTED.value, unit, limit, skip],
        )
        return [dossier for (dossier,) in cursor.fetchall()]


def to_recall(cards: Collection[UUID] | None = None, *, limit: int = 1000) -> list[UUID]:
    """Return the cards in print that must not be printed, and those printed that must not be handed over; by id.

    Of those in print the dossiers are not accepted any more, or were returned since and came again: what is printed may
    be wrong. Of those printed the dossiers were voided: their row of the register was merged, their number cancelled.

    :param cards: ask of these alone
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT card.id FROM card_card AS card
            JOIN capture_dossier AS dossier ON dossier.id = card.dossier_id
            JOIN card_batch AS batch ON batch.id = card.batch_id
            WHERE card.state = 'printing' AND (%(all)s OR card.id = ANY(%(cards)s::uuid[])) AND (
                dossier.state NOT IN ('accepted', 'produced') OR EXISTS (
                    SELECT FROM capture_packet AS packet
                    WHERE packet.dossier_id = dossier.id AND packet.recorded_at > batch.made_at))
            UNION
            SELECT card.id FROM capture_dossier AS dossier JOIN card_card AS card ON card.dossier_id = dossier.id
            WHERE dossier.state = 'withdrawn' AND card.state IN ('printed', 'missing', 'arrived', 'undelivered')
              AND (%(all)s OR card.id = ANY(%(cards)s::uuid[]))
            ORDER BY id LIMIT %(limit)s
            """,
            {"all": cards is None, "cards": array(cards or ()), "limit": limit},
        )
        return [card for (card,) in cursor.fetchall()]


def waiting_units(unit: int) -> list[tuple[int, int, datetime]]:
    """Return where dossiers wait for print below a unit: the unit that took them, how many, since when; most first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT dossier.unit_done_id, count(*), min(dossier.state_since) {_WAITING} GROUP BY 1 ORDER BY 2 DESC, 1",
            [DossierState.ACCEPTED.value, unit],
        )
        return cursor.fetchall()  # type: ignore[no-any-return]
