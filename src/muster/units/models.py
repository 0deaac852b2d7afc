"""The tables of units.

A row of ``Unit`` is one extent of one unit for the days ``[valid_from, valid_to)``. When its extent or its parent
changes it closes, another row opens (often with the same code) and ``Succession`` says what went where. When only its
name or type changes, the row stays and ``Renaming`` says what it is called from that day on. Nothing points elsewhere
because of a merger: people, events and plans keep the row they were written with.
"""

import datetime as dt
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from muster.units.rows import thing
from muster.units.spelling import Bare, Words
from muster.units.validity import Validity

ROOT = 1  # Việt Nam


class Level(models.TextChoices):
    """The level of a unit; hamlets may stand below hamlets, to any depth."""

    COUNTRY = "country"
    PROVINCE = "province"
    DISTRICT = "district"  # none after 2025-06-30
    COMMUNE = "commune"
    HAMLET = "hamlet"


class Share(models.TextChoices):
    """How much of the predecessor went to one successor."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"  # land without inhabitants, or inhabitants without land


class Unit(models.Model):
    """One extent of one unit, for the days ``[valid_from, valid_to)``."""

    id = models.AutoField(primary_key=True)
    code = models.CharField(max_length=24, db_collation="C")  # of the statistics office; hamlets: our own
    level = models.CharField(max_length=8, choices=Level, db_collation="C")
    type_vi = models.CharField(max_length=32)  # as of valid_from: Tỉnh, Quận, Xã, Tổ dân phố ...
    name = models.CharField(max_length=120)  # as of valid_from, without the type
    name_key = models.CharField(max_length=160, db_collation="C")  # kernel.names.syllable_key(name)
    name_bare = models.GeneratedField(expression=Bare(F("name_key")), output_field=models.TextField(), db_persist=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the first day it is no more
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    ancestors = ArrayField(models.IntegerField())  # root first, self last
    lat = models.FloatField(null=True, blank=True)  # degrees, WGS 84
    lon = models.FloatField(null=True, blank=True)

    class Meta:
        db_table = "units_unit"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="units_unit_code_from"),
            ExclusionConstraint(
                name="units_unit_code_once",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (Validity(F("valid_from"), F("valid_to"), RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="units_unit_days",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(name="units_unit_level", condition=Q(level__in=Level.values)),
            models.CheckConstraint(
                name="units_unit_root",
                condition=Q(id=ROOT, level=Level.COUNTRY, parent__isnull=True)
                | (~Q(id=ROOT) & ~Q(level=Level.COUNTRY) & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="units_unit_named",
                condition=~Q(code="") & ~Q(type_vi="") & ~Q(name="") & ~Q(name_key=""),
            ),
            models.CheckConstraint(
                name="units_unit_position",
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__isnull=False, lon__isnull=False, lat__range=(-90, 90), lon__range=(-180, 180)),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["ancestors"], name="units_unit_ancestors"),
            models.Index(fields=["name_key"], name="units_unit_name_key"),
            models.Index(fields=["name_bare"], name="units_unit_name_bare", opclasses=["text_pattern_ops"]),
            GinIndex(Words(F("name_bare")), name="units_unit_words"),
        ]

    def __str__(self) -> str:
        return f"{self.type_vi} {self.name}"

    @property
    def thing(self) -> UUID:
        """The id by which the journal and the audit name this row: the same on every server."""
        return thing(self.code, self.valid_from)

    def valid_on(self, on: dt.date) -> bool:
        """Say whether this row holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class Succession(models.Model):
    """What became of a unit: on a day, the whole or a part of it went to a successor."""

    id = models.BigAutoField(primary_key=True)
    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    on = models.DateField()
    share = models.CharField(max_length=5, choices=Share, db_collation="C")  # of the territory
    people = models.CharField(max_length=5, choices=Share, db_collation="C")  # of the inhabitants
    note = models.CharField(max_length=200, blank=True)  # the words of the source

    class Meta:
        db_table = "units_succession"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="units_succession_once"),
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=Q(share=Share.WHOLE),
                name="units_succession_whole",
            ),
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=Q(people=Share.WHOLE),
                name="units_succession_all_people",
            ),
            models.CheckConstraint(
                name="units_succession_shares",
                condition=Q(share__in=Share.values, people__in=Share.values) & ~Q(share=Share.NONE, people=Share.NONE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} -> {self.successor_id} ({self.share}, {self.on})"


class LoadedLists(models.Model):
    """Which packaged lists the tree was last loaded from with nothing refused: one row, none before the first load."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    digest = models.CharField(max_length=64, db_collation="C")  # reference.digest: SHA-256, hexadecimal
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "units_loaded_lists"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="units_loaded_lists_one", condition=Q(id=1)),
            models.CheckConstraint(name="units_loaded_lists_digest", condition=Q(digest__regex="^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.digest


class Renaming(models.Model):
    """From a day on, a unit of unchanged extent bears another name or type."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="renamings")
    on = models.DateField()
    type_vi = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=160, db_collation="C")
    name_bare = models.GeneratedField(expression=Bare(F("name_key")), output_field=models.TextField(), db_persist=True)

    class Meta:
        db_table = "units_renaming"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["unit", "on"], name="units_renaming_once"),
            models.CheckConstraint(
                name="units_renaming_named",
                condition=~Q(type_vi="") & ~Q(name="") & ~Q(name_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type_vi} {self.name}"
