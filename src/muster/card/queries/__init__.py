"""Ask about cards: one, those of a batch, a person or a unit, what waits for print, what is not collected."""

from muster.card.queries.batches import BatchLine, batch, batches, batches_held, to_print, to_recall, waiting_units
from muster.card.queries.cards import (
    CardLine,
    by_receipt,
    holders,
    how_many,
    ids_in,
    ids_of,
    lines,
    of_batch,
    of_dossiers,
    of_person,
    printed_on,
    uncollected,
    uncollected_count,
)
from muster.card.queries.making import delivery_units, names_above, next_batch_no, traits, with_card

__all__ = [
    "BatchLine",
    "CardLine",
    "batch",
    "batches",
    "batches_held",
    "by_receipt",
    "delivery_units",
    "holders",
    "how_many",
    "ids_in",
    "ids_of",
    "lines",
    "names_above",
    "next_batch_no",
    "of_batch",
    "of_dossiers",
    "of_person",
    "printed_on",
    "to_print",
    "to_recall",
    "traits",
    "uncollected",
    "uncollected_count",
    "waiting_units",
    "with_card",
]
