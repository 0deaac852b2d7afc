"""A unit played day by day under some moves: which crews work which shifts, whom they serve, when nobody is left."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from muster.engines.allocation.problem import EVENING
from muster.engines.reinforcement.days import spell, weekend, works
from muster.engines.reinforcement.planned import stands
from muster.engines.reinforcement.problem import Crew, Kind, Move, Problem, Slot, Standing, Stratum, Unit
from muster.engines.rostering import Shift, spread

SMALL = 1e-9
GOES = {Kind.MOBILE: Stratum.FAR, Kind.HOME: Stratum.HOME}


class Outlook(Enum):
    """What a unit is to expect."""

    HOLDS = "holds"
    MAY_MISS = "may_miss"  # at the cautious end of the range
    WILL_MISS = "will_miss"  # at the pace seen


@dataclass(frozen=True)
class Played:
    """Who works when in a unit, and what comes of it."""

    roster: Mapping[Slot, int]  # the crew
    standing: Standing


def outlook(one: Standing, deadline: int) -> Outlook:
    """Say whether a unit is done by a day, for certain enough."""
    if one.finish is None or one.finish > deadline:
        return Outlook.WILL_MISS
    return Outlook.MAY_MISS if one.cautious is None or one.cautious > deadline else Outlook.HOLDS


def standing(problem: Problem, unit: Unit, moves: Collection[Move]) -> Standing:
    """Return when a unit is done under some moves."""
    return play(problem, unit, moves).standing


def play(problem: Problem, unit: Unit, moves: Collection[Move]) -> Played:
    """Play a unit under some moves, whoever they are about."""
    about = [move for move in moves if unit.key in (move.receiver, move.donor)]
    roster = rostered(problem, unit, about)
    crewed = Counter((day, shift) for day, shift, _ in roster)
    finish, left = _served(problem, unit, about, crewed, unit.pace)
    cautious, _ = _served(problem, unit, about, crewed, unit.pace / unit.slow)
    return Played(roster, Standing(finish, cautious, left))


def rostered(problem: Problem, unit: Unit, moves: Collection[Move]) -> Mapping[Slot, int]:
    """Return the crew of each shift and kit, within the limits; a shift for which nobody is rested is left out."""
    if unit.planned is not None:
        told = stands(problem, unit, moves)
        return {slot: stand.crew for slot, stand in told.items() if stand.crew is not None}
    crews = {crew.key: crew for crew in _crews(problem, unit, moves)}
    shifts = [
        Shift((day, shift, place), spell(problem, day, shift))
        for day in range(problem.days)
        for shift in _open(problem, unit, moves, day)
        for place in range(min(_kits(unit, moves, day), unit.room))
    ]
    away = {key: _away(problem, unit, moves, key) for key in crews}
    return spread(
        shifts, list(crews), {key: crew.held for key, crew in crews.items()}, problem.limits,
        stands=lambda crew, day: day not in away[crew], most_a_day=problem.most_a_day,
    )  # fmt: skip


def _crews(problem: Problem, unit: Unit, moves: Collection[Move]) -> Iterator[Crew]:
    yield from unit.crews
    lent = {key for move in moves if move.receiver == unit.key for key in move.crews}
    for one in problem.units:
        if one.key != unit.key:
            yield from (crew for crew in one.crews if crew.key in lent)


def _away(problem: Problem, unit: Unit, moves: Collection[Move], crew: int) -> frozenset[date]:
    """Return the days on which a crew does not stand in a unit: its own while it is lent, another's while it is not."""
    about = [move for move in moves if crew in move.crews]
    own = any(one.key == crew for one in unit.crews)
    there = all if own else any
    days = range(problem.days) if about else ()
    return frozenset(
        problem.begins + timedelta(days=day) for day in days if not there(works(one, unit.key, day) for one in about)
    )


def _kits(unit: Unit, moves: Collection[Move], day: int) -> int:
    kits = len(unit.kits)
    for move in moves:
        here = works(move, unit.key, day)
        if move.receiver == unit.key:
            kits += len(move.kits) * here
        else:
            kits -= len(move.kits) * (not here)
    return kits


def _open(problem: Problem, unit: Unit, moves: Collection[Move], day: int) -> Collection[int]:
    more = any(move.kind is Kind.HOURS and move.first <= day <= move.last for move in moves)
    if day in unit.closed or (weekend(problem, day) and not (unit.weekends or more)):
        return ()
    return sorted(unit.shifts | {EVENING}) if more else sorted(unit.shifts)


def _served(
    problem: Problem, unit: Unit, moves: Collection[Move], crewed: Mapping[tuple[int, int], int], pace: float
) -> tuple[int | None, float]:
    """Return the day on which the last is served, and how many are left on the evening of the deadline."""
    left = {one: float(unit.left.get(one, 0)) for one in Stratum}
    finish = None if sum(left.values()) > SMALL else 0
    by_deadline = sum(left.values())
    for day in range(problem.days):
        if finish is None:
            for shift in range(1, EVENING + 1):
                late = shift == EVENING or weekend(problem, day)
                _serve(left, unit, moves, (day, shift), crewed.get((day, shift), 0), pace, late=late)
            if sum(left.values()) <= SMALL:
                finish = day
        if day == problem.deadline:
            by_deadline = sum(left.values())
    return finish, by_deadline


def _serve(
    left: dict[Stratum, float], unit: Unit, moves: Collection[Move], at: tuple[int, int], kits: int, pace: float,
    *, late: bool,
) -> None:  # fmt: skip
    """Take from who is left those whom a shift serves; kits that go to people go first, and stay when there are none.

    A kit that goes out is set up in the first shift of its first day and serves nobody then.
    """
    day, shift = at
    for move in moves:
        people = GOES.get(move.kind)
        if people is None or not kits or shift == EVENING or not move.first <= day <= move.last or not left[people]:
            continue
        kits -= 1
        if (day, shift) != (move.first, min(unit.shifts, default=shift)):
            left[people] -= min(left[people], pace * unit.away)
    places = kits * pace
    for people in (Stratum.LATE, Stratum.EASY) if late else (Stratum.EASY,):
        came = min(left[people], places)
        left[people] -= came
        places -= came
