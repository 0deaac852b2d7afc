"""A crew that changes: other people at its posts from a day on, and in the sessions that are planned already."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from muster.kernel.actor import Actor
from muster.kernel.clock import local
from muster.kernel.errors import BatchResult, Refusal
from muster.plan import queries
from muster.plan.models import Crew
from muster.plan.operations.arming import rearm_crew
from muster.plan.operations.common import Known, Sieve, UnknownCrew, tell_quietly, write
from muster.plan.operations.covering import check_trained
from muster.plan.operations.crews import CrewNamed, InAnotherCrew, check_posts
from muster.plan.rows import CrewChange
from muster.plan.words import CREW


class CrewEnded(Refusal):
    """The crew ends before that day, or begins after it."""

    code = "crew_ended"
    vi = "Tổ không hoạt động vào ngày {day}."
    en = "The crew does not stand on {day}."


class InThePast(Refusal):
    """What was done with the old people stays: a crew changes from today on at the earliest."""

    code = "in_the_past"
    vi = "Chỉ thay người từ ngày {day} trở đi; những ngày đã qua giữ nguyên."
    en = "People change from {day} on; days that are over stay as they were."


class ChangedMeanwhile(Refusal):
    """Somebody changed the crew after it was read."""

    code = "changed_meanwhile"
    vi = "Tổ vừa được người khác sửa; hãy mở lại rồi làm tiếp."
    en = "Somebody else has just changed this crew; open it again."


@transaction.atomic
def change_crews(*, changes: Sequence[CrewChange], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Let crews have other people from a day on, each as read at its version; what was sent before changes nothing.

    The sessions planned with the crew from that day on get the new people in the same transaction; where one of them
    has no time or no rest for one, the change is refused and nothing of it is written.

    Rows are refused with `UnknownCrew`, `CrewNamed`, `PostMissing`, `UnknownOfficer`, `NotTrained`, `InAnotherCrew`,
    `CrewEnded`, `InThePast`, `ChangedMeanwhile`, and with `OfficerAbsent`, `OfficerBusy`, `TooManyHours`,
    `TooLittleRest` and `NoDayOff` for the sessions.
    """
    held = {
        one.id: one
        for one in Crew.objects.select_for_update().filter(id__in={row.crew for row in changes}).order_by("id")
    }
    officers = {officer for row in changes for officer, _ in row.members}
    known, names = Known(officers=officers), queries.officer_names(officers)
    trained = queries.trained(officers, lock=True)
    changed: list[UUID] = []

    def check(row: CrewChange) -> None:
        crew = held.get(row.crew)
        if crew is None:
            raise UnknownCrew(crew=row.crew)
        if not row.name.strip():
            raise CrewNamed
        check_posts(row.members)
        if _stands(crew.id, row.since) == set(row.members) and crew.name == row.name.strip():
            return
        if crew.version != row.version:
            raise ChangedMeanwhile
        if row.since < crew.since or (crew.until is not None and row.since >= crew.until):
            raise CrewEnded(day=f"{row.since:%d/%m/%Y}")
        if row.since < (today := local(at).date()):
            raise InThePast(day=f"{today:%d/%m/%Y}")
        for officer, post in row.members:
            known.officer(officer)
            check_trained(trained, officer, post, row.since, names[officer])
        with transaction.atomic():
            _write(row, crew, names)
            rearm_crew(row.crew, row.since, by, at)
        changed.append(row.crew)

    sieve = Sieve(changes)
    sieve.keep(check)
    tell_quietly(changed, by, at, "plan.change_crews", CREW)
    return sieve.result(lambda row: row.crew)


def _stands(crew: UUID, day: date) -> set[tuple[UUID, str]]:
    return {(one.officer, one.post) for one in queries.members_of([crew]).get(crew, ()) if one.stands_on(day)}


def _write(row: CrewChange, crew: Crew, names: dict[UUID, str]) -> None:
    """Write the people of a crew from a day on; who stays at a post stays there since when they did.

    :raises InAnotherCrew: somebody stands in another crew on or after that day
    """
    staying = _stands(row.crew, row.since) & set(row.members)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM plan_member WHERE crew_id = %s AND since > %s", [row.crew, row.since])
        cursor.execute(
            "DELETE FROM plan_member WHERE crew_id = %s AND since = %s AND NOT officer_id = ANY(%s)",
            [row.crew, row.since, [officer for officer, _ in staying]],
        )
        cursor.execute(
            """
            UPDATE plan_member SET until = CASE WHEN officer_id = ANY(%s) THEN %s ELSE %s END
            WHERE crew_id = %s AND (until IS NULL OR until > %s)
            """,
            [[officer for officer, _ in staying], crew.until, row.since, row.crew, row.since],
        )
    new = [(officer, post) for officer, post in row.members if (officer, post) not in staying]
    for officer, spans in queries.memberships({officer for officer, _ in new}).items():
        if any(until is None or until > row.since for _, until in spans):
            raise InAnotherCrew(officer=names[officer])
    write(
        "plan_member",
        {"crew_id": "uuid", "officer_id": "uuid", "post": "varchar", "since": "date", "until": "date"},
        ((row.crew, officer, post.value, row.since, crew.until) for officer, post in new),
    )
    crew.name, crew.version = row.name.strip(), crew.version + 1
    crew.save(update_fields=["name", "version"])


__all__ = ["change_crews"]
