"""The fields of the ticket about execution: in one order or in slices, and the figures each algorithm needs."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.money import HUNDRED, MONEY_CONTEXT
from app.domain.slicing import SliceAlgorithm, SlicePlan
from app.ui.choice_box import ChoiceBox
from app.ui.figure_field import FigureField
from app.ui.slice_form import MINUTE_S, USUAL_AVERSION, SliceForm
from app.ui.slice_words import algorithm, algorithm_short
from app.ui.ticket_form import TicketField

A = SliceAlgorithm
_ALGORITHMS = tuple(SliceAlgorithm)
_DEFAULTS = SliceForm(A.TWAP)


class SliceFields(QWidget):
    """The figures; ``how_box`` stands elsewhere. ``edited``: something was typed or chosen."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.how_box = ChoiceBox(parent)
        self.minutes = FigureField("ticket_minutes", groups=False, unit=" ", parent=self)
        self.slices = FigureField("ticket_slices", groups=False, parent=self)
        self.share = FigureField("ticket_share", groups=False, unit="%", parent=self)
        self.visible = FigureField("ticket_visible", groups=False, unit=" ", parent=self)
        self.urgency = FigureField("ticket_urgency", groups=False, parent=self)
        self._needs = {
            self.minutes: tuple(A),
            self.slices: (A.TWAP, A.VWAP, A.IS, A.POV),
            self.share: (A.TWAP, A.VWAP, A.IS, A.POV),
            self.visible: (A.ICEBERG,),
            self.urgency: (A.IS,),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in self._needs:
            row.addWidget(part, 1)
        self._translate()
        self.how_box.currentIndexChanged.connect(lambda _: self.edited.emit())
        for part in self._needs:
            part.edit.textChanged.connect(lambda _: self.edited.emit())
        self.clear()

    def form(self) -> SliceForm | None:
        """What is filled in; None for one order."""
        chosen = self.how_box.currentIndex()
        if chosen < 1:
            return None
        return SliceForm(
            algorithm=_ALGORITHMS[chosen - 1],
            minutes=self.minutes.edit.text(),
            slices=self.slices.edit.text(),
            share=self.share.edit.text(),
            visible=self.visible.edit.text(),
            urgency=self.urgency.edit.text(),
        )

    def clear(self) -> None:
        """One order, and usual figures for slices."""
        self.how_box.setCurrentIndex(0)
        self.minutes.edit.setText(_DEFAULTS.minutes)
        self.slices.edit.setText(_DEFAULTS.slices)
        self.share.edit.setText(_DEFAULTS.share)
        self.visible.edit.clear()
        self.urgency.edit.setText(_DEFAULTS.urgency)

    def fill(self, plan: SlicePlan) -> None:
        """Show the plan of an instruction."""
        self.how_box.setCurrentIndex(_ALGORITHMS.index(plan.algorithm) + 1)
        self.minutes.edit.setText(f"{plan.duration_s / MINUTE_S:g}")
        self.slices.edit.setText(str(plan.slices))
        if plan.participation_cap is not None:
            share = MONEY_CONTEXT.multiply(plan.participation_cap, HUNDRED)
            self.share.edit.setText(f"{share.normalize():f}")
        self.visible.edit.setText("" if plan.display_volume is None else f"{plan.display_volume:f}")
        if plan.risk_aversion is not None:
            urgency = MONEY_CONTEXT.divide(plan.risk_aversion, USUAL_AVERSION)
            self.urgency.edit.setText(f"{urgency.normalize():f}")

    def adapt(self, form: SliceForm | None, base: str, *, fresh: bool, offered: bool) -> None:
        """Show what the algorithm needs; ``fresh``: not an instruction that is changed, ``offered``: may be sliced."""
        self.how_box.setEnabled(fresh and offered)
        self.setVisible(form is not None)
        self.visible.unit.setText(base)
        for part, kinds in self._needs.items():
            part.setVisible(form is not None and form.algorithm in kinds)
            part.setEnabled(fresh)

    def show_problems(self, problems: Mapping[TicketField, str]) -> None:
        """Mark the figures that are wrong."""
        for part, place in (
            (self.minutes, TicketField.DURATION),
            (self.slices, TicketField.SLICES),
            (self.share, TicketField.SHARE),
            (self.visible, TicketField.VISIBLE),
            (self.urgency, TicketField.URGENCY),
        ):
            part.set_wrong(problems.get(place, ""))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _translate(self) -> None:
        before = max(self.how_box.currentIndex(), 0)
        with QSignalBlocker(self.how_box):
            self.how_box.clear()
            self.how_box.addItem(self.tr("In one order"))
            for kind in _ALGORITHMS:
                self.how_box.addItem(algorithm_short(kind))
                self.how_box.setItemData(self.how_box.count() - 1, algorithm(kind), Qt.ItemDataRole.ToolTipRole)
            self.how_box.setCurrentIndex(before)
        self.how_box.setAccessibleName(self.tr("How to execute"))
        self.minutes.set_name(self.tr("Over"))
        self.minutes.unit.setText(self.tr("min"))
        self.slices.set_name(self.tr("Slices"))
        self.share.set_name(self.tr("Share"))
        self.share.setToolTip(self.tr("At most so much of what the market trades meanwhile"))
        self.visible.set_name(self.tr("Shows"))
        self.urgency.set_name(self.tr("Urgency"))
        self.urgency.setToolTip(self.tr("0 trades evenly; the higher, the more of it at once. 1 is usual."))
