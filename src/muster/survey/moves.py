"""The life of a case, as one table. The name of a move is the name of its event; marks move no state."""

from collections.abc import Mapping
from enum import StrEnum

from muster.survey.words import State


class Step(StrEnum):
    """A move of a case."""

    FOUND = "found"
    CHANGED = "changed"  # another unit, age band, group or reason; where it stands stays
    DROPPED = "dropped"
    FOUND_AGAIN = "found_again"
    DONE = "done"
    REOPENED = "reopened"  # the dossier ended without a card


MOVES: Mapping[Step, tuple[frozenset[State | None], State | None]] = {  # from, to; no target: stays
    Step.FOUND: (frozenset({None}), State.OPEN),
    Step.CHANGED: (frozenset({State.OPEN, State.DONE}), None),
    Step.DROPPED: (frozenset({State.OPEN}), State.DROPPED),
    Step.FOUND_AGAIN: (frozenset({State.DROPPED}), State.OPEN),
    Step.DONE: (frozenset({State.OPEN, State.DROPPED}), State.DONE),
    Step.REOPENED: (frozenset({State.DONE}), State.OPEN),
}
HARD, HARD_CLEARED = "hard", "hard_cleared"  # events of marks; a contact's event bears the contact's own name
