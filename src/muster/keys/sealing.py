"""How a record is sealed: AES-256-GCM (NIST SP 800-38D) under a key of its own.

A sealed text is ``0x01 | nonce (12 bytes) | ciphertext | tag (16 bytes)``; the kind and id of the record are its
associated data, so that a sealed text moved to another record does not open.
"""

import os
from collections.abc import Iterable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from muster.kernel.errors import Refusal
from muster.keys.provider import NONCE_BYTES

VERSION = b"\x01"


class SealBroken(Refusal):
    """A sealed text was altered, cut, or moved here from another record."""

    code = "seal_broken"
    vi = "Dữ liệu được bảo vệ của hồ sơ {record} đã bị thay đổi."
    en = "The sealed data of record {record} has been altered."


def context(kind: str, record: UUID) -> bytes:
    """Return the associated data of a record: its kind and its id."""
    return b"%b|%b" % (kind.encode(), record.bytes)


def seal_text(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Seal a text under a record's key."""
    return seal_texts([(key, plain, bound_to)], 1)[0]


def seal_texts(texts: Iterable[tuple[bytes, bytes, bytes]], count: int) -> list[bytes]:
    """Seal that many texts, each given as its record's key, the text and what it is bound to, in their order."""
    drawn = os.urandom(NONCE_BYTES * count)
    nonces = (drawn[start : start + NONCE_BYTES] for start in range(0, len(drawn), NONCE_BYTES))
    return [
        VERSION + nonce + AESGCM(key).encrypt(nonce, plain, bound_to)
        for (key, plain, bound_to), nonce in zip(texts, nonces, strict=True)
    ]


def open_text(key: bytes, sealed: bytes, kind: str, record: UUID) -> bytes:
    """Return the text.

    :raises SealBroken: the sealed text was altered, or belongs to another record
    """
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if sealed[:1] != VERSION:
        raise SealBroken(record=record)
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, context(kind, record))
    except (InvalidTag, ValueError):
        raise SealBroken(record=record) from None
