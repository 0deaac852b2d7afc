"""A unit that works what the plan holds: which of those stands a move takes away, and which it adds."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from muster.engines.allocation.problem import EVENING
from muster.engines.reinforcement.days import spell, weekend, works
from muster.engines.reinforcement.problem import Kind, Move, Problem, Slot, Stand, Unit
from muster.engines.rostering import Shift, spread

MOST_KITS, MOST_CREWS, TRIED = 2, 4, 3  # of one move; kits of a donor that are tried alone


def stands(problem: Problem, unit: Unit, moves: Collection[Move]) -> dict[Slot, Stand]:
    """Return the stands of a unit under some moves.

    A kit that is lent takes its planned shifts and their crews with it, so that nobody's rest changes; a shift for
    which the receiver has no room, or no open day, is lost. Lent crews work the receiver's stands that have none, and
    longer hours are worked by its own crews, both within the limits.
    """
    held = dict(unit.planned or {})
    about = [move for move in moves if unit.key in (move.receiver, move.donor)]
    for move in about:
        if move.kind is Kind.KITS and unit.key == move.donor:
            held = {
                slot: stand
                for slot, stand in held.items()
                if stand.kit not in move.kits or works(move, unit.key, slot[0])
            }
    for move in about:
        if unit.key == move.receiver:
            held |= _added(problem, unit, move, held)
    return held


def lent(problem: Problem, move: Move) -> dict[Slot, Stand]:
    """Return the donor's stands that a loan of kits takes to the receiver."""
    donor = next(one for one in problem.units if one.key == move.donor)
    return {
        slot: stand
        for slot, stand in (donor.planned or {}).items()
        if stand.kit in move.kits and stand.crew is not None and works(move, move.receiver, slot[0])
    }


def loans(problem: Problem, unit: Unit, donor: Unit, last: int) -> Iterator[Move]:
    """Yield what a donor could lend: kits with what is planned for them, and crews for stands that have none."""
    gone_kits = {kit for move in problem.taken for kit in move.kits}
    gone_crews = {crew for move in problem.taken for crew in move.crews}
    count = Counter(
        stand.kit
        for (day, *_), stand in (donor.planned or {}).items()
        if 0 < day <= last and stand.crew is not None and stand.kit not in gone_kits
    )
    kits = sorted(count, key=lambda kit: (-count[kit], kit))
    for some in [*((kit,) for kit in kits[:TRIED]), *([tuple(kits[:MOST_KITS])] if len(kits) >= MOST_KITS else [])]:
        yield Move(Kind.KITS, unit.key, 0, last, donor.key, some)
    crews = [crew.key for crew in donor.crews if crew.key not in gone_crews]
    if any(stand.crew is None and 0 < slot[0] <= last for slot, stand in (unit.planned or {}).items()):
        for people in range(1, min(MOST_CREWS, len(crews)) + 1):
            yield Move(Kind.CREWS, unit.key, 0, last, donor.key, (), tuple(crews[:people]))


def _added(problem: Problem, unit: Unit, move: Move, held: Mapping[Slot, Stand]) -> dict[Slot, Stand]:
    if move.kind is Kind.KITS:
        wanted = {slot: stand for slot, stand in lent(problem, move).items() if slot[0] not in unit.closed}
        return _placed(unit, held, wanted)
    if move.kind is Kind.CREWS:
        bare = {slot: one for slot, one in held.items() if one.crew is None and works(move, unit.key, slot[0])}
        return _crewed(problem, bare, move.crews)
    if move.kind is Kind.HOURS:
        more = _placed(unit, held, dict(_longer(problem, unit, move, held)))
        return {
            slot: one
            for slot, one in _crewed(problem, more, [crew.key for crew in unit.crews]).items()
            if one.crew is not None
        }
    return {}


def _longer(problem: Problem, unit: Unit, move: Move, held: Mapping[Slot, Stand]) -> Iterator[tuple[Slot, Stand]]:
    """Yield the evenings of kits that are at the unit by day, and the weekends of its own that are planned nowhere."""
    out = {kit for one in problem.taken for kit in one.kits}
    somewhere = {(slot[0], one.kit) for other in problem.units for slot, one in (other.planned or {}).items()}
    for day in range(move.first, min(move.last + 1, problem.days)):
        if day in unit.closed:
            continue
        here = {one.kit for slot, one in held.items() if slot[0] == day}
        late = {one.kit for slot, one in held.items() if slot[:2] == (day, EVENING)}
        for place, kit in enumerate(sorted(here - late)):
            yield (day, EVENING, place), Stand(kit, None)
        if weekend(problem, day):
            idle = [kit for kit in unit.kits if (day, kit) not in somewhere and kit not in out]
            for shift in sorted(unit.shifts | {EVENING}):
                for place, kit in enumerate(idle):
                    yield (day, shift, len(here) + place), Stand(kit, None)


def _placed(unit: Unit, held: Mapping[Slot, Stand], wanted: Mapping[Slot, Stand]) -> dict[Slot, Stand]:
    """Return the stands for which there is room, each at a place of its own."""
    taken = {slot: [0, -1] for slot in {(day, shift) for day, shift, _ in held}}
    for day, shift, place in held:
        taken[day, shift] = [taken[day, shift][0] + 1, max(taken[day, shift][1], place)]
    placed = {}
    for (day, shift, _), stand in sorted(wanted.items()):
        count, last = taken.get((day, shift), [0, -1])
        if count < unit.room:
            taken[day, shift] = [count + 1, last + 1]
            placed[day, shift, last + 1] = stand
    return placed


def _crewed(problem: Problem, bare: Mapping[Slot, Stand], crews: Collection[int]) -> dict[Slot, Stand]:
    """Return stands with the crews that are free and rested, as far as there are any."""
    held = {crew.key: crew.held for unit in problem.units for crew in unit.crews if crew.key in crews}
    shifts = [Shift(slot, spell(problem, slot[0], slot[1])) for slot in sorted(bare)]
    found = spread(
        shifts, [crew for crew in crews if crew in held], held, problem.limits,
        stands=lambda *_: True, most_a_day=problem.most_a_day,
    )  # fmt: skip
    return {slot: Stand(bare[slot].kit, found.get(slot)) for slot in bare}
