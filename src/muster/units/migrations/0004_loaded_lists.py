"""Which lists are loaded, so that a start need not read them again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table; a base that is loaded already reads its lists once more."""

    dependencies = [
        ("units", "0003_names_as_typed"),
    ]

    operations = [
        migrations.CreateModel(
            name="LoadedLists",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("digest", models.CharField(db_collation="C", max_length=64)),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "units_loaded_lists",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="units_loaded_lists_one"),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="units_loaded_lists_digest"
                    ),
                ],
            },
        ),
    ]
