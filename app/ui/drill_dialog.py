"""The fire drill: a button, a stopwatch, and how past drills went."""

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import QEvent, Qt
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

from app.domain.drill import DrillEnded, DrillMoved, DrillProgress, DrillRecord
from app.ui import drill_words, emergency_words
from app.ui.drill_trend import DrillTrend
from app.ui.formats import NONE, date_clock, percent
from app.ui.panel import label, set_look, set_role, set_words
from app.ui.theme import number_font
from app.ui.ui_feed import UiFeed

_COLUMNS = 9
_RESULT = 7
_RIGHT = (1, 2, 3, 4, 5, 6)


class DrillDialog(QDialog):
    """Not modal. ``start(sample)`` begins a drill and returns whether it did; the feed tells the rest."""

    def __init__(self, start: Callable[[bool], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drill_dialog")
        self._start = start
        self._feed: UiFeed | None = None
        self._progress: DrillProgress | None = None
        self.says = label("dim", size=12)
        self.says.setWordWrap(True)
        self.button, self.sample_button = QPushButton(self), QPushButton(self)
        self.button.setObjectName("drill_start")
        self.sample_button.setObjectName("drill_sample")
        set_look(self.button, "kind", "primary")
        self.button.clicked.connect(lambda: self.begin(sample=False))
        self.sample_button.clicked.connect(lambda: self.begin(sample=True))
        self.watch = label(size=20, bold=True, figures=True)
        self.watch.setMinimumWidth(96)
        self.state = label(size=13)
        self.trend = DrillTrend(self)
        self.legend = label("dim", size=12)
        self.table = _table(self)
        self._arrange()
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow drills and positions from now on; drills of earlier starts are known already."""
        self._feed = feed
        feed.drill_moved.connect(self._on_moved)
        feed.drill_ended.connect(self._on_ended)
        feed.positions_changed.connect(lambda _: self._show_state())
        self.refresh()

    def begin(self, *, sample: bool) -> None:
        """A drill on the present positions, or on made-up ones."""
        if not self._start(sample):
            set_words(self.state, self.tr("A drill could not be started: nothing is held, or one is on already."))
            set_role(self.state, "warning")

    def refresh(self) -> None:
        """Show every drill that is known."""
        drills = list(self._feed.model.drills.values()) if self._feed is not None else []
        self.trend.show_drills(drills)
        self.table.setRowCount(len(drills))
        for row, drill in enumerate(reversed(drills)):
            for column, words in enumerate(self.cells(drill)):
                item = QTableWidgetItem(words)
                item.setToolTip(drill_words.told(drill) if column == _RESULT else words)
                if column in _RIGHT:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
        self._show_state()

    def cells(self, drill: DrillRecord) -> tuple[str, ...]:
        """One drill as it stands in the table."""
        card = drill.card
        left = "; ".join(emergency_words.residue(one) for one in drill.left)
        return (
            date_clock(drill.began_at),
            f"{drill.positions}*" if drill.sample else f"{drill.positions}",
            NONE if card is None else f"{card.expected_s:.1f} s",
            NONE if card is None else f"{card.p95_s:.1f} s",
            NONE if drill.took_s is None else f"{drill.took_s:.1f} s",
            NONE if card is None else _slippage(card.slippage),
            _slippage(drill.slippage),
            drill_words.verdict(drill.verdict),
            f"{left or NONE} · {drill.code}",
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self.refresh()
        super().changeEvent(event)

    # ---- inside -------------------------------------------------------------------------------------------------

    def _on_moved(self, event: DrillMoved) -> None:
        self._progress = event.progress
        self._show_state()

    def _on_ended(self, event: DrillEnded) -> None:
        self._progress = None
        self.refresh()

    def _show_state(self) -> None:
        progress, held = self._progress, self._held()
        self.button.setEnabled(progress is None and held > 0)
        self.sample_button.setEnabled(progress is None)
        self.button.setText(self.tr("Drill with the {count} present positions").format(count=held))
        if progress is not None:
            words = drill_words.step(progress.step)
            done = self.tr("{done} of {lines} positions sold").format(done=progress.done, lines=progress.lines)
            set_words(self.state, f"{words} · {done}" if progress.lines else words)
            set_role(self.state, "")
            set_words(self.watch, f"{progress.elapsed_s:.1f} s")
            return
        last = self.trend.drills[-1] if self.trend.drills else None
        set_words(self.watch, NONE if last is None or last.took_s is None else f"{last.took_s:.1f} s")
        if last is not None:
            set_words(self.state, self.tr("Last drill: {words}").format(words=drill_words.told(last)))
            set_role(self.state, "" if last.passed else "warning")
        else:
            none_held = self.tr("Nothing is held now; a drill on sample positions shows the same way.")
            set_words(self.state, self.tr("No drill yet.") if held else none_held)
            set_role(self.state, "dim")

    def _held(self) -> int:
        if self._feed is None:
            return 0
        return sum(position.quantity > 0 for position in self._feed.model.live_positions())

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.button)
        buttons.addWidget(self.sample_button)
        buttons.addStretch(1)
        watch = QHBoxLayout()
        watch.setSpacing(16)
        watch.addWidget(self.watch)
        watch.addWidget(self.state, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.says)
        column.addLayout(buttons)
        column.addLayout(watch)
        column.addWidget(self.trend)
        column.addWidget(self.legend)
        column.addWidget(self.table, 1)
        self.resize(1120, 600)

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Fire drill"))
        self.says.setText(
            self.tr(
                "Presses the emergency control on a copy of your positions, in an exchange of its own on this "
                "computer. The real account and the running engine are not touched."
            )
        )
        self.sample_button.setText(self.tr("Drill with sample positions"))
        self.legend.setText(
            self.tr(
                "Bar: seconds it took · thick line: p95 · dashed: expected · * sample positions · last: program code"
            )
        )
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("Started"),
                self.tr("Positions"),
                self.tr("Expected"),
                self.tr("p95"),
                self.tr("Took"),
                self.tr("Slippage foretold"),
                self.tr("Slippage"),
                self.tr("Result"),
                self.tr("Left · code"),
            ]
        )
        self._show_state()


def _slippage(ratio: Decimal | None) -> str:
    return NONE if ratio is None else percent(-ratio)


def _table(parent: QWidget) -> QTableWidget:
    table = QTableWidget(0, _COLUMNS, parent)
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setFont(number_font(13))
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(True)
    header.setHighlightSections(False)
    return table
