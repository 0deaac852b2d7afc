"""Practice notes, and which units took them up."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from muster.plan.columns import of_unit, one_of
from muster.reporting.explaining import Cause
from muster.reporting.practising import State


class Practice(models.Model):
    """What worked at a unit; of all this only how far it reaches, and that it was withdrawn, ever change."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, related_name="+")
    unit = of_unit()
    title = models.CharField(max_length=120)
    text = models.CharField(max_length=1000)
    causes = ArrayField(models.CharField(max_length=8, db_collation="C"), db_comment="against which it helps")
    reach = of_unit(db_comment="the unit whose whole area reads it: one of those above, or its own")
    state = models.CharField(max_length=9, db_collation="C", default=State.SHARED.value)
    why = models.CharField(max_length=500, blank=True, db_comment="it was withdrawn")
    officer = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "reporting_practice"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="reporting_practice_state", condition=one_of("state", State)),
            models.CheckConstraint(
                name="reporting_practice_told",
                condition=Q(title__regex=r"\S", text__regex=r"\S", causes__len__gte=1)
                & Q(causes__contained_by=[one.value for one in Cause]),
            ),
            models.CheckConstraint(
                name="reporting_practice_withdrawn",
                condition=Q(state=State.SHARED.value, why="") | Q(state=State.WITHDRAWN.value, why__regex=r"\S"),
            ),
        ]


class Uptake(models.Model):
    """That a unit took a note up, on which work day."""

    id = models.UUIDField(primary_key=True)
    practice = models.ForeignKey(Practice, models.PROTECT, db_index=False, related_name="+")
    unit = of_unit()
    day = models.DateField()
    officer = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "reporting_uptake"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["practice", "unit"], name="reporting_uptake_once"),
        ]
