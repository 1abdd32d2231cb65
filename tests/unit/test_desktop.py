"""One run with its screen: what is refused before anything opens. The whole way is flown by the tour."""

from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile

from app.bootstrap import StartOptions
from app.desktop import ScreenOptions, run_desktop
from app.domain.errors import InvalidInputError


def test_two_engines_never_run_on_one_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GWANJE_HOME", str(tmp_path))
    (tmp_path / "data").mkdir()
    lock = QLockFile(str(tmp_path / "data" / "gwanje.lock"))
    assert lock.tryLock(100)
    with pytest.raises(InvalidInputError, match="another Gwanje"):
        run_desktop(StartOptions(), ScreenOptions())
    lock.unlock()
