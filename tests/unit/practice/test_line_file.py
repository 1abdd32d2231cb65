"""Checksummed lines: torn ends are cut, everything else is refused, foreign files stay untouched."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.practice.line_file import LineFile, StateFileError

PAYLOADS = [b'{"t":"x"}', b"[1,2,3]", '{"이름":"값"}'.encode(), b"4", b'"five"']


def opened(path: Path) -> LineFile:
    return LineFile(path, b'{"t":"x"', "move the file away")


def contents(path: Path) -> list[bytes]:
    file = opened(path)
    try:
        return file.read()
    finally:
        file.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "state.json"
    file = opened(path)
    assert file.read() == []
    for payload in PAYLOADS:
        file.append(payload)
    file.close()
    return path


def test_lines_come_back_and_can_be_continued(path: Path) -> None:
    file = opened(path)
    assert file.read() == PAYLOADS
    file.append(b"6")
    assert file.size == path.stat().st_size
    file.close()
    assert contents(path) == [*PAYLOADS, b"6"]
    assert path.read_bytes().startswith(b'["')


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_may_read_it(path: Path) -> None:
    path.chmod(0o644)
    contents(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_cut_leaves_the_whole_lines_before_it(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = path.read_bytes()
    for length in range(len(data) + 1):
        path.write_bytes(data[:length])
        caplog.clear()
        whole = data[:length].count(b"\n")
        assert contents(path) == PAYLOADS[:whole]
        assert len(caplog.messages) == (not data[:length].endswith(b"\n") and length > 0)
        file = opened(path)
        file.read()
        file.append(b"99")
        file.close()
        if whole:
            assert contents(path) == [*PAYLOADS[:whole], b"99"]
    assert caplog.messages == []


def test_a_cut_is_told_with_file_and_line(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.write_bytes(path.read_bytes()[:-3])
    contents(path)
    assert caplog.messages == [f"{path}: line 5 was cut off in the middle of writing (17 bytes); it has been removed"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), value=st.integers(1, 255))
def test_a_changed_byte_is_never_believed(path: Path, place: int, value: int) -> None:
    data = bytearray(path.read_bytes())
    place %= len(data) - 1  # a lost last line end is the same as a torn line
    data[place] ^= value
    spoiled = path.with_name("spoiled")
    spoiled.write_bytes(data)
    with pytest.raises(StateFileError, match=r"move the file away"):
        contents(spoiled)
    assert spoiled.read_bytes() == bytes(data)


@pytest.mark.parametrize("change", ["lost", "doubled", "swapped"])
def test_whole_lines_cannot_be_lost_doubled_or_swapped(path: Path, change: str) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    changed = {"lost": lines[:1] + lines[2:], "doubled": lines[:2] + lines[1:], "swapped": [lines[0], *lines[:0:-1]]}
    path.write_bytes(b"".join(changed[change]))
    line = 3 if change == "doubled" else 2
    with pytest.raises(StateFileError, match=f"state.json: line {line} is damaged; move the file away"):
        contents(path)


@pytest.mark.parametrize("text", ["my diary, without a line end", '{"a":1}\n', '["00000000",{"t":"other"}]\n', "\0"])
def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "diary"
    path.write_text(text)
    with pytest.raises(StateFileError, match="not a state file"):
        contents(path)
    assert path.read_text() == text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_only_a_file_will_do(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StateFileError, match="not a file"):
        opened(tmp_path / "pipe")


def test_a_second_holder_is_refused(path: Path) -> None:
    first, second = opened(path), opened(path)
    first.lock(0)
    with pytest.raises(StateFileError, match="another practice exchange is using this account"):
        second.lock(0)
    first.close()
    second.lock(0)
    second.close()


def test_rewriting_replaces_everything_and_goes_on(path: Path) -> None:
    path.with_name(path.name + ".new").write_text("left over from a kill")
    file = opened(path)
    file.read()
    file.rewrite(PAYLOADS[:2])
    file.append(b"3")
    file.close()
    assert contents(path) == [*PAYLOADS[:2], b"3"]
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_after_a_failed_write_nothing_follows(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, write = opened(path), os.write
    file.read()

    def full(descriptor: int, data: memoryview) -> int:
        if len(data) < 20:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data[:7])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(StateFileError, match="No space left"):
            file.append(b'"something long"')
    with pytest.raises(StateFileError, match="No space left"):
        file.append(b"7")
    file.close()
    assert contents(path) == PAYLOADS


def test_a_failed_rewriting_keeps_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = opened(path)
    file.read()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: os.close(10**6))
        with pytest.raises(StateFileError, match="cannot be written"):
            file.rewrite([b"1"])
    assert file.failure is not None
    file.close()
    assert contents(path) == PAYLOADS
