"""Presses that do less than everything, or reach further. The control beside it stays what it is meanwhile."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.domain.emergency import REDUCE_STEPS, EmergencyAction, EmergencyScope, Outcome, SellFirst
from app.domain.values import Market
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
        self.action, self.market, self.strategy, self.outcome = (ChoiceBox(self) for _ in range(4))
        self.whole = QCheckBox(self)
        self.says = label("dim", size=12)
        self.says.setWordWrap(True)
        self.control = EmergencyControl(self)
        self.control.setObjectName("scope_button")
        self.control.triggered.connect(self._pressed)
        self._names = [QLabel(self) for _ in range(4)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (name, box) in enumerate(zip(self._names, self._boxes(), strict=True)):
            grid.addWidget(name, row, 0)
            grid.addWidget(box, row, 1)
            name.setBuddy(box)
            box.currentIndexChanged.connect(self._changed)
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
        self._fill()
        for box in self._boxes():
            box.setCurrentIndex(0)
        self.action.setCurrentIndex(len(LADDER) - 2)
        self.whole.setChecked(False)
        self._changed()
        self.show()
        self.raise_()
        self.activateWindow()

    def scope(self) -> EmergencyScope:
        """What a press would mean now."""
        step = LADDER[max(self.action.currentIndex(), 0)]
        market, strategy = self.market.currentData(), self.strategy.currentData()
        whole = self.whole.isChecked()
        return EmergencyScope(
            action=step.action,
            percent=step.percent,
            markets=() if whole or market is None else (market,),
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
        return (self.action, self.market, self.strategy, self.outcome)

    def _pressed(self) -> None:
        self.triggered.emit(self.scope())
        self.hide()

    def _changed(self, _: object = None) -> None:
        flattens = LADDER[max(self.action.currentIndex(), 0)].action.flattens
        self.whole.setEnabled(flattens)
        if not flattens and self.whole.isChecked():
            self.whole.setChecked(False)
        for box in (self.market, self.strategy, self.outcome):
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
        feed = self._feed
        live = feed.model.live_positions() if feed is not None else []
        markets: dict[Market, None] = dict.fromkeys(position.market for position in live)
        strategies = {position.blueprint.id: position.blueprint.label for position in live}
        _refill(self.market, [(self.tr("All markets"), None), *((market.symbol, market) for market in markets)])
        _refill(self.strategy, [(self.tr("All strategies"), None), *((name, key) for key, name in strategies.items())])
        outcomes = [
            (self.tr("All positions"), Outcome.ALL),
            (self.tr("Only those in profit"), Outcome.WINNERS),
            (self.tr("Only those at a loss"), Outcome.LOSERS),
        ]
        _refill(self.outcome, outcomes)
        _refill(self.action, [(emergency_words.action(scope), None) for scope in LADDER])

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Emergency: less, or more"))
        names = (self.tr("What"), self.tr("Market"), self.tr("Strategy"), self.tr("Which"))
        for name, words in zip(self._names, names, strict=True):
            name.setText(words)
        self.whole.setText(self.tr("The whole account, also what this program did not buy"))
        chosen = [box.currentIndex() for box in self._boxes()]
        self._fill()
        for box, index in zip(self._boxes(), chosen, strict=True):
            box.setCurrentIndex(max(index, 0))
        self._changed()


def _refill(box: ChoiceBox, entries: Sequence[tuple[str, object]]) -> None:
    box.blockSignals(True)
    box.clear()
    for words, data in entries:
        box.addItem(words, data)
    box.blockSignals(False)
