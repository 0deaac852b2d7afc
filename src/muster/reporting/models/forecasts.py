"""Forecasts as they were told, kept to be scored by what then happened."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q


class Forecast(models.Model):
    """When a unit was said to reach its goal with one stage of the work, asked at the end of a work day."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, db_index=False, related_name="+")
    unit = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+")
    stage = models.CharField(max_length=12, db_collation="C", db_comment="reporting.words.Figure")
    day = models.DateField(db_comment="the last work day that was known")
    told_at = models.DateTimeField()
    method = models.SmallIntegerField(db_comment="of engines.forecast, as it was then")
    goal = models.IntegerField()
    done = models.IntegerField()
    inputs = models.BinaryField(db_comment="SHA-256 of the curve, the goal and the base it was told from")
    rate_verdict = models.CharField(max_length=16, db_collation="C")
    rate_on = models.DateField(null=True)
    verdict = models.CharField(max_length=16, db_collation="C", db_comment="if the tail is like similar units")
    finish = models.DateField(null=True)
    low = models.DateField(null=True, db_comment="where four fifths of like cases begin")
    high = models.DateField(null=True, db_comment="null beside a finish: beyond the horizon")

    class Meta:
        db_table = "reporting_forecast"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["unit", "campaign", "stage", "day"], name="reporting_forecast_of_unit")
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["campaign", "day", "unit", "stage"], name="reporting_forecast_once"),
            models.CheckConstraint(
                name="reporting_forecast_ordered",
                condition=Q(finish__isnull=True, low__isnull=True, high__isnull=True)
                | Q(low__lte=models.F("finish")) & (Q(high__isnull=True) | Q(high__gte=models.F("finish"))),
            ),
        ]


class Score(models.Model):
    """What became of a forecast: when the goal was reached, counted again once it was."""

    forecast = models.OneToOneField(Forecast, models.PROTECT, primary_key=True, related_name="score_of")
    reached_on = models.DateField()
    off = models.IntegerField(db_comment="days the finish was told too late (below 0: too early)")
    took = models.IntegerField(db_comment="days from the day that was known")
    held = models.BooleanField(db_comment="whether the range held the day")
    planned = models.IntegerField(null=True, db_comment="days that the even plan would have said; null: it said none")
    seven = models.IntegerField(null=True, db_comment="days by the pace of the last 7; null: endless")
    month = models.IntegerField(null=True, db_comment="days by the pace of the last 28; null: endless")
    scored_at = models.DateTimeField()

    class Meta:
        db_table = "reporting_score"
