"""Absences of officers: told, refused where they have a duty unless somebody stands in, ended early, withdrawn."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from muster.kernel.actor import Actor
from muster.kernel.clock import work_day
from muster.kernel.errors import BatchResult, Refusal
from muster.people.rights import Grants, require_own
from muster.plan import queries
from muster.plan.models import Absence
from muster.plan.moves import ABSENCE_MOVES, after
from muster.plan.operations.arming import arm, fit
from muster.plan.operations.common import IdTaken, Sieve, UnknownOfficer, tell_quietly
from muster.plan.queries import AbsenceLine, DutyHeld
from muster.plan.rows import AbsenceMove, AbsenceRow
from muster.plan.words import ABSENCE, AbsenceKind

TELL = "plan.absences"
LONGEST = timedelta(days=366)
WORDS = 120


class BadAbsence(Refusal):
    """An absence ends after it begins, within a year."""

    code = "bad_absence"
    vi = "Thời gian vắng phải có đầu trước cuối và không quá một năm."
    en = "An absence ends after it begins, within a year."


class IllIsEnough(Refusal):
    """Of an illness nothing is written down but that there is one."""

    code = "ill_is_enough"
    vi = "Khi ốm chỉ ghi là ốm, không ghi gì về bệnh."
    en = "Of an illness nothing is written down but that there is one."


class NoteTooLong(Refusal):
    """A note has at most 120 letters."""

    code = "note_too_long"
    vi = "Ghi chú không quá 120 chữ cái."
    en = "A note has at most 120 letters."


class AwayAlready(Refusal):
    """The officer is away at that time already."""

    code = "away_already"
    vi = "Cán bộ {officer} đã được ghi vắng trong thời gian đó."
    en = "Officer {officer} is away at that time already."


class StandsInForNobody(Refusal):
    """Whoever stands in is another officer who works here."""

    code = "stands_in_for_nobody"
    vi = "Người thay phải là một cán bộ khác đang công tác."
    en = "Whoever stands in is another officer who works here."


class OnDuty(Refusal):
    """The officer has a duty at that time: somebody stands in, or the crew changes first."""

    code = "on_duty"
    vi = "Cán bộ {officer} đã có ca ngày {days}; hãy chọn người thay hoặc thay người trong tổ trước."
    en = "Officer {officer} has a shift on {days}; choose who stands in, or change the crew first."


class DutyHasBegun(Refusal):
    """Nobody stands in for what has begun or is over: the absence begins after it."""

    code = "duty_has_begun"
    vi = "Cán bộ {officer} đang hoặc đã làm ca ngày {days}; thời gian vắng phải bắt đầu sau ca đó."
    en = "Officer {officer} is or was at work on {days}; the absence begins after that shift."


class UnknownAbsence(Refusal):
    """There is no such absence."""

    code = "unknown_absence"
    vi = "Không có lần vắng {absence}."
    en = "There is no absence {absence}."


class ChangedMeanwhile(Refusal):
    """Somebody changed the absence after it was read."""

    code = "changed_meanwhile"
    vi = "Lần vắng này vừa được người khác sửa; hãy mở lại rồi làm tiếp."
    en = "Somebody else has just changed this absence; open it again."


class NotThen(Refusal):
    """An absence ends early within its time, and is withdrawn before it begins."""

    code = "not_then"
    vi = "Chỉ kết thúc sớm trong thời gian vắng, và chỉ rút lại khi chưa bắt đầu."
    en = "An absence ends early within its time, and is withdrawn before it begins."


@transaction.atomic
def record_absences(
    *, absences: Sequence[AbsenceRow], grants: Grants | None, by: Actor, at: datetime
) -> BatchResult[UUID]:
    """Write down who is away; the same sent twice is written once.

    An officer who has a duty meanwhile is away only if somebody stands in who is trained, there, free and rested: they
    take over the planned sessions in the same transaction, or nothing of the row is written.

    :param grants: what the officer who tells holds, at the unit of whoever is away
    Rows are refused with `UnknownOfficer`, `NotAllowed`, `BadAbsence`, `IllIsEnough`, `NoteTooLong`, `AwayAlready`,
    `StandsInForNobody`, `OnDuty`, `DutyHasBegun`, `IdTaken`, and with what `scheduling.Diary` refuses of who stands in.
    """
    officers = {row.officer for row in absences} | {row.stand_in for row in absences if row.stand_in}
    if absences:
        _hold(officers, min(row.starts_at for row in absences), max(row.ends_at for row in absences))
    serving, names = queries.officers_in_service(officers), queries.officer_names(officers)
    stored = queries.absences_by_ids({row.id for row in absences})
    fresh: list[UUID] = []

    def check(row: AbsenceRow) -> None:
        if row.officer not in serving:
            raise UnknownOfficer(officer=names.get(row.officer, row.officer))
        require_own(grants, TELL, serving[row.officer], by)
        if row.id in stored:
            told = stored[row.id]
            if (told.officer, told.kind, told.starts_at) != (row.officer, row.kind, row.starts_at):
                raise IdTaken(id=row.id)
            return
        _check_row(row, set(serving))
        with transaction.atomic():
            _write(row, names[row.officer], by, at)
        stored[row.id] = queries.absences_by_ids([row.id])[row.id]
        fresh.append(row.id)

    sieve = Sieve(absences)
    sieve.keep(check)
    tell_quietly(fresh, by, at, "plan.record_absences", ABSENCE)
    return sieve.result(lambda row: row.id)


def _hold(officers: set[UUID], starts: datetime, ends: datetime) -> None:
    """Hold officers and all at work with them at once: their sessions are written anew, and another batch may wait."""
    queries.hold_officers(queries.at_work_with(officers, starts, ends))


def _check_row(row: AbsenceRow, serving: set[UUID]) -> None:
    if not timedelta(0) < row.ends_at - row.starts_at <= LONGEST:
        raise BadAbsence
    if row.kind is AbsenceKind.ILL and row.note.strip():
        raise IllIsEnough
    if len(row.note.strip()) > WORDS:
        raise NoteTooLong
    if row.stand_in is not None and (row.stand_in == row.officer or row.stand_in not in serving):
        raise StandsInForNobody


def _write(row: AbsenceRow, name: str, by: Actor, at: datetime) -> None:
    """Write an absence, and let who stands in take over what is planned.

    :raises AwayAlready: the officer is away then already
    :raises OnDuty: the officer has a duty, and nobody stands in
    :raises DutyHasBegun: one of the duties is no plan any more
    :raises Refusal: who stands in may not take one of them
    """
    first, last = work_day(row.starts_at), work_day(row.ends_at)
    held = queries.absences([row.officer], first, last).get(row.officer, ())
    if any(one.meets(row.starts_at, row.ends_at) for one in held):
        raise AwayAlready(officer=name)
    duties = queries.duties_within(row.officer, row.starts_at, row.ends_at)
    begun = [one for one in duties if one.state != "planned"]
    if begun:
        raise DutyHasBegun(officer=name, days=_days(begun))
    if duties and row.stand_in is None:
        raise OnDuty(officer=name, days=_days(duties))
    sessions = [one.session for one in duties]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM plan_duty WHERE officer_id = %s AND session_id = ANY(%s)", [row.officer, sessions])
    Absence.objects.create(
        id=row.id, officer_id=row.officer, kind=row.kind.value, starts_at=row.starts_at, ends_at=row.ends_at,
        stand_in_id=row.stand_in, note=row.note.strip(),
    )  # fmt: skip
    if sessions:
        fitted, refused = fit(queries.sessions_as_rows(sessions))
        for refusal in refused.values():
            raise refusal
        arm(fitted, by, at)


def _days(duties: Sequence[DutyHeld]) -> str:
    return ", ".join(f"{day:%d/%m/%Y}" for day in sorted({one.work_day for one in duties}))


@transaction.atomic
def move_absences(*, moves: Sequence[AbsenceMove], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Let absences end early or never have been, each as read at its version; sent again it changes nothing.

    Planned sessions that somebody stands in for after that go back to the officer, where they are free and rested.

    Rows are refused with `UnknownAbsence`, `NotAllowed`, `WrongState`, `ChangedMeanwhile` and `NotThen`.
    """
    ids = {row.absence for row in moves}
    list(Absence.objects.select_for_update().filter(id__in=ids).order_by("id").values_list("id"))
    lines = queries.absences_by_ids(ids)
    serving = queries.officer_units({line.officer for line in lines.values()})
    paths = queries.unit_paths({line.unit for line in lines.values()} | set(serving.values()))
    if lines:
        told = lines.values()
        people = {one for line in told for one in (line.officer, line.stand_in) if one}
        _hold(people, min(line.starts_at for line in told), max(line.ends_at for line in told))
    done: list[UUID] = []

    def check(row: AbsenceMove) -> None:
        line = lines.get(row.absence)
        if line is None:
            raise UnknownAbsence(absence=row.absence)
        require_own(grants, TELL, paths[line.unit], by)
        state = ABSENCE_MOVES.get(row.move, (frozenset(), ""))[1]
        ends = row.ends_at if row.move == "end" else line.ends_at
        if (line.state, line.ends_at) == (state, ends):
            return
        after(ABSENCE_MOVES, line.state, row.move)
        if line.version != row.version:
            raise ChangedMeanwhile
        if ends is None or not _may(line, row.move, ends, at):
            raise NotThen
        changed = Absence.objects.filter(id=line.id)
        changed.update(state=state, ends_at=ends, version=line.version + 1)
        _give_back(line, line.starts_at if row.move == "withdraw" else ends, by, at)
        lines[line.id] = queries.absences_by_ids([line.id])[line.id]
        done.append(line.id)

    sieve = Sieve(moves)
    sieve.keep(check)
    tell_quietly(done, by, at, "plan.move_absences", ABSENCE)
    return sieve.result(lambda row: row.absence)


def _may(line: AbsenceLine, move: str, ends: datetime, at: datetime) -> bool:
    return line.starts_at < ends < line.ends_at if move == "end" else line.starts_at > at


def _give_back(line: AbsenceLine, since: datetime, by: Actor, at: datetime) -> None:
    """Let an officer have the planned sessions again that somebody stands in for; what does not fit stays."""
    if line.stand_in is None:
        return
    held = {one.session for one in queries.duties_within(line.stand_in, since, line.ends_at) if one.state == "planned"}
    mine = queries.sessions_of_crew(queries.crews_of(line.officer), work_day(since))
    fitted, _ = fit({id_: row for id_, row in mine.items() if id_ in held})
    arm(fitted, by, at)
