"""The evening review (field notes 7, R0): a look back at the day, and actions carried over until they are done."""

from collections.abc import Mapping
from enum import StrEnum

from muster.kernel.errors import Refusal

KIND = "task"  # of things in the journal and the audit: one action of a review


class State(StrEnum):
    """Where an action stands."""

    OPEN = "open"  # carried over from evening to evening
    DONE = "done"
    DROPPED = "dropped"  # with a reason


class Step(StrEnum):
    """A move of an action."""

    GIVE = "give"
    DO = "do"
    DROP = "drop"


MOVES: Mapping[Step, Mapping[State | None, State]] = {
    Step.GIVE: {None: State.OPEN},
    Step.DO: {State.OPEN: State.DONE},
    Step.DROP: {State.OPEN: State.DROPPED},
}


class WrongState(Refusal):
    """The action is over already."""

    code = "task_wrong_state"
    vi = "Việc này đã ở trạng thái “{state}”."
    en = "This action is {state} already."


def after(state: State | None, step: Step) -> State:
    """Return where a move leads.

    :raises WrongState: it does not start there
    """
    end = MOVES[step].get(state)
    if end is None:
        raise WrongState(state=state or "new")
    return end
