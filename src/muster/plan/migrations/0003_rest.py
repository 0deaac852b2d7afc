"""Rest between shifts and days and a day off, held by the database; crews that change, venues that close."""

import django.db.models
from django.db import migrations

RULES = """
INSERT INTO plan_rule (name, value, measure, source, assumed) VALUES
    ('rest_hours', 12, 'hours of rest between two shifts',
     'Labour Code 45/2019/QH14 art. 110: at least 12 hours before another shift; the police follow it by choice of this house', true),
    ('pause_minutes', 60, 'minutes of a pause that ends no shift',
     'Labour Code 45/2019/QH14 art. 109: a break of 30 to 45 minutes or more belongs to the shift; the hour is this house''s', true),
    ('days_in_a_row', 6, 'work days of an officer in a row',
     'Labour Code 45/2019/QH14 art. 111(1): at least 24 hours in a row off each week; the police follow it by choice of this house', true);
CREATE FUNCTION plan_keep_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a rule of the plan is changed, it is never removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER plan_rule_never_removed BEFORE DELETE ON plan_rule FOR EACH STATEMENT EXECUTE FUNCTION plan_keep_rules();
"""

MEMBERS = """
ALTER TABLE plan_member DROP CONSTRAINT plan_member_pkey;
ALTER TABLE plan_member ADD CONSTRAINT plan_member_pkey PRIMARY KEY (crew_id, officer_id, since);
"""

# Whoever writes duties of an officer waits for whoever else does: two shifts that both seem to leave a rest could
# otherwise be written at once. Within a work day a pause ends no shift; between two days there is always a whole rest.
REST = """
CREATE FUNCTION plan_hold_rest() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE worn record; longest int := (SELECT value FROM plan_rule WHERE name = 'days_in_a_row');
BEGIN
    PERFORM pg_advisory_xact_lock(7310, hashtext(one.officer_id::text))
    FROM (SELECT DISTINCT officer_id FROM fresh WHERE live ORDER BY officer_id) AS one;
    SELECT * INTO worn FROM (
        SELECT duty.officer_id, duty.work_day, duty.starts_at - lag(duty.ends_at) OVER spells AS gap,
               duty.work_day = lag(duty.work_day) OVER spells AS same
        FROM plan_duty AS duty JOIN (
            SELECT officer_id, min(work_day) - 1 AS first, max(work_day) + 1 AS last FROM fresh WHERE live GROUP BY 1
        ) AS touched ON touched.officer_id = duty.officer_id AND duty.work_day BETWEEN touched.first AND touched.last
        WHERE duty.live WINDOW spells AS (PARTITION BY duty.officer_id ORDER BY duty.starts_at)
    ) AS spells
    WHERE gap < make_interval(hours => (SELECT value FROM plan_rule WHERE name = 'rest_hours'))
        AND NOT (same AND gap <= make_interval(mins => (SELECT value FROM plan_rule WHERE name = 'pause_minutes')))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'officer % would rest only % before the shift of %', worn.officer_id, worn.gap, worn.work_day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_duty_rest';
    END IF;
    SELECT officer_id, min(work_day) AS first, count(*) AS days INTO worn FROM (
        SELECT officer_id, work_day, work_day - row_number() OVER (PARTITION BY officer_id ORDER BY work_day)::int AS run
        FROM (
            SELECT DISTINCT duty.officer_id, duty.work_day FROM plan_duty AS duty JOIN (
                SELECT officer_id, min(work_day) - longest AS first, max(work_day) + longest AS last
                FROM fresh WHERE live GROUP BY 1
            ) AS touched ON touched.officer_id = duty.officer_id AND duty.work_day BETWEEN touched.first AND touched.last
            WHERE duty.live
        ) AS days
    ) AS runs GROUP BY officer_id, run HAVING count(*) > longest LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'officer % would work % days in a row from % on', worn.officer_id, worn.days, worn.first
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_duty_day_off';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER plan_duty_rest_added AFTER INSERT ON plan_duty REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION plan_hold_rest();
CREATE TRIGGER plan_duty_rest_changed AFTER UPDATE ON plan_duty REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION plan_hold_rest();
"""

UNDO = """
DROP TRIGGER plan_duty_rest_changed ON plan_duty;
DROP TRIGGER plan_duty_rest_added ON plan_duty;
DROP FUNCTION plan_hold_rest;
ALTER TABLE plan_member DROP CONSTRAINT plan_member_pkey;
ALTER TABLE plan_member ADD CONSTRAINT plan_member_pkey PRIMARY KEY (crew_id, officer_id);
DROP TRIGGER plan_rule_never_removed ON plan_rule;
DROP FUNCTION plan_keep_rules;
DELETE FROM plan_rule WHERE name IN ('rest_hours', 'pause_minutes', 'days_in_a_row');
"""


class Migration(migrations.Migration):
    dependencies = [("plan", "0002_guards")]
    operations = [
        migrations.AddField("crew", "version", django.db.models.IntegerField(default=1)),
        migrations.AddField(
            "venue", "until", django.db.models.DateField(db_comment="closed for good from this day on", null=True)
        ),
        migrations.AddField("venue", "version", django.db.models.IntegerField(default=1)),
        migrations.RunSQL(
            RULES + MEMBERS + REST,
            UNDO,
            state_operations=[
                migrations.AlterField(
                    "member",
                    "pk",
                    django.db.models.CompositePrimaryKey(
                        "crew_id", "officer_id", "since", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                )
            ],
        ),
    ]
