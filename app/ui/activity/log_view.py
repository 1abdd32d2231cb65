"""The log on the screen: level filter, search, copy, and it follows the newest line unless scrolled up."""

import logging
from collections import deque
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.activity.log_handler import MAX_LINES, LogLine, UiLogHandler
from app.ui.formats import KST
from app.ui.theme import number_font, theme

LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)


class LogView(QWidget):
    """Bounded at 5,000 lines. ``bind`` takes the handler; without one it shows only what ``append`` is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: deque[LogLine] = deque(maxlen=MAX_LINES)
        self._level = QComboBox(self)
        self._search = QLineEdit(self)
        self._newest = QToolButton(self)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(MAX_LINES)
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        for level in LEVELS:
            self._level.addItem("", level)
        self._level.setCurrentIndex(LEVELS.index(logging.INFO))
        self._search.setClearButtonEnabled(True)
        self._arrange()
        self._level.currentIndexChanged.connect(self._show_again)
        self._search.textChanged.connect(self._show_again)
        self._newest.clicked.connect(self.to_newest)
        self.text.verticalScrollBar().valueChanged.connect(self._note_scroll)
        theme().changed.connect(self._restyle)
        self._translate()
        self._restyle()

    def bind(self, handler: UiLogHandler) -> None:
        """Show what the handler collects from now on."""
        handler.relay.lines.connect(self.append)

    def append(self, lines: Sequence[LogLine]) -> None:
        """Add a batch, oldest first."""
        self._lines.extend(lines)
        self._write(line for line in lines if self._wants(line))

    @property
    def follows(self) -> bool:
        """True while the newest line is in sight; scrolling up pauses following."""
        bar = self.text.verticalScrollBar()
        return bar.value() >= bar.maximum() - 1

    def to_newest(self) -> None:
        """Scroll down and follow again."""
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.maximum())

    def shown_text(self) -> str:
        """What is in sight of the filters, one line per record."""
        return self.text.toPlainText()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _arrange(self) -> None:
        filters = QHBoxLayout()
        filters.setContentsMargins(8, 8, 8, 4)
        filters.setSpacing(8)
        filters.addWidget(self._level)
        filters.addWidget(self._search, 1)
        filters.addWidget(self._newest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(filters)
        column.addWidget(self.text, 1)

    def _translate(self) -> None:
        words = (
            self.tr("All"),
            self.tr("Info and above"),
            self.tr("Warnings and above"),
            self.tr("Errors only"),
        )
        for index, word in enumerate(words):
            self._level.setItemText(index, word)
        self._search.setPlaceholderText(self.tr("Search"))
        self._newest.setText(self.tr("Newest"))
        self._newest.setToolTip(self.tr("Scroll to the newest line and follow"))
        self._level.setAccessibleName(self.tr("Log level"))
        self._search.setAccessibleName(self.tr("Search in the log"))
        self._newest.setAccessibleName(self.tr("Scroll to the newest line and follow"))
        self.text.setAccessibleName(self.tr("Log"))

    def _restyle(self) -> None:
        self.text.setFont(number_font(12))
        self.text.setStyleSheet("background: transparent; border: none; padding: 0 4px")
        self._show_again()

    def _wants(self, line: LogLine) -> bool:
        if line.level < self._level.currentData():
            return False
        wanted = self._search.text().strip().casefold()
        return not wanted or wanted in line.text.casefold() or wanted in line.source.casefold()

    def _show_again(self) -> None:
        with QSignalBlocker(self.text.verticalScrollBar()):
            self.text.clear()
        self._write(line for line in self._lines if self._wants(line))
        self.to_newest()
        self._note_scroll()

    def _write(self, lines: Iterable[LogLine]) -> None:
        followed = self.follows
        bar = self.text.verticalScrollBar()
        place = bar.value()
        document = self.text.document()
        cursor = QTextCursor(document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        stamp = QTextCharFormat()
        stamp.setForeground(QColor(theme().palette.dim))
        for line in lines:
            if not document.isEmpty():
                cursor.insertBlock()
            cursor.insertText(f"{line.at.astimezone(KST):%H:%M:%S}.{line.at.microsecond // 1000:03d} ", stamp)
            cursor.insertText(line.text.replace("\n", "\u2028"), self._format(line.level))
        cursor.endEditBlock()
        if followed:
            self.to_newest()
        else:
            bar.setValue(place)

    def _format(self, level: int) -> QTextCharFormat:
        palette = theme().palette
        colour = palette.text
        if level >= logging.ERROR:
            colour = palette.danger
        elif level >= logging.WARNING:
            colour = palette.warning
        elif level < logging.INFO:
            colour = palette.dim
        look = QTextCharFormat()
        look.setForeground(QColor(colour))
        return look

    def _note_scroll(self) -> None:
        self._newest.setVisible(not self.follows)
