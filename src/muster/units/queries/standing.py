"""Who stands where on a day."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Count, Q, QuerySet

from muster.kernel.errors import Refusal
from muster.units.models import Unit


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


def by_number(typed: str) -> Unit | None:
    """Return the unit of a number as an address or a form carries it, of any time; nothing where it is none."""
    return Unit.objects.filter(id=int(typed)).first() if typed.isdecimal() else None


def by_codes(codes: Sequence[str], on: dt.date) -> dict[str, Unit]:
    """Return the units that carry these codes on a day, by code; a code nobody carries is left out."""
    return {unit.code: unit for unit in as_of(on).filter(code__in=codes)}


def nearest(code: str, on: dt.date) -> Unit:
    """Return the unit that carries a code on a day, else the last that carried it before, else the first after.

    :raises UnknownUnit: no unit ever carried it
    """
    units = Unit.objects.filter(code=code)
    begun = units.filter(valid_from__lte=on).order_by("-valid_from").first()
    if (unit := begun or units.order_by("valid_from").first()) is None:
        raise UnknownUnit(unit=code, on=on.isoformat())
    return unit


def subtree(unit_id: int, on: dt.date | None = None) -> QuerySet[Unit]:
    """Return a unit and everything below it, on a day or (without one) at any time."""
    units = Unit.objects.all() if on is None else as_of(on)
    return units.filter(ancestors__contains=[unit_id])


def children(unit_id: int, on: dt.date) -> QuerySet[Unit]:
    """Return the units right below a unit on a day, by code."""
    return as_of(on).filter(parent_id=unit_id).order_by("code")


def below(unit_ids: Iterable[int], on: dt.date) -> dict[int, int]:
    """Return how many units stand right below each of these on a day; one that has none is left out."""
    units = as_of(on).filter(parent_id__in=list(unit_ids))
    return dict(units.values_list("parent_id").annotate(n=Count("id")).order_by())


def ancestors(unit: Unit) -> list[Unit]:
    """Return the units above a unit and itself, root first."""
    found = Unit.objects.in_bulk(unit.ancestors)
    return [found[key] for key in unit.ancestors]
