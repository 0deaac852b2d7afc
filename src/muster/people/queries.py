"""What is asked of people: what one may do now, who is where in which role, requests, sessions, the demonstration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from muster.kernel.actor import Actor, Purpose
from muster.kernel.names import sort_key
from muster.people import rights
from muster.people.models import Approval, Assignment, DemoData, Officer, Token, WorkSession
from muster.people.rights import Grants
from muster.people.words import ApprovalKind, Kind, Role
from muster.units.queries import Unit

__all__ = [
    "Approval",
    "Assignment",
    "Officer",
    "OpenSession",
    "TokenHolder",
    "WorkSession",
    "active_officer",
    "actor",
    "browser_session",
    "by_ids",
    "by_username",
    "demo_officers",
    "enrolled",
    "grants",
    "has_demo",
    "has_officers",
    "has_real_officers",
    "holders",
    "inbox",
    "is_confirmed",
    "officer",
    "officers",
    "open_session",
    "paths",
    "requests_of",
    "roles_of",
    "sessions_of",
    "token_holder",
]

PAGE = 50


def paths(units: Iterable[int]) -> dict[int, Sequence[int]]:
    """Return the ids from the root down to each unit; a unit that is not there is left out."""
    return dict(Unit.objects.filter(id__in=set(units)).values_list("id", "ancestors"))


def grants(officer: UUID, at: datetime) -> Grants:
    """Return what an officer holds at a moment; nothing for one who is unknown or inactive.

    Every page asks this: plain statements, for composing them anew cost more than asking.
    """
    told: dict[str, Any] = {"officer": officer, "at": at, "glass": ApprovalKind.BREAK_GLASS.value}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, told)
        if (row := cursor.fetchone()) is None:
            return Grants(officer, Kind.VOLUNTEER, 0)
    kind, own, roles, units, glass = row
    held = tuple((Role(role), unit) for role, unit in zip(roles, units, strict=True))
    has = Grants(officer, Kind(kind), own, held)
    opened = rights.may_anywhere(has, "break_glass.ask", Purpose.BREAK_GLASS)  # else what opened it was taken away
    return replace(has, glass=tuple(glass)) if opened else has


_HELD = """
    SELECT kind, unit_id, roles, units,
           ARRAY(SELECT unit_id FROM people_approval AS asked
                 WHERE asked.kind = %(glass)s AND asked_by_id = officer.id AND decision = 'granted'
                   AND decided_at <= %(at)s AND expires_at > %(at)s
                 ORDER BY unit_id)
    FROM people_officer AS officer CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(role::text ORDER BY role, unit_id), '{}') AS roles,
               coalesce(array_agg(unit_id ORDER BY role, unit_id), '{}') AS units
        FROM people_assignment
        WHERE officer_id = officer.id AND valid_from <= %(at)s AND (valid_to IS NULL OR valid_to > %(at)s)
    ) AS held
    WHERE officer.id = %(officer)s AND is_active
"""


def _valid(at: datetime) -> QuerySet[Assignment]:
    return Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), valid_from__lte=at)


def actor(officer: Officer, purpose: Purpose, *, unit: int | None = None, device: str = "") -> Actor:
    """Return an officer as who acts: for their own unit unless another is named."""
    return Actor(officer.id, officer.unit_id if unit is None else unit, purpose, device)


def officer(id: UUID) -> Officer | None:  # noqa: A002
    """Return an officer with their unit, or nothing."""
    return Officer.objects.select_related("unit").filter(id=id).first()


def active_officer(id: UUID) -> Officer | None:  # noqa: A002
    """Return an active officer by id, or nothing: every page asks this."""
    found: Iterable[Officer] = Officer.objects.raw("SELECT * FROM people_officer WHERE id = %s AND is_active", [id])
    return next(iter(found), None)


def browser_session(key: str, at: datetime) -> tuple[str, datetime] | None:
    """Return what the framework keeps of a browser's session, and to when; nothing for one that has expired."""
    with connection.cursor() as cursor:
        cursor.execute(_BROWSER, [key, at])
        row: tuple[str, datetime] | None = cursor.fetchone()
    return row


_BROWSER = "SELECT session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s"


def by_username(username: str) -> Officer | None:
    """Return an active officer by user name, or nothing."""
    return Officer.objects.filter(username=username.strip().lower(), is_active=True).first()


def holders(role: Role, at: datetime) -> set[UUID]:
    """Return who is active and holds a role anywhere at a moment."""
    return set(_valid(at).filter(role=role.value, officer__is_active=True).values_list("officer_id", flat=True))


def officers(
    scope: Iterable[int], at: datetime, *, text: str = "", after: str = "", limit: int = PAGE
) -> list[Officer]:
    """Return officers below any of these units in the order of a Vietnamese list, with unit, roles and second factor.

    Each has ``current`` (assignments of that moment, with units) and ``has_factor``. Two queries at any size.

    :param text: part of a user name, the badge number, or the beginning of the given name
    :param after: the ``name_sort`` after which the page starts
    """
    found = Officer.objects.filter(unit__ancestors__overlap=sorted(scope), name_sort__gt=after)
    if typed := text.strip():
        found = found.filter(
            Q(username__contains=typed.lower()) | Q(badge=typed) | Q(name_sort__startswith=sort_key(typed))
        )
    return list(
        found.select_related("unit")
        .annotate(has_factor=Exists(TOTPDevice.objects.filter(user=OuterRef("id"), confirmed=True)))
        .prefetch_related(_current(at))
        .order_by("name_sort", "id")[:limit]
    )


def _current(at: datetime) -> "Prefetch[Any]":
    return Prefetch("assignments", _valid(at).select_related("unit").order_by("role"), to_attr="current")


def roles_of(officer: UUID, at: datetime) -> list[Assignment]:
    """Return the assignments of an officer that run or are to begin, with their units."""
    rows = Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), officer=officer)
    return list(rows.exclude(valid_to=F("valid_from")).select_related("unit").order_by("valid_from", "role"))


def enrolled(officer: UUID) -> bool:
    """Say whether an officer has a confirmed second factor."""
    return bool(TOTPDevice.objects.filter(user=officer, confirmed=True).exists())


def is_confirmed(officer: UUID) -> bool:
    """Say whether somebody else has confirmed that an account is its officer's own."""
    return Officer.objects.filter(id=officer, confirmed_at__isnull=False).exists()


def sessions_of(officer: UUID, *, limit: int = 20) -> list[WorkSession]:
    """Return an officer's sign-ins, the newest first."""
    return list(WorkSession.objects.filter(officer=officer).order_by("-started_at")[:limit])


@dataclass(frozen=True, slots=True)
class OpenSession:
    """An open work session, as the door needs to know it."""

    id: UUID
    officer: UUID
    demo: bool
    seen_at: datetime
    ends_at: datetime


def open_session(key: str) -> OpenSession | None:
    """Return the open session of a browser session's hashed key, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [key])
        row = cursor.fetchone()
    return OpenSession(*row) if row else None


_OPEN = """
    SELECT session.id, officer_id, demo, seen_at, ends_at FROM people_session AS session
    JOIN people_officer AS officer ON officer.id = officer_id
    WHERE session.key = %s AND ended_at IS NULL AND officer.is_active
"""


def inbox(grants: Grants, at: datetime, *, limit: int = PAGE) -> list[Approval]:
    """Return the requests that wait for a decision this person may take, the oldest first."""
    may_decide = Q(pk__isnull=True)
    for kind in ApprovalKind:
        reach = {unit for purpose in Purpose for unit in rights.scope(grants, f"{kind}.decide", purpose)}
        if reach:
            may_decide |= Q(kind=kind.value, unit__ancestors__overlap=sorted(reach))
    rows = Approval.objects.filter(may_decide, decision="", expires_at__gt=at).exclude(asked_by=grants.officer)
    return list(rows.select_related("unit", "asked_by").order_by("asked_at")[:limit])


def requests_of(officer: UUID, *, limit: int = PAGE) -> list[Approval]:
    """Return what an officer has asked for, the newest first."""
    rows = Approval.objects.filter(asked_by=officer).select_related("unit", "asked_by", "decided_by")
    return list(rows.order_by("-asked_at")[:limit])


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Who signs in by a token: the officer with what they hold, and the device."""

    officer: UUID
    unit: int
    device: str
    grants: Grants


def token_holder(hash_: bytes, at: datetime) -> TokenHolder | None:
    """Return who holds the token with this hash at a moment; nobody for one that has ended, or of who is inactive."""
    row = (
        Token.objects.filter(hash=hash_, made_at__lte=at, ends_at__gt=at, officer__is_active=True)
        .values_list("officer_id", "officer__unit_id", "device")
        .first()
    )
    return TokenHolder(*row, grants(row[0], at)) if row else None


def has_officers() -> bool:
    """Say whether anybody can sign in here, real or of a demonstration; the crews of a rehearsal cannot."""
    return Officer.objects.filter(is_demo=True).exists() or has_real_officers()


def has_real_officers() -> bool:
    """Say whether anybody but a demonstration was given a password or a role: the crews of a rehearsal have none."""
    roles = Assignment.objects.filter(officer=OuterRef("id"))
    passwords = ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return Officer.objects.filter(passwords | Exists(roles), is_demo=False).exists()


def has_demo() -> bool:
    """Say whether this base holds a demonstration."""
    return DemoData.objects.exists()


def demo_officers() -> list[Officer]:
    """Return the officers that one click signs in, with their units; none outside a demonstration."""
    if not has_demo():
        return []
    return list(Officer.objects.filter(is_demo=True, is_active=True).select_related("unit").order_by("username"))


def names_of(officers: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the full names of officers by id."""
    return dict(Officer.objects.filter(id__in=set(officers)).values_list("id", "full_name"))


def by_ids(officers: Iterable[UUID]) -> Mapping[UUID, Officer]:
    """Return officers with their units by id, those who no longer work here too."""
    return {row.id: row for row in Officer.objects.select_related("unit").filter(id__in=set(officers))}
