"""The reinforcement of the demonstration: two communes that are nearly done keep a desk open; others will miss.

What is proposed follows from the plan and the pace seen, as every morning; nobody has decided yet.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.ids import new_id
from muster.people.operations import NewOfficer, add_officers
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import CrewRow, KitRow, SessionRow, Stand, Training, VenueRow
from muster.plan.words import HOURS, Aim, Post, VenueKind
from muster.reporting import operations
from muster.reporting.rows import ReinforcementAsk
from muster.units.queries import Unit

DESKS = 2
SHIFTS = (2, 3)  # afternoon and evening, each with a crew of its own
SUNDAY = 6
SINCE = timedelta(days=21)  # the desks' crews were formed before
SOURCE = "Bàn giao cho Công an xã"
NAMES = (
    ("Đỗ Thị Mai", "Ngô Văn Hải", "Lý Thu Trang"),
    ("Dương Văn Nam", "Cao Thị Hạnh", "Tạ Quang Huy"),
    ("Hà Thị Yến", "Mai Văn Dũng", "La Thị Thảo"),
    ("Vi Văn Thắng", "Tô Thị Nga", "Phan Văn Lộc"),
)


def reinforce(*, campaign: UUID, district: Unit, communes: Sequence[Unit], by: Actor, at: datetime) -> None:
    """Open a desk at the communes with the largest part done, and let the machine propose what helps the others."""
    targets = queries.unit_targets(campaign, [one.id for one in communes])
    rate = max(one.rate for one in queries.kits(district.id, at))
    left = queries.due_by_commune(campaign, district.id)
    open_cases = {one.unit: one.any_time + one.late for one in left}
    nearly = sorted(communes, key=lambda one: open_cases.get(one.id, 0) / max(targets[one.id, Aim.RECEIVED].base, 1))
    for number, commune in enumerate(nearly[:DESKS]):
        _desk(campaign, commune, number, targets[commune.id, Aim.RECEIVED].deadline, rate, by, at)
    row = ReinforcementAsk(campaign=campaign, unit=district.id)
    operations.propose_reinforcements(asked=[row], by=by, at=at).whole()


def _desk(campaign: UUID, commune: Unit, number: int, last: date, rate: int, by: Actor, at: datetime) -> None:
    """Give a commune a kit of its own, with a crew for each of its shifts, from tomorrow to the deadline."""
    kit = KitRow(id=new_id(), code=f"{commune.code}-01", unit=commune.id, rate=rate, source=SOURCE, assumed=True)
    plan.register_kits(kits=[kit], by=by, at=at - SINCE).whole()
    name = f"Trụ sở Công an {commune.type_vi.lower()} {commune.name}"
    venue = VenueRow(id=new_id(), unit=commune.id, name=name, kind=VenueKind.DESK, kits=1, seats=20)
    plan.open_venues(venues=[venue], by=by, at=at - SINCE).whole()
    crews = [_crew(commune, number, place, by, at) for place in range(len(SHIFTS))]
    first = local(at).date() + timedelta(days=1)
    days = [first + timedelta(days=day) for day in range((last - first).days + 1)]
    rows = [
        SessionRow(
            id=new_id(), campaign=campaign, venue=venue.id, work_day=day, shift=shift, starts=HOURS[shift][0],
            ends=HOURS[shift][1], stands=(Stand(kit.id, crew),),
        )
        for day in days
        if day.weekday() != SUNDAY
        for shift, crew in zip(SHIFTS, crews, strict=True)
    ]  # fmt: skip
    plan.schedule_sessions(sessions=rows, by=by, at=at).whole()


def _crew(commune: Unit, number: int, place: int, by: Actor, at: datetime) -> UUID:
    since = local(at - SINCE).date()
    people = [
        NewOfficer(new_id(), f"xa{commune.code}.{place + 1}.{seat + 1}", name, commune.id)
        for seat, name in enumerate(NAMES[2 * number + place])
    ]
    add_officers(officers=people, by=by, at=at - SINCE).whole()
    trainings = [Training(officer=one.id, post=post, on=since) for one, post in zip(people, Post, strict=True)]
    plan.record_training(trainings=trainings, by=by, at=at - SINCE).whole()
    members = tuple((one.id, post) for one, post in zip(people, Post, strict=True))
    row = CrewRow(id=new_id(), unit=commune.id, name=f"Tổ xã {commune.name} {place + 1}", since=since, members=members)
    plan.form_crews(crews=[row], by=by, at=at - SINCE).whole()
    return row.id
