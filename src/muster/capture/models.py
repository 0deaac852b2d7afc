"""The tables of the dossiers. Personal values (traits, representative, corrections asked for) are sealed."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from muster.capture.words import OVER, Place, State
from muster.law.duty import Channel
from muster.law.grounds import Ground, Kind


def _one_of(field: str, words: Any) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})


class Dossier(models.Model):
    """One request for one card: whose, why by the law of its day, where it is, who must act."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("register.Person", models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=24, db_collation="C")
    ground = models.CharField(max_length=24, db_collation="C")
    channel = models.CharField(max_length=10, db_collation="C")
    place = models.CharField(max_length=8, db_collation="C")
    state = models.CharField(max_length=12, db_collation="C")
    attempt = models.SmallIntegerField(default=1)
    law_day = models.DateField(db_comment="the calendar day whose law judges it")
    unit_done = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+")
    unit_residence = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+")
    kit = models.UUIDField(null=True)
    session = models.UUIDField(null=True)
    taken_at = models.DateTimeField(db_comment="by the clock of the kit or desk")
    taken_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    state_since = models.DateTimeField()
    due_on = models.DateField(null=True, db_comment="last day on which the result is in time")
    owner = models.ForeignKey("units.Unit", models.PROTECT, null=True, db_index=False, related_name="+")
    answer_by = models.DateField(null=True, db_comment="of a returned dossier")
    reason = models.CharField(max_length=24, blank=True, db_collation="C", db_comment="of the last return or ending")
    form = models.CharField(max_length=24, blank=True, db_comment="intake or refusal form, with its circular")
    fee_vnd = models.IntegerField(default=0)
    exemption = models.CharField(max_length=24, blank=True, db_collation="C")
    old_card_taken = models.BooleanField(default=False)
    account_level = models.SmallIntegerField(default=0, db_comment="e-ID level asked for with it; 0: none")
    missing_biometrics = models.BooleanField(default=False)
    poor_biometrics = models.BooleanField(default=False)
    suspect_duplicate = models.BooleanField(default=False)
    differs_from_register = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "capture_dossier"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["person"], name="capture_dossier_person"),
            models.Index(fields=["state", "unit_done", "state_since"], name="capture_dossier_queue"),
            models.Index(
                fields=["owner", "answer_by"], condition=Q(state=State.RETURNED.value), name="capture_dossier_returned"
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person"], condition=~_one_of("state", sorted(OVER)), name="capture_dossier_one_open"
            ),
            models.CheckConstraint(name="capture_dossier_state", condition=_one_of("state", State)),
            models.CheckConstraint(name="capture_dossier_kind", condition=_one_of("kind", Kind)),
            models.CheckConstraint(name="capture_dossier_ground", condition=_one_of("ground", Ground)),
            models.CheckConstraint(name="capture_dossier_channel", condition=_one_of("channel", Channel)),
            models.CheckConstraint(name="capture_dossier_place", condition=_one_of("place", Place)),
            models.CheckConstraint(name="capture_dossier_fee", condition=Q(fee_vnd__gte=0)),
            models.CheckConstraint(name="capture_dossier_attempt", condition=Q(attempt__gte=1)),
            models.CheckConstraint(name="capture_dossier_level", condition=Q(account_level__range=(0, 2))),
            models.CheckConstraint(
                name="capture_dossier_returned_has_owner",
                condition=~Q(state=State.RETURNED.value)
                | Q(owner__isnull=False, answer_by__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="capture_dossier_ended_for_a_reason",
                condition=~Q(state__in=[State.REFUSED.value, State.WITHDRAWN.value]) | ~Q(reason=""),
            ),
        ]


class Packet(models.Model):
    """What one visit brought: each capture with its quality, or why it is missing; the rest sealed."""

    id = models.UUIDField(primary_key=True)
    dossier = models.ForeignKey(Dossier, models.PROTECT, db_index=False, related_name="+")
    attempt = models.SmallIntegerField()
    kit = models.UUIDField(null=True)
    taken_at = models.DateTimeField()
    taken_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    signed = ArrayField(models.CharField(max_length=14))
    captures = models.JSONField(db_comment="code, NFIQ 2 or other quality, tries, why missing")
    sealed = models.BinaryField(null=True, db_comment="traits, representative, corrections asked for")

    class Meta:
        db_table = "capture_packet"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["dossier", "attempt"], name="capture_packet_one_an_attempt"),
            models.CheckConstraint(name="capture_packet_attempt", condition=Q(attempt__gte=1)),
            models.CheckConstraint(name="capture_packet_signed", condition=Q(signed__len__gte=1)),
        ]
