"""Who has become the head of a household, when and on which paper, stands in the life of the person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0004_merged")]

    operations = [
        migrations.RemoveConstraint(model_name="lifeevent", name="register_life_event_kind"),
        migrations.AddConstraint(
            model_name="lifeevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "died",
                            "went_missing",
                            "found",
                            "married",
                            "divorced",
                            "widowed",
                            "corrected",
                            "moved",
                            "number_replaced",
                            "became_head",
                            "merged",
                        ],
                    )
                ),
                name="register_life_event_kind",
            ),
        ),
    ]
