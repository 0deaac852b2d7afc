"""Ask about checks: what is to be checked, what was found, which pairs wait, what a queue shows."""

from muster.processing.queries.candidates import Candidate, candidates, never_asked
from muster.processing.queries.findings import FindingLine, decided_corrections, findings, open_findings
from muster.processing.queries.queue import QueueLine, Waiting, how_many, queue, unchecked
from muster.processing.queries.subjects import Subject, subjects
from muster.processing.queries.suspicions import (
    PairLine,
    pair,
    pair_of_approval,
    pairs,
    pairs_count,
    pairs_of,
    pairs_waiting,
    suspected,
)

__all__ = [
    "Candidate",
    "FindingLine",
    "PairLine",
    "QueueLine",
    "Subject",
    "Waiting",
    "candidates",
    "decided_corrections",
    "findings",
    "how_many",
    "never_asked",
    "open_findings",
    "pair",
    "pair_of_approval",
    "pairs",
    "pairs_count",
    "pairs_of",
    "pairs_waiting",
    "queue",
    "subjects",
    "suspected",
    "unchecked",
]
