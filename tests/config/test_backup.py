"""The drill of the operations guide: copy while work goes on, lose everything, come back, and nobody erased returns."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

WORK = Path(__file__).with_name("at_work.py")


@pytest.fixture(scope="module")
def place():
    """Give a folder that the database's account may pass through also when root runs the tests."""
    made = Path(tempfile.mkdtemp(prefix="muster-drill-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def environment(place):
    """Return the environment of an installation of its own, with its tables made."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "MUSTER_TESTING"}}
    own = {"MUSTER_HOME": str(place / "home"), "DJANGO_SETTINGS_MODULE": "muster.config.settings", "MUSTER_DEMO": "0"}
    made = inherited | own
    work(made, "begin")
    return made


def run(environment, *command, expect=0):
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout if expect == 0 else done.stderr


def muster(environment, *arguments, expect=0):
    return run(environment, sys.executable, "-m", "muster", *arguments, expect=expect)


def work(environment, *arguments):
    return run(environment, sys.executable, str(WORK), *arguments).split()


def copied(environment, into):
    return Path(muster(environment, "backup", str(into)).strip().removeprefix("Backed up to "))


def test_the_drill(place, environment):
    kept, gone = work(environment, "take-in", "2")
    with subprocess.Popen(
        [sys.executable, str(WORK), "record", "200"], env=environment, stdout=subprocess.PIPE, text=True
    ) as busy:
        busy.stdout.readline()
        copy = copied(environment, place / "copies")
        busy.communicate()
    assert sorted(path.name for path in (place / "copies").iterdir()) == ["escrow", copy.name]
    assert work(environment, "open", kept, gone) == ["0551000000", "0551000001"]
    work(environment, "erase", gone)
    (later,) = work(environment, "take-in", "1")

    told = muster(environment, "restore", str(copy))
    assert "Restored the copy of" in told
    assert work(environment, "open", kept, gone, later) == ["0551000000", "closed", "nobody"]
    assert muster(environment, "recount") == "Every counter is what the journal says.\n"
    muster(environment, "audit", "verify")

    refused = muster(environment, "restore", str(copy), expect=1)
    assert "[database_kept]" in refused
    muster(environment, "restore", "--back")
    assert work(environment, "open", kept, gone, later) == ["0551000000", "closed", "0551000000"]
    muster(environment, "restore", "--drop-kept")
    assert "[nothing_kept]" in muster(environment, "restore", "--back", expect=1)

    fresh = environment | {"MUSTER_HOME": str(place / "new machine")}
    shutil.copytree(place / "home" / "keys", place / "new machine" / "keys")
    (place / "new machine").chmod(0o711)
    copied(environment, place / "copies")
    muster(fresh, "restore", str(copy))
    assert work(fresh, "open", kept, gone, later) == ["0551000000", "closed", "nobody"]
    muster(fresh, "audit", "verify")

    stranger = environment | {"MUSTER_HOME": str(place / "without the keys")}
    assert "[key_folder_differs]" in muster(stranger, "restore", str(copy), expect=1)


def test_a_damaged_copy_a_missing_escrow_and_a_database_in_use_are_refused(place, environment):
    copy = copied(environment, place / "more copies")
    away = place / "more copies" / "away"
    (place / "more copies" / "escrow").rename(away)
    assert "[escrow_missing]" in muster(environment, "restore", str(copy), expect=1)
    with subprocess.Popen(
        [sys.executable, str(WORK), "hold"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as user:
        user.stdout.readline()
        assert "[database_in_use]" in muster(environment, "restore", str(copy), "--escrow", str(away), expect=1)
        user.communicate("done\n")
    table = next(path for path in (copy / "data").iterdir() if path.name.endswith(".gz"))
    table.write_bytes(table.read_bytes()[:-1])
    assert "[backup_damaged]" in muster(environment, "restore", str(copy), "--escrow", str(away), expect=1)
    assert "[nothing_kept]" in muster(environment, "restore", "--drop-kept", expect=1)


def test_a_copy_in_the_data_folder_and_a_copy_of_nothing_are_refused(place, environment):
    inside = muster(environment, "backup", str(place / "home" / "copies"), expect=1)
    assert "[copy_in_data_folder]" in inside
    empty = environment | {"MUSTER_HOME": str(place / "not the folder that was meant")}
    assert "[nothing_to_copy]" in muster(empty, "backup", str(place / "copies of nothing"), expect=1)
    assert not (place / "copies of nothing").exists()


def test_an_interrupted_backup_leaves_no_half_copy(place, environment):
    folder = place / "interrupted"
    (folder / "muster-20210508T100000.part").mkdir(parents=True)  # of a backup that was killed
    (folder / "escrow").mkdir()
    (folder / "escrow" / "records").write_text("not whole")
    assert "[escrow_damaged]" in muster(environment, "backup", str(folder), expect=1)
    assert sorted(path.name for path in folder.iterdir()) == ["escrow"]
    assert (folder / "escrow" / "records").read_text() == "not whole"


def test_without_the_key_folder_all_but_the_sealed_fields_comes_back(place, environment):
    kept, gone = work(environment, "take-in", "2")
    work(environment, "mend", kept, "0559999999")
    work(environment, "erase", gone)
    copy = copied(environment, place / "keyless")
    bare = environment | {"MUSTER_HOME": str(place / "keys burnt")}
    assert "[key_folder_differs]" in muster(bare, "restore", str(copy), expect=1)
    told = muster(bare, "restore", str(copy), "--without-keys")
    assert "cannot be read by\nanybody any more" in told
    assert work(bare, "open", kept, gone) == ["lost", "closed"]
    work(bare, "mend", kept, "0551111111")  # asked for again; the older life of the person stays unreadable
    assert work(bare, "open", kept, gone) == ["0551111111", "closed"]
    assert muster(bare, "recount") == "Every counter is what the journal says.\n"

    assert "[escrow_of_other_keys]" in muster(bare, "backup", str(place / "keyless"), expect=1)
    again = copied(bare, place / "keyless, new")
    told = muster(bare, "restore", str(again), "--without-keys")
    assert "No key was lost" in told
    assert work(bare, "open", kept, gone) == ["0551111111", "closed"]

    found = environment | {"MUSTER_HOME": str(place / "keys found")}
    shutil.copytree(place / "home" / "keys", place / "keys found" / "keys")
    (place / "keys found").chmod(0o711)
    muster(found, "restore", str(copy))
    assert work(found, "open", kept, gone) == ["0559999999", "closed"]


def test_keys_are_rotated_and_everything_still_opens(environment):
    (person,) = work(environment, "take-in", "1")
    assert "under master key 2" in muster(environment, "keys", "rotate")
    assert work(environment, "open", person) == ["0551000000"]
