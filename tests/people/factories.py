"""People made by hand, past the operations: what the database itself lets in and keeps out."""

import datetime as dt
from typing import Any

from muster.audit.queries import latest
from muster.kernel.actor import Actor, Purpose
from muster.kernel.errors import BatchResult
from muster.kernel.names import sort_key
from muster.people.models import Approval, Assignment, Officer
from muster.units.queries import Unit
from tests.units.factories import unit

NOW = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)  # 15:00 in Viet Nam
HOUR = dt.timedelta(hours=1)


def province() -> Unit:
    """Return the one province of these tests, made when it is not there."""
    return Unit.objects.filter(id=2).first() or unit(2)


def commune(id: int = 3) -> Unit:  # noqa: A002
    """Return a commune of the province, made when it is not there."""
    return Unit.objects.filter(id=id).first() or unit(id, province(), level="commune")


def officer(username: str = "an.nguyen", **changes: Any) -> Officer:
    """Save one officer, at the province unless said otherwise."""
    name = str(changes.pop("full_name", "Nguyễn Văn An"))
    values: dict[str, Any] = {
        "kind": "officer",
        "added_at": NOW,
        "password": "!",
        "password_temporary": False,
        "confirmed_at": NOW,
    }
    values |= {"username": username, "full_name": name, "name_sort": sort_key(name)} | changes
    if "unit" not in values:
        values["unit"] = province()
    return Officer.objects.create(**values)


def assignment(to: Officer, role: str, **changes: Any) -> Assignment:
    """Save one assignment, open-ended and at the officer's own unit unless said otherwise."""
    values: dict[str, Any] = {"kind": to.kind, "unit_id": to.unit_id, "valid_from": NOW - 24 * HOUR}
    if "unit" in changes:
        values.pop("unit_id")
    return Assignment.objects.create(officer=to, role=role, **values | changes)


def approval(asked_by: Officer, **changes: Any) -> Approval:
    """Save one approval, asked for an hour ago and open for another day unless said otherwise."""
    values: dict[str, Any] = {
        "kind": "merge", "subject_kind": "case", "subject": asked_by.id, "unit_id": asked_by.unit_id,
        "asked_by": asked_by, "asked_at": NOW - HOUR, "expires_at": NOW + 24 * HOUR, "reason": "Trùng người",
    }  # fmt: skip
    return Approval.objects.create(**values | changes)


SYSTEM = Actor(officer=None, unit=1, purpose=Purpose.ADMINISTER)


def acting(person: Officer, purpose: Purpose = Purpose.ADMINISTER) -> Actor:
    """Return an officer as who acts, for their own unit."""
    return Actor(person.id, person.unit_id, purpose)


def administrator(username: str = "quan.tri", **changes: Any) -> Officer:
    """Save an officer who administers the province (or another unit)."""
    person = officer(username, full_name="Hoàng Anh Tuấn", **changes)
    assignment(person, "administrator")
    return person


def audited() -> list[tuple[str, int]]:
    """Return what the audit holds: action and number of subjects, in the order written."""
    return [(look.action, look.entries) for look in reversed(latest(limit=1_000))]


def codes(result: BatchResult[Any]) -> list[tuple[int, str]]:
    """Return the refused rows of a batch as place and code."""
    return [(row.index, row.refusal.code) for row in result.refused]
