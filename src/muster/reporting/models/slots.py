"""Report slots: what was frozen at a fixed time, and what people said of it. Triggers in migration 0002 keep it so."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from muster.reporting.words import PLACES, Cause, State


def _one_of(field: str, words: Any, *more: str) -> Q:
    return Q(**{f"{field}__in": [*(word.value for word in words), *more]})


class Timetable(models.Model):
    """From which work day on a campaign reports at which hours; the last set of the newest day counts."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, related_name="+")
    since = models.DateField()
    times = ArrayField(models.TimeField(), db_comment="on the wall; before 04:00 of the night after the work day")
    levels = ArrayField(models.CharField(max_length=8, db_collation="C"), db_comment="of the units that report")
    sign_within = models.SmallIntegerField(db_comment="minutes")
    chase_every = models.SmallIntegerField(db_comment="minutes; each time one unit further up")
    set_by = models.UUIDField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "reporting_timetable"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="reporting_timetable_filled",
                condition=Q(times__len__gte=1, levels__len__gte=1, sign_within__gt=0, chase_every__gt=0),
            ),
        ]


class Slot(models.Model):
    """One moment at which all units of a campaign were counted."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, db_index=False, related_name="+")
    work_day = models.DateField()
    at = models.DateTimeField(db_comment="figures are as known at this moment")
    sign_by = models.DateTimeField()
    chase_every = models.SmallIntegerField(db_comment="minutes")
    frozen_at = models.DateTimeField(db_comment="when it was made; late where the machine stood still")
    reports = models.IntegerField()
    root = models.BinaryField(db_comment="Merkle root over the hashes of its reports, by unit")

    class Meta:
        db_table = "reporting_slot"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["campaign", "at"], name="reporting_slot_once"),
            models.CheckConstraint(
                name="reporting_slot_hours", condition=Q(sign_by__gt=F("at"), frozen_at__gte=F("at"), chase_every__gt=0)
            ),
        ]


class Report(models.Model):
    """One unit's figures at a slot; of all this only the state ever changes."""

    id = models.UUIDField(primary_key=True)
    slot = models.ForeignKey(Slot, models.PROTECT, db_index=False, related_name="+")
    unit = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+")
    state = models.CharField(max_length=9, db_collation="C", default=State.FROZEN.value)
    layout = models.SmallIntegerField(db_comment="words.LAYOUT: where each count stands")
    totals = ArrayField(models.IntegerField(), db_comment="since the campaign began")
    today = ArrayField(models.IntegerField(), db_comment="of the slot's work day")
    due = ArrayField(models.IntegerField(), db_comment="people due who reside there, by age band")
    targets = ArrayField(models.IntegerField(null=True), db_comment="by plan.words.Aim; null: none")
    hash = models.BinaryField()

    class Meta:
        db_table = "reporting_report"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["unit", "slot"], name="reporting_report_of_unit"),
            models.Index(
                fields=["slot", "unit"], condition=_one_of("state", (State.FROZEN, State.LATE)), name="reporting_owed"
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["slot", "unit"], name="reporting_report_once"),
            models.CheckConstraint(name="reporting_report_state", condition=_one_of("state", State)),
            models.CheckConstraint(
                name="reporting_report_whole",
                condition=~Q(layout=1) | Q(totals__len=PLACES, today__len=PLACES, due__len=4, targets__len=3),
            ),
        ]


class Signature(models.Model):
    """Who of the unit signed a report, and what was noted with it."""

    report = models.OneToOneField(Report, models.PROTECT, primary_key=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    officer = models.UUIDField()
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_comment="where the officer works")
    at = models.DateTimeField()
    late = models.BooleanField()
    key_id = models.CharField(max_length=64, db_collation="C")
    value = models.BinaryField(db_comment="Ed25519 over the report's hash, the note, the officer and the moment")

    class Meta:
        db_table = "reporting_signature"


class Verdict(models.Model):
    """What a commander above says of a report; the last one counts."""

    id = models.UUIDField(primary_key=True)
    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    certified = models.BooleanField()
    counts = ArrayField(models.IntegerField(), db_comment="as the unit reported them then, corrections in them")
    cause = models.CharField(max_length=16, blank=True, db_collation="C")
    why = models.CharField(max_length=500, blank=True)
    officer = models.UUIDField()
    at = models.DateTimeField()
    key_id = models.CharField(max_length=64, db_collation="C")
    value = models.BinaryField()

    class Meta:
        db_table = "reporting_verdict"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="reporting_verdict_says_why",
                condition=Q(certified=True, cause="") | Q(certified=False, why__regex=r"\S") & _one_of("cause", Cause),
            ),
            models.CheckConstraint(name="reporting_verdict_whole", condition=Q(counts__len=PLACES)),
        ]


class Correction(models.Model):
    """A figure that the unit corrects: it stands beside the frozen one."""

    id = models.UUIDField(primary_key=True)
    report = models.ForeignKey(Report, models.PROTECT, db_index=False, related_name="+")
    place = models.SmallIntegerField(db_comment="in the layout")
    value = models.IntegerField()
    cause = models.CharField(max_length=16, db_collation="C")
    why = models.CharField(max_length=500)
    officer = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "reporting_correction"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["report", "place", "at"], name="reporting_correction_of"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="reporting_correction_value", condition=Q(value__gte=0)),
            models.CheckConstraint(name="reporting_correction_place", condition=Q(place__range=(0, PLACES - 1))),
            models.CheckConstraint(
                name="reporting_correction_says_why", condition=Q(why__regex=r"\S") & _one_of("cause", Cause)
            ),
        ]


class Chase(models.Model):
    """That a report was asked for after its time, and of which unit up the line."""

    pk = models.CompositePrimaryKey("report_id", "no")
    report = models.ForeignKey(Report, models.PROTECT, db_index=False, related_name="+")
    no = models.SmallIntegerField(db_comment="1: the unit itself, then one further up each time")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_comment="that is asked")
    at = models.DateTimeField()

    class Meta:
        db_table = "reporting_chase"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="reporting_chase_no", condition=Q(no__gte=1)),
        ]
