"""A searchable choice of markets: type a part of the symbol or of the name in either language."""

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from app.domain.constraints import MarketInfo
from app.domain.values import Market
from app.ui.choice_box import ChoiceBox
from app.ui.languages import languages


class MarketBox(ChoiceBox):
    """``chosen`` tells the market when the user settled on one."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._infos: list[MarketInfo] = []
        self._edit = QLineEdit(self)
        self.setLineEdit(self._edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(14)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        self.activated.connect(lambda _: self._settle())
        completer.activated.connect(lambda _: self._settle())
        self._edit.editingFinished.connect(self._settle)
        languages().changed.connect(self._refill)

    @property
    def market(self) -> Market | None:
        """The market that is chosen; None while the text names none."""
        number = self.findText(self.currentText(), Qt.MatchFlag.MatchFixedString)
        return self.itemData(number) if number >= 0 else self._only_match()

    def set_infos(self, infos: Iterable[MarketInfo]) -> None:
        """Offer these markets; the choice is kept."""
        self._infos = list(infos)
        self._refill()

    def set_placeholder(self, words: str) -> None:
        """Words shown while nothing is chosen."""
        self._edit.setPlaceholderText(words)

    def choose(self, market: Market | None) -> None:
        """Show ``market`` without telling about it."""
        number = self._row_of(market)
        with QSignalBlocker(self):
            self.setCurrentIndex(number)
            if number < 0:
                self.setEditText("" if market is None else market.symbol)
        self._edit.setCursorPosition(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._edit.selectAll()

    def _row_of(self, market: Market | None) -> int:
        return next((row for row in range(self.count()) if self.itemData(row) == market), -1)

    def _only_match(self) -> Market | None:
        wanted = self.currentText().strip().casefold()
        rows = [row for row in range(self.count()) if wanted and wanted in self.itemText(row).casefold()]
        exact = [row for row in rows if self.itemText(row).casefold().split(" ")[0] in (wanted, f"krw-{wanted}")]
        found = exact or rows
        return self.itemData(found[0]) if len(found) == 1 else None

    def _settle(self) -> None:
        market = self.market
        if market is not None:
            self.choose(market)
            self.chosen.emit(market)

    def _refill(self) -> None:
        before = self.market
        with QSignalBlocker(self):
            self.clear()
            for info in self._infos:
                name = info.korean_name if languages().name == "ko" else info.english_name
                self.addItem(f"{info.market.symbol}  {name}", info.market)
            self.setCurrentIndex(-1)
        self.choose(before)
