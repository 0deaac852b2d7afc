"""The journal is append-only, and a trigger counts what is written, in the same transaction."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER events_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events_event
    FOR EACH STATEMENT EXECUTE FUNCTION events_refuse_change();
CREATE TRIGGER events_unit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events_unit
    FOR EACH STATEMENT EXECUTE FUNCTION events_refuse_change();
CREATE TRIGGER events_metric_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events_metric
    FOR EACH STATEMENT EXECUTE FUNCTION events_refuse_change();

ALTER TABLE events_unit ADD CONSTRAINT events_unit_ends_with_itself
    CHECK (cardinality(ancestors) > 0 AND ancestors[cardinality(ancestors)] = id);
CREATE UNIQUE INDEX events_unit_one_root ON events_unit ((true)) WHERE cardinality(ancestors) = 1;
"""

# A count is read from the index alone, so the index holds it. The open counters do without: there `n` changes all
# the time, and an update that touches no index stays on its page.
STORAGE = """
ALTER TABLE events_leaf DROP CONSTRAINT events_leaf_pkey,
    ADD PRIMARY KEY (unit_done, metric, work_day, known_day, age_band, unit_residence) INCLUDE (n);
ALTER TABLE events_tile DROP CONSTRAINT events_tile_pkey,
    ADD PRIMARY KEY (unit, residence, metric, work_day, known_day, age_band) INCLUDE (n);
ALTER TABLE events_open SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_cost_delay = 0);
"""

# Every transaction takes the first stripe that no other is writing, and keeps it to its end: no writer ever waits for
# another, whatever it writes, in whatever order and however often. While one writes at a time, all is in stripe 0.
COUNTING = """
CREATE FUNCTION events_known_day(recorded timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (recorded AT TIME ZONE INTERVAL '7 hours')::date;

CREATE FUNCTION events_count() RETURNS trigger LANGUAGE plpgsql AS $$
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
        (metric, unit_done, known_day, work_day, age_band, unit_residence, stripe, n)
    SELECT metric_id, unit_done, events_known_day(recorded_at), work_day, age_band, coalesce(unit_residence, 0), own,
           count(*)
    FROM added GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (metric, unit_done, known_day, work_day, age_band, unit_residence, stripe)
        DO UPDATE SET n = counted.n + excluded.n;
    RETURN NULL;
END $$;
CREATE TRIGGER events_event_count AFTER INSERT ON events_event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION events_count();
"""

UNDO = """
DROP TRIGGER events_event_count ON events_event;
DROP TRIGGER events_event_append_only ON events_event;
DROP TRIGGER events_unit_append_only ON events_unit;
DROP TRIGGER events_metric_append_only ON events_metric;
DROP INDEX events_unit_one_root;
ALTER TABLE events_unit DROP CONSTRAINT events_unit_ends_with_itself;
DROP FUNCTION events_count, events_known_day, events_refuse_change;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunSQL(APPEND_ONLY + STORAGE + COUNTING, UNDO)]
