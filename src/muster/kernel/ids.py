"""Identifiers: UUID version 7 (RFC 9562), made by the program that creates a thing, sortable by time."""

import os
import time
from uuid import UUID

_VERSION = 0x7 << 76
_VARIANT = 0x2 << 62
_RANDOM_BITS = 62


def new_id() -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, 12 bits of the part of the millisecond, 62 random bits.

    So what one program makes one after the other sorts in that order too (RFC 9562, 6.2, method 3).
    Ids are the one place that reads the machine's own clock: it only makes them index well, and no rule may
    read a time back out of an id.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    random = int.from_bytes(os.urandom(8)) & ((1 << _RANDOM_BITS) - 1)
    return UUID(int=(milliseconds << 80) | _VERSION | (rest * 4096 // 1_000_000 << 64) | _VARIANT | random)
