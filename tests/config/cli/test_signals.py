"""A command that is told to end leaves no database running, whatever it was at."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from muster.config import postgres
from muster.config.cli.signals import ENDING, ending_cleanly
from muster.config.postgres.server import answers
from tests.config.cli.test_run import environment, left_running

MAKE = ["people", "make", "--unit", "VN", "--scale", "1"]  # it would take hours


@pytest.fixture
def cluster(monkeypatch):
    """Give the cluster of a data folder that the database's account may reach also when root runs the tests."""
    made = Path(tempfile.mkdtemp(prefix="muster-signals-"))
    made.chmod(0o711)
    monkeypatch.setenv("MUSTER_HOME", str(made))
    yield postgres.cluster()
    shutil.rmtree(made)


def is_free(cluster):
    """Tell whether no process of the server is left."""
    with (cluster.folder / "server.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@pytest.mark.parametrize("begun", [lambda of: of.data.exists(), answers], ids=["starting", "at_work"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_ended_stops_the_database_it_started(cluster, begun, number):
    home = os.environ["MUSTER_HOME"]
    heeded = signal.signal(number, signal.SIG_DFL)  # whoever runs the tests may have been told to ignore it (nohup)
    program = subprocess.Popen([sys.executable, "-m", "muster", *MAKE], env=environment(home), stderr=subprocess.PIPE)
    signal.signal(number, heeded)
    while not begun(cluster):
        assert program.poll() is None, program.stderr.read()
        time.sleep(0.02)
    deadline = time.monotonic() + 60
    while program.poll() is None:  # whoever is impatient changes nothing, whenever it comes
        assert time.monotonic() < deadline
        program.send_signal(number)
        time.sleep(0.001)
    assert program.returncode == 128 + number
    assert program.communicate() == (None, b"")
    assert left_running(home) == []
    assert is_free(cluster)


def test_what_the_starter_ignores_stays_ignored_and_handlers_come_back():
    before = {number: signal.getsignal(number) for number in ENDING}
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with ending_cleanly():
            os.kill(os.getpid(), signal.SIGHUP)
            with pytest.raises(KeyboardInterrupt) as ended:
                signal.raise_signal(signal.SIGTERM)
            assert ended.value.args == (signal.SIGTERM,)
            signal.raise_signal(signal.SIGTERM)  # a second one changes nothing
        assert [signal.getsignal(number) for number in ENDING] == [signal.SIG_IGN] * 3  # it is going
        signal.signal(signal.SIGTERM, before[signal.SIGTERM])
        with ending_cleanly():
            pass
        assert signal.getsignal(signal.SIGTERM) == before[signal.SIGTERM]
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
