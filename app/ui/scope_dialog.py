"""Presses that do less than everything, or reach further. The control beside it stays what it is meanwhile."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.domain.emergency import REDUCE_STEPS, EmergencyAction, EmergencyScope, Outcome, SellFirst
from app.domain.position import Position
from app.ui import emergency_words
from app.ui.choice_box import ChoiceBox
from app.ui.emergency_control import EmergencyControl
from app.ui.panel import label, set_words
from app.ui.ui_feed import UiFeed

A = EmergencyAction
# The ladder, from the least to the most.
LADDER = (
    EmergencyScope(A.BLOCK_ENTRIES),
    EmergencyScope(A.CANCEL_ENTRIES),
    EmergencyScope(A.CANCEL_ALL),
    *(EmergencyScope(A.REDUCE, percent=percent) for percent in REDUCE_STEPS),
    EmergencyScope(A.FLATTEN),
    EmergencyScope(A.FLATTEN_AND_LOCK),
)


class ScopeDialog(QDialog):
    """Not modal. Its own control is held, or pressed twice, like the large one; ``triggered`` carries the scope."""

    triggered = Signal(object)

    def __init__(self, first: SellFirst, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("scope_dialog")
        self._first = first
        self._feed: UiFeed | None = None
        self.action, self.venue, self.market, self.strategy, self.outcome = (ChoiceBox(self) for _ in range(5))
        self.whole = QCheckBox(self)
        self.says = label("dim", size=12)
        self.says.setWordWrap(True)
        self.control = EmergencyControl(self)
        self.control.setObjectName("scope_button")
        self.control.triggered.connect(self._pressed)
        self._names = [QLabel(self) for _ in self._boxes()]
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (name, box) in enumerate(zip(self._names, self._boxes(), strict=True)):
            grid.addWidget(name, row, 0)
            grid.addWidget(box, row, 1)
            name.setBuddy(box)
            box.currentIndexChanged.connect(self._changed)
        self.venue.currentIndexChanged.connect(self._fill_markets)
        self.whole.toggled.connect(self._changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(grid)
        column.addWidget(self.whole)
        column.addWidget(self.says)
        column.addWidget(self.control)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Know what is held."""
        self._feed = feed

    def open_fresh(self) -> None:
        """Show it with everything as it is by default: nothing of an earlier choice is left over."""
        for box in self._boxes():
            box.setCurrentIndex(0)
        self._fill()
        self.action.setCurrentIndex(len(LADDER) - 2)
        self.whole.setChecked(False)
        self._changed()
        self.show()
        self.raise_()
        self.activateWindow()

    def scope(self) -> EmergencyScope:
        """What a press would mean now."""
        step = LADDER[max(self.action.currentIndex(), 0)]
        venue, market, strategy = (box.currentData() for box in (self.venue, self.market, self.strategy))
        whole = self.whole.isChecked()
        return EmergencyScope(
            action=step.action,
            percent=step.percent,
            markets=() if whole or market is None else (market,),
            venues=() if whole or venue is None else (venue,),
            strategies=() if whole or strategy is None else (strategy,),
            outcome=Outcome.ALL if whole else Outcome(self.outcome.currentData() or Outcome.ALL),
            whole_account=whole,
            first=self._first,
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _boxes(self) -> tuple[ChoiceBox, ...]:
        return (self.action, self.venue, self.market, self.strategy, self.outcome)

    def _pressed(self) -> None:
        self.triggered.emit(self.scope())
        self.hide()

    def _changed(self, _: object = None) -> None:
        flattens = LADDER[max(self.action.currentIndex(), 0)].action.flattens
        self.whole.setEnabled(flattens)
        if not flattens and self.whole.isChecked():
            self.whole.setChecked(False)
        for box in self._boxes()[1:]:
            box.setEnabled(not self.whole.isChecked())
        scope = self.scope()
        self.control.show_scope(scope)
        set_words(self.says, self._explained(scope))

    def _explained(self, scope: EmergencyScope) -> str:
        texts: dict[EmergencyAction, Callable[[], str]] = {
            A.BLOCK_ENTRIES: lambda: self.tr("No entry leaves any more, in any market. Orders and positions stay."),
            A.CANCEL_ENTRIES: lambda: self.tr(
                "Entries are blocked in every market; those that rest here are cancelled."
            ),
            A.CANCEL_ALL: lambda: self.tr(
                "Entries are blocked in every market; every order here is cancelled. Stops that this program holds "
                "stay armed."
            ),
            A.REDUCE: lambda: self.tr(
                "Entries are blocked in every market; orders here are cancelled, and of every position a share is sold."
            ),
            A.FLATTEN: lambda: self.tr("Entries are blocked in every market; everything here is cancelled and sold."),
            A.FLATTEN_AND_LOCK: lambda: self.tr(
                "As before, and trading stays halted until it is unlocked with the password."
            ),
        }
        words = texts[scope.action]()
        if scope.whole_account:
            words += " " + self.tr("This includes coins and orders that this program never made.")
        return words

    def _fill(self) -> None:
        """New words, and what is held now."""
        live = self._live()
        venues = dict.fromkeys(position.market.venue for position in live)
        strategies = {position.blueprint.id: position.blueprint.label for position in live}
        outcomes = [
            (self.tr("All positions"), Outcome.ALL),
            (self.tr("Only those in profit"), Outcome.WINNERS),
            (self.tr("Only those at a loss"), Outcome.LOSERS),
        ]
        _refill(self.action, [(emergency_words.action(step), step) for step in LADDER])
        _refill(self.venue, [(self.tr("All venues"), None), *((name, name) for name in venues)])
        _refill(self.strategy, [(self.tr("All strategies"), None), *((name, key) for key, name in strategies.items())])
        _refill(self.outcome, outcomes)
        self._fill_markets()

    def _fill_markets(self, _: object = None) -> None:
        """Markets of the chosen venue only: no market of another one can be asked for."""
        venue, chosen = self.venue.currentData(), self.market.currentData()
        if venue is not None and chosen is not None and chosen.venue != venue:
            self.market.setCurrentIndex(0)
        markets = dict.fromkeys(p.market for p in self._live() if venue is None or p.market.venue == venue)
        _refill(self.market, [(self.tr("All markets"), None), *((market.symbol, market) for market in markets)])
        self._changed()

    def _live(self) -> Sequence[Position]:
        return [] if self._feed is None else self._feed.model.live_positions()

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Emergency: less, or more"))
        names = (self.tr("What"), self.tr("Venue"), self.tr("Market"), self.tr("Strategy"), self.tr("Which"))
        for name, words in zip(self._names, names, strict=True):
            name.setText(words)
        self.whole.setText(self.tr("The whole account, also what this program did not buy"))
        self._fill()


def _refill(box: ChoiceBox, entries: Sequence[tuple[str, object]]) -> None:
    """The choice stays by what it means: never another one in its place, nor all of them because it is sold."""
    chosen, called = box.currentData(), box.currentText()
    kept = [*entries] if chosen is None or any(data == chosen for _, data in entries) else [*entries, (called, chosen)]
    box.blockSignals(True)
    box.clear()
    for words, data in kept:
        box.addItem(words, data)
    box.setCurrentIndex(next((place for place, (_, data) in enumerate(kept) if data == chosen), 0))
    box.blockSignals(False)
