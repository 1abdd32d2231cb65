"""Instructions of a person: live ones first; withdraw, pause, resume and amend the selected one."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from app.domain.instruction import (
    CancelInstruction,
    Instruction,
    InstructionState,
    PauseInstruction,
    ResumeInstruction,
)
from app.domain.messages import Message
from app.domain.values import Side
from app.ui import wording
from app.ui.activity.row_model import Column, RowModel
from app.ui.activity.row_table import RowTable
from app.ui.formats import clock, filled_percent, krw, price, volume
from app.ui.instruction_words import ending_tip, note, waits_for
from app.ui.slice_words import algorithm_short, progress_text, progress_tip
from app.ui.ticket_form import AT_A_PRICE
from app.ui.ui_feed import UiFeed

MAX_HISTORY = 500
translate = QCoreApplication.translate

_STATE_ROLES = {
    InstructionState.ARMED: "accent",
    InstructionState.WORKING: "accent",
    InstructionState.PAUSED: "warning",
    InstructionState.DONE: "text",
    InstructionState.FAILED: "danger",
}


def sorted_instructions(instructions: Iterable[Instruction]) -> list[Instruction]:
    """Live ones first, each part newest first; history is cut after 500."""
    newest = sorted(instructions, key=lambda item: (item.created_at, item.instruction_id), reverse=True)
    live = [item for item in newest if item.state.is_live]
    return live + [item for item in newest if not item.state.is_live][:MAX_HISTORY]


def filled_share(instruction: Instruction) -> str:
    """Filled part in percent of the units or of the money, nothing filled is 0 %; slices are counted before it."""
    if instruction.progress is not None:
        return progress_text(instruction)
    draft = instruction.draft
    by_units = draft.volume is not None
    done, wanted = instruction.filled_volume if by_units else instruction.filled_funds, draft.volume or draft.funds
    return filled_percent(done, wanted)


def can_amend(instruction: Instruction) -> bool:
    """True when it runs and has a figure that may be changed: price, units, or the price it waits for.

    What is worked in slices may only wait for another price.
    """
    if instruction.plan is not None:
        return instruction.state is InstructionState.ARMED and instruction.condition.kind in AT_A_PRICE
    changeable = instruction.draft.volume is not None or instruction.condition.kind in AT_A_PRICE
    return instruction.state.is_live and changeable and not instruction.amending


def can_pause(instruction: Instruction) -> bool:
    """True while it waits or works."""
    return instruction.state in (InstructionState.ARMED, InstructionState.WORKING)


def size_text(instruction: Instruction) -> str:
    """Units, or the money of a purchase at market."""
    draft = instruction.draft
    return f"₩{krw(draft.funds)}" if draft.volume is None else volume(draft.volume)


def type_text(instruction: Instruction) -> str:
    """Type of the order, or how it is worked, with its limit."""
    words, limit = wording.order_type(instruction.draft.order_type), instruction.draft.price
    if instruction.plan is not None:
        words = algorithm_short(instruction.plan.algorithm)
    return words if limit is None else f"{words} {price(limit)}"


def _type_tip(instruction: Instruction) -> str:
    """What becomes of what is not filled, where it was said."""
    policy = instruction.draft.policy
    return "" if policy is None else ending_tip(policy.rest)


def instruction_columns(now: Callable[[], datetime]) -> tuple[Column[Instruction], ...]:
    """Columns of the table; ``now`` in UTC."""
    columns: tuple[Column[Instruction], ...] = (
        Column(
            lambda: translate("InstructionsTable", "Market"),
            lambda item: item.market.symbol,
            "KRW-DOGE00",
            tip=lambda item: "\n".join(f"{column.title()}: {column.text(item)}" for column in columns),
        ),
        Column(
            lambda: translate("InstructionsTable", "Side"),
            lambda item: wording.side(item.draft.side),
            "Sell0",
            role=lambda item: "up" if item.draft.side is Side.BUY else "down",
        ),
        Column(
            lambda: translate("InstructionsTable", "State"),
            lambda item: wording.instruction_state(item.state),
            "Withdrawn0",
            role=lambda item: _STATE_ROLES.get(item.state, "dim"),
            tip=note,
        ),
        Column(lambda: translate("InstructionsTable", "Waits for"), waits_for, "Trailing 2.5% → 000,000,000", spare=4),
        Column(
            lambda: translate("InstructionsTable", "Type"), type_text, "Best price 000,000,000", tip=_type_tip, spare=3
        ),
        Column(lambda: translate("InstructionsTable", "Size"), size_text, "₩00,000,000", right=True, spare=2),
        Column(
            lambda: translate("InstructionsTable", "Filled"),
            filled_share,
            "00/00 · 100%",
            right=True,
            spare=1,
            tip=lambda item: progress_tip(item, now()),
        ),
        Column(
            lambda: translate("InstructionsTable", "Since"), lambda item: clock(item.created_at), "00:00:00", spare=6
        ),
        Column(lambda: translate("InstructionsTable", "Note"), note, "The position is paused", tip=note, spare=5),
    )
    return columns


class InstructionsTable(QWidget):
    """Buttons, a menu and keys (Del, Space, F2) only ask the engine; a row changes when the engine says so."""

    amend_wanted = Signal(object)
    """The Instruction to change."""

    def __init__(self, post: Callable[[Message], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._post = post
        self._feed: UiFeed | None = None
        columns = instruction_columns(self._now)
        self.model: RowModel[Instruction] = RowModel(columns, lambda item: item.instruction_id, self)
        self.table = RowTable(self)
        self.table.set_rows(self.model)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.amend_button = QPushButton(self)
        self.pause_button = QPushButton(self)
        self.withdraw_button = QPushButton(self)
        self.withdraw_button.setProperty("kind", "danger")
        self._arrange()
        self._connect()
        self._translate()
        self._update_buttons()

    def bind(self, feed: UiFeed) -> None:
        """Follow the feed from now on."""
        self._feed = feed
        feed.instructions_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read the instructions of the feed again."""
        if self._feed is not None:
            self.model.show(sorted_instructions(self._feed.model.instructions.values()))
            self._update_buttons()

    def selected(self) -> Instruction | None:
        """The instruction of the selected row."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.row_at(rows[0].row()) if rows else None

    def withdraw_selected(self) -> None:
        """Ask to end it."""
        item = self.selected()
        if item is not None and item.state.is_live:
            self._post(CancelInstruction(item.instruction_id))

    def pause_or_resume_selected(self) -> None:
        """Ask to hold it, or to go on with a held one."""
        item = self.selected()
        if item is None or not item.state.is_live:
            return
        paused = item.state is InstructionState.PAUSED
        self._post(ResumeInstruction(item.instruction_id) if paused else PauseInstruction(item.instruction_id))

    def amend_selected(self) -> None:
        """Ask for the form in which it is changed."""
        item = self.selected()
        if item is not None and can_amend(item):
            self.amend_wanted.emit(item)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self._update_buttons()
        super().changeEvent(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        match event.key():
            case Qt.Key.Key_Delete:
                self.withdraw_selected()
            case Qt.Key.Key_Space:
                self.pause_or_resume_selected()
            case Qt.Key.Key_F2:
                self.amend_selected()
            case _:
                return False
        return True

    def show_menu(self, place: QPoint) -> None:
        """What can be done with the row at ``place``."""
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        runs = (self.amend_selected, self.pause_or_resume_selected, self.withdraw_selected)
        for button, run in zip(self._row_buttons(), runs, strict=True):
            action = menu.addAction(button.text(), run)
            action.setEnabled(button.isEnabled())
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _now(self) -> datetime:
        return datetime.now(UTC) if self._feed is None else self._feed.clock()

    def _row_buttons(self) -> tuple[QPushButton, ...]:
        return (self.amend_button, self.pause_button, self.withdraw_button)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(6)
        row.addStretch(1)
        names = ("instruction_amend", "instruction_pause", "instruction_withdraw")
        for button, name in zip(self._row_buttons(), names, strict=True):
            button.setObjectName(name)
            button.setAutoDefault(False)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addLayout(row)

    def _connect(self) -> None:
        self.table.installEventFilter(self)
        self.table.selectionModel().selectionChanged.connect(self._update_buttons)
        self.table.customContextMenuRequested.connect(self.show_menu)
        self.table.doubleClicked.connect(self.amend_selected)
        self.amend_button.clicked.connect(self.amend_selected)
        self.pause_button.clicked.connect(self.pause_or_resume_selected)
        self.withdraw_button.clicked.connect(self.withdraw_selected)

    def _update_buttons(self) -> None:
        item = self.selected()
        paused = item is not None and item.state is InstructionState.PAUSED
        self.pause_button.setText(self.tr("Resume") if paused else self.tr("Pause"))
        self.amend_button.setEnabled(item is not None and can_amend(item))
        self.pause_button.setEnabled(item is not None and (paused or can_pause(item)))
        self.withdraw_button.setEnabled(item is not None and item.state.is_live)

    def _translate(self) -> None:
        self.table.setAccessibleName(self.tr("Instructions"))
        self.table.setAccessibleDescription(self.tr("Delete withdraws, Space pauses or resumes, F2 amends the row."))
        self.table.set_empty_text(self.tr("No instructions yet. Ctrl+O opens the order ticket."))
        self.amend_button.setText(self.tr("Amend"))
        self.withdraw_button.setText(self.tr("Withdraw"))
        self.amend_button.setToolTip(self.tr("Change price or size (F2)"))
        self.pause_button.setToolTip(self.tr("Pause or resume; what it has at the venue is cancelled (Space)"))
        self.withdraw_button.setToolTip(self.tr("End it and cancel what it has at the venue (Del)"))
