"""Write what worked, pass it on from above, take it up, withdraw it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.clock import aware, work_day
from muster.kernel.errors import BatchResult, Refusal
from muster.people.rights import Grants, require_own
from muster.plan.operations.common import IdTaken, Known, Sieve, tell
from muster.reporting import queries
from muster.reporting.models import Practice, Uptake
from muster.reporting.operations.common import check_text, person
from muster.reporting.practising import KIND, State, Step, after
from muster.reporting.queries import PracticeLine
from muster.reporting.rows import PracticeAct, PracticeRow

WRITE, SHARE = "practice.write", "practice.share"
TITLE, TEXT = 120, 1000


class BadPractice(Refusal):
    """A note has a title, a text and a cause that it helps against."""

    code = "bad_practice"
    vi = "Kinh nghiệm cần tên ngắn (120 ký tự), nội dung (1000 ký tự) và ít nhất một nguyên nhân mà nó khắc phục."
    en = "A note has a title of at most 120 letters, a text of at most 1000, and a cause that it helps against."


class UnknownPractice(Refusal):
    """There is no such note, or not for this unit."""

    code = "unknown_practice"
    vi = "Không có kinh nghiệm {practice}, hoặc chưa được phổ biến đến đơn vị này."
    en = "There is no note {practice}, or it does not reach this unit."


class OwnPractice(Refusal):
    """A unit does not take up its own note."""

    code = "own_practice"
    vi = "Đơn vị đã viết kinh nghiệm này không tự ghi là đã áp dụng."
    en = "The unit that wrote a note does not take it up."


class NotFurther(Refusal):
    """A note is passed on to the area of a unit above the one it reaches."""

    code = "practice_not_further"
    vi = "Chỉ phổ biến được từ một cấp trên của phạm vi hiện tại."
    en = "A note is passed on from a unit above where it reaches already."


@transaction.atomic
def write_practices(
    *, practices: Sequence[PracticeRow], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Write what worked at units; a note sent again is passed over.

    Rows are refused with `UnknownUnit`, `UnknownCampaign`, `NotAllowed`, `SaidByAPerson`, `BadPractice` and `IdTaken`.
    """
    known = Known([row.unit for row in practices], [row.campaign for row in practices])
    there = Practice.objects.in_bulk([row.id for row in practices])
    new: list[Practice] = []

    def check(row: PracticeRow) -> None:
        require_own(grants, WRITE, known.unit(row.unit), by)
        known.campaign(row.campaign)
        one = _practice(row, by, at)
        if row.id in there:
            held = there[row.id]
            if (held.unit_id, held.title, held.text, held.officer) != (one.unit_id, one.title, one.text, one.officer):
                raise IdTaken(id=row.id)
            return
        there[row.id] = one
        new.append(one)

    sieve = Sieve(practices)
    sieve.keep(check)
    Practice.objects.bulk_create(new)
    moves = [_move(one.id, Step.WRITE, one.unit_id, at, " ".join(one.causes)) for one in new]
    tell(moves, by, at, "reporting.write_practices", KIND)
    return sieve.result(lambda row: row.id)


def _practice(row: PracticeRow, by: Actor, at: datetime) -> Practice:
    """Return the note as it is stored.

    :raises BadPractice: something is missing, or too long
    """
    title, text = row.title.strip(), row.text.strip()
    if not (0 < len(title) <= TITLE and 0 < len(text) <= TEXT and row.causes):
        raise BadPractice
    return Practice(
        id=row.id, campaign_id=row.campaign, unit_id=row.unit, title=title, text=text,
        causes=sorted(one.value for one in row.causes), reach_id=row.unit, state=after(None, Step.WRITE).value,
        officer=person(by), at=at,
    )  # fmt: skip


def _move(practice: UUID, step: Step, unit: int, at: datetime, reason: str = "") -> Move:
    return Move(thing=practice, kind=KIND, move=step.value, unit_done=unit, occurred_at=at, reason=reason)


@transaction.atomic
def move_practices(*, acts: Sequence[PracticeAct], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Pass notes on from a unit above, take them up for a unit, withdraw them; what was done before is passed over.

    Rows are refused with `UnknownPractice`, `UnknownUnit`, `NotAllowed`, `SaidByAPerson`, `WrongState`, `OwnPractice`,
    `NotFurther` and `NoteTooLong`.
    """
    ids = {row.practice for row in acts}
    list(Practice.objects.filter(id__in=ids).order_by("id").select_for_update(no_key=True).values_list("id"))
    held = queries.practices_by_ids(ids)
    known = Known([row.unit for row in acts])
    uptakes = set(Uptake.objects.filter(practice_id__in=ids).values_list("practice_id", "unit_id"))
    new: list[Uptake] = []
    moves: list[Move] = []

    def check(row: PracticeAct) -> None:
        officer, path = person(by), known.unit(row.unit)
        line = held.get(row.practice)
        if line is None:
            raise UnknownPractice(practice=row.practice)
        require_own(grants, SHARE if row.step is Step.SHARE else WRITE, path, by)
        changed = _changed(row, line, path)
        if row.step is Step.TAKE_UP and (line.id, row.unit) not in uptakes:
            uptakes.add((line.id, row.unit))
            day = work_day(aware(at))
            new.append(Uptake(id=row.id, practice_id=line.id, unit_id=row.unit, day=day, officer=officer, at=at))
        elif changed == line:
            return
        held[line.id] = changed
        moves.append(_move(line.id, row.step, row.unit, at))

    sieve = Sieve(acts)
    sieve.keep(check)
    Uptake.objects.bulk_create(new)
    for one in {move.thing for move in moves}:
        line = held[one]
        Practice.objects.filter(id=one).update(reach_id=line.reach, state=line.state.value, why=line.why)
    tell(moves, by, at, "reporting.move_practices", KIND)
    return sieve.result(lambda row: row.practice)


def _changed(row: PracticeAct, line: PracticeLine, path: Sequence[int]) -> PracticeLine:
    """Return the note as it is after an act.

    :raises WrongState: it has been withdrawn
    :raises NotFurther: the unit that passes it on is not above where it reaches
    :raises UnknownPractice: it does not reach the unit that takes it up, or is not of the one that withdraws it
    :raises OwnPractice: the unit that wrote it takes it up
    """
    again = row.step is Step.WITHDRAW and line.state is State.WITHDRAWN
    state = line.state if again else after(line.state, row.step)
    if row.step is Step.SHARE:
        if row.unit not in line.path[: line.path.index(line.reach) + 1]:
            raise NotFurther
        return replace(line, reach=row.unit)
    if row.step is Step.TAKE_UP:
        if row.unit == line.unit:
            raise OwnPractice
        if line.reach not in path and row.unit not in line.path:
            raise UnknownPractice(practice=row.practice)
        return line
    if row.unit != line.unit:
        raise UnknownPractice(practice=row.practice)
    return line if again else replace(line, state=state, why=check_text(row.why, needed=True))
