"""The stop file: every kind of damage is unreadable, every touch from outside is a trip."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.adapters.files.stop_file import CHANGED, StopFile
from app.domain.errors import StorageError
from app.domain.kill import KillMark, NoMark

MARK = KillMark(3, False, "unlocked", datetime(2026, 3, 2, tzinfo=UTC), 2, True, "f")
HALT = replace(MARK, epoch=4, halted=True, reason="gwanje-kill")


async def test_a_mark_is_read_back_and_private(tmp_path: Path) -> None:
    file = StopFile(tmp_path)
    assert await file.read() is NoMark.MISSING
    await file.write(MARK)
    assert await file.read() == MARK and await StopFile(tmp_path).read() == MARK
    assert os.name != "posix" or file.path.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == [file.path.name]


@pytest.mark.parametrize("cut", [0, 1, 40, -2])
def test_a_file_that_was_cut_off_is_unreadable(tmp_path: Path, cut: int) -> None:
    file = StopFile(tmp_path)
    file.write_now(MARK)
    file.path.write_bytes(file.path.read_bytes()[:cut])
    assert StopFile(tmp_path).read_now() is NoMark.UNREADABLE


def test_a_flipped_word_is_unreadable(tmp_path: Path) -> None:
    file = StopFile(tmp_path)
    file.write_now(HALT)
    file.path.write_text(file.path.read_text().replace('"halted":true', '"halted":false'))
    assert StopFile(tmp_path).read_now() is NoMark.UNREADABLE


def test_a_link_or_a_folder_in_its_place_is_unreadable(tmp_path: Path) -> None:
    file, other = StopFile(tmp_path), StopFile(tmp_path)
    file.write_now(MARK)
    file.path.rename(tmp_path / "elsewhere")
    file.path.symlink_to(tmp_path / "elsewhere")
    assert other.read_now() is NoMark.UNREADABLE
    file.path.unlink()
    file.path.mkdir()
    assert other.read_now() is NoMark.UNREADABLE


def test_what_this_program_writes_is_no_trip(tmp_path: Path) -> None:
    file = StopFile(tmp_path)
    assert file.tripped() is None
    file.write_now(MARK)
    assert file.tripped() is None
    file._own = None  # as in the moment between the replacement and its note, in another thread
    assert file.tripped() is None


def test_every_touch_from_outside_is_one_trip(tmp_path: Path) -> None:
    file, other = StopFile(tmp_path), StopFile(tmp_path)
    file.write_now(MARK)
    other.write_now(HALT)
    assert file.tripped() == "gwanje-kill" and file.tripped() is None
    other.write_now(replace(MARK, epoch=5))
    assert file.tripped() == CHANGED
    file.path.write_text("{")
    assert file.tripped() == "the stop file cannot be read"
    file.path.unlink()
    assert file.tripped() == "the stop file is missing"


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        await StopFile(tmp_path / "gone").write(MARK)
