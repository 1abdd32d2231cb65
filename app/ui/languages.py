"""Language of the screen, switchable while it runs. English is in the source, every other one in translations/."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"
LANGUAGES = {"ko": "한국어", "en": "English"}
DEFAULT = "ko"


class LanguageStore(QObject):
    """The language in use. Qt tells every widget of a change by LanguageChange; ``changed`` tells the others."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._name = "en"
        self._installed: list[QTranslator] = []

    @property
    def name(self) -> str:
        """``ko`` or ``en``."""
        return self._name

    def set(self, name: str) -> None:
        """Use a language; an unknown one is the default."""
        name = name if name in LANGUAGES else DEFAULT
        if name == self._name:
            return
        self._name = name
        for translator in self._installed:
            QCoreApplication.removeTranslator(translator)
        self._installed = []
        if name != "en":
            qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            for folder, file in ((qt_folder, f"qtbase_{name}"), (str(TRANSLATIONS), f"gwanje_{name}")):
                self._install(folder, file)
        self.changed.emit()

    def toggle(self) -> None:
        """The other language."""
        names = list(LANGUAGES)
        self.set(names[(names.index(self._name) + 1) % len(names)])

    def _install(self, folder: str, file: str) -> None:
        translator = QTranslator(self)
        if translator.load(file, folder):
            QCoreApplication.installTranslator(translator)
            self._installed.append(translator)


@cache
def languages() -> LanguageStore:
    """The one store."""
    return LanguageStore()


def system_language() -> str:
    """Language of the desktop if we have it, else the default."""
    name = QLocale.system().name().split("_")[0]
    return name if name in LANGUAGES else DEFAULT
