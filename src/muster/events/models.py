"""The journal and what is kept from it. Triggers in the migrations guard and count; ADR 0003 says why it is so."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class JournalUnit(models.Model):
    """A unit as the journal counts it: its id and all units above it. Filled by the room of units."""

    id = models.IntegerField(primary_key=True)
    ancestors = ArrayField(models.IntegerField(), db_comment="root first, the unit itself last")

    class Meta:
        db_table = "events_unit"
        indexes: ClassVar[list[Any]] = [GinIndex(fields=["ancestors"], name="events_unit_ancestors")]


class Metric(models.Model):
    """A move of a kind of thing, as the counters name it."""

    id = models.SmallAutoField(primary_key=True)
    kind = models.CharField(max_length=40, db_collation="C")
    move = models.CharField(max_length=40, db_collation="C")

    class Meta:
        db_table = "events_metric"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["kind", "move"], name="events_metric_once"),
        ]


class Event(models.Model):
    """One move of one thing; never changed, never deleted."""

    id = models.UUIDField(primary_key=True)
    metric = models.ForeignKey(Metric, models.PROTECT, db_index=False, related_name="+")
    thing = models.UUIDField()
    occurred_at = models.DateTimeField(db_comment="by the clock of whoever did it")
    recorded_at = models.DateTimeField(db_comment="by the server's campaign clock")
    work_day = models.DateField(db_comment="the shift's day: 01:00 belongs to the evening before")
    by_officer = models.UUIDField(null=True, db_comment="null: the system itself")
    unit_done = models.ForeignKey(JournalUnit, models.PROTECT, db_index=False, db_column="unit_done", related_name="+")
    unit_residence = models.ForeignKey(
        JournalUnit, models.PROTECT, null=True, db_index=False, db_column="unit_residence", related_name="+"
    )
    kit = models.UUIDField(null=True)
    age_band = models.SmallIntegerField()
    reason = models.CharField(max_length=200, blank=True, db_collation="C")
    batch = models.UUIDField(db_comment="the operation that wrote it")
    position = models.IntegerField(db_comment="its place in the batch, from 0")

    class Meta:
        db_table = "events_event"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["thing"], name="events_event_thing"),
            models.Index(fields=["recorded_at"], name="events_event_recorded"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["batch", "position"], name="events_event_place"),
            models.CheckConstraint(name="events_event_age_band", condition=Q(age_band__range=(0, 3))),
        ]


class Leaf(models.Model):
    """How often: the finest counter, kept by a trigger in the transaction that writes the events."""

    pk = models.CompositePrimaryKey("metric", "known_day", "unit_done", "work_day", "age_band", "unit_residence")
    metric = models.SmallIntegerField()
    known_day = models.DateField(db_comment="local day of recorded_at")
    unit_done = models.IntegerField()
    work_day = models.DateField()
    age_band = models.SmallIntegerField()
    unit_residence = models.IntegerField(db_comment="0: none")
    n = models.BigIntegerField()

    class Meta:
        db_table = "events_leaf"


class Tile(models.Model):
    """The leaves of all closed days, summed up for every unit of the tree and both sides."""

    pk = models.CompositePrimaryKey("unit", "residence", "metric", "work_day", "age_band")
    unit = models.IntegerField()
    residence = models.BooleanField(db_comment="false: the unit that did it; true: where the citizen resides")
    metric = models.SmallIntegerField()
    work_day = models.DateField()
    age_band = models.SmallIntegerField()
    n = models.BigIntegerField()

    class Meta:
        db_table = "events_tile"


class Closed(models.Model):
    """The last day whose leaves are summed up in the tiles: one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    through = models.DateField()

    class Meta:
        db_table = "events_closed"
        constraints: ClassVar[list[Any]] = [models.CheckConstraint(name="events_closed_one_row", condition=Q(id=1))]


class Clock(models.Model):
    """The campaign's clock when it is played; no row means real time."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    real_anchor = models.DateTimeField()
    campaign_anchor = models.DateTimeField()
    speed = models.FloatField()
    paused = models.BooleanField()

    class Meta:
        db_table = "events_clock"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="events_clock_one_row", condition=Q(id=1)),
            models.CheckConstraint(name="events_clock_runs_forward", condition=Q(speed__gt=0)),
        ]
