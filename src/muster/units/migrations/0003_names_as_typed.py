"""Names without marks, kept by the database beside the keys, to find units as they are typed."""

import django.contrib.postgres.indexes
from django.db import migrations, models

import muster.units.spelling


class Migration(migrations.Migration):
    """Add the names and their indexes."""

    dependencies = [
        ("units", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="renaming",
            name="name_bare",
            field=models.GeneratedField(
                db_persist=True,
                expression=muster.units.spelling.Bare(models.F("name_key")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="name_bare",
            field=models.GeneratedField(
                db_persist=True,
                expression=muster.units.spelling.Bare(models.F("name_key")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["name_bare"], name="units_unit_name_bare", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=django.contrib.postgres.indexes.GinIndex(
                muster.units.spelling.Words(models.F("name_bare")), name="units_unit_words"
            ),
        ),
    ]
