"""Whether reinforcement keeps its promise: rehearsed campaigns, played on from one evening with it and without.

A district of six communes, each with a kit of its own, is played by `rehearsal.campaign.playing` for thirty days by a
plan that fits some communes and not others. That evening `engines.reinforcement` is asked as the product asks it (pace
of 28 days, what is left by when they come, the plan stand by stand), and its best move is put into the plan. Then both
plans are played to the deadline, each with the same further seeds: faults, no-shows and
worn prints are drawn, not promised.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from math import exp
from random import Random
from statistics import mean, median

from bench import frame
from muster.engines.reinforcement import Move, Problem, Proposal, Stand, Stratum, Unit, propose, standing, stands
from muster.engines.rostering import Limits
from muster.kernel.clock import ZONE
from muster.rehearsal.campaign.inputs import Inputs
from muster.rehearsal.campaign.playing import District, Group, Session, district

COMMUNES, DAYS, ASKED, SEEN = 6, 60, 30, 28
GOAL, SLOW, ROOM = 0.88, 1.25, 2  # of who is due; as the product, where no forecast says; kits at once
INPUTS = replace(Inputs(), usual_minutes=20.0, best_minutes=10.0)  # a fifth of the people, with kits a fifth as fast
LIMITS = Limits(timedelta(hours=12), timedelta(hours=12), timedelta(hours=1), 6)
Plan = Mapping[tuple[int, int], Sequence[tuple[int, int]]]  # by day and shift: kits and where they stand


@dataclass(frozen=True)
class Evening:
    """A campaign as it stands when reinforcement is asked for."""

    played: District
    goals: Sequence[int]
    problem: Problem


@dataclass(frozen=True)
class Replayed:
    """What came of a plan, by commune: people served up to a day, and the day of the goal, none by the deadline."""

    served: Sequence[int]
    finish: Sequence[int | None]


def main(argv: Sequence[str]) -> int:
    """Print each promise beside what was replayed; return 1 when a donor was sunk or promises are off by a quarter."""
    asked = frame.arguments("reinforcement", argv, campaigns=(12, "campaigns"), times=(10, "replays of each"))
    print(f"{'campaign':>8} {'move':34} {'more people':>22} {'receiver done':>26} {'donor done':>24}")
    off, kept, sunk, told = [], [], 0, 0
    for seed in range(asked.campaigns):
        evening = at_evening(seed)
        found = propose(evening.problem)
        if not found:
            print(f"{seed:>8} nothing helps")
            continue
        told += 1
        more, finishes, donor = replay(evening, found[0], asked.times)
        promised = _more(evening.problem, found[0])
        off.append(abs(mean(more) - promised) / promised)
        if found[0].receiver.after.finish is not None:
            kept.append(sum(day is not None for day in finishes) / len(finishes))
        sunk += sum(day is None for day in donor)
        print(_row(seed, found[0], promised, more, finishes, donor))
    print(
        f"{told} moves: people promised and replayed differ by {median(off):.0%} (median, worst {max(off):.0%}); "
        f"receivers promised in time were so in {mean(kept):.0%} of replays; donors late in {sunk} of "
        f"{told * asked.times} replays"
    )
    return 0 if sunk == 0 and median(off) <= 0.25 else 1


def at_evening(seed: int) -> Evening:
    """Play a campaign by its plan to the evening on which it is asked."""
    random = Random(f"reinforcement {seed}")
    groups = [[_group(random) for _ in range(int(2_300 * exp(random.gauss(0, 0.35))))] for _ in range(COMMUNES)]
    drawn = district(f"reinforcement {seed}", INPUTS, groups, COMMUNES)
    goals = [int(GOAL * len(some)) for some in groups]
    plan: Plan = {(day, shift): [(kit, kit) for kit in range(COMMUNES)] for day in range(DAYS) for shift in range(3)}
    taken, worked = defaultdict(int), defaultdict(int)
    for one in on(drawn, plan, 0, ASKED):
        if one.day >= INPUTS.first_day + timedelta(days=ASKED - SEEN):
            taken[one.commune] += len(one.visits)
    for day, shift in plan:
        if ASKED - SEEN <= day < ASKED:
            for _, commune in plan[day, shift]:
                worked[commune] += 1
    units = [
        Unit(
            place, _left(drawn, place, goals[place]), taken[place] / worked[place], SLOW, (), (), ROOM,
            planned={
                (day - ASKED, shift + 1, place): Stand(place, 10 * place + shift)
                for day in range(ASKED, DAYS)
                for shift in range(3)
            },
        )
        for place in range(COMMUNES)
    ]  # fmt: skip
    begins = INPUTS.first_day + timedelta(days=ASKED)
    last = DAYS - ASKED - 1
    return Evening(drawn, goals, Problem(units, begins, last, last + 1, LIMITS, zone=ZONE))


def _group(random: Random) -> Group:
    chances = (INPUTS.away, 0.01, 0.35)
    for chance, group in zip(chances, (Group.AWAY, Group.BEDRIDDEN, Group.EVENING), strict=True):
        if random.random() < chance:
            return group
    return Group.DAY


def _left(drawn: District, place: int, goal: int) -> dict[Stratum, int]:
    """Return who is still to come for the goal, the easy first."""
    one = drawn.communes[place]
    wanted, found = max(goal - one.served, 0), {}
    for stratum, group in ((Stratum.EASY, Group.DAY), (Stratum.LATE, Group.EVENING)):
        found[stratum] = min(len(one.pools[group]), wanted)
        wanted -= found[stratum]
    return found


def on(drawn: District, plan: Plan, first: int, until: int) -> list[Session]:
    """Play a district on by a plan instead of its own choice of places; faults as it draws them."""
    found: list[Session] = []
    for number in range(first, until):
        placed = {
            shift: [(drawn.kits[kit], drawn.communes[commune]) for kit, commune in plan.get((number, shift), ())]
            for shift in range(3)
        }
        found += drawn.play(INPUTS.first_day + timedelta(days=number), placed)
    return found


def replay(evening: Evening, best: Proposal, times: int) -> tuple[list[int], list[int | None], list[int | None]]:
    """Return of each replay: people more served at the receiver in time, and the days both reach their goals."""
    more, finishes, donor = [], [], []
    for number in range(times):
        without, with_it = (_played(evening, moves, best.move.last, number) for moves in ((), (best.move,)))
        receiver = best.move.receiver
        more.append(with_it.served[receiver] - without.served[receiver])
        finishes.append(with_it.finish[receiver])
        if best.move.donor is not None:
            donor.append(with_it.finish[best.move.donor])
    return more, finishes, donor


def _played(evening: Evening, moves: Sequence[Move], last: int, number: int) -> Replayed:
    drawn = deepcopy(evening.played)
    drawn.random = Random(f"{drawn.seed} again {number}")
    plan = defaultdict(list)
    for unit in evening.problem.units:
        for (day, shift, _), stand in sorted(stands(evening.problem, unit, moves).items()):
            plan[day + ASKED, shift - 1].append((stand.kit, unit.key))
    before = [one.served for one in drawn.communes]
    finish = [None if one < goal else 0 for one, goal in zip(before, evening.goals, strict=True)]
    served = [0] * COMMUNES
    for day in range(ASKED, DAYS):
        on(drawn, plan, day, day + 1)
        for one in drawn.communes:
            if finish[one.place] is None and one.served >= evening.goals[one.place]:
                finish[one.place] = day - ASKED
            if day - ASKED <= last:  # nobody beyond the goal was promised
                served[one.place] = min(one.served, evening.goals[one.place]) - before[one.place]
    return Replayed(served, finish)


def _more(problem: Problem, best: Proposal) -> int:
    unit = problem.units[best.move.receiver]
    until = replace(problem, deadline=best.move.last)
    without, with_it = (standing(until, unit, moves).left for moves in ((), (best.move,)))
    return round(without - with_it)


def _row(
    seed: int, best: Proposal, promised: int, more: Sequence[int], finishes: Sequence[int | None],
    donor: Sequence[int | None],
) -> str:  # fmt: skip
    move = best.move
    what = f"{move.kind.value} {move.kits} of {move.donor} to {move.receiver}, {move.last + 1} days"
    people = f"{promised} -> {mean(more):.0f} ({min(more)}..{max(more)})"
    after = best.receiver.after
    given = best.donor.after if best.donor else after
    received = _days(after.finish, after.cautious, finishes)
    return f"{seed:>8} {what:34} {people:>22} {received:>26} {_days(given.finish, given.cautious, donor):>24}"


def _days(finish: int | None, cautious: int | None, came: Sequence[int | None]) -> str:
    """Return a finish as promised, with its range, and the days it came to be; in days from tomorrow."""
    days = sorted(day for day in came if day is not None)
    told = f"{days[0]}..{days[-1]}" if days else "never"
    return f"{finish}..{cautious} -> {told}" + (f" ({len(came) - len(days)} late)" if len(days) < len(came) else "")
