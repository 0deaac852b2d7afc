"""The exact bytes that are hashed and signed: of an entry, a batch, a seal. Written once, read by whoever verifies."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from muster.engines import merkle

HASH_BYTES = 32
START = sha256(b"").digest()  # what the first batch and the first seal of all point back to
Heads = Mapping[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a look or a change is about: a kind of thing and its id."""

    kind: str
    id: UUID

    def leaf(self) -> bytes:
        """Return the hash of the entry; its place is bound by the tree it stands in."""
        return merkle.leaf(f"{self.kind}\x1f{self.id}".encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a batch says besides its subjects."""

    id: UUID
    at: datetime
    officer: UUID | None
    unit: int
    purpose: str
    device: str
    action: str
    detail: str
    entries: int
    events_batch: UUID | None
    root: bytes

    def body(self) -> bytes:
        """Return the digest of the header, to which the database adds the batch's place in its chain."""
        told = (
            self.id, moment(self.at), self.officer, self.unit, self.purpose, self.device, self.action, self.detail,
            self.entries, self.events_batch, self.root.hex(),
        )  # fmt: skip
        return sha256(_json(["" if value is None else str(value) for value in told])).digest()


def batch_hash(previous: bytes, shard: int, no: int, body: bytes) -> bytes:
    """Return the hash that ties a batch to the one before it: the formula of ``audit_append`` in the database."""
    place = shard.to_bytes(2, "big", signed=True) + no.to_bytes(8, "big", signed=True)
    return sha256(b"muster/audit/v1" + previous + place + body).digest()


def heads_root(heads: Heads) -> bytes:
    """Return the Merkle root over the chains' heads, in the order of their numbers."""
    told = (f"{shard}\x1f{heads[shard][0]}\x1f{heads[shard][1]}" for shard in sorted(heads, key=int))
    return merkle.root([merkle.leaf(head.encode()) for head in told])


def seal_message(*, no: int, at: datetime, size: int, root: bytes, previous: bytes) -> bytes:
    """Return what a seal's signature is made over."""
    told = {"seal": no, "at": moment(at), "size": size, "root": root.hex(), "previous": previous.hex()}
    return b"muster/seal/v1" + _json(told)


def _json(told: object) -> bytes:
    """Return the one JSON text of something: no field can pass for a part of its neighbour."""
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def moment(at: datetime) -> str:
    """Return a moment as it is hashed: UTC to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
