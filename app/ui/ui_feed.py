"""From the bus to the screen: events are gathered by key and told to the widgets about ten times a second.

The feed only stores and sets flags when an event arrives, so it never holds up the engine. Its dictionaries are the
read model of the screen; they are built from events alone, so the screen shows what the engine said and nothing else.
"""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.alert import NoticeChanged
from app.domain.breaker import BreakerChanged
from app.domain.dead_letter import DeadLetterAdded, DeadLetterSettled
from app.domain.drill import DrillEnded, DrillMoved
from app.domain.emergency import EmergencyPreview, LiquidationRun
from app.domain.instruction import InstructionChanged
from app.domain.kill import KillMarked, UnlockAttempted
from app.domain.loss import LossMarked
from app.domain.market_data import Book, Ticker, Trade
from app.domain.messages import (
    JOURNALED,
    AccountMarked,
    AlertRaised,
    CandlesLoaded,
    CandleUpdated,
    CommandRefused,
    EmergencyPreviewed,
    Event,
    FillBooked,
    LimitUsage,
    LiquidationChanged,
    MarketsListed,
    OrderChanged,
    PositionChanged,
    PositionMarked,
    QueueStatus,
    Reconciled,
    StreamStateChanged,
    TradingStateChanged,
    VenueStatus,
)
from app.domain.promotion import PromotionOverridden
from app.domain.values import Market, TradingState
from app.engine.event_bus import EventBus
from app.ui.read_model import CHART_SECONDS, ReadModel

PERIOD_MS = 100
PROMPT_MS = 16


class UiFeed(QObject):
    """What widgets listen to. Signals carry keys; the values are read from the dictionaries of the feed.

    A period of 100 ms has three thirds: table (marks, account, tickers, books), chart (candles) and log (orders,
    fills, timeline). What a person waits for (states, alerts, refusals) is told within 16 ms.
    """

    positions_changed = Signal(list)
    """Identifiers of positions with a new state; told promptly."""
    marks_changed = Signal(list)
    """Identifiers of positions with new live figures."""
    orders_changed = Signal(list)
    instructions_changed = Signal(list)
    """Identifiers of orders with a new state."""
    fill_booked = Signal(object)
    """FillBooked, one by one, oldest first."""
    account_marked = Signal(object)
    """AccountMarked, the newest one."""
    limits_used = Signal(object)
    """LimitUsage, the newest one."""
    loss_marked = Signal(object)
    """LossMarked, the newest one."""
    market_ticked = Signal(list)
    """Markets with a new trade or ticker."""
    book_changed = Signal(object)
    """Market with a new book."""
    candle_updated = Signal(list)
    """List of CandleUpdated of one-minute bars, the newest one per bar, oldest bar first."""
    candles_loaded = Signal(object)
    """CandlesLoaded of one-minute bars; the bars are in ``candles`` already; told promptly."""
    timeline = Signal(list)
    """Journaled events, oldest first."""
    trading_state_changed = Signal(object)
    """TradingStateChanged; told promptly."""
    kill_marked = Signal(object)
    """KillMarked; told promptly."""
    unlock_attempted = Signal(object)
    """UnlockAttempted; told promptly."""
    liquidation_changed = Signal(object)
    """LiquidationChanged; told promptly."""
    previewed = Signal(object)
    """EmergencyPreviewed, the newest one."""
    venue_status = Signal(object)
    """VenueStatus, the newest one of a venue."""
    queue_status = Signal(object)
    """QueueStatus, the newest one of a venue."""
    stream_changed = Signal(object)
    """StreamStateChanged; told promptly."""
    markets_listed = Signal(object)
    """MarketsListed; told promptly."""
    alert_raised = Signal(object)
    """AlertRaised; told promptly."""
    command_refused = Signal(object)
    """CommandRefused; told promptly."""
    reconciled = Signal(object)
    """Reconciled; told promptly."""
    drill_moved = Signal(object)
    """DrillMoved; told promptly."""
    drill_ended = Signal(object)
    """DrillEnded; told promptly. The newest ones are in ``model.drills``."""
    breaker_changed = Signal(object)
    """BreakerChanged; told promptly. The last word on each group is in ``breakers``."""
    dead_letters_changed = Signal(list)
    """Ids of dead letters that came or went; those there are, are in ``dead_letters``."""
    notices_changed = Signal(object)
    """NoticeChanged; told promptly. All notices are in ``model.notices``."""
    promotion_overridden = Signal(object)
    """PromotionOverridden; told promptly."""
    selection_changed = Signal(object, object)
    """Market and position id (None: no position); the market is None before the first selection."""

    def __init__(
        self, bus: EventBus, parent: QObject | None = None, clock: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(parent)
        self.clock: Callable[[], datetime] = clock or (lambda: datetime.now(UTC))
        self.model = ReadModel()
        self.positions = self.model.positions
        self.marks = self.model.marks
        self.orders = self.model.orders
        self.fills = self.model.fills
        self.books = self.model.books
        self.tickers = self.model.tickers
        self.trades = self.model.trades
        self.candles = self.model.candles
        self.infos = self.model.infos
        self.breakers = self.model.breakers
        self.dead_letters = self.model.dead_letters
        self.constraints = self.model.constraints
        self.market: Market | None = None
        self.position_id: str | None = None
        self._journaled = frozenset(JOURNALED)
        self._sorters: dict[type, Callable[[Any], None]] = self._make_sorters()
        self._urgent_positions: dict[str, None] = {}
        self._urgent: deque[tuple[str, object]] = deque()
        self._gathered: dict[str, dict[object, object]] = {}
        self._fills: deque[FillBooked] = deque()
        self._events: deque[Event] = deque()
        self._third = 0
        self._prompt_timer = QTimer(self)
        self._prompt_timer.setSingleShot(True)
        self._prompt_timer.setInterval(PROMPT_MS)
        self._prompt_timer.timeout.connect(self.flush_prompt)
        self._period_timer = QTimer(self)
        self._period_timer.setInterval(PERIOD_MS // 3)
        self._period_timer.timeout.connect(self._next_third)
        self._unsubscribe = bus.subscribe(self.take)

    # ---- scalars of the read model ------------------------------------------------------------------------------

    @property
    def account(self) -> AccountMarked | None:
        """Newest figures of the account."""
        return self.model.account

    @property
    def trading_state(self) -> TradingState:
        """What may leave, as the engine said last."""
        return self.model.trading_state

    @property
    def preview(self) -> EmergencyPreview | None:
        """What the emergency control would do now."""
        return self.model.preview

    @property
    def run(self) -> LiquidationRun | None:
        """The newest emergency run."""
        return self.model.run

    # ---- doors --------------------------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """Store one event and remember what to tell; this is the subscriber of the bus."""
        self.model.apply(event)
        kind = type(event)
        sorter = self._sorters.get(kind)
        if sorter is not None:
            sorter(event)
        # What a notice is about has its own line; that somebody acknowledged it is news.
        if kind in self._journaled and not (isinstance(event, NoticeChanged) and event.notice.is_open):
            self._events.append(event)
        if not self._period_timer.isActive():
            self._period_timer.start()

    def replay(self, events: Iterable[Event]) -> None:
        """Take what the journal knew, before the first event of this run, and tell it at once."""
        for event in events:
            self.take(event)
        self.flush()

    def select(self, market: Market, position_id: str | None = None) -> None:
        """Show this market, and this position in it, everywhere."""
        if (market, position_id) != (self.market, self.position_id):
            self.market, self.position_id = market, position_id
            self.selection_changed.emit(market, position_id)

    def close(self) -> None:
        """Stop listening and telling."""
        self._unsubscribe()
        self._prompt_timer.stop()
        self._period_timer.stop()

    def flush(self) -> None:
        """Tell everything that has gathered now."""
        self.flush_prompt()
        self.flush_table()
        self.flush_chart()
        self.flush_log()

    # ---- telling ------------------------------------------------------------------------------------------------

    def flush_prompt(self) -> None:
        """Tell states, alerts and answers."""
        if self._urgent_positions:
            ids = list(self._urgent_positions)
            self._urgent_positions.clear()
            self.positions_changed.emit(ids)
        while self._urgent:
            name, event = self._urgent.popleft()
            getattr(self, name).emit(event)

    def flush_table(self) -> None:
        """Tell marks, account, prices and books."""
        for name in ("marks_changed", "market_ticked"):
            keys = self._take(name)
            if keys:
                getattr(self, name).emit(list(keys))
        for market in self._take("book_changed"):
            self.book_changed.emit(market)
        for name in ("account_marked", "limits_used", "loss_marked", "previewed", "venue_status", "queue_status"):
            for event in self._take(name).values():
                getattr(self, name).emit(event)

    def flush_chart(self) -> None:
        """Tell bars."""
        bars = self._take("candle_updated")
        if bars:
            self.candle_updated.emit(list(bars.values()))

    def flush_log(self) -> None:
        """Tell orders, fills and the timeline."""
        for name in ("orders_changed", "instructions_changed", "dead_letters_changed"):
            keys = self._take(name)
            if keys:
                getattr(self, name).emit(list(keys))
        while self._fills:
            self.fill_booked.emit(self._fills.popleft())
        if self._events:
            events = list(self._events)
            self._events.clear()
            self.timeline.emit(events)

    def _next_third(self) -> None:
        self._third = (self._third + 1) % 3
        (self.flush_table, self.flush_chart, self.flush_log)[self._third]()
        if not self._gathered and not self._fills and not self._events:
            self._period_timer.stop()

    # ---- gathering ----------------------------------------------------------------------------------------------

    def _take(self, name: str) -> dict[object, object]:
        return self._gathered.pop(name, {})

    def _gather(self, name: str, key: object, event: object) -> None:
        self._gathered.setdefault(name, {})[key] = event

    def _hurry(self, name: str, event: object) -> None:
        self._urgent.append((name, event))
        self._arm_prompt()

    def _arm_prompt(self) -> None:
        if not self._prompt_timer.isActive():
            self._prompt_timer.start()

    def _on_position(self, event: PositionChanged) -> None:
        self._urgent_positions[event.position.position_id] = None
        self._arm_prompt()

    def _on_candle(self, event: CandleUpdated) -> None:
        candle = event.candle
        if candle.seconds == CHART_SECONDS:
            self._gather("candle_updated", (candle.market, candle.opened_at), event)

    def _on_candles(self, event: CandlesLoaded) -> None:
        if event.seconds == CHART_SECONDS:
            self._hurry("candles_loaded", event)

    def _make_sorters(self) -> dict[type, Callable[[Any], None]]:
        gather, hurry = self._gather, self._hurry
        return {
            Trade: lambda e: gather("market_ticked", e.market, e),
            Ticker: lambda e: gather("market_ticked", e.market, e),
            Book: lambda e: gather("book_changed", e.market, e),
            PositionMarked: lambda e: gather("marks_changed", e.position_id, e),
            AccountMarked: lambda e: gather("account_marked", None, e),
            LimitUsage: lambda e: gather("limits_used", None, e),
            LossMarked: lambda e: gather("loss_marked", None, e),
            EmergencyPreviewed: lambda e: gather("previewed", None, e),
            VenueStatus: lambda e: gather("venue_status", e.venue, e),
            QueueStatus: lambda e: gather("queue_status", e.venue, e),
            OrderChanged: lambda e: gather("orders_changed", e.order.order_id, e),
            InstructionChanged: lambda e: gather("instructions_changed", e.instruction.instruction_id, e),
            FillBooked: lambda e: self._fills.append(e),
            CandleUpdated: self._on_candle,
            CandlesLoaded: self._on_candles,
            PositionChanged: self._on_position,
            TradingStateChanged: lambda e: hurry("trading_state_changed", e),
            KillMarked: lambda e: hurry("kill_marked", e),
            UnlockAttempted: lambda e: hurry("unlock_attempted", e),
            LiquidationChanged: lambda e: hurry("liquidation_changed", e),
            DrillMoved: lambda e: hurry("drill_moved", e),
            DrillEnded: lambda e: hurry("drill_ended", e),
            StreamStateChanged: lambda e: hurry("stream_changed", e),
            MarketsListed: lambda e: hurry("markets_listed", e),
            AlertRaised: lambda e: hurry("alert_raised", e),
            CommandRefused: lambda e: hurry("command_refused", e),
            Reconciled: lambda e: hurry("reconciled", e),
            BreakerChanged: lambda e: hurry("breaker_changed", e),
            NoticeChanged: lambda e: hurry("notices_changed", e),
            PromotionOverridden: lambda e: hurry("promotion_overridden", e),
            DeadLetterAdded: lambda e: gather("dead_letters_changed", e.letter.dead_letter_id, e),
            DeadLetterSettled: lambda e: gather("dead_letters_changed", e.dead_letter_id, e),
        }
