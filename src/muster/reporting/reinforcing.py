"""The words of reinforcement, and its life as one table: proposed, decided once, carried out by the plan, measured.

The name of a move is the name of its event. A proposal lasts until the day before it would begin.
"""

from collections.abc import Mapping
from enum import StrEnum

from muster.kernel.errors import Refusal

KIND = "reinforcement"  # of things in the journal and the audit


class State(StrEnum):
    """Where a reinforcement stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"  # within the transaction that carries it out
    CARRIED_OUT = "carried_out"  # it stands in the plan
    MEASURED = "measured"  # its days are over, and what came of them is counted
    DECLINED = "declined"
    EXPIRED = "expired"  # its first day came, or a later one took its place


class Step(StrEnum):
    """A move of a reinforcement."""

    PROPOSE = "propose"
    ACCEPT = "accept"
    CARRY_OUT = "carry_out"
    DECLINE = "decline"
    EXPIRE = "expire"
    MEASURE = "measure"


class Part(StrEnum):
    """On which side of a reinforcement a unit is."""

    RECEIVER = "receiver"
    DONOR = "donor"


# Each move: from where, and where it leads; none is one that is new.
MOVES: Mapping[Step, tuple[State | None, State]] = {
    Step.PROPOSE: (None, State.PROPOSED),
    Step.ACCEPT: (State.PROPOSED, State.ACCEPTED),
    Step.CARRY_OUT: (State.ACCEPTED, State.CARRIED_OUT),
    Step.DECLINE: (State.PROPOSED, State.DECLINED),
    Step.EXPIRE: (State.PROPOSED, State.EXPIRED),
    Step.MEASURE: (State.CARRIED_OUT, State.MEASURED),
}
TAKEN = frozenset({State.ACCEPTED, State.CARRIED_OUT, State.MEASURED})
READ, DECIDE = "reinforcement.read", "reinforcement.decide"


class WrongState(Refusal):
    """The reinforcement is not where this move starts."""

    code = "reinforcement_wrong_state"
    vi = "Đề xuất tăng cường đang ở trạng thái “{state}”, không thể thực hiện bước “{move}”."
    en = "The reinforcement is {state}; “{move}” does not start there."


def after(state: State | None, step: Step) -> State:
    """Return where a move leads.

    :raises WrongState: it does not start there
    """
    start, end = MOVES[step]
    if state is not start:
        raise WrongState(state=state or "new", move=step)
    return end
