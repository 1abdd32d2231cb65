"""How long each leg of an order's way took since the start of the program: count, quantiles and their shape."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.latency import Stage, StageLatency
from app.ui import wording
from app.ui.flow.latency_histogram import LatencyAxis, LatencyHistogram, span_of
from app.ui.formats import NONE, milliseconds
from app.ui.panel import label, set_words

_FIGURES = 5
translate = QCoreApplication.translate


def stage_name(stage: Stage) -> str:
    """Short word for a stage; ``wording.latency_stage`` says it in full."""
    match stage:
        case Stage.DECISION:
            return translate("LatencyView", "Decision")
        case Stage.JOURNAL:
            return translate("LatencyView", "Journal")
        case Stage.WIRE:
            return translate("LatencyView", "Wire")
        case Stage.WIRE_TOTAL:
            return translate("LatencyView", "Total")
        case Stage.ANSWER:
            return translate("LatencyView", "Answer")
        case Stage.FILL:
            return translate("LatencyView", "Fill")


class LatencyView(QWidget):
    """One row per stage; all histograms have the same logarithmic axis. A stage without any order shows dashes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages: tuple[StageLatency, ...] = ()
        self._titles = [label("dim", size=12) for _ in range(_FIGURES + 2)]
        self._names = {stage: label(size=13) for stage in Stage}
        self.figures = {stage: [label(size=13, figures=True) for _ in range(_FIGURES)] for stage in Stage}
        self.histograms = {stage: LatencyHistogram(self) for stage in Stage}
        self.axis = LatencyAxis(self)
        self.note = label("dim", size=12)
        self.note.setWordWrap(True)
        self._arrange()
        self._translate()

    def show_latencies(self, stages: tuple[StageLatency, ...]) -> None:
        """Show these figures; the same tuple again costs nothing."""
        if stages is self._stages:
            return
        self._stages = stages
        self._show_again()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _show_again(self) -> None:
        found, span = {one.stage: one for one in self._stages}, span_of(self._stages)
        self.axis.show_span(span)
        for stage in Stage:
            one = found.get(stage)
            for part, words in zip(self.figures[stage], _figures(one), strict=True):
                set_words(part, words)
            histogram = self.histograms[stage]
            histogram.show_stage(one, span)
            histogram.setAccessibleDescription(" / ".join(_figures(one)))

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        right = Qt.AlignmentFlag.AlignRight
        for column, title in enumerate(self._titles):
            grid.addWidget(title, 0, column, right if 0 < column <= _FIGURES else Qt.AlignmentFlag.AlignLeft)
        for number, stage in enumerate(Stage, 1):
            grid.addWidget(self._names[stage], number, 0)
            for column, part in enumerate(self.figures[stage], 1):
                _place(grid, part, number, column)
            grid.addWidget(self.histograms[stage], number, _FIGURES + 1)
            grid.setRowStretch(number, 1)
        grid.addWidget(self.axis, len(Stage) + 1, _FIGURES + 1)
        grid.addWidget(self.note, len(Stage) + 2, 0, 1, _FIGURES + 2)
        for column in range(1, _FIGURES + 1):
            grid.setColumnMinimumWidth(column, 64)
        grid.setColumnStretch(_FIGURES + 1, 1)

    def _translate(self) -> None:
        titles = (self.tr("Stage"), self.tr("Orders"), "p50", "p95", "p99", self.tr("Longest"), self.tr("Shape"))
        for title, words in zip(self._titles, titles, strict=True):
            title.setText(words)
        for stage in Stage:
            name = self._names[stage]
            name.setText(stage_name(stage))
            name.setToolTip(wording.latency_stage(stage))
            self.histograms[stage].setToolTip(wording.latency_stage(stage))
            self.histograms[stage].setAccessibleName(wording.latency_stage(stage))
        self.note.setText(
            self.tr(
                "Since the start of the program. The line is the median, the dashed one the time 99 of 100 orders do "
                "not exceed; the axis is logarithmic. Total is decision, journal and wire together."
            )
        )
        self._show_again()


def _place(grid: QGridLayout, part: QLabel, row: int, column: int) -> None:
    part.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    grid.addWidget(part, row, column)


def _figures(one: StageLatency | None) -> tuple[str, ...]:
    if one is None:
        return (NONE,) * _FIGURES
    return (f"{one.count:,}", *(milliseconds(value) for value in (one.p50_ms, one.p95_ms, one.p99_ms, one.max_ms)))
