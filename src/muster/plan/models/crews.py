"""Crews: who is trained, who stands at which post of which crew, in which session, and who is away."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from muster.plan.columns import of_officer, of_unit, once_at_a_time, one_of
from muster.plan.words import AbsenceKind, AbsenceState, Post


class Training(models.Model):
    """An officer trained for a post."""

    pk = models.CompositePrimaryKey("officer_id", "post")
    officer = of_officer(db_index=False)
    post = models.CharField(max_length=12, db_collation="C")
    on = models.DateField()
    where = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "plan_training"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="plan_training_post", condition=one_of("post", Post)),
        ]


class Crew(models.Model):
    """A crew of a unit."""

    id = models.UUIDField(primary_key=True)
    unit = of_unit()
    name = models.CharField(max_length=80)
    since = models.DateField()
    until = models.DateField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "plan_crew"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="plan_crew_named", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(name="plan_crew_days", condition=Q(until__isnull=True) | Q(until__gt=F("since"))),
        ]


class Member(models.Model):
    """An officer at a post of a crew; trained for it (foreign key), and in one crew at a time."""

    pk = models.CompositePrimaryKey("crew_id", "officer_id", "since")
    crew = models.ForeignKey(Crew, models.PROTECT, db_index=False, related_name="members")
    officer = of_officer()
    post = models.CharField(max_length=12, db_collation="C")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        db_table = "plan_member"
        constraints: ClassVar[list[Any]] = [once_at_a_time("plan_member_one_crew", "officer", hours=False)]


class Duty(models.Model):
    """An officer at a post of a session; in one at a time, within the hours, rests and days off of the rules."""

    pk = models.CompositePrimaryKey("session_id", "officer_id")
    session = models.ForeignKey("plan.Session", models.PROTECT, db_index=False, related_name="+")
    officer = of_officer(db_index=False)
    post = models.CharField(max_length=12, db_collation="C")
    work_day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    live = models.BooleanField(default=True)

    class Meta:
        db_table = "plan_duty"
        indexes: ClassVar[list[Any]] = [models.Index(fields=["officer", "work_day"], name="plan_duty_day")]
        constraints: ClassVar[list[Any]] = [
            once_at_a_time("plan_duty_officer_once", "officer", condition=Q(live=True)),
        ]


class Absence(models.Model):
    """An officer away for the moments ``[starts_at, ends_at)``; ``stand_in`` takes the posts that fall into them.

    Nobody has a duty while away, and nobody is away in a duty (migration 0007).
    """

    id = models.UUIDField(primary_key=True)
    officer = of_officer()
    kind = models.CharField(max_length=10, db_collation="C")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    stand_in = of_officer(null=True)
    note = models.CharField(max_length=120, blank=True, db_comment="the paper, the course; nothing of an illness")
    state = models.CharField(max_length=9, db_collation="C", default=AbsenceState.TOLD.value)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "plan_absence"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="plan_absence_kind", condition=one_of("kind", AbsenceKind)),
            models.CheckConstraint(name="plan_absence_state", condition=one_of("state", AbsenceState)),
            models.CheckConstraint(name="plan_absence_hours", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="plan_absence_another_stands_in", condition=Q(stand_in__isnull=True) | ~Q(stand_in=F("officer"))
            ),
            models.CheckConstraint(
                name="plan_absence_ill_is_enough", condition=~Q(kind=AbsenceKind.ILL.value) | Q(note="")
            ),
            once_at_a_time("plan_absence_one_at_a_time", "officer", condition=~Q(state=AbsenceState.WITHDRAWN.value)),
        ]
