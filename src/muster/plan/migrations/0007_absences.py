"""Who is away: nobody has a duty while away, nobody is away in a duty, whoever writes which first."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import muster.plan.columns

# Whoever writes duties or absences of an officer waits for whoever else does, and then looks: as `plan_hold_rest`.
AWAY = """
CREATE FUNCTION plan_hold_away() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE met record;
BEGIN
    PERFORM pg_advisory_xact_lock(7310, hashtext(one.officer_id::text))
    FROM (SELECT DISTINCT officer_id FROM fresh WHERE live ORDER BY officer_id) AS one;
    SELECT fresh.officer_id, fresh.work_day INTO met FROM fresh JOIN plan_absence AS away USING (officer_id)
    WHERE fresh.live AND away.state <> 'withdrawn' AND away.starts_at < fresh.ends_at AND fresh.starts_at < away.ends_at
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'officer % is away on %', met.officer_id, met.work_day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_duty_away';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER plan_duty_away_added AFTER INSERT ON plan_duty REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION plan_hold_away();
CREATE TRIGGER plan_duty_away_changed AFTER UPDATE ON plan_duty REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION plan_hold_away();
CREATE FUNCTION plan_hold_on_duty() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE met record;
BEGIN
    PERFORM pg_advisory_xact_lock(7310, hashtext(one.officer_id::text))
    FROM (SELECT DISTINCT officer_id FROM fresh WHERE state <> 'withdrawn' ORDER BY officer_id) AS one;
    SELECT duty.officer_id, duty.work_day INTO met FROM fresh AS away JOIN plan_duty AS duty USING (officer_id)
    WHERE duty.live AND away.state <> 'withdrawn' AND away.starts_at < duty.ends_at AND duty.starts_at < away.ends_at
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'officer % has a duty on % while away', met.officer_id, met.work_day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_absence_on_duty';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER plan_absence_on_duty_added AFTER INSERT ON plan_absence REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION plan_hold_on_duty();
CREATE TRIGGER plan_absence_on_duty_changed AFTER UPDATE ON plan_absence REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION plan_hold_on_duty();
"""

UNDO = """
DROP TRIGGER plan_absence_on_duty_changed ON plan_absence;
DROP TRIGGER plan_absence_on_duty_added ON plan_absence;
DROP TRIGGER plan_duty_away_changed ON plan_duty;
DROP TRIGGER plan_duty_away_added ON plan_duty;
DROP FUNCTION plan_hold_on_duty, plan_hold_away;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("plan", "0006_spare"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(db_collation="C", max_length=10)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "note",
                    models.CharField(
                        blank=True, db_comment="the paper, the course; nothing of an illness", max_length=120
                    ),
                ),
                ("state", models.CharField(db_collation="C", default="told", max_length=9)),
                ("version", models.IntegerField(default=1)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "stand_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "plan_absence",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["leave", "ill", "training", "other_duty"])),
                        name="plan_absence_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["told", "ended", "withdrawn"])), name="plan_absence_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="plan_absence_hours"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stand_in__isnull", True),
                            models.Q(("stand_in", models.F("officer")), _negated=True),
                            _connector="OR",
                        ),
                        name="plan_absence_another_stands_in",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("kind", "ill"), _negated=True), ("note", ""), _connector="OR"),
                        name="plan_absence_ill_is_enough",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        expressions=[
                            (models.F("officer"), "="),
                            (
                                muster.plan.columns.Hours(
                                    models.F("starts_at"),
                                    models.F("ends_at"),
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                ),
                                "&&",
                            ),
                        ],
                        name="plan_absence_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.RunSQL(AWAY, UNDO),
    ]
