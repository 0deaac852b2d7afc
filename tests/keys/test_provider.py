import stat
import threading
from pathlib import Path

import pytest

from muster.keys.provider import FileKeys, KeyDamaged, MasterKeyMissing, Signature, verify


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys"


def test_a_wrapped_key_opens_only_in_its_own_context(folder):
    keys = FileKeys(folder)
    version, (wrapped,) = keys.wrap([(b"k" * 32, b"person|1")])
    assert keys.unwrap(version, wrapped, b"person|1") == b"k" * 32
    with pytest.raises(KeyDamaged):
        keys.unwrap(version, wrapped, b"person|2")
    with pytest.raises(KeyDamaged):
        keys.unwrap(version, wrapped[:-1] + bytes([wrapped[-1] ^ 1]), b"person|1")


def test_after_rotation_the_new_master_key_wraps_and_the_old_one_still_opens(folder):
    keys = FileKeys(folder)
    old, (old_wrapped,) = keys.wrap([(b"a" * 32, b"x")])
    assert keys.rotate() == 2
    new, (new_wrapped,) = keys.wrap([(b"b" * 32, b"x")])
    assert (old, new) == (1, 2)
    again = FileKeys(folder)
    assert again.unwrap(old, old_wrapped, b"x") == b"a" * 32
    assert again.unwrap(new, new_wrapped, b"x") == b"b" * 32
    assert again.newest == 2


def test_a_program_that_started_before_a_rotation_wraps_under_the_new_master_key(folder):
    long_running, other = FileKeys(folder), FileKeys(folder)
    assert long_running.wrap([(b"a" * 32, b"x")])[0] == 1
    other.rotate()
    version, (wrapped,) = long_running.wrap([(b"b" * 32, b"x")])
    assert version == 2
    assert other.unwrap(version, wrapped, b"x") == long_running.unwrap(version, wrapped, b"x") == b"b" * 32


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"cut")])
def test_a_lost_master_key_is_named_and_never_made_anew(folder, damage):
    version, (wrapped,) = FileKeys(folder).wrap([(b"a" * 32, b"x")])
    damage(folder / "master-1")
    with pytest.raises(MasterKeyMissing) as refused:
        FileKeys(folder).unwrap(version, wrapped, b"x")
    assert refused.value.text("en") == ("The key master-1 is missing or damaged; bring back a copy of the key folder.")
    with pytest.raises(MasterKeyMissing):
        FileKeys(folder).wrap([(b"b" * 32, b"x")])


def test_a_lost_signing_key_is_named_and_never_made_anew(folder):
    FileKeys(folder)
    (folder / "signing").unlink()
    with pytest.raises(MasterKeyMissing, match="signing"):
        FileKeys(folder)


def test_secrets_differ_by_purpose_and_by_installation_and_stay(folder, tmp_path):
    keys = FileKeys(folder)
    assert len(keys.derive("numbering")) == 32
    assert keys.derive("numbering") == FileKeys(folder).derive("numbering")
    assert keys.derive("numbering") != keys.derive("index/phone")
    assert keys.derive("numbering") != FileKeys(tmp_path / "other").derive("numbering")


def test_a_signature_is_verified_by_anybody_with_the_public_key(folder):
    keys = FileKeys(folder)
    signature = keys.sign(b"root")
    key_id, pem = keys.public_key()
    assert signature.key_id == key_id
    assert keys.verify(b"root", signature)
    assert verify(pem, b"root", signature.value)
    assert not verify(pem, b"root2", signature.value)
    assert not keys.verify(b"root", Signature("another", signature.value))


def test_key_files_are_readable_by_their_owner_alone(folder):
    FileKeys(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["master-1", "root", "signing"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_programs_that_start_together_agree_on_the_keys(folder):
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(FileKeys(folder).derive("numbering"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 1
