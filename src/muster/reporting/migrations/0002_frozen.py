"""What was frozen, signed or said stays: only a report's state moves, along the table of `moves`."""

from django.db import migrations

KEEP = """
CREATE FUNCTION reporting_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was reported stays: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'reporting_kept';
END $$;
CREATE FUNCTION reporting_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.slot_id, OLD.unit_id, OLD.layout, OLD.totals, OLD.today, OLD.due, OLD.targets, OLD.hash)
        IS DISTINCT FROM
       (NEW.id, NEW.slot_id, NEW.unit_id, NEW.layout, NEW.totals, NEW.today, NEW.due, NEW.targets, NEW.hash) THEN
        RAISE EXCEPTION 'report %: its figures are frozen', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'reporting_report_frozen';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('frozen', 'late'), ('frozen', 'signed'), ('late', 'signed'), ('disputed', 'signed'), ('certified', 'signed'),
        ('signed', 'certified'), ('disputed', 'certified'), ('signed', 'disputed'), ('certified', 'disputed')
    ) THEN
        RAISE EXCEPTION 'report %: it does not move from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reporting_report_moves';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reporting_report_kept BEFORE DELETE OR TRUNCATE ON reporting_report
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_refuse();
CREATE TRIGGER reporting_report_frozen BEFORE UPDATE ON reporting_report
    FOR EACH ROW EXECUTE FUNCTION reporting_move();
"""
TABLES = ("slot", "timetable", "signature", "verdict", "correction", "chase")
KEEP += "".join(
    f"""
CREATE TRIGGER reporting_{table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON reporting_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_refuse();
"""
    for table in TABLES
)
UNDO = (
    "DROP TRIGGER reporting_report_kept ON reporting_report; DROP TRIGGER reporting_report_frozen ON reporting_report;"
    + "".join(f"DROP TRIGGER reporting_{table}_kept ON reporting_{table};" for table in TABLES)
    + "DROP FUNCTION reporting_refuse, reporting_move;"
)


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_slots")]

    operations = [migrations.RunSQL(KEEP, UNDO)]
