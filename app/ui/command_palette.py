"""Ctrl+K: type a few letters, choose with the arrows, Enter runs it. It also jumps to markets."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.domain.constraints import MarketInfo
from app.domain.values import Market
from app.ui.languages import languages
from app.ui.shortcuts import ShortcutRegistry, shortcut_text
from app.ui.theme import ui_font

MOST_MARKETS = 8


class CommandPalette(QDialog):
    """Opened with ``open_fresh``; it never blocks. The emergency command is listed but needs its own two presses."""

    def __init__(
        self,
        registry: ShortcutRegistry,
        infos: Callable[[], Iterable[MarketInfo]],
        go_to: Callable[[Market], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._registry, self._infos, self._go_to = registry, infos, go_to
        self._runs: list[Callable[[], None]] = []
        self.setWindowFlags(Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.search = QLineEdit(self)
        self.search.setFont(ui_font(15))
        self.search.setMinimumHeight(38)
        self.results = QTreeWidget(self)
        self.results.setColumnCount(2)
        self.results.setHeaderHidden(True)
        self.results.setRootIsDecorated(False)
        self.results.setUniformRowHeights(True)
        self.results.header().setStretchLastSection(False)
        self.results.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.results.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.results.setFont(ui_font(13))
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.results)
        self.resize(560, 420)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self.refresh)
        self.search.returnPressed.connect(self.run_current)
        self.results.itemClicked.connect(lambda _: self.run_current())
        self._translate()

    def open_fresh(self) -> None:
        """Show it, empty, above the upper third of the window."""
        self.search.clear()
        self.refresh()
        owner = self.parentWidget()
        if owner is not None:
            corner = owner.mapToGlobal(owner.rect().topLeft())
            self.move(corner.x() + (owner.width() - self.width()) // 2, corner.y() + 80)
        self.show()  # not modal: the stop button works with any window open
        self.activateWindow()
        self.search.setFocus()

    def refresh(self) -> None:
        """List what matches."""
        words = self.search.text()
        self.results.clear()
        self._runs = []
        for command in self._registry.search(words):
            keys = shortcut_text(command.action)
            self._add(command.title(), keys, command.action.trigger)
        if words.strip():
            self._add_markets(words.casefold().strip())
        self._mark(0)

    def run_current(self) -> None:
        """Run what is marked, after the palette has gone."""
        number = self._marked()
        if 0 <= number < len(self._runs):
            run = self._runs[number]
            self.accept()
            run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self._runs:
                self._mark((self._marked() + step) % len(self._runs))
                return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _add(self, title: str, keys: str, run: Callable[[], None]) -> None:
        item = QTreeWidgetItem([title, keys])
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.results.addTopLevelItem(item)
        self._runs.append(run)

    def _mark(self, number: int) -> None:
        item = self.results.topLevelItem(number)
        if item is not None:
            self.results.setCurrentItem(item)

    def _marked(self) -> int:
        item = self.results.currentItem()
        return -1 if item is None else self.results.indexOfTopLevelItem(item)

    def _add_markets(self, words: str) -> None:
        found = 0
        for info in self._infos():
            name = info.korean_name if languages().name == "ko" else info.english_name
            if found < MOST_MARKETS and words in f"{info.market.symbol} {name}".casefold():
                found += 1
                self._add(f"{info.market.symbol}  {name}", "", partial(self._go_to, info.market))

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Commands"))
        self.search.setPlaceholderText(self.tr("Type a command or a market"))
        self.search.setAccessibleName(self.tr("Search commands and markets"))
        self.results.setAccessibleName(self.tr("Commands"))
