"""What rows of the plan name in other rooms."""

from collections.abc import Collection, Sequence
from uuid import UUID

from muster.people.models import Officer
from muster.survey.models import Campaign
from muster.units.models import Unit


def unit_paths(units: Collection[int]) -> dict[int, Sequence[int]]:
    """Return the ids from the root down to each unit; a unit that is not there is left out."""
    return dict(Unit.objects.filter(id__in=units).values_list("id", "ancestors"))


def open_campaigns(campaigns: Collection[UUID]) -> set[UUID]:
    """Return those of the campaigns that are there and open."""
    return set(Campaign.objects.filter(id__in=campaigns, closed_at__isnull=True).values_list("id", flat=True))


def officer_units(officers: Collection[UUID]) -> dict[UUID, int]:
    """Return the units of those of the officers who work here."""
    return dict(Officer.objects.filter(id__in=officers, is_active=True).values_list("id", "unit_id"))


def officer_names(officers: Collection[UUID]) -> dict[UUID, str]:
    """Return what officers are called."""
    return dict(Officer.objects.filter(id__in=officers).values_list("id", "full_name"))
