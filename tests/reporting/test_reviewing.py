"""The evening review: what is said of a day, and actions that come back every evening until they have ended."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.people.words import Role
from muster.reporting import operations, queries
from muster.reporting.models import Review, Task
from muster.reporting.reviewing import MOVES, State, Step, WrongState, after
from muster.reporting.rows import ReviewRow, TaskEnd, TaskRow
from tests.reporting.conftest import AN_LAM, DISTRICT, HOP_TIEN, MACHINE, bites, campaign, codes, sql, units
from tests.reporting.test_explaining import by, grants, people

__all__ = ["campaign", "people", "units"]

DAY = date(2021, 5, 14)
ONE = timedelta(days=1)


def evening(day=DAY, hour=21):
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def task(campaign, owner, **more):
    told = {"unit": AN_LAM, "day": DAY, "text": "Đổi đầu đọc vân tay máy số 2.", "due": DAY + ONE} | more
    return TaskRow(campaign=campaign, owner=owner.id, **told)


def give(row, person, at=None, role=Role.DESK_LEAD):
    return operations.give_tasks(tasks=[row], grants=grants(person, role), by=by(person), at=at or evening())


def end(id_, person, step=Step.DO, at=None, role=Role.DESK_LEAD, told="Đã đổi, máy chạy tốt."):
    row = TaskEnd(task=id_, step=step, told=told)
    return operations.end_tasks(ends=[row], grants=grants(person, role), by=by(person), at=at or evening(DAY + ONE))


@pytest.fixture
def given(campaign, people):
    return give(task(campaign, people["head"]), people["head"]).whole()[0]


def on(day):
    return [one.id for one in queries.tasks_on(AN_LAM, day)]


def test_an_action_comes_back_every_evening_until_it_is_done_and_once_more_that_day(given, people):
    assert on(DAY - ONE) == []
    assert all(on(DAY + n * ONE) == [given] for n in range(9))
    end(given, people["head"], at=evening(DAY + 3 * ONE)).whole()
    assert [on(DAY + n * ONE) == [given] for n in range(6)] == [True] * 4 + [False] * 2
    (line,) = queries.tasks_on(AN_LAM, DAY + 3 * ONE)
    assert (line.state, line.told, line.carried(DAY + 3 * ONE)) == (State.DONE, "Đã đổi, máy chạy tốt.", 3)


def test_late_is_what_is_open_past_its_day(given):
    (line,) = queries.tasks_on(AN_LAM, DAY)
    assert [line.is_late(DAY + n * ONE) for n in range(3)] == [False, False, True]
    assert [one.id for one in queries.open_tasks(DISTRICT, DAY)] == [given]
    assert queries.open_tasks(DISTRICT, DAY - ONE) == queries.open_tasks(HOP_TIEN, DAY) == []


def test_who_owns_it_says_it_is_done_without_a_role_and_only_the_unit_drops_it(campaign, people):
    head, stranger = people["head"], people["stranger"]
    given = give(task(campaign, stranger), head).whole()[0]
    assert [one.id for one in queries.tasks_owned(stranger.id)] == [given]
    assert codes(end(given, stranger, Step.DROP, role=Role.CREW)) == [(0, "not_allowed")]
    assert codes(end(given, people["chief"], role=Role.CREW)) == [(0, "not_allowed")]
    end(given, stranger, role=Role.CREW).whole()
    assert queries.tasks_owned(stranger.id) == []
    other = give(task(campaign, stranger), head).whole()[0]
    end(other, head, Step.DROP, told="Đã có máy mới.").whole()
    assert queries.tasks_by_ids([other])[other].state is State.DROPPED


def test_ended_twice_it_is_ended_once_and_never_otherwise(given, people):
    for _ in range(2):
        end(given, people["head"]).whole()
    assert codes(end(given, people["head"], Step.DROP, told="Thôi.")) == [(0, "task_wrong_state")]
    assert codes(end(new_id(), people["head"])) == [(0, "unknown_task")]
    assert sql("SELECT move FROM events_event JOIN events_metric AS m ON m.id = metric_id WHERE kind = 'task'"
               " ORDER BY events_event.id") == [("give",), ("do",)]  # fmt: skip


def test_what_is_incomplete_is_refused_by_its_own_code(campaign, people):
    head = people["head"]
    row = task(campaign, head)
    assert codes(give(replace(row, due=DAY - ONE), head)) == [(0, "task_due_before")]
    assert codes(give(replace(row, day=DAY + ONE, due=DAY + ONE), head)) == [(0, "review_not_that_day")]
    assert codes(give(replace(row, text=" "), head)) == [(0, "report_note")]
    assert codes(give(replace(row, owner=new_id()), head)) == [(0, "unknown_officer")]
    assert codes(give(replace(row, unit=HOP_TIEN), head)) == [(0, "not_allowed")]
    assert codes(give(row, head, role=Role.CREW)) == [(0, "not_allowed")]
    assert codes(give(replace(row, campaign=new_id()), head)) == [(0, "unknown_campaign")]
    machine = operations.give_tasks(tasks=[row], grants=None, by=MACHINE, at=evening())
    assert codes(machine) == [(0, "said_by_a_person")]
    assert [give(row, head).whole() for _ in range(2)] == [[row.id]] * 2
    assert codes(give(replace(row, text="Khác."), head)) == [(0, "id_taken")]


def look(campaign, person, text, at=None, **more):
    row = ReviewRow(campaign=campaign, text=text, **{"unit": AN_LAM, "day": DAY} | more)
    held = grants(person, Role.DESK_LEAD)
    return operations.write_reviews(reviews=[row], grants=held, by=by(person), at=at or evening())


def test_of_what_is_said_of_a_day_the_last_counts(campaign, people):
    head = people["head"]
    assert queries.review(AN_LAM, DAY) is None
    look(campaign, head, "Ca tối đông, máy 2 chậm.").whole()
    look(campaign, head, "Ca tối đông; máy 2 hỏng từ 19 giờ.", evening(hour=22)).whole()
    assert queries.review(AN_LAM, DAY).text == "Ca tối đông; máy 2 hỏng từ 19 giờ."
    assert queries.review(AN_LAM, DAY).officer_name == "Nguyễn Văn An"
    assert Review.objects.count() == 2
    assert codes(look(campaign, head, "Mai.", day=DAY + ONE)) == [(0, "review_not_that_day")]
    assert codes(look(campaign, head, " ")) == [(0, "report_note")]
    assert codes(look(campaign, head, "Ở xa.", unit=HOP_TIEN)) == [(0, "not_allowed")]
    assert sql("SELECT count(*) FROM audit_batch WHERE action = 'reporting.write_reviews'") == [(2,)]


@pytest.mark.parametrize("state", [None, *State])
@pytest.mark.parametrize("step", Step)
def test_every_pair_of_state_and_move_is_in_the_table_or_refused(state, step):
    if state in MOVES[step]:
        assert after(state, step) is MOVES[step][state]
    else:
        with pytest.raises(WrongState):
            after(state, step)


def test_the_database_keeps_what_was_said_and_given(campaign, given, people):
    look(campaign, people["head"], "Ca tối đông.").whole()
    bites("reporting_kept", partial(Review.objects.update, text="Khác."))
    bites("reporting_kept", partial(sql, "DELETE FROM reporting_task"))
    change = Task.objects.filter(id=given).update
    bites("reporting_task_frozen", partial(change, due=DAY))
    bites("reporting_task_ended", partial(change, state="done"))
    end(given, people["head"]).whole()
    bites("reporting_task_frozen", partial(change, state="open", told="", ended_by=None, ended_at=None))
