"""Chooses the mode of the next start. The running one never changes; what stays behind is said before."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QPushButton, QRadioButton, QVBoxLayout, QWidget

from app.domain.values import TradingMode
from app.ui import mode_words
from app.ui.mode_badge import mode_name
from app.ui.panel import label, set_role, set_words
from app.ui.ui_feed import UiFeed

NAMED = 6


class ModeDialog(QDialog):
    """``mode_chosen`` carries a TradingMode: the program shall end in order and start again in it."""

    mode_chosen = Signal(object)

    def __init__(self, mode: TradingMode, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("mode_dialog")
        self._mode = mode
        self._feed: UiFeed | None = None
        self.heading = label(size=16, bold=True)
        self.group = QButtonGroup(self)
        self.buttons = {each: QRadioButton(self) for each in TradingMode}
        self.words = {each: label("dim", size=12) for each in TradingMode}
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(6)
        column.addWidget(self.heading)
        for each, button in self.buttons.items():
            button.setObjectName(f"mode_{each.value}")
            self.group.addButton(button)
            button.toggled.connect(lambda _: self._show())
            self.words[each].setWordWrap(True)
            self.words[each].setContentsMargins(26, 0, 0, 6)
            column.addWidget(button)
            column.addWidget(self.words[each])
        self.left_behind = label(size=13)
        self.left_behind.setWordWrap(True)
        self.start_button = QPushButton(self)
        self.start_button.setObjectName("mode_start")
        self.start_button.clicked.connect(self._choose)
        self.close_button = QPushButton(self)
        self.close_button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.start_button)
        column.addStretch(1)
        column.addWidget(self.left_behind)
        column.addLayout(row)
        self.resize(560, 460)
        self.buttons[mode].setChecked(True)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow what is held and what works from now on."""
        self._feed = feed
        feed.positions_changed.connect(lambda _: self._show())
        feed.orders_changed.connect(lambda _: self._show())
        self._show()

    @property
    def chosen(self) -> TradingMode:
        """The mode that is marked."""
        return next(mode for mode, button in self.buttons.items() if button.isChecked())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _choose(self) -> None:
        self.accept()
        self.mode_chosen.emit(self.chosen)

    def _show(self) -> None:
        other = self.chosen is not self._mode
        names, orders = self._exposure()
        set_words(self.left_behind, self._exposure_words(names, orders) if other else "")
        set_role(self.left_behind, "warning" if names or orders else "dim")
        exposed = other and bool(names or orders)
        words = self.tr("Leave them there and start again") if exposed else self.tr("Start again in this mode")
        self.start_button.setText(words)
        self.start_button.setEnabled(other)

    def _exposure(self) -> tuple[list[str], int]:
        if self._feed is None:
            return [], 0
        model = self._feed.model
        return [str(position.market) for position in model.live_positions()], len(model.working)

    def _exposure_words(self, names: list[str], orders: int) -> str:
        if not names and not orders:
            return self.tr("Nothing is held and no order works in the present mode. The program ends and starts again.")
        shown = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
        words = self.tr("Staying behind in mode {mode}: {positions} positions ({names}), {orders} working orders.")
        words = words.format(mode=mode_name(self._mode), positions=len(names), names=shown or "–", orders=orders)
        return f"{words} " + self.tr("Nothing watches over them until this mode is started again.")

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Mode of the next start"))
        self.heading.setText(self.tr("Running now: {mode}").format(mode=mode_name(self._mode)))
        for mode, button in self.buttons.items():
            button.setText(mode_name(mode))
            self.words[mode].setText(mode_words.mode_stakes(mode))
        self.close_button.setText(self.tr("Close"))
        self._show()
