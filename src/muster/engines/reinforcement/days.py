"""The days and shifts of a problem, and where what was lent works on them."""

from datetime import datetime, time, timedelta

from muster.engines.reinforcement.problem import Move, Problem
from muster.engines.rostering import Spell

HOURS = 6  # of a shift; the first begins at six (field notes 3)
SATURDAY = 5


def spell(problem: Problem, day: int, shift: int) -> Spell:
    """Return the hours of a shift."""
    on = problem.begins + timedelta(days=day)
    starts = datetime.combine(on, time(HOURS * shift), problem.zone)
    return Spell(starts, starts + timedelta(hours=HOURS), on)


def weekend(problem: Problem, day: int) -> bool:
    """Say whether a day is a Saturday or a Sunday."""
    return (problem.begins + timedelta(days=day)).weekday() >= SATURDAY


def works(move: Move, unit: int, day: int) -> bool:
    """Say whether what was lent works at a unit on a day: at the receiver after the way there, at the donor outside."""
    if unit == move.receiver:
        return move.first < day <= move.last
    return not move.first <= day <= move.last + 1
