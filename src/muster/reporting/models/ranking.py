"""What a ranking is made of: one row a unit and work day, written once. Whoever doubts it counts again."""

from typing import Any, ClassVar

from django.db import models


class Standing(models.Model):
    """Where a unit stood at the end of a work day of a campaign."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, db_index=False, related_name="+")
    unit = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+")
    day = models.DateField(db_comment="the last work day that is counted")
    level = models.CharField(max_length=8, db_collation="C", db_comment="of the unit")
    target = models.IntegerField(db_comment="that of the plan; where it has none, who is due")
    deadline = models.DateField()
    due = models.IntegerField(db_comment="people due who reside there")
    hard = models.IntegerField(db_comment="of them, with a hard reason")
    evening = models.IntegerField(db_comment="of them, who work or go to school: after hours only")
    captured = models.IntegerField(db_comment="of those who reside there, since the campaign began")
    week = models.IntegerField(db_comment="of them, on the last seven work days")
    finished_at = models.DateTimeField(null=True, db_comment="when the target was reached, by the server's clock")
    taken = models.IntegerField(db_comment="dossiers taken by the unit and those below it; what follows is of them")
    returned = models.IntegerField(db_comment="moves, for a dossier may be returned twice")
    forced = models.IntegerField(db_comment="taken although the prints or the photo are poor")
    missing = models.IntegerField(db_comment="without all biometrics")
    night = models.IntegerField(db_comment="taken from 01:00 until before 04:00, when the work day ends")
    impossible = models.IntegerField(db_comment="commune days with more than their kits can have taken")

    class Meta:
        db_table = "reporting_standing"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["campaign", "day", "unit"], name="reporting_standing_once"),
            models.CheckConstraint(
                name="reporting_standing_counts",
                condition=models.Q(
                    target__gte=0, due__gte=0, hard__gte=0, evening__gte=0, captured__gte=0, week__gte=0, taken__gte=0,
                    returned__gte=0, forced__gte=0, missing__gte=0, night__gte=0, impossible__gte=0,
                ),
            ),
        ]  # fmt: skip
