"""Scenarios: drafted from counts and kits by the engine, adopted as sessions, redone from a day on."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from muster.engines.rostering import Shift, Spell, spread
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.kernel.ids import new_id
from muster.plan import queries
from muster.plan.drafting import Asked, Drafted, draft
from muster.plan.models import Block, Scenario
from muster.plan.operations.arming import arm
from muster.plan.operations.common import IdTaken, Known, tell_quietly
from muster.plan.operations.scheduling import Diary, Scheduled, hours
from muster.plan.operations.sessions import cancel_sessions, schedule_sessions
from muster.plan.rows import Cancellation, SessionRow, Stand
from muster.plan.words import HOURS, SCENARIO, ScenarioState

REPLACED = "Phương án đã thay đổi"


class UnknownScenario(Refusal):
    """There is no such scenario."""

    code = "unknown_scenario"
    vi = "Không có phương án {scenario}."
    en = "There is no scenario {scenario}."


class NothingToPlan(Refusal):
    """A scenario has days, people and kits."""

    code = "nothing_to_plan"
    vi = "Phương án phải có ngày đầu không sau thời hạn, có người cần làm và có thiết bị."
    en = "A scenario has a first day no later than its deadline, people who are due, and kits."


class OnlyWished(Refusal):
    """Kits that are only wished for cannot be sent anywhere."""

    code = "only_wished"
    vi = "Phương án dùng thiết bị chưa có; hãy điều thiết bị về rồi lập lại phương án."
    en = "The scenario uses kits that are not there; have them handed over, then make it again."


class NoVenue(Refusal):
    """A commune of the scenario has no venue, or none with room for its kits."""

    code = "no_venue"
    vi = "Đơn vị số {unit} chưa có điểm cấp đủ chỗ."
    en = "Unit number {unit} has no venue with enough room."


class WasReplaced(Refusal):
    """The scenario was replaced by a later one."""

    code = "was_replaced"
    vi = "Phương án đã được thay bằng phương án khác."
    en = "The scenario was replaced by a later one."


@transaction.atomic
def make_plan(*, id: UUID, campaign: UUID, unit: int, name: str, asked: Asked, by: Actor, at: datetime) -> UUID:  # noqa: A002
    """Draft a scenario from counts, kits and rates as asked (`queries.asked`), and keep it; nothing is scheduled yet.

    It states its bound: on which day nobody could finish before, and how long people wait at least. Sent twice it is
    made once.

    :raises NothingToPlan: there are no days, no people or no kits
    :raises UnknownCampaign: the campaign is not there or closed
    :raises UnknownUnit: the unit is not there
    :raises IdTaken: the id stands for another scenario
    """
    known = Known([unit], [campaign])
    known.unit(unit)
    known.campaign(campaign)
    there = queries.scenario(id)
    if there is not None:
        if (there.campaign, there.unit, there.first_day, there.last_day) != (
            campaign, unit, asked.first_day, asked.last_day,
        ):  # fmt: skip
            raise IdTaken(id=id)
        return id
    if asked.last_day < asked.first_day or not asked.kits or not any(one.any_time + one.late for one in asked.due):
        raise NothingToPlan
    drafted = draft(asked)
    _store(id, campaign, unit, name, drafted, by, at)
    tell_quietly([id], by, at, "plan.make", SCENARIO)
    return id


def _store(id_: UUID, campaign: UUID, unit: int, name: str, drafted: Drafted, by: Actor, at: datetime) -> None:
    asked, plan = drafted.asked, drafted.plan
    Scenario.objects.create(
        id=id_, campaign_id=campaign, unit_id=unit, name=name.strip()[:120], first_day=asked.first_day,
        last_day=asked.last_day, asked=asked.told(), made_at=at, made_by=by.officer, people=drafted.problem.people,
        served=plan.served, finish=drafted.finish, bound_finish=drafted.bound_finish, service_days=plan.service_days,
        bound_service_days=drafted.bound.service_days, transfers=plan.transfers,
    )  # fmt: skip
    wished = UUID(int=0)
    Block.objects.bulk_create(
        Block(
            scenario_id=id_, place=place, unit_id=block.commune,
            days=[asked.first_day + timedelta(days=day) for day in block.days], shifts=list(block.shifts),
            kits=[asked.kits[kit].id or wished for kit in block.kits], served=sum(block.served),
        )
        for place, block in enumerate(plan.blocks)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of a scenario: new sessions, earlier ones that stay with other kits, and cancelled ones.

    ``crewless`` counts the kits in shifts for which no crew was free and rested.
    """

    sessions: BatchResult[UUID]
    kept: Sequence[UUID]
    cancelled: Sequence[UUID]
    crewless: int = 0


@transaction.atomic
def adopt_plan(*, scenario: UUID, by: Actor, at: datetime) -> Adopted:
    """Let a scenario become sessions, from its first day on; what was lived stays.

    Of earlier scenarios, sessions that have not begun give way: those at the same venue and shift with no fewer kits
    stay with their appointments and only change kits, the others are cancelled and their citizens wait to be booked
    again. Crews of the unit are spread evenly over the sessions, one shift a day each, rested and with their days off;
    where they do not suffice, a session stands without. Sessions that do not fit beside what was put in by hand are
    refused one by one. Adopted twice it is once.

    :raises UnknownScenario: there is none
    :raises OnlyWished: it counts on kits that are not there
    :raises NoVenue: a commune has no venue for its kits
    :raises WasReplaced: a later one was adopted
    """
    row = Scenario.objects.select_for_update().filter(id=scenario).first()
    if row is None:
        raise UnknownScenario(scenario=scenario)
    if row.state == ScenarioState.REPLACED:
        raise WasReplaced
    if row.state == ScenarioState.ADOPTED:
        return Adopted(BatchResult([]), [], [])
    path = queries.unit_paths([row.unit_id])[row.unit_id]
    wanted = _with_crews(list(_sessions(row)), row.unit_id)
    old = queries.to_replace(row.campaign_id, row.unit_id, row.first_day)
    kept = _kept(wanted, old)
    gone = [id_ for id_, _ in old.values() if id_ not in kept]
    cancel_sessions(cancellations=[Cancellation(session=one, reason=REPLACED) for one in gone], by=by, at=at)
    _swap(kept, row.id, by, at)
    fresh = [one for one in wanted if (one.venue, one.work_day, one.shift) not in {_key(two) for two in kept.values()}]
    result = schedule_sessions(sessions=fresh, by=by, at=at)
    earlier = Scenario.objects.filter(campaign_id=row.campaign_id, state=ScenarioState.ADOPTED.value)
    earlier.filter(unit__ancestors__contains=[path[-1]], last_day__gte=row.first_day).update(
        state=ScenarioState.REPLACED.value
    )
    row.state = ScenarioState.ADOPTED.value
    row.save(update_fields=["state"])
    tell_quietly([row.id], by, at, "plan.adopt", SCENARIO)
    return Adopted(result, list(kept), gone, sum(stand.crew is None for one in wanted for stand in one.stands))


def _key(row: SessionRow) -> tuple[UUID, date, int]:
    return row.venue, row.work_day, row.shift


def _sessions(row: Scenario) -> Iterator[SessionRow]:
    """Yield the sessions of a scenario: each day and shift of a block, at as many venues as its kits need."""
    blocks = queries.blocks(row.id)
    if any(UUID(int=0) in block.kits for block in blocks):
        raise OnlyWished
    venues: dict[int, list[tuple[UUID, int]]] = defaultdict(list)
    for one in queries.venues(row.unit_id):
        venues[one.unit].append((one.id, one.kits))
    for block in blocks:
        stands = list(_spread(block.unit, block.kits, venues[block.unit]))
        for day in block.days:
            for shift in block.shifts:
                for venue, kits in stands:
                    starts, ends = HOURS[shift]
                    yield SessionRow(
                        id=new_id(), campaign=row.campaign_id, venue=venue, work_day=day, shift=shift, starts=starts,
                        ends=ends, stands=tuple(Stand(kit) for kit in kits), scenario=row.id,
                    )  # fmt: skip


def _spread(
    unit: int, kits: Sequence[UUID], venues: Sequence[tuple[UUID, int]]
) -> Iterator[tuple[UUID, Sequence[UUID]]]:
    """Yield venues of a commune with the kits that stand there, the roomiest first."""
    left = list(kits)
    for venue, room in venues:
        if left:
            yield venue, left[:room]
            left = left[room:]
    if left:
        raise NoVenue(unit=unit)


def _with_crews(rows: Sequence[SessionRow], unit: int) -> list[SessionRow]:
    """Give each stand a crew of the unit that has no other shift that day and is rested, as long as there are any."""
    if not rows:
        return []
    days = [row.work_day for row in rows]
    roster = queries.roster(unit, min(days), max(days), [id_ for id_, _ in _replaced(rows, unit)])
    wanted = (Shift((row.id, stand.kit), Spell(*hours(row), row.work_day)) for row in rows for stand in row.stands)
    found = spread(wanted, roster.crews, roster.held, queries.limits(), stands=roster.stands)
    return [
        replace(row, stands=tuple(Stand(stand.kit, found.get((row.id, stand.kit))) for stand in row.stands))
        for row in sorted(rows, key=lambda one: (one.work_day, one.shift, one.stands[0].kit))
    ]


def _replaced(rows: Sequence[SessionRow], unit: int) -> list[tuple[UUID, int]]:
    return list(queries.to_replace(rows[0].campaign, unit, min(row.work_day for row in rows)).values())


def _kept(
    wanted: Sequence[SessionRow], old: Mapping[tuple[UUID, date, int], tuple[UUID, int]]
) -> dict[UUID, SessionRow]:
    """Return the old sessions that stay, with what is wanted of them: same venue, day and shift, no fewer kits."""
    return {
        old[_key(row)][0]: replace(row, id=old[_key(row)][0])
        for row in wanted
        if _key(row) in old and len(row.stands) >= old[_key(row)][1]
    }


def _swap(kept: dict[UUID, SessionRow], scenario: UUID, by: Actor, at: datetime) -> None:
    """Let sessions that stay have the kits and crews now wanted; one that no longer fits is cancelled."""
    diary = Diary(list(kept.values()), without=frozenset(kept))
    fitted: list[Scheduled] = []
    for id_, row in list(kept.items()):
        try:
            one = diary.fitted(row)
        except Refusal:
            del kept[id_]
            cancel_sessions(cancellations=[Cancellation(session=id_, reason=REPLACED)], by=by, at=at)
        else:
            diary.hold(one)
            fitted.append(one)
    with connection.cursor() as cursor:
        ids = [one.row.id for one in fitted]
        cursor.execute("UPDATE plan_session SET scenario_id = %s WHERE id = ANY(%s)", [scenario, ids])
    arm(fitted, by, at)


__all__ = ["Adopted", "adopt_plan", "make_plan"]
