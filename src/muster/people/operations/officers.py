"""Add officers and volunteers; deactivate them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.kernel.names import normalise, sort_key
from muster.people.models import USERNAME, Assignment, Officer
from muster.people.operations.common import Guard, IdTaken, Sieve, UnknownOfficer, audit, hands_of, lock
from muster.people.operations.passwords import check_strength
from muster.people.operations.sign_in import end_sessions
from muster.people.words import Kind


class BadUsername(Refusal):
    """A user name is 3 to 32 small plain letters, digits, dots, low lines and hyphens."""

    code = "bad_username"
    vi = "Tên đăng nhập gồm 3-32 chữ thường không dấu, chữ số, dấu chấm, gạch dưới hoặc gạch ngang."
    en = "A user name has 3 to 32 small plain letters, digits, dots, low lines or hyphens."


class Nameless(Refusal):
    """An officer has a name."""

    code = "nameless_officer"
    vi = "Thiếu họ và tên."
    en = "The full name is missing."


class UsernameTaken(Refusal):
    """Another officer has this user name."""

    code = "username_taken"
    vi = "Tên đăng nhập {username} đã có người dùng."
    en = "The user name {username} is taken."


class BadgeTaken(Refusal):
    """Another officer has this badge number."""

    code = "badge_taken"
    vi = "Số hiệu {badge} đã được cấp cho người khác."
    en = "The badge number {badge} belongs to somebody else."


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """One officer to add; without a password nobody can sign in yet. A password given so is changed at first use."""

    id: UUID
    username: str
    full_name: str
    unit: int
    kind: Kind = Kind.OFFICER
    badge: str = ""
    password: str | None = None


@transaction.atomic
def add_officers(*, officers: Sequence[NewOfficer], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Add officers; the same officer sent twice is added once.

    Rows are refused with `NotAllowed`, `UnknownUnit`, `BadUsername`, `Nameless`, `WeakPassword`, `UsernameTaken`,
    `BadgeTaken` and `IdTaken`.
    """
    guard = Guard(by, at, {row.unit for row in officers})
    first_to_ask: dict[str, UUID] = {}

    def check(row: NewOfficer) -> None:
        guard.check(row.unit, at)
        if not re.fullmatch(USERNAME, row.username):
            raise BadUsername
        if not normalise(row.full_name):
            raise Nameless
        if row.password is not None:
            check_strength(row.password, row.username, row.full_name)
        if first_to_ask.setdefault(row.username, row.id) != row.id:
            raise UsernameTaken(username=row.username)
        if row.badge and first_to_ask.setdefault(f"badge {row.badge}", row.id) != row.id:
            raise BadgeTaken(badge=row.badge)

    sieve = Sieve(officers)
    good = sieve.keep(check)
    before = set(Officer.objects.filter(id__in=[row.id for row in good]).values_list("id", flat=True))
    fresh = {row.id: row for row in reversed(good) if row.id not in before}
    hands = hands_of(by)
    Officer.objects.bulk_create([_officer(fresh[key], hands, at) for key in sorted(fresh)], ignore_conflicts=True)
    stored = Officer.objects.in_bulk([row.id for row in good])
    kept = sieve.keep(lambda row: _check_stored(row, stored.get(row.id)))
    audit(by, at, "people.add", ("officer", dict.fromkeys(row.id for row in kept if row.id in fresh)))
    return sieve.result(lambda row: row.id)


def _officer(row: NewOfficer, hands: list[UUID], at: datetime) -> Officer:
    return Officer(
        id=row.id,
        username=row.username,
        full_name=normalise(row.full_name),
        name_sort=sort_key(row.full_name),
        badge=row.badge.strip(),
        unit_id=row.unit,
        kind=row.kind.value,
        password=make_password(row.password),
        added_at=at,
        hands=hands,
    )


def _check_stored(row: NewOfficer, stored: Officer | None) -> None:
    """Refuse a row that the table did not take, or that its id has already said otherwise."""
    if stored is None:
        if Officer.objects.filter(username=row.username).exists():
            raise UsernameTaken(username=row.username)
        raise BadgeTaken(badge=row.badge)
    if (stored.username, stored.kind) != (row.username, row.kind.value):
        raise IdTaken(id=row.id)


@transaction.atomic
def deactivate_officers(*, officers: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Deactivate officers: their roles and their sessions end at this moment; who is inactive already stays so.

    Rows are refused with `UnknownOfficer`, `NotAllowed` and `NotYourself`.
    """
    known = lock(officers)
    guard = Guard(by, at, {row.unit_id for row in known.values()})

    def check(officer: UUID) -> None:
        if officer not in known:
            raise UnknownOfficer(officer=officer)
        guard.check(known[officer].unit_id, at)
        guard.check_other(officer)

    sieve = Sieve(officers)
    good = sieve.keep(check)
    going = [officer for officer in dict.fromkeys(good) if known[officer].is_active]
    Officer.objects.filter(id__in=going).update(is_active=False, deactivated_at=at)
    _end_roles(going, at)
    end_sessions(officers=going, reason="deactivated", by=by, at=at)
    audit(by, at, "people.deactivate", ("officer", going))
    return sieve.result(lambda officer: officer)


def _end_roles(officers: Sequence[UUID], at: datetime) -> None:
    """End what is held now; what was to begin later never does."""
    running = Assignment.objects.filter(officer__in=officers)
    running.filter(valid_from__lte=at, valid_to__isnull=True).update(valid_to=at)
    running.filter(valid_from__lte=at, valid_to__gt=at).update(valid_to=at)
    for later in running.filter(valid_from__gt=at).exclude(valid_to=at).order_by("id"):
        Assignment.objects.filter(id=later.id).update(valid_to=later.valid_from)
