"""The emergency run on the screen: one line per position until the venue confirms, and the proof at the end."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.emergency import LineState, LiquidationLine, LiquidationRun, LiquidationStage
from app.ui import emergency_words, wording
from app.ui.formats import NONE, percent, volume
from app.ui.panel import label, rule, set_role, set_words
from app.ui.ui_feed import UiFeed

WIDTH = 600
LINE_HEIGHT = 26
MOST_LINES = 9
_STAGE_ROLES = {LiquidationStage.FLAT: "good", LiquidationStage.DONE: "good", LiquidationStage.ATTENTION: "danger"}
_LINE_ROLES = {
    LineState.WAITING: "dim",
    LineState.CONFIRMED: "good",
    LineState.DUST: "good",
    LineState.STUCK: "danger",
}


class LiquidationPanel(QFrame):
    """Lies over the dashboard and stays until it is dismissed, which is possible only when the run is over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("liquidation_panel")
        self.setProperty("kind", "danger-panel")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._run: LiquidationRun | None = None
        self._dismissed: tuple[str, LiquidationStage] | None = None
        self.title = label("danger", size=15, bold=True)
        self.stage = label(size=14, bold=True)
        self.stage.setObjectName("liquidation_stage")
        self.scope = label("dim", size=12)
        self.times = label("dim", size=12, figures=True)
        self.residues = label("danger", size=12)
        self.residues.setWordWrap(True)
        self.dismiss_button = QPushButton(self)
        self.dismiss_button.setObjectName("liquidation_dismiss")
        self.dismiss_button.setAutoDefault(False)
        self.dismiss_button.clicked.connect(self.dismiss)
        self._lines = QGridLayout()
        self._cells: list[list[QLabel]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self._show_times)
        self._arrange()
        self._translate()
        self.hide()

    def bind(self, feed: UiFeed) -> None:
        """Appear with every run the engine tells about."""
        self.clock = feed.clock
        feed.liquidation_changed.connect(lambda event: self.show_run(event.run))

    @property
    def run(self) -> LiquidationRun | None:
        """The run on the screen."""
        return self._run

    def show_run(self, run: LiquidationRun) -> None:
        """Show how far ``run`` is; a dismissed run comes back only with another stage.

        One that is heard of for the first time when it is proven belongs to an earlier start: history, no news.
        """
        fresh = self._run is None or self._run.run_id != run.run_id
        if fresh and run.stage.is_proven:
            return
        self._run = run
        if self._dismissed == (run.run_id, run.stage):
            return
        self._show()
        if fresh or not self.isVisible():
            self.show()
            self.raise_()

    def dismiss(self) -> None:
        """Put the panel away; a run that is under way stays in sight."""
        if self._run is not None and self._run.stage.is_over:
            self._dismissed = (self._run.run_id, self._run.stage)
            self._timer.stop()
            self.hide()

    def line_texts(self) -> list[tuple[str, ...]]:
        """The lines as they stand there: market, sold of wanted, state."""
        run = self._run
        return [] if run is None else [_texts(line) for line in run.lines]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            event.accept()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            if self._run is not None:
                self._show()
        super().changeEvent(event)

    def _show(self) -> None:
        run = self._run
        if run is None:
            return
        set_words(self.stage, wording.liquidation_stage(run.stage))
        set_role(self.stage, _STAGE_ROLES.get(run.stage, "warning"))
        self.scope.setText(" + ".join(emergency_words.action(scope) for scope in run.scopes))
        self.residues.setText("\n".join(emergency_words.residue(left) for left in run.left))
        set_role(self.residues, "dim" if run.stage.is_proven else "danger")
        self.residues.setVisible(bool(run.left))
        self.dismiss_button.setEnabled(run.stage.is_over)
        self._show_lines(run)
        self._show_times()
        if run.stage.is_over:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
        self.adjustSize()

    def _show_lines(self, run: LiquidationRun) -> None:
        while len(self._cells) > len(run.lines):
            for cell in self._cells.pop():
                self._lines.removeWidget(cell)
                cell.deleteLater()
        while len(self._cells) < len(run.lines):
            cells = [label(size=13, bold=column == 0, figures=True) for column in range(3)]
            for column, cell in enumerate(cells):
                cell.setFixedHeight(LINE_HEIGHT)
                self._lines.addWidget(cell, len(self._cells), column)
            self._cells.append(cells)
        for cells, line in zip(self._cells, run.lines, strict=True):
            for cell, text in zip(cells, _texts(line), strict=True):
                set_words(cell, text)
            set_role(cells[2], _LINE_ROLES.get(line.state, "warning"))
        self._scroll.setFixedHeight(max(min(len(run.lines), MOST_LINES), 1) * LINE_HEIGHT + 4)

    def _show_times(self) -> None:
        run = self._run
        if run is None:
            return
        predicted = f"{run.predicted_s:.1f}"
        if run.actual_s is not None:
            words = self.tr("foretold {predicted} s · took {actual} s").format(
                predicted=predicted, actual=f"{run.actual_s:.1f}"
            )
        else:
            elapsed = max((self.clock() - run.started_at).total_seconds(), 0.0)
            words = self.tr("foretold {predicted} s · {elapsed} s so far").format(
                predicted=predicted, elapsed=f"{elapsed:.1f}"
            )
        if run.slippage is not None:
            foretold = run.forecast.slippage if run.forecast is not None else None
            cost = self.tr("slippage {actual}, foretold {foretold}").format(
                actual=percent(-run.slippage), foretold=NONE if foretold is None else percent(-foretold)
            )
            words = f"{words} · {cost}"
        proof = self.tr("clean readings of the venue: {count} of 2").format(count=run.clean_reads)
        set_words(self.times, f"{words} · {proof}")

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.title)
        top.addWidget(self.scope)
        top.addStretch(1)
        top.addWidget(self.dismiss_button)
        inner = QWidget()
        inner.setLayout(self._lines)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setHorizontalSpacing(16)
        self._lines.setVerticalSpacing(0)
        self._lines.setColumnStretch(2, 1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        inner.setAutoFillBackground(False)
        self._scroll.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.stage)
        column.addWidget(self.times)
        column.addWidget(rule(self))
        column.addWidget(self._scroll)
        column.addWidget(self.residues)
        self.setFixedWidth(WIDTH)

    def _translate(self) -> None:
        self.title.setText(self.tr("Emergency liquidation"))
        self.dismiss_button.setText(self.tr("Dismiss"))
        self.dismiss_button.setToolTip(self.tr("Possible when the run is over (Esc)"))
        self.setAccessibleName(self.tr("Emergency liquidation"))


def _texts(line: LiquidationLine) -> tuple[str, str, str]:
    state = wording.line_state(line.state)
    amount = f"{volume(line.sold)} / {volume(line.wanted)}"
    if not line.wanted:
        amount = NONE
        if line.state is LineState.SOLD:
            state = QCoreApplication.translate("LiquidationPanel", "Nothing held, not confirmed yet")
    reason = line.residue if line.why is None else emergency_words.why(line.why)
    if line.state is LineState.STUCK and line.why is not None:
        return (line.market.symbol, amount, reason)
    if line.state is LineState.DUST and line.residue:
        state, reason = f"{state}: {line.residue}", ""
    return (line.market.symbol, amount, f"{state} ({reason})" if reason else state)
