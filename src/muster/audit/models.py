"""The audit's tables: batches in sixteen chains, their entries, the chains' heads, and the seals (ADR 0004)."""

from typing import Any, ClassVar

from django.db import models


class Batch(models.Model):
    """One look or one change: who, when, for which unit and purpose, and the hash that ties it to all before."""

    id = models.UUIDField(primary_key=True)
    shard = models.SmallIntegerField()
    no = models.BigIntegerField(db_comment="its place in the chain of its shard, from 1")
    at = models.DateTimeField(db_comment="the campaign's time")
    officer = models.UUIDField(null=True, db_comment="null: the system itself")
    unit = models.IntegerField()
    purpose = models.CharField(max_length=20, db_collation="C")
    device = models.CharField(max_length=80, blank=True, db_collation="C")
    action = models.CharField(max_length=60, db_collation="C")
    detail = models.CharField(max_length=200, blank=True, db_comment="identifiers and counts, never personal values")
    entries = models.IntegerField()
    events_batch = models.UUIDField(null=True, db_comment="the batch of the journal that it covers")
    leaves = models.BinaryField(db_comment="the 32-byte hashes of its entries, then of its events")
    root = models.BinaryField(db_comment="Merkle root over the leaves")
    previous = models.BinaryField(db_comment="hash of the batch before it in its chain")
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_batch"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["shard", "no"], name="audit_batch_place"),
            models.UniqueConstraint(fields=["events_batch"], name="audit_batch_of_events"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["officer", "id"], name="audit_batch_officer"),
            models.Index(fields=["unit", "id"], name="audit_batch_unit"),
        ]


class Entry(models.Model):
    """One thing that a batch is about: a person, a dossier, an officer, a key."""

    pk = models.CompositePrimaryKey("batch_id", "position")
    batch = models.ForeignKey(Batch, models.PROTECT, db_index=False, related_name="+")
    position = models.IntegerField()
    subject_kind = models.CharField(max_length=40, db_collation="C")
    subject = models.UUIDField()

    class Meta:
        db_table = "audit_entry"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["subject_kind", "subject", "batch"], name="audit_entry_subject"),
        ]


class Head(models.Model):
    """The last batch of a chain; the next one waits for this row."""

    shard = models.SmallIntegerField(primary_key=True)
    no = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_head"


class Seal(models.Model):
    """The state of all chains at a moment, signed: what is handed to another party."""

    no = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    heads = models.JSONField(db_comment="shard: [number, hash] of every chain's last batch")
    size = models.BigIntegerField(db_comment="batches in all chains")
    root = models.BinaryField(db_comment="Merkle root over the heads, in the order of shards")
    previous = models.BinaryField(db_comment="hash of the seal before")
    key_id = models.CharField(max_length=64, db_collation="C")
    signature = models.BinaryField()

    class Meta:
        db_table = "audit_seal"
