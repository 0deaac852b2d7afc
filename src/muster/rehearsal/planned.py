"""The plan of the demonstration: who commands, an order with targets, the days to come, people booked."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from muster.kernel.actor import Actor
from muster.kernel.clock import ZONE, local, work_day_bounds
from muster.kernel.ids import new_id
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.queries import Candidate, CrewLine
from muster.plan.rows import AbsenceRow, Booking, Naming, Order, TargetRow, Training
from muster.plan.words import AbsenceKind, Aim, Post, Seat
from muster.survey import queries as survey
from muster.survey.queries import Filter
from muster.survey.words import Group
from muster.units.queries import Unit

GIVEN = date(2021, 3, 10)
CHANGED = date(2021, 5, 3)  # another commander for the last commune
NAMED, REPLACED = "Quyết định 05/QĐ-CAT", "Quyết định 21/QĐ-CAH"
BOOKED = 120  # people of one commune
DAYS_BOOKED = 14
AWAY = (  # from which day on, for how many
    (AbsenceKind.LEAVE, 0, 2, ""),
    (AbsenceKind.TRAINING, 3, 2, "Lớp vận hành thiết bị, giấy mời 12"),
)


def plan_district(
    *, campaign: UUID, district: Unit, communes: Sequence[Unit], home: int, owner: UUID, by: Actor, at: datetime
) -> None:
    """Give the demonstration the plan of the days to come: its kits, crews and venues are those of the rehearsal.

    :param home: the commune whose people are booked
    :param owner: the officer who answers for the district
    """
    crews = queries.crews(district.id, local(at).date())
    _command(district, communes, owner, by)
    _targets(campaign, district, communes, owner, crews, by, at)
    _sessions(campaign, district, by, at)
    _absences(district, by, at)
    _book(campaign, home, by, at)


def _command(district: Unit, communes: Sequence[Unit], owner: UUID, by: Actor) -> None:
    """Name who answers for the district; those of its communes were named before its first day, one since replaced."""
    last, first = queries.commands_of([communes[-1].id])[communes[-1].id], queries.in_charge([communes[0].id], CHANGED)
    held = next(line for line in last if line.seat == Seat.COMMANDER)
    successor = first[communes[0].id].officer or owner
    rows = [
        (GIVEN, Naming(id=new_id(), unit=district.id, officer=owner, seat=Seat.COMMANDER, since=GIVEN, paper=NAMED)),
        (
            CHANGED,
            Naming(
                id=new_id(), unit=held.unit, officer=successor, seat=Seat.COMMANDER, since=CHANGED, paper=REPLACED,
                replaces=held.id,
            ),
        ),
    ]  # fmt: skip
    for day, row in rows:
        told = datetime.combine(day, time(8), ZONE)
        plan.name_commanders(namings=[row], grants=None, by=by, at=told).whole()


def _targets(
    campaign: UUID, district: Unit, communes: Sequence[Unit], owner: UUID, crews: Sequence[CrewLine], by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Give the order of the district and its parts: to communes, and of the first commune to a crew and an officer.

    For a commune answers its commander, for the others whoever holds them.
    """
    line = survey.campaign(campaign)
    last = line.ends - timedelta(days=1) if line else local(at).date()
    order = Order(
        id=new_id(), campaign=campaign, unit=district.id, number="Kế hoạch 18/KH-CAH", aim=Aim.RECEIVED,
        given_on=GIVEN, deadline=last,
    )  # fmt: skip
    plan.give_orders(orders=[order], by=by, at=at).whole()
    officers = [officer for crew in crews for _, officer, _ in crew.members]
    held = queries.in_charge([one.id for one in communes], local(at).date())
    due = {one.id: sum(survey.count(campaign=campaign, unit=one.id).values()) for one in communes}

    def row(owner: UUID, base: int, **more: object) -> TargetRow:
        told = {"id": new_id(), "order": order.id, "deadline": last, "quantity": base * 98 // 100} | more
        return TargetRow(owner=owner, base=base, **told)  # type: ignore[arg-type]

    top = row(owner, sum(due.values()), unit=district.id)
    below = [row(held[one.id].officer or owner, due[one.id], unit=one.id, parent=top.id) for one in communes]
    half = below[0].quantity // 2
    parts = [
        row(officers[0], half, crew=crews[0].id, parent=below[0].id, quantity=half),
        row(officers[1], half, officer=officers[1], parent=below[0].id, quantity=half),
    ]
    plan.set_targets(targets=[top, *below, *parts], by=by, at=at).whole()


def _sessions(campaign: UUID, district: Unit, by: Actor, at: datetime) -> None:
    """Plan and adopt what follows from tomorrow on; today's sessions are in the plan already."""
    today = local(at).date()
    line, due = survey.campaign(campaign), queries.due_by_commune(campaign, district.id)
    if line is None or not due:
        return
    last = max(line.ends - timedelta(days=1), today + timedelta(days=30))
    asked = queries.asked(unit=district.id, first_day=today + timedelta(days=1), last_day=last, due=due)
    id_ = plan.make_plan(
        id=new_id(), campaign=campaign, unit=district.id, name="Phương án tháng 5", asked=asked, by=by, at=at
    )
    plan.adopt_plan(scenario=id_, by=by, at=at)


def _absences(district: Unit, by: Actor, at: datetime) -> None:
    """Let one of a crew be ill tomorrow, somebody trained stand in, and two others be away."""
    today = local(at).date()
    people = [one for one in queries.candidates(district.id, today) if not one.username.startswith("demo.")]
    ill = next(one for one in people if one.crew)
    cover, *others = [one for one in people if not one.crew]
    trainings = [Training(officer=cover.officer, post=post, on=today - timedelta(days=20)) for post in Post]
    plan.record_training(trainings=trainings, by=by, at=at).whole()
    told: list[tuple[Candidate, AbsenceKind, int, int, UUID | None, str]]
    told = [(ill, AbsenceKind.ILL, 1, 1, cover.officer, "")]
    told += [
        (one, kind, first, days, None, note)
        for one, (kind, first, days, note) in zip(others, AWAY, strict=False)
    ]  # fmt: skip
    rows = [
        AbsenceRow(
            id=new_id(), officer=one.officer, kind=kind, starts_at=work_day_bounds(today + timedelta(days=first))[0],
            ends_at=work_day_bounds(today + timedelta(days=first + days - 1))[1], stand_in=stand_in, note=note,
        )
        for one, kind, first, days, stand_in, note in told
    ]  # fmt: skip
    plan.record_absences(absences=rows, grants=None, by=by, at=at).whole()


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
