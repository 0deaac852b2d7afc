"""What a unit did on a day is read from the journal by the unit, not by looking through the whole day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_hours"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["unit_done", "recorded_at"], name="events_event_done"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("unit_residence__isnull", False)),
                fields=["unit_residence", "recorded_at"],
                name="events_event_residence",
            ),
        ),
    ]
