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
"""

# Writers hold the advisory lock shared, `close_days` holds it alone: the watermark never moves under a writer.
# Rows are written in key order, leaves before tiles, so that two writers cannot wait for each other.
COUNTING = """
CREATE FUNCTION events_known_day(recorded timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (recorded AT TIME ZONE INTERVAL '7 hours')::date;

CREATE FUNCTION events_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed date;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7302, 1);
    SELECT through INTO closed FROM events_closed;

    INSERT INTO events_leaf AS leaf (metric, known_day, unit_done, work_day, age_band, unit_residence, n)
    SELECT metric_id, events_known_day(recorded_at), unit_done, work_day, age_band, coalesce(unit_residence, 0), count(*)
    FROM added GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (metric, known_day, unit_done, work_day, age_band, unit_residence)
        DO UPDATE SET n = leaf.n + excluded.n;

    IF EXISTS (SELECT FROM added WHERE events_known_day(recorded_at) <= closed) THEN
        INSERT INTO events_tile AS tile (unit, residence, metric, work_day, age_band, n)
        SELECT ancestor, residence, metric_id, work_day, age_band, count(*)
        FROM added
        CROSS JOIN LATERAL (VALUES (false, unit_done), (true, unit_residence)) AS side (residence, unit)
        JOIN events_unit ON events_unit.id = side.unit
        CROSS JOIN LATERAL unnest(events_unit.ancestors) AS ancestor
        WHERE events_known_day(recorded_at) <= closed
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (unit, residence, metric, work_day, age_band) DO UPDATE SET n = tile.n + excluded.n;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER events_event_count AFTER INSERT ON events_event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION events_count();
"""

UNDO = """
DROP TRIGGER events_event_count ON events_event;
DROP TRIGGER events_event_append_only ON events_event;
DROP FUNCTION events_count, events_known_day, events_refuse_change;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunSQL(APPEND_ONLY + COUNTING, UNDO)]
