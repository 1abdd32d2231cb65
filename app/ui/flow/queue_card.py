"""What waits to leave: a figure per priority, calls under way, the longest wait and the next slots."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.messages import QueueStatus
from app.domain.values import Priority
from app.ui import wording
from app.ui.formats import NONE, age, milliseconds
from app.ui.panel import label, set_role, set_words

#: From this wait on it is marked: far longer than the rate limit of any venue makes a call wait.
LONG_WAIT_S = 5.0
_PRIORITIES = tuple(Priority)


class QueueCard(QWidget):
    """Shows the newest QueueStatus; before the first one a dash stands for every figure."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status: QueueStatus | None = None
        self.waiting = {priority: _value() for priority in _PRIORITIES}
        self.in_flight, self.oldest, self.next_exit, self.next_entry = (_value() for _ in range(4))
        values = (*self.waiting.values(), self.in_flight, self.oldest, self.next_exit, self.next_entry)
        self._names = [label("dim", size=11) for _ in values]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        columns = len(_PRIORITIES)
        for number, (name, value) in enumerate(zip(self._names, values, strict=True)):
            row, column = divmod(number, columns)
            grid.addWidget(name, row * 3, column)
            grid.addWidget(value, row * 3 + 1, column)
        grid.setRowMinimumHeight(2, 8)
        for column in range(columns):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 68)
        self._translate()
        self.show_status(None)

    def show_status(self, status: QueueStatus | None) -> None:
        """Show these figures."""
        self._status = status
        counts = dict(status.waiting) if status is not None else {}
        for priority, value in self.waiting.items():
            count = counts.get(priority)
            set_words(value, NONE if count is None else f"{count:,}")
            set_role(value, "" if count else "dim")
        oldest = None if status is None else status.oldest_s
        set_words(self.oldest, age(oldest))
        set_role(self.oldest, "warning" if oldest is not None and oldest >= LONG_WAIT_S else "")
        set_words(self.in_flight, NONE if status is None else f"{status.in_flight:,}")
        set_words(self.next_exit, NONE if status is None else self._slot(status.next_exit_ms))
        set_words(self.next_entry, NONE if status is None else self._slot(status.next_entry_ms))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self.show_status(self._status)
        super().changeEvent(event)

    def _slot(self, wait_ms: float) -> str:
        return milliseconds(wait_ms) if wait_ms >= 1 else self.tr("now")

    def _translate(self) -> None:
        words = [wording.priority(priority) for priority in _PRIORITIES]
        words += [self.tr("Under way"), self.tr("Longest wait"), self.tr("Next exit"), self.tr("Next entry")]
        values = (*self.waiting.values(), self.in_flight, self.oldest, self.next_exit, self.next_entry)
        for name, value, word in zip(self._names, values, words, strict=True):
            name.setText(word)
            value.setAccessibleName(word)
        slot = self.tr("When the venue's rate limit lets the next order leave")
        self.next_exit.setToolTip(slot)
        self.next_entry.setToolTip(slot)


def _value() -> QLabel:
    return label(size=15, figures=True)
