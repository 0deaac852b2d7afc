"""Inspections: hidden from the unit and its whole line until they are done, by one pure rule and in every question."""

from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.people.rights import Grants
from muster.people.words import Kind, Role
from muster.plan import operations as plan
from muster.plan.rows import Naming
from muster.plan.words import Seat
from muster.reporting import operations, queries
from muster.reporting.explaining import Cause
from muster.reporting.inspecting import Person, State, Step, is_in_line, line_of, sees
from muster.reporting.models import FoundFault, Inspection
from muster.reporting.rows import FaultFound, InspectionEnd, InspectionRow
from tests.reporting.conftest import (
    AN_LAM,
    COUNTRY,
    DISTRICT,
    HAMLET,
    HOP_TIEN,
    MACHINE,
    PROVINCE,
    bites,
    campaign,
    codes,
    sql,
    units,
)
from tests.reporting.test_explaining import HOUR, MORNING, by, grants, people

__all__ = ["campaign", "people", "units"]

PATH = (COUNTRY, PROVINCE, DISTRICT, AN_LAM)
SOMEBODY, LEAD = UUID(int=1), UUID(int=2)


def somebody(*places, plans=(), reads=(), officer=SOMEBODY):
    return Person(officer, places, frozenset(plans), frozenset(reads))


def known(person, state=State.PLANNED, planned_from=PROVINCE):
    return sees(person, path=PATH, planned_from=planned_from, state=state, lead=LEAD)


def test_the_line_is_everybody_from_right_below_the_planner_down():
    assert line_of(PATH, PROVINCE) == (DISTRICT, AN_LAM)
    assert line_of(PATH, DISTRICT) == (AN_LAM,)
    assert is_in_line([PATH], PATH, DISTRICT)
    assert is_in_line([(*PATH, HAMLET)], PATH, DISTRICT)
    assert not is_in_line([PATH[:3], (*PATH[:3], HOP_TIEN)], PATH, DISTRICT)
    assert is_in_line([PATH[:3]], PATH, PROVINCE)


def test_only_above_the_line_it_is_known_and_to_who_leads_it():
    assert known(somebody(PATH[:2], plans={PROVINCE}))
    assert known(somebody(PATH[:1], plans={COUNTRY}))
    assert not known(somebody(PATH[:3], plans={DISTRICT}))  # between planner and unit
    assert not known(somebody(PATH[:2], plans={DISTRICT}))  # the right is not held above
    assert not known(somebody(PATH[:2], reads={COUNTRY}))
    assert known(somebody((COUNTRY, PROVINCE, DISTRICT, HOP_TIEN), officer=LEAD), planned_from=DISTRICT)
    assert not known(somebody(PATH[:2], PATH, plans={PROVINCE}))  # who also commands the unit is of its line
    assert not known(somebody(PATH, officer=LEAD))


def test_done_it_is_read_like_explanations_cancelled_it_stays_hidden():
    assert known(somebody(PATH, reads={AN_LAM}), State.DONE)
    assert not known(somebody(PATH, reads={HOP_TIEN}), State.DONE)
    assert not known(somebody(PATH, reads={AN_LAM}), State.CANCELLED)
    assert known(somebody(PATH[:2], plans={PROVINCE}), State.CANCELLED)


# in a tree of 40 units unit n stands below n // 3: root 0
def path(unit):
    return (*path(unit // 3), unit) if unit else (0,)


@given(st.integers(1, 39), st.data())
def test_whatever_else_somebody_holds_who_is_of_the_line_learns_nothing_before_it_is_done(unit, data):
    planned_from = data.draw(st.sampled_from(path(unit)[:-1]))
    above = path(unit)[: path(unit).index(planned_from) + 1]
    line = set(path(unit)) - set(above)
    inside = [n for n in range(40) if n in line or unit in path(n)]
    place = data.draw(st.sampled_from(inside))
    other = data.draw(st.sampled_from(range(40)))
    person = Person(data.draw(st.sampled_from([SOMEBODY, LEAD])), [path(other), path(place)], frozenset(range(40)),
                    frozenset(range(40)))  # fmt: skip
    for state in (State.PLANNED, State.CANCELLED):
        assert not sees(person, path=path(unit), planned_from=planned_from, state=state, lead=LEAD)


def row(campaign, lead, **more):
    told = {"unit": AN_LAM, "day": date(2021, 5, 16), "what": "Giờ mở máy, sổ bàn giao."} | more
    return InspectionRow(campaign=campaign, lead=lead.id, **told)


def put(one, person, role=Role.COMMANDER):
    return operations.plan_inspections(inspections=[one], grants=grants(person, role), by=by(person), at=MORNING)


@pytest.fixture
def planned(campaign, people):
    """Return an inspection of An Lam that the province planned and somebody of the other commune leads."""
    return put(row(campaign, people["stranger"]), people["general"]).whole()[0]


def person_of(officer, *roles):
    held = Grants(officer.id, Kind.OFFICER, officer.unit_id, roles or ((Role.COMMANDER, officer.unit_id),))
    at = frozenset(unit for role, unit in held.roles if role is Role.COMMANDER)
    places = queries.places_of([officer.id], MORNING.date())[officer.id]
    return Person(officer.id, places, at, at)


def end(planned, person, step=Step.FINISH, at=MORNING + 30 * HOUR, faults=(), told="Mở máy muộn 40 phút."):
    one = InspectionEnd(inspection=planned, step=step, told=told, faults=faults)
    return operations.end_inspections(ends=[one], grants=grants(person), by=by(person), at=at)


FAULTS = (FaultFound(Cause.WILL, "Ca sáng mở máy lúc 07:10."), FaultFound(Cause.MACHINE, "Một đầu đọc chưa lau."))


def test_planned_from_above_nobody_of_the_line_can_ask_for_it(planned, people):
    general, stranger = person_of(people["general"]), person_of(people["stranger"])
    assert [one.id for one in queries.inspections(general, COUNTRY)] == [planned]
    assert [one.id for one in queries.inspections_led(stranger)] == [planned]
    for name in ("head", "chief"):
        person = person_of(people[name])
        assert queries.inspections(person, COUNTRY) == queries.inspections_led(person) == []
        assert queries.inspection(person, planned) is None


def test_journal_and_audit_name_no_unit_until_it_is_done(planned, people):
    told = """
        SELECT move, unit_done, unit_residence, reason
        FROM events_event JOIN events_metric AS m ON m.id = metric_id WHERE kind = 'inspection'
    """
    assert sql(told) == [("plan", PROVINCE, None, "")]
    assert sql("SELECT unit, detail FROM audit_batch WHERE action = 'reporting.plan_inspections'") == [(PROVINCE, "1")]
    operations.look_at_inspections(inspections=[planned], by=by(people["general"]), at=MORNING)
    operations.look_at_inspections(inspections=[], by=by(people["general"]), at=MORNING)
    [(officer, unit, detail)] = sql(
        "SELECT officer, unit, detail FROM audit_batch WHERE action = 'reporting.look_at_inspections'"
    )
    assert (officer, unit, detail) == (people["general"].id, PROVINCE, "")
    end(planned, people["stranger"]).whole()
    assert sql(told)[1:] == [("finish", AN_LAM, None, "")]


def test_finished_with_what_was_found_it_is_known_to_the_unit(planned, people):
    end(planned, people["stranger"], faults=FAULTS).whole()  # who leads it needs no role
    for name in ("head", "chief", "general"):
        (found,) = queries.inspections(person_of(people[name]), AN_LAM)
        assert (found.state, found.told) == (State.DONE, "Mở máy muộn 40 phút.")
        assert sorted(found.faults) == sorted((one.cause, one.text) for one in FAULTS)
    assert codes(end(planned, people["general"], told="Khác.")) == [(0, "inspection_wrong_state")]
    end(planned, people["stranger"], faults=FAULTS).whole()
    assert FoundFault.objects.count() == 2


def test_cancelled_it_stays_hidden_for_good(planned, people):
    end(planned, people["general"], Step.CANCEL, told="Trùng đợt của tỉnh.").whole()
    assert queries.inspections(person_of(people["head"]), COUNTRY) == []
    assert queries.inspection(person_of(people["general"]), planned).state is State.CANCELLED


def test_nobody_of_the_line_plans_leads_or_ends_it(campaign, planned, people):
    head, chief, general = people["head"], people["chief"], people["general"]
    assert codes(put(row(campaign, head), general)) == [(0, "inspection_of_the_line")]
    assert codes(put(row(campaign, chief), general)) == [(0, "inspection_of_the_line")]
    assert codes(put(row(campaign, people["stranger"]), head)) == [(0, "inspection_not_above")]
    assert codes(put(row(campaign, head), people["stranger"])) == [(0, "not_allowed")]
    assert codes(put(row(campaign, people["stranger"]), general, Role.PLANNER)) == [(0, "not_allowed")]
    put(row(campaign, people["stranger"]), chief).whole()
    for person in (head, chief):
        assert codes(end(planned, person)) == [(0, "unknown_inspection")]
    assert codes(end(new_id(), general)) == [(0, "unknown_inspection")]


def test_who_is_named_to_command_the_unit_learns_no_more_of_it(campaign, planned, people):
    stranger = people["stranger"]
    naming = Naming(id=new_id(), unit=AN_LAM, officer=stranger.id, seat=Seat.COMMANDER, since=MORNING.date(), paper="1")
    plan.name_commanders(namings=[naming], grants=None, by=MACHINE, at=MORNING).whole()
    assert queries.inspections_led(person_of(stranger)) == []
    assert codes(end(planned, stranger)) == [(0, "unknown_inspection")]
    assert codes(put(row(campaign, stranger), people["general"])) == [(0, "inspection_of_the_line")]


def test_what_is_incomplete_or_sent_otherwise_is_refused(campaign, people):
    general, stranger = people["general"], people["stranger"]
    one = row(campaign, stranger)
    assert [put(one, general).whole() for _ in range(2)] == [[one.id]] * 2
    assert codes(put(row(campaign, stranger, day=date(2021, 5, 14)), general)) == [(0, "bad_inspection")]
    assert codes(put(row(campaign, stranger, what=" "), general)) == [(0, "report_note")]
    assert codes(put(row(new_id(), stranger), general)) == [(0, "unknown_campaign")]
    assert codes(put(replace(one, unit=HOP_TIEN, lead=general.id), general)) == [(0, "id_taken")]
    machine = Actor(officer=None, unit=PROVINCE, purpose=Purpose.COMMAND)
    result = operations.plan_inspections(inspections=[row(campaign, stranger)], grants=None, by=machine, at=MORNING)
    assert codes(result) == [(0, "said_by_a_person")]


def test_the_database_keeps_what_was_planned_and_found(planned, people):
    change = Inspection.objects.filter(id=planned).update
    bites("reporting_inspection_frozen", partial(change, unit_id=HOP_TIEN))
    bites("reporting_inspection_ended", partial(change, state="done"))
    bites("reporting_kept", partial(sql, "DELETE FROM reporting_inspection"))
    fault = partial(FoundFault.objects.create, inspection_id=planned, cause="will", text="Muộn.")
    bites("reporting_fault_of_done", partial(fault, id=new_id()))
    told = {"campaign_id": Inspection.objects.get(id=planned).campaign_id, "lead": people["stranger"], "what": "Sổ.",
            "day": MORNING.date(), "planned_by": new_id(), "planned_at": MORNING}  # fmt: skip
    for unit, above in ((AN_LAM, HOP_TIEN), (AN_LAM, AN_LAM)):
        make = partial(Inspection.objects.create, id=new_id(), unit_id=unit, planned_from_id=above, **told)
        bites("reporting_inspection_above", make)
    end(planned, people["general"]).whole()
    bites("reporting_inspection_frozen", partial(change, told="Khác."))
    fault(id=new_id())
    bites("reporting_kept", partial(FoundFault.objects.update, text="Khác."))
