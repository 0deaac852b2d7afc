"""Everything is killed at once in mid-load; the next start recovers by itself, and nothing acknowledged is lost."""

import os
import random
import signal
import subprocess
import sys
import time

from muster.config import postgres
from muster.config.postgres.server import answers
from tests.config.test_backup import WORK, environment, place, work

__all__ = ["environment", "place"]
SEED = random.randrange(2**32)


def cluster_processes(data):
    """Return the server of a data folder and all that it started."""
    listed = subprocess.run(["ps", "-axww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    servers = {pid for pid, _, args in rows if args.endswith(f"-D {data}")}
    return [int(pid) for pid, parent, _ in rows if pid in servers or parent in servers]


def test_nothing_acknowledged_is_lost_when_everything_is_killed_in_mid_load(environment, monkeypatch):
    monkeypatch.setenv("MUSTER_HOME", environment["MUSTER_HOME"])
    cluster = postgres.cluster()
    writers = [
        subprocess.Popen([sys.executable, str(WORK), "record", "0"], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [writer.stdout.readline() for writer in writers]
    time.sleep(random.Random(SEED).uniform(0.2, 1.5))
    for pid in [*(writer.pid for writer in writers), *cluster_processes(cluster.data)]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it went with its parent
    told += [writer.communicate()[0] for writer in writers]
    acknowledged = [one for text in told for line in text.splitlines(keepends=True) if line.endswith("\n")
                    for one in line.split()]  # fmt: skip
    assert len(acknowledged) >= 20

    found = subprocess.run(
        [sys.executable, str(WORK), "check"], input=" ".join(acknowledged), env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, f"seed {SEED}: {found.stdout}{found.stderr}"
    lost, counters, *_ = found.stdout.split("\n")
    assert (lost, counters) == ("", "Every counter is what the journal says."), f"seed {SEED}"
    assert not answers(cluster)  # the last one to leave has stopped the server
    assert work(environment, "take-in", "1") != []
