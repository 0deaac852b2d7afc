"""Which records lost their key with the key folder."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("keys", "0002_folder")]

    operations = [
        migrations.CreateModel(
            name="LostKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind", "record", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(db_collation="C", max_length=40)),
                ("record", models.UUIDField()),
            ],
            options={"db_table": "keys_lost"},
        ),
    ]
