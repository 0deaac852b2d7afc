"""The copy of one installation: its database, and apart from it the record keys in escrow.

The record keys are left out of the copy. They stand in one escrow file that every backup overwrites, so erasing a
person's key erases that person's sealed data from every older copy too (Law 91/2025: secure erasure). The master
keys (`MUSTER_KEYS`) are in neither: whoever holds only the copies can read no sealed field.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from muster import __version__
from muster.audit import operations as audit
from muster.config.databases import has_tables, present, run_client
from muster.config.home import home
from muster.events import queries as journal
from muster.kernel.actor import Actor
from muster.kernel.errors import Refusal
from muster.keys import queries as keys_queries
from muster.keys.files import sync_folder

JOBS = 2  # parallel tables in pg_dump and pg_restore
KEYS_TABLE = "keys_record"
MANIFEST, DATA, ESCROW, RECORDS, FOLDER = "manifest.json", "data", "escrow", "records", "key_folder"


class BackupDamaged(Refusal):
    """The copy is not whole: a file is missing, added, or its content is not what the manifest says."""

    code = "backup_damaged"
    vi = "Bản sao lưu không nguyên vẹn: {file}."
    en = "The backup is not whole: {file}."


class BackupRunning(Refusal):
    """Another backup is writing into this folder."""

    code = "backup_running"
    vi = "Đang có một lần sao lưu khác ghi vào {folder}."
    en = "Another backup is writing into {folder}."


class CopyInDataFolder(Refusal):
    """The folder of the copies lies in the data folder, and would be lost together with it."""

    code = "copy_in_data_folder"
    vi = "Bản sao trong thư mục dữ liệu sẽ mất cùng với nó; hãy chọn thư mục khác."
    en = "A copy inside the data folder is lost together with it; choose another folder."


class EscrowOfOtherKeys(Refusal):
    """The escrow there belongs to another key folder; both in one file would make one of them unreadable."""

    code = "escrow_of_other_keys"
    vi = "{folder} giữ khóa dự phòng của một thư mục khóa khác; hãy sao lưu vào một thư mục mới."
    en = "The escrow in {folder} belongs to another key folder; back up into a new folder."


class NothingToCopy(Refusal):
    """The database holds no tables of Muster: most likely this is not the data folder that was meant."""

    code = "nothing_to_copy"
    vi = "Cơ sở dữ liệu của {folder} còn trống; hãy xem lại MUSTER_HOME."
    en = "The database of {folder} is empty; is MUSTER_HOME the one you meant?"


def backup(*, into: Path, by: Actor, at: datetime) -> Path:
    """Copy the whole database below ``into``, then the record keys into its escrow; return the copy's folder.

    The copy appears under its own name only when it and the escrow are whole and on disk. Work goes on meanwhile:
    keys made after the copy began are in the escrow too, because that is written last. The audit tells of it.

    :param at: the real time, which names the copy
    :raises NothingToCopy: the database is empty
    :raises CopyInDataFolder: ``into`` lies in the data folder
    :raises BackupRunning: another backup writes into the folder
    :raises EscrowOfOtherKeys: the escrow there belongs to another key folder; it is left as it is
    :raises EscrowDamaged: the escrow there is not whole; it is left as it is
    """
    into = into.absolute()
    if home().resolve() in [into.resolve(), *into.resolve().parents]:
        raise CopyInDataFolder
    if not has_tables():
        raise NothingToCopy(folder=home())
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    final = into / f"muster-{at:%Y%m%dT%H%M%S}"
    with _alone_in(into), _draft(final) as draft:
        _check_same_folder(into / ESCROW)
        _copy_database(draft, at)
        _write_escrow(into / ESCROW)
        draft.rename(final)
        sync_folder(into)
    audit.record(by=by, at=journal.now(at), action="database.backup", detail=final.name)
    return final


def checked(copy: Path) -> dict[str, Any]:
    """Return a copy's manifest, once every file of the copy is what it says.

    :raises BackupDamaged: a file is missing, added or altered
    """
    try:
        manifest: dict[str, Any] = json.loads((copy / MANIFEST).read_text())
    except (OSError, ValueError):
        raise BackupDamaged(file=copy / MANIFEST) from None
    found, told = _digests(copy / DATA), manifest["files"]
    for file in sorted(found.keys() | told.keys()):
        if found.get(file) != told.get(file):
            raise BackupDamaged(file=copy / DATA / file)
    return manifest


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BackupRunning(folder=folder) from None
    else:
        for left in folder.glob("muster-*.part"):  # of a backup that was killed
            shutil.rmtree(left)
        yield
    finally:
        os.close(handle)


@contextmanager
def _draft(final: Path) -> Iterator[Path]:
    draft = final.with_name(final.name + ".part")
    draft.mkdir(mode=0o700)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # there only when it did not come to an end


def _copy_database(draft: Path, at: datetime) -> None:
    options = ("--format=directory", f"--jobs={JOBS}", f"--exclude-table-data={KEYS_TABLE}", "--no-sync")
    run_client("pg_dump", *options, f"--file={draft / DATA}", database=present())
    manifest = {"version": __version__, "made_at": at.isoformat(), "files": _digests(draft / DATA)}
    (draft / MANIFEST).write_text(json.dumps(manifest, indent=1))
    for path in draft.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(draft / DATA)
    sync_folder(draft)


def _check_same_folder(escrow: Path) -> None:
    told, own = escrow / FOLDER, keys_queries.folder_identity()
    if told.exists() and own and told.read_text().strip() != own.hex():
        raise EscrowOfOtherKeys(folder=escrow)


def _write_escrow(folder: Path) -> None:
    folder.mkdir(exist_ok=True, mode=0o700)
    if own := keys_queries.folder_identity():
        (folder / FOLDER).write_text(own.hex() + "\n")
    draft, records = folder / f"{RECORDS}.new", folder / RECORDS
    with draft.open("wb") as file:
        if records.exists():
            with records.open("rb") as before:
                keys_queries.export_records(file, before=before)
        else:
            keys_queries.export_records(file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(records)
    sync_folder(folder)


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): _digest(path) for path in files}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
