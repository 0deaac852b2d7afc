"""Inspections unannounced to the unit (field notes 7, R1): their moves, and the one rule of who may know of one.

Until it is done, or if it never is, an inspection is known only to those above the unit's line who may plan one there,
and to who leads it. The line of the unit is the unit itself, everything below it, and every unit above it up to, and
without, the one that planned: whoever works there, holds a role there or commands there learns nothing. Done, its
findings are read by everybody who may read what the unit explains.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from muster.kernel.errors import Refusal

KIND = "inspection"  # of things in the journal and the audit


class State(StrEnum):
    """Where an inspection stands."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"  # it stays hidden


class Step(StrEnum):
    """A move of an inspection."""

    PLAN = "plan"
    FINISH = "finish"
    CANCEL = "cancel"


MOVES: Mapping[Step, Mapping[State | None, State]] = {
    Step.PLAN: {None: State.PLANNED},
    Step.FINISH: {State.PLANNED: State.DONE},
    Step.CANCEL: {State.PLANNED: State.CANCELLED},
}


class WrongState(Refusal):
    """The inspection is over already."""

    code = "inspection_wrong_state"
    vi = "Cuộc kiểm tra đang ở trạng thái “{state}”, không thể thực hiện bước “{move}”."
    en = "The inspection is {state}; “{move}” does not start there."


def after(state: State | None, step: Step) -> State:
    """Return where a move leads.

    :raises WrongState: it does not start there
    """
    end = MOVES[step].get(state)
    if end is None:
        raise WrongState(state=state or "new", move=step)
    return end


@dataclass(frozen=True, slots=True)
class Person:
    """What is asked of an officer before an inspection is shown: where they work, hold roles, plan, read and command.

    ``places`` are the paths, root first, of every unit in which they work, hold any role or command.
    """

    officer: UUID
    places: Sequence[Sequence[int]]
    plans: frozenset[int]  # units at which they may plan inspections
    reads: frozenset[int]  # units at which they may read what units explain


def line_of(path: Sequence[int], planned_from: int) -> Sequence[int]:
    """Return the line of a unit that is not to know: from right below the planning unit down to the unit itself.

    :param path: of the unit, root first
    """
    return path[path.index(planned_from) + 1 :] if planned_from in path else path


def is_in_line(places: Sequence[Sequence[int]], path: Sequence[int], planned_from: int) -> bool:
    """Say whether somebody with these places belongs to the line of a unit that is not to know."""
    line, unit = set(line_of(path, planned_from)), path[-1]
    return any(place[-1] in line or unit in place for place in places)


def sees(person: Person, *, path: Sequence[int], planned_from: int, state: State, lead: UUID) -> bool:
    """Say whether an officer may know of an inspection.

    :param path: of the unit that is inspected, root first
    """
    if state is State.DONE and not person.reads.isdisjoint(path):
        return True
    if is_in_line(person.places, path, planned_from):
        return False
    above = path[: path.index(planned_from) + 1] if planned_from in path else ()
    return person.officer == lead or not person.plans.isdisjoint(above)
