from dataclasses import replace
from datetime import timedelta

import pytest

from muster.audit import queries as audit
from muster.capture import queries
from muster.capture.moves import MOVES, Step, WrongState, after, steps_from
from muster.capture.operations import move_dossiers, receive, set_flags
from muster.capture.rows import DossierMove
from muster.capture.words import OVER, State
from muster.events import queries as journal
from muster.kernel.ids import new_id
from muster.survey import operations as survey
from muster.survey import queries as surveyed
from muster.survey.rows import CampaignRow
from muster.survey.words import State as CaseState
from tests.capture.conftest import AN_LAM, AT, CREW, HOP_TIEN, intake, person, taken

LATER = AT + timedelta(hours=1)


def step(dossier, name, **more):
    return DossierMove(dossier=dossier, step=Step(name), at=LATER, **more)


@pytest.fixture
def dossier(farmer):
    row = intake(farmer)
    receive(intakes=[row], by=CREW, at=AT)
    return row.id


def test_every_state_but_the_last_ones_leads_on_and_every_state_is_reached():
    assert {way.end for way in MOVES.values()} == set(State)
    assert all(bool(steps_from(state)) != (state in OVER) for state in State)
    with pytest.raises(WrongState):
        after(State.HANDED_OVER, Step.RECEIVED)


def test_a_dossier_goes_the_whole_way_and_each_step_is_one_event(dossier):
    way = [
        "accepted",
        "produced",
        "print_rejected",
        "produced",
        "arrived",
        "undelivered",
        "arrived_again",
        "handed_over",
    ]
    for name in way:
        assert move_dossiers(moves=[step(dossier, name)], by=CREW, at=LATER).done == [dossier]
    held = queries.states([dossier])[dossier]
    assert (held.state, held.version, held.reason) == (State.HANDED_OVER, len(way) + 1, "")
    assert [event.move for event in journal.life(dossier)] == ["received", *way]
    assert audit.latest(limit=1)[0].action == "capture.move"


@pytest.mark.parametrize(
    ("move", "code"),
    [
        ({"name": "handed_over"}, "wrong_state"),
        ({"name": "returned"}, "not_a_reason"),
        ({"name": "refused", "reason": "ugly"}, "not_a_reason"),
        ({"name": "received_again"}, "not_a_reason"),
        ({"name": "accepted", "version": 9}, "changed_meanwhile"),
    ],
)
def test_what_is_not_in_the_table_does_not_happen(dossier, move, code):
    result = move_dossiers(moves=[step(dossier, **move)], by=CREW, at=LATER)
    assert (result.done, result.refused[0].refusal.code) == ([], code)
    assert queries.states([dossier])[dossier].state is State.RECEIVED


def test_a_move_sent_again_is_passed_over_and_two_in_a_batch_are_not_mixed(dossier):
    accepted = step(dossier, "accepted")
    assert move_dossiers(moves=[accepted], by=CREW, at=LATER).done == [dossier]
    again = move_dossiers(moves=[accepted, step(new_id(), "accepted")], by=CREW, at=LATER)
    assert (again.done, [one.refusal.code for one in again.refused]) == ([dossier], ["unknown_dossier"])
    both = move_dossiers(moves=[step(dossier, "produced"), step(dossier, "refused", reason="died")], by=CREW, at=LATER)
    assert (both.done, [one.refusal.code for one in both.refused]) == ([dossier], ["changed_meanwhile"])


def test_an_officer_of_another_commune_moves_nothing(dossier):
    elsewhere = replace(CREW, unit=HOP_TIEN)
    result = move_dossiers(moves=[step(dossier, "accepted")], by=elsewhere, at=LATER)
    assert result.refused[0].refusal.code == "outside_unit"


def test_waiting_dossiers_come_the_longest_waiting_first_and_are_counted(dossier, django_assert_max_num_queries):
    others = [intake(one) for one in taken(*[person("Lê Thị Mai", "1/3/1975") for _ in range(5)])]
    receive(intakes=[replace(row, taken_at=AT - timedelta(hours=n)) for n, row in enumerate(others, 1)], by=CREW, at=AT)
    with django_assert_max_num_queries(2):
        found = queries.waiting(CREW.unit, {State.RECEIVED}, limit=3)
        assert queries.how_many(CREW.unit) == {State.RECEIVED: 6}
    assert [one.id for one in found] == [others[4].id, others[3].id, others[2].id]
    assert queries.waiting(HOP_TIEN, {State.RECEIVED}, limit=3) == []


def test_flags_stand_beside_the_state(dossier):
    set_flags(flags=[(dossier, "suspect_duplicate", True)], by=CREW, at=LATER)
    held = queries.states([dossier])[dossier]
    assert (held.suspect_duplicate, held.differs_from_register, held.state) == (True, False, State.RECEIVED)


def test_a_dossier_late_for_its_day_is_overdue(dossier):
    held = queries.states([dossier])[dossier]
    assert not held.overdue(held.due_on)
    assert held.overdue(held.due_on + timedelta(days=1))
    assert not held._replace(state=State.HANDED_OVER).overdue(held.due_on + timedelta(days=1))


def test_a_case_of_the_survey_ends_with_the_dossier_and_opens_again_when_it_ends_without_a_card(farmer):
    campaign = CampaignRow(id=new_id(), name="2021", unit=AN_LAM, starts=AT.date(), ends=AT.date() + timedelta(days=50))
    assert not survey.open_campaigns(campaigns=[campaign], by=CREW, at=AT).refused
    survey.survey_campaign(campaign=campaign.id, by=CREW, at=AT)
    assert [case.state for case in surveyed.of_person(farmer.id)] == [CaseState.OPEN]
    row = intake(farmer)
    receive(intakes=[row], by=CREW, at=AT)
    assert [case.state for case in surveyed.of_person(farmer.id)] == [CaseState.DONE]
    move_dossiers(moves=[step(row.id, "withdrawn", reason="citizen_asked")], by=CREW, at=LATER)
    assert [case.state for case in surveyed.of_person(farmer.id)] == [CaseState.OPEN]
    again = intake(farmer, LATER)
    assert receive(intakes=[again], by=CREW, at=LATER).done == [again.id]
    assert [case.state for case in surveyed.of_person(farmer.id)] == [CaseState.DONE]
