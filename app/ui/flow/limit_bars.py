"""How much of every limit is used, as bars: amber from 80 % on; a full one refuses entries, and never an exit."""

from decimal import Decimal

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.limits import NEAR, LimitName, LimitUse
from app.domain.messages import LimitUsage
from app.domain.money import ONE
from app.ui import wording
from app.ui.formats import NONE, krw, percent
from app.ui.gauge import Gauge
from app.ui.panel import label


class LimitBars(QWidget):
    """One bar per limit that is on, in the order in which the engine tells them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._usage: LimitUsage | None = None
        self.bars: dict[LimitName, Gauge] = {}
        self.note = label("dim", size=12)
        self.note.setWordWrap(True)
        self._column = QVBoxLayout()
        self._column.setSpacing(2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addWidget(self.note)
        whole.addLayout(self._column)
        whole.addStretch(1)
        self._translate()

    def show_usage(self, usage: LimitUsage | None) -> None:
        """Show these figures; bars of limits that are off go."""
        self._usage = usage
        uses = () if usage is None else usage.uses
        if [use.name for use in uses] != list(self.bars):
            self._make_bars([use.name for use in uses])
        for use in uses:
            bar = self.bars[use.name]
            bar.set_name(wording.limit_name(use.name))
            bar.show_share(0.0 if use.ratio is None else float(use.ratio), self._words(use))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self.show_usage(self._usage)
        super().changeEvent(event)

    def _make_bars(self, names: list[LimitName]) -> None:
        for bar in self.bars.values():
            self._column.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self.bars = {name: Gauge(self, warn_from=float(NEAR), danger_from=float(ONE)) for name in names}
        for bar in self.bars.values():
            self._column.addWidget(bar)

    def _words(self, use: LimitUse) -> str:
        sums = f"{_figure(use, use.used)} / {_figure(use, use.allowed)}"
        if use.ratio is None:
            return sums
        if use.ratio >= ONE:
            return self.tr("{sums} · full: entries refused").format(sums=sums)
        return f"{sums} · {percent(use.ratio, 0, signed=False)}"

    def _translate(self) -> None:
        self.note.setText(self.tr("Limits bind entries only. Exits always pass."))


def _figure(use: LimitUse, amount: Decimal | None) -> str:
    if amount is None:
        return NONE
    return f"₩{krw(amount)}" if use.name.is_money else f"{amount:,f}"
