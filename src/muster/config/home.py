"""The data folder: where one installation keeps its database, keys, secrets and logs.

``MUSTER_HOME`` names it; without that it is ``var`` in the checkout the program runs from, else in the current folder.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from muster.kernel.errors import Refusal
from muster.keys.files import give_to_owner_of, make_folder, write_once


class DataFolderUnusable(Refusal):
    """The data folder, or something in it, cannot be made, read or written."""

    code = "data_folder_unusable"
    vi = "Không dùng được thư mục dữ liệu ({path}): {reason}."
    en = "The data folder cannot be used ({path}): {reason}."


def home() -> Path:
    """Return the data folder, made on first use; others may pass through it (the database's account), not list it.

    :raises DataFolderUnusable: it cannot be made
    """
    folder = Path(os.environ.get("MUSTER_HOME") or _default()).absolute()
    with usable():
        make_folder(folder, 0o711)
    return folder


def secret(name: str) -> str:
    """Return the installation's own secret of that name; it is drawn once and kept in a file only the owner reads.

    :raises DataFolderUnusable: it cannot be written or read
    """
    path = home() / "secrets" / name
    with usable():
        make_folder(path.parent)
        if not path.exists():
            write_once(path, secrets.token_urlsafe(48).encode())
        return path.read_text().strip()


def open_lock(name: str) -> IO[str]:
    """Open a file of the data folder that programs lock to take turns.

    :raises DataFolderUnusable: it cannot be written
    """
    path = home() / name
    with usable():
        lock = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a")
        give_to_owner_of(path.parent, path)
    return lock


def _default() -> Path:
    checkout = Path(__file__).resolve().parents[3]
    return checkout / "var" if (checkout / "pyproject.toml").exists() else Path("var")


@contextmanager
def usable() -> Iterator[None]:
    """Let what the machine refuses in the data folder be said in a sentence."""
    try:
        yield
    except OSError as error:
        raise DataFolderUnusable(path=error.filename, reason=error.strerror) from None
