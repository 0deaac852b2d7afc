"""The tables of the checks. They hold codes and ids, no personal values."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from muster.processing.words import UNDECIDED, Code, Pair, Settled, Severity


def _one_of(field: str, words: Any) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})


class Check(models.Model):
    """That a dossier was checked and must wait: by which state of dossier and person it was judged."""

    dossier = models.OneToOneField("capture.Dossier", models.PROTECT, primary_key=True, related_name="+")
    attempt = models.SmallIntegerField()
    person_version = models.IntegerField()
    checked_at = models.DateTimeField()

    class Meta:
        db_table = "processing_check"


class Finding(models.Model):
    """One thing found in a dossier: a code, for some of them the field of the register it is about."""

    id = models.UUIDField(primary_key=True)
    dossier = models.ForeignKey("capture.Dossier", models.PROTECT, related_name="+")
    attempt = models.SmallIntegerField()
    code = models.CharField(max_length=20, db_collation="C")
    field = models.CharField(max_length=20, blank=True, db_collation="C")
    rule = models.CharField(max_length=4, blank=True, db_collation="C", db_comment="of the cleaning rules")
    severity = models.CharField(max_length=5, db_collation="C")
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled = models.CharField(max_length=8, blank=True, db_collation="C")
    settled_by = models.UUIDField(null=True)

    class Meta:
        db_table = "processing_finding"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["dossier", "code", "field"],
                condition=Q(settled_at__isnull=True),
                name="processing_finding_open_once",
            ),
            models.CheckConstraint(name="processing_finding_code", condition=_one_of("code", Code)),
            models.CheckConstraint(name="processing_finding_severity", condition=_one_of("severity", Severity)),
            models.CheckConstraint(
                name="processing_finding_settled",
                condition=Q(settled_at__isnull=True, settled="")
                | Q(settled_at__isnull=False) & _one_of("settled", Settled),
            ),
        ]


class Suspicion(models.Model):
    """The question whether two persons are one, asked once: what speaks for it, and what a person decided."""

    id = models.UUIDField(primary_key=True)
    one = models.ForeignKey("register.Person", models.PROTECT, db_index=False, related_name="+")
    other = models.ForeignKey("register.Person", models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+", db_comment="asks there")
    signs = ArrayField(models.CharField(max_length=18))
    score = models.SmallIntegerField()
    state = models.CharField(max_length=12, db_collation="C", default=Pair.OPEN.value)
    found_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=500, blank=True)
    gone = models.UUIDField(null=True, db_comment="the row that is closed where both are one")
    approval = models.UUIDField(null=True, db_comment="asked of a second person")

    class Meta:
        db_table = "processing_suspicion"
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["unit", "found_at"],
                condition=_one_of("state", sorted(UNDECIDED)),
                name="processing_suspicion_queue",
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["one", "other"], name="processing_suspicion_once"),
            models.CheckConstraint(name="processing_suspicion_order", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(name="processing_suspicion_state", condition=_one_of("state", Pair)),
            models.CheckConstraint(name="processing_suspicion_score", condition=Q(score__range=(0, 100))),
            models.CheckConstraint(
                name="processing_suspicion_decided_by_a_person",
                condition=Q(state=Pair.OPEN.value)
                | Q(decided_by__isnull=False, decided_at__isnull=False, why__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="processing_suspicion_merged_by_two",
                condition=~Q(state__in=[Pair.SAME_PERSON.value, Pair.MERGED.value])
                | Q(gone__isnull=False, approval__isnull=False) & (Q(gone=F("one")) | Q(gone=F("other"))),
            ),
        ]
