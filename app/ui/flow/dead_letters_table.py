"""Commands and orders that ended without effect, the newest first, each with a button that has it done again."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from app.domain.dead_letter import DeadLetter
from app.engine.dead_letters import can_be_done_again
from app.ui import wording
from app.ui.activity.cell_delegate import ButtonDelegate
from app.ui.activity.row_model import Column, RowModel
from app.ui.activity.row_table import RowTable
from app.ui.formats import clock, krw, price, volume

AGAIN = 0
translate = QCoreApplication.translate


def subject(letter: DeadLetter) -> str:
    """What it was about: side, size and market of an order, market and strategy of a start, or the order's id."""
    parts = ["" if letter.market is None else letter.market.symbol]
    intent = letter.intent
    if intent is not None:
        size = f"₩{krw(intent.funds)}" if intent.volume is None else volume(intent.volume)
        parts += [wording.side(intent.side), size, "" if intent.price is None else price(intent.price)]
    elif letter.budget is not None:
        parts += [letter.strategy, f"₩{krw(letter.budget)}"]
    else:
        parts.append(letter.order_id)
    return " ".join(part for part in parts if part)


def letter_columns() -> tuple[Column[DeadLetter], ...]:
    """Columns of the table; the reason in words, its detail in the tool tip."""
    return (
        Column(
            lambda: "",
            lambda letter: translate("DeadLetters", "Do it again") if can_be_done_again(letter) else "",
            "Do it again____",
        ),
        Column(lambda: translate("DeadLetters", "Time"), lambda letter: clock(letter.at), "00:00:00"),
        Column(
            lambda: translate("DeadLetters", "What"),
            lambda letter: wording.dead_thing(letter.what),
            "Change of an instruction",
        ),
        Column(lambda: translate("DeadLetters", "About"), subject, "KRW-DOGE Sell 000.00000000", tip=subject),
        Column(
            lambda: translate("DeadLetters", "Reason"),
            lambda letter: wording.dead_reason(letter.code),
            "The order would move the price further",
            role=lambda _: "warning",
            tip=lambda letter: f"{wording.dead_reason(letter.code)} {letter.detail}".strip(),
        ),
    )


class DeadLettersTable(QWidget):
    """The click only says what is wanted; a row goes when the engine says so."""

    retry_wanted = Signal(object)
    """The DeadLetter to be done again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model: RowModel[DeadLetter] = RowModel(letter_columns(), lambda letter: letter.dead_letter_id, self)
        self.table = RowTable(self)
        self.table.set_rows(self.model)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setItemDelegateForColumn(AGAIN, ButtonDelegate(self.table))
        self.table.setMouseTracking(True)
        self.table.clicked.connect(self._clicked)
        self.table.activated.connect(lambda index: self._ask(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self._translate()

    def show_letters(self, letters: Iterable[DeadLetter]) -> None:
        """Show these, given oldest first."""
        self.model.show(list(letters)[::-1])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == AGAIN:
            self._ask(index.row())

    def _ask(self, number: int) -> None:
        letter = self.model.row_at(number)
        if letter is not None and can_be_done_again(letter):
            self.retry_wanted.emit(letter)

    def _translate(self) -> None:
        self.table.setAccessibleName(self.tr("Ended without effect"))
        self.table.setAccessibleDescription(self.tr("Enter asks to do the selected row again."))
        self.table.set_empty_text(self.tr("Nothing ended without effect."))
