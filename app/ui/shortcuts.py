"""Every command of the screen in one registry: menu, shortcuts, command palette and help read the same list."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(slots=True)
class Command:
    """``title`` is asked for again when the language changes. ``group`` orders menu and help."""

    key: str
    group: str
    title: Callable[[], str]
    action: QAction


class ShortcutRegistry(QObject):
    """The only place where a QAction with a shortcut is made."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._commands: dict[str, Command] = {}
        window.installEventFilter(self)

    @property
    def commands(self) -> list[Command]:
        """All commands in the order in which they were added."""
        return list(self._commands.values())

    def add(
        self, key: str, group: str, title: Callable[[], str], run: Callable[[], object], shortcut: str = ""
    ) -> QAction:
        """Make a command.

        Raises:
            ValueError: the key or the shortcut is taken.
        """
        if key in self._commands:
            raise ValueError(f"the command {key} exists already")
        wanted = QKeySequence(shortcut)
        for other in self._commands.values():
            if shortcut and other.action.shortcut() == wanted:
                raise ValueError(f"{shortcut} belongs to {other.key} already")
        action = QAction(title(), self._window)
        action.setObjectName(f"action_{key}")
        if shortcut:
            action.setShortcut(wanted)
            action.setAutoRepeat(False)
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        action.triggered.connect(lambda: run())
        self._window.addAction(action)
        self._commands[key] = Command(key, group, title, action)
        return action

    def action(self, key: str) -> QAction:
        """The action of a command."""
        return self._commands[key].action

    def search(self, words: str) -> list[Command]:
        """Commands whose title, shortcut or key has every one of ``words``."""
        parts = words.casefold().split()
        return [command for command in self._commands.values() if all(part in _searchable(command) for part in parts)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            for command in self._commands.values():
                command.action.setText(command.title())
        return False


def shortcut_text(action: QAction) -> str:
    """Keys of an action as people read them."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def _searchable(command: Command) -> str:
    return f"{command.title()} {shortcut_text(command.action)} {command.key}".casefold()
