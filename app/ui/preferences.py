"""What the screen remembers between runs, in an INI file of the profile."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

#: Raise it when the layout changes so much that an old one makes no sense.
LAYOUT_VERSION = 1


class Preferences:
    """Typed access to ``screen.ini``; a broken or missing value is the default."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = QSettings(str(folder / "screen.ini"), QSettings.Format.IniFormat)

    @property
    def language(self) -> str:
        """``ko``, ``en``, or empty before the first choice."""
        return self._text("language")

    @language.setter
    def language(self, name: str) -> None:
        self._file.setValue("language", name)

    @property
    def theme(self) -> str:
        """``dark`` or ``light``."""
        return "light" if self._text("theme") == "light" else "dark"

    @theme.setter
    def theme(self, name: str) -> None:
        self._file.setValue("theme", name)

    @property
    def mode(self) -> str:
        """Name of the mode of the last start; empty before the first."""
        return self._text("mode")

    @mode.setter
    def mode(self, name: str) -> None:
        self._file.setValue("mode", name)

    @property
    def korean_colours(self) -> bool:
        """Red is up; the default."""
        return self._text("korean_colours") != "false"

    @korean_colours.setter
    def korean_colours(self, wanted: bool) -> None:
        self._file.setValue("korean_colours", "true" if wanted else "false")

    def layout(self, name: str) -> QByteArray:
        """Saved geometry or state of one part; empty when there is none of this version."""
        value = self._file.value(f"layout{LAYOUT_VERSION}/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep_layout(self, name: str, state: QByteArray) -> None:
        """Remember geometry or state of one part."""
        self._file.setValue(f"layout{LAYOUT_VERSION}/{name}", state)

    def forget_layout(self) -> None:
        """Back to the layout of the first start."""
        self._file.remove(f"layout{LAYOUT_VERSION}")

    def write(self) -> None:
        """Put everything on the disk now."""
        self._file.sync()

    def _text(self, name: str) -> str:
        value = self._file.value(name)
        return value if isinstance(value, str) else ""
