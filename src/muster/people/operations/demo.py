"""How a base gets its first people: one administrator of a real one, one officer for each role of a demonstration."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from muster.kernel.actor import Actor
from muster.kernel.errors import Refusal
from muster.kernel.ids import new_id
from muster.kernel.names import sort_key
from muster.people import queries
from muster.people.models import DemoData, Officer
from muster.people.operations.assignments import NewAssignment, assign_roles
from muster.people.operations.common import audit
from muster.people.operations.officers import NewOfficer, add_officers
from muster.people.words import Kind, Role
from muster.units.queries import ROOT

DEMO_NAMES = {
    Role.CREW: "Nguyễn Thị Hạnh",
    Role.DESK_LEAD: "Trần Văn Bình",
    Role.COMMANDER: "Lê Quang Đạo",
    Role.PLANNER: "Phạm Thu Hà",
    Role.CHECKER: "Vũ Minh Tâm",
    Role.TECHNICIAN: "Đặng Quốc Huy",
    Role.AUDITOR: "Bùi Thanh Mai",
    Role.ADMINISTRATOR: "Hoàng Anh Tuấn",
    Role.VOLUNTEER: "Đỗ Ngọc Linh",
}
SECOND_NAMES = {Role.CHECKER: "Ngô Thị Lan"}  # one checker asks to cancel a number, another decides


class AdministratorExists(Refusal):
    """A base has one first administrator; that one adds the others."""

    code = "administrator_exists"
    vi = "Đã có quản trị viên; hãy nhờ người đó thêm người mới."
    en = "There is an administrator already; ask them to add others."


class RealPeopleHere(Refusal):
    """A demonstration is never made in a base with real officers."""

    code = "real_people_here"
    vi = "Cơ sở dữ liệu đã có cán bộ thật; không tạo dữ liệu minh họa ở đây."
    en = "This base holds real officers; no demonstration is made here."


@transaction.atomic
def first_administrator(*, username: str, full_name: str, password: str, by: Actor, at: datetime) -> UUID:
    """Add the first administrator, over the whole country, and return the id.

    :raises AdministratorExists: there is one, real or of a demonstration
    :raises Refusal: what `add_officers` refuses
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7307, 1)")
    if queries.holders(Role.ADMINISTRATOR, at):
        raise AdministratorExists
    row = NewOfficer(new_id(), username, full_name, ROOT, password=password)
    add_officers(officers=[row], by=by, at=at).whole()
    Officer.objects.filter(id=row.id).update(password_temporary=False, confirmed_at=at)  # by whoever holds the server
    given = NewAssignment(new_id(), row.id, Role.ADMINISTRATOR, ROOT)
    assign_roles(assignments=[given], by=by, at=at).whole()
    return row.id


@transaction.atomic
def mark_demo(*, at: datetime) -> None:
    """Mark a base where nobody can sign in as a demonstration, before anything synthetic is put into it.

    :raises RealPeopleHere: there is an officer who is no demonstration
    """
    if queries.has_real_officers():
        raise RealPeopleHere
    DemoData.objects.get_or_create(id=1, defaults={"made_at": at})


@transaction.atomic
def make_demo_officers(*, units: Mapping[Role, int], by: Actor, at: datetime) -> Mapping[Role, UUID]:
    """Mark the base as a demonstration and add an officer for each role at the unit given, once; return their ids.

    They have no password and no second factor: they sign in by one click, on loopback only.

    :raises RealPeopleHere: there is an officer who is no demonstration
    """
    mark_demo(at=at)
    there = {row.username: row.id for row in Officer.objects.filter(is_demo=True)}
    wanted = [(role, name, demo_name(role)) for role, name in DEMO_NAMES.items() if role in units]
    wanted += [(role, name, f"{demo_name(role)}.2") for role, name in SECOND_NAMES.items() if role in units]
    fresh = [
        (role, _demo_officer(username, name, role, units[role], at))
        for role, name, username in wanted
        if username not in there
    ]
    Officer.objects.bulk_create(row for _, row in fresh)
    audit(by, at, "people.add", ("officer", [row.id for _, row in fresh]), detail="demo")
    roles = [NewAssignment(new_id(), row.id, role, units[role]) for role, row in fresh]
    assign_roles(assignments=roles, by=by, at=at).whole()
    there |= {row.username: row.id for _, row in fresh}
    return {role: there[demo_name(role)] for role in units}


def demo_name(role: Role) -> str:
    """Return the user name of the demonstration officer of a role."""
    return f"demo.{role}"


def demo_role(username: str) -> Role:
    """Return the role of a demonstration officer."""
    return Role(username.split(".")[1])


def _demo_officer(username: str, name: str, role: Role, unit: int, at: datetime) -> Officer:
    return Officer(
        username=username,
        full_name=name,
        name_sort=sort_key(name),
        unit_id=unit,
        kind=(Kind.VOLUNTEER if role is Role.VOLUNTEER else Kind.OFFICER).value,
        is_demo=True,
        password=make_password(None),
        password_temporary=False,
        added_at=at,
        confirmed_at=at,
    )
