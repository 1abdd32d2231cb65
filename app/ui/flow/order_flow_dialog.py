"""The operations panel: what waits to leave, what holds it back, what ended without effect, and how long it takes."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QTabWidget, QVBoxLayout, QWidget

from app.domain.breaker import CallGroup, ResetBreaker, TripBreaker
from app.domain.dead_letter import DeadLetter, RetryDeadLetter
from app.domain.messages import CommandRefused, Message, QueueStatus
from app.ui import wording
from app.ui.confirm_strip import ConfirmStrip
from app.ui.flow.breaker_rows import BreakerRows
from app.ui.flow.dead_letters_table import DeadLettersTable, subject
from app.ui.flow.health_row import HealthRow
from app.ui.flow.latency_view import LatencyView
from app.ui.flow.limit_bars import LimitBars
from app.ui.flow.queue_card import QueueCard
from app.ui.formats import clock
from app.ui.panel import label, rule, set_role, set_words
from app.ui.ui_feed import UiFeed

STALE_AFTER_S = 5.0
CHECK_MS = 1000
_ANSWERS = (RetryDeadLetter.__name__, TripBreaker.__name__, ResetBreaker.__name__)


class OrderFlowDialog(QDialog):
    """Not modal: it may stay open beside the dashboard. It shows what the engine told and asks before it posts."""

    def __init__(
        self, post: Callable[[Message], None], new_command_id: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._post, self._new_id = post, new_command_id
        self._feed: UiFeed | None = None
        self._titles = [label(size=13, bold=True) for _ in range(4)]
        self.health = HealthRow(self)
        self.queue, self.limits, self.breakers = QueueCard(self), LimitBars(self), BreakerRows(self)
        self.letters, self.latency = DeadLettersTable(self), LatencyView(self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.answer = label("dim", size=12)
        self.answer.hide()
        self.told = label("dim", size=12, figures=True)
        self.confirm = ConfirmStrip("flow_confirm", self)
        self._arrange()
        self._connect()
        self._translate()
        self.resize(980, 690)

    def bind(self, feed: UiFeed) -> None:
        """Follow queue, limits, breakers and dead letters from now on; painted only while it is in sight."""
        self._feed = feed
        for told in (feed.queue_status, feed.limits_used, feed.venue_status, feed.breaker_changed):
            told.connect(self._told)
        feed.breaker_changed.connect(lambda _: self._say(""))
        feed.dead_letters_changed.connect(self._letters_moved)
        feed.command_refused.connect(self._refused)

    def show_flow(self) -> None:
        """Show queue, limits, breakers and dead letters."""
        self._present(0)

    def show_latency(self) -> None:
        """Show how long orders take."""
        self._present(1)

    def refresh(self) -> None:
        """Show what the feed knows."""
        feed = self._feed
        if feed is None:
            return
        venue, model = self._venue(), feed.model
        status, told = model.queues.get(venue), model.statuses.get(venue)
        self.queue.show_status(status)
        self.limits.show_usage(model.limits)
        self.breakers.show_breakers(venue, model.breakers, () if told is None else told.calls)
        self.health.show_status(told, feed.clock())
        self.letters.show_letters(model.dead_letters.values())
        self.latency.show_latencies(() if status is None else status.latencies)
        self._show_age(status)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QEvent) -> None:
        self._timer.stop()
        self.confirm.cancel()
        self._say("")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self.confirm.cancel()
            self._say("")
            self.refresh()
        super().changeEvent(event)

    def _arrange(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(4)
        parts = ((left, self.queue), (left, self.breakers), (right, self.limits))
        for title, (column, part) in zip(self._titles, parts, strict=False):
            for item in (title, part):
                item.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
                column.addWidget(item)
            column.addSpacing(12)
        left.addStretch(1)
        right.addStretch(1)
        upper = QHBoxLayout()
        upper.setSpacing(24)
        upper.addLayout(left, 5)
        upper.addLayout(right, 4)
        flow = QWidget(self)
        whole = QVBoxLayout(flow)
        whole.setContentsMargins(16, 12, 16, 4)
        whole.setSpacing(6)
        whole.addWidget(self.health)
        whole.addWidget(rule(flow))
        whole.addLayout(upper)
        whole.addWidget(rule(flow))
        whole.addWidget(self._titles[3])
        whole.addWidget(self.letters, 1)
        self.tabs.addTab(flow, "")
        self.tabs.addTab(self.latency, "")
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 4, 16, 10)
        foot.setSpacing(12)
        foot.addWidget(self.answer)
        foot.addWidget(self.confirm, 100)
        foot.addStretch(1)
        foot.addWidget(self.told)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs, 1)
        column.addLayout(foot)
        self.letters.setMinimumHeight(112)

    def _connect(self) -> None:
        self._timer = QTimer(self)
        self._timer.setInterval(CHECK_MS)
        self._timer.timeout.connect(self._told)
        self.tabs.currentChanged.connect(lambda _: self.confirm.cancel())
        self.breakers.trip_wanted.connect(self._ask_trip)
        self.breakers.reset_wanted.connect(self._ask_reset)
        self.letters.retry_wanted.connect(self._ask_again)

    def _present(self, tab: int) -> None:
        self.tabs.setCurrentIndex(tab)
        self.show()
        self.raise_()
        self.activateWindow()

    def _venue(self) -> str:
        """That of the market in sight; before one is chosen the first one heard of."""
        feed = self._feed
        if feed is None:
            return ""
        if feed.market is not None:
            return feed.market.venue
        return next(iter(feed.model.queues), next(iter(feed.model.statuses), ""))

    def _told(self) -> None:
        if self.isVisible():
            self.refresh()

    def _show_age(self, status: QueueStatus | None) -> None:
        """Old figures are called old; the engine tells them twice a second."""
        if status is None or self._feed is None:
            set_words(self.told, self.tr("nothing told yet"))
            return
        old = (self._feed.clock() - status.checked_at).total_seconds() > STALE_AFTER_S
        words = self.tr("as of {time}, not told since") if old else self.tr("as of {time}")
        set_words(self.told, words.format(time=clock(status.checked_at)))
        set_role(self.told, "warning" if old else "dim")

    # ---- what a person wants ------------------------------------------------------------------------------------

    def _ask_trip(self, group: CallGroup) -> None:
        venue, name = self._venue(), wording.call_group(group)
        question = self.tr("Let no entry leave because of {group}, until it is reset? Exits go on.").format(group=name)
        self._ask(question, self.tr("Trip"), TripBreaker(venue, group, "tripped on the screen"))

    def _ask_reset(self, group: CallGroup) -> None:
        venue, name = self._venue(), wording.call_group(group)
        question = self.tr("Close the breaker of {group} and forget its failures?").format(group=name)
        self._ask(question, self.tr("Reset"), ResetBreaker(venue, group))

    def _ask_again(self, letter: DeadLetter) -> None:
        thing = f"{wording.dead_thing(letter.what)} {subject(letter)}".strip()
        question = self.tr("Do it again, through all checks anew: {thing}?").format(thing=thing)
        self._ask(question, self.tr("Do it again"), RetryDeadLetter(self._new_id(), letter.dead_letter_id))

    def _ask(self, question: str, confirm: str, command: Message) -> None:
        self._say("")
        self.confirm.ask(question, confirm, lambda: self._send(command))

    def _send(self, command: Message) -> None:
        self._say(self.tr("Asked, waiting for the engine."))
        self._post(command)

    def _refused(self, event: CommandRefused) -> None:
        if event.command in _ANSWERS and self.isVisible():
            self._say(self.tr("Not done: {reason}").format(reason=wording.refusal(event.refusal.reason)), "warning")

    def _letters_moved(self, ids: list[str]) -> None:
        self._say("")
        self._told()

    def _say(self, words: str, role: str = "dim") -> None:
        set_words(self.answer, words)
        self.answer.setVisible(bool(words))
        set_role(self.answer, role)

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("Order flow"))
        words = (self.tr("Queue"), self.tr("Circuit breakers"), self.tr("Limits"), self.tr("Ended without effect"))
        for title, word in zip(self._titles, words, strict=True):
            title.setText(word)
        self.tabs.setTabText(0, self.tr("Order flow"))
        self.tabs.setTabText(1, self.tr("How long orders take"))
        self.tabs.tabBar().setAccessibleName(self.tr("Order flow"))
        self.answer.setAccessibleName(self.tr("Answer of the engine"))
