"""The figures the plan is bound by grow by named decisions, never looser than the law; what holds is that of the day."""

import datetime as dt
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BEFORE = """
DROP TRIGGER plan_rule_never_removed ON plan_rule;
DROP FUNCTION plan_keep_rules;
"""

KEYS = """
ALTER TABLE plan_rule DROP CONSTRAINT plan_rule_pkey;
ALTER TABLE plan_rule ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE plan_rule ALTER COLUMN id DROP DEFAULT;
ALTER TABLE plan_rule ADD CONSTRAINT plan_rule_pkey PRIMARY KEY (id);
"""

# A rule that is not there binds nothing, so asking for it is an error: no gap lets anybody through.
LIMIT = """
CREATE FUNCTION plan_limit(rule text, day date) RETURNS int LANGUAGE plpgsql STABLE AS $$
DECLARE figure int;
BEGIN
    SELECT value INTO figure FROM plan_rule WHERE name = rule AND valid_from <= day ORDER BY number DESC LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no rule % holds on %', rule, day USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_rule_there';
    END IF;
    RETURN figure;
END $$;
"""

GROWS = """
CREATE FUNCTION plan_grow_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last plan_rule;
BEGIN
    SELECT * INTO last FROM plan_rule WHERE name = NEW.name ORDER BY number DESC LIMIT 1;
    IF FOUND AND (NEW.number <> last.number + 1 OR NEW.valid_from < last.valid_from OR NEW.measure <> last.measure
                  OR NEW.decided_at < last.decided_at
                  OR NEW.valid_from <= (NEW.decided_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
       OR NOT FOUND AND NEW.number <> 1 THEN
        RAISE EXCEPTION 'rule % grows by one decision after the other, each for days to come', NEW.name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_rule_grows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_rule_grows BEFORE INSERT ON plan_rule FOR EACH ROW EXECUTE FUNCTION plan_grow_rules();
CREATE FUNCTION plan_keep_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a rule of the plan is followed by another, it is never changed or removed'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'plan_rule_never_changed';
END $$;
CREATE TRIGGER plan_rule_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_rule
    FOR EACH STATEMENT EXECUTE FUNCTION plan_keep_rules();
"""

HOURS = """
CREATE OR REPLACE FUNCTION plan_hold_hours() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE worn record;
BEGIN
    SELECT duty.officer_id, duty.work_day, sum(duty.ends_at - duty.starts_at) AS hours INTO worn
    FROM plan_duty AS duty JOIN (SELECT DISTINCT officer_id, work_day FROM fresh WHERE live) AS touched
        USING (officer_id, work_day)
        JOIN (SELECT work_day, make_interval(hours => plan_limit('hours_a_day', work_day)) AS most
              FROM (SELECT DISTINCT work_day FROM fresh WHERE live) AS days) AS bounds USING (work_day)
    WHERE duty.live GROUP BY 1, 2, most HAVING sum(duty.ends_at - duty.starts_at) > most
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'officer % would work % on %', worn.officer_id, worn.hours, worn.work_day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_duty_hours_a_day';
    END IF;
    RETURN NULL;
END $$;
"""

# A rest is bound by the limits of the day after it, days in a row by those of the last of them: as engines.rostering.
REST = """
CREATE OR REPLACE FUNCTION plan_hold_rest() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE worn record; longest int := (SELECT max(value) FROM plan_rule WHERE name = 'days_in_a_row');
BEGIN
    PERFORM pg_advisory_xact_lock(7310, hashtext(one.officer_id::text))
    FROM (SELECT DISTINCT officer_id FROM fresh WHERE live ORDER BY officer_id) AS one;
    WITH spells AS (
        SELECT duty.officer_id, duty.work_day, duty.starts_at - lag(duty.ends_at) OVER spells AS gap,
               duty.work_day = lag(duty.work_day) OVER spells AS same
        FROM plan_duty AS duty JOIN (
            SELECT officer_id, min(work_day) - 1 AS first, max(work_day) + 1 AS last FROM fresh WHERE live GROUP BY 1
        ) AS touched ON touched.officer_id = duty.officer_id AND duty.work_day BETWEEN touched.first AND touched.last
        WHERE duty.live WINDOW spells AS (PARTITION BY duty.officer_id ORDER BY duty.starts_at)
    ), bounds AS MATERIALIZED (
        SELECT work_day, make_interval(hours => plan_limit('rest_hours', work_day)) AS rest,
               make_interval(mins => plan_limit('pause_minutes', work_day)) AS pause
        FROM (SELECT DISTINCT work_day FROM spells) AS days
    )
    SELECT officer_id, work_day, gap INTO worn FROM spells JOIN bounds USING (work_day)
    WHERE gap < rest AND NOT (same AND gap <= pause) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'officer % would rest only % before the shift of %', worn.officer_id, worn.gap, worn.work_day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_duty_rest';
    END IF;
    WITH runs AS (
        SELECT officer_id, min(work_day) AS first, max(work_day) AS last, count(*) AS days FROM (
            SELECT officer_id, work_day, work_day - row_number() OVER (
                PARTITION BY officer_id ORDER BY work_day)::int AS run
            FROM (
                SELECT DISTINCT duty.officer_id, duty.work_day FROM plan_duty AS duty JOIN (
                    SELECT officer_id, min(work_day) - longest AS first, max(work_day) + longest AS last
                    FROM fresh WHERE live GROUP BY 1
                ) AS touched ON touched.officer_id = duty.officer_id
                    AND duty.work_day BETWEEN touched.first AND touched.last
                WHERE duty.live
            ) AS days
        ) AS numbered GROUP BY officer_id, run
    ), bounds AS MATERIALIZED (
        SELECT last, plan_limit('days_in_a_row', last) AS most FROM (SELECT DISTINCT last FROM runs) AS days
    )
    SELECT officer_id, first, days INTO worn FROM runs JOIN bounds USING (last) WHERE days > most LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'officer % would work % days in a row from % on', worn.officer_id, worn.days, worn.first
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_duty_day_off';
    END IF;
    RETURN NULL;
END $$;
"""

GONE = """
DROP TRIGGER plan_rule_never_changed ON plan_rule;
DROP TRIGGER plan_rule_grows ON plan_rule;
DROP FUNCTION plan_keep_rules, plan_grow_rules, plan_limit;
DELETE FROM plan_rule WHERE number > 1;
"""


def earlier(migration: str, name: str) -> str:
    """Return a function as an earlier migration wrote it, to put back."""
    told: str = getattr(import_module(f"muster.plan.migrations.{migration}"), name)
    return told.split("CREATE TRIGGER", maxsplit=1)[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


KEPT = """
CREATE FUNCTION plan_keep_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a rule of the plan is changed, it is never removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER plan_rule_never_removed BEFORE DELETE ON plan_rule FOR EACH STATEMENT EXECUTE FUNCTION plan_keep_rules();
"""
NAMED = """
ALTER TABLE plan_rule DROP CONSTRAINT plan_rule_pkey;
ALTER TABLE plan_rule DROP COLUMN id;
ALTER TABLE plan_rule ADD CONSTRAINT plan_rule_pkey PRIMARY KEY (name);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("plan", "0003_rest"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RunSQL(BEFORE, KEPT),
        migrations.RemoveConstraint(model_name="rule", name="plan_rule_value"),
        migrations.RunSQL(
            KEYS,
            NAMED,
            state_operations=[
                migrations.AlterField("rule", "name", models.CharField(db_collation="C", max_length=24)),
                migrations.AddField("rule", "id", models.UUIDField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.AddField("rule", "number", models.SmallIntegerField(default=1), preserve_default=False),
        migrations.AddField(
            "rule", "valid_from", models.DateField(default=dt.date(2016, 1, 1)), preserve_default=False
        ),
        migrations.AddField("rule", "decided_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "rule",
            "decided_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField("rule", "reason", models.CharField(blank=True, max_length=200)),
        migrations.AlterField("rule", "assumed", models.BooleanField(db_comment="no paper was seen")),
        migrations.AlterField("rule", "source", models.CharField(db_comment="law or paper", max_length=200)),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(fields=("name", "number"), name="plan_rule_one_of_a_number"),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", "overbook"), ("value__range", (0, 1000))),
                    models.Q(
                        ("name", "hours_a_day"), ("valid_from__gte", dt.date(2013, 5, 1)),
                        ("value__range", (1, 12)), ("valid_from__lt", dt.date(2021, 1, 1)),
                    ),
                    models.Q(
                        ("name", "hours_a_day"), ("valid_from__gte", dt.date(2021, 1, 1)),
                        ("value__range", (1, 12)),
                    ),
                    models.Q(
                        ("name", "rest_hours"), ("valid_from__gte", dt.date(2013, 5, 1)),
                        ("value__range", (12, 24)), ("valid_from__lt", dt.date(2021, 1, 1)),
                    ),
                    models.Q(
                        ("name", "rest_hours"), ("valid_from__gte", dt.date(2021, 1, 1)),
                        ("value__range", (12, 24)),
                    ),
                    models.Q(
                        ("name", "pause_minutes"), ("valid_from__gte", dt.date(2013, 5, 1)),
                        ("value__range", (0, 60)), ("valid_from__lt", dt.date(2021, 1, 1)),
                    ),
                    models.Q(
                        ("name", "pause_minutes"), ("valid_from__gte", dt.date(2021, 1, 1)),
                        ("value__range", (0, 60)),
                    ),
                    models.Q(
                        ("name", "days_in_a_row"), ("valid_from__gte", dt.date(2013, 5, 1)),
                        ("value__range", (1, 6)), ("valid_from__lt", dt.date(2021, 1, 1)),
                    ),
                    models.Q(
                        ("name", "days_in_a_row"), ("valid_from__gte", dt.date(2021, 1, 1)),
                        ("value__range", (1, 6)),
                    ),
                    _connector="OR",
                ),
                name="plan_rule_lawful",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("number", 1), ("reason", "")),
                    models.Q(
                        ("decided_at__isnull", False), ("decided_by__isnull", False), ("number__gt", 1),
                        ("reason__regex", "\\S"), ("source__regex", "\\S"),
                    ),
                    _connector="OR",
                ),
                name="plan_rule_decided",
            ),
        ),
        migrations.RunSQL(
            LIMIT + GROWS + HOURS + REST, GONE + earlier("0002_guards", "HOURS") + earlier("0003_rest", "REST")
        ),
    ]  # fmt: skip
