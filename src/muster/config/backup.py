"""Backup and restore of one installation: a copy of the database, and apart from it the record keys in escrow.

The record keys are left out of the copy. They stand in one escrow file that every backup overwrites, so erasing a
person's key erases that person's sealed data from every older copy too (Law 91/2025: secure erasure). The master
keys (`MUSTER_KEYS`) are in neither: whoever holds only the copies can read no sealed field.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from muster import __version__
from muster.config import postgres
from muster.kernel.errors import Refusal
from muster.keys import operations as keys_operations
from muster.keys import queries as keys_queries
from muster.keys.files import sync_folder

JOBS = 2  # parallel tables in pg_dump and pg_restore
KEYS_TABLE = "keys_record"


class BackupDamaged(Refusal):
    """The copy is not whole: a file is missing, or its content is not what the manifest says."""

    code = "backup_damaged"
    vi = "Bản sao lưu không nguyên vẹn: {file}."
    en = "The backup is not whole: {file}."


class DatabaseInUse(Refusal):
    """Somebody is connected to the database that a restore would replace."""

    code = "database_in_use"
    vi = "Cơ sở dữ liệu đang được dùng; hãy dừng Muster rồi phục hồi lại."
    en = "The database is in use; stop Muster first, then restore again."


def backup(*, into: Path, at: datetime) -> Path:
    """Copy the whole database below ``into``, then the record keys into its escrow; return the copy's folder.

    The copy appears under its own name only when it is whole and on disk. Keys made while the copy runs are in
    the escrow too, because that is written last.
    """
    final = into / f"muster-{at:%Y%m%dT%H%M%S}"
    draft = final.with_name(final.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    _postgres(
        "pg_dump", "-Fd", "-j", str(JOBS), "-f", str(draft / "data"), f"--exclude-table-data={KEYS_TABLE}", _name()
    )
    manifest = {"version": __version__, "made_at": at.isoformat(), "files": _digests(draft / "data")}
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1))
    _sync(draft)
    draft.rename(final)
    _write_escrow(into / "escrow")
    return final


def restore(*, copy: Path, escrow: Path) -> dict[str, Any]:
    """Replace the database by a copy, with the record keys of the newest escrow; return the copy's manifest.

    The copy is loaded beside the present database, which is replaced only when all of it is there; a restore
    that fails changes nothing. The replaced database is kept under the name ``<name>_before_restore``.

    :raises BackupDamaged: a file of the copy is missing or altered
    :raises DatabaseInUse: other programs are connected to the database
    """
    manifest: dict[str, Any] = json.loads((copy / "manifest.json").read_text())
    found = _digests(copy / "data")
    for file, digest in manifest["files"].items():
        if found.get(file) != digest:
            raise BackupDamaged(file=file)
    name, draft, previous = _name(), f"{_name()}_restoring", f"{_name()}_before_restore"
    _in_maintenance(f'DROP DATABASE IF EXISTS "{draft}"', f'CREATE DATABASE "{draft}"')
    _postgres("pg_restore", "-j", str(JOBS), "--no-owner", "--exit-on-error", "-d", draft, str(copy / "data"))
    with _connected_to(draft), (escrow / "records").open("rb") as file:
        keys_operations.import_records(file)
    _refuse_if_used(name)
    _in_maintenance(
        f'DROP DATABASE IF EXISTS "{previous}"',
        f'ALTER DATABASE "{name}" RENAME TO "{previous}"',
        f'ALTER DATABASE "{draft}" RENAME TO "{name}"',
    )
    return manifest


def _write_escrow(folder: Path) -> None:
    folder.mkdir(exist_ok=True, mode=0o700)
    draft = folder / "records.new"
    with draft.open("wb") as file:
        keys_queries.export_records(file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / "records")
    sync_folder(folder)


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): _digest(path) for path in files}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(folder)
    sync_folder(folder.parent)


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's client programs against our server; the password goes by the environment."""
    to = settings.DATABASES["default"]
    known = {
        "PGHOST": to.get("HOST"),
        "PGPORT": to.get("PORT"),
        "PGUSER": to.get("USER"),
        "PGPASSWORD": to.get("PASSWORD"),
    }
    environment = os.environ | {name: str(value) for name, value in known.items() if value}
    command = [str(postgres.client(program)), *arguments]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise postgres.DatabaseUnavailable(f"{program} failed:\n{result.stderr}")


def _in_maintenance(*statements: str) -> None:
    """Run statements that no transaction and no connection to the database itself may hold."""
    with _connected_to("postgres"), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _refuse_if_used(name: str) -> None:
    with _connected_to("postgres"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name])
        if cursor.fetchone() != (0,):
            raise DatabaseInUse


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    """Let the default connection reach another database of the same server for a moment."""
    before = _name()
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
