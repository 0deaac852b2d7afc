"""Who runs the server when root starts Muster, and the folders that only this account may enter."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from muster.config.home import DataFolderUnusable, usable


@dataclass(frozen=True, slots=True)
class Account:
    """The machine account PostgreSQL runs as when root starts it: it refuses to run as root itself."""

    name: str
    uid: int
    gid: int


def service_account(project: Path) -> Account | None:
    """Return who runs the server when root starts it: the folder's owner, else ``postgres``, else ``nobody``."""
    if os.getuid() != 0:
        return None
    owner = project.stat().st_uid
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    owners = [entry.pw_name for entry in known.values() if entry.pw_uid == owner != 0]
    entry = known[next(name for name in [*owners, "postgres", "nobody"] if name in known)]
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def reachable(path: Path, account: Account) -> bool:
    """Tell whether the account may enter every folder above the path, and the path where it exists."""
    return all(_may_enter(step.stat(), account) for step in [path, *path.parents] if step.exists())


def own_folder(folder: Path, account: Account | None) -> None:
    """Make a folder that only the server's account may enter.

    :raises DataFolderUnusable: it is there already and is somebody else's, or is a link to elsewhere
    """
    with usable():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        found, uid = folder.lstat(), account.uid if account else os.getuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.getuid()}:
            raise DataFolderUnusable(path=folder, reason="it belongs to another user of this machine")
        give(folder, account)


def give(path: Path, account: Account | None) -> None:
    """Let the account, and nobody else, use a file or folder of ours."""
    path.chmod(0o600 if path.is_file() else 0o700)
    if account:
        os.chown(path, account.uid, account.gid)


def _may_enter(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
