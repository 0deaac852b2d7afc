import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from muster.config import home, postgres


@pytest.fixture
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MUSTER_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"
    shutil.rmtree(postgres.cluster().folder, ignore_errors=True)


def connect(cluster):
    to = postgres.connection(cluster)
    return psycopg.connect(dbname=to["NAME"], user=to["USER"], password=to["PASSWORD"], host=to["HOST"])


def server_pid(cluster):
    return int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])


def running(pid):
    listed = subprocess.run(
        ["ps", "-p", str(pid), "-o", "stat=,args="], capture_output=True, text=True, check=False
    ).stdout
    return "" if listed.startswith("Z") else listed


def test_two_programs_share_a_server_and_the_last_one_stops_it(data_folder):
    cluster = postgres.cluster(durable=False)
    with postgres.Lease(cluster):
        pid = server_pid(cluster)
        with postgres.Lease(cluster):
            assert server_pid(cluster) == pid
        with connect(cluster) as client:
            assert client.execute("SELECT 1").fetchone() == (1,)
    assert "postgres" not in running(pid)
    assert not cluster.folder.exists()


def test_what_was_committed_survives_the_killing_of_every_process(data_folder):
    cluster = postgres.cluster()
    with postgres.Lease(cluster):
        with connect(cluster) as client:
            client.execute("CREATE TABLE kept (n int)")
            client.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        children = subprocess.run(["pgrep", "-P", str(server_pid(cluster))], capture_output=True, text=True, check=True)
        for pid in [server_pid(cluster), *map(int, children.stdout.split())]:
            os.kill(pid, signal.SIGKILL)
        with postgres.Lease(cluster), connect(cluster) as client:
            assert client.execute("SELECT sum(n) FROM kept").fetchone() == (500500,)


def test_a_lock_file_left_by_a_killed_server_does_not_stop_the_next_one(data_folder):
    cluster = postgres.cluster()
    with postgres.Lease(cluster):
        pass
    somebody_else = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (cluster.data / "postmaster.pid").write_text(f"{somebody_else.pid}\n{cluster.data}\n1\n5432\n\n\n0 0\n")
        with postgres.Lease(cluster), connect(cluster) as client:
            assert client.execute("SELECT 1").fetchone() == (1,)
    finally:
        somebody_else.kill()
        somebody_else.wait()


def test_the_server_opens_no_port_and_asks_for_a_password(data_folder):
    cluster = postgres.cluster(durable=False)
    with postgres.Lease(cluster):
        to = postgres.connection(cluster)
        with connect(cluster) as client:
            assert client.execute("SHOW listen_addresses").fetchone() == ("",)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(dbname=to["NAME"], user=to["USER"], password="wrong", host=to["HOST"])


def test_a_folder_made_by_another_major_version_is_refused_with_the_way_out(data_folder):
    cluster = postgres.cluster()
    with postgres.Lease(cluster):
        pass
    (cluster.data / "PG_VERSION").write_text("14\n")
    with (
        pytest.raises(postgres.DatabaseUnavailable, match=r"made by PostgreSQL 14.*Restore a backup"),
        postgres.Lease(cluster),
    ):
        pass


def test_a_long_data_folder_still_has_a_short_socket_path(monkeypatch, tmp_path):
    monkeypatch.setenv("MUSTER_HOME", str(tmp_path / ("long" * 25)))
    cluster = postgres.cluster(durable=False)
    assert len(os.fsencode(cluster.socket_folder)) <= postgres.SOCKET_PATH_LIMIT
    with postgres.Lease(cluster), connect(cluster) as client:
        assert client.execute("SELECT 1").fetchone() == (1,)


def test_a_secret_is_drawn_once_and_only_its_owner_reads_it(data_folder):
    first = home.secret("thing")
    assert home.secret("thing") == first
    assert len(first) >= 48
    path = Path(data_folder / "secrets" / "thing")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["thing"]
