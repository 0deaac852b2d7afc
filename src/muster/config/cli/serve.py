"""`muster run`: database, tables, reference data, server and worker, from nothing to an open page."""

import argparse
import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from django.core.management import call_command

from muster.config.cli.signals import interrupt
from muster.config.cli.terminal import campaign_time, end_progress, operator, show_progress
from muster.config.home import home, open_lock
from muster.keys.files import give_to_owner_of

PR_SET_PDEATHSIG = 1  # Linux prctl(2): the signal a child gets when its parent dies
START_SECONDS = 60
STOP_SECONDS = 20
WORKER_STOP_SECONDS = 5
WORKERS = 2
THREADS = 4  # a worker; each has a connection of its own
THREAD_IDLE_SECONDS = 600  # the longest the server takes: a thread that ends takes its connection along


class AlreadyRunning(RuntimeError):
    """This data folder is already served by another `muster run`."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `run` and `migrate` to the command line."""
    run = commands.add_parser("run", help="start everything and print the address")
    run.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    run.add_argument("--port", type=int, default=8000, help="port to listen on; a taken one is passed over")
    run.set_defaults(command=serve)
    migrate = commands.add_parser("migrate", help="bring the database's tables to this version")
    migrate.set_defaults(command=lambda _: call_command("migrate", verbosity=1, interactive=False))


def serve(arguments: argparse.Namespace) -> int:
    """Prepare the database, start server and worker, say where they are, and stop all of it on Ctrl-C."""
    signal.signal(signal.SIGINT, interrupt)  # a script that starts us in the background has it ignored
    try:
        with ExitStack() as running:
            running.enter_context(_only_one())
            prepare(demo=_is_loopback(arguments.host))
            port = _free_port(arguments.host, arguments.port)
            server = running.enter_context(child(server_command(arguments.host, port)))
            worker = running.enter_context(child([sys.executable, "-m", "muster", "worker"]))
            address = f"http://{arguments.host}:{port}/"
            wait_until_open(address, server)
            _tell_others(address)
            print(f"\n  Muster is open at {address}\n  {_how_to_sign_in()}", flush=True)
            print(f"  Ctrl-C stops it; the data stays in {home()}\n", flush=True)
            return _watch({"server": server, "worker": worker})
    except AlreadyRunning as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Nothing is left running.", flush=True)
        return 0


def prepare(*, demo: bool) -> None:
    """Bring tables and reference data to this version; what is there already is left as it is.

    :param demo: an empty base may be filled with a demonstration (`MUSTER_DEMO=0` says no)
    """
    _step("tables", lambda: call_command("migrate", verbosity=0, interactive=False))
    _step("keys", _hold_to_keys)
    _step("units of the country", _load_units)
    if demo and os.environ.get("MUSTER_DEMO") != "0":
        from muster.rehearsal import demo as demonstration

        if demonstration.is_wanted():
            _step("a synthetic people", lambda: demonstration.make(real=datetime.now(UTC), progress=show_progress))


def _hold_to_keys() -> None:
    from muster.keys.operations import hold_to_folder

    hold_to_folder()


def _load_units() -> None:
    from muster.units.operations import load_reference

    for refusal in load_reference(by=operator(), at=campaign_time()).refused:
        print(f"\n  not taken: {refusal.text('en')} [{refusal.code}]", file=sys.stderr)


def _how_to_sign_in() -> str:
    """Return the sentence that tells the person in front of the terminal how to come in."""
    from muster.people import queries

    if queries.demo_officers():
        return "Sign in with one click: choose a role on the first page. All people in it are made up."
    if queries.has_officers():
        return "Sign in with user name, password and the code of your phone."
    return "Nobody can sign in yet: make the first administrator with  muster officer first USERNAME 'FULL NAME'"


def _is_loopback(host: str) -> bool:
    return host == "localhost" or ip_address(host).is_loopback


def _watch(children: Mapping[str, "subprocess.Popen[bytes]"]) -> int:
    """Wait until one of the programs ends by itself, which none should; return 1."""
    while all(one.poll() is None for one in children.values()):
        time.sleep(0.5)
    ended = [name for name, one in children.items() if one.poll() is not None]
    print(f"The {' and the '.join(ended)} ended unexpectedly; its messages stand above.", file=sys.stderr)
    return 1


def _step(name: str, work: Callable[[], object]) -> None:
    started = time.monotonic()
    show_progress(f"  {name} ...")
    work()
    end_progress()
    print(f"  {name}: {time.monotonic() - started:.1f} s", flush=True)


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold the data folder for one server."""
    with open_lock("run.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            told = home() / "run.json"
            address = json.loads(told.read_text())["address"] if told.exists() else "another process"
            raise AlreadyRunning(f"Muster already runs on this data folder: {address}") from None
        try:
            yield
        finally:
            (home() / "run.json").unlink(missing_ok=True)


def _tell_others(address: str) -> None:
    """Write down where we are; what a killed server of root's left there may not be ours to write into."""
    told = home() / "run.json"
    told.unlink(missing_ok=True)
    told.write_text(json.dumps({"address": address, "pid": os.getpid()}))
    give_to_owner_of(told.parent, told)


def _free_port(host: str, wanted: int) -> int:
    """Return the first free port from the wanted one upwards."""
    for port in range(wanted, wanted + 100):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise AlreadyRunning(f"No free port between {wanted} and {wanted + 99} on {host}.")


def server_command(host: str, port: int) -> list[str]:
    """Return how the server of the pages is started."""
    options = ["--interface", "wsgi", "--host", host, "--port", str(port)]
    options += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--log-level", "error"]
    options += ["--blocking-threads-idle-timeout", str(THREAD_IDLE_SECONDS)]
    options += ["--workers-kill-timeout", str(WORKER_STOP_SECONDS)]  # a worker that hangs must not outlive us
    return [sys.executable, "-m", "granian", *options, "muster.config.wsgi:application"]


@contextmanager
def child(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program beside us, in a process group of its own that ends when we do.

    A terminal's Ctrl-C reaches only us, so we choose the order of stopping; on Linux the program is also told to
    stop when we are killed.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - we have no threads
    )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
    try:
        process.terminate()
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # whatever of its own children outlived it
        process.wait()
        signal.signal(signal.SIGINT, before)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_until_open(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the first page answers, so that the printed address is true."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - our own http address
                return
        except HTTPError as error:
            raise RuntimeError(f"The first page answers {error.code}; the reason stands above.") from None
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("The server did not answer; its messages stand above.")
