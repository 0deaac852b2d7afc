"""The data folder: where one installation keeps its database, keys, secrets and logs.

``MUSTER_HOME`` names it; without that it is ``var`` in the folder the command was started from.
"""

import os
import secrets
from pathlib import Path


def home() -> Path:
    """Return the data folder, made on first use; others may pass through it (the database's account), not list it."""
    folder = Path(os.environ.get("MUSTER_HOME") or "var").absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    return folder


def secret(name: str) -> str:
    """Return the installation's own secret of that name; it is drawn once and kept in a file only the owner reads.

    Two processes that ask for a new secret at the same moment get the same one: the file is linked into place
    whole, and the loser of the race reads the winner's.
    """
    path = home() / "secrets" / name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
