"""Merkle trees as Certificate Transparency builds them (RFC 6962, section 2.1), over SHA-256.

Leaves and inner nodes are hashed with different first bytes, so that no leaf can pass for a subtree. A tree of n
leaves is split at the largest power of two below n. Root and proof cost O(n) and O(log n) hashes.
"""

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    """Return the hash of one leaf's data."""
    return sha256(b"\x00" + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes; of none, the hash of nothing (RFC 6962)."""
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        # Pairing from the left, an odd last node moves up alone: the same tree as splitting at powers of two.
        paired = [_node(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def proof(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """Return the audit path of one leaf: the siblings from it up to the root.

    :raises IndexError: there is no such leaf
    """
    if not 0 <= place < len(leaves):
        raise IndexError(place)
    if len(leaves) == 1:
        return []
    half = _split(len(leaves))
    if place < half:
        return [*proof(leaves[:half], place), root(leaves[half:])]
    return [*proof(leaves[half:], place - half), root(leaves[:half])]


def proven(leaf_hash: bytes, place: int, size: int, path: Sequence[bytes], root_hash: bytes) -> bool:
    """Say whether a path shows that the leaf stands at that place of the tree of that size and root."""
    if not 0 <= place < size:
        return False
    siblings = list(path)
    found = _climb(leaf_hash, place, size, siblings)
    return found == root_hash and not siblings


def _climb(leaf_hash: bytes, place: int, size: int, siblings: list[bytes]) -> bytes | None:
    if size == 1:
        return leaf_hash
    half = _split(size)
    if not siblings:
        return None
    sibling = siblings.pop()
    if place < half:
        below = _climb(leaf_hash, place, half, siblings)
        return below and _node(below, sibling)
    below = _climb(leaf_hash, place - half, size - half, siblings)
    return below and _node(sibling, below)


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
