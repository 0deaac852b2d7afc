"""Orders, and targets handed down from unit to unit, to crews and to officers, each with a named owner."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from muster.events.journal import Move
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal
from muster.plan import queries
from muster.plan.models import Order as OrderTable
from muster.plan.models import Target
from muster.plan.operations.common import IdTaken, Known, Sieve, UnknownCrew, once, tell, tell_quietly, update, write
from muster.plan.queries import TargetState
from muster.plan.rows import Order, TargetRow
from muster.plan.words import TARGET


class UnknownOrder(Refusal):
    """There is no such order."""

    code = "unknown_order"
    vi = "Không có mệnh lệnh {order}."
    en = "There is no order {order}."


class UnknownTarget(Refusal):
    """There is no such target, or it belongs to another order."""

    code = "unknown_target"
    vi = "Không có chỉ tiêu {target} trong mệnh lệnh này."
    en = "There is no target {target} in this order."


class HolderUnclear(Refusal):
    """A target is held by a unit, a crew or an officer: by exactly one of them."""

    code = "holder_unclear"
    vi = "Chỉ tiêu phải giao cho đúng một đơn vị, một tổ hoặc một cán bộ."
    en = "A target is given to exactly one unit, crew or officer."


class HolderOutside(Refusal):
    """The holder does not stand below the holder of the target above, or of the order."""

    code = "holder_outside"
    vi = "Nơi nhận chỉ tiêu không thuộc đơn vị giao."
    en = "The holder does not stand below the one who gives the target."


class HasTarget(Refusal):
    """This holder has a target of this order already; change that one."""

    code = "has_target"
    vi = "Nơi nhận đã có chỉ tiêu {target} trong mệnh lệnh này; hãy sửa chỉ tiêu đó."
    en = "The holder has target {target} of this order already; change that one."


class LaterThanAbove(Refusal):
    """A part is not due after the whole."""

    code = "later_than_above"
    vi = "Thời hạn {deadline} muộn hơn thời hạn cấp trên giao ({above})."
    en = "The deadline {deadline} is later than the one above ({above})."


class BelowZero(Refusal):
    """Base and quantity are counts."""

    code = "below_zero"
    vi = "Số người và chỉ tiêu không được âm."
    en = "Base and quantity cannot be below zero."


class ChangedMeanwhile(Refusal):
    """Somebody changed the target after it was read."""

    code = "changed_meanwhile"
    vi = "Chỉ tiêu vừa được người khác sửa; hãy mở lại rồi làm tiếp."
    en = "Somebody else has just changed this target; open it again."


class EndsBeforeGiven(Refusal):
    """A deadline is not before the day the order is given, and an order has a number."""

    code = "ends_before_given"
    vi = "Mệnh lệnh phải có số, và thời hạn không trước ngày ra lệnh."
    en = "An order has a number, and its deadline is not before the day it is given."


@transaction.atomic
def give_orders(*, orders: Sequence[Order], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Write down orders; the same order sent twice is given once.

    Rows are refused with `UnknownUnit`, `UnknownCampaign`, `EndsBeforeGiven` and `IdTaken`.
    """
    known = Known((row.unit for row in orders), (row.campaign for row in orders))

    def check(row: Order) -> None:
        known.unit(row.unit)
        known.campaign(row.campaign)
        if row.deadline < row.given_on or not row.number.strip():
            raise EndsBeforeGiven

    sieve = Sieve(orders)
    fresh = [
        OrderTable(
            id=row.id, campaign_id=row.campaign, unit_id=row.unit, number=row.number.strip(), aim=row.aim.value,
            given_on=row.given_on, deadline=row.deadline, given_by=by.officer,
        )
        for row in once(sieve.keep(check))
    ]  # fmt: skip
    there = set(OrderTable.objects.filter(id__in=[row.id for row in fresh]).values_list("id", flat=True))
    OrderTable.objects.bulk_create((row for row in fresh if row.id not in there), ignore_conflicts=True)
    stored = OrderTable.objects.in_bulk([row.id for row in sieve.good])

    def same(row: Order) -> None:
        one = stored[row.id]
        if (one.campaign_id, one.unit_id, one.number, one.aim, one.given_on, one.deadline) != (
            row.campaign, row.unit, row.number.strip(), row.aim, row.given_on, row.deadline,
        ):  # fmt: skip
            raise IdTaken(id=row.id)

    sieve.keep(same)
    tell_quietly([row.id for row in fresh if row.id not in there], by, at, "plan.give_order", "order")
    return sieve.result(lambda row: row.id)


TARGET_COLUMNS = {
    "id": "uuid", "order_id": "uuid", "parent_id": "uuid", "unit_id": "int4", "crew_id": "uuid", "officer_id": "uuid",
    "within_id": "int4", "owner_id": "uuid", "base": "int4", "quantity": "int4", "deadline": "date", "version": "int4",
}  # fmt: skip


class _Targets:
    """The targets of a batch: what they name, and what stands already, locked."""

    def __init__(self, rows: Sequence[TargetRow]) -> None:
        self.orders = queries.orders({row.order for row in rows})
        self.held: dict[UUID, TargetState] = queries.target_states(
            {row.id for row in rows} | {row.parent for row in rows if row.parent}, lock=True
        )
        self.crews = queries.crew_units({row.crew for row in rows if row.crew})
        officers = {row.owner for row in rows} | {row.officer for row in rows if row.officer}
        within = {unit for crew, unit in self.crews.items()} | {one.within for one in self.held.values()}
        given = {order.unit for order in self.orders.values()}
        self.known = Known((), (), officers)
        self.known.units = queries.unit_paths(
            within | given | {row.unit for row in rows if row.unit is not None} | set(self.known.officers.values())
        )
        self.taken = queries.holders_of({row.order for row in rows})
        self.fresh: dict[UUID, TargetState] = {}
        self.changed: dict[UUID, TargetState] = {}

    def take(self, row: TargetRow) -> None:
        """Go on only with a row that may be written, and keep what it says."""
        if row.order not in self.orders:
            raise UnknownOrder(order=row.order)
        if row.base < 0 or row.quantity < 0:
            raise BelowZero
        self.known.officer(row.owner)
        within = self._within(row)
        self._check_above(row, within)
        before = self.changed.get(row.id) or self.fresh.get(row.id) or self.held.get(row.id)
        after = TargetState(
            row.id, row.order, row.parent, row.unit, row.crew, row.officer, within, row.owner, row.base, row.quantity,
            row.deadline, (before.version if before else 0) + 1,
        )  # fmt: skip
        if before is None:
            self._take_new(row, after)
        elif before.same_as(after):
            return  # sent again
        else:
            self._take_change(row, before, after)

    def _take_new(self, row: TargetRow, after: TargetState) -> None:
        if row.version is not None:
            raise UnknownTarget(target=row.id)
        if (other := self.taken.get((row.order, after.holder))) is not None:
            raise HasTarget(target=other)
        self.taken[row.order, after.holder] = row.id
        self.fresh[row.id] = after

    def _take_change(self, row: TargetRow, before: TargetState, after: TargetState) -> None:
        if (before.order, before.parent, before.holder) != (after.order, after.parent, after.holder):
            raise IdTaken(id=row.id)
        if row.version != before.version:
            raise ChangedMeanwhile
        self.changed[row.id] = after

    def _within(self, row: TargetRow) -> int:
        if [row.unit, row.crew, row.officer].count(None) != 2:  # noqa: PLR2004 - of three, one is named
            raise HolderUnclear
        if row.crew is not None:
            if row.crew not in self.crews:
                raise UnknownCrew(crew=row.crew)
            return self.crews[row.crew]
        if row.officer is not None:
            return self.known.officer(row.officer)
        assert row.unit is not None  # noqa: S101 - one of the three is there
        self.known.unit(row.unit)
        return row.unit

    def _check_above(self, row: TargetRow, within: int) -> None:
        """Refuse a holder outside of the one above, and a deadline after the one above."""
        order = self.orders[row.order]
        above, deadline = order.unit, order.deadline
        if row.parent is not None:
            parent = self.fresh.get(row.parent) or self.held.get(row.parent)
            if parent is None or parent.order != row.order or row.parent == row.id:
                raise UnknownTarget(target=row.parent)
            above, deadline = parent.within, parent.deadline
        if above not in self.known.units[within]:
            raise HolderOutside
        if row.deadline > deadline:
            raise LaterThanAbove(deadline=row.deadline, above=deadline)


@transaction.atomic
def set_targets(*, targets: Sequence[TargetRow], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Give parts of orders to units, crews and officers, or change them as read at a version; parents come first.

    Whether the parts sum up to the whole is not judged here: `queries.targets` shows the sum beside each, and nothing
    is cut. The same row sent twice is set once.

    Rows are refused with `UnknownOrder`, `UnknownTarget`, `UnknownUnit`, `UnknownCrew`, `UnknownOfficer`,
    `HolderUnclear`, `HolderOutside`, `HasTarget`, `LaterThanAbove`, `BelowZero`, `ChangedMeanwhile` and `IdTaken`.
    """
    batch = _Targets(targets)
    sieve = Sieve(targets)
    sieve.keep(batch.take)
    write(
        "plan_target",
        TARGET_COLUMNS,
        (
            (one.id, one.order, one.parent, one.unit, one.crew, one.officer, one.within, one.owner, one.base,
             one.quantity, one.deadline, 1)
            for one in batch.fresh.values()
        ),
    )  # fmt: skip
    update(
        """
        UPDATE plan_target SET owner_id = new.owner, base = new.base, quantity = new.quantity, deadline = new.deadline,
               version = new.version
        FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::int[], %s::date[], %s::int[])
            AS new (id, owner, base, quantity, deadline, version) WHERE plan_target.id = new.id
        """,
        [(one.id, one.owner, one.base, one.quantity, one.deadline, one.version) for one in batch.changed.values()],
    )
    told = [("set", one) for one in batch.fresh.values()] + [("change", one) for one in batch.changed.values()]
    moves = [
        Move(thing=one.id, kind=TARGET, move=move, unit_done=by.unit, occurred_at=at, reason=f"{one.quantity}")
        for move, one in told
    ]
    tell(moves, by, at, "plan.set_targets", TARGET)
    return sieve.result(lambda row: row.id)


@transaction.atomic
def drop_targets(*, targets: Mapping[UUID, int], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Take back targets that have no parts, each as read at its version; one that is gone stays gone.

    Rows are refused with `HasParts` and `ChangedMeanwhile`.
    """
    rows = list(targets)
    held = queries.target_states(set(rows), lock=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT parent_id FROM plan_target WHERE parent_id = ANY(%s)", [rows])
        parents = {one for (one,) in cursor.fetchall()}

    def check(target: UUID) -> None:
        if target in parents:
            raise HasParts
        if target in held and held[target].version != targets[target]:
            raise ChangedMeanwhile

    sieve = Sieve(rows)
    gone = [target for target in sieve.keep(check) if target in held]
    Target.objects.filter(id__in=gone).delete()
    moves = [Move(thing=one, kind=TARGET, move="drop", unit_done=by.unit, occurred_at=at) for one in gone]
    tell(moves, by, at, "plan.drop_targets", TARGET)
    return sieve.result(lambda target: target)


class HasParts(Refusal):
    """A target with parts below is not taken back before them."""

    code = "has_parts"
    vi = "Chỉ tiêu này đã chia cho cấp dưới; hãy thu hồi từ dưới lên."
    en = "This target has parts below it; take those back first."
