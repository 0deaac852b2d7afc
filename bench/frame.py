"""The frame of every bench: a database of its own, removed afterwards, and one table of figures with limits beside.

A bench never touches an installation's data: it works in ``$MUSTER_HOME/bench/<name>`` on a durable cluster of its own,
or, with ``DATABASE_URL``, in a database ``<name>_bench`` of that server. Both are removed at the end; ``--keep``
leaves them for a next run, which then finds what was loaded.
"""

import argparse
import fcntl
import math
import os
import platform
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from muster.config import postgres
from muster.kernel.memory import collect_seldom

SERVER = "MUSTER_BENCH_SERVER"  # the DATABASE_URL that was given, while that of the bench stands in its place
SETTINGS = (
    "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "work_mem", "max_wal_size", "wal_compression",
)  # fmt: skip


class Told:
    """The table of one bench: prints each figure as it is measured, and keeps which limits were missed."""

    def __init__(self) -> None:
        self.missed: list[str] = []
        print(f"{'what':52} {'n':>6} {'median':>14} {'p99':>14}  {'limit':20} beside")

    def time(self, what: str, seconds: Sequence[float], *, most: float | None = None, beside: str = "") -> None:
        """Print how long something took; ``most`` is the limit of its 99th percentile, in seconds."""
        worst = percentile(seconds, 99)
        limit = f"p99 <= {most * 1000:,.0f} ms" if most else ""
        told = f"{median(seconds) * 1000:,.2f} ms", f"{worst * 1000:,.2f} ms"
        beside = beside or f"load {os.getloadavg()[0]:.1f}"
        self._row(what, len(seconds), told, limit, beside, held=most is None or worst <= most)

    def rate(
        self, what: str, seconds: Sequence[float], of: int, *, least: float | None = None, beside: str = ""
    ) -> None:
        """Print how many a second, of repetitions with ``of`` each; ``least`` is the limit of the median."""
        usual, slow = of / median(seconds), of / percentile(seconds, 99)
        limit = f">= {least:,.0f}/s" if least else ""
        held = least is None or usual >= least
        self._row(what, len(seconds), (f"{usual:,.0f}/s", f"{slow:,.0f}/s"), limit, beside, held=held)

    def fact(self, what: str, found: str, *, limit: str = "", held: bool = True, n: int = 1) -> None:
        """Print something found, that is no distribution, and whether it is as it must be."""
        self._row(what, n, (found, ""), limit, "", held=held)

    def _row(self, what: str, n: int, figures: tuple[str, str], limit: str, beside: str, *, held: bool) -> None:
        verdict = limit + (" ok" if held else " MISSED") if limit else ""
        print(f"{what:52} {n:6,} {figures[0]:>14} {figures[1]:>14}  {verdict:20} {beside}".rstrip(), flush=True)
        if not held:
            self.missed.append(what)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that so many per cent of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def timed(work: Callable[[], object]) -> float:
    """Do it once; return the seconds it took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def spent() -> float:
    """Return the seconds of processor that this process and its database process have used.

    On a shared machine they say more than the clock does. Where ``/proc`` does not tell, ours alone are counted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    theirs = told.read_text().rpartition(")")[2].split()[11:13] if SERVER not in os.environ and told.exists() else []
    return time.process_time() + sum(map(int, theirs)) / os.sysconf("SC_CLK_TCK")


def each(since: float, rows: int) -> str:
    """Tell how much processor each of so many rows took since `spent` said ``since``, and how busy the machine is."""
    return f"{(spent() - since) / rows * 1e6:,.0f} us of processor each, load {os.getloadavg()[0]:.1f}"


def in_turns(works: "dict[str, Callable[[], object]]", *, rounds: int, within: float) -> "dict[str, list[float]]":
    """Do each work in turn, round after round, so that a noisy machine treats all alike; return the seconds of each.

    :param within: seconds after which no further round begins
    """
    taken: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()  # connections, plans and caches are made before anything is measured
    end = time.monotonic() + within
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(timed(work))
        if time.monotonic() > end:
            break
    return taken


def times_of(works: "Iterator[Callable[[], object]]", *, within: float) -> list[float]:
    """Do works one after another until none is left or ``within`` seconds have passed; return the seconds of each."""
    end = time.monotonic() + within
    taken = []
    for work in works:
        taken.append(timed(work))
        if time.monotonic() > end:
            break
    return taken


def arguments(name: str, argv: Sequence[str], **numbers: tuple[int, str]) -> argparse.Namespace:
    """Read a bench's arguments: numbers with a default and what they are, and ``--keep``."""
    parser = argparse.ArgumentParser(prog=f"python -m bench {name}")
    for option, (default, meaning) in numbers.items():
        parser.add_argument(f"--{option}", type=int, default=default, help=f"{meaning} (default {default:,})")
    parser.add_argument("--keep", action="store_true", help="leave the database for a next run")
    return parser.parse_args(argv)


def prepare(name: str) -> None:
    """Choose the data folder and the database of a bench and load Django on them; nothing is made or started yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
    folder = Path(os.environ.get("MUSTER_HOME") or "var").absolute() / "bench" / name
    os.environ["MUSTER_HOME"] = str(folder)
    os.environ.pop("MUSTER_KEYS", None)
    os.environ.pop("MUSTER_TESTING", None)  # a bench is durable
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    if given := os.environ.get("DATABASE_URL"):
        os.environ[SERVER] = given
        parts = urlsplit(given)
        os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"{parts.path}_bench"))
    connect()


def connect() -> None:
    """Load Django; a worker process does it before anything else."""
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()
    collect_seldom()


@contextmanager
def database(*, keep: bool = False) -> Iterator[Told]:
    """Give a bench a migrated database of its own and its table; remove the database afterwards, unless told not to."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    folder = Path(os.environ["MUSTER_HOME"])
    with ExitStack() as running:
        running.enter_context(_only_one(folder))
        if not keep:
            running.callback(shutil.rmtree, folder)
        running.enter_context(_database_of_a_server(keep=keep) if SERVER in os.environ else _cluster(keep=keep))
        running.callback(connection.close)
        call_command("migrate", verbosity=0, interactive=False)
        print(f"{folder.name}\n{machine()}\n{server()}")
        yield Told()


@contextmanager
def workers(count: int) -> Iterator[Any]:
    """Give a pool of processes, each with Django loaded and a connection of its own; all are gone afterwards."""
    with get_context("spawn").Pool(count, initializer=connect) as pool:
        yield pool


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold the bench's folder: two runs of one bench would measure each other."""
    lock: IO[str] = (folder.parent / f"{folder.name}.lock").open("a")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"This bench already runs in {folder}")
        yield


@contextmanager
def _cluster(*, keep: bool) -> Iterator[None]:
    cluster = postgres.cluster()
    with postgres.Lease(cluster):
        yield
    if not keep:
        shutil.rmtree(cluster.folder)


@contextmanager
def _database_of_a_server(*, keep: bool) -> Iterator[None]:
    name = urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/")
    own = sql.Identifier(name)
    with psycopg.connect(os.environ[SERVER], autocommit=True) as given:
        if not given.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            given.execute(sql.SQL("CREATE DATABASE {}").format(own))
        yield
        if not keep:
            given.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(own))


def machine() -> str:
    """Return what the figures were measured on: processor, cores, memory, how busy it was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    processor, python = _processor(), platform.python_version()
    return f"machine: {processor}, {cores} cores, {memory:.0f} GB; Python {python}; load {load} before the start"


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def server() -> str:
    """Return the server's version and the settings that decide what a commit costs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), name, current_setting(name) FROM unnest(%s::text[]) AS name",
            [list(SETTINGS)],
        )
        rows = cursor.fetchall()
    return f"PostgreSQL {rows[0][0].split()[0]}: " + ", ".join(f"{name} {value}" for _, name, value in rows)
