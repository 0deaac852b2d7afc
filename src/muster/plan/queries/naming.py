"""What rows of the plan name in other rooms, and the figures the plan is bound by."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from muster.engines.rostering import Limits
from muster.people.models import Officer
from muster.plan.models import Rule
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


def limits() -> Limits:
    """Return what no officer works beyond."""
    told = {name: rule.value for name, rule in rules().items()}
    return Limits(
        timedelta(hours=told["hours_a_day"]), timedelta(hours=told["rest_hours"]),
        timedelta(minutes=told["pause_minutes"]), told["days_in_a_row"],
    )  # fmt: skip


def officer_names(officers: Collection[UUID]) -> dict[UUID, str]:
    """Return what officers are called."""
    return dict(Officer.objects.filter(id__in=officers).values_list("id", "full_name"))


def rules() -> Mapping[str, Rule]:
    """Return the figures the plan is bound by, by name."""
    return {rule.name: rule for rule in Rule.objects.all()}
