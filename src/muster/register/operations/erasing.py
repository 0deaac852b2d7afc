"""Erase what is sealed of a person: here, and with the key in every backup (Law 91/2025: secure erasure)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.audit import operations as audit
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.keys import operations as keys
from muster.register import queries
from muster.register.sensitive import KIND


@transaction.atomic
def erase_sensitive(*, persons: Sequence[UUID], by: Actor, at: datetime) -> int:
    """Erase the keys of persons: their sensitive fields and sealed history are gone for good; return how many were.

    What is searchable (name, birth, number) stays: the register must know whom it has numbered. Repeating it
    changes nothing.
    """
    held = queries.states(persons, lock=True)
    if not held:
        return 0
    erased = keys.erase([(KIND, person) for person in held], at=at)
    if erased:
        moves = [
            Move(thing=state.id, kind=KIND, move="erase", unit_done=by.unit, unit_residence=state.unit, occurred_at=at)
            for state in held.values()
        ]
        recorded = journal.record(moves=moves, by=by, at=at)
        subjects = [audit.Subject(KIND, person) for person in held]
        audit.record(by=by, at=at, action="register.erase", subjects=subjects, events=recorded)
    return erased
