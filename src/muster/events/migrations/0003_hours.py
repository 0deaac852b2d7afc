"""Sums by the hour for the country and its provinces, and counters that tell the hour while they are open."""

import django.db.models.deletion
from django.db import migrations, models

# What is open is summed up first, for its hour is not known; then all hours are counted from the journal.
SUM_UP = """
WITH taken AS (DELETE FROM events_open RETURNING *), closed AS MATERIALIZED (
    SELECT unit_done, metric, work_day, known_day, age_band, unit_residence, sum(n) AS n FROM taken
    GROUP BY 1, 2, 3, 4, 5, 6
), leaves AS (
    INSERT INTO events_leaf AS leaf (unit_done, metric, work_day, known_day, age_band, unit_residence, n)
    SELECT * FROM closed
    ON CONFLICT (unit_done, metric, work_day, known_day, age_band, unit_residence)
        DO UPDATE SET n = leaf.n + excluded.n
)
INSERT INTO events_tile AS tile (unit, residence, metric, work_day, known_day, age_band, n)
SELECT above, residence, metric, work_day, known_day, age_band, sum(n)
FROM closed
CROSS JOIN LATERAL (VALUES (false, unit_done), (true, unit_residence)) AS side (residence, unit)
JOIN events_unit ON events_unit.id = side.unit
CROSS JOIN LATERAL unnest(trim_array(events_unit.ancestors, 1)) AS above
GROUP BY 1, 2, 3, 4, 5, 6
ON CONFLICT (unit, residence, metric, work_day, known_day, age_band) DO UPDATE SET n = tile.n + excluded.n;
SET CONSTRAINTS ALL IMMEDIATE; -- a table whose new rows wait to be checked cannot be altered

ALTER TABLE events_open DROP CONSTRAINT events_open_pkey, ADD COLUMN known_hour smallint NOT NULL,
    ADD PRIMARY KEY (metric, unit_done, known_day, known_hour, work_day, age_band, unit_residence, stripe);
COMMENT ON COLUMN events_open.known_hour IS 'local hour of recorded_at, 0 to 23';
"""

# Most of these tables rests; the little that changes all the time is cleaned up soon, so that counts are read from
# the indexes alone.
HOURS = """
ALTER TABLE events_hour DROP CONSTRAINT events_hour_pkey,
    ADD PRIMARY KEY (unit, residence, metric, known_day, known_hour, work_day, age_band) INCLUDE (n);
ALTER TABLE events_hour SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);
ALTER TABLE events_leaf SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);
ALTER TABLE events_tile SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);
ALTER TABLE events_event SET (autovacuum_vacuum_insert_scale_factor = 0.01);

CREATE FUNCTION events_known_hour(recorded timestamptz) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN extract(hour FROM recorded AT TIME ZONE INTERVAL '7 hours')::smallint;

INSERT INTO events_hour (unit, residence, metric, known_day, known_hour, work_day, age_band, n)
SELECT above, residence, metric_id, events_known_day(recorded_at), events_known_hour(recorded_at), work_day, age_band,
       count(*)
FROM events_event
CROSS JOIN LATERAL (VALUES (false, unit_done), (true, unit_residence)) AS side (residence, unit)
JOIN events_unit ON events_unit.id = side.unit
CROSS JOIN LATERAL unnest(events_unit.ancestors[:2]) AS above
GROUP BY 1, 2, 3, 4, 5, 6, 7;
"""

COUNTING = """
CREATE OR REPLACE FUNCTION events_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own smallint := 0;
BEGIN
    IF EXISTS (SELECT FROM (SELECT unit_done AS unit FROM added UNION SELECT unit_residence FROM added) AS named
               WHERE unit IS NOT NULL AND (SELECT id FROM events_unit WHERE id = unit) IS NULL)
       OR EXISTS (SELECT FROM (SELECT DISTINCT metric_id FROM added) AS named
                  WHERE (SELECT id FROM events_metric WHERE id = metric_id) IS NULL) THEN
        RAISE EXCEPTION 'an event names a unit or a metric that the journal does not know'
            USING ERRCODE = 'foreign_key_violation';
    END IF;

    WHILE NOT pg_try_advisory_xact_lock(7302, 1000 + own) LOOP
        own := own + 1;
    END LOOP;
    INSERT INTO events_open AS counted
        (metric, unit_done, known_day, known_hour, work_day, age_band, unit_residence, stripe, n)
    SELECT metric_id, unit_done, events_known_day(recorded_at), events_known_hour(recorded_at), work_day, age_band,
           coalesce(unit_residence, 0), own, count(*)
    FROM added GROUP BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (metric, unit_done, known_day, known_hour, work_day, age_band, unit_residence, stripe)
        DO UPDATE SET n = counted.n + excluded.n;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0002_counting")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(SUM_UP)],
            state_operations=[
                migrations.DeleteModel("OpenCount"),
                migrations.CreateModel(
                    name="OpenCount",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "metric",
                                "unit_done",
                                "known_day",
                                "known_hour",
                                "work_day",
                                "age_band",
                                "unit_residence",
                                "stripe",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("metric", models.SmallIntegerField()),
                        ("unit_done", models.IntegerField()),
                        ("known_day", models.DateField(db_comment="local day of recorded_at")),
                        ("known_hour", models.SmallIntegerField(db_comment="local hour of recorded_at, 0 to 23")),
                        ("work_day", models.DateField()),
                        ("age_band", models.SmallIntegerField()),
                        ("unit_residence", models.IntegerField(db_comment="0: none")),
                        ("stripe", models.SmallIntegerField()),
                        ("n", models.IntegerField()),
                    ],
                    options={
                        "db_table": "events_open",
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("n__gt", 0)), name="events_open_counts")
                        ],
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name="Hour",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "unit",
                        "residence",
                        "metric",
                        "known_day",
                        "known_hour",
                        "work_day",
                        "age_band",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("unit", models.IntegerField(db_comment="what it did itself is in it")),
                (
                    "residence",
                    models.BooleanField(db_comment="false: the unit that did it; true: where the citizen resides"),
                ),
                (
                    "metric",
                    models.ForeignKey(
                        db_column="metric",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="events.metric",
                    ),
                ),
                ("known_day", models.DateField()),
                ("known_hour", models.SmallIntegerField()),
                ("work_day", models.DateField()),
                ("age_band", models.SmallIntegerField()),
                ("n", models.IntegerField()),
            ],
            options={
                "db_table": "events_hour",
                "constraints": [models.CheckConstraint(condition=models.Q(("n__gt", 0)), name="events_hour_counts")],
            },
        ),
        migrations.RunSQL(HOURS + COUNTING),
    ]
