from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.engines import merkle

leaves = st.lists(st.binary(max_size=8).map(merkle.leaf), min_size=1, max_size=40)


def by_definition(hashes):
    """The recursive definition of RFC 6962, section 2.1, word by word."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha256(b"\x01" + by_definition(hashes[:k]) + by_definition(hashes[k:])).digest()


@given(leaves)
def test_the_root_is_the_one_of_the_definition(hashes):
    assert merkle.root(hashes) == by_definition(hashes)


@given(leaves, st.data())
def test_a_proof_shows_its_leaf_at_its_place_and_nothing_else(hashes, data):
    place = data.draw(st.integers(0, len(hashes) - 1))
    path, root = merkle.proof(hashes, place), merkle.root(hashes)
    assert merkle.proven(hashes[place], place, len(hashes), path, root)
    assert not merkle.proven(merkle.leaf(b"another leaf"), place, len(hashes), path, root)
    assert not merkle.proven(hashes[place], place, len(hashes), [*path, root], root)
    assert not merkle.proven(hashes[place], len(hashes), len(hashes), path, root)
    if path:
        assert not merkle.proven(hashes[place], place, len(hashes), path[1:], root)


@given(leaves, st.data())
def test_every_change_of_a_leaf_changes_the_root(hashes, data):
    place = data.draw(st.integers(0, len(hashes) - 1))
    changed = [*hashes[:place], merkle.leaf(b"something else altogether"), *hashes[place + 1 :]]
    assert merkle.root(changed) != merkle.root(hashes)


def test_known_values():
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.leaf(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    with pytest.raises(IndexError):
        merkle.proof([merkle.leaf(b"")], 1)
