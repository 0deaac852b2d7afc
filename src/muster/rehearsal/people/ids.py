"""Ids of synthetic people: UUIDv7 in form, derived from seed and place, so that the same people bear them again.

An id is 36 bits of a digest of seed and commune in the place of the milliseconds, counted from the year 2019 on, the
kind, 38 more bits of the digest, and the person's place in the commune: 74 bits in all tell seeds and communes
apart. Ids of one commune stand side by side in an index, before all ids of real things.
"""

from hashlib import blake2b
from uuid import UUID

START = 1_546_300_800_000  # 2019-01-01 in Unix milliseconds; 36 bits reach to March 2021
_TIME_BITS, _REST_BITS, _ORDINAL_BITS = 36, 38, 24
_PERSON, _HOUSEHOLD, _CARD = 0, 1, 2  # a card's kind counts up from there
_VERSION, _VARIANT = 0x7 << 76, 0x2 << 62


class Ids:
    """The ids of the people of one commune (or any other place) under one seed."""

    def __init__(self, place: str) -> None:
        digest = int.from_bytes(blake2b(place.encode(), digest_size=10).digest()) >> 6
        time = START + (digest >> _REST_BITS)
        rest = digest & ((1 << _REST_BITS) - 1)
        self._base = (time << 80) | _VERSION | _VARIANT | (rest << _ORDINAL_BITS)

    def person(self, ordinal: int) -> UUID:
        """Return the id of a person, by place in the commune, counted from 0."""
        return UUID(int=self._base | ordinal)

    def household(self, head: int) -> UUID:
        """Return the id of the household of a head."""
        return UUID(int=self._base | (_HOUSEHOLD << 64) | head)

    def card(self, holder: int, number: int) -> UUID:
        """Return the id of one of a person's cards, counted from 0."""
        return UUID(int=self._base | ((_CARD + number) << 64) | holder)
