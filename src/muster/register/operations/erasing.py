"""Erase what is sealed of a person: here, and with the key in every backup (Law 91/2025: secure erasure)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult
from muster.keys import operations as keys
from muster.people.rights import Grants
from muster.register.operations.held import ERASE, each, result_of
from muster.register.operations.numbers import tell
from muster.register.queries import PersonState
from muster.register.sensitive import KIND


@transaction.atomic
def erase_sensitive(*, persons: Sequence[UUID], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Erase the keys of persons: their sensitive fields and sealed history are gone for good.

    What is searchable (name, birth, number) stays: the register must know whom it has numbered. Repeating it
    changes nothing and writes nothing. Rows are refused with `UnknownPerson` and `NotAllowed`.

    :param grants: as with `correct`
    """
    erased: set[UUID] = set()

    def do(person: UUID, _: PersonState) -> None:
        if keys.erase([(KIND, person)], at=at):
            erased.add(person)

    refused, done = each(persons, persons, do, ERASE, grants, by)
    tell([state for state in done if state.id in erased], "erase", "register.erase", by, at)
    return result_of(persons, refused)
