"""Accept a rehearsal's dossiers as a centre does: the machine checks, and a checker settles what it leaves to a person.

The people are synthetic and each is there once, so the checker finds two people in every pair that is asked about. Who
has no place of birth registration brings the paper, and was registered where they live.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import OperationalError
from psycopg.errors import DeadlockDetected

from muster.capture import queries as capture
from muster.kernel.actor import Actor
from muster.law.numbers import NumberState
from muster.processing import queries
from muster.processing.operations import AlreadyDecided, PairDecision, accept_dossiers, check_dossiers, decide_pairs
from muster.processing.words import UNDECIDED
from muster.register import queries as register
from muster.register.operations import Correction, correct

PAPER = "Giấy khai sinh bản sao"
WHY = "Hai người khác nhau: đã đối chiếu giấy tờ của cả hai."
TRIES = 5


def accept(dossiers: Sequence[UUID], *, by: Actor, checker: Actor, at: datetime) -> None:
    """Have received dossiers accepted; those that were accepted before are passed over.

    A pair may be of two districts, each worked off by a process of its own: one that loses a race for them tries
    again, and what the other one has decided meanwhile stands.

    :raises Refusal: a dossier that nobody can accept, which is a fault of the rehearsal
    """
    for left in reversed(range(TRIES)):
        try:
            _accept(dossiers, by, checker, at)
        except OperationalError as error:
            if not (left and isinstance(error.__cause__, DeadlockDetected)):
                raise
        else:
            return


def _accept(dossiers: Sequence[UUID], by: Actor, checker: Actor, at: datetime) -> None:
    waiting = check_dossiers(dossiers=dossiers, by=by, at=at).waiting
    if not waiting:
        return
    persons = [one.person for one in capture.states(waiting).values()]
    unclean = [one for one in register.states(persons).values() if one.number_state is NumberState.UNCLEANED]
    corrections = [
        Correction(person=one.id, version=one.version, changes={"registered_unit": one.unit}, paper=PAPER)
        for one in unclean
    ]
    correct(corrections=corrections, grants=None, by=checker, at=at).whole()
    asked = [pair.id for pair in queries.pairs_of(persons) if pair.state in UNDECIDED]
    decisions = [PairDecision(pair=pair, same=False, why=WHY) for pair in asked]
    decided = decide_pairs(decisions=decisions, by=checker, at=at, real=at)
    for row in decided.refused:
        if not isinstance(row.refusal, AlreadyDecided):
            raise row.refusal
    accept_dossiers(dossiers=waiting, by=checker, at=at).whole()
