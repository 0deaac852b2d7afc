"""The technical team and its spares: who is on duty where and when, which kits wait."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.incidents import queries
from muster.incidents.models import Spare, Turn
from muster.incidents.operations.kits import ROSTERING, alone
from muster.incidents.operations.refusals import NoSpare, NotATurn, UnknownSpare
from muster.incidents.rows import SpareRow, TurnRow
from muster.incidents.words import SPARE, TURN
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult
from muster.people import queries as people
from muster.people.rights import Grants, require_own
from muster.people.words import Role
from muster.plan import queries as planned
from muster.plan.operations.common import IdTaken, Known, Sieve, once, tell_quietly
from muster.plan.words import KitState


@transaction.atomic
def put_on_duty(
    *, turns: Sequence[TurnRow], grants: Grants | None, by: Actor, at: datetime, real: datetime
) -> BatchResult[UUID]:
    """Put technicians on duty; the same turn sent twice is written once.

    :param real: the real time, by which roles are held whatever the campaign's clock shows

    Rows are refused with `UnknownUnit`, `UnknownOfficer`, `NotAllowed`, `NotATurn` and `IdTaken`.
    """
    alone(ROSTERING)
    officers = {row.officer for row in turns}
    known, technicians = Known([row.unit for row in turns], (), officers), people.holders(Role.TECHNICIAN, real)
    stored = Turn.objects.in_bulk([row.id for row in turns])
    taken = list(Turn.objects.filter(officer_id__in=officers).values_list("officer_id", "starts_at", "ends_at"))

    def check(row: TurnRow) -> None:
        require_own(grants, "incident.team", known.unit(row.unit), by)
        known.officer(row.officer)
        if row.id in stored:
            if (stored[row.id].officer_id, stored[row.id].starts_at) != (row.officer, row.starts_at):
                raise IdTaken(id=row.id)
            return
        if row.officer not in technicians or row.ends_at <= row.starts_at or not row.place.strip():
            raise NotATurn
        if any(who == row.officer and first < row.ends_at and row.starts_at < last for who, first, last in taken):
            raise NotATurn
        taken.append((row.officer, row.starts_at, row.ends_at))

    sieve = Sieve(turns)
    fresh = [row for row in once(sieve.keep(check)) if row.id not in stored]
    Turn.objects.bulk_create(
        Turn(
            id=row.id, officer_id=row.officer, unit_id=row.unit, place=row.place.strip(), starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in fresh
    )  # fmt: skip
    tell_quietly([row.id for row in fresh], by, at, "incidents.put_on_duty", TURN)
    return sieve.result(lambda row: row.id)


@transaction.atomic
def keep_spares(*, spares: Sequence[SpareRow], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Keep kits as spares: ready, of one's area, in no coming session. The same sent twice is written once.

    Rows are refused with `UnknownUnit`, `NotAllowed`, `NoSpare` and `IdTaken`.
    """
    kits = planned.kit_states({row.kit for row in spares}, lock=True)
    places = planned.kit_places(set(kits))
    known = Known([row.unit for row in spares] + [unit for unit, _ in places.values()])
    pool = set(queries.spares_by_kit(set(kits)))
    stored = Spare.objects.in_bulk([row.id for row in spares])

    def check(row: SpareRow) -> None:
        require_own(grants, "incident.spare", known.unit(row.unit), by)
        if row.id in stored:
            if stored[row.id].kit_id != row.kit:
                raise IdTaken(id=row.id)
            return
        if row.kit not in kits or kits[row.kit].state != KitState.READY or row.kit in pool or not row.place.strip():
            raise NoSpare
        require_own(grants, "incident.spare", known.unit(places[row.kit][0]), by)
        if planned.sessions_of_kit(row.kit, at):
            raise NoSpare
        pool.add(row.kit)

    sieve = Sieve(spares)
    fresh = [row for row in once(sieve.keep(check)) if row.id not in stored]
    Spare.objects.bulk_create(
        Spare(id=row.id, kit_id=row.kit, unit_id=row.unit, place=row.place.strip(), since=at) for row in fresh
    )
    tell_quietly([row.id for row in fresh], by, at, "incidents.keep_spares", SPARE)
    return sieve.result(lambda row: row.id)


@transaction.atomic
def release_spares(*, spares: Sequence[UUID], grants: Grants | None, by: Actor, at: datetime) -> BatchResult[UUID]:
    """Give spares back to the units that hold them: from now on they may be planned again.

    Rows are refused with `UnknownSpare` and `NotAllowed`.
    """
    held = {row.id: row for row in Spare.objects.select_for_update().filter(id__in=spares, until=None).order_by("id")}
    known = Known([row.unit_id for row in held.values()])

    def check(id_: UUID) -> None:
        if id_ not in held:
            raise UnknownSpare
        require_own(grants, "incident.spare", known.unit(held[id_].unit_id), by)

    sieve = Sieve(spares)
    fresh = once(sieve.keep(check), lambda one: one)
    Spare.objects.filter(id__in=fresh).update(until=at)
    tell_quietly(fresh, by, at, "incidents.release_spares", SPARE)
    return sieve.result(lambda one: one)
