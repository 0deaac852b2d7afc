"""Give roles at units, and end them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.people.models import Assignment, Officer
from muster.people.operations.common import Guard, IdTaken, Sieve, active, audit, lock
from muster.people.words import Kind, Role


class NotForThisKind(Refusal):
    """A volunteer holds the role of a volunteer and no other; an officer never holds it."""

    code = "not_for_this_kind"
    vi = "Vai trò {role} không giao được cho người này: tình nguyện viên không được xem dữ liệu dân cư."
    en = "The role {role} cannot be given to this person: a volunteer sees no register."


class AlreadyAssigned(Refusal):
    """The officer holds this role at this unit at that time already."""

    code = "already_assigned"
    vi = "Cán bộ đã giữ vai trò {role} tại đơn vị này trong thời gian đó."
    en = "The officer already holds the role {role} at this unit at that time."


class EndsBeforeItBegins(Refusal):
    """An assignment ends after it begins."""

    code = "ends_before_it_begins"
    vi = "Thời điểm kết thúc phải sau thời điểm bắt đầu."
    en = "The end must come after the beginning."


class UnknownAssignment(Refusal):
    """There is no such assignment."""

    code = "unknown_assignment"
    vi = "Không có phân công {assignment}."
    en = "There is no assignment {assignment}."


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """A role to give at a unit for the moments ``[valid_from, valid_to)``; from now on, and for good, unless said."""

    id: UUID
    officer: UUID
    role: Role
    unit: int
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@transaction.atomic
def assign_roles(*, assignments: Sequence[NewAssignment], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Give roles to officers; the same assignment sent twice is made once.

    Rows are refused with `UnknownOfficer`, `Inactive`, `UnknownUnit`, `NotAllowed`, `NotYourself`, `NotForThisKind`,
    `EndsBeforeItBegins`, `AlreadyAssigned` and `IdTaken`.
    """
    known = lock(row.officer for row in assignments)
    guard = Guard(by, at, {row.unit for row in assignments})

    def check(row: NewAssignment) -> None:
        officer = active(known, row.officer)
        guard.check(row.unit, at)
        guard.check_other(row.officer)
        _check(row, officer, at)

    sieve = Sieve(assignments)
    made = _insert(sieve.keep(check), known, by, at)
    stored = Assignment.objects.in_bulk([row.id for row in sieve.good])
    good = sieve.keep(lambda row: _check_stored(row, stored.get(row.id)))
    given_to = {row.officer for row in good if row.id in made}
    audit(by, at, "people.assign", ("assignment", sorted(made)), ("officer", sorted(given_to)))
    return sieve.result(lambda row: row.id)


def _check(row: NewAssignment, officer: Officer, at: datetime) -> None:
    if (row.role is Role.VOLUNTEER) != (officer.kind == Kind.VOLUNTEER):
        raise NotForThisKind(role=row.role)
    if row.valid_to is not None and row.valid_to <= (row.valid_from or at):
        raise EndsBeforeItBegins


def _check_stored(row: NewAssignment, stored: Assignment | None) -> None:
    """Refuse a row that the table did not take, or that its id has already said otherwise."""
    if stored is None:
        raise AlreadyAssigned(role=row.role)
    if (stored.officer_id, stored.role, stored.unit_id) != (row.officer, row.role, row.unit):
        raise IdTaken(id=row.id)


def _insert(rows: Sequence[NewAssignment], known: Mapping[UUID, Officer], by: Actor, at: datetime) -> set[UUID]:
    """Insert what overlaps nothing that stands; the exclusion constraint is the judge. Return what is new."""
    if not rows:
        return set()
    once: dict[UUID, NewAssignment] = {}
    for row in rows:
        once.setdefault(row.id, row)
    columns = zip(
        *(
            (row.id, row.officer, known[row.officer].kind, row.role.value, row.unit, row.valid_from or at, row.valid_to)
            for row in sorted(once.values(), key=lambda row: (row.officer, row.role, row.unit))
        ),
        strict=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO people_assignment (id, officer_id, kind, role, unit_id, valid_from, valid_to, given_by)
            SELECT asked.*, %s::uuid FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::int[],
                                                 %s::timestamptz[], %s::timestamptz[]) AS asked
            ON CONFLICT DO NOTHING RETURNING id
            """,
            [by.officer, *map(list, columns)],
        )
        return {assignment for (assignment,) in cursor.fetchall()}


@transaction.atomic
def end_assignments(*, assignments: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    """End assignments at this moment; one that has ended stays as it was, one that has not begun never does.

    Rows are refused with `UnknownAssignment` and `NotAllowed`. One's own roles may be laid down.
    """
    rows = Assignment.objects.select_for_update().filter(id__in=assignments).order_by("id")
    known = {row.id: row for row in rows}
    guard = Guard(by, at, {row.unit_id for row in known.values()})

    def check(assignment: UUID) -> None:
        if assignment not in known:
            raise UnknownAssignment(assignment=assignment)
        guard.check(known[assignment].unit_id, at)

    sieve = Sieve(assignments)
    good = sieve.keep(check)
    ending = [known[one] for one in dict.fromkeys(good) if _runs_on(known[one], at)]
    for row in ending:
        row.valid_to = max(at, row.valid_from)
    Assignment.objects.bulk_update(ending, ["valid_to"])
    officers = {row.officer_id for row in ending}
    audit(by, at, "people.end", ("assignment", [row.id for row in ending]), ("officer", officers))
    return sieve.result(lambda assignment: assignment)


def _runs_on(row: Assignment, at: datetime) -> bool:
    return row.valid_to is None or row.valid_to > max(at, row.valid_from)
