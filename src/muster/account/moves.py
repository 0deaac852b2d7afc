"""The life of an account, as one table: from which states each move leads where. What is not here does not exist.

The name of a move is the name of its event, of kind ``account_1`` or ``account_2``: so what was asked for, granted
(``approved``) and ``activated`` are separate counts of each level.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from muster.account.words import State
from muster.kernel.errors import Refusal


class WrongState(Refusal):
    """The account is not where this move starts."""

    code = "account_wrong_state"
    vi = "Tài khoản đang ở trạng thái “{state}”, không thể thực hiện bước “{move}”."
    en = "The account is {state}; “{move}” does not start there."


class Step(StrEnum):
    """A move of an account."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    NOTIFIED = "notified"
    ACTIVATED = "activated"
    DEVICE_CHANGED = "device_changed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Way:
    """From which states a move starts, and where it leads; no state: the account is new."""

    start: frozenset[State | None]
    end: State


def _way(start: str, end: State) -> Way:
    return Way(frozenset(State(name) if name != "new" else None for name in start.split()), end)


MOVES: Mapping[Step, Way] = {
    Step.REQUESTED: _way("new", State.REQUESTED),
    Step.APPROVED: _way("requested", State.APPROVED),
    Step.REJECTED: _way("requested", State.REJECTED),
    Step.NOTIFIED: _way("approved", State.NOTIFIED),
    Step.ACTIVATED: _way("notified", State.ACTIVATED),
    Step.DEVICE_CHANGED: _way("activated", State.ACTIVATED),
    Step.LOCKED: _way("activated", State.LOCKED),
    Step.UNLOCKED: _way("locked", State.ACTIVATED),
    Step.CLOSED: _way("requested approved notified activated locked", State.CLOSED),
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
