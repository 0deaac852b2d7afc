from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from muster.audit.verification import verify
from muster.events import queries as journal
from muster.events.journal import AgeBand
from muster.events.queries import Side
from muster.events.recounting import differences
from muster.kernel.clock import ZONE
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.law.duty import LifeStatus
from muster.register.operations import correct, move, record_life_events
from muster.register.operations.asked import Correction, LifeChange, PermanentMove
from muster.register.words import LifeEventKind, Relation
from muster.survey import queries
from muster.survey.judging import group_of
from muster.survey.moves import Step
from muster.survey.operations import close_campaigns, close_cases, mark_contacts, mark_hard_cases
from muster.survey.queries import Axis
from muster.survey.rows import ContactMark, HardMark
from muster.survey.words import Contact, Group, Hard
from tests.survey.conftest import (
    AN_LAM,
    AT,
    BY,
    CHIP,
    ELSEWHERE,
    HAMLET,
    HOP_TIEN,
    LOCAL,
    PROVINCE,
    opened,
    person,
    sql,
    surveyed,
    taken,
)

LATER = AT + timedelta(days=1)


def test_everybody_due_is_a_case_in_a_group_and_everybody_else_is_counted(campaign, people):
    found = surveyed(campaign)
    assert (found.people, found.cases, found.steps) == (8, 5, {Step.FOUND: 5})
    assert found.excluded == {"card_good": 1, "under_age": 2}
    groups = dict(sql("SELECT name, group_code FROM survey_case JOIN register_person AS p ON p.id = person_id"))
    assert groups == {
        "Nguyễn Văn Hưu": "at_home",
        "Trần Văn Nông": "working",
        "Ấu Thị Công": "worker",
        "Lê Thị Trò": "pupil",
        "Vũ Thị Xa": "working",
    }
    assert queries.excluded(campaign=campaign, unit=PROVINCE) == {
        (3, "card_good"): 1, (2, "under_age"): 1, (1, "under_age"): 1,
    }  # fmt: skip


def test_each_case_is_an_event_of_its_unit_and_the_counters_agree(campaign, people):
    surveyed(campaign, HAMLET, by=LOCAL)
    found = [("case", "found")]
    assert journal.count(unit=HAMLET, side=Side.RESIDENCE, metrics=found) == 4
    assert journal.count(unit=AN_LAM, side=Side.DONE, metrics=found) == 4
    assert journal.count(unit=HOP_TIEN, side=Side.RESIDENCE, metrics=found) == 0
    assert list(differences()) == []
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("band", "occupation", "organisation", "group"),
    [
        (AgeBand.UNDER_6, "pupil", "x", Group.UNDER_6),
        (AgeBand.FROM_6_TO_13, "pupil", "x", Group.FROM_6_TO_13),
        (AgeBand.FROM_14, "student", "", Group.PUPIL),
        (AgeBand.FROM_14, "worker", "x", Group.WORKER),
        (AgeBand.FROM_14, "worker", "", Group.WORKING),
        (AgeBand.FROM_14, "at_home", "", Group.AT_HOME),
        (AgeBand.FROM_14, "", "", Group.UNKNOWN),
        (AgeBand.UNKNOWN, "trade", "", Group.WORKING),
    ],
)
def test_groups(band, occupation, organisation, group):
    assert group_of(band, occupation, organisation) is group


def test_a_second_run_writes_nothing_and_keeps_every_mark(campaign, cases):
    mark_contacts(marks=[ContactMark(case=cases["Trần Văn Nông"], contact=Contact.APPOINTED)], by=LOCAL, at=AT)
    mark_hard_cases(marks=[HardMark(case=cases["Nguyễn Văn Hưu"], hard=Hard.BEDRIDDEN)], by=LOCAL, at=AT)
    before = sql("SELECT * FROM survey_case ORDER BY id"), sql("SELECT count(*) FROM events_event")
    again = surveyed(campaign, at=LATER)
    assert (again.people, again.cases, again.steps) == (8, 5, {})
    assert (sql("SELECT * FROM survey_case ORDER BY id"), sql("SELECT count(*) FROM events_event")) == before


def test_what_has_changed_in_the_register_is_changed_and_marks_stay(campaign, cases, people):
    farmer, pupil = people["Trần Văn Nông"], people["Lê Thị Trò"]
    mark_contacts(marks=[ContactMark(case=cases[farmer.name], contact=Contact.REACHED)], by=LOCAL, at=AT)
    correct(
        corrections=[Correction(person=pupil.id, version=1, changes={"occupation": "worker"}, paper="Đơn")],
        grants=None, by=LOCAL, at=AT,
    )  # fmt: skip
    home = PermanentMove(person=farmer.id, unit=HOP_TIEN, household=new_id(), relation=Relation.HEAD, since=AT.date())
    assert not move(moves=[home], grants=None, by=LOCAL, at=AT).refused
    again = surveyed(campaign, HAMLET, at=LATER)
    assert again.steps == {Step.CHANGED: 2}
    assert sql("SELECT group_code FROM survey_case WHERE id = %s", cases[pupil.name]) == [("worker",)]
    assert sql("SELECT unit_id, contact FROM survey_case WHERE id = %s", cases[farmer.name]) == [(HOP_TIEN, "reached")]
    assert surveyed(campaign, at=LATER).steps == {}


def test_the_dead_are_dropped_with_the_reason_and_the_found_come_back(campaign, cases, people):
    farmer = people["Trần Văn Nông"]

    def told(kind):
        row = LifeChange(person=farmer.id, kind=kind, on=PartialDate.of(AT.date()), paper="Trích lục")
        assert not record_life_events(events=[row], grants=None, by=LOCAL, at=AT).refused

    told(LifeEventKind.WENT_MISSING)
    assert surveyed(campaign, at=LATER).steps == {Step.DROPPED: 1}
    assert [event.reason for event in journal.life(cases[farmer.name])] == ["no_card", "missing"]
    assert queries.count(campaign=campaign, unit=PROVINCE) == {(): 4}
    told(LifeEventKind.FOUND)
    assert surveyed(campaign, at=LATER).steps == {Step.FOUND_AGAIN: 1}
    assert queries.count(campaign=campaign, unit=PROVINCE) == {(): 5}


def test_who_has_moved_out_of_the_campaign_is_dropped(units, people):
    campaign = opened(unit=AN_LAM)
    surveyed(campaign, AN_LAM)
    farmer = people["Trần Văn Nông"]
    home = PermanentMove(person=farmer.id, unit=HOP_TIEN, household=new_id(), relation=Relation.HEAD, since=AT.date())
    assert not move(moves=[home], grants=None, by=BY, at=AT).refused
    assert surveyed(campaign, AN_LAM, at=LATER).steps == {Step.DROPPED: 1}
    assert surveyed(campaign, AN_LAM, at=LATER).steps == {}
    assert queries.count(campaign=campaign, unit=AN_LAM) == {(): 3}


def test_a_case_whose_dossier_is_in_hand_stays_done_when_the_card_comes(campaign, cases, people):
    farmer = people["Trần Văn Nông"]
    assert close_cases(persons=[farmer.id], by=LOCAL, at=AT) == [cases[farmer.name]]
    sql(
        "INSERT INTO register_card (id, person_id, type, number, issued_on, expires_on, issued_by)"
        " VALUES (%s, %s, %s, '030080123456', '2021-06-01', '2040-06-05', '')",
        new_id(), farmer.id, CHIP.type.value,
    )  # fmt: skip
    again = surveyed(campaign, at=LATER)
    assert (again.cases, again.steps) == (5, {})
    assert queries.count(campaign=campaign, unit=PROVINCE, by=[Axis.STATE]) == {("open",): 4, ("done",): 1}


def test_a_campaign_calls_only_its_age_bands(units, people):
    campaign = opened(
        starts=date(2024, 7, 1), ends=date(2024, 8, 17), bands=frozenset({AgeBand.UNDER_6, AgeBand.FROM_6_TO_13})
    )
    surveyed(campaign, at=datetime(2024, 7, 2, tzinfo=ZONE))
    assert queries.count(campaign=campaign, unit=PROVINCE, by=[Axis.GROUP, Axis.CHANNEL]) == {
        ("from_6_to_13", "in_person"): 1,
        ("under_6", "online"): 1,
    }
    reasons = {reason: n for (_, reason), n in queries.excluded(campaign=campaign, unit=PROVINCE).items()}
    assert reasons == {"band_not_asked": 5, "card_good": 1}


@pytest.mark.parametrize("life", [LifeStatus.ABROAD, LifeStatus.IN_PRISON, LifeStatus.ADDRESS_UNKNOWN])
def test_who_is_out_of_reach_is_no_case_and_counted_by_the_coded_reason(campaign, life):
    taken(person("Hoàng Văn Vắng", "1/1/1980", life=life))
    assert (surveyed(campaign).cases, queries.excluded(campaign=campaign, unit=HAMLET)) == (0, {(3, life.value): 1})


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"campaign": "other"}, "unknown_campaign"),
        ({"where": 9999}, "unknown_unit"),
        ({"where": 1}, "outside_campaign"),
        ({"by": ELSEWHERE}, "outside_unit"),
        ({"closed": True}, "campaign_closed"),
    ],
)
def test_refused_surveys_write_nothing(campaign, people, asked, code):
    if asked.get("closed"):
        close_campaigns(campaigns=[campaign], by=BY, at=AT)
    named = new_id() if asked.get("campaign") else campaign
    with pytest.raises(Refusal) as refused:
        surveyed(named, asked.get("where", HAMLET), by=asked.get("by", BY))
    assert refused.value.code == code
    assert sql("SELECT count(*) FROM survey_case") == [(0,)]


def test_a_row_of_a_unit_is_the_same_for_a_campaign_of_a_part(people):
    whole, part = opened(), opened(name="An Lâm", unit=AN_LAM)
    surveyed(whole, AN_LAM)
    surveyed(part, AN_LAM)
    columns = "person_id, unit_id, band, group_code, ground, obligation, certainty, channel"
    rows = [sql(f"SELECT {columns} FROM survey_case WHERE campaign_id = %s ORDER BY 1", one) for one in (whole, part)]
    assert rows[0] == rows[1]
    assert len(rows[0]) == 4


def test_the_state_of_a_person_that_a_correction_touched_is_asked_one_by_one(campaign, people):
    office = people["Bùi Văn Thẻ"]
    row = Correction(person=office.id, version=1, changes={"name": "Bùi Văn Thẻ Mới"}, paper="QĐ 12")
    assert not correct(corrections=[replace(row)], grants=None, by=LOCAL, at=LATER).refused
    surveyed(campaign, at=LATER)
    assert sql("SELECT ground FROM survey_case WHERE person_id = %s", office.id) == [("name",)]
