"""Venues, and the days on which a unit takes nothing."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.plan import queries
from muster.plan.models import Closure as ClosureTable
from muster.plan.models import Venue
from muster.plan.operations.common import IdTaken, Known, Sieve, UnknownVenue, once, tell_quietly
from muster.plan.rows import Closure, VenueChange, VenueRow
from muster.plan.words import VENUE


class BadVenue(Refusal):
    """A venue has a name and room for at least one kit."""

    code = "bad_venue"
    vi = "Điểm cấp phải có tên và đủ chỗ cho ít nhất một bộ thiết bị."
    en = "A venue has a name and room for at least one kit."


class VenueNamed(Refusal):
    """The unit has a venue of this name."""

    code = "venue_named"
    vi = "Đơn vị đã có điểm cấp tên “{name}”."
    en = "The unit has a venue “{name}” already."


class BadClosure(Refusal):
    """A closure ends no earlier than it begins, and says why."""

    code = "bad_closure"
    vi = "Đợt tạm dừng phải có lý do và ngày cuối không trước ngày đầu."
    en = "A closure has a reason and does not end before it begins."


@transaction.atomic
def open_venues(*, venues: Sequence[VenueRow], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Open venues at units; the same venue sent twice is opened once.

    Rows are refused with `UnknownUnit`, `BadVenue`, `VenueNamed` and `IdTaken`.
    """
    known = Known(row.unit for row in venues)
    stored = Venue.objects.in_bulk([row.id for row in venues])
    named = {
        (unit, name): id_
        for id_, unit, name in Venue.objects.filter(unit_id__in=known.units).values_list("id", "unit_id", "name")
    }

    def check(row: VenueRow) -> None:
        known.unit(row.unit)
        name = row.name.strip()
        if not name or row.kits < 1 or row.seats < 0:
            raise BadVenue
        if row.id in stored and (stored[row.id].unit_id, stored[row.id].name, stored[row.id].kits) != (
            row.unit, name, row.kits,
        ):  # fmt: skip
            raise IdTaken(id=row.id)
        if named.setdefault((row.unit, name), row.id) != row.id:
            raise VenueNamed(name=name)

    sieve = Sieve(venues)
    fresh = [row for row in once(sieve.keep(check)) if row.id not in stored]
    Venue.objects.bulk_create(
        Venue(id=row.id, unit_id=row.unit, name=row.name.strip(), kind=row.kind.value, kits=row.kits, seats=row.seats)
        for row in fresh
    )
    tell_quietly((row.id for row in fresh), by, at, "plan.open_venues", VENUE)
    return sieve.result(lambda row: row.id)


class UnknownVersion(Refusal):
    """Somebody changed the venue after it was read."""

    code = "changed_meanwhile"
    vi = "Điểm cấp vừa được người khác sửa; hãy mở lại rồi làm tiếp."
    en = "Somebody else has just changed this venue; open it again."


class StillPlanned(Refusal):
    """Sessions that are planned there would not fit any more: cancel or move those first."""

    code = "still_planned"
    vi = "Còn {count} buổi đã xếp tại đây không còn phù hợp (buổi đầu ngày {day}); hãy hủy hoặc đổi các buổi đó trước."
    en = "{count} sessions planned here would not fit any more (the first on {day}); cancel or change those first."


@transaction.atomic
def change_venues(*, changes: Sequence[VenueChange], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Change venues or close them for good, each as read at its version; what was sent before changes nothing.

    Rows are refused with `UnknownVenue`, `BadVenue`, `VenueNamed`, `ChangedMeanwhile` (the code of `UnknownVersion`)
    and `StillPlanned`: a session planned there is never left without room or roof.
    """
    held = {
        one.id: one
        for one in Venue.objects.select_for_update().filter(id__in={row.venue for row in changes}).order_by("id")
    }
    units = {one.unit_id for one in held.values()}
    named = {
        (unit, name): id_
        for id_, unit, name in Venue.objects.filter(unit_id__in=units).values_list("id", "unit_id", "name")
    }
    changed: dict[UUID, Venue] = {}

    def check(row: VenueChange) -> None:
        venue, name = held.get(row.venue), row.name.strip()
        if venue is None:
            raise UnknownVenue(venue=row.venue)
        told = (name, row.kind.value, row.kits, row.seats, row.until)
        if (venue.name, venue.kind, venue.kits, venue.seats, venue.until) == told:
            return
        if venue.version != row.version:
            raise UnknownVersion
        if not name or row.kits < 1 or row.seats < 0:
            raise BadVenue
        if named.setdefault((venue.unit_id, name), venue.id) != venue.id:
            raise VenueNamed(name=name)
        _check_planned(row)
        venue.name, venue.kind, venue.kits, venue.seats, venue.until = told
        venue.version += 1
        changed[venue.id] = venue

    sieve = Sieve(changes)
    sieve.keep(check)
    Venue.objects.bulk_update(changed.values(), ["name", "kind", "kits", "seats", "until", "version"])
    tell_quietly(changed, by, at, "plan.change_venues", VENUE)
    return sieve.result(lambda row: row.venue)


def _check_planned(row: VenueChange) -> None:
    """Go on only if every session planned at a venue still finds it open and roomy enough.

    :raises StillPlanned: some would not
    """
    days = queries.planned_at(row.venue, row.until, row.kits)
    if days:
        raise StillPlanned(count=len(days), day=f"{days[0]:%d/%m/%Y}")


@transaction.atomic
def close_days(*, closures: Sequence[Closure], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Close units and all below them on days; the sessions that stand there are for `cancel_sessions`.

    Rows are refused with `UnknownUnit`, `BadClosure` and `IdTaken`.
    """
    known = Known(row.unit for row in closures)
    stored = ClosureTable.objects.in_bulk([row.id for row in closures])

    def check(row: Closure) -> None:
        known.unit(row.unit)
        if row.last < row.first or not row.reason.strip():
            raise BadClosure
        there = stored.get(row.id)
        if there and (there.unit_id, there.first, there.last) != (row.unit, row.first, row.last):
            raise IdTaken(id=row.id)

    sieve = Sieve(closures)
    fresh = [row for row in once(sieve.keep(check)) if row.id not in stored]
    ClosureTable.objects.bulk_create(
        ClosureTable(id=row.id, unit_id=row.unit, first=row.first, last=row.last, reason=row.reason.strip())
        for row in fresh
    )
    tell_quietly((row.id for row in fresh), by, at, "plan.close_days", "closure")
    return sieve.result(lambda row: row.id)
