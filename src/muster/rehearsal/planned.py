"""The plan of the demonstration: an order with targets, kits, crews and venues, a scenario adopted, people booked."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.errors import BatchResult
from muster.kernel.ids import new_id
from muster.people.operations import NewOfficer, add_officers
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import (
    Booking,
    CrewRow,
    KitRow,
    Order,
    SessionRow,
    Stand,
    TargetRow,
    Training,
    VenueRow,
)
from muster.plan.words import Aim, Post, VenueKind
from muster.survey import queries as survey
from muster.survey.queries import Filter
from muster.survey.words import Group
from muster.units.queries import Unit

KITS, CREWS = 6, 19
RATE, SOURCE = 5, "1/20 của 96 hồ sơ mỗi ca"  # assumed: the people of the demonstration are a twentieth
TRAINED, GIVEN = date(2021, 3, 1), date(2021, 3, 10)
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
GIVEN_NAMES = ("Thu Hằng", "Minh Đức", "Văn Sơn", "Thị Lan", "Quốc Việt", "Ngọc Anh", "Hữu Nam", "Thanh Tùng")
BOOKED = 120  # people of one commune
DAYS_BOOKED = 14


def plan_district(
    *, campaign: UUID, district: Unit, communes: Sequence[Unit], home: int, owner: UUID, by: Actor, at: datetime
) -> None:
    """Give the demonstration its plan, from the evening of ``at`` on.

    :param home: the commune whose people are booked
    :param owner: the officer who answers for the district
    """
    officers = _officers(communes, by, at)
    crews = _crews(officers, communes, by, at)
    kits = [
        KitRow(id=new_id(), code=f"TM-{number:02}", unit=district.id, rate=RATE, source=SOURCE, assumed=True)
        for number in range(1, KITS + 1)
    ]
    _all(plan.register_kits(kits=kits, by=by, at=at - timedelta(days=60)))
    venues = [
        VenueRow(
            id=new_id(), unit=one.id, name=f"Trụ sở UBND {one.type_vi.lower()} {one.name}", kind=VenueKind.MOBILE,
            kits=2, seats=60,
        )
        for one in communes
    ]  # fmt: skip
    _all(plan.open_venues(venues=venues, by=by, at=at))
    _targets(campaign, district, communes, [owner, *officers], crews, by, at)
    _sessions(campaign, district, {venue.unit: venue.id for venue in venues}[home], kits[0].id, by, at)
    _book(campaign, home, by, at)


def _all(result: BatchResult[UUID]) -> None:
    for refused in result.refused:
        raise refused.refusal


def _officers(communes: Sequence[Unit], by: Actor, at: datetime) -> list[UUID]:
    """Add the people of the crews, who sign in nowhere, each trained for a post; return them."""
    rows = [
        NewOfficer(
            new_id(), f"to{number // 3 + 1}.{number % 3 + 1}",
            f"{FAMILY[number % 8]} {GIVEN_NAMES[(number // 3 + number) % 8]}", communes[number // 3 % len(communes)].id,
        )
        for number in range(3 * CREWS)
    ]  # fmt: skip
    _all(add_officers(officers=rows, by=by, at=at))
    trainings = [
        Training(officer=row.id, post=post, on=TRAINED, where="Công an tỉnh Hải Dương")
        for row, post in zip(rows, _posts(len(rows)), strict=True)
    ]
    _all(plan.record_training(trainings=trainings, by=by, at=at))
    return [row.id for row in rows]


def _posts(count: int) -> Iterable[Post]:
    return (tuple(Post)[place % 3] for place in range(count))


def _crews(officers: Sequence[UUID], communes: Sequence[Unit], by: Actor, at: datetime) -> list[CrewRow]:
    rows = [
        CrewRow(
            id=new_id(), unit=communes[number % len(communes)].id, name=f"Tổ {number + 1}", since=GIVEN,
            members=tuple(zip(officers[3 * number : 3 * number + 3], Post, strict=True)),
        )
        for number in range(CREWS)
    ]  # fmt: skip
    _all(plan.form_crews(crews=rows, by=by, at=at))
    return rows


def _targets(
    campaign: UUID, district: Unit, communes: Sequence[Unit], officers: Sequence[UUID], crews: Sequence[CrewRow],
    by: Actor, at: datetime,
) -> None:  # fmt: skip
    """Give the order of the district and its parts: to communes, and of the first commune to a crew and an officer."""
    line = survey.campaign(campaign)
    last = line.ends - timedelta(days=1) if line else local(at).date()
    order = Order(
        id=new_id(), campaign=campaign, unit=district.id, number="Kế hoạch 18/KH-CAH", aim=Aim.RECEIVED,
        given_on=GIVEN, deadline=last,
    )  # fmt: skip
    _all(plan.give_orders(orders=[order], by=by, at=at))
    due = {one.id: sum(survey.count(campaign=campaign, unit=one.id).values()) for one in communes}

    def row(owner: UUID, base: int, **more: object) -> TargetRow:
        told = {"id": new_id(), "order": order.id, "deadline": last, "quantity": base * 98 // 100} | more
        return TargetRow(owner=owner, base=base, **told)  # type: ignore[arg-type]

    top = row(officers[0], sum(due.values()), unit=district.id)
    below = [
        row(officers[1 + place % (len(officers) - 1)], due[one.id], unit=one.id, parent=top.id)
        for place, one in enumerate(communes)
    ]
    half = below[0].quantity // 2
    parts = [
        row(officers[1], half, crew=crews[0].id, parent=below[0].id, quantity=half),
        row(officers[2], half, officer=officers[2], parent=below[0].id, quantity=half),
    ]
    _all(plan.set_targets(targets=[top, *below, *parts], by=by, at=at))


def _sessions(campaign: UUID, district: Unit, venue: UUID, kit: UUID, by: Actor, at: datetime) -> None:
    """Put this evening's session in by hand; plan and adopt what follows from tomorrow on."""
    today = local(at).date()
    evening = SessionRow(
        id=new_id(), campaign=campaign, venue=venue, work_day=today, shift=3, starts=time(18), ends=time(1),
        stands=(Stand(kit),),
    )  # fmt: skip
    _all(plan.schedule_sessions(sessions=[evening], by=by, at=at))
    line, due = survey.campaign(campaign), queries.due_by_commune(campaign, district.id)
    if line is None or not due:
        return
    last = max(line.ends - timedelta(days=1), today + timedelta(days=30))
    asked = queries.asked(unit=district.id, first_day=today + timedelta(days=1), last_day=last, due=due)
    id_ = plan.make_plan(
        id=new_id(), campaign=campaign, unit=district.id, name="Phương án tháng 5", asked=asked, by=by, at=at
    )
    plan.adopt_plan(scenario=id_, by=by, at=at)


def _book(campaign: UUID, home: int, by: Actor, at: datetime) -> None:
    """Book people of a commune, each where their group finds a free slot first."""
    today = local(at).date()
    lines = survey.list_lines(campaign=campaign, unit=home, asked=Filter())[:BOOKED]
    last = today + timedelta(days=DAYS_BOOKED)
    slots = [
        slot
        for slot in queries.free_slots(home, Group.WORKING, today, last, after=at)
        for _ in range(slot.free)
    ]  # fmt: skip
    bookings = [
        Booking(id=new_id(), person=line.person, session=slot.session, slot=slot.slot, group=Group(line.group))
        for line, slot in zip(lines, slots, strict=False)
    ]
    plan.book_appointments(bookings=bookings, by=by, at=at)
