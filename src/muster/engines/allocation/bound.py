"""What no plan can beat: an upper bound on how many can be served by each day, from capacity alone.

``F(d)`` is the least of five counts, each of which holds for every plan: all people; the shifts of all kits that find
an open commune with room; everybody who comes at any time and the late ones for whom there were evenings and weekends;
and, commune by commune, the same two with the fastest kits that find room there. Nobody finishes before the first day
with ``F(d) >= people``; and since whoever is not served by the end of a day waits one day more, all people together
wait at least ``sum over d of people - F(d)``. O(days x communes).
"""

from dataclasses import dataclass

from muster.engines.allocation.problem import SHIFTS, Problem, fastest


@dataclass(frozen=True, slots=True)
class Bound:
    """No plan finishes before ``finish`` (none: no plan finishes at all), nor lets people wait less."""

    finish: int | None
    service_days: int
    served: int  # at most, by the last day


def bound(problem: Problem) -> Bound:
    """Return what no plan can beat."""
    people, late = problem.people, sum(one.late for one in problem.communes)
    every_kit = sum(kit.rate for kit in problem.kits)
    room = {limit: fastest(problem.kits, limit) for limit in {one.limit for one in problem.communes}}
    shifts = [0] * len(problem.communes)  # open so far, in each commune
    evenings = [0] * len(problem.communes)
    all_shifts = all_evenings = waited = served = 0
    finish = None
    for day in range(problem.days):
        more = SHIFTS if day in problem.weekend else 1
        open_room = 0
        for place, one in enumerate(problem.communes):
            if day not in one.closed:
                shifts[place] += SHIFTS * room[one.limit]
                evenings[place] += more * room[one.limit]
                open_room += room[one.limit]
        usable = min(every_kit, open_room)
        all_shifts += SHIFTS * usable
        all_evenings += more * usable
        local = sum(
            min(one.people, shifts[place], one.any_time + min(one.late, evenings[place]))
            for place, one in enumerate(problem.communes)
        )
        served = min(people, all_shifts, people - late + min(late, all_evenings), local)
        waited += people - served
        if finish is None and served == people:
            finish = day
    return Bound(finish, waited, served)
