"""The tables of people."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import muster.kernel.ids
import muster.people.models


class Migration(migrations.Migration):
    """Create officers, assignments, approvals, sessions and the mark of a demonstration."""

    initial = True

    dependencies = [
        ("units", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=muster.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("username", models.CharField(db_collation="C", max_length=32, unique=True)),
                ("full_name", models.CharField(max_length=120)),
                ("name_sort", models.CharField(db_collation="C", max_length=400)),
                ("badge", models.CharField(blank=True, db_collation="C", max_length=16)),
                ("kind", models.CharField(db_collation="C", max_length=9)),
                ("is_active", models.BooleanField(default=True)),
                ("is_demo", models.BooleanField(default=False)),
                ("password_temporary", models.BooleanField(default=True)),
                ("added_at", models.DateTimeField()),
                ("deactivated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "db_table": "people_officer",
                "indexes": [models.Index(fields=["unit", "name_sort"], name="people_officer_unit")],
                "constraints": [
                    models.UniqueConstraint(fields=("id", "kind"), name="people_officer_kind_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("badge", ""), _negated=True), fields=("badge",), name="people_officer_badge"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("username__regex", "^[a-z0-9][a-z0-9._-]{2,31}$")),
                        name="people_officer_username",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("full_name", ""), _negated=True), models.Q(("name_sort", ""), _negated=True)
                        ),
                        name="people_officer_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["officer", "volunteer"])), name="people_officer_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deactivated_at__isnull", True), ("is_active", True)),
                            models.Q(("deactivated_at__isnull", False), ("is_active", False)),
                            _connector="OR",
                        ),
                        name="people_officer_active",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_demo", False), ("password__startswith", "!"), _connector="OR"),
                        name="people_officer_demo",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.UUIDField(default=muster.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("kind", models.CharField(db_collation="C", max_length=13)),
                ("subject_kind", models.CharField(db_collation="C", max_length=24)),
                ("subject", models.UUIDField()),
                ("asked_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, db_collation="C", max_length=7)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "db_table": "people_approval",
                "indexes": [
                    models.Index(
                        condition=models.Q(("decision", "")), fields=["expires_at"], name="people_approval_open"
                    ),
                    models.Index(fields=["asked_by", "asked_at"], name="people_approval_asked"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("asked_by", models.F("decided_by")), _negated=True),
                        name="people_approval_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["merge", "cancel_number", "bulk_export", "break_glass", "reset_factor"])
                        ),
                        name="people_approval_kind",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason__regex", "\\S")), name="people_approval_reason"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("decision", "")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("decision__in", ["granted", "refused"]),
                            ),
                            _connector="OR",
                        ),
                        name="people_approval_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at__gt", models.F("asked_at")),
                            models.Q(
                                ("decided_at__isnull", True), ("decided_at__gte", models.F("asked_at")), _connector="OR"
                            ),
                        ),
                        name="people_approval_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("used_at__isnull", True),
                            models.Q(
                                ("decision", "granted"),
                                ("used_at__gte", models.F("decided_at")),
                                ("used_at__lt", models.F("expires_at")),
                            ),
                            _connector="OR",
                        ),
                        name="people_approval_used",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.UUIDField(default=muster.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("kind", models.CharField(db_collation="C", max_length=9)),
                ("role", models.CharField(db_collation="C", max_length=13)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("given_by", models.UUIDField(null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "db_table": "people_assignment",
                "indexes": [models.Index(fields=["unit", "role"], name="people_assignment_unit")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (models.F("officer"), "="),
                            (models.F("role"), "="),
                            (models.F("unit"), "="),
                            (
                                muster.people.models.Hours(
                                    models.F("valid_from"),
                                    models.F("valid_to"),
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                ),
                                "&&",
                            ),
                        ],
                        name="people_assignment_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="people_assignment_hours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "crew",
                                    "desk_lead",
                                    "commander",
                                    "planner",
                                    "checker",
                                    "technician",
                                    "auditor",
                                    "administrator",
                                    "volunteer",
                                ],
                            )
                        ),
                        name="people_assignment_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "volunteer"), ("role", "volunteer")),
                            models.Q(
                                models.Q(("kind", "volunteer"), _negated=True),
                                models.Q(("role", "volunteer"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="people_assignment_volunteer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DemoData",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "people_demo",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="people_demo_one")],
            },
        ),
        migrations.CreateModel(
            name="WorkSession",
            fields=[
                ("id", models.UUIDField(default=muster.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("key", models.CharField(db_collation="C", max_length=64, unique=True)),
                ("demo", models.BooleanField(default=False)),
                ("address", models.GenericIPAddressField(null=True)),
                ("program", models.CharField(blank=True, max_length=200)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, db_collation="C", max_length=16)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "people_session",
                "indexes": [models.Index(fields=["officer", "started_at"], name="people_session_officer")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("started_at"))), name="people_session_hours"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ended_at__isnull", True)),
                            models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="people_session_ended",
                    ),
                ],
            },
        ),
    ]
