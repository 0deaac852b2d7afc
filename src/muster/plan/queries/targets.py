"""Orders and their targets, as operations and as pages need them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from muster.plan.models import Crew, Order, Target
from muster.plan.words import Aim

Holder = tuple[int | None, UUID | None, UUID | None]  # unit, crew, officer: one of them


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as it stands."""

    id: UUID
    campaign: UUID
    unit: int
    number: str
    aim: str
    given_on: date
    deadline: date


@dataclass(frozen=True, slots=True)
class TargetState:
    """A target as it stands."""

    id: UUID
    order: UUID
    parent: UUID | None
    unit: int | None
    crew: UUID | None
    officer: UUID | None
    within: int
    owner: UUID
    base: int
    quantity: int
    deadline: date
    version: int

    @property
    def holder(self) -> Holder:
        """Who holds it."""
        return self.unit, self.crew, self.officer

    def same_as(self, other: "TargetState") -> bool:
        """Say whether both say the same, whatever their versions."""
        told = (self.order, self.parent, self.holder, self.owner, self.base, self.quantity, self.deadline)
        return told == (
            other.order, other.parent, other.holder, other.owner, other.base, other.quantity, other.deadline,
        )  # fmt: skip


_ORDER = ("id", "campaign_id", "unit_id", "number", "aim", "given_on", "deadline")
_TARGET = (
    "id", "order_id", "parent_id", "unit_id", "crew_id", "officer_id", "within_id", "owner_id", "base", "quantity",
    "deadline", "version",
)  # fmt: skip


def orders(ids: Collection[UUID]) -> dict[UUID, OrderLine]:
    """Return orders by id."""
    return {row[0]: OrderLine(*row) for row in Order.objects.filter(id__in=ids).values_list(*_ORDER)}


def orders_for(unit: int, path: Sequence[int]) -> list[OrderLine]:
    """Return the orders that reach a unit from above, or that it gave itself or below; the newest first."""
    rows = Order.objects.filter(unit_id__in=path) | Order.objects.filter(unit__ancestors__contains=[unit])
    return [OrderLine(*row) for row in rows.order_by("-given_on", "number").values_list(*_ORDER)]


def target_states(targets: Collection[UUID], *, lock: bool = False) -> dict[UUID, TargetState]:
    """Return targets by id, locked in the order of their ids if asked."""
    rows = Target.objects.filter(id__in=targets).order_by("id")
    if lock:
        rows = rows.select_for_update(no_key=True)
    return {row[0]: TargetState(*row) for row in rows.values_list(*_TARGET)}


def holders_of(orders: Collection[UUID]) -> dict[tuple[UUID, Holder], UUID]:
    """Return which target each holder has, by order and holder."""
    rows = Target.objects.filter(order_id__in=orders).values_list("order_id", "unit_id", "crew_id", "officer_id", "id")
    return {(order, (unit, crew, officer)): target for order, unit, crew, officer, target in rows}


def crew_units(crews: Collection[UUID]) -> dict[UUID, int]:
    """Return the units of crews by id."""
    return dict(Crew.objects.filter(id__in=crews).values_list("id", "unit_id"))


@dataclass(frozen=True, slots=True)
class UnitTarget:
    """What one unit is to reach by a day, of a base."""

    quantity: int
    base: int
    deadline: date
    owner: UUID


def unit_targets(campaign: UUID, units: Collection[int]) -> dict[tuple[int, Aim], UnitTarget]:
    """Return the targets that units hold in a campaign, by unit and aim; of two orders that given last."""
    rows = Target.objects.filter(order__campaign_id=campaign, unit_id__in=units)
    told = rows.order_by("order__given_on", "id").values_list(
        "unit_id", "order__aim", "quantity", "base", "deadline", "owner_id"
    )
    return {
        (unit, Aim(aim)): UnitTarget(quantity, base, deadline, owner)
        for unit, aim, quantity, base, deadline, owner in told
        if unit is not None
    }


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target in the tree: who holds it, who answers for it, and the sum of its parts beside it."""

    state: TargetState
    depth: int
    unit_name: str
    crew_name: str
    officer_name: str
    owner_name: str
    parts: int  # how many targets stand right below it
    parts_sum: int  # of their quantities
    parts_base: int

    @property
    def missing(self) -> int:
        """How many of the quantity no part takes; below zero where the parts take more. Zero without parts."""
        return self.state.quantity - self.parts_sum if self.parts else 0


def targets(order: UUID, *, within: Collection[int] = (), depth: int = 2) -> list[TargetLine]:
    """Return targets of an order as a tree, each with the sum of its parts, parents before their parts.

    :param within: the tops: the targets of these units; none means the first targets of the order
    :param depth: how many levels below the tops are listed
    """
    with connection.cursor() as cursor:
        cursor.execute(_TREE, {"order": order, "within": list(within), "depth": depth, "all": not within})
        rows = cursor.fetchall()
    lines = {row[0]: _line(row) for row in rows}
    below: Mapping[UUID | None, list[TargetLine]] = defaultdict(list)
    for line in lines.values():
        below[line.state.parent if line.state.parent in lines else None].append(line)
    told: list[TargetLine] = []
    waiting = list(reversed(below[None]))
    while waiting:
        line = waiting.pop()
        told.append(line)
        waiting += reversed(below[line.state.id])
    return told


def _line(row: tuple[Any, ...]) -> TargetLine:
    unit, crew, officer, owner = (text or "" for text in row[13:17])
    return TargetLine(TargetState(*row[:12]), row[12], unit, crew, officer, owner, *row[17:20])


_TREE = f"""
WITH RECURSIVE tree AS (
    SELECT target.*, 0 AS depth FROM plan_target AS target
    WHERE order_id = %(order)s AND (unit_id = ANY(%(within)s) OR (%(all)s AND parent_id IS NULL))
    UNION ALL
    SELECT target.*, tree.depth + 1 FROM plan_target AS target JOIN tree ON target.parent_id = tree.id
    WHERE tree.depth < %(depth)s
), sums AS (
    SELECT parent_id, count(*) AS parts, sum(quantity) AS total, sum(base) AS base
    FROM plan_target WHERE order_id = %(order)s AND parent_id IS NOT NULL GROUP BY 1
)
SELECT {", ".join("tree." + name for name in _TARGET)}, tree.depth, unit.type_vi || ' ' || unit.name, crew.name,
       officer.full_name, owner.full_name, coalesce(parts, 0), coalesce(total, 0)::bigint,
       coalesce(sums.base, 0)::bigint
FROM tree LEFT JOIN units_unit AS unit ON unit.id = tree.unit_id LEFT JOIN plan_crew AS crew ON crew.id = tree.crew_id
    LEFT JOIN people_officer AS officer ON officer.id = tree.officer_id
    JOIN people_officer AS owner ON owner.id = tree.owner_id LEFT JOIN sums ON sums.parent_id = tree.id
ORDER BY tree.depth, unit.code COLLATE "C" NULLS LAST, crew.name, officer.name_sort, tree.id
"""
