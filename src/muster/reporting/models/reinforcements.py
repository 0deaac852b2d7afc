"""Reinforcements: what was proposed to whom with which promise, the one decision, and what came of it."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from muster.engines.reinforcement import Kind
from muster.plan.columns import of_officer, of_unit, one_of
from muster.reporting.reinforcing import TAKEN, Part, State

_DECIDED = sorted(one.value for one in (*TAKEN, State.DECLINED))
_LENT = (Kind.KITS.value, Kind.CREWS.value)


class Reinforcement(models.Model):
    """A move between two units, or of one; only its state and the decision ever change."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, db_index=False, related_name="+")
    above = of_unit(db_index=False, db_comment="whose units were looked at")
    receiver = of_unit(db_index=False)
    donor = of_unit(null=True, db_index=False)
    kind = models.CharField(max_length=6, db_collation="C", db_comment="engines.reinforcement.Kind")
    day = models.DateField(db_comment="the work day on which it was proposed")
    first = models.DateField(db_comment="what is lent travels on this day and on the one after the last")
    last = models.DateField()
    deadline = models.DateField()
    kits = ArrayField(models.UUIDField(), default=list)
    crews = ArrayField(models.UUIDField(), default=list)
    place = models.SmallIntegerField(db_comment="among those of its day, the most days for each person-turn first")
    gained = models.SmallIntegerField(db_comment="days; never done by the deadline counts as the day after it")
    turns = models.IntegerField(db_comment="people x shifts")
    inputs = models.BinaryField(db_comment="SHA-256 of the problem it was found in")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=11, db_collation="C", default=State.PROPOSED.value)
    decision = models.UUIDField(null=True, unique=True, db_comment="of the event")
    decided_by = of_officer(null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "reporting_reinforcement"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["campaign", "above", "day"], name="reporting_reinforcement_of"),
            models.Index(
                fields=["last"], condition=Q(state=State.CARRIED_OUT.value), name="reporting_reinforcement_open"
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["campaign", "day", "receiver", "kind", "last", "donor", "kits", "crews"],
                nulls_distinct=False, name="reporting_reinforcement_once",
            ),
            models.CheckConstraint(name="reporting_reinforcement_state", condition=one_of("state", State)),
            models.CheckConstraint(name="reporting_reinforcement_kind", condition=one_of("kind", Kind)),
            models.CheckConstraint(
                name="reporting_reinforcement_days",
                condition=Q(first__gt=F("day"), last__gte=F("first"), deadline__gte=F("last"), gained__gte=0),
            ),
            models.CheckConstraint(
                name="reporting_reinforcement_lent",
                condition=Q(kind__in=_LENT, donor__isnull=False) & ~Q(donor=F("receiver"))
                & (Q(kits__len__gt=0) | Q(crews__len__gt=0))
                | ~Q(kind__in=_LENT) & Q(donor__isnull=True, kits__len=0, crews__len=0),
            ),
            models.CheckConstraint(
                name="reporting_reinforcement_decided",
                condition=Q(
                    state__in=_DECIDED, decision__isnull=False, decided_by__isnull=False, decided_at__isnull=False,
                    reason__regex=r"\S",
                )
                | Q(
                    state__in=[State.PROPOSED.value, State.EXPIRED.value], decision__isnull=True,
                    decided_by__isnull=True, decided_at__isnull=True, reason="",
                ),
            ),
        ]  # fmt: skip


class Promise(models.Model):
    """What a reinforcement does to one unit, as it was found: days of the finish by the plan, and people; none: not."""

    pk = models.CompositePrimaryKey("reinforcement_id", "part")
    reinforcement = models.ForeignKey(Reinforcement, models.PROTECT, db_index=False, related_name="promises")
    part = models.CharField(max_length=8, db_collation="C")
    unit = of_unit(db_index=False)
    left = models.IntegerField(db_comment="people to the target")
    finish_before = models.DateField(null=True, db_comment="at the pace seen")
    cautious_before = models.DateField(null=True, db_comment="if the tail is like similar units")
    late_before = models.IntegerField(db_comment="people not served by the deadline")
    finish_after = models.DateField(null=True)
    cautious_after = models.DateField(null=True)
    late_after = models.IntegerField()
    served_without = models.IntegerField(db_comment="people, on the days of the move")
    served_with = models.IntegerField()

    class Meta:
        db_table = "reporting_promise"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="reporting_promise_part", condition=one_of("part", Part)),
            models.CheckConstraint(
                name="reporting_promise_donor_safe",
                condition=~Q(part=Part.DONOR.value) | Q(cautious_after__isnull=False, late_after=0),
            ),
        ]


class Effect(models.Model):
    """What came of a reinforcement at one unit: dossiers taken there on its days and on as many before."""

    pk = models.CompositePrimaryKey("reinforcement_id", "part")
    reinforcement = models.ForeignKey(Reinforcement, models.PROTECT, db_index=False, related_name="effects")
    part = models.CharField(max_length=8, db_collation="C")
    days_before = models.SmallIntegerField()
    before = models.IntegerField()
    days = models.SmallIntegerField()
    after = models.IntegerField()
    finish_before = models.DateField(null=True, db_comment="as forecast before it was accepted")
    low_before = models.DateField(null=True)
    high_before = models.DateField(null=True)
    finish_after = models.DateField(null=True, db_comment="as forecast last")
    low_after = models.DateField(null=True)
    high_after = models.DateField(null=True)
    measured_at = models.DateTimeField()

    class Meta:
        db_table = "reporting_effect"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="reporting_effect_part", condition=one_of("part", Part)),
            models.CheckConstraint(
                name="reporting_effect_counts", condition=Q(days__gt=0, days_before__gte=0, before__gte=0, after__gte=0)
            ),
        ]
