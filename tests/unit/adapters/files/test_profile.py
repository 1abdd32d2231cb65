import os
import stat
from pathlib import Path

import pytest

from app.adapters.files.profile import find_profile
from app.domain.errors import InvalidInputError


def test_gwanje_home_moves_the_whole_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GWANJE_HOME", str(tmp_path / "새 집"))
    profile = find_profile()
    home = tmp_path / "새 집"
    assert (profile.config, profile.data, profile.logs) == (home / "config", home / "data", home / "logs")
    assert profile.settings_file.parent == profile.blueprint_folder.parent == profile.config
    assert all(folder.is_dir() for folder in (profile.config, profile.data, profile.logs, profile.blueprint_folder))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such mode bits")
def test_the_folders_are_the_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GWANJE_HOME", str(tmp_path / "home"))
    profile = find_profile()
    for folder in (profile.config, profile.data, profile.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_second_start_finds_the_same_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GWANJE_HOME", str(tmp_path))
    assert find_profile() == find_profile()


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GWANJE_HOME", "here")
    assert find_profile().data == tmp_path / "here" / "data"


def test_without_gwanje_home_the_system_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GWANJE_HOME", raising=False)
    monkeypatch.setattr("app.adapters.files.profile.PlatformDirs", lambda name, appauthor: _Dirs(tmp_path / name))
    profile = find_profile()
    assert profile.config == tmp_path / "gwanje" / "c"
    assert profile.logs.is_dir()


class _Dirs:
    def __init__(self, base: Path) -> None:
        self.user_config_dir, self.user_data_dir, self.user_log_dir = str(base / "c"), str(base / "d"), str(base / "l")


def test_an_empty_gwanje_home_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GWANJE_HOME", "")
    monkeypatch.setattr("app.adapters.files.profile.PlatformDirs", lambda name, appauthor: _Dirs(tmp_path / name))
    assert find_profile().data == tmp_path / "gwanje" / "d"


def test_a_home_that_cannot_be_made_is_told_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("GWANJE_HOME", str(tmp_path / "file"))
    with pytest.raises(InvalidInputError, match=r"cannot be made .*set GWANJE_HOME"):
        find_profile()


def test_a_home_that_cannot_be_written_is_told_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GWANJE_HOME", str(tmp_path))
    # The super-user may write everywhere, so the refusal of the system is played.
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "data")
    with pytest.raises(InvalidInputError, match=r"data: cannot be written; set GWANJE_HOME"):
        find_profile()


@pytest.mark.skipif(os.name == "nt", reason="Windows does not look the name up")
def test_the_home_of_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GWANJE_HOME", "~nobody-has-this-name/x")
    with pytest.raises(InvalidInputError, match="no such home folder"):
        find_profile()
