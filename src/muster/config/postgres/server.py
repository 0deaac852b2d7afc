"""Make, start and stop the server of a cluster; whatever a killed one left behind is met here."""

import fcntl
import shutil
import subprocess
import time
from pathlib import Path
from typing import IO

from muster.config.home import secret, usable
from muster.config.postgres.accounts import give, own_folder
from muster.config.postgres.clusters import Cluster, server_settings
from muster.config.postgres.programs import DatabaseUnavailable, client, copy_package, run, version
from muster.keys.files import sync_folder

START_SECONDS = 900  # crash recovery of a large database replays the log before the first connection
STOP_SECONDS = 120


def ensure_running(of: Cluster) -> None:
    """Start the server unless it answers, and wait until it does, crash recovery included.

    The server and each of its processes hold `server.lock` as long as they live, whoever killed their parent: who
    gets the lock knows that none is left, and only then may one start. Beside a living one it would damage data.

    :raises DatabaseUnavailable: it cannot be made or started, or a killed server's processes do not end
    """
    own_folder(of.folder, of.account)
    deadline = time.monotonic() + START_SECONDS
    while not answers(of):
        with usable(), (of.folder / "server.lock").open("a") as lock:
            give(of.folder / "server.lock", of.account)
            if _got(lock):
                _prepare(of)
                _start(of, lock)
                return
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(f"Processes of a killed server still use {of.data}; end them, or restart.")
        time.sleep(0.1)


def answers(of: Cluster) -> bool:
    """Tell whether the server takes connections."""
    asked = [str(client("pg_isready")), "--quiet", "--host", str(of.socket_folder), "--timeout", "3"]
    return subprocess.run(asked, check=False).returncode == 0


def stop(of: Cluster) -> None:
    """Stop the server, unless it is gone already; one that is not durable is deleted.

    Who is interrupted while starting it may come before it has written who it is: then it is asked again.

    :raises DatabaseUnavailable: it does not stop
    """
    mode, deadline = "fast" if of.durable else "immediate", time.monotonic() + STOP_SECONDS
    while _lives(of):
        try:
            _run(of, "pg_ctl", "stop", "-D", str(of.data), "-m", mode, "-w", "-t", str(STOP_SECONDS))
        except DatabaseUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    for folder in (of.socket_folder, *(() if of.durable else (of.folder,))):
        shutil.rmtree(folder, ignore_errors=True)


def _lives(of: Cluster) -> bool:
    """Tell whether any process of the server is left."""
    path = of.folder / "server.lock"
    if not path.exists():
        return False
    with path.open("a") as lock:
        return not _got(lock)


def _got(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _prepare(of: Cluster) -> None:
    """Make folders, copied programs and the cluster itself, each once; a half-made cluster is made anew."""
    own_folder(of.socket_folder, of.account)
    if not (of.binaries / "postgres").exists() and of.account:
        _copy_programs(of, of.folder / f"programs-{version(client('postgres').parent)}")
    if (of.data / "PG_VERSION").exists():
        _check_version(of)
    else:
        _make(of)


def _copy_programs(of: Cluster, into: Path) -> None:
    assert of.account is not None  # noqa: S101 - whoever starts it as themselves reads it where it is
    for older in of.folder.glob("programs-*"):
        shutil.rmtree(older)
    copy_package(into, of.account)


def _make(of: Cluster) -> None:
    draft = of.folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    password = of.folder / "password"
    password.touch(mode=0o600)
    password.write_text(secret("database"))
    give(password, of.account)
    try:
        _run(
            of, "initdb", "-D", str(draft), "-U", "postgres", "-E", "UTF8", "--locale=C", "--data-checksums",
            "-A", "scram-sha-256", f"--pwfile={password}",
        )  # fmt: skip
    finally:
        password.unlink()
    # The application's own role and database, in single-user mode: no server yet.
    statements = (
        f"CREATE ROLE muster LOGIN CREATEDB PASSWORD '{secret('database')}';\n\n"
        "CREATE DATABASE muster OWNER muster;\n\n"
    )
    _run(of, "postgres", "--single", "-j", "-D", str(draft), "postgres", stdin=statements)
    draft.rename(of.data)
    sync_folder(of.folder)


def _start(of: Cluster, lock: IO[str]) -> None:
    """Start the server with the lock in its hands.

    PostgreSQL trusts a lock file of its own while any process has the id in it: one of another program after a
    restart of the machine, or the killed server itself, not yet reaped. We know better, so it goes.
    """
    for stale in (of.data / "postmaster.pid", *of.socket_folder.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)
    settings = of.data / "postgresql.conf"
    settings.write_text(server_settings(of))
    give(settings, of.account)
    command = ("start", "-D", str(of.data), "-l", str(of.log), "-w", "-t", str(START_SECONDS))
    try:
        _run(of, "pg_ctl", *command, keep=lock.fileno())
    except DatabaseUnavailable:
        raise DatabaseUnavailable(f"PostgreSQL did not start; the end of {of.log} says:\n{_tail(of.log)}") from None


def _run(of: Cluster, program: str, *arguments: str, stdin: str | None = None, keep: int | None = None) -> None:
    run(of.binaries / program, *arguments, account=of.account, folder=of.folder, stdin=stdin, keep=keep)


def _check_version(of: Cluster) -> None:
    """Refuse to open a cluster with the programs of another major version, which would only fail later."""
    made = (of.data / "PG_VERSION").read_text().strip()
    have = version(of.binaries).split(".")[0]
    if made != have:
        raise DatabaseUnavailable(
            f"The database in {of.data} was made by PostgreSQL {made}; the programs here are {have}. "
            "Restore a backup into a new data folder (see docs/operations.md)."
        )


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-12:]) if log.exists() else ""
