import os

import pytest

from muster.config import home
from muster.keys.files import make_folder, write_once


@pytest.fixture
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MUSTER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_secret_is_drawn_once_and_only_its_owner_reads_it(data_folder):
    first = home.secret("thing")
    assert home.secret("thing") == first
    assert len(first) >= 48
    path = data_folder / "secrets" / "thing"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["thing"]


def test_without_a_name_the_data_folder_lies_in_the_checkout_wherever_one_stands(monkeypatch, tmp_path):
    monkeypatch.delenv("MUSTER_HOME")
    monkeypatch.setattr(home, "make_folder", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    assert home.home() == home.Path(home.__file__).parents[3] / "var"


@pytest.mark.parametrize("blocker", ["home", "home/secrets", "home/secrets/thing/below"])
def test_a_data_folder_that_cannot_be_used_is_named(data_folder, blocker):
    path = data_folder.parent / blocker
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("in the way")
    with pytest.raises(home.DataFolderUnusable) as refused:
        home.secret("thing")
    assert str(data_folder) in refused.value.text("en")


@pytest.mark.skipif(os.getuid() != 0, reason="only root makes files in other people's folders")
def test_what_root_makes_in_somebodys_folder_is_theirs(tmp_path):
    os.chown(tmp_path, 12345, 12345)
    make_folder(tmp_path / "a" / "b")
    write_once(tmp_path / "a" / "b" / "secret", b"x")
    assert {path.stat().st_uid for path in tmp_path.rglob("*")} == {12345}
