"""Positions: what runs, how it stands, what ends it next; and the buttons for the selected one."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.domain.commands import ClosePosition, PausePosition, ResumePosition
from app.domain.messages import CommandRefused, Message
from app.domain.position import Position, PositionState
from app.domain.values import Market
from app.ui.confirm_strip import ConfirmStrip
from app.ui.formats import volume
from app.ui.panel import Panel, set_words
from app.ui.position_delegate import PositionDelegate
from app.ui.position_model import PositionModel
from app.ui.position_view import PositionView
from app.ui.ui_feed import UiFeed

PAUSABLE = (PositionState.PENDING, PositionState.ACTIVE)
CLOSABLE = (PositionState.PENDING, PositionState.ACTIVE, PositionState.PAUSED, PositionState.ERROR)
AGE_CHECK_MS = 1000
PATIENCE_MS = 5000


class PositionTable(Panel):
    """Buttons only ask the engine; a row changes when the engine says so. ``start_wanted``: show the launcher."""

    start_wanted = Signal()

    def __init__(self, post: Callable[[Message], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._post = post
        self._feed: UiFeed | None = None
        self._asked: set[str] = set()
        self.model = PositionModel(self)
        self.delegate = PositionDelegate(self.model, self)
        self.view = PositionView(self.model, self.delegate, self)
        self.start_button = QPushButton(self)
        self.resume_button = QPushButton(self)
        self.pause_button = QPushButton(self)
        self.close_button = QPushButton(self)
        self.close_button.setProperty("kind", "danger")
        names = ("position_start", "position_resume", "position_pause", "position_close")
        for button, name in zip(self._buttons(), names, strict=True):
            button.setObjectName(name)
            button.setAutoDefault(False)
        self.confirm = ConfirmStrip("position_close_confirm", self)
        self._arrange()
        self._connect()
        self._translate()
        self._update_buttons()

    def bind(self, feed: UiFeed) -> None:
        """Follow the positions from now on."""
        self._feed = feed
        self.delegate.source = feed.model
        feed.positions_changed.connect(self._positions_moved)
        feed.marks_changed.connect(lambda ids: self.model.refresh(ids, feed.clock()))
        feed.orders_changed.connect(self._orders_moved)
        feed.selection_changed.connect(self._follow_selection)
        feed.command_refused.connect(self._refused)
        self._age_timer.start()
        self._show_rows()

    def selected(self) -> Position | None:
        """The position of the selected row."""
        rows = self.view.selectionModel().selectedRows()
        if not rows or self._feed is None or rows[0].row() >= len(self.model.rows):
            return None
        return self._feed.positions.get(self.model.rows[rows[0].row()].position_id)

    def pause_selected(self) -> None:
        """Ask to pause the selected position."""
        self._ask(PAUSABLE, lambda position: PausePosition(position.position_id))

    def resume_selected(self) -> None:
        """Ask to resume the selected position."""
        self._ask((PositionState.PAUSED,), lambda position: ResumePosition(position.position_id))

    def close_selected(self) -> None:
        """Ask whether the selected position shall be closed now."""
        position = self.selected()
        if position is None or position.state not in CLOSABLE:
            return
        words = self.tr("Sell {amount} {market} at market now?")
        if not position.quantity:
            words = self.tr("End {market}? Nothing is held; its orders are cancelled.")
        question = words.format(amount=volume(position.quantity), market=position.market.symbol)
        self._show_buttons(False)
        # Kept for this position: selecting another row meanwhile must not redirect the answer.
        target = position.position_id
        self.confirm.ask(question, self.tr("Close now"), lambda: self._send(target, ClosePosition(target)))

    def check_age(self) -> None:
        """Grey out old figures and let closed rows go; called every second."""
        if self._feed is not None:
            self.model.age(self._feed.clock())
            self._count_rows()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self._show_rows()
        super().changeEvent(event)

    def _buttons(self) -> tuple[QPushButton, ...]:
        return (self.start_button, self.resume_button, self.pause_button, self.close_button)

    def _arrange(self) -> None:
        self.header.setFixedHeight(40)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in self._buttons():
            row.addWidget(button)
        self.header_row.addWidget(self.confirm, 100)
        self.header_row.addLayout(row)
        self.body.addWidget(self.view)
        self.setMinimumHeight(150)

    def _connect(self) -> None:
        self.start_button.clicked.connect(self.start_wanted)
        self.resume_button.clicked.connect(self.resume_selected)
        self.pause_button.clicked.connect(self.pause_selected)
        self.close_button.clicked.connect(self.close_selected)
        self.confirm.closed.connect(lambda: self._show_buttons(True))
        self.view.selectionModel().selectionChanged.connect(self._selected)
        for came in (self.model.modelReset, self.model.rowsInserted):
            came.connect(lambda *_: self._mark_row(self._feed.position_id if self._feed else None))
        self._age_timer = QTimer(self)
        self._age_timer.setInterval(AGE_CHECK_MS)
        self._age_timer.timeout.connect(self.check_age)

    def _positions_moved(self, ids: list[str]) -> None:
        self._asked.difference_update(ids)
        if self._feed is not None:
            self.model.update(ids, self._feed.clock())
            self._count_rows()

    def _orders_moved(self, ids: list[str]) -> None:
        """A filled order changes how far a closing position is; only its own row is made again."""
        if self._feed is not None:
            orders = self._feed.orders
            owners = {orders[order_id].intent.position_id for order_id in ids if order_id in orders}
            self.model.refresh(owners, self._feed.clock())

    def _refused(self, event: CommandRefused) -> None:
        self._asked.discard(event.position_id)
        self._update_buttons()

    def _show_rows(self) -> None:
        if self._feed is not None:
            self.model.show(self._feed.model, self._feed.clock())
        self._count_rows()

    def _count_rows(self) -> None:
        if self._feed is not None:
            count = sum(position.is_live for position in self._feed.positions.values())
            set_words(self.note, str(count) if count else "")
        self._update_buttons()

    def _follow_selection(self, market: Market | None, position_id: str | None) -> None:
        self._mark_row(position_id)

    def _mark_row(self, position_id: str | None) -> None:
        row = self.model.row_of(position_id)
        selection = self.view.selectionModel()
        if row is None:
            selection.clearSelection()
        elif self.model.index(row, 0) not in selection.selectedRows():
            flags = QItemSelectionModel.SelectionFlag
            selection.setCurrentIndex(self.model.index(row, 0), flags.ClearAndSelect | flags.Rows)
        self._update_buttons()

    def _selected(self) -> None:
        position = self.selected()
        if position is not None and self._feed is not None:
            self._feed.select(position.market, position.position_id)
        self._update_buttons()

    def _ask(self, states: tuple[PositionState, ...], command: Callable[[Position], Message]) -> None:
        position = self.selected()
        if position is not None and position.state in states and position.position_id not in self._asked:
            self._send(position.position_id, command(position))

    def _send(self, position_id: str, command: Message) -> None:
        """Post once; the buttons wait for the engine's answer, at most five seconds."""
        self._asked.add(position_id)
        self._post(command)
        self._update_buttons()
        QTimer.singleShot(PATIENCE_MS, self, lambda: self._positions_moved([position_id]))

    def _update_buttons(self) -> None:
        position = self.selected()
        waiting = position is None or position.position_id in self._asked
        state = None if position is None or waiting else position.state
        self.resume_button.setEnabled(state is PositionState.PAUSED)
        self.pause_button.setEnabled(state in PAUSABLE)
        self.close_button.setEnabled(state in CLOSABLE)

    def _show_buttons(self, visible: bool) -> None:
        for button in self._buttons():
            button.setVisible(visible)
        if visible:
            self.view.setFocus()

    def _translate(self) -> None:
        self.set_title(self.tr("Active positions"), self.note.text())
        self.start_button.setText(self.tr("Start"))
        self.resume_button.setText(self.tr("Resume"))
        self.pause_button.setText(self.tr("Pause"))
        self.close_button.setText(self.tr("Close now"))
        self.start_button.setToolTip(self.tr("Go to the strategy launcher"))
        self.resume_button.setToolTip(self.tr("Let the selected position go on"))
        self.pause_button.setToolTip(self.tr("Stop entries and strategy exits; protective exits stay armed"))
        self.close_button.setToolTip(self.tr("Cancel its orders and sell what is held, at market"))
        self.view.setAccessibleName(self.tr("Positions"))
        self.view.set_empty_text(
            self.tr("No position is running. Choose a strategy, a market and a budget on the right and press Start.")
        )
