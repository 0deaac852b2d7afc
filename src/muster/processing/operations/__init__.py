"""Every write of the checks: finding, settling, deciding pairs, accepting."""

from muster.processing.operations.checking import (
    Checked,
    DifferenceOpen,
    LookFirst,
    SuspicionOpen,
    accept_dossiers,
    check_dossiers,
)
from muster.processing.operations.correcting import (
    CorrectionDecision,
    NoSuchCorrection,
    NotReadable,
    PaperNeeded,
    decide_corrections,
)
from muster.processing.operations.deciding import (
    AlreadyDecided,
    DecidedByAPerson,
    NotOneOfThem,
    NotSame,
    PairDecision,
    Reopening,
    UnknownPair,
    decide_pairs,
    merge_pairs,
    reopen_pairs,
)
from muster.processing.operations.looking import NothingHere, OpenDossier, OpenPair, open_dossier, open_pair

__all__ = [
    "AlreadyDecided",
    "Checked",
    "CorrectionDecision",
    "DecidedByAPerson",
    "DifferenceOpen",
    "LookFirst",
    "NoSuchCorrection",
    "NotOneOfThem",
    "NotReadable",
    "NotSame",
    "NothingHere",
    "OpenDossier",
    "OpenPair",
    "PairDecision",
    "PaperNeeded",
    "Reopening",
    "SuspicionOpen",
    "UnknownPair",
    "accept_dossiers",
    "check_dossiers",
    "decide_corrections",
    "decide_pairs",
    "merge_pairs",
    "open_dossier",
    "open_pair",
    "reopen_pairs",
]
