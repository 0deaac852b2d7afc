"""The figures the plan is bound by: grown by decisions, never changed."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from muster.law.rest import REST_RULES
from muster.plan.columns import of_officer
from muster.plan.words import OVERBOOK


def _lawful() -> Q:
    """Return that a figure lies where the law of its first day, or for overbooking this house, lets it."""
    allowed = Q(name=OVERBOOK, value__range=(0, 1000))
    for rule in REST_RULES:
        ends = Q(valid_from__lt=rule.valid_to) if rule.valid_to else Q()
        figures = (rule.least, rule.most)
        allowed |= Q(name=rule.limit.value, valid_from__gte=rule.valid_from, value__range=figures) & ends
    return allowed


class Rule(models.Model):
    """A figure from a day on, with its source; the first is the house's own, each further one somebody's decision.

    Rows are only added, each with the next number of its name and from no earlier day (migration 0004).
    """

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=24, db_collation="C")
    number = models.SmallIntegerField()
    valid_from = models.DateField()
    value = models.IntegerField()
    measure = models.CharField(max_length=40)
    source = models.CharField(max_length=200, db_comment="law or paper")
    assumed = models.BooleanField(db_comment="no paper was seen")
    decided_by = of_officer(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "plan_rule"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["name", "number"], name="plan_rule_one_of_a_number"),
            models.CheckConstraint(name="plan_rule_lawful", condition=_lawful()),
            models.CheckConstraint(
                name="plan_rule_decided",
                condition=Q(number=1, decided_by__isnull=True, decided_at__isnull=True, reason="")
                | Q(number__gt=1, decided_by__isnull=False, decided_at__isnull=False)
                & Q(reason__regex=r"\S", source__regex=r"\S"),
            ),
        ]
