from datetime import date, timedelta

import pytest

from muster.audit import queries as audit
from muster.audit.verification import verify
from muster.events import queries as journal
from muster.events.journal import AgeBand
from muster.events.recounting import differences
from muster.kernel.ids import new_id
from muster.survey import queries
from muster.survey.moves import MOVES
from muster.survey.operations import (
    close_campaigns,
    close_cases,
    mark_contacts,
    mark_hard_cases,
    open_campaigns,
    reopen_cases,
)
from muster.survey.queries import Axis
from muster.survey.rows import CampaignRow, ContactMark, HardMark
from muster.survey.words import Contact, Hard, State
from tests.survey.conftest import AT, BY, ELSEWHERE, HAMLET, LOCAL, PROVINCE, opened, sql

LATER = AT + timedelta(hours=1)


@pytest.fixture
def farmer(cases):
    return cases["Trần Văn Nông"]


def refusal(result):
    assert (len(result.done), len(result.refused)) == (0, 1)
    return result.refused[0].refusal.code


def moves(case):
    return [(event.move, event.reason) for event in journal.life(case)]


def test_every_state_is_reached_and_left_by_a_move():
    assert {end for _, end in MOVES.values() if end} == set(State)
    assert all(any(state in starts for starts, _ in MOVES.values()) for state in State)


def test_marks_are_events_of_the_unit_that_made_them_and_are_counted(farmer, campaign):
    assert mark_contacts(marks=[ContactMark(case=farmer, contact=Contact.REACHED)], by=LOCAL, at=AT).done == [farmer]
    assert mark_hard_cases(marks=[HardMark(case=farmer, hard=Hard.NO_PRINTS)], by=LOCAL, at=AT).done == [farmer]
    assert moves(farmer) == [("found", "no_card"), ("reached", ""), ("hard", "no_prints")]
    event = journal.life(farmer)[-1]
    assert (event.unit_done, event.unit_residence, event.age_band) == (LOCAL.unit, HAMLET, AgeBand.FROM_14)
    assert queries.count(campaign=campaign, unit=HAMLET, by=[Axis.CONTACT, Axis.HARD]) == {
        ("reached", "no_prints"): 1,
        ("not_reached", ""): 3,
    }
    assert audit.latest(limit=1)[0].action == "survey.mark_hard"
    assert list(differences()) == []
    assert list(verify()) == []


def test_a_mark_sent_again_is_made_once_even_after_another_one(farmer):
    first = ContactMark(case=farmer, contact=Contact.REACHED)
    second = ContactMark(case=farmer, contact=Contact.REFUSES)
    for marks in ([first], [first], [second], [first]):
        assert mark_contacts(marks=marks, by=LOCAL, at=AT).done == [farmer]
    assert sql("SELECT contact FROM survey_case WHERE id = %s", farmer) == [("refuses",)]
    assert moves(farmer)[1:] == [("reached", ""), ("refuses", "")]


def test_a_mark_that_says_nothing_new_is_no_event(farmer):
    mark_contacts(marks=[ContactMark(case=farmer, contact=Contact.NOT_REACHED)], by=LOCAL, at=AT)
    mark_hard_cases(marks=[HardMark(case=farmer, hard=None)], by=LOCAL, at=AT)
    assert moves(farmer) == [("found", "no_card")]


def test_a_hard_reason_is_cleared_and_the_event_names_it(farmer):
    for hard in (Hard.ABROAD, None):
        mark_hard_cases(marks=[HardMark(case=farmer, hard=hard)], by=LOCAL, at=AT)
    assert moves(farmer)[1:] == [("hard", "abroad"), ("hard_cleared", "abroad")]


def test_several_marks_of_one_batch_on_one_case_end_with_the_last(farmer):
    marks = [ContactMark(case=farmer, contact=contact) for contact in (Contact.REACHED, Contact.APPOINTED)]
    assert mark_contacts(marks=marks, by=LOCAL, at=AT).done == [farmer, farmer]
    assert sql("SELECT contact FROM survey_case WHERE id = %s", farmer) == [("appointed",)]


def test_bad_rows_are_refused_alone(farmer):
    marks = [ContactMark(case=one, contact=Contact.REACHED) for one in (new_id(), farmer)]
    result = mark_contacts(marks=marks, by=LOCAL, at=AT)
    assert result.done == [farmer]
    assert [(row.index, row.refusal.code) for row in result.refused] == [(0, "unknown_case")]


def test_who_is_of_another_unit_marks_nothing(farmer):
    marks = [ContactMark(case=farmer, contact=Contact.REACHED)]
    assert refusal(mark_contacts(marks=marks, by=ELSEWHERE, at=AT)) == "outside_unit"
    assert moves(farmer) == [("found", "no_card")]


def test_a_case_in_hand_takes_no_mark_and_opens_again_when_its_dossier_ends(farmer, people):
    who = [people["Trần Văn Nông"].id]
    assert close_cases(persons=who, by=LOCAL, at=AT) == [farmer]
    assert close_cases(persons=who, by=LOCAL, at=AT) == []
    marks = [HardMark(case=farmer, hard=Hard.ABROAD)]
    assert refusal(mark_hard_cases(marks=marks, by=LOCAL, at=AT)) == "case_over"
    assert reopen_cases(persons=[*who, new_id()], by=LOCAL, at=AT) == [farmer]
    assert [move for move, _ in moves(farmer)] == ["found", "done", "reopened"]
    assert queries.of_person(who[0])[0].state is State.OPEN


def test_a_closed_campaign_stands_as_it_is(farmer, campaign, people):
    assert close_campaigns(campaigns=[campaign], by=BY, at=AT).done == [campaign]
    assert close_campaigns(campaigns=[campaign], by=BY, at=LATER).done == [campaign]
    assert queries.campaign(campaign).closed_at == AT
    marks = [ContactMark(case=farmer, contact=Contact.REACHED)]
    assert refusal(mark_contacts(marks=marks, by=LOCAL, at=AT)) == "campaign_closed"
    assert close_cases(persons=[people["Trần Văn Nông"].id], by=LOCAL, at=AT) == []


def test_a_campaign_is_opened_once(units):
    row = CampaignRow(id=new_id(), name="  Đợt  1 ", unit=PROVINCE, starts=date(2021, 5, 1), ends=date(2021, 7, 1))
    for _ in range(2):
        assert open_campaigns(campaigns=[row], by=BY, at=AT).done == [row.id]
    assert [(one.name, one.bands) for one in queries.campaigns()] == [("Đợt 1", row.bands)]
    assert [event.move for event in journal.life(row.id)] == ["open"]
    assert queries.campaign_named("Đợt 1").id == row.id


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "campaign_name_missing"),
        ({"name": "x" * 121}, "campaign_name_missing"),
        ({"bands": frozenset()}, "nobody_called"),
        ({"ends": date(2021, 5, 1)}, "empty_window"),
        ({"starts": date(2015, 5, 1)}, "no_law_in_force"),
        ({"unit": 9999}, "unknown_unit"),
        ({"unit": 1}, "outside_unit"),
        ({"name": "Hải Dương 2021"}, "campaign_differs"),
    ],
)
def test_refused_campaigns(campaign, changed, code):
    told = {"id": new_id(), "name": "Khác", "unit": PROVINCE, "starts": date(2021, 5, 1), "ends": date(2021, 7, 1)}
    assert refusal(open_campaigns(campaigns=[CampaignRow(**(told | changed))], by=BY, at=AT)) == code


def test_campaigns_of_a_unit_are_those_that_reach_it_or_lie_below(campaign):
    opened(name="Xóm An Lễ", unit=HAMLET)
    assert [one.name for one in queries.campaigns(HAMLET)] == ["Hải Dương 2021", "Xóm An Lễ"]
    assert [one.name for one in queries.campaigns(1002)] == ["Hải Dương 2021"]
    assert [one.name for one in queries.campaigns(1)] == ["Hải Dương 2021", "Xóm An Lễ"]
