"""The words of explanations, and their life as one table: asked of a low unit, answered, decided, followed up.

The name of a move is the name of its event. What is late is asked for again, one unit further up the line each time;
only an answer that is late has a state of its own, for only then does the unit itself owe something to everybody above.
"""

from collections.abc import Mapping
from enum import StrEnum

from muster.kernel.errors import Refusal

KIND = "explanation"  # of things in the journal and the audit


class State(StrEnum):
    """Where an explanation stands."""

    ASKED = "asked"  # the unit owes an answer
    OVERDUE = "overdue"  # it was not given in time, and is chased
    ANSWERED = "answered"  # the commander above owes a decision
    DECIDED = "decided"  # the owner owes the action
    FOLLOWED_UP = "followed_up"
    WITHDRAWN = "withdrawn"


OWED = frozenset({State.ASKED, State.OVERDUE})
ENDED = frozenset({State.FOLLOWED_UP, State.WITHDRAWN})


class Cause(StrEnum):
    """What slowed a unit, as the field names it (field notes 7, R3); the first five are those of the board."""

    MACHINE = "machine"
    PEOPLE = "people"
    NETWORK = "network"
    TURNOUT = "turnout"
    WILL = "will"
    DATA = "data"  # the register does not fit: who is due is not there, or not due
    OTHER = "other"


class Reason(StrEnum):
    """Why a unit was asked."""

    LOWEST = "lowest"  # among the last of those under the same unit, and behind the even plan
    SLOW = "slow"  # far behind the even plan, whatever its place


class Step(StrEnum):
    """A move of an explanation."""

    ASK = "ask"
    CHASE = "chase"
    ANSWER = "answer"
    SEND_BACK = "send_back"
    DECIDE = "decide"
    FOLLOW_UP = "follow_up"
    WITHDRAW = "withdraw"


# Each move: from where, and where it leads; none is an explanation that is new.
MOVES: Mapping[Step, Mapping[State | None, State]] = {
    Step.ASK: {None: State.ASKED},
    Step.CHASE: {
        State.ASKED: State.OVERDUE,
        State.OVERDUE: State.OVERDUE,
        State.ANSWERED: State.ANSWERED,
        State.DECIDED: State.DECIDED,
    },
    Step.ANSWER: {State.ASKED: State.ANSWERED, State.OVERDUE: State.ANSWERED},
    Step.SEND_BACK: {State.ANSWERED: State.ASKED},
    Step.DECIDE: {State.ANSWERED: State.DECIDED},
    Step.FOLLOW_UP: {State.DECIDED: State.FOLLOWED_UP},
    Step.WITHDRAW: {
        State.ASKED: State.WITHDRAWN,
        State.OVERDUE: State.WITHDRAWN,
        State.ANSWERED: State.WITHDRAWN,
    },
}
RIGHTS: Mapping[Step, str] = {
    Step.ANSWER: "explanation.answer",
    Step.FOLLOW_UP: "explanation.answer",
    Step.SEND_BACK: "explanation.decide",
    Step.DECIDE: "explanation.decide",
    Step.WITHDRAW: "explanation.decide",
}


class WrongState(Refusal):
    """The explanation is not where this move starts."""

    code = "explanation_wrong_state"
    vi = "Giải trình đang ở trạng thái “{state}”, không thể thực hiện bước “{move}”."
    en = "The explanation is {state}; “{move}” does not start there."


def after(state: State | None, step: Step) -> State:
    """Return where a move leads.

    :raises WrongState: it does not start there
    """
    end = MOVES[step].get(state)
    if end is None:
        raise WrongState(state=state or "new", move=step)
    return end


def steps_from(state: State) -> tuple[Step, ...]:
    """Return the moves that start in a state."""
    return tuple(step for step, ways in MOVES.items() if state in ways)
