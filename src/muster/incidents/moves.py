"""The life of a ticket, as one table: a move that is not here does not exist. Its name is that of its event."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from muster.incidents.words import State
from muster.kernel.errors import Refusal


class WrongState(Refusal):
    """The ticket is not where this move starts."""

    code = "ticket_wrong_state"
    vi = "Phiếu sự cố đang ở trạng thái “{state}”, không thể thực hiện bước “{move}”."
    en = "The ticket is {state}; “{move}” does not start there."


class Step(StrEnum):
    """A move of a ticket; opening it makes it."""

    OPEN = "open"
    TAKE = "take"
    SET_OUT = "set_out"
    HAND_BACK = "hand_back"
    ESCALATE = "escalate"
    SWAP = "swap"
    MEND = "mend"
    DISMISS = "dismiss"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Way:
    """From which states a move starts, where it leads, and the right it asks for."""

    start: frozenset[State]
    end: State
    right: str


def _way(start: str, end: State, right: str = "incident.take") -> Way:
    return Way(frozenset(State(name) for name in start.split()), end, right)


MOVES: Mapping[Step, Way] = {
    Step.TAKE: _way("open escalated", State.TAKEN),
    Step.SET_OUT: _way("taken", State.OUT),
    Step.HAND_BACK: _way("taken out", State.OPEN),
    Step.ESCALATE: _way("open taken out", State.ESCALATED),
    Step.SWAP: _way("taken out", State.SWAPPED),
    Step.MEND: _way("taken out swapped", State.MENDED),
    Step.DISMISS: _way("open taken out escalated", State.DISMISSED),
    Step.REOPEN: _way("mended dismissed", State.OPEN, "incident.open"),
}


# What who commands the technical team does with anybody's ticket, without being a technician.
COMMANDED = frozenset({Step.HAND_BACK, Step.ESCALATE, Step.DISMISS})
COMMAND = "incident.team"


def rights(step: Step) -> tuple[str, ...]:
    """Return the rights of which one is asked for by a move."""
    return (MOVES[step].right, COMMAND) if step in COMMANDED else (MOVES[step].right,)


def after(state: str, step: Step) -> State:
    """Return where a move leads.

    :raises WrongState: it does not start there
    """
    way = MOVES.get(step)
    if way is None or state not in way.start:
        raise WrongState(state=state, move=step)
    return way.end
