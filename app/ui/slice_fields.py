"""The fields of the ticket about execution: in one order or in slices, and the figures each algorithm needs."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.money import HUNDRED, MONEY_CONTEXT
from app.domain.slicing import SliceAlgorithm, SlicePlan
from app.ui.choice_box import ChoiceBox
from app.ui.figure_field import FigureField
from app.ui.slice_form import MINUTE_S, USUAL_AVERSION, Chase, SliceForm
from app.ui.slice_words import algorithm, algorithm_short, chase_words
from app.ui.ticket_form import TicketField

A = SliceAlgorithm
_ALGORITHMS = tuple(SliceAlgorithm)
_DEFAULTS = SliceForm(A.TWAP)
_CHASES = tuple(Chase)
_CHASING = (Chase.CROSSES, Chase.RESTS)


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
        self.random = FigureField("ticket_random", groups=False, unit="%", parent=self)
        self.chase_box = ChoiceBox(self)
        self.chase_box.setObjectName("ticket_chase")
        self.rest = FigureField("ticket_rest", groups=False, unit=" ", parent=self)
        self.reprices = FigureField("ticket_reprices", groups=False, parent=self)
        self.ticks = FigureField("ticket_ticks", groups=False, parent=self)
        self._chasing = {self.rest: _CHASING, self.reprices: (Chase.CROSSES,), self.ticks: _CHASING}
        self._needs = {
            self.minutes: tuple(A),
            self.slices: (A.TWAP, A.VWAP, A.IS, A.POV),
            self.share: (A.TWAP, A.VWAP, A.IS, A.POV),
            self.visible: (A.ICEBERG,),
            self.urgency: (A.IS,),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for parts in (tuple(self._needs), (self.chase_box, self.random), tuple(self._chasing)):
            row = QHBoxLayout()
            row.setSpacing(8)
            for widget in parts:
                row.addWidget(widget, 1)
            column.addLayout(row)
        self._translate()
        for box in (self.how_box, self.chase_box):
            box.currentIndexChanged.connect(lambda _: self.edited.emit())
        for part in self._figures():
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
            random=self.random.edit.text(),
            chase=_CHASES[max(self.chase_box.currentIndex(), 0)],
            rest=self.rest.edit.text(),
            reprices=self.reprices.edit.text(),
            ticks=self.ticks.edit.text(),
        )

    def clear(self) -> None:
        """One order, and usual figures for slices."""
        self.how_box.setCurrentIndex(0)
        self.minutes.edit.setText(_DEFAULTS.minutes)
        self.slices.edit.setText(_DEFAULTS.slices)
        self.share.edit.setText(_DEFAULTS.share)
        self.visible.edit.clear()
        self.urgency.edit.setText(_DEFAULTS.urgency)
        self.random.edit.setText(_DEFAULTS.random)
        self.chase_box.setCurrentIndex(0)
        self.rest.edit.setText(_DEFAULTS.rest)
        self.reprices.edit.setText(_DEFAULTS.reprices)
        self.ticks.edit.setText(_DEFAULTS.ticks)

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
        self.random.edit.setText(f"{MONEY_CONTEXT.multiply(plan.randomisation, HUNDRED).normalize():f}")
        if plan.chase is not None:
            never = plan.chase.reprices is None
            self.chase_box.setCurrentIndex(_CHASES.index(Chase.RESTS if never else Chase.CROSSES))
            self.rest.edit.setText(f"{plan.chase.rest_s:g}")
            self.reprices.edit.setText(_DEFAULTS.reprices if never else str(plan.chase.reprices))
            self.ticks.edit.setText(str(plan.chase.offset_ticks))

    def adapt(self, form: SliceForm | None, base: str, *, fresh: bool, offered: bool) -> None:
        """Show what the algorithm needs; ``fresh``: not an instruction that is changed, ``offered``: may be sliced."""
        self.how_box.setEnabled(fresh and offered)
        self.setVisible(form is not None)
        self.visible.unit.setText(base)
        for part, kinds in self._needs.items():
            part.setVisible(form is not None and form.algorithm in kinds)
        for part, chases in self._chasing.items():
            part.setVisible(form is not None and form.chase in chases)
        for widget in (self.chase_box, *self._figures()):
            widget.setEnabled(fresh)
        if form is not None:
            self.chase_box.setItemText(0, chase_words(Chase.NONE, form.algorithm))

    def show_problems(self, problems: Mapping[TicketField, str]) -> None:
        """Mark the figures that are wrong."""
        for part, place in (
            (self.minutes, TicketField.DURATION),
            (self.slices, TicketField.SLICES),
            (self.share, TicketField.SHARE),
            (self.visible, TicketField.VISIBLE),
            (self.urgency, TicketField.URGENCY),
            (self.random, TicketField.RANDOM),
            (self.rest, TicketField.REST),
            (self.reprices, TicketField.REPRICES),
            (self.ticks, TicketField.TICKS),
        ):
            part.set_wrong(problems.get(place, ""))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _figures(self) -> tuple[FigureField, ...]:
        return (*self._needs, self.random, *self._chasing)

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
        chosen = max(self.chase_box.currentIndex(), 0)
        with QSignalBlocker(self.chase_box):
            self.chase_box.clear()
            self.chase_box.addItems([chase_words(kind, A.TWAP) for kind in _CHASES])
            self.chase_box.setCurrentIndex(chosen)
        self.chase_box.setAccessibleName(self.tr("What a slice does first"))
        self.chase_box.setToolTip(self.tr("A slice may rest on its own side of the book before it takes the other"))
        self.random.set_name(self.tr("Random"))
        self.random.setToolTip(
            self.tr("Sizes and times of the slices move by up to so much, so that nobody reads them")
        )
        self.rest.set_name(self.tr("Rests"))
        self.rest.unit.setText(self.tr("s"))
        self.reprices.set_name(self.tr("New prices"))
        self.reprices.setToolTip(self.tr("So often a slice is priced again before it takes what is there"))
        self.ticks.set_name(self.tr("Ticks"))
        self.ticks.setToolTip(self.tr("From the best price of its own side: + towards the other side, − away from it"))
        self.minutes.set_name(self.tr("Over"))
        self.minutes.unit.setText(self.tr("min"))
        self.slices.set_name(self.tr("Slices"))
        self.share.set_name(self.tr("Share"))
        self.share.setToolTip(self.tr("At most so much of what the market trades meanwhile"))
        self.visible.set_name(self.tr("Shows"))
        self.urgency.set_name(self.tr("Urgency"))
        self.urgency.setToolTip(self.tr("0 trades evenly; the higher, the more of it at once. 1 is usual."))
