"""Evening reviews: what was said of a day, and the actions that were given."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from muster.plan.columns import of_officer, of_unit, one_of
from muster.reporting.reviewing import State


class Review(models.Model):
    """The look back of a unit at one work day; written anew it is another row, and the last one counts."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, related_name="+")
    unit = of_unit(db_index=False)
    day = models.DateField()
    text = models.CharField(max_length=500)
    officer = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "reporting_review"
        indexes: ClassVar[list[Any]] = [models.Index(fields=["unit", "day"], name="reporting_review_of_unit")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="reporting_review_told", condition=Q(text__regex=r"\S")),
        ]


class Task(models.Model):
    """An action given in the review of a day, with who owes it and until when; only its end ever changes."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, related_name="+")
    unit = of_unit(db_index=False)
    day = models.DateField(db_comment="in whose review it was given")
    text = models.CharField(max_length=500)
    owner = of_officer()
    due = models.DateField()
    state = models.CharField(max_length=7, db_collation="C", default=State.OPEN.value)
    told = models.CharField(max_length=500, blank=True, db_comment="what came of it, or why it was dropped")
    given_by = models.UUIDField()
    given_at = models.DateTimeField()
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reporting_task"
        indexes: ClassVar[list[Any]] = [models.Index(fields=["unit", "day"], name="reporting_task_of_unit")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="reporting_task_state", condition=one_of("state", State)),
            models.CheckConstraint(
                name="reporting_task_given", condition=Q(text__regex=r"\S", due__gte=F("day"))
            ),
            models.CheckConstraint(
                name="reporting_task_ended",
                condition=Q(state=State.OPEN.value, told="", ended_by__isnull=True, ended_at__isnull=True)
                | ~Q(state=State.OPEN.value)
                & Q(told__regex=r"\S", ended_by__isnull=False, ended_at__gte=F("given_at")),
            ),
        ]  # fmt: skip
