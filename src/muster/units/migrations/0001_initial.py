"""The tables of units."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models

import muster.units.validity


class Migration(migrations.Migration):
    """Create units, successions and renamings."""

    initial = True

    dependencies = []

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),  # a trusted extension: the owner of the database may create it
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(db_collation="C", max_length=24)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("country", "Country"),
                            ("province", "Province"),
                            ("district", "District"),
                            ("commune", "Commune"),
                            ("hamlet", "Hamlet"),
                        ],
                        db_collation="C",
                        max_length=8,
                    ),
                ),
                ("type_vi", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=120)),
                ("name_key", models.CharField(db_collation="C", max_length=160)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("ancestors", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("lat", models.FloatField(blank=True, null=True)),
                ("lon", models.FloatField(blank=True, null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "db_table": "units_unit",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["ancestors"], name="units_unit_ancestors"),
                    models.Index(fields=["name_key"], name="units_unit_name_key"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "valid_from"), name="units_unit_code_from"),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (models.F("code"), "="),
                            (
                                muster.units.validity.Validity(
                                    models.F("valid_from"),
                                    models.F("valid_to"),
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                ),
                                "&&",
                            ),
                        ],
                        name="units_unit_code_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="units_unit_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["country", "province", "district", "commune", "hamlet"])),
                        name="units_unit_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("id", 1), ("level", "country"), ("parent__isnull", True)),
                            models.Q(
                                models.Q(("id", 1), _negated=True),
                                models.Q(("level", "country"), _negated=True),
                                ("parent__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="units_unit_root",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("type_vi", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            models.Q(("name_key", ""), _negated=True),
                        ),
                        name="units_unit_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lat__isnull", True), ("lon__isnull", True)),
                            models.Q(
                                ("lat__isnull", False),
                                ("lat__range", (-90, 90)),
                                ("lon__isnull", False),
                                ("lon__range", (-180, 180)),
                            ),
                            _connector="OR",
                        ),
                        name="units_unit_position",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("on", models.DateField()),
                (
                    "share",
                    models.CharField(
                        choices=[("whole", "Whole"), ("part", "Part"), ("none", "None")], db_collation="C", max_length=5
                    ),
                ),
                (
                    "people",
                    models.CharField(
                        choices=[("whole", "Whole"), ("part", "Part"), ("none", "None")], db_collation="C", max_length=5
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "predecessor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
                (
                    "successor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "db_table": "units_succession",
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor", "successor"), name="units_succession_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("share", "whole")), fields=("predecessor",), name="units_succession_whole"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("people", "whole")),
                        fields=("predecessor",),
                        name="units_succession_all_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("people__in", ["whole", "part", "none"]),
                            ("share__in", ["whole", "part", "none"]),
                            models.Q(("people", "none"), ("share", "none"), _negated=True),
                        ),
                        name="units_succession_shares",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Renaming",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("on", models.DateField()),
                ("type_vi", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=120)),
                ("name_key", models.CharField(db_collation="C", max_length=160)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="renamings", to="units.unit"
                    ),
                ),
            ],
            options={
                "db_table": "units_renaming",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "on"), name="units_renaming_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("type_vi", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            models.Q(("name_key", ""), _negated=True),
                        ),
                        name="units_renaming_named",
                    ),
                ],
            },
        ),
    ]
