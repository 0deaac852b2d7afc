"""Whether a plan keeps to its problem: what an exact planner's answer is held against, and a greedy one's too."""

from collections import defaultdict
from collections.abc import Iterator

from muster.engines.allocation.problem import EVENING, SHIFTS, Block, Commune, Plan, Problem


def faults(problem: Problem, plan: Plan) -> Iterator[str]:
    """Yield everything in which a plan breaks its problem or misstates itself."""
    communes = {one.key: one for one in problem.communes}
    rates = {kit.key: kit.rate for kit in problem.kits}
    at: dict[tuple[int, int], int] = {}
    served: dict[int, int] = defaultdict(int)
    waited = 0
    for block in plan.blocks:
        commune = communes[block.commune]
        yield from _block_faults(problem, commune, block, sum(rates[kit] for kit in block.kits))
        for day, count in zip(block.days, block.served, strict=True):
            served[block.commune] += count
            waited += day * count
            for kit in block.kits:
                if at.setdefault((kit, day), block.commune) != block.commune:
                    yield f"kit {kit} is in two communes on day {day}"
    yield from _late_faults(problem, plan, rates)
    for key, count in served.items():
        if count > communes[key].people:
            yield f"commune {key}: {count} served of {communes[key].people}"
    left = problem.people - sum(served.values())
    if (plan.served, plan.service_days) != (problem.people - left, waited + problem.days * left):
        yield "what the plan says of itself is not what its blocks come to"


def _block_faults(problem: Problem, commune: Commune, block: Block, rate: int) -> Iterator[str]:
    if len(block.kits) > commune.limit or len(set(block.kits)) < len(block.kits) or not block.kits:
        yield f"commune {commune.key}: kits {block.kits} where {commune.limit} find room"
    for day, count in zip(block.days, block.served, strict=True):
        if day in commune.closed or not 0 <= day < problem.days:
            yield f"commune {commune.key} is closed on day {day}"
        if count > rate * len(block.shifts):
            yield f"commune {commune.key}: {count} served on day {day} where {rate * len(block.shifts)} can be"


def _late_faults(problem: Problem, plan: Plan, rates: dict[int, int]) -> Iterator[str]:
    """Yield communes where more were served by day than come at any time."""
    by_day: dict[int, int] = defaultdict(int)
    for block in plan.blocks:
        rate = sum(rates[kit] for kit in block.kits)
        for day, count in zip(block.days, block.served, strict=True):
            evenings = SHIFTS if day in problem.weekend else block.shifts.count(EVENING)
            by_day[block.commune] += max(0, count - rate * evenings)
    for one in problem.communes:
        if by_day[one.key] > one.any_time:
            yield f"commune {one.key}: {by_day[one.key]} served by day, {one.any_time} come then"
