"""Training, and crews whose three posts are each held by somebody trained for it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.plan import queries
from muster.plan.models import Crew
from muster.plan.operations.arming import disarm_crews
from muster.plan.operations.common import IdTaken, Known, Sieve, UnknownCrew, once, tell_quietly, write
from muster.plan.operations.covering import check_trained
from muster.plan.rows import CrewRow, Training
from muster.plan.words import CREW, Post


class PostMissing(Refusal):
    """A crew holds all three posts: dossier, photo, fingerprints; nobody stands twice."""

    code = "post_missing"
    vi = "Tổ phải đủ ba vị trí hồ sơ, ảnh, vân tay, mỗi người một vị trí."
    en = "A crew holds the posts dossier, photo and fingerprints, nobody twice."


class InAnotherCrew(Refusal):
    """The officer stands in another crew at that time."""

    code = "in_another_crew"
    vi = "Cán bộ {officer} đang ở tổ khác."
    en = "Officer {officer} is in another crew."


class CrewNamed(Refusal):
    """A crew has a name."""

    code = "crew_without_name"
    vi = "Tổ phải có tên."
    en = "A crew has a name."


@transaction.atomic
def record_training(*, trainings: Sequence[Training], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Write down who was trained for which post; who was trained before stays trained since then.

    Rows are refused with `UnknownOfficer`.
    """
    known = Known(officers=(row.officer for row in trainings))
    sieve = Sieve(trainings)
    good = once(sieve.keep(lambda row: known.officer(row.officer)), lambda row: (row.officer, row.post))
    if good:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO plan_training (officer_id, post, "on", "where")
                SELECT * FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::text[])
                ON CONFLICT DO NOTHING RETURNING officer_id
                """,
                list(map(list, zip(*((row.officer, row.post.value, row.on, row.where) for row in good), strict=True))),
            )
            fresh = [officer for (officer,) in cursor.fetchall()]
        tell_quietly(dict.fromkeys(fresh), by, at, "plan.record_training", "officer")
    return sieve.result(lambda row: row.officer)


class _Crews:
    """The crews of a batch: what they name, and where officers stand already."""

    def __init__(self, rows: Sequence[CrewRow]) -> None:
        officers = {officer for row in rows for officer, _ in row.members}
        self.known = Known((row.unit for row in rows), (), officers)
        self.names = queries.officer_names(officers)
        self.trained = queries.trained(officers, lock=True)
        self.stands = queries.memberships(officers)
        self.stored = queries.crews_as_formed({row.id for row in rows})
        self.fresh: dict[UUID, CrewRow] = {}

    def take(self, row: CrewRow) -> None:
        """Go on only with a crew that may be formed, and keep it."""
        told = (row.unit, row.name.strip(), row.since, frozenset(row.members))
        if row.id in self.stored:
            if self.stored[row.id] != told:
                raise IdTaken(id=row.id)
            return
        self.known.unit(row.unit)
        if not row.name.strip():
            raise CrewNamed
        people = [officer for officer, _ in row.members]
        check_posts(row.members)
        for officer, post in row.members:
            self._check_member(officer, post, row.since)
        self.stored[row.id] = told
        self.fresh[row.id] = row
        for officer in people:
            self.stands.setdefault(officer, []).append((row.since, None))

    def _check_member(self, officer: UUID, post: Post, since: date) -> None:
        self.known.officer(officer)
        name = self.names[officer]
        check_trained(self.trained, officer, post, since, name)
        if any(until is None or until > since for _, until in self.stands.get(officer, ())):
            raise InAnotherCrew(officer=name)


def check_posts(members: Sequence[tuple[UUID, Post]]) -> None:
    """Go on only with all three posts, nobody twice.

    :raises PostMissing: they are not
    """
    people = [officer for officer, _ in members]
    if {post for _, post in members} != set(Post) or len(people) != len(set(people)):
        raise PostMissing


@transaction.atomic
def form_crews(*, crews: Sequence[CrewRow], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Form crews, each from a day on; the same crew sent twice is formed once.

    Rows are refused with `UnknownUnit`, `UnknownOfficer`, `CrewNamed`, `PostMissing`, `NotTrained`, `InAnotherCrew`
    and `IdTaken`.
    """
    batch = _Crews(crews)
    sieve = Sieve(crews)
    sieve.keep(batch.take)
    fresh = list(batch.fresh.values())
    write(
        "plan_crew",
        {"id": "uuid", "unit_id": "int4", "name": "varchar", "since": "date", "version": "int4"},
        ((row.id, row.unit, row.name.strip(), row.since, 1) for row in fresh),
    )
    write(
        "plan_member",
        {"crew_id": "uuid", "officer_id": "uuid", "post": "varchar", "since": "date"},
        ((row.id, officer, post.value, row.since) for row in fresh for officer, post in row.members),
    )
    tell_quietly((row.id for row in fresh), by, at, "plan.form_crews", CREW)
    return sieve.result(lambda row: row.id)


@transaction.atomic
def dissolve_crews(*, crews: Sequence[UUID], until: date, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Let crews end with the day before ``until``; one that has ended, or began no earlier, keeps its days.

    Sessions that were planned with them from that day on stand without a crew until another is found.

    Rows are refused with `UnknownCrew`.
    """
    held = {row.id: row for row in Crew.objects.select_for_update().filter(id__in=crews).order_by("id")}

    def check(crew: UUID) -> None:
        if crew not in held:
            raise UnknownCrew(crew=crew)

    sieve = Sieve(crews)
    good = [one for one in dict.fromkeys(sieve.keep(check)) if held[one].until is None and held[one].since < until]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE plan_crew SET until = %s, version = version + 1 WHERE id = ANY(%s)", [until, good])
        cursor.execute("DELETE FROM plan_member WHERE crew_id = ANY(%s) AND since >= %s", [good, until])
        cursor.execute(
            "UPDATE plan_member SET until = %s WHERE crew_id = ANY(%s) AND (until IS NULL OR until > %s)",
            [until, good, until],
        )
    disarm_crews(good, until, by, at)
    tell_quietly(good, by, at, "plan.dissolve_crews", CREW)
    return sieve.result(lambda crew: crew)
