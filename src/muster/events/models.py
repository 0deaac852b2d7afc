"""The journal and what is kept from it. Triggers in the migrations guard and count; ADR 0003 says why it is so."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class JournalUnit(models.Model):
    """A unit as the journal counts it: its id and all units above it. Filled by the room of units, never changed."""

    id = models.IntegerField(primary_key=True)
    ancestors = ArrayField(models.IntegerField(), db_comment="root first, the unit itself last")

    class Meta:
        db_table = "events_unit"
        indexes: ClassVar[list[Any]] = [GinIndex(fields=["ancestors"], name="events_unit_ancestors")]
        # besides: its last ancestor is the unit itself, and only one unit is a root (migration 0002)


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
    """One move of one thing; never changed, never deleted.

    The trigger that counts also checks units and metric, once a statement: a foreign key would do it row by row.
    Nothing it points to can go, for units and metrics are never deleted either.
    """

    id = models.UUIDField(primary_key=True)
    metric = models.ForeignKey(Metric, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    thing = models.UUIDField()
    occurred_at = models.DateTimeField(db_comment="by the clock of whoever did it")
    recorded_at = models.DateTimeField(db_comment="by the server's campaign clock")
    work_day = models.DateField(db_comment="the shift's day: 01:00 belongs to the evening before")
    by_officer = models.UUIDField(null=True, db_comment="null: the system itself")
    unit_done = models.IntegerField()
    unit_residence = models.IntegerField(null=True)
    kit = models.UUIDField(null=True)
    age_band = models.SmallIntegerField()
    reason = models.CharField(max_length=200, blank=True, db_collation="C")
    batch = models.UUIDField(db_comment="the operation that wrote it")
    position = models.IntegerField(db_comment="its place in the batch, from 0")

    class Meta:
        db_table = "events_event"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["thing"], name="events_event_thing"),
            models.Index(
                fields=["metric", "recorded_at"],
                include=["unit_done", "unit_residence", "work_day", "age_band"],
                name="events_event_known",
            ),
            # what a unit did on a day, and what its residents had done: narrow, for every event is in both
            models.Index(fields=["unit_done", "recorded_at"], name="events_event_done"),
            models.Index(
                fields=["unit_residence", "recorded_at"],
                condition=Q(unit_residence__isnull=False),
                name="events_event_residence",
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["batch", "position"], name="events_event_place"),
            models.CheckConstraint(name="events_event_age_band", condition=Q(age_band__range=(0, 3))),
        ]


class OpenCount(models.Model):
    """How often, since counters were summed up last: kept by a trigger in the transaction that writes the events.

    ``stripe`` keeps writers apart: each transaction writes a stripe that nobody else is writing, so that none
    ever waits for another.
    """

    pk = models.CompositePrimaryKey(
        "metric", "unit_done", "known_day", "known_hour", "work_day", "age_band", "unit_residence", "stripe"
    )
    metric = models.SmallIntegerField()
    unit_done = models.IntegerField()
    known_day = models.DateField(db_comment="local day of recorded_at")
    known_hour = models.SmallIntegerField(db_comment="local hour of recorded_at, 0 to 23")
    work_day = models.DateField()
    age_band = models.SmallIntegerField()
    unit_residence = models.IntegerField(db_comment="0: none")
    stripe = models.SmallIntegerField()
    n = models.IntegerField()

    class Meta:
        db_table = "events_open"
        constraints: ClassVar[list[Any]] = [models.CheckConstraint(name="events_open_counts", condition=Q(n__gt=0))]


class Leaf(models.Model):
    """How often, as summed up: the finest counter, which `sum_up` makes of the open ones."""

    pk = models.CompositePrimaryKey("unit_done", "metric", "work_day", "known_day", "age_band", "unit_residence")
    unit_done = models.IntegerField()
    metric = models.ForeignKey(Metric, models.PROTECT, db_column="metric", db_index=False, related_name="+")
    work_day = models.DateField()
    known_day = models.DateField()
    age_band = models.SmallIntegerField()
    unit_residence = models.IntegerField(db_comment="0: none")
    n = models.IntegerField()

    class Meta:
        db_table = "events_leaf"
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["unit_residence", "metric", "work_day", "known_day", "age_band"],
                include=["n"],
                condition=~Q(unit_residence=0),
                name="events_leaf_residence",
            ),
        ]
        constraints: ClassVar[list[Any]] = [models.CheckConstraint(name="events_leaf_counts", condition=Q(n__gt=0))]


class Tile(models.Model):
    """The leaves of all units below a unit, summed up: for every unit that has others below it, and both sides."""

    pk = models.CompositePrimaryKey("unit", "residence", "metric", "work_day", "known_day", "age_band")
    unit = models.IntegerField(db_comment="what it did itself is not in it")
    residence = models.BooleanField(db_comment="false: the unit that did it; true: where the citizen resides")
    metric = models.ForeignKey(Metric, models.PROTECT, db_column="metric", db_index=False, related_name="+")
    work_day = models.DateField()
    known_day = models.DateField()
    age_band = models.SmallIntegerField()
    n = models.IntegerField()

    class Meta:
        db_table = "events_tile"
        constraints: ClassVar[list[Any]] = [models.CheckConstraint(name="events_tile_counts", condition=Q(n__gt=0))]


class Hour(models.Model):
    """What became known in one hour, in the country or a province with all below it: for counts as known at a moment.

    Only the two upper levels have it: a lower unit's part of a day is read from the journal.
    """

    pk = models.CompositePrimaryKey("unit", "residence", "metric", "known_day", "known_hour", "work_day", "age_band")
    unit = models.IntegerField(db_comment="what it did itself is in it")
    residence = models.BooleanField(db_comment="false: the unit that did it; true: where the citizen resides")
    metric = models.ForeignKey(Metric, models.PROTECT, db_column="metric", db_index=False, related_name="+")
    known_day = models.DateField()
    known_hour = models.SmallIntegerField()
    work_day = models.DateField()
    age_band = models.SmallIntegerField()
    n = models.IntegerField()

    class Meta:
        db_table = "events_hour"
        constraints: ClassVar[list[Any]] = [models.CheckConstraint(name="events_hour_counts", condition=Q(n__gt=0))]


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
