"""Where master keys come from, behind one interface: today a folder of files, elsewhere a hardware module.

A provider wraps the record keys, signs, and derives the secrets of fixed purposes. Master keys never enter the
database or its backups: whoever has only those can open nothing that is sealed.
"""

import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.conf import settings

from muster.kernel.errors import Refusal
from muster.keys.files import make_folder, write_once

KEY_BYTES = 32
NONCE_BYTES = 12


class MasterKeyMissing(Refusal):
    """A key that this installation has used is not in the key folder, cannot be read, or is cut short."""

    code = "master_key_missing"
    vi = "Thiếu hoặc hỏng khóa {name}; hãy đưa bản sao của thư mục khóa trở lại."
    en = "The key {name} is missing or damaged; bring back a copy of the key folder."


class KeyDamaged(Refusal):
    """A wrapped key was altered, or belongs to another record."""

    code = "key_damaged"
    vi = "Khóa của hồ sơ đã bị thay đổi."
    en = "The record's key has been altered."


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature (Ed25519, RFC 8032) and which key made it."""

    key_id: str
    value: bytes


class KeyProvider(Protocol):
    """What the rooms above ask of whoever holds the master keys."""

    @property
    def newest(self) -> int:
        """The version of the master key that wraps."""
        ...

    def wrap(self, keys: Sequence[tuple[bytes, bytes]]) -> tuple[int, list[bytes]]:
        """Wrap record keys, each bound to its context, under the newest master key.

        :returns: that master key's version, and the wrapped keys in the order given
        :raises MasterKeyMissing: the master key is not in the folder
        """
        ...

    def unwrap(self, version: int, wrapped: bytes, context: bytes) -> bytes:
        """Return the record key.

        :raises MasterKeyMissing: there is no master key of that version
        :raises KeyDamaged: the wrapped key was altered or belongs to another context
        """
        ...

    def rotate(self) -> int:
        """Make a new master key that wraps from now on; return its version."""
        ...

    def derive(self, label: str) -> bytes:
        """Return the 32-byte secret of one fixed purpose; the same label always gives the same secret."""
        ...

    def sign(self, message: bytes) -> Signature:
        """Sign a message."""
        ...

    def verify(self, message: bytes, signature: Signature) -> bool:
        """Say whether the signature was made over the message by the key it names."""
        ...

    def public_key(self) -> tuple[str, str]:
        """Return id and PEM of the public half of the signing key, to hand to whoever verifies."""
        ...


class FileKeys:
    """Master keys in a folder: ``root``, ``signing``, ``master-1``, ``master-2`` ..., each 32 bytes, mode 0600.

    Wrapping is AES-256-GCM (NIST SP 800-38D) with the record's name as associated data; derivation is HKDF-SHA256
    (RFC 5869). Keys are made on first use, whole or not at all, also by two programs at once; the root is made last,
    so that a folder with a root has had all three, and one that is lost later is missed and not made anew.

    :raises MasterKeyMissing: the signing key or the root is missing or damaged
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ciphers: dict[int, AESGCM] = {}
        if not self._path("root").exists():
            make_folder(folder)
            for name in ("master-1", "signing", "root"):
                self._make(name)
        self._root = self._key("root")
        self._signing = Ed25519PrivateKey.from_private_bytes(self._key("signing"))

    @property
    def newest(self) -> int:
        """The version of the master key that wraps: the folder is asked each time, another program may have rotated."""
        found = [re.fullmatch(r"master-([0-9]+)", path.name) for path in self._folder.iterdir()]
        return max([int(match[1]) for match in found if match], default=1)

    def wrap(self, keys: Sequence[tuple[bytes, bytes]]) -> tuple[int, list[bytes]]:
        """Wrap record keys under the newest master key."""
        version = self.newest
        encrypt = self._cipher(version).encrypt
        nonces = [os.urandom(NONCE_BYTES) for _ in keys]
        return version, [nonce + encrypt(nonce, *key) for nonce, key in zip(nonces, keys, strict=True)]

    def unwrap(self, version: int, wrapped: bytes, context: bytes) -> bytes:
        """Return the record key."""
        try:
            return self._cipher(version).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
        except InvalidTag:
            raise KeyDamaged from None

    def rotate(self) -> int:
        """Make a new master key that wraps from now on; return its version."""
        version = self.newest + 1
        self._make(f"master-{version}")
        return version

    def derive(self, label: str) -> bytes:
        """Return the 32-byte secret of one fixed purpose."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"muster/v1/" + label.encode()).derive(self._root)

    def sign(self, message: bytes) -> Signature:
        """Sign a message with Ed25519."""
        return Signature(self.public_key()[0], self._signing.sign(message))

    def verify(self, message: bytes, signature: Signature) -> bool:
        """Say whether the signature was made over the message by our own key."""
        if signature.key_id != self.public_key()[0]:
            return False
        return verify(self.public_key()[1], message, signature.value)

    def public_key(self) -> tuple[str, str]:
        """Return id and PEM of the public half of the signing key."""
        public = self._signing.public_key()
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return sha256(raw).hexdigest()[:16], pem

    def _cipher(self, version: int) -> AESGCM:
        if version not in self._ciphers:
            self._ciphers[version] = AESGCM(self._key(f"master-{version}"))
        return self._ciphers[version]

    def _path(self, name: str) -> Path:
        return self._folder / name

    def _make(self, name: str) -> None:
        if not self._path(name).exists():
            write_once(self._path(name), secrets.token_bytes(KEY_BYTES))

    def _key(self, name: str) -> bytes:
        try:
            key = self._path(name).read_bytes()
        except OSError:
            raise MasterKeyMissing(name=name) from None
        if len(key) != KEY_BYTES:
            raise MasterKeyMissing(name=name)
        return key


def verify(public_pem: str, message: bytes, signature: bytes) -> bool:
    """Say whether a signature is right, knowing only the public key: what the other party does with a seal."""
    key = load_pem_public_key(public_pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def current() -> KeyProvider:
    """Return the provider of this installation (``settings.MUSTER_KEYS`` names its folder)."""
    return _file_keys(Path(settings.MUSTER_KEYS))


@lru_cache(maxsize=4)
def _file_keys(folder: Path) -> FileKeys:
    return FileKeys(folder)
