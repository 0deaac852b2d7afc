"""Every write of dossiers: filing, announcing, taking in, moving."""

from muster.capture.operations.moving import (
    ChangedMeanwhile,
    NotAReason,
    UnknownDossier,
    move_dossiers,
    set_flags,
)
from muster.capture.operations.opening import announce, file_online, receive
from muster.capture.operations.refusals import (
    AlreadyOnItsWay,
    CaptureRefused,
    DossierDiffers,
    FiledOnline,
    IntakeRests,
    LevelNotOffered,
    NotACapture,
    NotDueNow,
    NotSigned,
    OutsideUnit,
    TakenInFuture,
)

__all__ = [
    "AlreadyOnItsWay",
    "CaptureRefused",
    "ChangedMeanwhile",
    "DossierDiffers",
    "FiledOnline",
    "IntakeRests",
    "LevelNotOffered",
    "NotACapture",
    "NotAReason",
    "NotDueNow",
    "NotSigned",
    "OutsideUnit",
    "TakenInFuture",
    "UnknownDossier",
    "announce",
    "file_online",
    "move_dossiers",
    "receive",
    "set_flags",
]
