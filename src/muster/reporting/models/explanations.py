"""Explanations of low units: the rule, each week's round, what was asked of whom, and everything that was then said."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from muster.plan.columns import of_officer, of_unit, one_of
from muster.reporting.explaining import ENDED, OWED, Cause, Reason, State, Step

_HUNDRED, _SUNDAY = 100, 7


class ExplainRule(models.Model):
    """From which work day on who of a campaign explains; the last set of the newest day counts."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, related_name="+")
    since = models.DateField()
    weekday = models.SmallIntegerField(db_comment="ISO; the ranking at its end asks")
    levels = ArrayField(models.CharField(max_length=8, db_collation="C"), db_comment="of the units that are asked")
    lowest = models.SmallIntegerField(db_comment="so many of the last under one unit")
    below = models.SmallIntegerField(db_comment="per cent of the even plan, of the last")
    slow = models.SmallIntegerField(db_comment="per cent of the even plan, of everybody")
    answer_within = models.IntegerField(db_comment="minutes")
    decide_within = models.IntegerField(db_comment="minutes")
    chase_every = models.IntegerField(db_comment="minutes; each time one unit further up")
    set_by = models.UUIDField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "reporting_explain_rule"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="reporting_explain_rule_filled",
                condition=Q(
                    weekday__range=(1, _SUNDAY), levels__len__gte=1, lowest__gte=0, below__range=(0, _HUNDRED),
                    slow__range=(0, _HUNDRED), answer_within__gt=0, decide_within__gt=0, chase_every__gt=0,
                ),
            ),
        ]  # fmt: skip


class Round(models.Model):
    """That the ranking of a work day asked its low list, and within which terms; a day without any is told too."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, db_index=False, related_name="+")
    day = models.DateField()
    asked_at = models.DateTimeField()
    asked = models.IntegerField(db_comment="so many units")
    answer_within = models.IntegerField(db_comment="minutes")
    decide_within = models.IntegerField(db_comment="minutes")
    chase_every = models.IntegerField(db_comment="minutes")

    class Meta:
        db_table = "reporting_round"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["campaign", "day"], name="reporting_round_once"),
        ]


class Explanation(models.Model):
    """What one low unit was asked for, and why; of all this only state, term and count of chases ever change."""

    id = models.UUIDField(primary_key=True)
    round = models.ForeignKey(Round, models.PROTECT, db_index=False, related_name="+")
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, db_index=False, related_name="+")
    unit = of_unit(db_index=False)
    reason = models.CharField(max_length=8, db_collation="C")
    place = models.IntegerField(db_comment="among those under the same unit")
    among = models.IntegerField()
    captured = models.IntegerField()
    target = models.IntegerField()
    planned = models.IntegerField(db_comment="what an even plan asks for by that day")
    state = models.CharField(max_length=12, db_collation="C", default=State.ASKED.value)
    due_by = models.DateTimeField(null=True, db_comment="when the next move is owed; null: it has ended")
    chased = models.SmallIntegerField(default=0, db_comment="times, since the state it stands in began")

    class Meta:
        db_table = "reporting_explanation"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["unit", "round"], name="reporting_explanation_of_unit"),
            models.Index(
                fields=["due_by"], condition=~one_of("state", sorted(ENDED)), name="reporting_explanation_open"
            ),
        ]  # fmt: skip
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["round", "unit"], name="reporting_explanation_once"),
            models.UniqueConstraint(
                fields=["campaign", "unit"], condition=one_of("state", sorted(OWED)),
                name="reporting_explanation_one_owed",
            ),
            models.CheckConstraint(name="reporting_explanation_state", condition=one_of("state", State)),
            models.CheckConstraint(name="reporting_explanation_reason", condition=one_of("reason", Reason)),
            models.CheckConstraint(
                name="reporting_explanation_ended",
                condition=one_of("state", sorted(ENDED)) & Q(due_by__isnull=True)
                | ~one_of("state", sorted(ENDED)) & Q(due_by__isnull=False),
            ),
            models.CheckConstraint(
                name="reporting_explanation_low",
                condition=Q(captured__gte=0, captured__lt=F("target"), planned__gte=0, place__gte=1)
                & Q(place__lte=F("among"), chased__gte=0),
            ),
        ]  # fmt: skip


class Saying(models.Model):
    """One move of an explanation after it was asked: an answer, a decision with its action, a chase; never changed."""

    id = models.UUIDField(primary_key=True)
    explanation = models.ForeignKey(Explanation, models.PROTECT, db_index=False, related_name="+")
    step = models.CharField(max_length=9, db_collation="C")
    cause = models.CharField(max_length=8, blank=True, db_collation="C", db_comment="of an answer")
    text = models.CharField(max_length=500, blank=True)
    owner = of_officer(null=True, db_index=False, db_comment="who does what was decided")
    due = models.DateField(null=True, db_comment="by the end of which day")
    asked = of_unit(null=True, db_index=False, db_comment="of which unit a chase asks")
    officer = models.UUIDField(null=True, db_comment="null: the clock")
    at = models.DateTimeField()

    class Meta:
        db_table = "reporting_saying"
        indexes: ClassVar[list[Any]] = [models.Index(fields=["explanation", "at"], name="reporting_saying_of")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="reporting_saying_step", condition=one_of("step", [one for one in Step if one is not Step.ASK])
            ),
            models.CheckConstraint(
                name="reporting_saying_cause",
                condition=Q(step=Step.ANSWER.value) & one_of("cause", Cause) | ~Q(step=Step.ANSWER.value) & Q(cause=""),
            ),
            models.CheckConstraint(
                name="reporting_saying_action",
                condition=Q(step=Step.DECIDE.value, owner__isnull=False, due__isnull=False)
                | ~Q(step=Step.DECIDE.value) & Q(owner__isnull=True, due__isnull=True),
            ),
            models.CheckConstraint(
                name="reporting_saying_by",
                condition=Q(step=Step.CHASE.value, asked__isnull=False, text="")
                | ~Q(step=Step.CHASE.value) & Q(asked__isnull=True, officer__isnull=False, text__regex=r"\S"),
            ),
        ]
