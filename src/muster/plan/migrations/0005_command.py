"""Who commands a unit: one at a time in each seat, never changed but to end; the officer no volunteer."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import muster.plan.columns

KEPT = """
ALTER TABLE plan_command ADD CONSTRAINT plan_command_of_an_officer FOREIGN KEY (officer_id, kind)
    REFERENCES people_officer (id, kind);
CREATE FUNCTION plan_keep_command() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.unit_id, NEW.officer_id, NEW.kind, NEW.seat, NEW.since, NEW.paper)
               IS NOT DISTINCT FROM (OLD.id, OLD.unit_id, OLD.officer_id, OLD.kind, OLD.seat, OLD.since, OLD.paper)
           AND NEW.until < coalesce(OLD.until, 'infinity') AND NEW.reason ~ '\\S' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a command ends, or ends earlier, for a reason; it is never changed otherwise or removed'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'plan_command_kept';
END $$;
CREATE TRIGGER plan_command_kept BEFORE UPDATE ON plan_command FOR EACH ROW EXECUTE FUNCTION plan_keep_command();
CREATE TRIGGER plan_command_never_removed BEFORE DELETE OR TRUNCATE ON plan_command
    FOR EACH STATEMENT EXECUTE FUNCTION plan_keep_command();
"""

UNDO = """
DROP TRIGGER plan_command_never_removed ON plan_command;
DROP TRIGGER plan_command_kept ON plan_command;
DROP FUNCTION plan_keep_command;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("plan", "0004_limits"),
        ("units", "0004_loaded_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Command",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(db_collation="C", db_comment="of the officer", default="officer", max_length=9),
                ),
                ("seat", models.CharField(db_collation="C", max_length=9)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("paper", models.CharField(db_comment="by which the officer was named", max_length=120)),
                ("reason", models.CharField(blank=True, db_comment="of the end", max_length=120)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"
                    ),
                ),
            ],
            options={
                "db_table": "plan_command",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (models.F("unit"), "="),
                            (models.F("seat"), "="),
                            (
                                muster.plan.columns.Days(
                                    models.F("since"),
                                    models.F("until"),
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                ),
                                "&&",
                            ),
                        ],
                        name="plan_command_one_a_seat",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (models.F("unit"), "="),
                            (models.F("officer"), "="),
                            (
                                muster.plan.columns.Days(
                                    models.F("since"),
                                    models.F("until"),
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                ),
                                "&&",
                            ),
                        ],
                        name="plan_command_one_seat_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seat__in", ["commander", "deputy"])), name="plan_command_seat"
                    ),
                    models.CheckConstraint(condition=models.Q(("kind", "officer")), name="plan_command_no_volunteer"),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="plan_command_days",
                    ),
                    models.CheckConstraint(condition=models.Q(("paper__regex", "\\S")), name="plan_command_paper"),
                ],
            },
        ),
        migrations.RunSQL(KEPT, UNDO),
    ]
