"""The data folder: where one installation keeps its database, keys, secrets and logs.

``MUSTER_HOME`` names it; without that it is ``var`` in the folder the command was started from.
"""

import os
import secrets
from pathlib import Path

from muster.keys.files import write_once


def home() -> Path:
    """Return the data folder, made on first use; others may pass through it (the database's account), not list it."""
    folder = Path(os.environ.get("MUSTER_HOME") or "var").absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    return folder


def secret(name: str) -> str:
    """Return the installation's own secret of that name; it is drawn once and kept in a file only the owner reads."""
    path = home() / "secrets" / name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        write_once(path, secrets.token_urlsafe(48).encode())
    return path.read_text().strip()
