"""The hash of the program changes with any line of it."""

from pathlib import Path

from app.adapters.host.code_version import LENGTH, code_version


def test_it_follows_content_and_names(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    first = code_version(tmp_path)
    assert len(first) == LENGTH and code_version(tmp_path) == first
    (tmp_path / "a.py").write_text("x = 2\n")
    second = code_version(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert len({first, second, code_version(tmp_path)}) == 3


def test_what_is_no_code_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    before = code_version(tmp_path)
    (tmp_path / "notes.txt").write_text("words")
    assert code_version(tmp_path) == before
