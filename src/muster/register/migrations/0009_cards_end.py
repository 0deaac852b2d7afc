"""A card of the register ends before its term: replaced by a later one, or taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0008_ties_of_merged"),
    ]

    operations = [
        migrations.AddField(
            model_name="card",
            name="ended",
            field=models.CharField(blank=True, db_collation="C", db_default="", max_length=10),
        ),
        migrations.AddField(
            model_name="card",
            name="ended_on",
            field=models.DateField(db_comment="first day on which it is good no more, whatever its term", null=True),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended", ""), ("ended_on__isnull", True)),
                    models.Q(("ended_on__isnull", False), ("ended__in", ["replaced", "taken_back"])),
                    _connector="OR",
                ),
                name="register_card_ended",
            ),
        ),
    ]
