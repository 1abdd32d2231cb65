"""The notices of this run, open ones first, each open one with a button that acknowledges it."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from app.domain.alert import Notice, Severity
from app.ui.activity.cell_delegate import ButtonDelegate
from app.ui.activity.row_model import Column, RowModel
from app.ui.activity.row_table import RowTable
from app.ui.alerts.notice_words import acknowledger, notice_text, notice_title
from app.ui.formats import clock

ACKNOWLEDGE = 0
_ROLES = {Severity.CRITICAL: "danger", Severity.WARNING: "warning", Severity.INFO: "text"}
translate = QCoreApplication.translate


def _one_line(text: str) -> str:
    return " · ".join(text.splitlines())


def _state(notice: Notice) -> str:
    if notice.acknowledged_at is not None:
        words = translate("NoticesTable", "{time} by {who}")
        return words.format(time=clock(notice.acknowledged_at), who=acknowledger(notice.acknowledged_by))
    if notice.reminders:
        return translate("NoticesTable", "told {count} times").format(count=notice.reminders + 1)
    return translate("NoticesTable", "waits for you")


def notice_columns() -> tuple[Column[Notice], ...]:
    """Columns of the table; the whole text in the tool tip."""
    return (
        Column(
            lambda: "",
            lambda notice: translate("NoticesTable", "Acknowledge") if notice.is_open else "",
            "Acknowledge____",
        ),
        Column(lambda: translate("NoticesTable", "Time"), lambda notice: clock(notice.raised_at), "00:00:00"),
        Column(
            lambda: translate("NoticesTable", "Count"),
            lambda notice: f"{notice.count:,}",
            "0,000",
            right=True,
        ),
        Column(
            lambda: translate("NoticesTable", "State"),
            _state,
            "00:00:00 by user 0000000000",
            role=lambda notice: "warning" if notice.is_open else "dim",
        ),
        Column(
            lambda: translate("NoticesTable", "Notice"),
            lambda notice: _one_line(f"{notice_title(notice)}: {notice_text(notice)}".removesuffix(": ")),
            "Emergency liquidation: something is left, look at it",
            role=lambda notice: _ROLES[notice.severity] if notice.is_open else "dim",
            tip=lambda notice: f"{notice_title(notice)}\n{notice_text(notice)}".strip(),
        ),
    )


class NoticesTable(QWidget):
    """The click only says what is wanted; a row changes when the engine says so."""

    acknowledge_wanted = Signal(str)
    """Identifier of the notice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model: RowModel[Notice] = RowModel(notice_columns(), lambda notice: notice.notice_id, self)
        self.table = RowTable(self)
        self.table.set_rows(self.model)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setItemDelegateForColumn(ACKNOWLEDGE, ButtonDelegate(self.table))
        self.table.setMouseTracking(True)
        self.table.clicked.connect(self._clicked)
        self.table.activated.connect(lambda index: self._ask(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self._translate()

    def show_notices(self, notices: Iterable[Notice]) -> None:
        """Show these, given oldest first: open ones on top, each part newest first."""
        newest = list(notices)[::-1]
        self.model.show([n for n in newest if n.is_open] + [n for n in newest if not n.is_open])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == ACKNOWLEDGE:
            self._ask(index.row())

    def _ask(self, number: int) -> None:
        notice = self.model.row_at(number)
        if notice is not None and notice.is_open:
            self.acknowledge_wanted.emit(notice.notice_id)

    def _translate(self) -> None:
        self.table.setAccessibleName(self.tr("Critical notices"))
        self.table.setAccessibleDescription(self.tr("Enter acknowledges the selected row."))
        self.table.set_empty_text(self.tr("No critical notice."))
