"""Who sells: one program at a time, and only while it lives."""

import os
from pathlib import Path

import psutil
import pytest

from app.adapters.files.stop_file import StopFile
from app.adapters.host.takeover import FILE_NAME, OutsideWatch, Takeover
from app.domain.errors import StorageError


def left_by(folder: Path, pid: int, born: float) -> None:
    (folder / FILE_NAME).write_text(f'{{"pid":{pid},"born":{born}}}')


def test_another_living_process_has_it(tmp_path: Path) -> None:
    takeover, parent = Takeover(tmp_path), psutil.Process(os.getppid())
    assert not takeover.taken_over()
    left_by(tmp_path, parent.pid, parent.create_time())
    assert takeover.taken_over() and OutsideWatch(StopFile(tmp_path), takeover).taken_over()
    with pytest.raises(StorageError, match="another"):
        takeover.take()


def test_a_dead_one_has_nothing(tmp_path: Path) -> None:
    left_by(tmp_path, 2**22 + 1, 1.0)
    takeover = Takeover(tmp_path)
    assert not takeover.taken_over()
    takeover.take()
    assert not takeover.taken_over(), "its own hands are free"
    takeover.release()
    assert not Takeover(tmp_path).taken_over(), "its traces are no takeover"


def test_what_cannot_be_read_counts(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("{")
    assert Takeover(tmp_path).taken_over()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        Takeover(tmp_path / "gone").take()


def test_a_takeover_is_told_once_after_its_end_also_to_one_that_slept(tmp_path: Path) -> None:
    takeover = Takeover(tmp_path)
    watch = OutsideWatch(StopFile(tmp_path), takeover)
    assert not watch.others_sold()
    takeover.take()
    takeover.release()
    assert watch.others_sold() and not watch.others_sold()
    assert not OutsideWatch(StopFile(tmp_path), takeover).others_sold(), "a later run has nothing to do with it"


def test_a_takeover_is_told_after_the_end_of_a_process_that_died(tmp_path: Path) -> None:
    watch, parent = OutsideWatch(StopFile(tmp_path), Takeover(tmp_path)), psutil.Process(os.getppid())
    left_by(tmp_path, parent.pid, parent.create_time())
    assert watch.taken_over() and not watch.others_sold(), "not before its end"
    left_by(tmp_path, 2**22 + 1, 1.0)
    assert watch.others_sold() and not watch.others_sold()
