"""The newest looks of a unit are found without reading those of all others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chains")]

    operations = [
        migrations.AddIndex(model_name="batch", index=models.Index(fields=["unit", "id"], name="audit_batch_unit")),
    ]
