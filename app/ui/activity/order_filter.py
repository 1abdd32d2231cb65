"""The filter row of the orders: text, market, state, strategy and time range; two more rows where there is no room."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QEvent, QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QToolButton, QWidget

from app.domain.order import OrderState
from app.domain.order_query import LONGEST_TEXT, WORKING, OrderChoices, OrderQuery
from app.domain.values import Market
from app.ui import wording
from app.ui.choice_box import ChoiceBox
from app.ui.formats import KST
from app.ui.panel import ElidedLabel, set_look

ONE_ROW = 720  # from this width on everything stands in one row
TYPING_MS = 250
translate = QCoreApplication.translate


class Period(StrEnum):
    """Time ranges to choose from; days are those of Korea."""

    ANY = "any"
    TODAY = "today"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    RANGE = "range"


_LENGTHS = {Period.DAY: timedelta(days=1), Period.WEEK: timedelta(days=7), Period.MONTH: timedelta(days=30)}


class OrderFilter(QWidget):
    """``changed`` tells that other orders are wanted; ``query`` says which, ``problem`` what is wrong with it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = OrderChoices()
        self.text = QLineEdit(self)
        self.text.setClearButtonEnabled(True)
        self.text.setMaxLength(LONGEST_TEXT)
        self.more = QToolButton(self)
        self.more.setCheckable(True)
        self.more.setProperty("kind", "button")
        self.market, self.state, self.strategy, self.period = (ChoiceBox(self) for _ in range(4))
        self.begin, self.end = QLineEdit(self), QLineEdit(self)
        self.note = ElidedLabel("warning", 12, self)
        self.note.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(8, 4, 8, 4)
        self._grid.setSpacing(6)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._tell)
        self._fill()
        self._connect()
        self._translate()
        self._place()

    def query(self, now: datetime) -> OrderQuery:
        """What is asked for at ``now``; a date that cannot be read bounds nothing."""
        since, until = self._range(now)
        return OrderQuery(
            text=self.text.text(),
            market=self.market.currentData(),
            state=self.state.currentData() or "",
            strategy=self.strategy.currentData() or "",
            since=since,
            until=until,
        )

    def problem(self) -> str:
        """What is wrong with the time range, in words; empty when nothing is."""
        if self.period.currentData() != Period.RANGE:
            return ""
        begin, end = (read_moment(edit.text(), late) for edit, late in ((self.begin, False), (self.end, True)))
        for edit, moment in ((self.begin, begin), (self.end, end)):
            if edit.text().strip() and moment is None:
                return self.tr("Write a date as 2026-11-20, or with a time as 2026-11-20 09:30.")
        if begin is not None and end is not None and begin >= end:
            return self.tr("The time range ends before it begins.")
        return "" if self.text.text().isprintable() else self.tr("This text cannot be looked for.")

    def is_used(self) -> bool:
        """True while anything is filtered."""
        return bool(self.text.text().strip()) or any(box.currentIndex() > 0 for box in self._boxes())

    def say(self, words: str) -> None:
        """Show trouble below the row; empty words take it away."""
        self.note.show_words(words)
        self.note.setVisible(bool(words))

    def show_choices(self, choices: OrderChoices) -> None:
        """Offer these markets and strategies; what is chosen stays chosen."""
        if choices != self._choices:
            self._choices = choices
            self._fill()
            self._translate()

    def clear(self) -> None:
        """Ask for everything."""
        with QSignalBlocker(self):
            self.text.clear()
            for box in self._boxes():
                box.setCurrentIndex(0)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    # ---- inside -------------------------------------------------------------------------------------------------

    def _boxes(self) -> tuple[QComboBox, ...]:
        return self.market, self.state, self.strategy, self.period

    def _range(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        period = self.period.currentData()
        if period == Period.RANGE:
            return read_moment(self.begin.text()), read_moment(self.end.text(), late=True)
        if period == Period.TODAY:
            return datetime.combine(now.astimezone(KST).date(), time(), KST), None
        length = _LENGTHS.get(period)
        return (None if length is None else now - length), None

    def _fill(self) -> None:
        """Items without their words; the first of each box means any."""
        items: tuple[tuple[QComboBox, list[object]], ...] = (
            (self.market, [None, *self._choices.markets]),
            (self.state, ["", WORKING, *OrderState]),
            (self.strategy, ["", *(name for name, _ in self._choices.strategies)]),
            (self.period, list(Period)),
        )
        for box, values in items:
            chosen = box.currentData()
            with QSignalBlocker(box):
                box.clear()
                for value in values:
                    box.addItem("", value)
                box.setCurrentIndex(values.index(chosen) if chosen in values else 0)

    def _connect(self) -> None:
        self.text.textChanged.connect(lambda: self._typing.start())
        for edit in (self.begin, self.end):
            edit.textChanged.connect(lambda: self._typing.start())
        for box in self._boxes():
            box.currentIndexChanged.connect(self._tell)
        self.more.toggled.connect(self._place)

    def _tell(self) -> None:
        self._typing.stop()
        problem = self.problem()
        self.say(problem)
        for edit in (self.begin, self.end):
            set_look(edit, "wrong", bool(problem))
        self._place()
        self._translate_more()
        if not problem:
            self.changed.emit()

    def _place(self) -> None:
        """One row, or the text and up to two rows of boxes that can be folded away."""
        wide = self.width() >= ONE_ROW
        opened = wide or self.more.isChecked()
        dates = opened and self.period.currentData() == Period.RANGE
        self.more.setVisible(not wide)
        parts: list[tuple[QWidget, int, int, int]] = [(self.text, 0, 0, 4 if wide else 3), (self.more, 0, 3, 1)]
        for number, box in enumerate(self._boxes()):
            row, column = (0, 4 + 2 * number) if wide else (1 + number // 2, 2 * (number % 2))
            parts.append((box, row, column, 2))
            box.setVisible(opened)
        for number, edit in enumerate((self.begin, self.end)):
            row, column, span = (1, 4 * number, 4) if wide else (3, 2 * number, 2)
            parts.append((edit, row, column, span))
            edit.setVisible(dates)
        parts.append((self.note, 4, 0, 12 if wide else 4))
        for part, row, column, span in parts:
            self._grid.addWidget(part, row, column, 1, span)
        for column in range(12):
            self._grid.setColumnStretch(column, 1 if wide or column < 4 else 0)

    def _translate(self) -> None:
        self.text.setPlaceholderText(self.tr("Order ID, or a part of it"))
        for edit, words in ((self.begin, self.tr("From 2026-11-20")), (self.end, self.tr("To 2026-11-21 09:30"))):
            edit.setPlaceholderText(words)
            edit.setToolTip(self.tr("Korean time; a date alone is its whole day"))
            edit.setAccessibleName(words)
        names = (self.tr("Market"), self.tr("State"), self.tr("Strategy"), self.tr("Time range"))
        first = (self.tr("Any market"), self.tr("Any state"), self.tr("Any strategy"), self.tr("Any time"))
        strategies = dict(self._choices.strategies)
        for box, name, any_of_it in zip(self._boxes(), names, first, strict=True):
            box.setAccessibleName(name)
            box.setToolTip(name)
            box.setItemText(0, any_of_it)
        for box, words_of in ((self.market, _market), (self.state, _state), (self.period, _period)):
            for index in range(1, box.count()):
                box.setItemText(index, words_of(box.itemData(index)))
        for index in range(1, self.strategy.count()):
            self.strategy.setItemText(index, wording.local(strategies[self.strategy.itemData(index)]))
        self.text.setAccessibleName(self.tr("Search by order ID"))
        self.more.setToolTip(self.tr("Filter by market, state, strategy and time"))
        self._translate_more()

    def _translate_more(self) -> None:
        used = sum(box.currentIndex() > 0 for box in self._boxes())
        self.more.setText(self.tr("Filter") + (f" {used}" if used else ""))


def read_moment(words: str, late: bool = False) -> datetime | None:
    """``2026-11-20`` or ``2026-11-20 09:30`` in Korean time; ``late``: a date alone is its end. None: not readable."""
    for pattern in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            moment = datetime.strptime(words.strip(), pattern).replace(tzinfo=KST)
        except ValueError:
            continue
        return moment + timedelta(days=1) if late and pattern == "%Y-%m-%d" else moment
    return None


def _market(market: Market) -> str:
    return market.symbol


def _state(state: str) -> str:
    return translate("OrderFilter", "Working") if state == WORKING else wording.order_state(OrderState(state))


def _period(period: Period) -> str:
    match period:
        case Period.TODAY:
            return translate("OrderFilter", "Today")
        case Period.DAY:
            return translate("OrderFilter", "Last 24 hours")
        case Period.WEEK:
            return translate("OrderFilter", "Last 7 days")
        case Period.MONTH:
            return translate("OrderFilter", "Last 30 days")
        case _:
            return translate("OrderFilter", "From … to …")
