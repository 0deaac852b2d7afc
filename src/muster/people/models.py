"""The tables of people.

Rights hang on ``Assignment`` alone: a role at a unit for a time. Nobody is a superuser. All moments in this room are of
the real clock, never of a played one: a rehearsal's time must not open or close a door.
"""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from muster.kernel.ids import new_id
from muster.people.words import ApprovalKind, Kind, Role

USERNAME = r"^[a-z0-9][a-z0-9._-]{2,31}$"


class Hours(Func):
    """The moments of a row as a half-open ``tstzrange``."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Officer(AbstractBaseUser):
    """One person who works with Muster; what they may do is in their assignments."""

    id = models.UUIDField(primary_key=True, default=new_id)
    username = models.CharField(max_length=32, unique=True, db_collation="C")
    full_name = models.CharField(max_length=120)
    name_sort = models.CharField(max_length=400, db_collation="C")  # kernel.names.sort_key(full_name)
    badge = models.CharField(max_length=16, blank=True, db_collation="C")  # the number on the police badge
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, db_collation="C")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)  # signs in by one click on loopback, and in no other way
    password_temporary = models.BooleanField(default=True)  # given by somebody else, changed at the first sign-in
    added_at = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True, blank=True)
    hands = ArrayField(models.UUIDField(), default=list)  # who made the account, gave it a password, took its phone off
    confirmed_at = models.DateTimeField(null=True)  # when somebody else saw the officer with the phone of the account
    confirmed_by = models.UUIDField(null=True)  # an officer, or the system

    objects: ClassVar[BaseUserManager[Any]] = BaseUserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name", "unit", "kind", "added_at"]

    class Meta:
        db_table = "people_officer"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["id", "kind"], name="people_officer_kind_key"),
            models.UniqueConstraint(fields=["badge"], condition=~Q(badge=""), name="people_officer_badge"),
            models.CheckConstraint(name="people_officer_username", condition=Q(username__regex=USERNAME)),
            models.CheckConstraint(name="people_officer_named", condition=~Q(full_name="") & ~Q(name_sort="")),
            models.CheckConstraint(name="people_officer_kind", condition=Q(kind__in=[kind.value for kind in Kind])),
            models.CheckConstraint(
                name="people_officer_active",
                condition=Q(is_active=True, deactivated_at__isnull=True)
                | Q(is_active=False, deactivated_at__isnull=False),
            ),
            models.CheckConstraint(
                name="people_officer_confirmed",
                condition=Q(confirmed_by__isnull=True) | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by=F("id"))),
            ),
            models.CheckConstraint(
                name="people_officer_demo",
                condition=Q(is_demo=False) | Q(password__startswith="!"),  # noqa: S106 - what Django writes for "none"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["unit", "name_sort"], name="people_officer_unit")]

    def __str__(self) -> str:
        return self.username


class Assignment(models.Model):
    """A role at a unit and everything below it, for the moments ``[valid_from, valid_to)``."""

    id = models.UUIDField(primary_key=True, default=new_id)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="assignments")
    kind = models.CharField(max_length=9, db_collation="C")  # of the officer, held equal by a foreign key on both
    role = models.CharField(max_length=13, db_collation="C")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    given_by = models.UUIDField(null=True)  # an officer, or the system

    class Meta:
        db_table = "people_assignment"
        constraints: ClassVar[list[Any]] = [
            ExclusionConstraint(
                name="people_assignment_once",
                expressions=[
                    (F("officer"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    (F("unit"), RangeOperators.EQUAL),
                    (Hours(F("valid_from"), F("valid_to"), RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="people_assignment_hours",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(name="people_assignment_role", condition=Q(role__in=[role.value for role in Role])),
            models.CheckConstraint(
                name="people_assignment_volunteer",
                condition=Q(kind=Kind.VOLUNTEER.value, role=Role.VOLUNTEER.value)
                | (~Q(kind=Kind.VOLUNTEER.value) & ~Q(role=Role.VOLUNTEER.value)),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["unit", "role"], name="people_assignment_unit")]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.role} @ {self.unit_id}"


class Approval(models.Model):
    """One act asked for by one officer and decided by another; used once, or (break-glass) until it expires."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=13, db_collation="C")
    subject_kind = models.CharField(max_length=24, db_collation="C")  # as the audit names it: person, number, officer
    subject = models.UUIDField()
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=7, blank=True, db_collation="C")  # "", granted, refused
    note = models.CharField(max_length=500, blank=True)  # the decider's words
    expires_at = models.DateTimeField()  # until then it may be decided; once granted, used
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_approval"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="people_approval_two_people", condition=~Q(asked_by=F("decided_by"))),
            models.CheckConstraint(
                name="people_approval_kind", condition=Q(kind__in=[kind.value for kind in ApprovalKind])
            ),
            models.CheckConstraint(name="people_approval_reason", condition=Q(reason__regex=r"\S")),
            models.CheckConstraint(
                name="people_approval_decided",
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(decision__in=["granted", "refused"], decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="people_approval_order",
                condition=Q(expires_at__gt=F("asked_at"))
                & (Q(decided_at__isnull=True) | Q(decided_at__gte=F("asked_at"))),
            ),
            models.CheckConstraint(
                name="people_approval_used",
                condition=Q(used_at__isnull=True)
                | Q(decision="granted", used_at__gte=F("decided_at"), used_at__lt=F("expires_at")),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["expires_at"], condition=Q(decision=""), name="people_approval_open"),
            models.Index(fields=["asked_by", "asked_at"], name="people_approval_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.decision or 'open'}"


class WorkSession(models.Model):
    """One sign-in, from the second factor to its end; the browser's session lives only as long as this row is open."""

    id = models.UUIDField(primary_key=True, default=new_id)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="sessions")
    key = models.CharField(max_length=64, unique=True, db_collation="C")  # SHA-256 of the browser session's key
    demo = models.BooleanField(default=False)  # opened by one click, without a second factor
    address = models.GenericIPAddressField(null=True)
    program = models.CharField(max_length=200, blank=True)  # what the browser calls itself
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # with the shift
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, blank=True, db_collation="C")

    class Meta:
        db_table = "people_session"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="people_session_hours", condition=Q(ends_at__gt=F("started_at"))),
            models.CheckConstraint(
                name="people_session_ended",
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["officer", "started_at"], name="people_session_officer"),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.started_at}"


class Token(models.Model):
    """What a kit or a program signs in with: an officer's rights, on one device, for a time. Its hash alone is kept."""

    id = models.UUIDField(primary_key=True)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    device = models.CharField(max_length=40, db_collation="C")
    hash = models.BinaryField(max_length=32, unique=True, db_comment="SHA-256 of 32 random bytes")
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "people_token"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="people_token_hours", condition=Q(ends_at__gte=F("made_at"))),
            models.CheckConstraint(name="people_token_device", condition=~Q(device="")),
        ]


class Guesses(models.Model):
    """How often something was guessed at since a moment: by the number asked for, by the address, as keyed hashes."""

    key = models.CharField(primary_key=True, max_length=32, db_collation="C")
    since = models.DateTimeField(db_index=True)
    count = models.IntegerField()

    class Meta:
        db_table = "people_guesses"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="people_guesses_some", condition=Q(count__gt=0))
        ]


class DemoData(models.Model):
    """The one row that says: this database holds a demonstration, and one-click sign-in may exist."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "people_demo"
        constraints: ClassVar[list[Any]] = [models.CheckConstraint(name="people_demo_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"demonstration made {self.made_at}"
