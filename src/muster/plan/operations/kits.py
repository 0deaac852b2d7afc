"""Kits: registered once, handed from unit to unit, broken and mended."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from muster.events import queries as journal
from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.plan import queries
from muster.plan.models import Kit, KitPlace
from muster.plan.moves import KIT_MOVES, after
from muster.plan.operations.common import IdTaken, Known, Sieve, UnknownKit, once, tell, update, write
from muster.plan.rows import KitMove, KitRow, KitTransfer
from muster.plan.words import KIT


class CodeTaken(Refusal):
    """Another kit bears this code."""

    code = "code_taken"
    vi = "Mã thiết bị “{kit}” đã được dùng."
    en = "Another kit bears the code “{kit}”."


class BadKit(Refusal):
    """A kit has a code, a rate above zero and a source of that rate."""

    code = "bad_kit"
    vi = "Bộ thiết bị phải có mã, năng suất lớn hơn 0 và nguồn của năng suất đó."
    en = "A kit has a code, a rate above zero, and a source of that rate."


class MovedLater(Refusal):
    """The kit was moved at or after this moment already."""

    code = "moved_later"
    vi = "Thiết bị đã được điều chuyển vào hoặc sau thời điểm này."
    en = "The kit was moved at or after this moment already."


@transaction.atomic
def register_kits(*, kits: Sequence[KitRow], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Register kits at the units that hold them; the same kit sent twice is registered once.

    Rows are refused with `UnknownUnit`, `BadKit`, `CodeTaken` and `IdTaken`.
    """
    known = Known(row.unit for row in kits)
    codes = dict(Kit.objects.filter(code__in=[row.code.strip() for row in kits]).values_list("code", "id"))
    stored = Kit.objects.in_bulk([row.id for row in kits])

    def check(row: KitRow) -> None:
        known.unit(row.unit)
        if not row.code.strip() or row.rate <= 0 or not row.source.strip():
            raise BadKit
        if row.id in stored and (stored[row.id].code, stored[row.id].rate) != (row.code.strip(), row.rate):
            raise IdTaken(id=row.id)
        if codes.setdefault(row.code.strip(), row.id) != row.id:
            raise CodeTaken(kit=row.code)

    sieve = Sieve(kits)
    fresh = [row for row in once(sieve.keep(check)) if row.id not in stored]
    Kit.objects.bulk_create(
        Kit(id=row.id, code=row.code.strip(), rate=row.rate, source=row.source.strip(), assumed=row.assumed)
        for row in fresh
    )
    KitPlace.objects.bulk_create(KitPlace(id=row.id, kit_id=row.id, unit_id=row.unit, starts_at=at) for row in fresh)
    moves = [
        Move(thing=row.id, kind=KIT, move="register", unit_done=row.unit, occurred_at=at, kit=row.id) for row in fresh
    ]
    tell(moves, by, at, "plan.register_kits", KIT)
    return sieve.result(lambda row: row.id)


@transaction.atomic
def move_kits(*, transfers: Sequence[KitTransfer], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Hand kits to other units, each from a moment on; a kit that is there already stays, as does one sent twice.

    Rows are refused with `UnknownKit`, `UnknownUnit`, `MovedLater` and `IdTaken`.
    """
    known = Known(row.unit for row in transfers)
    places = queries.kit_places({row.kit for row in transfers}, lock=True)
    stored = KitPlace.objects.in_bulk([row.id for row in transfers])
    gone: list[KitTransfer] = []

    def check(row: KitTransfer) -> None:
        known.unit(row.unit)
        if row.kit not in places:
            raise UnknownKit(kit=row.kit)
        if row.id in stored:
            if (stored[row.id].kit_id, stored[row.id].unit_id) != (row.kit, row.unit):
                raise IdTaken(id=row.id)
            return
        unit, since = places[row.kit]
        if unit == row.unit:
            return
        if since >= row.since:
            raise MovedLater
        places[row.kit] = (row.unit, row.since)
        gone.append(row)

    sieve = Sieve(transfers)
    sieve.keep(check)
    for row in gone:  # a kit may go twice in one batch: one closing for each opening, in order
        update(
            "UPDATE plan_kit_place SET ends_at = new.at FROM unnest(%s::uuid[], %s::timestamptz[]) AS new (kit, at) "
            "WHERE kit_id = new.kit AND ends_at IS NULL",
            [(row.kit, row.since)],
        )
        write(
            "plan_kit_place",
            {"id": "uuid", "kit_id": "uuid", "unit_id": "int4", "starts_at": "timestamptz"},
            [(row.id, row.kit, row.unit, row.since)],
        )
    moves = [
        Move(id=row.id, thing=row.kit, kind=KIT, move="move", unit_done=row.unit, occurred_at=row.since, kit=row.kit)
        for row in gone
    ]
    tell(moves, by, at, "plan.move_kits", KIT)
    return sieve.result(lambda row: row.id)


@transaction.atomic
def mark_kits(*, moves: Sequence[KitMove], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Say that kits broke, were mended or are retired; a move told before is passed over.

    Rows are refused with `UnknownKit` and `WrongState`.
    """
    held = {row.id: row for row in Kit.objects.select_for_update().filter(id__in={m.kit for m in moves}).order_by("id")}
    places = queries.kit_places(set(held))
    told = {event.id for event in journal.events([row.id for row in moves])}
    fresh: list[KitMove] = []

    def check(row: KitMove) -> None:
        if row.id in told:
            return
        if row.kit not in held:
            raise UnknownKit(kit=row.kit)
        held[row.kit].state = after(KIT_MOVES, held[row.kit].state, row.move)
        told.add(row.id)
        fresh.append(row)

    sieve = Sieve(moves)
    sieve.keep(check)
    Kit.objects.bulk_update((held[kit] for kit in {row.kit for row in fresh}), ["state"])
    events = [
        Move(
            id=row.id, thing=row.kit, kind=KIT, move=row.move, unit_done=places[row.kit][0], occurred_at=at,
            kit=row.kit, reason=row.reason,
        )
        for row in fresh
    ]  # fmt: skip
    tell(events, by, at, "plan.mark_kits", KIT)
    return sieve.result(lambda row: row.kit)
