"""Draws that hang on a text alone, such as a citizen's: one more of them changes nobody else's."""

from hashlib import blake2b

_BITS = 53  # of a float's mantissa


def chance(text: str, number: int = 0) -> float:
    """Return a number from 0 to below 1, the same for the same text and number.

    Seeding a `Random` for one draw would take ten times as long.
    """
    digest = blake2b(text.encode(), digest_size=8, salt=number.to_bytes(8)).digest()
    return (int.from_bytes(digest) >> (64 - _BITS)) / (1 << _BITS)
