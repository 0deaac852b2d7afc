"""Read the audit: who looked and why, what an officer did, the seals to hand out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection

from muster.audit.chain import seal_message
from muster.audit.models import Seal
from muster.kernel.errors import Refusal
from muster.keys import provider

PAGE = 50


class NoSuchSeal(Refusal):
    """There is no seal with this number."""

    code = "no_such_seal"
    vi = "Không có dấu niêm số {no}."
    en = "There is no seal number {no}."


@dataclass(frozen=True, slots=True)
class Look:
    """One look or change: when, by whom, for which unit and purpose, what, and how many things it was about."""

    batch: UUID
    at: datetime
    officer: UUID | None
    unit: int
    purpose: str
    device: str
    action: str
    detail: str
    entries: int


_COLUMNS = "batch.id, at, officer, unit, purpose, device, action, detail, entries"


def looks_at(kind: str, subject: UUID, *, before: UUID | None = None, limit: int = PAGE) -> list[Look]:
    """Return who looked at a thing or changed it, and why; the newest first, from ``before`` on backwards."""
    return _looks(
        """
        JOIN audit_entry AS entry ON entry.batch_id = batch.id
        WHERE subject_kind = %s AND subject = %s AND (%s::uuid IS NULL OR batch.id < %s)
        ORDER BY entry.batch_id DESC LIMIT %s
        """,
        [kind, subject, before, before, limit],
    )


def by_officer(officer: UUID, *, before: UUID | None = None, limit: int = PAGE) -> list[Look]:
    """Return what an officer looked at and changed, the newest first."""
    return _looks(
        "WHERE officer = %s AND (%s::uuid IS NULL OR batch.id < %s) ORDER BY batch.id DESC LIMIT %s",
        [officer, before, before, limit],
    )


def latest(*, units: Collection[int] | None = None, before: UUID | None = None, limit: int = PAGE) -> list[Look]:
    """Return the newest looks and changes: of all, or of who acted for one of these units.

    Of each unit the newest are read from its index: a handful of units nobody works for costs no more than busy ones.
    """
    if units is None:
        return _looks(
            "WHERE (%s::uuid IS NULL OR batch.id < %s) ORDER BY batch.id DESC LIMIT %s", [before, before, limit]
        )
    return _looks(OF_UNITS, [sorted(units), before, before, limit, limit])


OF_UNITS = """
    JOIN (
        SELECT newest.id FROM unnest(%s::int[]) AS area(number) CROSS JOIN LATERAL (
            SELECT id FROM audit_batch WHERE unit = number AND (%s::uuid IS NULL OR id < %s) ORDER BY id DESC LIMIT %s
        ) AS newest ORDER BY newest.id DESC LIMIT %s
    ) AS newest USING (id) ORDER BY batch.id DESC
"""


@dataclass(frozen=True, slots=True)
class SealTold:
    """A seal as a list shows it: number, moment, how many batches it covers, and its root."""

    no: int
    at: datetime
    size: int
    root: str


def seals(*, limit: int = PAGE) -> list[SealTold]:
    """Return the last seals, the newest first."""
    rows = Seal.objects.order_by("-no").values_list("no", "at", "size", "root")[:limit]
    return [SealTold(no, at, size, bytes(root).hex()) for no, at, size, root in rows]


def _looks(where: str, values: list[Any]) -> list[Look]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM audit_batch AS batch {where}", values)
        return [Look(*row) for row in cursor.fetchall()]


def heads() -> dict[str, tuple[int, str]]:
    """Return the number and hash of every chain's last batch, by shard."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT shard, no, hash FROM audit_head ORDER BY shard")
        return {str(shard): (no, bytes(digest).hex()) for shard, no, digest in cursor.fetchall()}


def seal_hash(seal: Seal) -> bytes:
    """Return the hash by which the next seal points back to this one."""
    told = seal_message(no=seal.no, at=seal.at, size=seal.size, root=bytes(seal.root), previous=bytes(seal.previous))
    return sha256(told + bytes(seal.signature)).digest()


def export_seal(no: int | None = None) -> dict[str, Any]:
    """Return a seal, the newest without a number, in the form that is handed to another party.

    Whoever has it, and the public key in it, can later prove what the chains were at that moment.

    :raises NoSuchSeal: there is none
    """
    seal = Seal.objects.filter(no=no).first() if no is not None else Seal.objects.order_by("-no").first()
    if seal is None:
        raise NoSuchSeal(no=no if no is not None else "-")
    key_id, public_key = provider.current().public_key()
    return {
        "no": seal.no,
        "at": seal.at.isoformat(),
        "size": seal.size,
        "heads": seal.heads,
        "root": bytes(seal.root).hex(),
        "previous": bytes(seal.previous).hex(),
        "key_id": seal.key_id,
        "signature": bytes(seal.signature).hex(),
        "public_key": public_key if key_id == seal.key_id else None,
    }
