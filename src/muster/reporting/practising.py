"""Practice notes: what worked at a unit, by the causes it helps against; who may read one, and what became of the pace.

A note is read at the unit that wrote it, at those below and at those above. A commander above passes it on: then all
units below that commander read it. It only ever reaches further, until it is withdrawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from muster.kernel.errors import Refusal

KIND = "practice"  # of things in the journal and the audit


class State(StrEnum):
    """Where a note stands."""

    SHARED = "shared"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """A move of a note."""

    WRITE = "write"
    SHARE = "share"
    TAKE_UP = "take_up"
    WITHDRAW = "withdraw"


MOVES: Mapping[Step, Mapping[State | None, State]] = {
    Step.WRITE: {None: State.SHARED},
    Step.SHARE: {State.SHARED: State.SHARED},
    Step.TAKE_UP: {State.SHARED: State.SHARED},
    Step.WITHDRAW: {State.SHARED: State.WITHDRAWN},
}


class WrongState(Refusal):
    """The note has been withdrawn."""

    code = "practice_withdrawn"
    vi = "Kinh nghiệm này đã được rút."
    en = "This note has been withdrawn."


def after(state: State | None, step: Step) -> State:
    """Return where a move leads.

    :raises WrongState: it does not start there
    """
    end = MOVES[step].get(state)
    if end is None:
        raise WrongState
    return end


@dataclass(frozen=True, slots=True)
class Moved:
    """How a unit's pace moved: captured in the days before it took a note up, and in the days since."""

    before: int
    days_before: int
    since: int
    days_since: int

    @property
    def pace_before(self) -> float | None:
        """Captured a day before; none where nothing was counted."""
        return self.before / self.days_before if self.days_before else None

    @property
    def pace_since(self) -> float | None:
        """Captured a day since, for at most a week; none where no day is over."""
        return self.since / self.days_since if self.days_since else None


def reads(reach: int, path: Sequence[int], held: Mapping[int, Sequence[int]]) -> bool:
    """Say whether somebody reads a note: from a unit at or above the one that wrote it, or below where it reaches.

    :param reach: the unit whose whole area reads it
    :param path: of the unit that wrote it, root first
    :param held: the units at which somebody may read notes, each with its path
    """
    return any(unit in path or reach in above for unit, above in held.items())
