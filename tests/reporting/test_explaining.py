"""Explanations: asked by the ranking, answered, decided, followed up, chased up the line; guards bite."""

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import transaction

from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.people.rights import Grants
from muster.people.words import Kind, Role
from muster.plan import operations as plan
from muster.plan.rows import Naming
from muster.plan.words import Seat
from muster.reporting import operations, queries
from muster.reporting.explaining import ENDED, MOVES, Cause, Reason, State, Step, WrongState, after
from muster.reporting.lowest import ASSUMED
from muster.reporting.models import Explanation, Round, Saying
from muster.reporting.rows import ExplainRuleRow, ExplanationAct, RankingRow
from muster.survey import queries as survey
from muster.units.models import Unit
from tests.people.factories import officer
from tests.reporting.conftest import (
    AN_LAM,
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
from tests.reporting.test_ranking import due, received

__all__ = ["campaign", "units"]

FRIDAY, MORNING = date(2021, 5, 14), datetime(2021, 5, 15, 4, 40, tzinfo=ZONE)
HOUR = timedelta(hours=1)


def ranked(campaign, day=FRIDAY, at=MORNING):
    operations.rank_units(rankings=[RankingRow(campaign=campaign, day=day)], by=MACHINE, at=at).whole()


def ask(campaign, day=FRIDAY, at=MORNING):
    return operations.ask_explanations(rankings=[RankingRow(campaign=campaign, day=day)], by=MACHINE, at=at)


@pytest.fixture
def people(units):
    """Return the head of the commune that is behind, and commanders of district and province."""
    named = {"head": AN_LAM, "chief": DISTRICT, "general": PROVINCE, "stranger": HOP_TIEN}
    return {name: officer(f"an.{name}", unit=Unit.objects.get(id=unit)) for name, unit in named.items()}


def by(person):
    return Actor(officer=person.id, unit=person.unit_id, purpose=Purpose.COMMAND)


def grants(person, role=Role.COMMANDER):
    return Grants(person.id, Kind.OFFICER, person.unit_id, ((role, person.unit_id),))


def behind():
    """Let one commune be far behind the other."""
    start = datetime(2021, 5, 1, 8, tzinfo=ZONE)
    due(60, HAMLET, start)
    due(60, HOP_TIEN, start)
    received(1, HAMLET, start)
    received(40, HOP_TIEN, start)


@pytest.fixture
def asked(campaign, people):
    """Return the explanation of the commune that is behind, asked on Saturday morning."""
    behind()
    ranked(campaign)
    ask(campaign).whole()
    (found,) = queries.explanations_of_day(campaign, PROVINCE, FRIDAY)
    return found


def act(line, step, text="Máy hỏng hai ngày.", **more):
    return ExplanationAct(explanation=line.id, step=step, text=text, **more)


def answer(line, **more):
    return act(line, Step.ANSWER, cause=Cause.MACHINE, **more)


def decide(line, owner, **more):
    told = {"owner": owner.id, "due": date(2021, 5, 17)} | more
    return act(line, Step.DECIDE, "Điều thêm một bộ máy.", **told)


def move(row, person, at=MORNING + HOUR, role=Role.COMMANDER):
    return operations.move_explanations(acts=[row], grants=grants(person, role), by=by(person), at=at)


def now(line):
    return queries.explanation(line.id)


def test_the_ranking_asks_who_is_low_with_the_reason_and_a_deadline(asked, campaign):
    assert (asked.unit, asked.state, asked.reason, asked.place, asked.among) == (
        AN_LAM,
        State.ASKED,
        Reason.LOWEST,
        2,
        2,
    )
    assert (asked.captured, asked.target, asked.due_by) == (1, 60, MORNING + 12 * HOUR)
    line = survey.campaign(campaign)
    ranking = queries.ranking(campaign=line, unit=PROVINCE, level="commune", day=FRIDAY)
    one = next(one for one in ranking if one.it.unit == AN_LAM)
    assert asked.planned - 1 < one.it.captured / one.pace <= asked.planned
    assert sql(
        "SELECT move, reason FROM events_event JOIN events_metric AS m ON m.id = metric_id WHERE kind = 'explanation'"
    ) == [("ask", "lowest 2/2")]
    assert sql("SELECT action, detail FROM audit_batch WHERE action = 'reporting.ask_explanations'") == [
        ("reporting.ask_explanations", "1")
    ]


def test_a_ranking_asks_once_and_only_on_the_day_of_the_rule(asked, campaign):
    ask(campaign).whole()
    assert Explanation.objects.count() == Round.objects.count() == 1
    saturday = date(2021, 5, 15)
    assert codes(ask(campaign, saturday, MORNING + 24 * HOUR)) == [(0, "not_the_weekday")]
    friday = date(2021, 5, 21)
    assert codes(ask(campaign, friday, MORNING)) == [(0, "day_not_over")]
    assert codes(ask(campaign, friday, MORNING + 7 * 24 * HOUR)) == [(0, "not_ranked")]
    assert codes(ask(UUID(int=1))) == [(0, "unknown_campaign")]


def test_who_still_owes_an_answer_is_not_asked_twice_who_gave_it_is_asked_anew(asked, campaign, people):
    friday, later = date(2021, 5, 21), MORNING + 7 * 24 * HOUR
    ranked(campaign, friday, later)
    ask(campaign, friday, later).whole()
    assert sql("SELECT day, asked FROM reporting_round ORDER BY day") == [(FRIDAY, 1), (friday, 0)]
    move(answer(asked), people["head"], later).whole()
    friday, later = date(2021, 5, 28), MORNING + 14 * 24 * HOUR
    ranked(campaign, friday, later)
    ask(campaign, friday, later).whole()
    assert sql("SELECT day, asked FROM reporting_round ORDER BY day")[-1] == (friday, 1)


def test_answered_decided_and_followed_up_each_with_who_and_by_when(asked, people):
    head, chief = people["head"], people["chief"]
    move(answer(asked), head).whole()
    line = now(asked)
    assert (line.state, line.due_by) == (State.ANSWERED, MORNING + HOUR + 24 * HOUR)
    assert (line.answer.cause, line.answer.text, line.answer.officer) == (Cause.MACHINE, "Máy hỏng hai ngày.", head.id)
    move(decide(asked, head), chief, MORNING + 2 * HOUR).whole()
    line = now(asked)
    assert (line.state, line.due_by) == (State.DECIDED, datetime(2021, 5, 18, 4, tzinfo=ZONE))
    assert (line.decision.owner, line.decision.due) == (head.id, date(2021, 5, 17))
    assert [one.id for one in queries.explanations_owned(head.id)] == [asked.id]
    move(act(asked, Step.FOLLOW_UP, "Máy đã chạy từ sáng."), head, MORNING + 30 * HOUR).whole()
    line = now(asked)
    assert (line.state, line.due_by, [one.step for one in line.said]) == (
        State.FOLLOWED_UP, None, [Step.ANSWER, Step.DECIDE, Step.FOLLOW_UP],
    )  # fmt: skip
    assert queries.open_explanations([PROVINCE], until=MORNING + 99 * HOUR) == []


def test_sent_back_it_is_asked_again_with_a_new_deadline(asked, people):
    move(answer(asked), people["head"]).whole()
    move(act(asked, Step.SEND_BACK, "Nêu rõ máy nào."), people["chief"], MORNING + 3 * HOUR).whole()
    line = now(asked)
    assert (line.state, line.due_by, line.answer) == (State.ASKED, MORNING + 15 * HOUR, None)
    move(answer(asked, text="Máy HD-07."), people["head"], MORNING + 4 * HOUR).whole()
    assert now(asked).answer.text == "Máy HD-07."


def test_an_act_sent_twice_is_done_once_and_never_otherwise(asked, people):
    row = answer(asked)
    move(row, people["head"]).whole()
    move(row, people["head"], MORNING + 2 * HOUR).whole()
    assert Saying.objects.count() == 1
    assert codes(move(replace(row, text="Khác"), people["head"])) == [(0, "said_otherwise")]
    both = [answer(asked), act(asked, Step.WITHDRAW)]
    result = operations.move_explanations(acts=both, grants=None, by=by(people["chief"]), at=MORNING + HOUR)
    assert codes(result) == [(0, "explanation_wrong_state")]
    assert result.done == [asked.id]
    assert now(asked).state is State.WITHDRAWN


def test_what_is_incomplete_is_refused_by_its_own_code(asked, people):
    head, chief = people["head"], people["chief"]
    assert codes(move(act(asked, Step.ANSWER), head)) == [(0, "explanation_no_cause")]
    assert codes(move(answer(asked, text="  "), head)) == [(0, "report_note")]
    move(answer(asked), head).whole()
    assert codes(move(replace(decide(asked, head), owner=None), chief)) == [(0, "explanation_no_action")]
    assert codes(move(decide(asked, head, due=date(2021, 5, 14)), chief)) == [(0, "explanation_no_action")]
    assert codes(move(replace(decide(asked, head), owner=new_id()), chief)) == [(0, "unknown_officer")]
    missing = replace(answer(asked), explanation=new_id())
    assert codes(move(missing, head)) == [(0, "unknown_explanation")]
    machine = operations.move_explanations(acts=[answer(asked)], grants=None, by=MACHINE, at=MORNING)
    assert codes(machine) == [(0, "said_by_a_person")]


def test_the_unit_answers_and_a_commander_above_decides_never_one_for_both(asked, people):
    head, chief, stranger = people["head"], people["chief"], people["stranger"]
    assert codes(move(answer(asked), stranger)) == [(0, "not_allowed")]
    assert codes(move(answer(asked), head, role=Role.CREW)) == [(0, "not_allowed")]
    move(answer(asked), chief).whole()  # in the name of the unit, which has nobody else
    assert codes(move(decide(asked, head), chief)) == [(0, "explanation_own_answer")]
    assert codes(move(decide(asked, head), head)) == [(0, "explanation_not_above")]
    move(decide(asked, head), people["general"]).whole()


def test_who_commands_the_unit_answers_without_a_role_who_owns_the_action_follows_it_up(asked, people):
    stranger, chief = people["stranger"], people["chief"]
    row = Naming(id=new_id(), unit=AN_LAM, officer=stranger.id, seat=Seat.COMMANDER, since=MORNING.date(), paper="QĐ 1")
    plan.name_commanders(namings=[row], grants=None, by=MACHINE, at=MORNING).whole()
    move(answer(asked), stranger, role=Role.CREW).whole()
    assert codes(move(decide(asked, stranger), stranger, role=Role.CREW)) == [(0, "not_allowed")]
    move(decide(asked, stranger), chief).whole()
    move(act(asked, Step.FOLLOW_UP, "Xong."), stranger, MORNING + 5 * HOUR, Role.CREW).whole()


def test_what_is_late_is_asked_for_up_the_line_and_the_clock_never_asks_twice(asked, people):
    def chase(at):
        operations.chase_explanations(explanations=queries.late_explanations(at), by=MACHINE, at=at)
        return [one.asked for one in now(asked).said if one.step is Step.CHASE]

    due_by = MORNING + 12 * HOUR
    assert chase(due_by) == []
    assert chase(due_by + HOUR) == [AN_LAM]
    assert now(asked).state is State.OVERDUE
    assert chase(due_by + 2 * HOUR) == [AN_LAM]
    assert chase(due_by + 7 * HOUR) == [AN_LAM, DISTRICT]
    assert chase(due_by + 50 * HOUR) == [AN_LAM, DISTRICT, PROVINCE]  # the campaign's unit is the last
    assert chase(due_by + 90 * HOUR) == [AN_LAM, DISTRICT, PROVINCE]
    move(answer(asked), people["head"], due_by + 91 * HOUR).whole()
    decide_by = due_by + 115 * HOUR
    assert chase(decide_by + HOUR)[3:] == [DISTRICT]  # now a commander above is late
    assert now(asked).state is State.ANSWERED
    assert chase(decide_by + 7 * HOUR)[3:] == [DISTRICT, PROVINCE]


def test_an_explanation_is_told_as_it_stood_at_any_moment(asked, campaign, people):
    head, chief = people["head"], people["chief"]
    late = asked.due_by + HOUR
    steps = [
        lambda at: operations.chase_explanations(explanations=[asked.id], by=MACHINE, at=at),
        lambda at: move(answer(asked), head, at).whole(),
        lambda at: move(act(asked, Step.SEND_BACK, "Nêu rõ."), chief, at).whole(),
        lambda at: move(answer(asked), head, at).whole(),
        lambda at: move(decide(asked, head), chief, at).whole(),
        lambda at: move(act(asked, Step.FOLLOW_UP, "Xong."), head, at).whole(),
    ]
    stood = [(MORNING, asked)]
    for number, step in enumerate(steps):
        step(late + number * HOUR)
        stood.append((late + number * HOUR, now(asked)))
    end = now(asked)
    for at, line in stood:
        assert end.as_of(at) == replace(line, said=tuple(line.said))
    told = partial(queries.explanations_told, campaign, PROVINCE)
    assert [one.state for one in told(late, MORNING)] == [State.OVERDUE]
    assert [one.state for one in told(late + 9 * HOUR, late)] == [State.FOLLOWED_UP]
    assert told(late + 9 * HOUR, late + 8 * HOUR) == []
    assert told(MORNING - HOUR, MORNING - 9 * HOUR) == []


@pytest.mark.parametrize("state", [None, *State])
@pytest.mark.parametrize("step", Step)
def test_every_pair_of_state_and_move_is_in_the_table_or_refused(state, step):
    if state in MOVES[step]:
        assert after(state, step) is MOVES[step][state]
    else:
        with pytest.raises(WrongState):
            after(state, step)


WAYS = {
    State.ASKED: [], State.OVERDUE: [State.OVERDUE], State.ANSWERED: [State.ANSWERED],
    State.DECIDED: [State.ANSWERED, State.DECIDED], State.WITHDRAWN: [State.WITHDRAWN],
    State.FOLLOWED_UP: [State.ANSWERED, State.DECIDED, State.FOLLOWED_UP],
}  # fmt: skip


def test_the_database_moves_by_the_same_table(asked):
    allowed = {(start, end) for ways in MOVES.values() for start, end in ways.items() if start}
    change = Explanation.objects.filter(id=asked.id).update

    def go(state):
        return partial(change, state=state.value, due_by=None if state in ENDED else MORNING)

    for start, end in itertools.permutations(State, 2):
        with transaction.atomic():
            for state in WAYS[start]:
                go(state)()
            if (start, end) in allowed:
                go(end)()
            else:
                bites("reporting_explanation_moves", go(end))
            transaction.set_rollback(True)


def test_what_was_asked_and_said_stays_and_nobody_decides_on_their_own_answer(asked, people):
    move(answer(asked), people["head"]).whole()
    bites("reporting_explanation_frozen", partial(Explanation.objects.filter(id=asked.id).update, captured=2))
    bites("reporting_kept", partial(sql, "DELETE FROM reporting_explanation"))
    bites("reporting_kept", partial(Saying.objects.update, text="Khác"))
    bites("reporting_kept", partial(Round.objects.update, asked=5))
    told = {"explanation_id": asked.id, "at": MORNING + 2 * HOUR, "officer": people["head"].id}
    action = {"owner": people["head"], "due": date(2021, 5, 16)}
    for guard, values in {
        "reporting_saying_by_another": {"step": "decide", "text": "Thôi."} | action,
        "reporting_saying_cause": {"step": "answer", "text": "Vì máy."},
        "reporting_saying_action": {"step": "decide", "text": "Thôi.", "officer": people["chief"].id},
        "reporting_saying_by": {"step": "withdraw", "text": " "},
        "reporting_saying_step": {"step": "ask", "text": "Hỏi."},
    }.items():
        bites(guard, partial(Saying.objects.create, id=new_id(), **told | values))


def test_the_database_holds_one_answer_owed_a_unit(asked):
    later = Round.objects.create(
        id=new_id(), campaign_id=asked.campaign, day=date(2021, 5, 21), asked_at=MORNING, asked=2, answer_within=1,
        decide_within=1, chase_every=1,
    )  # fmt: skip

    def again(**more):
        values = {"captured": 1, "target": 2, "due_by": MORNING} | more
        return partial(
            Explanation.objects.create, id=new_id(), round=later, campaign_id=asked.campaign, unit_id=AN_LAM,
            reason="slow", place=1, among=2, planned=2, **values,
        )  # fmt: skip

    bites("reporting_explanation_one_owed", again())
    bites("reporting_explanation_low", again(captured=2))
    bites("reporting_explanation_ended", again(due_by=None))


def rule(campaign, **more):
    terms = {"weekday": 3, "lowest": 1, "slow": 0} | more.pop("rule", {})
    return ExplainRuleRow(campaign=campaign, since=date(2021, 5, 17), rule=replace(ASSUMED, **terms), **more)


def test_a_campaign_sets_who_is_low_from_a_day_on_and_the_past_keeps_its_rule(asked, campaign, people):
    chief = people["general"]

    def set_(row, person=chief):
        return operations.set_explain_rules(rules=[row], grants=grants(person), by=by(person), at=MORNING)

    row = rule(campaign)
    set_(row).whole()
    set_(row).whole()
    assert queries.explain_rule(campaign, date(2021, 5, 16)) == ASSUMED
    assert queries.explain_rule(campaign, date(2021, 5, 17)) == row.rule
    assert codes(set_(replace(row, since=date(2021, 5, 18)))) == [(0, "said_otherwise")]
    assert codes(set_(rule(campaign, rule={"weekday": 8}))) == [(0, "bad_explain_rule")]
    assert codes(set_(rule(campaign, rule={"slow": 101}))) == [(0, "bad_explain_rule")]
    assert codes(set_(rule(campaign, rule={"levels": frozenset()}))) == [(0, "bad_explain_rule")]
    assert codes(set_(replace(rule(campaign), since=FRIDAY))) == [(0, "already_asked")]
    assert codes(set_(rule(campaign), people["head"])) == [(0, "not_allowed")]
    assert codes(set_(rule(new_id()))) == [(0, "unknown_campaign")]
