"""The life of a dossier, as one table: from which states each move leads where. A move that is not here does not exist.

The name of a move is the name of its event in the journal, so what is counted is what is written here. Where a
state is reached again its event has another name: a dossier is received once, however often it comes back mended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from muster.capture.words import State
from muster.kernel.errors import Refusal


class WrongState(Refusal):
    """The dossier is not where this move starts."""

    code = "wrong_state"
    vi = "Hồ sơ đang ở trạng thái “{state}”, không thể thực hiện bước “{move}”."
    en = "The dossier is {state}; “{move}” does not start there."


class Step(StrEnum):
    """A move of a dossier."""

    FILED = "filed"
    ANNOUNCED = "announced"
    RECEIVED = "received"
    RECEIVED_AGAIN = "received_again"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    LAPSED = "lapsed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"  # its card was made, or lies at the desk, and the row of the register turned out a duplicate
    PRODUCED = "produced"
    PRINT_REJECTED = "print_rejected"
    ARRIVED = "arrived"
    UNDELIVERED = "undelivered"
    ARRIVED_AGAIN = "arrived_again"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True)
class Way:
    """From which states a move starts, and where it leads; no state: the dossier is new."""

    start: frozenset[State | None]
    end: State


def _way(start: str, end: State) -> Way:
    return Way(frozenset(State(name) if name != "new" else None for name in start.split()), end)


MOVES: Mapping[Step, Way] = {
    Step.FILED: _way("new", State.FILED),
    Step.ANNOUNCED: _way("new", State.ANNOUNCED),
    Step.RECEIVED: _way("new announced filed", State.RECEIVED),
    Step.ACCEPTED: _way("received", State.ACCEPTED),
    Step.RETURNED: _way("received accepted", State.RETURNED),
    Step.RECEIVED_AGAIN: _way("returned", State.RECEIVED),
    Step.LAPSED: _way("returned", State.LAPSED),
    Step.REFUSED: _way("filed received accepted", State.REFUSED),
    Step.WITHDRAWN: _way("filed received accepted returned", State.WITHDRAWN),
    Step.VOIDED: _way("produced arrived undelivered", State.WITHDRAWN),
    Step.PRODUCED: _way("accepted", State.PRODUCED),
    Step.PRINT_REJECTED: _way("produced", State.ACCEPTED),
    Step.ARRIVED: _way("produced", State.ARRIVED),
    Step.UNDELIVERED: _way("arrived", State.UNDELIVERED),
    Step.ARRIVED_AGAIN: _way("undelivered", State.ARRIVED),
    Step.HANDED_OVER: _way("arrived", State.HANDED_OVER),
}


def after(state: State | None, step: Step) -> State:
    """Return where a move leads.

    :raises WrongState: it does not start there
    """
    way = MOVES[step]
    if state not in way.start:
        raise WrongState(state=state or "new", move=step)
    return way.end


def steps_from(state: State) -> tuple[Step, ...]:
    """Return the moves that start in a state."""
    return tuple(step for step, way in MOVES.items() if state in way.start)
