"""A quiet window: every limit that is on, and how much of it is used."""

from decimal import Decimal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.limits import NEAR, LimitUse
from app.domain.messages import LimitUsage
from app.ui import wording
from app.ui.formats import krw, percent
from app.ui.panel import label
from app.ui.theme import number_font, theme
from app.ui.ui_feed import UiFeed

_COLUMNS = 4


class LimitsDialog(QDialog):
    """Shows the newest LimitUsage; what the engine cannot compute yet is a dash."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._feed: UiFeed | None = None
        self.table = QTableWidget(0, _COLUMNS, self)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        self.table.setFont(number_font(13))
        self.table.setWordWrap(False)
        self.note = label("dim", size=12)
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.table)
        column.addWidget(self.note)
        self.resize(560, 460)
        theme().changed.connect(self._show_again)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow the limits from now on."""
        self._feed = feed
        feed.limits_used.connect(self.show_usage)
        self._show_again()

    def show_usage(self, usage: LimitUsage) -> None:
        """Show these figures."""
        self.table.setRowCount(len(usage.uses))
        for row, use in enumerate(usage.uses):
            share = "–" if use.ratio is None else percent(use.ratio, 0, signed=False)
            words = (wording.limit_name(use.name), _figure(use, use.used), _figure(use, use.allowed), share)
            for place, text in enumerate(words):
                self._set(row, place, text, _colour(use))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self._show_again()
        super().changeEvent(event)

    def _set(self, row: int, place: int, text: str, colour: str) -> None:
        item = self.table.item(row, place)
        if item is None:
            item = QTableWidgetItem()
            if place:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, place, item)
        if item.text() != text:
            item.setText(text)
        item.setForeground(QColor(colour))

    def _show_again(self) -> None:
        if self._feed is not None and self._feed.model.limits is not None:
            self.show_usage(self._feed.model.limits)

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Limits and their use"))
        self.table.setAccessibleName(self.tr("Limits and their use"))
        titles = (self.tr("Limit"), self.tr("Used"), self.tr("Allowed"), self.tr("Share"))
        for place, title in enumerate(titles):
            item = QTableWidgetItem(title)
            side = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.table.setHorizontalHeaderItem(place, item)
        self.note.setText(
            self.tr(
                "Days begin at 09:00 KST. Limits bind entries only, never exits. They are set in settings.toml, "
                "section [limits]."
            )
        )


def _colour(use: LimitUse) -> str:
    near = use.ratio is not None and use.ratio >= NEAR
    return theme().palette.warning if near else theme().palette.text


def _figure(use: LimitUse, amount: Decimal | None) -> str:
    if amount is None:
        return "–"
    return f"₩ {krw(amount)}" if use.name.is_money else f"{amount:,f}"
