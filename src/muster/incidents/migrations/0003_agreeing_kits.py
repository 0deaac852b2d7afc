"""What tickets and spares say of kits is what the plan knows of them: a spare is marked, a kit is mended on its ticket."""

from django.db import migrations

AGREEING = """
CREATE FUNCTION incidents_mark_spare() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE plan_kit SET spare = EXISTS (SELECT 1 FROM incidents_spare WHERE kit_id = NEW.kit_id AND until IS NULL)
    WHERE id = NEW.kit_id;
    RETURN NULL;
END $$;
CREATE TRIGGER incidents_spare_is_marked AFTER INSERT OR UPDATE ON incidents_spare
    FOR EACH ROW EXECUTE FUNCTION incidents_mark_spare();
UPDATE plan_kit SET spare = true WHERE id IN (SELECT kit_id FROM incidents_spare WHERE until IS NULL);

CREATE FUNCTION incidents_hold_mending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM incidents_ticket WHERE kit_id = NEW.id AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'kit % has a ticket that is not done', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'incidents_ticket_mends_its_kit';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER incidents_ticket_mends_its_kit AFTER UPDATE OF state ON plan_kit
    FOR EACH ROW WHEN (OLD.state = 'broken' AND NEW.state = 'ready') EXECUTE FUNCTION incidents_hold_mending();
"""

UNDO = """
DROP TRIGGER incidents_ticket_mends_its_kit ON plan_kit;
DROP FUNCTION incidents_hold_mending;
DROP TRIGGER incidents_spare_is_marked ON incidents_spare;
DROP FUNCTION incidents_mark_spare;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0002_given_back"),
        ("plan", "0006_spare"),
    ]

    operations = [migrations.RunSQL(AGREEING, UNDO)]
