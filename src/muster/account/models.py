"""The tables of the accounts. A device is a keyed hash, never its own name; the representative is sealed."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from muster.account.words import OVER, Channel, How, State


def _one_of(field: str, words: Any) -> Q:
    return Q(**{f"{field}__in": sorted(word.value for word in words)})


_STOPPED = (State.REJECTED, State.LOCKED, State.CLOSED)
_TOLD = (State.NOTIFIED, State.ACTIVATED, State.LOCKED)
_USED = (State.ACTIVATED, State.LOCKED)
_HELPED = (How.PRESENCE, How.HOTLINE)


class Account(models.Model):
    """One account of one level: whose, how asked for, where it is, who must act by when."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("register.Person", models.PROTECT, db_index=False, related_name="+")
    level = models.SmallIntegerField()
    state = models.CharField(max_length=10, db_collation="C")
    channel = models.CharField(max_length=8, db_collation="C")
    dossier = models.ForeignKey("capture.Dossier", models.PROTECT, null=True, db_index=False, related_name="+")
    has_card = models.BooleanField(db_comment="a valid card was held on the day of the request")
    consent = models.BooleanField(db_comment="the representative of a minor has agreed")
    representative = models.BinaryField(null=True, db_comment="sealed")
    unit_done = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+")
    unit_residence = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+")
    requested_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    decide_by = models.DateField(db_comment="last day on which a decision is in time")
    decided_by = models.UUIDField(null=True, db_comment="null: the machine, or not decided")
    state_since = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)
    activate_by = models.DateField(null=True, db_comment="last day on which the holder activates alone")
    activated_at = models.DateTimeField(null=True)
    activated_how = models.CharField(max_length=8, blank=True, db_collation="C")
    activated_by = models.UUIDField(null=True, db_comment="the officer beside the holder, or of the hotline")
    device = models.BinaryField(null=True, db_comment="keyed hash of the one device in use")
    reason = models.CharField(max_length=24, blank=True, db_collation="C", db_comment="of the last move")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "account_account"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["person"], name="account_account_person"),
            models.Index(fields=["unit_done", "level", "state"], name="account_account_counts"),
            models.Index(
                fields=["unit_done", "decide_by"],
                condition=Q(state=State.REQUESTED.value),
                name="account_account_to_decide",
            ),
            models.Index(fields=["id"], condition=Q(state=State.APPROVED.value), name="account_account_to_notify"),
            models.Index(
                fields=["unit_residence", "activate_by"],
                condition=Q(state=State.NOTIFIED.value),
                name="account_account_outreach",
            ),
            models.Index(
                fields=["activated_at"],
                condition=Q(activated_by__isnull=False),
                name="account_account_helped",
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "level"],
                condition=~_one_of("state", OVER),
                name="account_account_one_of_a_level",
            ),
            models.UniqueConstraint(fields=["dossier"], name="account_account_one_a_dossier"),
            models.CheckConstraint(name="account_account_level", condition=Q(level__in=[1, 2])),
            models.CheckConstraint(name="account_account_state", condition=_one_of("state", State)),
            models.CheckConstraint(name="account_account_channel", condition=_one_of("channel", Channel)),
            models.CheckConstraint(
                name="account_account_how", condition=Q(activated_how="") | _one_of("activated_how", How)
            ),
            models.CheckConstraint(
                name="account_account_level_2_in_person", condition=~Q(channel=Channel.ONLINE.value) | Q(level=1)
            ),
            models.CheckConstraint(
                name="account_account_with_its_dossier",
                condition=Q(channel=Channel.DOSSIER.value, dossier__isnull=False)
                | ~Q(channel=Channel.DOSSIER.value) & Q(dossier__isnull=True),
            ),
            models.CheckConstraint(
                name="account_account_stopped_for_a_reason", condition=~_one_of("state", _STOPPED) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="account_account_rejected_by_a_person",
                condition=~Q(state=State.REJECTED.value) | Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="account_account_notified",
                condition=~_one_of("state", _TOLD) | Q(notified_at__isnull=False, activate_by__isnull=False),
            ),
            models.CheckConstraint(
                name="account_account_activated_on_a_device",
                condition=~_one_of("state", _USED)
                | Q(device__isnull=False, activated_at__isnull=False) & ~Q(activated_how=""),
            ),
            models.CheckConstraint(
                name="account_account_help_has_an_officer",
                condition=~_one_of("activated_how", _HELPED) | Q(activated_by__isnull=False),
            ),
        ]


class Device(models.Model):
    """A device an account was used on, and from when to when."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+")
    device = models.BinaryField(db_comment="keyed hash")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "account_device"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account"], name="account_device_account"),
            models.Index(fields=["device", "since", "account"], name="account_device_alarm"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(until__isnull=True), name="account_device_one_at_a_time"
            ),
        ]
