"""Which rehearsals were played here, how far, and the band that was drawn beside."""

from typing import Any, ClassVar

from django.db import models


class Run(models.Model):
    """One rehearsal: its scenario, seed, scale and districts tell all that is drawn."""

    scenario = models.CharField(max_length=40, db_collation="C")
    seed = models.IntegerField()
    scale = models.CharField(max_length=20, db_comment="a fraction, such as 1/20")
    districts = models.CharField(max_length=200, blank=True, db_comment="codes; empty: the whole province")
    kits = models.IntegerField(null=True, db_comment="of the whole province; null: the scenario's number")
    played_until = models.DateTimeField(null=True)
    band = models.JSONField(null=True, db_comment="runs of many seeds, and of other numbers of kits")

    class Meta:
        db_table = "rehearsal_run"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["scenario", "seed"], name="rehearsal_run_once"),
        ]
