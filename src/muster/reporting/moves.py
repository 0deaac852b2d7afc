"""The life of a report, as one table. The name of a move is the name of its event; figures never move."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from muster.kernel.errors import Refusal
from muster.reporting.words import State


class WrongState(Refusal):
    """The report is not where this move starts."""

    code = "report_wrong_state"
    vi = "Báo cáo đang ở trạng thái “{state}”, không thể thực hiện bước “{move}”."
    en = "The report is {state}; “{move}” does not start there."


class Step(StrEnum):
    """A move of a report."""

    FREEZE = "freeze"
    CHASE = "chase"
    SIGN = "sign"
    CORRECT = "correct"
    CERTIFY = "certify"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class Way:
    """From which states a move starts, and where it leads; no state: the report is new."""

    start: frozenset[State | None]
    end: State


def _way(start: str, end: State) -> Way:
    return Way(frozenset(State(name) if name != "new" else None for name in start.split()), end)


MOVES: Mapping[Step, Way] = {
    Step.FREEZE: _way("new", State.FROZEN),
    Step.CHASE: _way("frozen late", State.LATE),
    Step.SIGN: _way("frozen late", State.SIGNED),
    Step.CORRECT: _way("signed disputed certified", State.SIGNED),  # what was certified is no more what is reported
    Step.CERTIFY: _way("signed disputed", State.CERTIFIED),
    Step.DISPUTE: _way("signed certified", State.DISPUTED),
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
