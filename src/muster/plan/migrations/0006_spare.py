"""A kit that waits in the pool of spares is planned into no session; who keeps the pool says which."""

from django.db import migrations, models

KEPT = """
CREATE FUNCTION plan_hold_spares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh JOIN plan_kit AS kit ON kit.id = fresh.kit_id WHERE fresh.live AND kit.spare) THEN
        RAISE EXCEPTION 'a kit that waits as a spare stands in no session'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_stand_no_spare';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER plan_stand_no_spare AFTER INSERT ON plan_stand REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION plan_hold_spares();
"""

UNDO = """
DROP TRIGGER plan_stand_no_spare ON plan_stand;
DROP FUNCTION plan_hold_spares;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("plan", "0005_command"),
    ]

    operations = [
        migrations.AddField(
            model_name="kit",
            name="spare",
            field=models.BooleanField(
                db_comment="waits in the pool of spares: not planned", db_default=False, default=False
            ),
        ),
        migrations.RunSQL(KEPT, UNDO),
    ]
