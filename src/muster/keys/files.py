"""Files and folders of an installation: secrets and master keys are written once and never change."""

import os
import secrets
from pathlib import Path


def make_folder(folder: Path, mode: int = 0o700) -> None:
    """Make a folder and those above it, where they are missing; the mode is the folder's own."""
    if folder.is_dir():
        return
    make_folder(folder.parent, 0o755)
    folder.mkdir(mode, exist_ok=True)
    give_to_owner_of(folder.parent, folder)


def write_once(path: Path, content: bytes) -> None:
    """Write a file whole and to the disk, readable by its owner alone; where it exists already, it stays as it is.

    Two programs that write at the same moment agree: the file is linked into place, and the second link fails.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        give_to_owner_of(path.parent, draft)
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # the other program was first
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def give_to_owner_of(folder: Path, path: Path) -> None:
    """Let what root makes in somebody's folder be that somebody's, who could not use it otherwise."""
    if os.getuid() == 0:
        owner = folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def sync_folder(folder: Path) -> None:
    """Put a folder's own entries on the disk, so that a file just named there is there after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
