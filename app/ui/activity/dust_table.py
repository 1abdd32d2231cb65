"""What is left of closed positions and too small to be sold: market, units, worth, when, and from which position."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.money import ZERO, total
from app.domain.position import Position, PositionState
from app.ui.activity.row_model import Column, RowModel
from app.ui.activity.row_table import RowTable
from app.ui.archive_door import ArchiveDoor
from app.ui.formats import date_clock, krw, volume
from app.ui.languages import languages
from app.ui.panel import label, set_words
from app.ui.ui_feed import UiFeed

translate = QCoreApplication.translate


def dust_columns() -> tuple[Column[Position], ...]:
    """Columns of the table."""
    return (
        Column(lambda: translate("DustTable", "Market"), lambda item: item.market.symbol, "KRW-DOGE00"),
        Column(
            lambda: translate("DustTable", "Left"),
            lambda item: volume(item.dust),
            "0.00000000",
            right=True,
            tip=lambda item: f"{item.dust:f}",
        ),
        Column(
            lambda: translate("DustTable", "Worth"),
            lambda item: f"₩{krw(item.dust_worth)}" if item.dust_worth else "–",
            "₩0,000",
            right=True,
            tip=lambda _: translate("DustTable", "At the price of that moment, in KRW"),
        ),
        Column(
            lambda: translate("DustTable", "When"),
            lambda item: date_clock(item.closed_at),
            "2026-00-00 00:00:00 KST",
            spare=1,
        ),
        Column(
            lambda: translate("DustTable", "Strategy"),
            lambda item: item.blueprint.name.of(languages().name),
            "Breakout long",
            spare=2,
            tip=lambda item: item.blueprint.label,
        ),
        Column(
            lambda: translate("DustTable", "Position"),
            lambda item: item.position_id,
            "p-0000000000",
            spare=3,
            role=lambda _: "dim",
            tip=lambda item: item.position_id,
        ),
    )


class DustTable(QWidget):
    """Read from the journal when it comes into view; what closes meanwhile is added."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door: ArchiveDoor | None = None
        self._feed: UiFeed | None = None
        self._known: dict[str, Position] = {}
        self._trouble = ""
        self.model: RowModel[Position] = RowModel(dust_columns(), lambda item: item.position_id, self)
        self.table = RowTable(self)
        self.table.set_rows(self.model)
        self.sum = label("dim", size=12, figures=True)
        self.sum.setContentsMargins(8, 4, 8, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(self.sum)
        self._translate()

    def bind(self, feed: UiFeed, door: ArchiveDoor) -> None:
        """Follow the feed, and read from this archive when shown."""
        self._feed, self._door = feed, door
        feed.positions_changed.connect(self._follow)
        self._follow(feed.model.positions)

    def refresh(self) -> None:
        """Read the journal again."""
        if self._door is not None:
            self._door.dust(self._found, self._failed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _found(self, positions: tuple[Position, ...]) -> None:
        self._trouble = ""
        self._known = {position.position_id: position for position in positions}
        self._follow([] if self._feed is None else self._feed.model.positions)

    def _failed(self, words: str) -> None:
        self._trouble = words
        self._show()

    def _follow(self, ids: Iterable[str]) -> None:
        """The live word about a position counts: one that closed again, or took a late fill, is not as it was."""
        known = {} if self._feed is None else self._feed.model.positions
        for position in (known[position_id] for position_id in ids if position_id in known):
            if position.state is PositionState.CLOSED and position.dust > ZERO:
                self._known[position.position_id] = position
            else:
                self._known.pop(position.position_id, None)
        self._show()

    def _show(self) -> None:
        newest = sorted(self._known.values(), key=lambda item: (item.closed_at or item.updated_at, item.position_id))
        self.model.show(newest[::-1])
        worth = total(item.dust_worth for item in newest)
        words = self.tr("{count} entries, worth {worth} when they were left")
        set_words(
            self.sum, self._trouble or (words.format(count=len(newest), worth=f"₩{krw(worth)}") if newest else "")
        )

    def _translate(self) -> None:
        self.table.setAccessibleName(self.tr("Dust"))
        self.table.set_empty_text(self.tr("No dust. What is left and too small to be sold is listed here."))
        self._show()
