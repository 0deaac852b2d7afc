"""Inspections unannounced to the unit, and what was found."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from muster.plan.columns import of_officer, of_unit, one_of
from muster.reporting.explaining import Cause
from muster.reporting.inspecting import State


class Inspection(models.Model):
    """An inspection of a unit, planned from one above it; of all this only state and end ever change."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, related_name="+")
    unit = of_unit(db_comment="that is inspected, and not to know")
    planned_from = of_unit(db_comment="the unit above whose commander planned it")
    lead = of_officer()
    day = models.DateField()
    what = models.CharField(max_length=500, db_comment="what is looked at")
    state = models.CharField(max_length=9, db_collation="C", default=State.PLANNED.value)
    planned_by = models.UUIDField()
    planned_at = models.DateTimeField()
    told = models.CharField(max_length=1000, blank=True, db_comment="the result, or why it was cancelled")
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reporting_inspection"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="reporting_inspection_state", condition=one_of("state", State)),
            models.CheckConstraint(
                name="reporting_inspection_above", condition=~Q(unit=F("planned_from")) & Q(what__regex=r"\S")
            ),
            models.CheckConstraint(
                name="reporting_inspection_ended",
                condition=Q(state=State.PLANNED.value, told="", ended_by__isnull=True, ended_at__isnull=True)
                | ~Q(state=State.PLANNED.value)
                & Q(told__regex=r"\S", ended_by__isnull=False, ended_at__gte=F("planned_at")),
            ),
        ]


class FoundFault(models.Model):
    """One thing that an inspection found, by its cause."""

    id = models.UUIDField(primary_key=True)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=8, db_collation="C")
    text = models.CharField(max_length=500)

    class Meta:
        db_table = "reporting_fault"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="reporting_fault_told", condition=one_of("cause", Cause) & Q(text__regex=r"\S")
            ),
        ]  # fmt: skip
