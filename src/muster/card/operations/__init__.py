"""Every write of cards: making batches, results of printing, delivery, hand-over, what else becomes of them."""

from muster.card.operations.handing import hand_over, mark_undelivered, take_back
from muster.card.operations.making import BATCH_SIZE, Made, make_batches
from muster.card.operations.printing import Delivered, deliver, record_prints
from muster.card.operations.refusals import (
    BatchInPrint,
    CardOutsideUnit,
    CheckNotPossible,
    DataErased,
    DossierMoved,
    HandedInFuture,
    HolderGone,
    MayNotTake,
    NoNumber,
    NotAccepted,
    NotOfBatch,
    OldCardOpen,
    TakerUnknown,
    TwiceInBatch,
    UnknownBatch,
    UnknownCard,
)

__all__ = [
    "BATCH_SIZE",
    "BatchInPrint",
    "CardOutsideUnit",
    "CheckNotPossible",
    "DataErased",
    "Delivered",
    "DossierMoved",
    "HandedInFuture",
    "HolderGone",
    "Made",
    "MayNotTake",
    "NoNumber",
    "NotAccepted",
    "NotOfBatch",
    "OldCardOpen",
    "TakerUnknown",
    "TwiceInBatch",
    "UnknownBatch",
    "UnknownCard",
    "deliver",
    "hand_over",
    "make_batches",
    "mark_undelivered",
    "record_prints",
    "take_back",
]
