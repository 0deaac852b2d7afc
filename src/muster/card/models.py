"""The tables of the cards. What is printed on a card is sealed under its holder's key; codes and days are not."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from muster.card.words import AT_UNIT, SCRAPPED, OldCard, State
from muster.law.cards import CardType
from muster.law.handover import IdentityCheck, TakerGround


def _one_of(field: str, words: Any) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})


class Batch(models.Model):
    """Cards printed together for one unit that hands them over."""

    id = models.UUIDField(primary_key=True)
    no = models.IntegerField(unique=True, db_comment="what stands on the parcel")
    unit = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+")
    type = models.CharField(max_length=24, db_collation="C")
    size = models.SmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    delivered_at = models.DateTimeField(null=True)
    delivered_by = models.UUIDField(null=True)

    class Meta:
        db_table = "card_batch"
        indexes: ClassVar[list[Any]] = [models.Index(fields=["unit", "made_at"], name="card_batch_unit")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="card_batch_type", condition=_one_of("type", CardType)),
            models.CheckConstraint(name="card_batch_size", condition=Q(size__gte=1)),
            models.CheckConstraint(
                name="card_batch_delivered_after_made",
                condition=Q(delivered_at__isnull=True) | Q(delivered_at__gte=F("made_at")),
            ),
        ]


class Card(models.Model):
    """One printed card, or one in print; a dossier whose card is scrapped gets another."""

    id = models.UUIDField(primary_key=True)
    dossier = models.ForeignKey("capture.Dossier", models.PROTECT, db_index=False, related_name="+")
    person = models.ForeignKey("register.Person", models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, models.PROTECT, db_index=False, related_name="+")
    place = models.SmallIntegerField(db_comment="in the batch, from 1")
    unit = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+", db_comment="hands it over")
    type = models.CharField(max_length=24, db_collation="C")
    number = models.CharField(max_length=12, db_collation="C")
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, db_comment="null: without expiry")
    state = models.CharField(max_length=12, db_collation="C")
    state_since = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=24, blank=True, db_collation="C", db_comment="of the last step")
    sealed = models.BinaryField(db_comment="what is printed on it")

    class Meta:
        db_table = "card_card"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["dossier"], name="card_card_dossier"),
            models.Index(
                fields=["unit", "arrived_at"], condition=_one_of("state", sorted(AT_UNIT)), name="card_card_at_unit"
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["batch", "place"], name="card_card_place"),
            models.UniqueConstraint(
                fields=["dossier"], condition=~_one_of("state", sorted(SCRAPPED)), name="card_card_one_of_a_dossier"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state=State.HANDED_OVER.value), name="card_card_one_in_the_hand"
            ),
            models.CheckConstraint(name="card_card_state", condition=_one_of("state", State)),
            models.CheckConstraint(name="card_card_type", condition=_one_of("type", CardType)),
            models.CheckConstraint(name="card_card_number", condition=Q(number__regex="^[0-9]{12}$")),
            models.CheckConstraint(
                name="card_card_days", condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("issued_on"))
            ),
            models.CheckConstraint(
                name="card_card_for_a_reason",
                condition=~Q(state__in=[State.REJECTED.value, State.TAKEN_BACK.value, State.UNDELIVERED.value])
                | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="card_card_arrived",
                condition=~_one_of("state", sorted(AT_UNIT)) | Q(arrived_at__isnull=False),
            ),
        ]


class Handover(models.Model):
    """How a card was handed over; the number is that of the receipt."""

    no = models.BigAutoField(primary_key=True)
    card = models.OneToOneField(Card, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_officer = models.UUIDField(null=True)
    unit = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+")
    check_done = models.CharField(max_length=12, db_collation="C")
    ground = models.CharField(max_length=14, blank=True, db_collation="C", db_comment="empty: to the holder")
    old_card = models.CharField(max_length=16, db_collation="C")
    sealed = models.BinaryField(null=True, db_comment="who took it, where it was not the holder")

    class Meta:
        db_table = "card_handover"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="card_handover_check", condition=_one_of("check_done", IdentityCheck)),
            models.CheckConstraint(name="card_handover_old_card", condition=_one_of("old_card", OldCard)),
            models.CheckConstraint(
                name="card_handover_taker",
                condition=Q(ground="", sealed__isnull=True) | _one_of("ground", TakerGround) & Q(sealed__isnull=False),
            ),
        ]
