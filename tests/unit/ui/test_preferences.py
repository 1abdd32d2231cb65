"""What is remembered between runs."""

from pathlib import Path

from PySide6.QtCore import QByteArray

from app.ui.preferences import Preferences


def test_everything_comes_back(tmp_path: Path) -> None:
    first = Preferences(tmp_path / "profile")
    assert (first.language, first.theme, first.korean_colours) == ("", "dark", True)
    first.language, first.theme, first.korean_colours = "ko", "light", False
    first.keep_layout("window", QByteArray(b"abc"))
    first.write()
    second = Preferences(tmp_path / "profile")
    assert (second.language, second.theme, second.korean_colours) == ("ko", "light", False)
    assert second.layout("window") == QByteArray(b"abc")
    second.forget_layout()
    assert second.layout("window").isEmpty()


def test_a_spoilt_file_gives_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "screen.ini").write_bytes(b"\x00\xff[[[ not an ini")
    spoilt = Preferences(tmp_path)
    assert (spoilt.language, spoilt.theme) == ("", "dark")
    assert spoilt.layout("window").isEmpty()
