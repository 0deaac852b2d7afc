"""The board: where a unit and those below it stand, as known at a moment; counts alone, nothing of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil

from muster.capture import queries as capture
from muster.capture.queries import Unsent
from muster.engines import bottleneck
from muster.engines.bottleneck import Facts, Named
from muster.events import queries as journal
from muster.events.queries import Side
from muster.incidents import queries as incidents
from muster.incidents.queries import Standstill
from muster.kernel.clock import work_day
from muster.kernel.periods import Period
from muster.plan import queries as plan
from muster.plan.queries import InCharge, KitsAt, UnitTarget, Worked
from muster.plan.words import Aim
from muster.reporting.queries.figures import due_of, grown
from muster.reporting.queries.slots import SlotLine, slots, states_below
from muster.reporting.words import METRICS, Figure, State
from muster.survey.queries import CampaignLine

CURVES = (Figure.CAPTURED, Figure.ACCEPTED, Figure.PRINTED, Figure.HANDED_OVER)
COUNTED = (*CURVES, Figure.RECEIVED_2, Figure.ACTIVATED_2)
WEEK = 7  # days whose pace is told
SLOTS = 8
NO_KITS, STOOD = KitsAt(0, 0), Standstill()
NO_FACTS = Facts(needed=0, reached=0, days=0, kits=0, broken=0, stands=0, crewless=0, capacity=0, captured=0)


@dataclass(frozen=True, slots=True)
class Stand:
    """How one unit stands, by where citizens reside; paces are dossiers a day."""

    unit: int
    totals: Mapping[Figure, int]
    today: int
    week: int  # captured on the last full work days, at most seven
    days: int  # how many of them there were
    due: int
    target: int  # that of the plan; where it has none, who is due
    planned: bool
    left: int  # days to the deadline, today in it
    kits: KitsAt
    lost: tuple[Standstill, Standstill]  # what stood still today, and on the days of the pace
    unsent: Unsent | None  # what lies on kits now; not known of a moment that is past
    facts: Facts  # what a brake is named from
    brake: Named | None = None

    @property
    def captured(self) -> int:
        """How many were captured since the campaign began."""
        return self.totals[Figure.CAPTURED]

    @property
    def reached(self) -> float:
        """The pace of the last days."""
        return self.week / self.days if self.days else 0.0

    @property
    def needed(self) -> float:
        """The pace that reaches the target on its day; what is left, where the day is past."""
        return max(self.target - self.captured, 0) / max(self.left, 1)

    @property
    def finish_in(self) -> int | None:
        """In how many days it is done at the pace reached; 0 done, none never."""
        missing = max(self.target - self.captured, 0)
        if not missing:
            return 0
        return ceil(missing / self.reached) if self.reached else None

    @property
    def late(self) -> bool:
        """Whether the pace reached does not do."""
        return self.captured < self.target and self.reached < self.needed


@dataclass(frozen=True, slots=True)
class Board:
    """What a commander's screen shows of a unit at a moment."""

    campaign: CampaignLine
    at: datetime
    day: date
    own: Stand
    below: Sequence[Stand]
    days: Sequence[date]
    curves: Mapping[Figure, Sequence[int]]  # up to each of the days
    deadline: date
    slots: Sequence[SlotLine]  # of the work day, the oldest first
    states: Mapping[int, Mapping[State, int]]  # by unit: its reports at the last of them, those below it too
    last: SlotLine | None
    in_charge: Mapping[int, InCharge]  # who must act, by unit; one that nobody commands is left out


def board(
    *, campaign: CampaignLine, unit: int, children: Sequence[int], at: datetime, known_at: datetime | None
) -> Board:  # fmt: skip
    """Return the board of a unit.

    :param at: the moment it is about: today is its work day
    :param known_at: count only what was known by then; without it everything, which is quicker
    """
    day = work_day(at)
    units = [unit, *children]
    stands = _braked(_stands(campaign, units, day, at, known_at), unit)
    days, curves = _curves(campaign, unit, day, known_at)
    shown = [one for one in slots(campaign.id, until=at, limit=SLOTS) if one.work_day == day][::-1]
    last = next(iter(slots(campaign.id, until=at, limit=1)), None)
    deadline = day + timedelta(days=stands[unit].left - 1)
    return Board(
        campaign, at, day, stands[unit], [stands[one] for one in children], days, curves, deadline, shown,
        states_below(last.id, units) if last else {}, last, plan.in_charge(units, day),
    )  # fmt: skip


def _braked(stands: dict[int, Stand], unit: int) -> dict[int, Stand]:
    """Return units with what slows them; of those below only where kits or sessions are planned at their level.

    Nobody plans for a hamlet: that none is planned there says nothing.
    """
    planned = any(one.facts.stands or one.kits.held for key, one in stands.items() if key != unit)
    return {
        key: replace(one, brake=bottleneck.named(one.facts)) if planned or key == unit else one
        for key, one in stands.items()
    }


def _stands(
    campaign: CampaignLine, units: Sequence[int], day: date, at: datetime, known_at: datetime | None
) -> dict[int, Stand]:
    first = max(campaign.starts, day - timedelta(days=WEEK))
    days = max((day - first).days, 0)
    totals = _summed(units, COUNTED, Period(campaign.starts), known_at)
    today = _summed(units, CURVES[:1], Period(day, day + timedelta(days=1)), known_at)
    week = _summed(units, CURVES[:1], Period(first, day), known_at) if days else {}
    due = due_of(units, known_at)
    targets = plan.unit_targets(campaign.id, units)
    kits = plan.kits_at(units, at)
    worked = plan.worked(units, first, day - timedelta(days=1))
    stood = incidents.standstill(units, day, day, at)
    stood_before = incidents.standstill(units, first, day - timedelta(days=1), at)
    unsent = capture.unsent(units) if known_at is None else {}
    return {
        unit: _stand(
            unit, {figure: totals.get((unit, figure), 0) for figure in COUNTED}, today.get((unit, CURVES[0]), 0),
            (week.get((unit, CURVES[0]), 0), days), sum(due[unit]), targets.get((unit, Aim.RECEIVED)),
            (campaign.last, day), kits.get(unit, NO_KITS), (stood.get(unit, STOOD), stood_before.get(unit, STOOD)),
            unsent.get(unit), worked[unit],
        )
        for unit in units
    }  # fmt: skip


def _stand(
    unit: int, totals: Mapping[Figure, int], today: int, week: tuple[int, int], due: int, target: UnitTarget | None,
    ends: tuple[date, date], kits: KitsAt, lost: tuple[Standstill, Standstill], unsent: Unsent | None, worked: Worked,
) -> Stand:  # fmt: skip
    last, day = ends
    deadline = target.deadline if target else last
    left = max((deadline - day).days + 1, 0)
    goal = target.quantity if target else due
    one = Stand(unit, totals, today, *week, due, goal, target is not None, left, kits, lost, unsent, NO_FACTS)
    facts = Facts(
        needed=one.needed, reached=one.reached, days=one.days, kits=kits.held, broken=kits.broken,
        stands=worked.stands, crewless=worked.crewless, capacity=worked.capacity, captured=one.week,
        unsent=unsent.count if unsent else 0, lost=lost[1].dossiers,
    )  # fmt: skip
    return replace(one, facts=facts)


def _summed(
    units: Sequence[int], figures: Sequence[Figure], days: Period, known_at: datetime | None
) -> dict[tuple[int, Figure], int]:
    names = {METRICS[figure]: figure for figure in figures}
    rows = journal.table(units=units, metrics=names, side=Side.RESIDENCE, days=days, known_at=known_at)
    return {(row.unit, names[name]): n for row in rows for name, n in row.counts.items()}


def _curves(
    campaign: CampaignLine, unit: int, day: date, known_at: datetime | None
) -> tuple[list[date], dict[Figure, list[int]]]:
    """Return the work days of the campaign so far, and what was done up to each of them."""
    curves = {figure: grown(campaign, unit, figure, min(day, campaign.last), known_at) for figure in CURVES}
    days = [one for one, _ in curves[Figure.CAPTURED]]
    return days, {figure: [done for _, done in curve] for figure, curve in curves.items()}
