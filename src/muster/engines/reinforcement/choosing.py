"""Every move of a list tried alone, and the best taken one after another."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from muster.engines.allocation.problem import EVENING
from muster.engines.reinforcement import planned
from muster.engines.reinforcement.playing import GOES, Outlook, Played, outlook, play
from muster.engines.reinforcement.problem import Kind, Move, Problem, Proposal, Side, Stratum, Unit

PERIODS = (7, 14, None)  # days of a move; none: to the deadline
MOST_KITS, MOST_CREWS = 2, 4  # of one move
CREW = 3  # people of a crew that is at home above the units
ALONE = {Kind.HOURS: None, Kind.MOBILE: Stratum.FAR, Kind.HOME: Stratum.HOME}  # for whom a move without a donor is


def propose(problem: Problem) -> list[Proposal]:
    """Return the moves that help a unit that will or may miss, the best for each person-turn first.

    Each is looked at alone, beside the moves already taken. No move is among them that makes its donor finish after
    the deadline at the cautious end, nor one with a kit or crew that a move taken already has.
    """
    played = {unit.key: play(problem, unit, problem.taken) for unit in problem.units}
    safe = {
        key: outlook(one.standing, problem.deadline) is Outlook.HOLDS for key, one in played.items()
    }  # who may give
    units = {unit.key: unit for unit in problem.units}
    found = []
    for unit in problem.units:
        if not safe[unit.key]:
            for move in _moves(problem, unit, [one for one in problem.units if safe[one.key]]):
                told = _proposal(problem, units, played, move)
                if told is not None:
                    found.append(told)
    return sorted(found, key=_rank)


def choose(problem: Problem, most: int) -> list[Proposal]:
    """Return up to so many moves, each the best beside those before it."""
    chosen: list[Proposal] = []
    while len(chosen) < most:
        proposals = propose(replace(problem, taken=(*problem.taken, *(one.move for one in chosen))))
        if not proposals:
            break
        chosen.append(proposals[0])
    return chosen


def _rank(one: Proposal) -> tuple[float, float, int, int, str, int, tuple[int, ...], tuple[int, ...]]:
    days, people = one.worth
    move = one.move
    return (-days, -people, one.turns, move.receiver, move.kind.value, move.last, move.kits, move.crews)


def _moves(problem: Problem, unit: Unit, donors: Sequence[Unit]) -> Iterator[Move]:
    lasts = sorted({min(problem.deadline, days - 1 if days else problem.deadline) for days in PERIODS})
    for last in lasts:
        for kind, people in ALONE.items():
            running = any(one.kind is kind and one.receiver == unit.key for one in problem.taken)
            if not running and (people is None or unit.left.get(people, 0)):
                yield Move(kind, unit.key, 0, last)
        for donor in donors:
            yield from _loans(problem, unit, donor, last)


def _loans(problem: Problem, unit: Unit, donor: Unit, last: int) -> Iterator[Move]:
    """Yield what a donor could lend: no kit and no crew that is lent already."""
    if unit.planned is not None:
        yield from planned.loans(problem, unit, donor, last)
        return
    gone_kits = {kit for move in problem.taken for kit in move.kits}
    gone_crews = {crew for move in problem.taken for crew in move.crews}
    kits = [kit for kit in donor.kits if kit not in gone_kits]
    crews = [crew.key for crew in donor.crews if crew.key not in gone_crews]
    for some, people in product(range(MOST_KITS + 1), range(1, MOST_CREWS + 1)):
        if some <= len(kits) and some <= people <= len(crews):
            kind = Kind.KITS if some else Kind.CREWS
            yield Move(
                kind, unit.key, 0, last, donor.key, tuple(kits[len(kits) - some :]), tuple(crews[len(crews) - people :])
            )


def _proposal(
    problem: Problem, units: dict[int, Unit], played: dict[int, Played], move: Move
) -> Proposal | None:  # fmt: skip
    """Return what a move comes to; nothing where it does not help, or would sink its donor."""
    moves = (*problem.taken, move)
    after = play(problem, units[move.receiver], moves)
    receiver = Side(move.receiver, played[move.receiver].standing, after.standing)
    beyond = problem.days
    was, now = (beyond if one.finish is None else one.finish for one in (receiver.before, receiver.after))
    if now > was or (now == was and receiver.after.left >= receiver.before.left):
        return None
    donor = None
    if move.donor is not None:
        given = play(problem, units[move.donor], moves).standing
        if outlook(given, problem.deadline) is not Outlook.HOLDS:
            return None
        donor = Side(move.donor, played[move.donor].standing, given)
    return Proposal(move, receiver, donor, was - now, _turns(problem, move, units, after, played[move.receiver]))


def _turns(problem: Problem, move: Move, units: dict[int, Unit], after: Played, before: Played) -> int:
    """Return the people x shifts of a move, to the day the receiver is done: of lent crews, or worked on top.

    A kit that goes to people is counted by the shifts by day in which it may be out.
    """
    until = after.standing.finish if after.standing.finish is not None else problem.days
    size = {crew.key: crew.people for unit in units.values() for crew in unit.crews}
    last = min(move.last, until)
    now = {slot: crew for slot, crew in after.roster.items() if move.first <= slot[0] <= last}
    if units[move.receiver].planned is not None and move.kind not in GOES:
        return sum(size.get(crew, CREW) for slot, crew in now.items() if slot not in before.roster)
    if move.donor is not None:
        return sum(size[crew] for crew in now.values() if crew in move.crews)
    if move.kind is Kind.HOURS:
        then = sum(size[crew] for slot, crew in before.roster.items() if move.first <= slot[0] <= last)
        return max(0, sum(size[crew] for crew in now.values()) - then)
    out = {(day, shift): crew for (day, shift, place), crew in now.items() if place == 0 and shift < EVENING}
    return sum(size[crew] for crew in out.values())
