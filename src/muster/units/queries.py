"""What is asked of units: who stands where on a day, and what became of whom."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet

from muster.kernel.errors import Refusal
from muster.units.models import ROOT, Level, Succession, Unit

__all__ = ["ROOT", "Level", "Unit", "UnknownUnit", "ancestors", "as_of", "by_code", "by_codes", "children", "origins",
           "subtree"]  # fmt: skip


class UnknownUnit(Refusal):
    """No unit carries this code or number on that day."""

    code = "unknown_unit"
    vi = "Không có đơn vị {unit} vào ngày {on}."
    en = "There is no unit {unit} on {on}."


def as_of(on: dt.date) -> QuerySet[Unit]:
    """Return the units that hold on a day; from 2025-07-01 on there are no districts."""
    return Unit.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


def by_code(code: str, on: dt.date) -> Unit:
    """Return the unit that carries a code on a day.

    :raises UnknownUnit: none does
    """
    if (unit := as_of(on).filter(code=code).first()) is None:
        raise UnknownUnit(unit=code, on=on.isoformat())
    return unit


def by_codes(codes: Sequence[str], on: dt.date) -> dict[str, Unit]:
    """Return the units that carry these codes on a day, by code; a code nobody carries is left out."""
    return {unit.code: unit for unit in as_of(on).filter(code__in=codes)}


def subtree(unit_id: int, on: dt.date | None = None) -> QuerySet[Unit]:
    """Return a unit and everything below it, on a day or (without one) at any time."""
    units = Unit.objects.all() if on is None else as_of(on)
    return units.filter(ancestors__contains=[unit_id])


def children(unit_id: int, on: dt.date) -> QuerySet[Unit]:
    """Return the units right below a unit on a day, by code."""
    return as_of(on).filter(parent_id=unit_id).order_by("code")


def ancestors(unit: Unit) -> list[Unit]:
    """Return the units above a unit and itself, root first."""
    found = Unit.objects.in_bulk(unit.ancestors)
    return [found[key] for key in unit.ancestors]


def origins(successors: Collection[int]) -> list[tuple[int, int, str]]:
    """Return where the people of units came from: unit, predecessor, and how many of its people: whole, part, none."""
    found = Succession.objects.filter(successor__in=list(successors)).order_by("successor", "predecessor")
    return list(found.values_list("successor_id", "predecessor_id", "people"))
