"""The tables of the incident desk. What the operations promise of a ticket, the database holds too."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from muster.incidents.words import ENDED, HELD, Cause, Kind, Remedy, Severity, State
from muster.plan.columns import of_officer, of_unit, once_at_a_time, one_of

_ENDED = Q(state__in=sorted(ENDED))


class Ticket(models.Model):
    """One incident: where, what, since when the work stands still, who has it, and how it ended."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, db_index=False, related_name="+")
    unit = of_unit(db_comment="of the session it happened in, or where it was told")
    session = models.ForeignKey("plan.Session", models.PROTECT, null=True, related_name="+")
    kit = models.ForeignKey("plan.Kit", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=8, db_collation="C")
    severity = models.CharField(max_length=5, db_collation="C")
    told = models.CharField(max_length=400)
    state = models.CharField(max_length=9, db_collation="C", default=State.OPEN.value)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True, db_comment="null: the system")
    stopped_at = models.DateTimeField(null=True, db_comment="since when the work stands still; null: it goes on")
    taken_at = models.DateTimeField(null=True)
    technician = of_officer(null=True)
    place = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True, db_comment="when the technician promised to be there")
    spare = models.ForeignKey("plan.Kit", models.PROTECT, null=True, db_index=False, related_name="+")
    cause = models.CharField(max_length=16, blank=True, db_collation="C")
    remedy = models.CharField(max_length=16, blank=True, db_collation="C")
    ended_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "incidents_ticket"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["unit", "opened_at"], condition=~_ENDED, name="incidents_ticket_queue"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["kit"], condition=~_ENDED, name="incidents_ticket_one_a_kit"),
            models.CheckConstraint(name="incidents_ticket_kind", condition=one_of("kind", Kind)),
            models.CheckConstraint(name="incidents_ticket_severity", condition=one_of("severity", Severity)),
            models.CheckConstraint(name="incidents_ticket_state", condition=one_of("state", State)),
            models.CheckConstraint(name="incidents_ticket_cause", condition=one_of("cause", Cause, "")),
            models.CheckConstraint(name="incidents_ticket_remedy", condition=one_of("remedy", Remedy, "")),
            models.CheckConstraint(name="incidents_ticket_told", condition=Q(told__regex=r"\S")),
            models.CheckConstraint(
                name="incidents_ticket_kit",
                condition=Q(kind=Kind.KIT.value, kit__isnull=False) | ~Q(kind=Kind.KIT.value) & Q(kit__isnull=True),
            ),
            models.CheckConstraint(
                name="incidents_ticket_ended",
                condition=_ENDED & Q(ended_at__isnull=False, stopped_at__isnull=True) & ~Q(cause="")
                | ~_ENDED & Q(ended_at__isnull=True, cause="", remedy=""),
            ),
            models.CheckConstraint(
                name="incidents_ticket_mended", condition=~Q(state=State.MENDED.value) | ~Q(remedy="")
            ),
            models.CheckConstraint(
                name="incidents_ticket_held",
                condition=~Q(state__in=sorted(HELD)) | Q(technician__isnull=False, taken_at__isnull=False),
            ),
            models.CheckConstraint(
                name="incidents_ticket_on_the_way",
                condition=~Q(state=State.OUT.value) | ~Q(place="") & Q(due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="incidents_ticket_swapped",
                condition=~Q(state=State.SWAPPED.value) | Q(spare__isnull=False, stopped_at__isnull=True),
            ),
            models.CheckConstraint(
                name="incidents_ticket_times",
                condition=(Q(taken_at__isnull=True) | Q(taken_at__gte=F("opened_at")))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("opened_at")))
                & (Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("opened_at"))),
            ),
        ]


class Loss(models.Model):
    """The time one kit stood still in one session for one ticket, written when the work goes on."""

    pk = models.CompositePrimaryKey("ticket_id", "session_id", "kit_id", "starts_at")
    ticket = models.ForeignKey(Ticket, models.PROTECT, db_index=False, related_name="+")
    session = models.ForeignKey("plan.Session", models.PROTECT, related_name="+")
    kit = models.ForeignKey("plan.Kit", models.PROTECT, related_name="+")
    unit = of_unit(db_comment="of the session")
    work_day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "incidents_loss"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="incidents_loss_hours", condition=Q(ends_at__gt=F("starts_at"))),
        ]


class Turn(models.Model):
    """A technician on duty; at one place at a time."""

    id = models.UUIDField(primary_key=True)
    officer = of_officer()
    unit = of_unit(db_comment="whose incidents, with those of all units below")
    place = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "incidents_turn"
        constraints: ClassVar[list[Any]] = [
            once_at_a_time("incidents_turn_one_place", "officer"),
            models.CheckConstraint(name="incidents_turn_hours", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="incidents_turn_placed", condition=Q(place__regex=r"\S")),
        ]


class Spare(models.Model):
    """A kit in the pool of spares, until it goes out instead of a broken one or is given back."""

    id = models.UUIDField(primary_key=True)
    kit = models.ForeignKey("plan.Kit", models.PROTECT, related_name="+")
    unit = of_unit()
    place = models.CharField(max_length=120)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ticket = models.ForeignKey(
        Ticket,
        models.PROTECT,
        null=True,
        related_name="+",
        db_comment="for which it went out; null: it waits, or was given back",
    )

    class Meta:
        db_table = "incidents_spare"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["kit"], condition=Q(until__isnull=True), name="incidents_spare_once"),
            models.CheckConstraint(
                name="incidents_spare_gone",
                condition=Q(until__isnull=True, ticket__isnull=True) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(name="incidents_spare_placed", condition=Q(place__regex=r"\S")),
        ]
