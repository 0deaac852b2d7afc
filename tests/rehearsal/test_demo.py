from collections import Counter
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.db import transaction

from muster.audit.verification import verify
from muster.events import queries as journal
from muster.events.queries import Side
from muster.events.recounting import differences
from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.people import operations as people
from muster.people import queries as people_queries
from muster.people.operations import RealPeopleHere
from muster.people.words import Role
from muster.plan import queries as plan
from muster.rehearsal import demo
from muster.rehearsal.people.making import make as make_people
from muster.reporting import operations
from muster.reporting import queries as reports
from muster.reporting.models import Inspection
from muster.reporting.reinforcing import Part
from muster.reporting.rows import ReinforcementDecision
from muster.reporting.words import State
from muster.survey import queries as survey
from muster.units import queries as units
from muster.units.operations import load_reference
from tests.people.factories import officer

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
TAKEN_IN = [("person", "take_in")]

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(monkeypatch):
    monkeypatch.setattr(demo, "SCALE", Fraction(1, 250))
    load_reference(by=demo.SYSTEM, at=NOW)


def counted(code):
    unit = units.by_code(code, demo.DAY)
    return journal.count(unit=unit.id, metrics=TAKEN_IN, side=Side.RESIDENCE)


def test_an_empty_base_becomes_a_demonstration_of_one_district(country):
    assert demo.is_wanted()
    told = []
    demo.make(real=NOW, progress=told.append)
    assert not demo.is_wanted()
    assert told[0].startswith("  a synthetic people: 0 of ")
    assert told[-1] == "  their campaign: day 54 of 54"
    assert journal.now(NOW) == demo.SHOWS
    days = [row.work_day for row in journal.series(unit=units.ROOT, metrics=[("dossier", "received")])]
    assert (days[0], days[-1]) == (date(2021, 3, 16), date(2021, 5, 8))
    assert counted(demo.DISTRICT) == counted("VN") > 400
    roles = {people.demo_role(row.username): row.unit.code for row in people_queries.demo_officers()}
    assert roles == {role: demo.WORKS_AT[role] for role in Role}
    _has_commanders()
    _has_reports()
    _has_explanations()
    _has_reinforcement()
    assert list(differences()) == []
    assert list(verify()) == []


def _has_commanders():
    """See that every commune has a named commander, who answers for its target too, and that one was replaced."""
    district = units.by_code(demo.DISTRICT, demo.DAY)
    communes = [unit.id for unit in units.children(district.id, demo.DAY)]
    assert plan.without_commander(district.id, demo.DAY) == []
    held = plan.in_charge([district.id, *communes], demo.DAY)
    assert held[district.id].name == people_queries.by_username("demo.commander").full_name
    assert all(held[commune].name and held[commune].deputy for commune in communes)
    campaign = survey.campaigns()[0]
    targets = plan.unit_targets(campaign.id, communes)
    assert {unit: one.owner for (unit, _), one in targets.items()} == {unit: held[unit].officer for unit in communes}
    assert sum(len(lines) for lines in plan.commands_of(communes).values()) == 2 * len(communes) + 1


def _has_reports():
    """See that a week of slots is frozen and mostly certified, and that some are owed, denied or late."""
    campaign = survey.campaigns()[0]
    slots = reports.slots(campaign.id, limit=100)
    assert len(slots) == 7 * 3 + 1  # of the last day the one of 11:00
    lines = [line for slot in slots for line in reports.reports_below(slot.id, campaign.unit)]
    assert len(lines) == 22 * 18
    assert all(reports.is_whole(line) for line in lines)
    states = Counter(line.state for line in lines)
    assert states[State.CERTIFIED] > 300
    assert min(states[State.LATE], states[State.SIGNED]) > 0
    assert any(line.corrections for line in lines)
    assert any(line.signed and line.signed.late for line in lines)


def _has_explanations():
    """See that two Fridays asked the lowest communes: the first week's decided, of the second one is late."""
    campaign = survey.campaigns()[0]
    days = reports.asked_days(campaign.id, until=demo.SHOWS)
    assert days == [date(2021, 5, 7), date(2021, 4, 30)]
    last, first = (reports.explanations_of_day(campaign.id, campaign.unit, day) for day in days)
    assert {line.state.value for line in first} == {"decided", "followed_up"}
    assert {line.state.value for line in last} >= {"overdue", "answered"}
    assert sorted(Inspection.objects.values_list("state", flat=True)) == ["done", "planned"]
    tasks = reports.tasks_on(units.by_code(demo.DISTRICT, demo.DAY).id, demo.DAY)
    assert [one.state.value for one in tasks] == ["open"] * 3
    assert [one.is_late(demo.DAY) for one in tasks] == [True, False, False]
    notes = reports.practices([campaign.unit], campaign=campaign.id)
    assert [one.taken_up for one in notes] == [3, 2]
    assert all(one.moved.pace_since is not None for note in notes for one in reports.taken_up(note.id))


def test_interrupted_it_is_finished_at_the_next_start(country):
    def stop(_):
        if counted("VN") > 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.make(real=NOW, progress=stop)
    assert demo.is_wanted()
    demo.make(real=NOW, progress=lambda _: None)
    whole = counted("VN")
    demo.make(real=NOW, progress=lambda _: None)
    assert (counted("VN"), demo.is_wanted()) == (whole, False)


def test_nothing_is_put_beside_people_who_are_there_already(country):
    commune = units.by_code(demo.COMMUNE, demo.DAY)
    make_people(unit=commune.code, scale=demo.SCALE, on=demo.DAY, by=demo.SYSTEM, at=demo.SHOWS)
    assert not demo.is_wanted()


def test_nothing_is_put_beside_a_real_officer(country):
    officer(unit=units.Unit.objects.get(id=units.ROOT), password="argon2")
    assert not demo.is_wanted()
    with pytest.raises(RealPeopleHere):
        demo.make(real=NOW, progress=lambda _: None)


def _has_reinforcement():
    """See that something helps a commune that will miss, and that its donor is done in time for certain."""
    campaign, district = survey.campaigns()[0], units.by_code(demo.DISTRICT, demo.DAY)
    best = reports.proposed_reinforcements(campaign.id, district.id, demo.DAY)[0]
    receiver, donor = best.promises[Part.RECEIVER], best.promises.get(Part.DONOR)
    assert (receiver.finish_before, receiver.late_before > 0) == (None, True) or best.gained > 0
    assert donor is None or donor.cautious_after <= best.deadline
    decision = ReinforcementDecision(
        id=new_id(), reinforcement=best.id, accept=True, reason="Đơn vị nhận không kịp hạn."
    )
    commander = people_queries.by_username("demo.commander")
    by = Actor(officer=commander.id, unit=district.id, purpose=Purpose.COMMAND)
    with transaction.atomic():  # what the five minutes tell of: the plan takes the first of them
        assert not operations.decide_reinforcements(decisions=[decision], grants=None, by=by, at=demo.SHOWS).refused
        transaction.set_rollback(True)
