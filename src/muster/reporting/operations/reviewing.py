"""Write the evening's look back, give actions with owner and day, end them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.clock import aware, work_day
from muster.kernel.errors import BatchResult, Refusal
from muster.people.rights import Grants, require_own
from muster.plan import queries as plan
from muster.plan.operations.common import IdTaken, Known, Sieve, UnknownOfficer, tell, tell_quietly
from muster.reporting import queries
from muster.reporting.models import Review, Task
from muster.reporting.operations.common import check_text, person
from muster.reporting.reviewing import KIND, Step, after
from muster.reporting.rows import ReviewRow, TaskEnd, TaskRow

WRITE, REVIEW = "review.write", "review"


class NotThatDay(Refusal):
    """A day is looked back at on its evening or later, never before."""

    code = "review_not_that_day"
    vi = "Chưa đến ngày {day}."
    en = "{day} has not come yet."


class DueBefore(Refusal):
    """An action is due on the day it is given, or later."""

    code = "task_due_before"
    vi = "Hạn làm xong không được trước ngày rút kinh nghiệm."
    en = "An action is due on the day of its review, or later."


class UnknownTask(Refusal):
    """There is no such action."""

    code = "unknown_task"
    vi = "Không có việc {task}."
    en = "There is no action {task}."


@transaction.atomic
def write_reviews(
    *, reviews: Sequence[ReviewRow], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:  # fmt: skip
    """Write what units say of a day; written anew, the last one counts. One sent again is passed over.

    Rows are refused with `UnknownUnit`, `UnknownCampaign`, `NotAllowed`, `SaidByAPerson`, `NotThatDay`, `NoteTooLong`
    and `IdTaken`.
    """
    known = Known([row.unit for row in reviews], [row.campaign for row in reviews])
    there = Review.objects.in_bulk([row.id for row in reviews])
    new: list[Review] = []

    def check(row: ReviewRow) -> None:
        require_own(grants, WRITE, known.unit(row.unit), by)
        known.campaign(row.campaign)
        if row.day > work_day(aware(at)):
            raise NotThatDay(day=f"{row.day:%d/%m/%Y}")
        text = check_text(row.text, needed=True)
        if row.id in there:
            if (there[row.id].unit_id, there[row.id].day, there[row.id].text) != (row.unit, row.day, text):
                raise IdTaken(id=row.id)
            return
        one = Review(
            id=row.id, campaign_id=row.campaign, unit_id=row.unit, day=row.day, text=text, officer=person(by), at=at
        )  # fmt: skip
        there[row.id] = one
        new.append(one)

    sieve = Sieve(reviews)
    sieve.keep(check)
    Review.objects.bulk_create(new)
    tell_quietly([one.id for one in new], by, at, "reporting.write_reviews", REVIEW)
    return sieve.result(lambda row: row.id)


@transaction.atomic
def give_tasks(*, tasks: Sequence[TaskRow], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Give actions in the review of a day, each with an owner and a day; one sent again is passed over.

    Rows are refused with `UnknownUnit`, `UnknownCampaign`, `NotAllowed`, `SaidByAPerson`, `NotThatDay`, `DueBefore`,
    `UnknownOfficer`, `NoteTooLong` and `IdTaken`.
    """
    known = Known([row.unit for row in tasks], [row.campaign for row in tasks])
    serving = plan.officers_in_service({row.owner for row in tasks})
    there = Task.objects.in_bulk([row.id for row in tasks])
    new: list[Task] = []

    def check(row: TaskRow) -> None:
        require_own(grants, WRITE, known.unit(row.unit), by)
        known.campaign(row.campaign)
        if row.day > work_day(aware(at)):
            raise NotThatDay(day=f"{row.day:%d/%m/%Y}")
        if row.due < row.day:
            raise DueBefore
        if row.owner not in serving:
            raise UnknownOfficer(officer=row.owner)
        text = check_text(row.text, needed=True)
        if row.id in there:
            held = there[row.id]
            if (held.unit_id, held.day, held.text, held.owner_id) != (row.unit, row.day, text, row.owner):
                raise IdTaken(id=row.id)
            return
        one = Task(
            id=row.id, campaign_id=row.campaign, unit_id=row.unit, day=row.day, text=text, owner_id=row.owner,
            due=row.due, state=after(None, Step.GIVE).value, given_by=person(by), given_at=at,
        )  # fmt: skip
        there[row.id] = one
        new.append(one)

    sieve = Sieve(tasks)
    sieve.keep(check)
    Task.objects.bulk_create(new)
    moves = [
        Move(thing=one.id, kind=KIND, move=Step.GIVE.value, unit_done=one.unit_id, occurred_at=at) for one in new
    ]  # fmt: skip
    tell(moves, by, at, "reporting.give_tasks", KIND)
    return sieve.result(lambda row: row.id)


@transaction.atomic
def end_tasks(*, ends: Sequence[TaskEnd], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Say that actions are done, or why they are dropped; who owns one says it is done without a role.

    Ended the same way by the same officer again nothing happens. Rows are refused with `UnknownTask`, `NotAllowed`,
    `WrongState`, `NoteTooLong` and `SaidByAPerson`.
    """
    ids = [row.task for row in ends]
    list(Task.objects.filter(id__in=ids).order_by("id").select_for_update(no_key=True).values_list("id"))
    held = queries.tasks_by_ids(ids)
    done: dict[UUID, tuple[TaskEnd, str]] = {}

    def check(row: TaskEnd) -> None:
        line, officer = held.get(row.task), person(by)
        if line is None:
            raise UnknownTask(task=row.task)
        if not (row.step is Step.DO and line.owner == officer):
            require_own(grants, WRITE, line.path, by)
        text = check_text(row.told, needed=True)
        if line.id in done or (line.ended_by, line.told) == (officer, text):
            return
        after(line.state, row.step)
        done[line.id] = row, text

    sieve = Sieve(ends)
    sieve.keep(check)
    for id_, (row, text) in done.items():
        state = after(held[id_].state, row.step).value
        Task.objects.filter(id=id_).update(state=state, told=text, ended_by=by.officer, ended_at=at)
    moves = [
        Move(thing=id_, kind=KIND, move=row.step.value, unit_done=held[id_].unit, occurred_at=at)
        for id_, (row, _) in done.items()
    ]
    tell(moves, by, at, "reporting.end_tasks", KIND)
    return sieve.result(lambda row: row.task)
