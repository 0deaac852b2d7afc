"""The way back from a copy: loaded beside the present database, which it replaces only when all of it is there."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection

from muster import __version__
from muster.audit import operations as audit
from muster.config import databases
from muster.config.backup import DATA, ESCROW, JOBS, KEYS_TABLE, RECORDS, checked
from muster.config.home import home
from muster.events import queries as journal
from muster.kernel.actor import Actor
from muster.kernel.errors import Refusal
from muster.keys import operations as keys
from muster.keys import queries as keys_queries

KEPT, LOADING, ASIDE = "_before_restore", "_restoring", "_changing_places"


class EscrowMissing(Refusal):
    """There is no escrow of record keys where it was looked for."""

    code = "escrow_missing"
    vi = "Không thấy tệp khóa dự phòng {file}; hãy chỉ ra bằng --escrow."
    en = "There is no escrow of record keys at {file}; say where it is with --escrow."


class CopyIsNewer(Refusal):
    """The copy was made by a newer Muster than this one."""

    code = "copy_is_newer"
    vi = "Bản sao do Muster {version} tạo, mới hơn chương trình này; hãy cập nhật chương trình trước."
    en = "The copy was made by Muster {version}, newer than this program; update the program first."


class DatabaseKept(Refusal):
    """The database that an earlier restore replaced is still kept."""

    code = "database_kept"
    vi = "Cơ sở dữ liệu trước lần phục hồi trước vẫn còn ({name}); bỏ nó bằng --drop-kept, hoặc quay lại bằng --back."
    en = "The database before the last restore is still kept ({name}); drop it by --drop-kept, or go --back to it."


class NothingKept(Refusal):
    """No replaced database is kept that one could go back to."""

    code = "nothing_kept"
    vi = "Không còn cơ sở dữ liệu nào của lần phục hồi trước."
    en = "No database from before a restore is kept."


def restore(
    *, copy: Path, escrow: Path | None = None, without_keys: bool = False, by: Actor, at: datetime
) -> tuple[dict[str, Any], int]:
    """Replace the database by a copy, with the newest record keys there are; return the copy's manifest.

    1. The copy is checked and loaded beside the present database, and brought to this version's tables.
    2. Record keys come from the escrow and from the present database. Whoever is erased in either stays erased.
    3. Signed-in sessions of the copy are ended; the audit tells of the restore.
    4. The two databases change names in one step. The replaced one is kept, without its record keys.

    A restore that fails before the last step changes nothing.

    :param escrow: the folder of the newest escrow; without it, the one beside the copy
    :param without_keys: the copy's key folder is lost: go on with the one that is here, or with a new one. What is
        sealed in the copy opens no more; all else is there. It is no use where the folder is the copy's.
    :param at: the real time
    :returns: the manifest, and how many records have lost their key
    :raises BackupDamaged: a file of the copy is missing or altered
    :raises CopyIsNewer: this program does not know the copy's tables
    :raises EscrowMissing: there is no escrow
    :raises EscrowDamaged: the escrow is not whole
    :raises KeyFolderDiffers: the key folder here is not the copy's
    :raises DatabaseKept: an earlier restore's replaced database is still there
    :raises DatabaseInUse: other programs are connected to the database
    :raises MayNotMakeDatabases: the server does not allow it
    """
    manifest = checked(copy)
    if _number(manifest["version"]) > _number(__version__):
        raise CopyIsNewer(version=manifest["version"])
    records = (escrow or copy.absolute().parent / ESCROW) / RECORDS
    if not records.exists():
        raise EscrowMissing(file=records)
    name, draft, kept = databases.present(), databases.derived(LOADING), databases.derived(KEPT)
    if databases.exists(kept):
        raise DatabaseKept(name=kept)
    databases.refuse_if_used(name)
    there = databases.exists(name)
    databases.make_empty(draft)
    try:
        _load(copy, draft)
        with TemporaryFile(dir=home()) as ours, records.open("rb") as theirs:
            known = there and _export(ours)
            readable = known and keys_queries.is_of_this_folder()
            with databases.connected_to(draft):
                call_command("migrate", verbosity=0, interactive=False)
                lost = _bring_keys(theirs, ours if known else None, without_keys=without_keys, readable=readable)
                _finish(f"{copy.name} of {manifest['made_at']}{f', {lost} keys lost' if lost else ''}", by, at)
        databases.rename(*([(name, kept)] if there else []), (draft, name))
    except BaseException:
        databases.drop(draft)
        raise
    if known:
        _forget_keys(kept)
    else:
        databases.drop(kept)  # it held nothing: a new machine's
    return manifest, lost


def _bring_keys(theirs: BinaryIO, ours: BinaryIO | None, *, without_keys: bool, readable: bool) -> int:
    """Bring in the record keys of the escrow and of the present database; return how many were given up as lost.

    The present database's are given up with the others unless the folder that is here opens them (``readable``).
    """
    keys.import_records(theirs)
    if ours and not (without_keys and readable):
        keys.import_records(ours)
    lost = keys.give_up_lost() if without_keys else 0
    if ours and without_keys and readable:
        keys.import_records(ours)
    return lost


def go_back(*, by: Actor, at: datetime) -> None:
    """Let the present database and the one it replaced change places; whoever was erased meanwhile stays erased.

    :raises NothingKept: there is none to go back to
    :raises DatabaseInUse: other programs are connected to the database
    """
    name, kept = databases.present(), databases.derived(KEPT)
    if not databases.exists(kept):
        raise NothingKept
    databases.refuse_if_used(name)
    with TemporaryFile(dir=home()) as ours:
        known = _export(ours)
        with databases.connected_to(kept):
            if known:
                keys.import_records(ours)
            _finish("back to before the restore", by, at)
    aside = databases.derived(ASIDE)
    databases.rename((name, aside), (kept, name), (aside, kept))
    _forget_keys(kept)


def drop_kept() -> None:
    """Remove the database that the last restore replaced.

    :raises NothingKept: there is none
    """
    kept = databases.derived(KEPT)
    if not databases.exists(kept):
        raise NothingKept
    databases.drop(kept)


def _load(copy: Path, into: str) -> None:
    """Load a copy. Programs of PostgreSQL 17 and newer set a time limit that older servers do not know: no harm."""
    options = ("--no-owner", "--no-privileges", f"--jobs={JOBS}")
    databases.run_client("pg_restore", *options, str(copy / DATA), database=into, forgiven="transaction_timeout")


def _export(file: BinaryIO) -> bool:
    """Write the present database's record keys; tell whether it has any tables."""
    known = databases.has_tables()
    if known:
        keys_queries.export_records(file)
        file.seek(0)
    return known


def _finish(told: str, by: Actor, at: datetime) -> None:
    keys.hold_to_folder()
    Session.objects.all().delete()
    audit.record(by=by, at=journal.now(at), action="database.restore", detail=told)


def _forget_keys(kept: str) -> None:
    """Let the kept database be like any copy: its record keys are in the one that replaced it, and nowhere else."""
    with databases.connected_to(kept), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {KEYS_TABLE}")


def _number(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]
