"""`muster run` as a newcomer meets it: from an empty folder to an open page, stopped, started again, killed."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

OTHER = pwd.getpwnam("nobody")
PORT = str(18700 + 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]))


@pytest.fixture(scope="module")
def folder():
    """Give a data folder of its own, which the database's account may reach also when root runs the tests."""
    made = Path(tempfile.mkdtemp(prefix="muster-run-"))
    made.chmod(0o711)
    if os.getuid() == 0:
        os.chown(made, OTHER.pw_uid, OTHER.pw_gid)  # root starts Muster in somebody's folder
    yield made
    shutil.rmtree(made)


def environment(folder):
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "MUSTER_TESTING"}}
    return inherited | {
        "MUSTER_HOME": str(folder),
        "MUSTER_DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "muster.config.settings",
    }


def command(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "muster", *arguments],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@contextmanager
def muster(folder):
    """Run Muster until the block ends; give the program and the address it printed.

    It is started as a script starts a program in the background: with the signal of Ctrl-C ignored.
    """
    background = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
    program = subprocess.Popen(
        [*background, sys.executable, "-m", "muster", "run", "--port", PORT],
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        told = []
        for line in program.stdout:
            told.append(line)
            if "is open at" in line:
                break
        assert "is open at" in "".join(told[-1:]), "".join(told)
        yield program, told[-1].split()[-1]
    finally:
        if program.poll() is None:
            program.send_signal(signal.SIGINT)
        program.communicate(timeout=60)


def left_running(folder):
    """Return the processes that name the folder in their command or their environment."""
    asked = ["ps", "axeww", "-o", "pid=,stat=,args="]
    own = {"PATH": os.environ["PATH"]}  # ps lists itself too
    listed = subprocess.run(asked, capture_output=True, text=True, check=True, env=own)
    lines = [line for line in listed.stdout.splitlines() if not line.split()[1].startswith("Z")]
    return [line for line in lines if str(folder) in line]


def opens(address):
    with urlopen(address, timeout=10) as page:  # noqa: S310 - our own http address
        return page.status, page.url


def test_it_opens_a_page_and_leaves_nothing_running(folder):
    with muster(folder) as (program, address):
        assert opens(address) == (200, f"{address}sign-in/?next=%2F")
        assert json.loads((folder / "run.json").read_text())["address"] == address
        assert left_running(folder) != []
        second = command(folder, "run")
        assert second.returncode == 1
        assert f"Muster already runs on this data folder: {address}" in second.stderr
        owners = {path.stat().st_uid for path in folder.rglob("*")}
        assert owners == {folder.stat().st_uid}  # who can start it themselves, later
    assert program.returncode == 0
    assert left_running(folder) == []
    assert not (folder / "run.json").exists()


def test_a_second_start_keeps_the_data(folder):
    with muster(folder):
        pass
    command(folder, "audit", "seal")  # the loading of the units, if the worker has not sealed it yet
    sealed = json.loads(command(folder, "audit", "export").stdout)
    with muster(folder):
        pass
    kept = json.loads(command(folder, "audit", "export", "--no", str(sealed["no"])).stdout)
    assert (sealed["size"] > 0, kept) == (True, sealed)


def test_killed_without_a_word_it_starts_again(folder):
    with muster(folder) as (program, _):
        program.kill()
        program.wait(30)
        deadline = time.monotonic() + 30
        while [line for line in left_running(folder) if "granian" in line] and time.monotonic() < deadline:
            time.sleep(0.1)
        assert [line for line in left_running(folder) if "granian" in line] == []  # they go with the one who began
    with muster(folder) as (_, address):
        assert opens(address)[0] == 200
    assert left_running(folder) == []
    assert command(folder, "recount").stdout == "Every counter is what the journal says.\n"
