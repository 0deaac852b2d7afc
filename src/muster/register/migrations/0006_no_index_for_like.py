"""Numbers are compared as they are: the indexes that Django adds for LIKE to a unique text are of no use here.

All of them are in the collation "C", which serves LIKE by the plain index too.
"""

import django.db.models.deletion
from django.db import migrations, models

DROP = r"""
DO $$
DECLARE useless text;
BEGIN
    FOR useless IN
        SELECT indexname FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename IN ('register_number', 'register_number_block')
          AND indexname LIKE '%\_like' AND indexdef LIKE '%varchar_pattern_ops%'
    LOOP
        EXECUTE format('DROP INDEX %I', useless);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0005_became_head")]

    operations = [
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(fields=("number",), name="register_person_one_number"),
        ),
        migrations.AlterField(
            model_name="person",
            name="number",
            field=models.ForeignKey(
                db_column="number",
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="register.personalnumber",
            ),
        ),
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
    ]
