"""Rows that were merged before ties were handed on: their ties go to the row that goes on, as a merge does today."""

from django.db import migrations

HAND_ON = """
DO $$
DECLARE
    pair record;
BEGIN
    FOR pair IN SELECT gone_id AS gone, into_id AS into_ FROM register_merged ORDER BY recorded_at, gone_id LOOP
        DELETE FROM register_kin
            WHERE (person_id, other_id) IN ((pair.gone, pair.into_), (pair.into_, pair.gone));
        UPDATE register_kin AS tie SET person_id = pair.into_ WHERE person_id = pair.gone AND NOT EXISTS (
            SELECT FROM register_kin AS own WHERE own.person_id = pair.into_ AND own.kinship = tie.kinship
            AND (own.other_id = tie.other_id OR tie.kinship <> 'representative'));
        DELETE FROM register_kin AS tie WHERE person_id = pair.gone AND EXISTS (
            SELECT FROM register_kin AS own
            WHERE (own.person_id, own.kinship, own.other_id) = (pair.into_, tie.kinship, tie.other_id));
        UPDATE register_kin AS tie SET other_id = pair.into_ WHERE other_id = pair.gone AND NOT EXISTS (
            SELECT FROM register_kin AS own
            WHERE (own.person_id, own.kinship, own.other_id) = (tie.person_id, tie.kinship, pair.into_));
        DELETE FROM register_kin WHERE other_id = pair.gone;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0007_relation_unknown")]

    operations = [migrations.RunSQL(HAND_ON, migrations.RunSQL.noop)]
