"""The record keys, each wrapped under a master key that is not in the database."""

from django.db import models
from django.db.models import Q


class RecordKey(models.Model):
    """The key of one sealed record, or the trace that it was erased; kept out of the database's backups."""

    pk = models.CompositePrimaryKey("kind", "record")
    kind = models.CharField(max_length=40, db_collation="C")
    record = models.UUIDField()
    master = models.SmallIntegerField(db_comment="version of the master key that wraps this one")
    wrapped = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "keys_record"
        constraints = (
            models.CheckConstraint(
                name="keys_record_is_a_key_or_erased",
                condition=Q(wrapped__isnull=False, erased_at__isnull=True)
                | Q(wrapped__isnull=True, erased_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.record}"


class LostKey(models.Model):
    """A record whose key was lost with its key folder: what was sealed before opens no more, what comes later does."""

    pk = models.CompositePrimaryKey("kind", "record")
    kind = models.CharField(max_length=40, db_collation="C")
    record = models.UUIDField()

    class Meta:
        db_table = "keys_lost"

    def __str__(self) -> str:
        return f"{self.kind} {self.record}"


class KeyFolder(models.Model):
    """Which key folder this database is sealed with: one row, written when the two first meet."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    identity = models.BinaryField(db_comment="a secret derived from the root key; it tells nothing about the root")

    class Meta:
        db_table = "keys_folder"
        constraints = (models.CheckConstraint(name="keys_folder_is_one", condition=Q(id=1)),)

    def __str__(self) -> str:
        return bytes(self.identity).hex()
