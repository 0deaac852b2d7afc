"""Scenarios: what one follows from, and those that were made."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from muster.plan.drafting import Asked, Due, KitRate
from muster.plan.models import Block, Kit, Scenario, Venue
from muster.plan.queries.resources import closures
from muster.survey import queries as survey
from muster.survey.queries import Axis
from muster.survey.words import Group, State
from muster.units.models import Level, Unit

BY_DAY = frozenset({Group.AT_HOME.value, Group.FROM_6_TO_13.value})
NOT_AT_THE_LINE = frozenset({Group.UNDER_6.value})  # their parents file online (field notes 5)
WISHED = 96  # dossiers a shift of a kit that is only wished for, where no kit of the unit tells its own


def due_by_commune(campaign: UUID, unit: int) -> list[Due]:
    """Return how many open cases each commune of a unit has, by when they come; nobody who is filed online.

    Whoever the register does not place by day is counted as late: a plan that errs errs on the safe side.
    """
    counted = survey.count(campaign=campaign, unit=unit, by=[Axis.UNIT, Axis.GROUP], states=[State.OPEN])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT unit.id, commune.id FROM units_unit AS unit
                JOIN units_unit AS commune ON commune.id = ANY(unit.ancestors) AND commune.level = 'commune'
            WHERE unit.ancestors @> ARRAY[%s]
            """,
            [unit],
        )
        commune_of = dict(cursor.fetchall())
    any_time: dict[int, int] = defaultdict(int)
    late: dict[int, int] = defaultdict(int)
    for (place, group), count in counted.items():
        if group not in NOT_AT_THE_LINE and int(place) in commune_of:
            (any_time if group in BY_DAY else late)[commune_of[int(place)]] += count
    return [Due(one, any_time[one], late[one]) for one in sorted({*any_time, *late})]


def asked(
    *,
    unit: int,
    first_day: date,
    last_day: date,
    due: Sequence[Due],
    rates: Mapping[UUID, tuple[int, str]] | None = None,
    more: int = 0,
    per_cent: int = 100,
) -> Asked:
    """Return what a scenario of a unit follows from: these counts, its kits that are ready, its venues and closed days.

    :param rates: dossiers a shift and the source of the figure, instead of those the kits were registered with
    :param more: so many kits on top (below 0: fewer), at the average rate: a wish, which cannot be adopted
    :param per_cent: of every rate
    """
    communes = {one.id: one for one in Unit.objects.filter(id__in=[row.unit for row in due])}
    days = [first_day, last_day]
    closed: dict[int, list[date]] = defaultdict(list)
    for closure in closures(days):
        for one in communes.values():
            if closure.unit in one.ancestors:
                span = (closure.last - closure.first).days + 1
                closed[one.id] += [closure.first + timedelta(days=place) for place in range(span)]
    return Asked(
        first_day,
        last_day,
        sorted(due, key=lambda row: row.unit),
        _kits(unit, rates or {}, more, per_cent),
        {one.id: _area(one.ancestors) for one in communes.values()},
        _room(list(communes)),
        closed,
    )


def _area(path: Sequence[int]) -> int:
    """Return the area of a commune: the unit right above it."""
    return path[-2] if len(path) > 1 else path[-1]


def _kits(unit: int, rates: Mapping[UUID, tuple[int, str]], more: int, per_cent: int) -> list[KitRate]:
    rows = Kit.objects.filter(
        state="ready", spare=False, id__in=_held(unit)
    ).order_by("code").values_list("id", "rate", "source", "assumed")  # fmt: skip
    places = _places(unit)
    found = []
    for id_, rate, source, assumed in rows:
        told = rates.get(id_, (rate, source))
        found.append(KitRate(id_, places[id_], max(1, told[0] * per_cent // 100), told[1], assumed))
    if more < 0:
        return found[: max(0, len(found) + more)]
    rate = sum(kit.rate for kit in found) // len(found) if found else max(1, WISHED * per_cent // 100)
    areas = sorted({kit.area for kit in found}) or [unit]
    return found + [KitRate(None, areas[place % len(areas)], rate, "wish", assumed=True) for place in range(more)]


def _held(unit: int) -> list[UUID]:
    return list(_places(unit))


def _places(unit: int) -> dict[UUID, int]:
    """Return the area of each kit held by a unit and below it: of a commune's kit, the unit above the commune."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kit_id, CASE WHEN unit.level = %s THEN unit.parent_id ELSE unit.id END
            FROM plan_kit_place AS place JOIN units_unit AS unit ON unit.id = place.unit_id
            WHERE place.ends_at IS NULL AND unit.ancestors @> ARRAY[%s]
            """,
            [Level.COMMUNE, unit],
        )
        return dict(cursor.fetchall())


def _room(communes: Sequence[int]) -> dict[int, int]:
    """Return for how many kits communes have room, all venues together; one without a venue has room for one."""
    room = dict.fromkeys(communes, 0)
    for unit, kits in Venue.objects.filter(unit_id__in=communes).values_list("unit_id", "kits"):
        room[unit] += kits
    return {unit: max(1, kits) for unit, kits in room.items()}


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A scenario that was made."""

    id: UUID
    campaign: UUID
    unit: int
    name: str
    first_day: date
    last_day: date
    state: str
    made_at: datetime
    people: int
    served: int
    finish: date | None
    bound_finish: date | None
    service_days: int
    bound_service_days: int
    transfers: int

    @property
    def gap(self) -> int | None:
        """How many days it finishes after the bound; none where one of them does not finish."""
        return (self.finish - self.bound_finish).days if self.finish and self.bound_finish else None

    @property
    def gap_of_wait(self) -> float:
        """How many days a person waits longer than the bound says, on the average."""
        return (self.service_days - self.bound_service_days) / max(self.people, 1)


_SCENARIO = (
    "id", "campaign_id", "unit_id", "name", "first_day", "last_day", "state", "made_at", "people", "served", "finish",
    "bound_finish", "service_days", "bound_service_days", "transfers",
)  # fmt: skip


def scenario(id: UUID) -> ScenarioLine | None:  # noqa: A002
    """Return a scenario, or nothing."""
    row = Scenario.objects.filter(id=id).values_list(*_SCENARIO).first()
    return ScenarioLine(*row) if row else None


def scenarios(unit: int, *, limit: int = 20) -> list[ScenarioLine]:
    """Return the scenarios of a unit and below it, the newest first."""
    rows = Scenario.objects.filter(unit__ancestors__contains=[unit]).order_by("-made_at", "id")
    return [ScenarioLine(*row) for row in rows.values_list(*_SCENARIO)[:limit]]


@dataclass(frozen=True, slots=True)
class BlockLine:
    """Days at a commune with the same kits and shifts."""

    place: int
    unit: int
    days: Sequence[date]
    shifts: Sequence[int]
    kits: Sequence[UUID]
    served: int


def blocks(scenario: UUID) -> list[BlockLine]:
    """Return the blocks of a scenario in their order."""
    rows = Block.objects.filter(scenario_id=scenario).order_by("place")
    return [BlockLine(*row) for row in rows.values_list("place", "unit_id", "days", "shifts", "kits", "served")]


def to_replace(campaign: UUID, unit: int, first_day: date) -> dict[tuple[UUID, date, int], tuple[UUID, int]]:
    """Return the sessions of adopted scenarios that a new one takes the place of, and how many kits each has.

    Only what has not begun, from a day on; sessions that somebody put in by hand stay.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT venue_id, work_day, shift, session.id,
                   (SELECT count(*) FROM plan_stand AS stand WHERE stand.session_id = session.id)
            FROM plan_session AS session JOIN units_unit AS unit ON unit.id = session.unit_id
            WHERE campaign_id = %s AND unit.ancestors @> ARRAY[%s] AND work_day >= %s AND state = 'planned'
                AND scenario_id IS NOT NULL
            ORDER BY session.id FOR NO KEY UPDATE OF session
            """,
            [campaign, unit, first_day],
        )
        return {(venue, day, shift): (id_, kits) for venue, day, shift, id_, kits in cursor.fetchall()}
