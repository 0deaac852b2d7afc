import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from muster.config import postgres
from muster.config.home import DataFolderUnusable
from muster.config.postgres import accounts, clusters
from muster.config.postgres.server import answers


@pytest.fixture
def open_folder():
    """Return a folder that the database's account may pass through, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="muster-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def data_folder(open_folder, monkeypatch):
    monkeypatch.setenv("MUSTER_HOME", str(open_folder / "home"))
    return open_folder / "home"


def connect(cluster):
    to = postgres.connection(cluster)
    return psycopg.connect(dbname=to["NAME"], user=to["USER"], password=to["PASSWORD"], host=to["HOST"])


def server_pid(cluster):
    return int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])


def children(pid):
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    return [child for child, parent in pairs if parent == pid]


def test_two_programs_share_a_server_and_the_last_one_stops_it(data_folder):
    cluster = postgres.cluster(durable=False)
    with postgres.Lease(cluster):
        pid = server_pid(cluster)
        with postgres.Lease(cluster):
            assert server_pid(cluster) == pid
        with connect(cluster) as client:
            assert client.execute("SELECT 1").fetchone() == (1,)
    assert not answers(cluster)
    assert not cluster.folder.exists()


def test_programs_that_start_together_start_one_server(data_folder):
    cluster, seen, all_in = postgres.cluster(durable=False), [], threading.Barrier(4)

    def use():
        with postgres.Lease(cluster):
            seen.append(server_pid(cluster))
            all_in.wait(60)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 4
    assert len(set(seen)) == 1
    assert not cluster.folder.exists()


def test_what_was_committed_survives_the_killing_of_every_process(data_folder):
    cluster = postgres.cluster()
    with postgres.Lease(cluster):
        with connect(cluster) as client:
            client.execute("CREATE TABLE kept (n int)")
            client.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        for pid in [server_pid(cluster), *children(server_pid(cluster))]:
            with suppress(ProcessLookupError):  # a child may go by itself once the server is dead
                os.kill(pid, signal.SIGKILL)
        with postgres.Lease(cluster), connect(cluster) as client:
            assert client.execute("SELECT sum(n) FROM kept").fetchone() == (500500,)


def test_a_server_starts_only_when_no_process_of_a_killed_one_is_left(data_folder):
    cluster = postgres.cluster()
    with postgres.Lease(cluster):
        busy = connect(cluster)
        orphan = busy.info.backend_pid
        os.kill(orphan, signal.SIGSTOP)  # it cannot notice that its parent dies
        killed = server_pid(cluster)
        os.kill(killed, signal.SIGKILL)
        second = postgres.Lease(cluster)
        starting = threading.Thread(target=second.__enter__)
        starting.start()
        starting.join(1)
        assert starting.is_alive()
        os.kill(orphan, signal.SIGKILL)
        starting.join()
        with connect(cluster) as client:
            assert client.execute("SELECT 1").fetchone() == (1,)
        assert server_pid(cluster) != killed
        second.__exit__()


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


def test_a_long_data_folder_still_has_a_short_socket_path(monkeypatch, open_folder):
    monkeypatch.setenv("MUSTER_HOME", str(open_folder / ("long" * 25)))
    cluster = postgres.cluster(durable=False)
    assert len(os.fsencode(cluster.socket_folder)) <= clusters.SOCKET_PATH_LIMIT
    with postgres.Lease(cluster), connect(cluster) as client:
        assert client.execute("SELECT 1").fetchone() == (1,)
    assert not cluster.socket_folder.exists()


def test_a_data_folder_may_have_any_usual_name(monkeypatch, open_folder):
    name = "Thư mục, it's 100%d"
    monkeypatch.setenv("MUSTER_HOME", str(open_folder / name))
    cluster = postgres.cluster(durable=False)
    assert cluster.folder == open_folder / name / "postgres"
    with postgres.Lease(cluster), connect(cluster) as client:
        assert client.execute("SELECT 1").fetchone() == (1,)


def test_a_path_that_a_shell_would_change_is_refused(monkeypatch, open_folder):
    monkeypatch.setenv("MUSTER_HOME", str(open_folder / "for $5"))
    with pytest.raises(postgres.DatabaseUnavailable, match="set another MUSTER_HOME"):
        postgres.cluster()


def test_a_folder_of_somebody_else_is_not_taken_over(tmp_path):
    (tmp_path / "theirs").mkdir(mode=0o755)
    (tmp_path / "ours").symlink_to(tmp_path / "theirs")
    with pytest.raises(DataFolderUnusable, match="another user"):
        accounts.own_folder(tmp_path / "ours", None)
    assert (tmp_path / "theirs").stat().st_mode & 0o777 == 0o755


@pytest.mark.skipif(os.getuid() != 0, reason="only root starts the server as somebody else")
def test_root_in_a_closed_folder_starts_it_elsewhere_and_leaves_the_folder_closed(monkeypatch, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setenv("MUSTER_HOME", str(closed / "home"))
    cluster = postgres.cluster(durable=False)
    assert cluster.folder.parent == postgres.cluster().folder.parent != closed / "home"
    with postgres.Lease(cluster), connect(cluster) as client:
        assert client.execute("SELECT 1").fetchone() == (1,)
        assert cluster.data.stat().st_uid == cluster.account.uid != 0
    assert closed.stat().st_mode & 0o777 == 0o700
    assert not cluster.folder.exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root starts the server as somebody else")
def test_programs_in_a_closed_folder_are_copied_to_where_the_account_reads_them(data_folder, monkeypatch):
    monkeypatch.setattr(clusters, "reachable", lambda path, _: "pginstall" not in str(path))
    cluster = postgres.cluster(durable=False)
    assert cluster.folder in cluster.binaries.parents
    with postgres.Lease(cluster), connect(cluster) as client:
        assert client.execute("SELECT 1").fetchone() == (1,)
