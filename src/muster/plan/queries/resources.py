"""Kits, crews, venues and closed days."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from muster.plan.models import Closure, Crew, Kit, KitPlace, Member, Training, Venue
from muster.plan.words import KitState, Post


@dataclass(frozen=True, slots=True)
class KitHeld:
    """A kit as a session needs it."""

    id: UUID
    code: str
    state: str
    rate: int
    spare: bool  # waits in the pool of spares


@dataclass(frozen=True, slots=True)
class VenueLine:
    """A venue; ``until`` is the day from which on it is closed for good."""

    id: UUID
    unit: int
    name: str
    kind: str
    kits: int
    seats: int
    until: date | None
    version: int

    def is_open(self, day: date) -> bool:
        """Say whether the venue is there on a day."""
        return self.until is None or day < self.until


@dataclass(frozen=True, slots=True)
class MemberLine:
    """An officer at a post of a crew."""

    crew: UUID
    officer: UUID
    post: str
    since: date
    until: date | None
    name: str

    def stands_on(self, day: date) -> bool:
        """Say whether the officer stands in the crew on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class KitLine:
    """A kit with the unit that holds it, and where it works now."""

    id: UUID
    code: str
    state: str
    rate: int
    source: str
    assumed: bool
    unit: int
    unit_name: str
    since: datetime
    session: UUID | None
    venue_name: str
    spare: bool  # waits in the pool of spares

    @property
    def plannable(self) -> bool:
        """Whether it works and may be given to a session."""
        return self.state == KitState.READY and not self.spare


@dataclass(frozen=True, slots=True)
class CrewLine:
    """A crew with its people by post."""

    id: UUID
    unit: int
    unit_name: str
    name: str
    since: date
    members: Sequence[tuple[str, UUID, str]]  # post, officer, name
    until: date | None
    version: int


def kit_states(kits: Collection[UUID], *, lock: bool = False) -> dict[UUID, KitHeld]:
    """Return kits by id, held (in the order of their ids) if asked."""
    rows = Kit.objects.filter(id__in=kits).order_by("id")
    if lock:
        rows = rows.select_for_update(no_key=True)
    return {row[0]: KitHeld(*row) for row in rows.values_list("id", "code", "state", "rate", "spare")}


def kit_places(kits: Collection[UUID], *, lock: bool = False) -> dict[UUID, tuple[int, datetime]]:
    """Return which unit holds each kit now and since when, held if asked."""
    rows = KitPlace.objects.filter(kit_id__in=kits, ends_at__isnull=True).order_by("kit_id")
    if lock:
        rows = rows.select_for_update(no_key=True)
    return {kit: (unit, since) for kit, unit, since in rows.values_list("kit_id", "unit_id", "starts_at")}


_KITS = """
SELECT kit.id, kit.code, kit.state, kit.rate, kit.source, kit.assumed, unit.id, unit.type_vi || ' ' || unit.name,
       place.starts_at, session.id, coalesce(venue.name, ''), kit.spare
FROM plan_kit_place AS place JOIN plan_kit AS kit ON kit.id = place.kit_id
    JOIN units_unit AS unit ON unit.id = place.unit_id
    LEFT JOIN plan_stand AS stand ON stand.kit_id = kit.id AND stand.live
        AND tstzrange(stand.starts_at, stand.ends_at) @> %(at)s
    LEFT JOIN plan_session AS session ON session.id = stand.session_id
    LEFT JOIN plan_venue AS venue ON venue.id = session.venue_id
WHERE {where} AND tstzrange(place.starts_at, place.ends_at) @> %(at)s
ORDER BY kit.code
"""


def kits(unit: int, at: datetime) -> list[KitLine]:
    """Return the kits that a unit and all below it hold at a moment, by code, with the session each works in then."""
    with connection.cursor() as cursor:
        cursor.execute(_KITS.format(where="unit.ancestors @> ARRAY[%(unit)s]"), {"unit": unit, "at": at})
        return [KitLine(*row) for row in cursor.fetchall()]


def kit(id: UUID, at: datetime) -> KitLine | None:  # noqa: A002
    """Return one kit as it is at a moment, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_KITS.format(where="kit.id = %(kit)s"), {"kit": id, "at": at})
        row = cursor.fetchone()
    return KitLine(*row) if row else None


def places_of(kit: UUID) -> list[tuple[int, datetime, datetime | None]]:
    """Return which units held a kit from when to when, the last first."""
    rows = KitPlace.objects.filter(kit_id=kit).order_by("-starts_at")
    return list(rows.values_list("unit_id", "starts_at", "ends_at"))


def trained(officers: Collection[UUID], *, lock: bool = False) -> dict[tuple[UUID, str], date]:
    """Return since when officers are trained for posts, held if asked."""
    rows = Training.objects.filter(officer_id__in=officers).order_by("officer_id", "post")
    if lock:
        rows = rows.select_for_update(no_key=True)
    return {(officer, post): on for officer, post, on in rows.values_list("officer_id", "post", "on")}


def memberships(officers: Collection[UUID]) -> dict[UUID, list[tuple[date, date | None]]]:
    """Return the days on which officers stand in crews."""
    found: dict[UUID, list[tuple[date, date | None]]] = defaultdict(list)
    for officer, since, until in Member.objects.filter(officer_id__in=officers).values_list(
        "officer_id", "since", "until"
    ):
        found[officer].append((since, until))
    return found


def crews_of(officer: UUID) -> list[UUID]:
    """Return the crews in which an officer stands, stood or is to stand."""
    return list(Member.objects.filter(officer_id=officer).values_list("crew_id", flat=True).distinct())


def crews_as_formed(crews: Collection[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """Return what was asked when these crews were formed: unit, name, since, members with posts."""
    members: dict[UUID, set[tuple[UUID, Post]]] = defaultdict(set)
    for crew, officer, post in Member.objects.filter(crew_id__in=crews).values_list("crew_id", "officer_id", "post"):
        members[crew].add((officer, Post(post)))
    rows = Crew.objects.filter(id__in=crews).values_list("id", "unit_id", "name", "since")
    return {id_: (unit, name, since, frozenset(members[id_])) for id_, unit, name, since in rows}


def members_of(crews: Collection[UUID], *, lock: bool = False) -> Mapping[UUID, list[MemberLine]]:
    """Return the members of crews, the crews held if asked."""
    if lock:
        list(Crew.objects.filter(id__in=crews).order_by("id").select_for_update(no_key=True))
    found: dict[UUID, list[MemberLine]] = defaultdict(list)
    rows = Member.objects.filter(crew_id__in=crews).order_by("crew_id", "officer_id")
    for row in rows.values_list("crew_id", "officer_id", "post", "since", "until", "officer__full_name"):
        found[row[0]].append(MemberLine(*row))
    return found


def crews(unit: int, on: date) -> list[CrewLine]:
    """Return the crews of a unit and all below it that stand on a day, by unit and name, with their people."""
    rows = Crew.objects.filter(Q(until__isnull=True) | Q(until__gt=on), unit__ancestors__contains=[unit], since__lte=on)
    return _crews(rows, on)


def crew(id: UUID, on: date) -> CrewLine | None:  # noqa: A002
    """Return one crew with its people of a day, or nothing."""
    return next(iter(_crews(Crew.objects.filter(id=id), on)), None)


def _crews(rows: "QuerySet[Crew]", on: date) -> list[CrewLine]:
    found = list(rows.select_related("unit").order_by("unit__code", "name", "id"))
    people: dict[UUID, list[tuple[str, UUID, str]]] = defaultdict(list)
    now = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))
    members = Member.objects.filter(now, crew__in=found).order_by("post", "officer__name_sort", "officer_id")
    for crew, post, officer, name in members.values_list("crew_id", "post", "officer_id", "officer__full_name"):
        people[crew].append((post, officer, name))
    return [
        CrewLine(row.id, row.unit_id, str(row.unit), row.name, row.since, people[row.id], row.until, row.version)
        for row in found
    ]


def crew_names(crews: Collection[UUID]) -> dict[UUID, str]:
    """Return what crews are called."""
    return dict(Crew.objects.filter(id__in=crews).values_list("id", "name"))


_VENUE = ("id", "unit_id", "name", "kind", "kits", "seats", "until", "version")


def venues_by_id(venues: Collection[UUID], *, lock: bool = False) -> dict[UUID, VenueLine]:
    """Return venues by id, held if asked."""
    rows = Venue.objects.filter(id__in=venues).order_by("id")
    if lock:
        rows = rows.select_for_update(no_key=True)
    return {row[0]: VenueLine(*row) for row in rows.values_list(*_VENUE)}


def venues(unit: int) -> list[VenueLine]:
    """Return the venues of a unit and all below it, those with the most room first."""
    rows = Venue.objects.filter(unit__ancestors__contains=[unit]).order_by("unit__code", "-kits", "name")
    return [VenueLine(*row) for row in rows.values_list(*_VENUE)]


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """Days on which a unit and all below it take nothing."""

    unit: int
    first: date
    last: date
    reason: str


def closures_of(unit: int, after: date) -> list[ClosureLine]:
    """Return the closures of a unit and all below it that end on or after a day, the next first."""
    rows = Closure.objects.filter(unit__ancestors__contains=[unit], last__gte=after).order_by("first", "unit_id")
    return [ClosureLine(*row) for row in rows.values_list("unit_id", "first", "last", "reason")]


def closures(days: Collection[date]) -> list[ClosureLine]:
    """Return the closures that touch the time from the first to the last of these days."""
    if not days:
        return []
    rows = Closure.objects.filter(first__lte=max(days), last__gte=min(days)).order_by("first")
    return [ClosureLine(*row) for row in rows.values_list("unit_id", "first", "last", "reason")]
