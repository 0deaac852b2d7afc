"""Reinforcement: found in the plan, decided once from above both, carried out whole or not at all, measured."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from muster.engines.reinforcement import Kind, Stratum, standing
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.people.rights import Grants
from muster.people.words import Kind as Officer
from muster.people.words import Role
from muster.plan import operations as plan
from muster.plan import queries as planned
from muster.plan.rows import (
    Cancellation,
    Closure,
    CrewRow,
    KitRow,
    Order,
    SessionRow,
    Stand,
    TargetRow,
    Training,
    VenueRow,
)
from muster.plan.words import HOURS, Aim, Post, VenueKind
from muster.reporting import operations, queries
from muster.reporting.reinforcing import Part, State
from muster.reporting.rows import ReinforcementAsk, ReinforcementDecision
from muster.survey import queries as survey
from muster.units.models import Unit
from tests.people.factories import officer
from tests.register.conftest import person, taken
from tests.reporting.conftest import AN_LAM, DISTRICT, HAMLET, HOP_TIEN, MACHINE, PROVINCE, bites, codes, sql
from tests.survey.conftest import surveyed

NOW = datetime(2021, 5, 9, 17, tzinfo=ZONE)  # a Sunday
MONDAY = date(2021, 5, 10)
BEFORE = NOW - timedelta(days=30)
LAST = date(2021, 5, 23)
RATE = 4


def days(count, since=MONDAY):
    return [since + timedelta(days=day) for day in range(count)]


def kit_of(code, unit):
    row = KitRow(id=new_id(), code=code, unit=unit, rate=RATE, source="Đo 2021")
    plan.register_kits(kits=[row], by=MACHINE, at=BEFORE).whole()
    return row.id


def crew_of(name, unit):
    people = [officer(f"{name}.{post}", unit=Unit.objects.get(id=unit)) for post in Post]
    rows = [Training(officer=one.id, post=post, on=date(2021, 3, 1)) for one, post in zip(people, Post, strict=True)]
    plan.record_training(trainings=rows, by=MACHINE, at=BEFORE).whole()
    members = tuple((one.id, post) for one, post in zip(people, Post, strict=True))
    row = CrewRow(id=new_id(), unit=unit, name=name, since=date(2021, 4, 1), members=members)
    plan.form_crews(crews=[row], by=MACHINE, at=BEFORE).whole()
    return row.id


def venue_at(unit, kits=2, kind=VenueKind.MOBILE):
    row = VenueRow(id=new_id(), unit=unit, name=f"Nhà văn hóa {unit} {kind}", kind=kind, kits=kits)
    plan.open_venues(venues=[row], by=MACHINE, at=BEFORE).whole()
    return row.id


def sessions(campaign, venue, kit, crew, on, shift=1):
    starts, ends = HOURS[shift]
    rows = [
        SessionRow(
            id=new_id(), campaign=campaign, venue=venue, work_day=day, shift=shift, starts=starts, ends=ends,
            stands=(Stand(kit, crew),),
        )
        for day in on
    ]  # fmt: skip
    plan.schedule_sessions(sessions=rows, by=MACHINE, at=BEFORE).whole()
    return [row.id for row in rows]


class World:
    """A district whose one commune is planned too little, and whose other has a kit to spare."""

    def __init__(self, campaign, owner):
        self.campaign, self.owner = campaign, owner
        self.venues = {unit: venue_at(unit) for unit in (AN_LAM, HOP_TIEN)}
        self.kits = {unit: kit_of(f"HD-{unit}", unit) for unit in (AN_LAM, HOP_TIEN)}
        self.crews = {unit: crew_of(f"to{unit}", unit) for unit in (AN_LAM, HOP_TIEN)}
        weekdays = [day for day in days(14) if day.weekday() < 6]
        self.slow = sessions(campaign, self.venues[AN_LAM], self.kits[AN_LAM], self.crews[AN_LAM], days(2))
        self.rich = sessions(campaign, self.venues[HOP_TIEN], self.kits[HOP_TIEN], self.crews[HOP_TIEN], weekdays)

    def propose(self, at=NOW):
        row = ReinforcementAsk(campaign=self.campaign, unit=DISTRICT)
        operations.propose_reinforcements(asked=[row], by=MACHINE, at=at).whole()
        return queries.proposed_reinforcements(self.campaign, DISTRICT, at.date())

    def by(self, unit=DISTRICT):
        return Actor(officer=self.owner.id, unit=unit, purpose=Purpose.COMMAND)

    def decide(self, line, *, accept=True, reason="Xã An Lâm chậm.", grants=None, at=NOW, **more):
        row = ReinforcementDecision(reinforcement=line.id, accept=accept, reason=reason, **more)
        return operations.decide_reinforcements(decisions=[row], grants=grants, by=self.by(), at=at)

    def line(self, id_):
        return queries.reinforcements_by_ids([id_])[id_]

    def rights(self, unit):
        return Grants(self.owner.id, Officer.OFFICER, unit, ((Role.COMMANDER, unit),))


@pytest.fixture
def world(campaign):
    old = [person(f"Nguyễn Văn {chr(65 + n % 26)}", "1950", occupation="retired") for n in range(20)]
    few = [person(f"Trần Văn {chr(65 + n)}", "1950", occupation="retired", unit=HOP_TIEN) for n in range(8)]
    taken(*old, *few)
    surveyed(campaign)
    owner = officer("chi.huy", unit=Unit.objects.get(id=DISTRICT))
    order = Order(
        id=new_id(), campaign=campaign, unit=DISTRICT, number="KH 18", aim=Aim.RECEIVED, given_on=date(2021, 4, 1),
        deadline=LAST,
    )  # fmt: skip
    plan.give_orders(orders=[order], by=MACHINE, at=BEFORE).whole()

    def target(unit, count, parent=None):
        return TargetRow(
            id=new_id(), order=order.id, owner=owner.id, base=count, quantity=count, deadline=LAST, unit=unit,
            parent=parent,
        )  # fmt: skip

    top = target(DISTRICT, 28)
    rows = [top, target(AN_LAM, 20, top.id), target(HOP_TIEN, 8, top.id)]
    plan.set_targets(targets=rows, by=MACHINE, at=BEFORE).whole()
    return World(campaign, owner)


@pytest.fixture
def proposal(world):
    return world.propose()[0]


def held(unit, first=MONDAY, last=LAST):
    """Return what stands in the plan of a unit: day, shift, kits, crews."""
    return [(one.work_day, one.shift, list(one.kits), list(one.crews)) for one in planned.sessions(unit, first, last)]


def test_the_slow_commune_is_lent_the_kit_that_its_neighbour_can_spare(world, proposal):
    assert (proposal.receiver, proposal.donor, proposal.kind, proposal.state) == (
        AN_LAM, HOP_TIEN, Kind.KITS, State.PROPOSED,
    )  # fmt: skip
    assert (proposal.first, proposal.last, proposal.deadline) == (MONDAY, date(2021, 5, 16), LAST)
    assert (proposal.kits, list(proposal.kit_codes)) == ([world.kits[HOP_TIEN]], [f"HD-{HOP_TIEN}"])
    told = proposal.promises[Part.RECEIVER]
    # 20 left, 4 a shift: two shifts planned serve 8; lent from Tuesday on, three more serve the rest by Thursday.
    assert (told.left, told.finish_before, told.late_before, told.finish_after, told.late_after) == (
        20, None, 12, date(2021, 5, 13), 0,
    )  # fmt: skip
    # At the cautious end a shift serves 3.2: 9.6 by Tuesday, then 3.2 a day.
    assert told.cautious_after == date(2021, 5, 15)
    assert (told.served_without, told.served_with, proposal.gained) == (8, 20, 11)
    donor = proposal.promises[Part.DONOR]
    assert (donor.finish_before, donor.finish_after, donor.cautious_after) == (
        date(2021, 5, 11), date(2021, 5, 19), date(2021, 5, 20),
    )  # fmt: skip


def test_accepted_it_stands_in_the_plan_and_the_finish_moves(world, proposal):
    assert not world.decide(proposal).refused
    assert held(AN_LAM) == [
        (MONDAY, 1, [f"HD-{AN_LAM}"], [f"to{AN_LAM}"]),
        (date(2021, 5, 11), 1, [f"HD-{AN_LAM}", f"HD-{HOP_TIEN}"], [f"to{AN_LAM}", f"to{HOP_TIEN}"]),
        *((day, 1, [f"HD-{HOP_TIEN}"], [f"to{HOP_TIEN}"]) for day in days(4, date(2021, 5, 12))),
    ]
    assert [day for day, *_ in held(HOP_TIEN)] == days(5, date(2021, 5, 18))
    told = queries.capacity(survey.campaign(world.campaign), DISTRICT, NOW)
    (left,) = [one for one in told.problem.units if one.key == AN_LAM]
    assert told.date_of(standing(told.problem, left, ()).finish) == date(2021, 5, 13)
    line = world.line(proposal.id)
    assert (line.state, line.decided_by, line.decided_at, line.reason) == (
        State.CARRIED_OUT, world.owner.id, NOW, "Xã An Lâm chậm.",
    )  # fmt: skip


def test_with_one_accepted_the_others_of_its_units_expire(world, proposal):
    others = queries.open_proposals(world.campaign, DISTRICT) - {proposal.id}
    assert others
    row = [ReinforcementDecision(reinforcement=one, accept=True, reason="Cả hai.") for one in (proposal.id, *others)]
    refused = operations.decide_reinforcements(decisions=row, grants=None, by=world.by(), at=NOW)
    assert (refused.done, {code for _, code in codes(refused)}) == ([proposal.id], {"reinforcement_wrong_state"})
    assert {world.line(one).state for one in others} == {State.EXPIRED}


def test_the_kit_is_held_by_the_receiver_on_those_days_and_comes_back(world, proposal):
    world.decide(proposal).whole()
    told = [(unit, since.astimezone(ZONE)) for unit, since, _ in planned.places_of(world.kits[HOP_TIEN])]
    assert told[:2] == [
        (HOP_TIEN, datetime.combine(date(2021, 5, 17), time(4), ZONE)),
        (AN_LAM, datetime.combine(MONDAY, time(4), ZONE)),
    ]


def test_journal_and_audit_tell_each_step_once(world, proposal):
    row = ReinforcementDecision(reinforcement=proposal.id, accept=True, reason="Chậm.")
    for _ in range(2):
        again = operations.decide_reinforcements(decisions=[row, row], grants=None, by=world.by(), at=NOW)
        assert (again.done, codes(again)) == ([proposal.id, proposal.id], [])
    told = sql(
        "SELECT move FROM events_event JOIN events_metric AS metric ON metric.id = metric_id "
        "WHERE kind = 'reinforcement' AND thing = %s ORDER BY events_event.recorded_at, events_event.id", proposal.id
    )  # fmt: skip
    assert sorted(move for (move,) in told) == ["accept", "carry_out", "propose"]
    assert sql("SELECT count(*) FROM audit_batch WHERE action = 'reporting.decide_reinforcements'") == [(1,)]
    assert len(held(AN_LAM)) == 6


def test_the_plan_refuses_it_whole_and_nothing_has_changed(world, proposal):
    before = held(HOP_TIEN), held(AN_LAM)
    sql("UPDATE plan_kit SET state = 'broken' WHERE id = %s", world.kits[HOP_TIEN])
    refused = world.decide(proposal)
    assert codes(refused) == [(0, "reinforcement_plan_refuses")]
    assert f"HD-{HOP_TIEN}" in refused.refused[0].refusal.text("vi")
    assert (held(HOP_TIEN), held(AN_LAM)) == before
    assert world.line(proposal.id).state is State.PROPOSED


def test_the_donor_is_looked_at_again_with_the_figures_of_now(world, proposal):
    closure = Closure(id=new_id(), unit=HOP_TIEN, first=date(2021, 5, 17), last=LAST, reason="Dịch bệnh")
    plan.close_days(closures=[closure], by=MACHINE, at=NOW).whole()
    gone = [one.id for one in planned.sessions(HOP_TIEN, date(2021, 5, 17), LAST)]
    rows = [Cancellation(session=one, reason="Dịch bệnh") for one in gone]
    plan.cancel_sessions(cancellations=rows, by=MACHINE, at=NOW).whole()
    assert codes(world.decide(proposal)) == [(0, "reinforcement_sinks_donor")]
    assert world.line(proposal.id).state is State.PROPOSED


def test_a_move_that_helps_no_more_is_not_accepted(world, proposal):
    for kind in (VenueKind.SCHOOL, VenueKind.COMPANY):
        sessions(world.campaign, venue_at(AN_LAM, kind=kind), kit_of(kind, AN_LAM), crew_of(kind, AN_LAM), days(5))
    assert codes(world.decide(proposal)) == [(0, "reinforcement_plan_changed")]


def test_only_a_commander_above_both_decides(world, proposal):
    for unit, told in ((AN_LAM, "not_allowed"), (DISTRICT, None)):
        refused = codes(world.decide(proposal, grants=world.rights(unit)))
        assert refused == ([(0, told)] if told else [])
    both = Grants(world.owner.id, Officer.OFFICER, AN_LAM, ((Role.COMMANDER, AN_LAM), (Role.COMMANDER, HOP_TIEN)))
    assert codes(world.decide(proposal, grants=both)) == [(0, "reinforcement_not_above")]
    machine = Actor(officer=None, unit=PROVINCE, purpose=Purpose.COMMAND)
    row = ReinforcementDecision(reinforcement=proposal.id, accept=True, reason="Máy quyết định.")
    refused = operations.decide_reinforcements(decisions=[row], grants=None, by=machine, at=NOW)
    assert codes(refused) == [(0, "said_by_a_person")]


def test_it_is_decided_once_with_a_reason(world, proposal):
    assert codes(world.decide(proposal, accept=False, reason="  ")) == [(0, "report_note")]
    id_ = new_id()
    world.decide(proposal, accept=False, reason="Hợp Tiến cần máy.", id=id_).whole()
    assert codes(world.decide(proposal, accept=False, reason="Lý do khác.", id=id_)) == [(0, "said_otherwise")]
    assert codes(world.decide(proposal)) == [(0, "reinforcement_wrong_state")]
    assert world.line(proposal.id).state is State.DECLINED
    assert proposal.id not in {one.id for one in world.propose()}
    unknown = ReinforcementDecision(reinforcement=UUID(int=1), accept=True, reason="?")
    refused = operations.decide_reinforcements(decisions=[unknown], grants=None, by=world.by(), at=NOW)
    assert codes(refused) == [(0, "unknown_reinforcement")]


def test_asked_again_on_a_day_nothing_is_new_and_the_next_day_takes_its_place(world, proposal):
    first = [one.id for one in world.propose()]
    assert first == [one.id for one in world.propose(NOW + timedelta(hours=1))]
    later = world.propose(NOW + timedelta(days=1))
    assert {one.day for one in later} == {MONDAY}
    assert world.line(proposal.id).state is State.EXPIRED


def test_too_late_it_expires_and_is_not_accepted(world, proposal):
    morning = NOW + timedelta(days=1)
    assert codes(world.decide(proposal, at=morning)) == [(0, "reinforcement_too_late")]
    due = queries.reinforcements_to_expire(MONDAY)
    assert proposal.id in due
    assert operations.expire_reinforcements(reinforcements=due, by=MACHINE, at=NOW).done == []
    assert set(operations.expire_reinforcements(reinforcements=due, by=MACHINE, at=morning).done) == set(due)
    assert world.line(proposal.id).state is State.EXPIRED


def captured(unit, on, count):
    at = datetime.combine(on, time(9), ZONE)
    moves = [
        Move(thing=new_id(), kind="dossier", move="received", unit_done=unit, unit_residence=unit, occurred_at=at)
        for _ in range(count)
    ]
    journal.record(moves=moves, by=MACHINE, at=at)


def test_its_effect_is_counted_when_its_days_are_over(world, proposal):
    world.decide(proposal).whole()
    for on, here, there in ((date(2021, 5, 5), 2, 4), (date(2021, 5, 12), 7, 1), (date(2021, 5, 16), 5, 0)):
        captured(AN_LAM, on, here)
        captured(HOP_TIEN, on, there)
    over = datetime(2021, 5, 17, 5, tzinfo=ZONE)
    assert queries.reinforcements_to_measure(date(2021, 5, 16)) == []
    due = queries.reinforcements_to_measure(date(2021, 5, 17))
    assert due == [proposal.id]
    assert operations.measure_reinforcements(reinforcements=due, by=MACHINE, at=NOW).done == []
    assert operations.measure_reinforcements(reinforcements=due, by=MACHINE, at=over).done == due
    assert operations.measure_reinforcements(reinforcements=due, by=MACHINE, at=over).done == []
    line = world.line(proposal.id)
    told = {part: (one.days_before, one.before, one.days, one.after) for part, one in line.effects.items()}
    assert told == {Part.RECEIVER: (7, 2, 7, 12), Part.DONOR: (7, 4, 7, 1)}
    assert line.state is State.MEASURED
    assert (line.effects[Part.RECEIVER].was, line.effects[Part.RECEIVER].came) == (2 / 7, 12 / 7)


def test_the_database_keeps_what_was_promised_and_decided(world, proposal):
    world.decide(proposal).whole()
    told = "UPDATE reporting_reinforcement SET {} WHERE id = %s"
    for what in ("gained = gained + 1", "reason = 'Khác'", "decided_at = now()"):
        bites("reporting_reinforcement_frozen", lambda what=what: sql(told.format(what), proposal.id))
    bites("reporting_reinforcement_moves", lambda: sql(told.format("state = 'accepted'"), proposal.id))
    with pytest.raises(DatabaseError, match="reporting_promise"), transaction.atomic():
        sql("DELETE FROM reporting_promise")


@pytest.mark.parametrize("state", ["accepted", "measured"])
def test_the_database_takes_no_decision_that_names_nobody(world, proposal, state):
    guard = "reporting_reinforcement_decided" if state == "accepted" else "reporting_reinforcement_moves"
    bites(guard, lambda: sql("UPDATE reporting_reinforcement SET state = %s WHERE id = %s", state, proposal.id))


def test_people_of_a_hamlet_with_a_mobile_point_wait_for_it(world):
    venue_at(HAMLET, 1)
    line = queries.capacity(survey.campaign(world.campaign), DISTRICT, NOW)
    (left,) = [one.left for one in line.problem.units if one.key == AN_LAM]
    assert left == {Stratum.EASY: 0, Stratum.LATE: 0, Stratum.FAR: 20, Stratum.HOME: 0}
