"""What reinforcement is looked for in: who is left in the units right below one, and what the plan holds for each."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from muster.engines.reinforcement import Crew, Kind, Move, Problem, Slot, Stand, Stratum, Unit
from muster.events import queries as journal
from muster.events.queries import Side
from muster.incidents import queries as incidents
from muster.kernel.clock import ZONE, work_day
from muster.kernel.periods import Period
from muster.plan import queries as plan
from muster.plan.queries import CrewLine, VenueLine
from muster.plan.queries.scenarios import BY_DAY, NOT_AT_THE_LINE
from muster.plan.rows import SessionRow
from muster.plan.words import Aim, VenueKind
from muster.reporting.models import Reinforcement
from muster.reporting.queries.figures import due_of
from muster.reporting.queries.forecasts import told
from muster.reporting.reinforcing import State
from muster.reporting.words import METRICS, Figure
from muster.survey import queries as survey
from muster.survey.queries import Axis, CampaignLine
from muster.survey.words import Hard
from muster.survey.words import State as Case
from muster.units import queries as units_now

SEEN = 28  # days of which the pace of a kit is told
UNTOLD, SLOWEST = 1.25, 3.0  # how many times longer the rest takes: where no forecast says (assumed), and at most
OUT_OF_REACH = frozenset(
    {
        Hard.LIVES_ELSEWHERE, Hard.AWAY_FOR_WORK, Hard.ADDRESS_UNKNOWN, Hard.ABROAD, Hard.IN_CUSTODY, Hard.DECEASED,
    }
)  # fmt: skip
DOSSIERS = METRICS[Figure.CAPTURED]


@dataclass(frozen=True)
class Capacity:
    """A problem of `engines.reinforcement`, and what its numbers stand for."""

    campaign: CampaignLine
    above: int
    day: date
    problem: Problem
    kits: Sequence[UUID]
    crews: Sequence[UUID]
    held: Mapping[UUID, int]  # kits that a unit of the problem holds itself
    sessions: Mapping[UUID, SessionRow]
    session_of: Mapping[tuple[int, Slot], UUID]
    venues: Mapping[int, Sequence[VenueLine]]

    def on(self, day: int) -> date:
        """Return the date of a day of the problem."""
        return self.problem.begins + timedelta(days=day)

    def date_of(self, day: int | None) -> date | None:
        """Return the date of a day, if there is one."""
        return None if day is None else self.on(day)

    def move(self, one: Reinforcement) -> Move | None:
        """Return a stored move as the problem knows it; nothing where a kit, a crew or a unit of it is not there."""
        kits, crews = {kit: n for n, kit in enumerate(self.kits)}, {crew: n for n, crew in enumerate(self.crews)}
        there = {unit.key for unit in self.problem.units}
        if not (kits.keys() >= set(one.kits) and crews.keys() >= set(one.crews) and one.receiver_id in there):
            return None
        if one.donor_id is not None and one.donor_id not in there:
            return None
        first, last = ((day - self.problem.begins).days for day in (one.first, one.last))
        return Move(
            Kind(one.kind), one.receiver_id, first, last, one.donor_id, tuple(kits[kit] for kit in one.kits),
            tuple(crews[crew] for crew in one.crews),
        )  # fmt: skip


def capacity(campaign: CampaignLine, above: int, at: datetime) -> Capacity | None:
    """Return what the units right below one have left and planned from tomorrow on; nothing after the deadline.

    A unit that has no target, or has reached it, has nobody left. The pace of a kit is what kits took there in a shift
    of the last weeks; the cautious end is how much longer than at the pace of the last weeks similar units took.
    """
    day = work_day(at)
    begins = day + timedelta(days=1)
    units = [one.id for one in units_now.children(above, day)]
    targets = plan.unit_targets(campaign.id, [above, *units])
    own = targets.get((above, Aim.RECEIVED))
    deadline = own.deadline if own else campaign.last
    if deadline < begins or not units:
        return None
    planned = [one for one in plan.sessions(above, begins, deadline) if one.state == "planned"]
    planned = [one for one in planned if one.campaign == campaign.id]
    rows = plan.sessions_as_rows([one.id for one in planned])
    lines = plan.crews(above, begins)
    crews = sorted({one.id for one in lines} | {s.crew for row in rows.values() for s in row.stands if s.crew})
    ready = [one for one in plan.kits(above, at) if one.plannable]
    places = {one.id: one.unit for one in ready}
    kits = sorted({*places, *(stand.kit for row in rows.values() for stand in row.stands)})
    child = _child_of(units, [*(one.unit for one in planned), *places.values(), *(one.unit for one in lines)])
    slots, session_of = _slots(planned, rows, child, begins, kits, crews)
    venues = _venues(units, above, begins)
    left = _left(campaign, above, units, {one: t.quantity for (one, aim), t in targets.items() if aim is Aim.RECEIVED})
    rate = sum(one.rate for one in ready) / len(ready) if ready else 0.0
    pace = _paces(units, campaign, at, rate)
    slow = _slow(campaign, units, day)
    homes = _homes(lines, child, crews, above, begins, deadline)
    held = {kit: child[unit] for kit, unit in places.items() if unit in child}
    closed = _closed(units, begins, deadline)
    problem = Problem(
        [
            Unit(
                one, left[one], pace[one], slow[one], tuple(n for n, kit in enumerate(kits) if held.get(kit) == one),
                tuple(homes[one]), max(sum(venue.kits for venue in venues[one]), 1), closed=closed[one],
                planned=slots[one],
            )
            for one in units
        ],
        begins, (deadline - begins).days, (deadline - begins).days + 1, plan.limits(), zone=ZONE,
        taken=_taken(campaign.id, units, begins),
    )  # fmt: skip
    return Capacity(campaign, above, day, problem, kits, crews, held, rows, session_of, venues)


def _child_of(units: Sequence[int], below: Sequence[int]) -> dict[int, int]:
    """Return which of the units each unit lies in; one in none of them is left out."""
    wanted, found = set(units), {}
    for unit, path in plan.unit_paths({*below, *units}).items():
        above = wanted.intersection(path)
        if above:
            found[unit] = above.pop()
    return found


def _slots(
    planned: Sequence[plan.SessionLine], rows: Mapping[UUID, SessionRow], child: Mapping[int, int], begins: date,
    kits: Sequence[UUID], crews: Sequence[UUID],
) -> tuple[dict[int, dict[Slot, Stand]], dict[tuple[int, Slot], UUID]]:  # fmt: skip
    kit_of, crew_of = {kit: n for n, kit in enumerate(kits)}, {crew: n for n, crew in enumerate(crews)}
    slots: dict[int, dict[Slot, Stand]] = defaultdict(dict)
    session_of = {}
    places: Counter[tuple[int, int, int]] = Counter()
    for line in planned:
        unit, row = child.get(line.unit), rows[line.id]
        if unit is None:
            continue
        for stand in row.stands:
            day, shift = (row.work_day - begins).days, row.shift
            place = places[unit, day, shift]
            places[unit, day, shift] += 1
            slots[unit][day, shift, place] = Stand(kit_of[stand.kit], crew_of[stand.crew] if stand.crew else None)
            session_of[unit, (day, shift, place)] = line.id
    return slots, session_of


def _venues(units: Sequence[int], above: int, begins: date) -> dict[int, list[VenueLine]]:
    lines = [one for one in plan.venues(above) if one.is_open(begins)]
    child = _child_of(units, [one.unit for one in lines])
    found: dict[int, list[VenueLine]] = {unit: [] for unit in units}
    for one in lines:
        if one.unit in child:
            found[child[one.unit]].append(one)
    return found


def _left(
    campaign: CampaignLine, above: int, units: Sequence[int], targets: Mapping[int, int]
) -> dict[int, dict[Stratum, int]]:
    """Return who is still to come for the target, the easy first: nobody's bedside is waited for before that.

    Far are those of hamlets with a mobile point of their own. Whoever is elsewhere is not waited for at all.
    """
    rows = journal.table(units=units, metrics=[DOSSIERS], side=Side.RESIDENCE, days=Period(campaign.starts))
    captured = {row.unit: row.counts[DOSSIERS] for row in rows}
    due = due_of(units, None)
    cases = survey.count(campaign=campaign.id, unit=above, by=[Axis.UNIT, Axis.GROUP, Axis.HARD], states=[Case.OPEN])
    points = {one.unit for one in plan.venues(above) if one.kind == VenueKind.MOBILE} - set(units)
    child = _child_of(units, [int(unit) for unit, *_ in cases])
    there: dict[int, dict[Stratum, int]] = {unit: dict.fromkeys(Stratum, 0) for unit in units}
    for (unit, group, why), count in cases.items():
        if int(unit) in child and group not in NOT_AT_THE_LINE and why not in OUT_OF_REACH:
            there[child[int(unit)]][_stratum(group, why, point=int(unit) in points)] += count
    return {unit: _first(there[unit], targets.get(unit, sum(due[unit])) - captured.get(unit, 0)) for unit in units}


def _stratum(group: str, why: str, *, point: bool) -> Stratum:
    if why == Hard.BEDRIDDEN:
        return Stratum.HOME
    if point:
        return Stratum.FAR
    return Stratum.EASY if group in BY_DAY else Stratum.LATE


def _first(there: Mapping[Stratum, int], wanted: int) -> dict[Stratum, int]:
    """Return the first of those who are there, so many in all."""
    found = {}
    for stratum in Stratum:
        found[stratum] = max(min(there[stratum], wanted), 0)
        wanted -= found[stratum]
    return found


def _paces(units: Sequence[int], campaign: CampaignLine, at: datetime, rate: float) -> dict[int, float]:
    """Return dossiers of a kit in a shift of the last weeks, the time left out in which kits stood still.

    :param rate: what kits were registered with, where none stood anywhere
    """
    day = work_day(at)
    first, last = max(campaign.starts, day - timedelta(days=SEEN)), day - timedelta(days=1)
    if last < first:
        return dict.fromkeys(units, rate)
    stood = incidents.standstill(units, first, last, at)
    worked = {unit: float(one.stands) for unit, one in plan.worked(units, first, last).items()}
    for unit, lost in stood.items():  # where kits stood still most of the time, the rest is too short to tell a pace
        worked[unit] = max(worked[unit] - lost.minutes / incidents.SHIFT, worked[unit] / 2)
    rows = journal.table(units=units, metrics=[DOSSIERS], side=Side.DONE, days=Period.through(first, last))
    taken = {row.unit: row.counts[DOSSIERS] for row in rows}
    stands, all_taken = sum(worked.values()), sum(taken.values())
    usual = all_taken / stands if stands else rate
    return {unit: taken.get(unit, 0) / worked[unit] if worked[unit] else usual for unit in units}


def _slow(campaign: CampaignLine, units: Sequence[int], day: date) -> dict[int, float]:
    found = dict.fromkeys(units, UNTOLD)
    for one in told(campaign.id, units, Figure.CAPTURED, day - timedelta(days=1)):
        if one.finish and one.rate_on and one.rate_on > one.day:
            found[one.unit] = min(max((one.finish - one.day) / (one.rate_on - one.day), 1.0), SLOWEST)
    return found


def _homes(
    lines: Sequence[CrewLine], child: Mapping[int, int], crews: Sequence[UUID], above: int, first: date, last: date
) -> dict[int, list[Crew]]:
    number = {crew: n for n, crew in enumerate(crews)}
    roster = plan.roster(above, first, last)
    found: dict[int, list[Crew]] = defaultdict(list)
    for line in lines:
        if line.unit in child and roster.stands(line.id, last):
            held = tuple(roster.held.get(line.id, ()))
            found[child[line.unit]].append(Crew(number[line.id], len(line.members), held))
    return found


def _closed(units: Sequence[int], first: date, last: date) -> dict[int, frozenset[int]]:
    paths = plan.unit_paths(units)
    found: dict[int, set[int]] = {unit: set() for unit in units}
    for one in plan.closures([first, last]):
        span = range(max((one.first - first).days, 0), (min(one.last, last) - first).days + 1)
        for unit in units:
            if one.unit in paths[unit]:
                found[unit].update(span)
    return {unit: frozenset(days) for unit, days in found.items()}


def _taken(campaign: UUID, units: Sequence[int], begins: date) -> tuple[Move, ...]:
    """Return the moves in force whose people the plan does not tell: kits that go to people."""
    rows = Reinforcement.objects.filter(
        campaign_id=campaign, receiver_id__in=units, state=State.CARRIED_OUT.value, last__gte=begins,
        kind__in=[Kind.MOBILE.value, Kind.HOME.value],
    ).order_by("id")  # fmt: skip
    return tuple(
        Move(Kind(one.kind), one.receiver_id, max((one.first - begins).days, 0), (one.last - begins).days)
        for one in rows
    )
