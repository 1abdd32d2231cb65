"""The fields of the ticket about the end of a limit purchase: it waits, or it ends by time and drift."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.blueprint import EntryOrderPolicy, RestPolicy
from app.ui.choice_box import ChoiceBox
from app.ui.figure_field import FigureField
from app.ui.instruction_words import ending, ending_tip
from app.ui.rest_form import RestForm
from app.ui.ticket_form import TicketField

R = RestPolicy
_POLICIES = (R.WAIT, R.CANCEL, R.CANCEL_AND_MARKET)
_DEFAULTS = RestForm()


class RestFields(QWidget):
    """``edited``: something was typed or chosen."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = ChoiceBox(self)
        self.box.setObjectName("ticket_ending")
        self.seconds = FigureField("ticket_ending_seconds", groups=False, unit=" ", parent=self)
        self.drift = FigureField("ticket_ending_drift", groups=False, unit="%", parent=self)
        self.market_from = FigureField("ticket_ending_from", groups=False, unit="%", parent=self)
        figures = QHBoxLayout()
        figures.setSpacing(8)
        for part in self._figures():
            figures.addWidget(part, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.box)
        column.addLayout(figures)
        self._translate()
        self.box.currentIndexChanged.connect(lambda _: self.edited.emit())
        for part in self._figures():
            part.edit.textChanged.connect(lambda _: self.edited.emit())
        self.clear()

    def form(self) -> RestForm:
        """What is filled in."""
        rest = _POLICIES[max(self.box.currentIndex(), 0)]
        return RestForm(rest, self.seconds.edit.text(), self.market_from.edit.text(), self.drift.edit.text())

    def clear(self) -> None:
        """It waits; usual figures for the other ways."""
        self.box.setCurrentIndex(0)
        self.seconds.edit.setText(_DEFAULTS.seconds)
        self.market_from.edit.setText(_DEFAULTS.market_from)
        self.drift.edit.setText(_DEFAULTS.drift)

    def fill(self, policy: EntryOrderPolicy | None) -> None:
        """Show the policy of an instruction."""
        if policy is None:
            return
        self.box.setCurrentIndex(_POLICIES.index(policy.rest))
        self.seconds.edit.setText("" if policy.lasts_s is None else str(policy.lasts_s))
        self.market_from.edit.setText(f"{policy.market_from_percent.normalize():f}")
        self.drift.edit.setText(f"{policy.max_drift_percent.normalize():f}")

    def adapt(self, *, shown: bool, fresh: bool) -> None:
        """``shown``: the order may rest; ``fresh``: not an instruction that is changed."""
        self.setVisible(shown)
        rest = self.form().rest
        for part in self._figures():
            part.setVisible(rest is not R.WAIT and (part is not self.market_from or rest is R.CANCEL_AND_MARKET))
        for widget in (self.box, *self._figures()):
            widget.setEnabled(fresh)

    def show_problems(self, problems: Mapping[TicketField, str]) -> None:
        """Mark the figures that are wrong."""
        self.seconds.set_wrong(problems.get(TicketField.TIMEOUT, ""))
        self.drift.set_wrong(problems.get(TicketField.DRIFT, ""))
        self.market_from.set_wrong(problems.get(TicketField.MARKET_FROM, ""))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _figures(self) -> tuple[FigureField, ...]:
        return (self.seconds, self.drift, self.market_from)

    def _translate(self) -> None:
        before = max(self.box.currentIndex(), 0)
        with QSignalBlocker(self.box):
            self.box.clear()
            for number, rest in enumerate(_POLICIES):
                self.box.addItem(ending(rest))
                self.box.setItemData(number, ending_tip(rest), Qt.ItemDataRole.ToolTipRole)
            self.box.setCurrentIndex(before)
        self.box.setAccessibleName(self.tr("What becomes of the rest"))
        self.seconds.set_name(self.tr("Ends after"))
        self.seconds.unit.setText(self.tr("s"))
        self.drift.set_name(self.tr("Drift"))
        self.drift.setToolTip(self.tr("It ends as well when the price has risen so far above the bid it was sent at"))
        self.market_from.set_name(self.tr("Rest from"))
        self.market_from.setToolTip(self.tr("The rest is bought at market when at least so much was filled"))
