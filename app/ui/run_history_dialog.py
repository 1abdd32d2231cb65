"""Runs of the emergency control so far: what was foretold, and what came."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.emergency import LiquidationRun
from app.ui import emergency_words, wording
from app.ui.formats import NONE, date_clock, percent
from app.ui.panel import label
from app.ui.theme import number_font
from app.ui.ui_feed import UiFeed

_COLUMNS = 8


class RunHistoryDialog(QDialog):
    """Not modal; the newest run comes first. ``drill_wanted`` opens the fire drill."""

    drill_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("run_history")
        self._feed: UiFeed | None = None
        self.table = QTableWidget(0, _COLUMNS, self)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setFont(number_font(13))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        self.note = label("dim", size=12)
        self.note.setWordWrap(True)
        self.drill_button = QPushButton(self)
        self.drill_button.clicked.connect(lambda: self.drill_wanted.emit())
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.drill_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.table)
        column.addLayout(foot)
        self.resize(960, 360)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow the runs from now on; those of earlier starts are known already."""
        self._feed = feed
        feed.liquidation_changed.connect(lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Show every run that is known."""
        runs = list(self._feed.model.runs.values()) if self._feed is not None else []
        self.table.setRowCount(len(runs))
        for row, run in enumerate(reversed(runs)):
            for column, words in enumerate(self.cells(run)):
                item = QTableWidgetItem(words)
                item.setToolTip(words)
                self.table.setItem(row, column, item)

    def cells(self, run: LiquidationRun) -> tuple[str, ...]:
        """One run as it stands in the table."""
        card = run.forecast
        foretold = NONE if card is None or card.slippage is None else percent(-card.slippage)
        came = NONE if run.slippage is None else percent(-run.slippage)
        left = "; ".join(emergency_words.residue(one) for one in run.left)
        return (
            date_clock(run.started_at),
            ", ".join(emergency_words.action(scope) for scope in run.scopes),
            wording.liquidation_stage(run.stage),
            f"{run.predicted_s:.1f} s",
            NONE if run.actual_s is None else f"{run.actual_s:.1f} s",
            foretold,
            came,
            left or NONE,
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self.refresh()
        super().changeEvent(event)

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Runs of the emergency control"))
        self.drill_button.setText(self.tr("Fire drill…"))
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("Pressed"),
                self.tr("What"),
                self.tr("Result"),
                self.tr("Foretold"),
                self.tr("Took"),
                self.tr("Slippage foretold"),
                self.tr("Slippage"),
                self.tr("Left"),
            ]
        )
        self.note.setText(self.tr("Slippage is what the sales brought less than the middle of the books at the press."))
