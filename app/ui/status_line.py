"""The line at the bottom: how the program itself is doing."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.domain.breaker import BreakerState
from app.domain.heartbeat import TaskAge
from app.domain.latency import Stage, StageLatency
from app.domain.limits import NEAR
from app.domain.messages import AlertRaised, QueueStatus, Reconciled
from app.domain.values import TradingMode
from app.ui import mode_words, wording
from app.ui.formats import NONE, age, clock, milliseconds
from app.ui.panel import label, set_role, set_words
from app.ui.theme import number_font
from app.ui.ui_feed import UiFeed

SLOW_LOOP_MS = 20.0


class LinkLabel(QLabel):
    """A figure that leads to its details; the keyboard gets there by the command."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFont(number_font(12))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "dim")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class StatusLine(QFrame):
    """Loop delay, quotes a second, orders waiting to leave, how long they take, books; at the right storage and mode.

    What the queue holds and what the way of an order is made of stand in the tooltips; a click shows all of it.
    ``trouble`` names what holds entries back or waits for a person, and is empty most of the time.
    """

    flow_wanted = Signal()
    """The order flow shall be shown."""
    latency_wanted = Signal()
    """How long orders take shall be shown."""

    def __init__(
        self,
        mode: TradingMode,
        storage_name: str,
        loop_lag_ms: Callable[[], float],
        queue_depth: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(28)
        self._mode, self._storage = mode, storage_name
        self._loop_lag_ms, self._queue_depth = loop_lag_ms, queue_depth
        self._feed: UiFeed | None = None
        self._quotes = 0
        self._compared_at: datetime | None = None
        self._agreed = True
        self._journal_failed = False
        self._status: QueueStatus | None = None
        self.loop, self.quotes, self.books = (label("dim", size=12, figures=True) for _ in range(3))
        self.queue, self.way, self.trouble = LinkLabel(), LinkLabel(), LinkLabel()
        self.place = label("dim", size=12)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 2)
        row.setSpacing(16)
        for part in (self.loop, self.quotes, self.queue, self.way, self.books):
            row.addWidget(part)
        row.addWidget(self.trouble)
        row.addStretch(1)
        row.addWidget(self.place)
        set_role(self.trouble, "warning")
        for part, wanted in (
            (self.queue, self.flow_wanted),
            (self.trouble, self.flow_wanted),
            (self.way, self.latency_wanted),
        ):
            part.clicked.connect(wanted)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow the feed from now on."""
        self._feed = feed
        feed.reconciled.connect(self._reconciled)
        feed.queue_status.connect(self._queue_told)
        feed.alert_raised.connect(self._alert)
        feed.breaker_changed.connect(lambda _: self._show_trouble())
        feed.dead_letters_changed.connect(lambda _: self._show_trouble())
        feed.account_marked.connect(lambda _: self._show_books())
        feed.loss_marked.connect(lambda _: self._show_trouble())
        self._timer.start()
        self._show_books()
        self.tick()

    def tick(self) -> None:
        """Show the figures of the last second."""
        lag = self._loop_lag_ms()
        set_words(self.loop, self.tr("event loop delay p99 {lag} ms").format(lag=f"{lag:.1f}"))
        set_role(self.loop, "warning" if lag >= SLOW_LOOP_MS else "dim")
        if self._feed is not None:
            count, self._quotes = self._feed.model.quotes - self._quotes, self._feed.model.quotes
            set_words(self.quotes, self.tr("quotes {count}/s").format(count=f"{count:,}"))
        waiting = self._queue_depth()
        set_words(self.queue, self.tr("orders waiting to leave {count}").format(count=f"{waiting:,}"))
        set_role(self.queue, "warning" if waiting else "dim")
        self._show_queue()
        self._show_trouble()
        for part in self._figures():  # never narrower again: what stands to the right must not move every second
            part.setMinimumWidth(max(part.minimumWidth(), part.sizeHint().width()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            for part in self._figures():
                part.setMinimumWidth(0)
            self._translate()
            self._show_books()
            self.tick()
        super().changeEvent(event)

    def _figures(self) -> tuple[QLabel, ...]:
        return (self.loop, self.quotes, self.queue, self.way)

    def _reconciled(self, event: Reconciled) -> None:
        self._compared_at = self._feed.clock() if self._feed is not None else None
        self._agreed = not event.differences
        self._show_books()

    def _queue_told(self, status: QueueStatus) -> None:
        self._status = status
        self._show_queue()

    def _show_queue(self) -> None:
        status = self._status
        found = {one.stage: one for one in status.latencies} if status is not None else {}
        total = found.get(Stage.WIRE_TOTAL)
        p50, p99 = (milliseconds(total.p50_ms), milliseconds(total.p99_ms)) if total is not None else (NONE, NONE)
        set_words(self.way, self.tr("price to order p50 {p50} · p99 {p99}").format(p50=p50, p99=p99))
        self.way.setToolTip(self._way_tip(list(found.values())))
        self.queue.setToolTip("" if status is None else self._queue_tip(status))

    def _way_tip(self, latencies: list[StageLatency]) -> str:
        head = self.tr("How long orders took since the start of the program: half / 95 of 100 / 99 of 100 / longest")
        figures = self.tr("{stage}: {p50} / {p95} / {p99} / {longest} ({count} orders)")
        lines = [
            figures.format(
                stage=wording.latency_stage(one.stage),
                p50=milliseconds(one.p50_ms),
                p95=milliseconds(one.p95_ms),
                p99=milliseconds(one.p99_ms),
                longest=milliseconds(one.max_ms),
                count=one.count,
            )
            for one in latencies
        ]
        return "\n".join([head, *lines])

    def _queue_tip(self, status: QueueStatus) -> str:
        waiting = [f"{wording.priority(priority)}: {count}" for priority, count in status.waiting]
        lines = [
            self.tr("Waiting: {counts}").format(counts=", ".join(waiting)),
            self.tr("Under way: {count}, longest wait {age}").format(count=status.in_flight, age=age(status.oldest_s)),
            self.tr("The venue's rate limit lets the next exit leave in {exit}, the next entry in {entry}").format(
                exit=milliseconds(status.next_exit_ms), entry=milliseconds(status.next_entry_ms)
            ),
        ]
        return "\n".join(lines)

    def _show_trouble(self) -> None:
        """Counted from the same figures as the order flow shows."""
        model = None if self._feed is None else self._feed.model
        if model is None:
            return
        uses = () if model.limits is None else model.limits.uses
        not_closed = sum(breaker.state is not BreakerState.CLOSED for breaker in model.breakers.values())
        near = sum(use.ratio is not None and use.ratio >= NEAR for use in uses)
        tasks = () if model.tasks is None else model.tasks.tasks
        latched = 0 if model.losses is None else len(model.losses.latched)
        health = [status.health for status in model.statuses.values() if status.health is not None]
        counts = (
            (self.tr("standing still {count}"), sum(task.is_overdue for task in tasks)),
            (self.tr("loss limits reached {count}"), latched),
            (self.tr("venue trouble {count}"), sum(one.holds_back is not None for one in health)),
            (self.tr("halted {count}"), sum(len(one.halted) for one in health)),
            (self.tr("breakers {count}"), not_closed),
            (self.tr("limits {count}"), near),
            (self.tr("undone {count}"), len(model.dead_letters)),
        )
        self.loop.setToolTip(self._tasks_tip(tasks))
        set_role(self.trouble, "danger" if latched or any(task.is_overdue for task in tasks) else "warning")
        set_words(self.trouble, " · ".join(words.format(count=count) for words, count in counts if count))

    def _tasks_tip(self, tasks: tuple[TaskAge, ...]) -> str:
        """Every part that owes a sign of life."""
        late = self.tr("{name}: {age} ago, overdue after {due}")
        fine = self.tr("{name}: {age} ago, at the latest after {due}")
        lines = [
            (late if task.is_overdue else fine).format(name=task.name, age=age(task.age_s), due=age(task.due_s))
            for task in tasks
        ]
        return "\n".join([self.tr("Last sign of life of the parts of the program"), *lines])

    def _alert(self, event: AlertRaised) -> None:
        if event.key == "journal_failed":
            self._journal_failed = True
            self._show_books()

    def _show_books(self) -> None:
        if self._journal_failed:
            set_words(self.books, wording.alert("journal_failed"))
            set_role(self.books, "danger")
            return
        account = None if self._feed is None else self._feed.account
        if account is None or not account.reconciled:
            set_words(self.books, self.tr("journal written · not compared with the venue yet"))
            set_role(self.books, "warning")
            return
        at = NONE if self._compared_at is None else clock(self._compared_at)
        if self._agreed:
            words = self.tr("journal written · compared {time}, in agreement")
        else:
            words = self.tr("journal written · compared {time}, differences found")
        set_words(self.books, words.format(time=at))
        set_role(self.books, "dim" if self._agreed else "warning")

    def _translate(self) -> None:
        self.trouble.setToolTip(
            self.tr(
                "Parts that stand still, loss limits reached, venues that hold entries back, halted markets, circuit"
                " breakers not closed, limits used to 80 % or"
                " more, commands that ended without effect"
            )
        )
        set_words(self.place, f"{self._storage} · {mode_words.trading_mode(self._mode)}")
