"""After another head is named, what somebody is to that head may not be known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0006_no_index_for_like")]

    operations = [
        migrations.RemoveConstraint(model_name="person", name="register_person_relation"),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "relation__in",
                        [
                            "head",
                            "spouse",
                            "child",
                            "child_in_law",
                            "grandchild",
                            "parent",
                            "sibling",
                            "other",
                            "unknown",
                        ],
                    )
                ),
                name="register_person_relation",
            ),
        ),
    ]
