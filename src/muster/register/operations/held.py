"""Rows of a batch done one by one to persons who are held: each refused alone, each within the officer's rights.

Every change of persons asks here whether the officer may, at the unit where the person lives (ADR 0009). Pages ask
too, to show or hide a form; what they forget is refused here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.people import queries as people
from muster.people import rights
from muster.people.rights import Grants
from muster.register import queries
from muster.register.operations.numbers import UnknownPerson
from muster.register.queries import PersonState

CORRECT, ERASE = "register.correct", "register.erase"
Row = TypeVar("Row")


def each(
    rows: Sequence[Row],
    persons: Sequence[UUID],
    do: Callable[[Row, PersonState], None],
    action: str,
    grants: Grants | None,
    by: Actor,
) -> tuple[dict[int, Refusal], list[PersonState]]:
    """Do something to each row's person, held in the order of ids; refuse a row alone, keep the others.

    :param grants: what the officer holds; none for the system, and for a step that has required a right of its own
    :returns: refusals by the place of the row, and the persons changed, as they were before
    """
    held = queries.states(persons, lock=True)
    paths = people.paths({state.unit for state in held.values()}) if grants else {}
    refused: dict[int, Refusal] = {}
    done: dict[UUID, PersonState] = {}
    for place, (row, person) in enumerate(zip(rows, persons, strict=True)):
        try:
            with transaction.atomic():
                if person not in held:
                    raise UnknownPerson(person=person)
                if person in done:  # changed by an earlier row of this very batch
                    held |= queries.states([person])
                    paths |= people.paths({held[person].unit}) if grants else {}
                if grants:
                    rights.require_own(grants, action, paths[held[person].unit], by)
                do(row, held[person])
        except Refusal as refusal:
            refused[place] = refusal
        else:
            done[person] = held[person]
    return refused, list(done.values())


def require_all(states: Iterable[PersonState], action: str, grants: Grants | None, by: Actor) -> None:
    """Go on only if the officer may do something to each of several persons, where they live.

    :raises NotAllowed: one of them lives elsewhere, or is asked of for another purpose
    """
    if grants:
        for path in people.paths({state.unit for state in states}).values():
            rights.require_own(grants, action, path, by)


def result_of(persons: Sequence[UUID], refused: Mapping[int, Refusal]) -> BatchResult[UUID]:
    """Return who was changed, in the order given, and the refusals in the order of their rows."""
    done = [person for place, person in enumerate(persons) if place not in refused]
    return BatchResult(done, [RowRefusal(place, refused[place]) for place in sorted(refused)])
