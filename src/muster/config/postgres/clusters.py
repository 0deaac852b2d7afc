"""Where one embedded cluster lives, how a client reaches it, and the settings that it runs with."""

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from muster.config.home import home, secret
from muster.config.postgres.accounts import Account, reachable, service_account
from muster.config.postgres.programs import IN_PACKAGE, PACKAGE, DatabaseUnavailable, binaries, version

ELSEWHERE = Path("/var/lib/muster")  # where a cluster lives whose account cannot reach the data folder
SOCKET_PATH_LIMIT = 90  # bytes; sockaddr_un holds 103 on macOS, 107 on Linux, with the file's own name
LIST_MARKS = set(",'\"")  # they end an item in PostgreSQL's lists of folders and hosts
SHELL_MARKS = set('"$`\\\n')  # PostgreSQL's own programs hand paths to a shell

# Pages stand in the log uncompressed: they hold sealed bytes and random keys, of which pglz saves a quarter, and it
# took as much of a batch's time as all else the server does for it. The fewer checkpoints, the fewer pages stand there.
DURABLE = {"max_wal_size": "16GB", "checkpoint_timeout": "15min"}
if sys.platform == "darwin":
    DURABLE |= {"wal_sync_method": "fsync_writethrough"}  # elsewhere fsync itself empties the disk's cache
DISPOSABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "1GB",
    "autovacuum": "off",  # it finds the tables empty between two tests, and the planner believes that in the next one
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """One embedded cluster: its folder, its programs, who runs it, whether it must survive a crash."""

    folder: Path
    binaries: Path
    account: Account | None
    durable: bool

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def name(self) -> str:
        """The name that the cluster's processes carry in the machine's process list."""
        return f"muster-{_digest(os.fsencode(self.folder))}"

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket: beside the data, or a short private one where that path would not do."""
        own = self.folder / "socket"
        if len(os.fsencode(own)) <= SOCKET_PATH_LIMIT and not LIST_MARKS & set(str(own)):
            return own
        if self.account:
            return ELSEWHERE / f"{self.name}-socket"
        return Path(f"/tmp/{self.name}-{os.getuid()}")  # noqa: S108 - made 0700, refused if it is anybody else's


def cluster(*, durable: bool = True) -> Cluster:
    """Return the cluster of this data folder; nothing is created or started yet.

    A cluster that is not durable (for tests) skips every fsync and is deleted when its last user leaves.

    :raises DatabaseUnavailable: there are no PostgreSQL programs of version 15 or newer, or they cannot use the folder
    """
    account = service_account(home())
    folder, programs = _folder(account), binaries()
    if SHELL_MARKS & set(str(folder)):
        raise DatabaseUnavailable(
            f'PostgreSQL takes no path with " $ ` or \\ in it ({folder}); set another MUSTER_HOME.'
        )
    if account and not reachable(programs, account):
        programs = folder / f"programs-{version(programs)}" / PACKAGE / IN_PACKAGE
    return Cluster(folder, programs, account, durable)


def _folder(account: Account | None) -> Path:
    """Return where the cluster lives: where it lived before, else the data folder, else a place of its own.

    That place is named by a secret of the data folder: a new installation never meets the database of an old one.
    """
    own = home() / "postgres"
    if account is None:
        return own
    elsewhere = ELSEWHERE / _digest(secret("database").encode())
    usable = reachable(own.parent, account)
    if not usable and (own / "data").exists():
        raise DatabaseUnavailable(
            f"The account {account.name} can no longer reach the database in {own}. "
            "Let it pass through the folders above (chmod o+x), or start Muster as the folder's owner."
        )
    return own if usable and not (elsewhere / "data").exists() else elsewhere


def connection(of: Cluster) -> dict[str, str]:
    """Return what a client needs to reach the cluster: database, user, password and the socket's folder."""
    return {"NAME": "muster", "USER": "muster", "PASSWORD": secret("database"), "HOST": str(of.socket_folder)}


def server_settings(of: Cluster) -> str:
    """Return the whole content of the server's settings file."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(of.socket_folder),
        "unix_socket_permissions": "0700",
        "cluster_name": of.name,
        "max_connections": "150",
        "client_connection_check_interval": "10s",  # an orphan of a killed server ends, though its query is long
        "shared_buffers": f"{min(max(memory // 8, 128), 2048)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "random_page_cost": "1.1",
        "jit": "off",
        **(DURABLE if of.durable else DISPOSABLE),
    }
    lines = (f"{name} = '{value}'\n" for name, value in settings.items())
    return "# Written by Muster at every start.\n" + "".join(lines)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
