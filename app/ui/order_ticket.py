"""The order ticket: buy or sell by hand, at once or when a condition is met; and the form in which one is changed."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.instruction import (
    AmendInstruction,
    Condition,
    ConditionKind,
    Instruction,
    OrderDraft,
    PlaceInstruction,
)
from app.domain.limits import TradingLimits
from app.domain.messages import CommandRefused, Message
from app.domain.money import ZERO
from app.domain.values import Market, OrderType, Side
from app.ui import wording
from app.ui.confirm_strip import ConfirmStrip
from app.ui.formats import krw
from app.ui.panel import label, set_description, set_role, set_tip, set_words
from app.ui.ticket_answers import TicketAnswers
from app.ui.ticket_check import TicketCheck, check_ticket
from app.ui.ticket_depth import TicketDepth, room_within
from app.ui.ticket_fields import TicketFields
from app.ui.ticket_form import Ticket, TicketForm
from app.ui.ticket_room import free_volume, most_money, position_in
from app.ui.ui_feed import UiFeed

PATIENCE_MS = 10_000
RECHECK_MS = 500
WIDTH = 460


class OrderTicket(QDialog):
    """Not modal: the stop button works with the ticket open. One click is one order; the engine answers."""

    def __init__(
        self,
        post: Callable[[Message], None],
        new_command_id: Callable[[], str],
        limits: TradingLimits,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._post, self._new_id, self._limits = post, new_command_id, limits
        self._feed: UiFeed | None = None
        self._amends: Instruction | None = None
        self._answers = TicketAnswers()
        self._answer = ""
        self.buy_button, self.sell_button = self._side_button("buy"), self._side_button("sell")
        self.fields = TicketFields(self)
        self.room = TicketDepth(self)
        self.estimate = label("dim", size=12, figures=True)
        self.message = label("warning", size=12)
        for words in (self.estimate, self.message):
            words.setWordWrap(True)
            words.setAlignment(Qt.AlignmentFlag.AlignTop)
            words.setMinimumHeight(34)
        self.send_button = QPushButton(self)
        self.send_button.setObjectName("ticket_send")
        self.send_button.setProperty("kind", "primary")
        self.close_button = QPushButton(self)
        self.confirm = ConfirmStrip("ticket_confirm", self)
        self._arrange()
        self._connect()
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow markets, prices and answers from now on."""
        self._feed = feed
        feed.markets_listed.connect(lambda _: self.fields.market_box.set_infos(feed.infos.values()))
        feed.instructions_changed.connect(self._moved)
        feed.command_refused.connect(self._refused)
        self.fields.market_box.set_infos(feed.infos.values())

    def open_fresh(self, market: Market | None = None) -> None:
        """An empty ticket for ``market``, or for the selected one."""
        self._amends = None
        if market is None and self._feed is not None:
            market = self._feed.market
        self.buy_button.setChecked(True)
        self.fields.clear()
        self.fields.market_box.choose(market)
        self._present(self.fields.amount)

    def open_amend(self, instruction: Instruction) -> None:
        """The same form with one instruction in it; what cannot be changed is locked."""
        self._amends = instruction
        button = self.buy_button if instruction.draft.side is Side.BUY else self.sell_button
        button.setChecked(True)
        self.fields.fill(instruction)
        self._present(self.fields.first_amendable(instruction))

    def form(self) -> TicketForm:
        """What is filled in."""
        side = Side.BUY if self.buy_button.isChecked() else Side.SELL
        return self.fields.form(side, self._amends)

    def check(self) -> TicketCheck | None:
        """Look again at what is in the way, and say it; None before the first event."""
        if self._feed is None:
            return None
        form = self.form()
        protected = position_in(form.market, self._feed.model) is not None
        rules = None if form.market is None else self._feed.constraints.get(form.market)
        self.fields.adapt(form, "" if rules is None else rules.base, protected)
        model, now = self._feed.model, self._feed.clock()
        check = check_ticket(self.form(), model, self._limits, now)
        depth = None if form.market is None else model.depths.get(form.market)
        self.room.show_market(form, depth, room_within(form, model, self._limits, now))
        self.fields.show_problems(check.problems, quiet=not form.size.strip())
        self.send_button.setEnabled(not check.problems and not self._answers.waits_for)
        if self.confirm.isVisible() and check.problems:
            self.confirm.cancel()
        self._say(check)
        return check

    def send(self) -> None:
        """Post what is filled in; an unusual size or price is asked about first."""
        check = self.check()
        if check is None or check.problems or self._answers.waits_for or self.confirm.isVisible():
            return
        if not check.question:
            self._post_order(check)
            return
        for button in (self.send_button, self.close_button):
            button.hide()
        self.confirm.ask(check.question, self.send_button.text(), lambda: self._post_order(check))

    def fill_most(self) -> None:
        """As much as there is: what is free to sell, or the free cash without the fee."""
        form, feed = self.form(), self._feed
        if feed is None or form.market is None:
            return
        rules, account = feed.constraints.get(form.market), feed.account
        position = position_in(form.market, feed.model)
        if form.side is Side.SELL and position is not None:
            self.fields.amount.edit.setText(f"{max(free_volume(position, feed.model), ZERO):f}")
        elif form.by_money and rules is not None and account is not None:
            most = most_money(form.market, rules, account.cash_free, feed.model, self._limits)
            self.fields.amount.edit.setText(krw(most))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.send()
            event.accept()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._recheck.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._recheck.stop()
        self.confirm.cancel()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self.confirm.cancel()  # its question is in the other language
            self.check()
        super().changeEvent(event)

    def _side_button(self, side: str) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(f"ticket_{side}")
        button.setProperty("kind", "segment")
        button.setProperty("side", side)
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setMinimumHeight(32)
        return button

    def _arrange(self) -> None:
        sides, answers = QHBoxLayout(), QHBoxLayout()
        self._sides = QButtonGroup(self)
        for button in (self.buy_button, self.sell_button):
            self._sides.addButton(button)
            sides.addWidget(button, 1)
        answers.addWidget(self.confirm, 1)
        answers.addWidget(self.close_button)
        answers.addWidget(self.send_button, 1)
        for button in (self.close_button, self.send_button):
            button.setAutoDefault(False)
            button.setMinimumHeight(32)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addLayout(sides)
        column.addWidget(self.fields)
        column.addWidget(self.room)
        column.addWidget(self.estimate)
        column.addWidget(self.message)
        column.addLayout(answers)
        self.setMinimumWidth(WIDTH)

    def _connect(self) -> None:
        self._sides.buttonToggled.connect(lambda _, on: self._side_changed() if on else None)
        self.fields.edited.connect(self._edited)
        self.room.fill_wanted.connect(self.fields.amount.edit.setText)
        self.fields.most_button.clicked.connect(self.fill_most)
        self.send_button.clicked.connect(self.send)
        self.close_button.clicked.connect(self.hide)
        self.confirm.closed.connect(self._show_buttons)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._no_answer)
        self._recheck = QTimer(self)
        self._recheck.setInterval(RECHECK_MS)
        self._recheck.timeout.connect(self.check)

    def _present(self, first: QWidget) -> None:
        self._answers.expect()
        self._answer = ""
        self._lock()
        self.check()
        self.show()
        self.raise_()
        self.activateWindow()
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lock(self) -> None:
        fresh = self._amends is None
        for button in (self.buy_button, self.sell_button):
            button.setEnabled(fresh)
        self._translate()

    def _side_changed(self) -> None:
        if self._amends is None:
            self.fields.amount.edit.clear()
        self._edited()

    def _edited(self) -> None:
        self._answer = ""
        self.confirm.cancel()
        self.check()

    def _show_buttons(self) -> None:
        for button in (self.close_button, self.send_button):
            button.show()
        self.send_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _post_order(self, check: TicketCheck) -> None:
        form, ticket = self.form(), check.ticket
        if self._amends is not None:
            self._wait(self._amends.instruction_id, change=ticket)
            self._post(_amendment(self._amends, ticket.draft, ticket.condition))
        elif form.market is not None:
            first = self._new_id()
            group = "" if ticket.alternative is None else first
            place = PlaceInstruction(
                first, form.market, ticket.draft, ticket.condition, ticket.exits, group, ticket.plan
            )
            self._wait(f"i-{first}")
            self._post(place)
            if ticket.alternative is not None:
                stop = OrderDraft(Side.SELL, OrderType.MARKET, volume=ticket.draft.volume)
                below = Condition(ConditionKind.AT_OR_BELOW, price=ticket.alternative)
                second = self._new_id()
                self._wait(f"i-{first}", f"i-{second}")
                self._post(PlaceInstruction(second, form.market, stop, below, group=group))
        self.check()

    def _wait(self, *instruction_ids: str, change: Ticket | None = None) -> None:
        self._answers.expect(*instruction_ids, change=change)
        self._answer = ""
        self._patience.start()

    def _moved(self, ids: list[str]) -> None:
        if set(ids) & set(self._answers.waits_for):
            self._follow_answers()

    def _refused(self, event: CommandRefused) -> None:
        # A purchase that opens a position is refused in the name of its start.
        names = (PlaceInstruction.__name__, AmendInstruction.__name__, "StartStrategy")
        if self._answers.waits_for and event.command in names:
            self._answers.refuse(event.refusal)
            self._follow_answers()

    def _follow_answers(self) -> None:
        outcome = None if self._feed is None else self._answers.outcome(self._feed.model.instructions)
        if outcome is None:
            return
        done, words = outcome
        if done and self._amends is None:
            self.fields.amount.edit.clear()
        self._answered(words)
        if done and self._amends is not None:
            self.hide()

    def _no_answer(self) -> None:
        self._answered(self.tr("No answer from the engine yet. Look at the instructions before you try again."))

    def _answered(self, words: str) -> None:
        self._answers.expect()
        self._patience.stop()
        self._answer = words
        self.check()

    def _say(self, check: TicketCheck) -> None:
        set_words(self.estimate, check.estimate)
        words, role = check.first_problem, "warning"
        if self._answers.waits_for:
            words, role = self.tr("Sent, waiting for the engine."), "dim"
        elif self._answer:
            words, role = self._answer, ""
        set_words(self.message, words)
        set_role(self.message, role)
        set_tip(self.send_button, check.first_problem)
        set_description(self.send_button, " ".join(part for part in (check.estimate, words) if part))

    def _translate(self) -> None:
        amends = self._amends is not None
        self.setWindowTitle(self.tr("Change an instruction") if amends else self.tr("Order"))
        self.buy_button.setText(wording.side(Side.BUY))
        self.sell_button.setText(wording.side(Side.SELL))
        self.send_button.setText(self.tr("Change") if amends else self.tr("Send order"))
        self.close_button.setText(self.tr("Close"))
        self.message.setAccessibleName(self.tr("What is in the way"))
        self.estimate.setAccessibleName(self.tr("Estimate"))


def _amendment(before: Instruction, draft: OrderDraft, condition: Condition) -> AmendInstruction:
    """Only the figures that are new."""
    return AmendInstruction(
        before.instruction_id,
        price=None if draft.price == before.draft.price else draft.price,
        volume=None if draft.volume == before.draft.volume else draft.volume,
        trigger_price=None if condition.price == before.condition.price else condition.price,
    )
