"""The life of a card, as one table: from which states each step leads where, and which moves its dossier makes by it.

A step that is not here does not exist. What happens to a card is told in the journal by its dossier's events; that one
is recalled is its own, making and delivering a batch are the batch's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from muster.capture.moves import Step as DossierStep
from muster.card.words import State
from muster.kernel.errors import Refusal


class CardWrongState(Refusal):
    """The card is not where this step starts."""

    code = "card_wrong_state"
    vi = "Thẻ đang ở trạng thái “{state}”, không thể thực hiện bước “{step}”."
    en = "The card is {state}; “{step}” does not start there."


class Step(StrEnum):
    """A step of a card."""

    PRINTED = "printed"
    REJECTED = "rejected"
    RECALLED = "recalled"
    MISSING = "missing"
    ARRIVED = "arrived"
    UNDELIVERED = "undelivered"
    ARRIVED_AGAIN = "arrived_again"
    HANDED_OVER = "handed_over"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Way:
    """From which states a step starts, where it leads, and the dossier's move; none: the dossier stays."""

    start: frozenset[State]
    end: State
    dossier: DossierStep | None = None


def _way(start: str, end: State, dossier: DossierStep | None = None) -> Way:
    return Way(frozenset(State(name) for name in start.split()), end, dossier)


MOVES: Mapping[Step, Way] = {
    Step.PRINTED: _way("printing", State.PRINTED, DossierStep.PRODUCED),
    Step.REJECTED: _way("printing printed missing", State.REJECTED, DossierStep.PRINT_REJECTED),
    Step.RECALLED: _way("printing printed missing arrived undelivered", State.RECALLED),
    Step.MISSING: _way("printed", State.MISSING),
    Step.ARRIVED: _way("printed missing", State.ARRIVED, DossierStep.ARRIVED),
    Step.UNDELIVERED: _way("arrived", State.UNDELIVERED, DossierStep.UNDELIVERED),
    Step.ARRIVED_AGAIN: _way("undelivered", State.ARRIVED, DossierStep.ARRIVED_AGAIN),
    Step.HANDED_OVER: _way("arrived", State.HANDED_OVER, DossierStep.HANDED_OVER),
    Step.TAKEN_BACK: _way("handed_over", State.TAKEN_BACK),
}


def way_of(state: State, step: Step) -> Way:
    """Return the way of a step.

    :raises CardWrongState: it does not start there
    """
    way = MOVES[step]
    if state not in way.start:
        raise CardWrongState(state=state, step=step)
    return way
