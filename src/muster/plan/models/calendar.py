"""Orders and targets, kits, venues, scenarios, sessions, appointments."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from muster.plan.columns import of_officer, of_unit, once_at_a_time, one_of
from muster.plan.words import (
    LIVE,
    Aim,
    AppointmentState,
    KitState,
    ScenarioState,
    SessionState,
    VenueKind,
)
from muster.survey.words import Group


class Order(models.Model):
    """An order of a unit."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, related_name="+")
    unit = of_unit()
    number = models.CharField(max_length=120)
    aim = models.CharField(max_length=12, db_collation="C")
    given_on = models.DateField()
    deadline = models.DateField()
    given_by = models.UUIDField(null=True)

    class Meta:
        db_table = "plan_order"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="plan_order_aim", condition=one_of("aim", Aim)),
            models.CheckConstraint(name="plan_order_numbered", condition=Q(number__regex=r"\S")),
            models.CheckConstraint(name="plan_order_days", condition=Q(deadline__gte=F("given_on"))),
        ]


class Target(models.Model):
    """A part of an order for one holder, with the officer who answers for it."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    unit = of_unit(null=True)
    crew = models.ForeignKey("plan.Crew", models.PROTECT, null=True, related_name="+")
    officer = of_officer(null=True)
    within = of_unit(db_comment="the unit itself, or that of the crew or officer")
    owner = of_officer()
    base = models.IntegerField()
    quantity = models.IntegerField()
    deadline = models.DateField()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "plan_target"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="plan_target_one_holder",
                condition=Q(unit__isnull=False, crew__isnull=True, officer__isnull=True, within=F("unit"))
                | Q(unit__isnull=True, crew__isnull=False, officer__isnull=True)
                | Q(unit__isnull=True, crew__isnull=True, officer__isnull=False),
            ),
            models.CheckConstraint(name="plan_target_not_its_own_part", condition=~Q(parent=F("id"))),
            models.CheckConstraint(name="plan_target_figures", condition=Q(base__gte=0, quantity__gte=0)),
            models.UniqueConstraint(fields=["order", "unit"], name="plan_target_unit"),
            models.UniqueConstraint(fields=["order", "crew"], name="plan_target_crew"),
            models.UniqueConstraint(fields=["order", "officer"], name="plan_target_officer"),
        ]


class Kit(models.Model):
    """A capture kit."""

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=24, unique=True, db_collation="C")
    state = models.CharField(max_length=8, db_collation="C", default=KitState.READY.value)
    rate = models.IntegerField(db_comment="dossiers in a shift of six hours")
    source = models.CharField(max_length=120)
    assumed = models.BooleanField(default=False)
    spare = models.BooleanField(default=False, db_default=False, db_comment="waits in the pool of spares: not planned")

    class Meta:
        db_table = "plan_kit"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="plan_kit_state", condition=one_of("state", KitState)),
            models.CheckConstraint(name="plan_kit_rate", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="plan_kit_coded", condition=Q(code__regex=r"\S") & Q(source__regex=r"\S")),
        ]


class KitPlace(models.Model):
    """Which unit held a kit for the moments ``[starts_at, ends_at)``; the last is open."""

    id = models.UUIDField(primary_key=True)
    kit = models.ForeignKey(Kit, models.PROTECT, related_name="+")
    unit = of_unit()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "plan_kit_place"
        constraints: ClassVar[list[Any]] = [
            once_at_a_time("plan_kit_place_one", "kit"),
            models.CheckConstraint(
                name="plan_kit_place_hours", condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at"))
            ),
        ]


class Venue(models.Model):
    """A place to take dossiers."""

    id = models.UUIDField(primary_key=True)
    unit = of_unit()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, db_collation="C")
    kits = models.SmallIntegerField(db_comment="that find room and current")
    seats = models.SmallIntegerField(default=0)
    until = models.DateField(null=True, db_comment="closed for good from this day on")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "plan_venue"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["unit", "name"], name="plan_venue_name"),
            models.CheckConstraint(name="plan_venue_kind", condition=one_of("kind", VenueKind)),
            models.CheckConstraint(name="plan_venue_room", condition=Q(kits__gte=1, seats__gte=0)),
            models.CheckConstraint(name="plan_venue_named", condition=Q(name__regex=r"\S")),
        ]


class Closure(models.Model):
    """Days on which nothing is taken at a unit and below it."""

    id = models.UUIDField(primary_key=True)
    unit = of_unit()
    first = models.DateField()
    last = models.DateField()
    reason = models.CharField(max_length=120)

    class Meta:
        db_table = "plan_closure"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="plan_closure_days", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(name="plan_closure_reason", condition=Q(reason__regex=r"\S")),
        ]


class Scenario(models.Model):
    """Where kits go day by day, drafted from counts and rates; adopted, it becomes sessions."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, related_name="+")
    unit = of_unit()
    name = models.CharField(max_length=120)
    first_day = models.DateField()
    last_day = models.DateField(db_comment="the deadline")
    asked = models.JSONField(db_comment="counts, rates and their sources, as they were asked")
    state = models.CharField(max_length=8, db_collation="C", default=ScenarioState.DRAFT.value)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    people = models.IntegerField()
    served = models.IntegerField()
    finish = models.DateField(null=True, db_comment="null: somebody is left unserved")
    bound_finish = models.DateField(null=True, db_comment="nobody finishes before; null: not by the deadline")
    service_days = models.BigIntegerField(db_comment="sum over people of the days they wait; unserved: to the end")
    bound_service_days = models.BigIntegerField()
    transfers = models.IntegerField(db_comment="kits moved between areas")

    class Meta:
        db_table = "plan_scenario"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="plan_scenario_state", condition=one_of("state", ScenarioState)),
            models.CheckConstraint(name="plan_scenario_days", condition=Q(last_day__gte=F("first_day"))),
            models.CheckConstraint(name="plan_scenario_served", condition=Q(served__range=(0, F("people")))),
            models.CheckConstraint(
                name="plan_scenario_bound",
                condition=Q(bound_service_days__lte=F("service_days"))
                & (Q(finish__isnull=True) | Q(bound_finish__lte=F("finish"))),
            ),
        ]


class Block(models.Model):
    """Days at a commune with the same kits and shifts."""

    pk = models.CompositePrimaryKey("scenario_id", "place")
    scenario = models.ForeignKey(Scenario, models.PROTECT, db_index=False, related_name="blocks")
    place = models.IntegerField()
    unit = of_unit(db_index=False)
    days = ArrayField(models.DateField())
    shifts = ArrayField(models.SmallIntegerField())
    kits = ArrayField(models.UUIDField())
    served = models.IntegerField()

    class Meta:
        db_table = "plan_block"


class Session(models.Model):
    """A shift at a venue."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey("survey.Campaign", models.PROTECT, db_index=False, related_name="+")
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="+")
    unit = of_unit(db_index=False, db_comment="of the venue")
    work_day = models.DateField()
    shift = models.SmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=9, db_collation="C", default=SessionState.PLANNED.value)
    live = models.BooleanField(default=True, db_comment="not cancelled")
    overbook = models.SmallIntegerField(db_comment="per mille of places booked on top, for those who will not come")
    reason = models.CharField(max_length=120, blank=True, db_comment="of the cancellation")
    scenario = models.ForeignKey(Scenario, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "plan_session"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["work_day", "unit"], name="plan_session_day"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="plan_session_state", condition=one_of("state", SessionState)),
            models.CheckConstraint(
                name="plan_session_live",
                condition=Q(state=SessionState.CANCELLED.value, live=False) & ~Q(reason="")
                | ~Q(state=SessionState.CANCELLED.value) & Q(live=True),
            ),
            models.CheckConstraint(name="plan_session_shift", condition=Q(shift__range=(1, 3))),
            models.CheckConstraint(name="plan_session_overbook", condition=Q(overbook__range=(0, 1000))),
            models.CheckConstraint(name="plan_session_hours", condition=Q(ends_at__gt=F("starts_at"))),
            once_at_a_time("plan_session_venue_once", "venue", condition=Q(live=True)),
            models.UniqueConstraint(fields=["id", "starts_at", "ends_at", "live"], name="plan_session_copied"),
        ]


class SessionStand(models.Model):
    """A kit at a session; hours and life are the session's, held equal by a foreign key."""

    pk = models.CompositePrimaryKey("session_id", "kit_id")
    session = models.ForeignKey(Session, models.PROTECT, db_index=False, related_name="+")
    kit = models.ForeignKey(Kit, models.PROTECT, db_index=False, related_name="+")
    crew = models.ForeignKey("plan.Crew", models.PROTECT, null=True, db_index=False, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    live = models.BooleanField(default=True)

    class Meta:
        db_table = "plan_stand"
        constraints: ClassVar[list[Any]] = [
            once_at_a_time("plan_stand_kit_once", "kit", condition=Q(live=True)),
            once_at_a_time("plan_stand_crew_once", "crew", condition=Q(live=True)),
        ]


class Offer(models.Model):
    """Places for a group in each slot of a session, from one moment to another; an empty group is anybody."""

    pk = models.CompositePrimaryKey("session_id", "group_code")
    session = models.ForeignKey(Session, models.PROTECT, db_index=False, related_name="+")
    group_code = models.CharField(max_length=16, blank=True, db_collation="C")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.SmallIntegerField()

    class Meta:
        db_table = "plan_offer"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="plan_offer_group", condition=one_of("group_code", Group, "")),
            models.CheckConstraint(name="plan_offer_places", condition=Q(places__gte=0)),
            models.CheckConstraint(name="plan_offer_hours", condition=Q(ends_at__gt=F("starts_at"))),
        ]


class Appointment(models.Model):
    """A citizen's slot; whoever has one that is live has no other."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("register.Person", models.PROTECT, db_index=False, related_name="+")
    session = models.ForeignKey(Session, models.PROTECT, db_index=False, related_name="+")
    group_code = models.CharField(max_length=16, db_collation="C")
    offer = models.CharField(max_length=16, blank=True, db_collation="C", db_comment="whose places it takes")
    slot = models.DateTimeField()
    state = models.CharField(max_length=9, db_collation="C", default=AppointmentState.BOOKED.value)
    attempt = models.SmallIntegerField(default=1)
    unit_residence = of_unit(db_index=False)
    age_band = models.SmallIntegerField(default=0)
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "plan_appointment"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["session", "slot"], name="plan_appointment_slot"),
            models.Index(
                fields=["unit_residence"],
                condition=one_of("state", (AppointmentState.TO_REBOOK, AppointmentState.MISSED)),
                name="plan_appointment_waiting",
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person"], condition=one_of("state", sorted(LIVE)), name="plan_appointment_one_live"
            ),
            models.CheckConstraint(name="plan_appointment_state", condition=one_of("state", AppointmentState)),
            models.CheckConstraint(name="plan_appointment_group", condition=one_of("group_code", Group)),
            models.CheckConstraint(name="plan_appointment_attempt", condition=Q(attempt__gte=1)),
        ]
