"""Two quiet windows: the list of all shortcuts (F1), and what this program is made of."""

from collections.abc import Iterator
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path
from platform import python_version

from PySide6.QtCore import QEvent, qVersion
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.panel import label
from app.ui.shortcuts import ShortcutRegistry, shortcut_text

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
PACKAGES = (
    "PySide6-Essentials",
    "shiboken6",
    "qasync",
    "pyqtgraph",
    "numpy",
    "websockets",
    "aiohttp",
    "SQLAlchemy",
    "aiosqlite",
    "alembic",
    "msgspec",
    "cryptography",
    "keyring",
    "structlog",
    "talipp",
    "rule-engine",
)


class ShortcutsDialog(QDialog):
    """Every command with its keys."""

    def __init__(self, registry: ShortcutRegistry, parent: QWidget) -> None:
        super().__init__(parent)
        self._registry = registry
        self.table = QTableWidget(0, 2, self)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.table)
        self.resize(520, 480)
        self.refresh()

    def refresh(self) -> None:
        """Write the list again."""
        self.setWindowTitle(self.tr("Commands and shortcuts"))
        self.table.setAccessibleName(self.tr("Commands and shortcuts"))
        self.table.setHorizontalHeaderLabels([self.tr("Command"), self.tr("Keys")])
        commands = self._registry.commands
        self.table.setRowCount(len(commands))
        for row, command in enumerate(commands):
            self.table.setItem(row, 0, QTableWidgetItem(command.title()))
            self.table.setItem(row, 1, QTableWidgetItem(shortcut_text(command.action)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(event)


class AboutDialog(QDialog):
    """Versions and licences, ready to be copied into a report."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.heading = label(size=18, bold=True)
        self.heading.setText("관제 Gwanje")
        self.words = label("dim", size=13)
        self.words.setWordWrap(True)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.close_button = QPushButton(self)
        self.close_button.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        for part in (self.heading, self.words, self.text, self.close_button):
            column.addWidget(part)
        self.resize(560, 480)
        self._translate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("About Gwanje"))
        self.words.setText(
            self.tr(
                "Version {version}. A trading terminal whose stop button tells you beforehand what it will do and how "
                "long it takes, and afterwards proves it did."
            ).format(version=program_version())
        )
        self.text.setAccessibleName(self.tr("Versions and licences"))
        lines = [f"Python {python_version()}", f"Qt {qVersion()}", *package_lines(), "", *licence_texts()]
        self.text.setPlainText("\n".join(lines))
        self.close_button.setText(self.tr("Close"))


def program_version() -> str:
    """Version of the installed package, or of the source tree."""
    try:
        return distribution("gwanje").version
    except PackageNotFoundError:
        return "0.1.0"


def package_lines() -> Iterator[str]:
    """Name, version and licence of what we use."""
    for name in PACKAGES:
        try:
            facts = distribution(name).metadata
        except PackageNotFoundError:
            continue
        yield f"{facts['Name']} {facts['Version']}: {_licence(facts)}"


def _licence(facts: PackageMetadata) -> str:
    """The licence as the package states it: expression, short text or classifier."""
    # get_all: the only way to ask for what may be missing that every supported Python types.
    found = facts.get_all("License-Expression") or facts.get_all("License") or [""]
    stated = str(found[0]).split("\n")[0]
    if stated and stated != "UNKNOWN":
        return stated[:60]
    marks = [mark for mark in facts.get_all("Classifier") or [] if mark.startswith("License ::")]
    return marks[0].split(" :: ")[-1] if marks else "–"


def licence_texts() -> Iterator[str]:
    """Texts of what is bundled."""
    for file in sorted(RESOURCES.glob("*/*LICENSE*")):
        yield f"\n--- {file.stem} ---\n{file.read_text(encoding='utf-8')}"
