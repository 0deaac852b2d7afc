"""Who commands a unit: the officer who answers for it in person, and a deputy."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from muster.people.words import Kind
from muster.plan.columns import of_officer, of_unit, once_at_a_time, one_of
from muster.plan.words import Seat


class Command(models.Model):
    """An officer in a seat of a unit on the days ``[since, until)``; of no day at all, where it was taken back before.

    A row is only ended, or ended earlier, with a reason; it is never changed otherwise or removed (migration 0005).
    """

    id = models.UUIDField(primary_key=True)
    unit = of_unit(db_index=False)
    officer = of_officer()
    kind = models.CharField(max_length=9, db_collation="C", default=Kind.OFFICER.value, db_comment="of the officer")
    seat = models.CharField(max_length=9, db_collation="C")
    since = models.DateField()
    until = models.DateField(null=True)
    paper = models.CharField(max_length=120, db_comment="by which the officer was named")
    reason = models.CharField(max_length=120, blank=True, db_comment="of the end")

    class Meta:
        db_table = "plan_command"
        constraints: ClassVar[list[Any]] = [
            once_at_a_time("plan_command_one_a_seat", "unit", "seat", hours=False),
            once_at_a_time("plan_command_one_seat_each", "unit", "officer", hours=False),
            models.CheckConstraint(name="plan_command_seat", condition=one_of("seat", Seat)),
            models.CheckConstraint(name="plan_command_no_volunteer", condition=Q(kind=Kind.OFFICER.value)),
            models.CheckConstraint(
                name="plan_command_days", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
            models.CheckConstraint(name="plan_command_paper", condition=Q(paper__regex=r"\S")),
        ]
