"""What the screen knows, folded from events alone: the last word per key wins."""

from collections import deque
from collections.abc import Callable
from typing import Any

from app.domain.alert import Notice, NoticeChanged
from app.domain.breaker import BreakerChanged, CallGroup
from app.domain.constraints import ExchangeConstraints, MarketInfo
from app.domain.dead_letter import DeadLetter, DeadLetterAdded, DeadLetterSettled, keep_letter
from app.domain.drill import DrillEnded, DrillRecord, keep_drill
from app.domain.emergency import EmergencyPreview, LiquidationRun, keep_run
from app.domain.heartbeat import TasksMarked
from app.domain.instruction import Instruction, InstructionChanged
from app.domain.kill import KillMark, KillMarked
from app.domain.limits import TradingLimits
from app.domain.loss import LossMarked
from app.domain.market_data import Book, Candle, Ticker, Trade
from app.domain.messages import (
    AccountMarked,
    CandlesLoaded,
    CandleUpdated,
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
    TradingStateChanged,
    VenueStatus,
)
from app.domain.order import Fill, Order
from app.domain.position import Position
from app.domain.promotion import PromotionOverridden
from app.domain.slippage import DepthMarked
from app.domain.values import Market, TradingState
from app.domain.venue_health import MarketTrouble
from app.ui.trails import Trail

MAX_FILLS = 2_000
MAX_CANDLES = 1_000
#: Critical notices kept for the screen; closed ones go first.
MOST_NOTICES = 500
#: The chart aggregates longer bars from these.
CHART_SECONDS = 60


class ReadModel:
    """Plain dictionaries; ``apply`` is called for every event and does as little as it can."""

    def __init__(self) -> None:
        self.positions: dict[str, Position] = {}
        self.marks: dict[str, PositionMarked] = {}
        self.orders: dict[str, Order] = {}
        #: Those of ``orders`` that have not ended.
        self.working: dict[str, Order] = {}
        self.instructions: dict[str, Instruction] = {}
        self.fills: deque[Fill] = deque(maxlen=MAX_FILLS)
        self.books: dict[Market, Book] = {}
        self.tickers: dict[Market, Ticker] = {}
        self.trades: dict[Market, Trade] = {}
        self.candles: dict[Market, list[Candle]] = {}
        self.infos: dict[Market, MarketInfo] = {}
        self.constraints: dict[Market, ExchangeConstraints] = {}
        self.statuses: dict[str, VenueStatus] = {}
        self.queues: dict[str, QueueStatus] = {}
        self.depths: dict[Market, DepthMarked] = {}
        self.reconciled: dict[str, Reconciled] = {}
        #: The last word on each call group of a venue; one that is missing was never anything but closed.
        self.breakers: dict[tuple[str, CallGroup], BreakerChanged] = {}
        #: What can be done again, oldest first.
        self.dead_letters: dict[str, DeadLetter] = {}
        #: Critical notices of this run, and open ones of earlier runs, oldest first.
        self.notices: dict[str, Notice] = {}
        #: Strategies a person let past the gate from paper to live, by hash.
        self.overrides: dict[str, PromotionOverridden] = {}
        self.trading_state = TradingState.DISABLED
        #: The last mark of the kill switch.
        self.mark: KillMark | None = None
        self.account: AccountMarked | None = None
        self.limits: LimitUsage | None = None
        self.losses: LossMarked | None = None
        self.tasks: TasksMarked | None = None
        self.preview: EmergencyPreview | None = None
        self.run: LiquidationRun | None = None
        #: The newest runs of the emergency control, oldest first.
        self.runs: dict[str, LiquidationRun] = {}
        #: The newest fire drills, oldest first.
        self.drills: dict[str, DrillRecord] = {}
        self.trails: dict[str, Trail] = {}
        self.equity_trail = Trail(every_s=5.0)
        self.quotes = 0
        #: Seconds after which the gate refuses a price; the limits say it.
        self.stale_price_s = TradingLimits().stale_price_s
        self._routes = self._make_routes()

    def _make_routes(self) -> dict[type, Callable[[Any], None]]:
        return {
            Trade: self._on_trade,
            Book: self._on_book,
            Ticker: self._on_ticker,
            PositionMarked: self._on_mark,
            AccountMarked: self._on_account,
            LimitUsage: self._on_limits,
            LossMarked: self._on_losses,
            TasksMarked: self._on_tasks,
            PositionChanged: self._on_position,
            OrderChanged: self._on_order,
            InstructionChanged: self._on_instruction,
            FillBooked: self._on_fill,
            CandleUpdated: self._on_candle,
            CandlesLoaded: self._on_candles,
            MarketsListed: self._on_listed,
            VenueStatus: self._on_status,
            QueueStatus: self._on_queue,
            DepthMarked: self._on_depth,
            Reconciled: self._on_reconciled,
            EmergencyPreviewed: self._on_preview,
            LiquidationChanged: self._on_run,
            DrillEnded: self._on_drill,
            TradingStateChanged: self._on_trading_state,
            KillMarked: self._on_mark_of_the_switch,
            BreakerChanged: self._on_breaker,
            DeadLetterAdded: self._on_dead_letter,
            DeadLetterSettled: self._on_letter_settled,
            NoticeChanged: self._on_notice,
            PromotionOverridden: self._on_override,
        }

    def apply(self, event: Event) -> None:
        """Fold one event in; events without lasting content change nothing."""
        route = self._routes.get(type(event))
        if route is not None:
            route(event)

    def trouble_of(self, market: Market) -> MarketTrouble | None:
        """Why a market is taken for halted; None when it is not."""
        status = self.statuses.get(market.venue)
        halted = status.health.halted if status is not None and status.health is not None else ()
        return dict(halted).get(market)

    def live_positions(self) -> list[Position]:
        """Positions that are not closed, oldest first."""
        return [position for position in self.positions.values() if position.is_live]

    def has_exposure(self) -> bool:
        """True while anything is held, or works, or may work, at a venue."""
        return any(p.is_live for p in self.positions.values()) or any(o.is_working for o in self.orders.values())

    def _on_trade(self, event: Trade) -> None:
        self.trades[event.market] = event
        self.quotes += 1

    def _on_book(self, event: Book) -> None:
        self.books[event.market] = event
        self.quotes += 1

    def _on_ticker(self, event: Ticker) -> None:
        self.tickers[event.market] = event
        self.quotes += 1

    def _on_mark(self, event: PositionMarked) -> None:
        self.marks[event.position_id] = event
        trail = self.trails.get(event.position_id)
        if trail is None:
            trail = self.trails[event.position_id] = Trail()
        trail.add(float(event.price), event.priced_at)

    def _on_account(self, event: AccountMarked) -> None:
        self.account = event
        self.equity_trail.add(float(event.equity), event.marked_at)

    def _on_limits(self, event: LimitUsage) -> None:
        self.limits = event

    def _on_losses(self, event: LossMarked) -> None:
        self.losses = event

    def _on_tasks(self, event: TasksMarked) -> None:
        self.tasks = event

    def _on_position(self, event: PositionChanged) -> None:
        position = event.position
        self.positions[position.position_id] = position
        if not position.is_live:
            self.marks.pop(position.position_id, None)

    def _on_order(self, event: OrderChanged) -> None:
        order = event.order
        self.orders[order.order_id] = order
        if order.is_working:
            self.working[order.order_id] = order
        else:
            self.working.pop(order.order_id, None)

    def _on_instruction(self, event: InstructionChanged) -> None:
        self.instructions[event.instruction.instruction_id] = event.instruction

    def _on_fill(self, event: FillBooked) -> None:
        self.fills.append(event.fill)

    def _on_candle(self, event: CandleUpdated) -> None:
        candle = event.candle
        bars = self.candles.get(candle.market)
        if candle.seconds != CHART_SECONDS or bars is None:
            return
        if bars and bars[-1].opened_at == candle.opened_at:
            bars[-1] = candle
        elif not bars or bars[-1].opened_at < candle.opened_at:
            bars.append(candle)
            del bars[:-MAX_CANDLES]

    def _on_candles(self, event: CandlesLoaded) -> None:
        if event.seconds == CHART_SECONDS:
            self.candles[event.market] = list(event.candles[-MAX_CANDLES:])

    def _on_listed(self, event: MarketsListed) -> None:
        self.infos.update((info.market, info) for info in event.infos)
        self.constraints.update((rules.market, rules) for rules in event.constraints)

    def _on_status(self, event: VenueStatus) -> None:
        self.statuses[event.venue] = event

    def _on_queue(self, event: QueueStatus) -> None:
        self.queues[event.venue] = event

    def _on_depth(self, event: DepthMarked) -> None:
        self.depths[event.market] = event

    def _on_reconciled(self, event: Reconciled) -> None:
        self.reconciled[event.venue] = event

    def _on_preview(self, event: EmergencyPreviewed) -> None:
        self.preview = event.preview

    def _on_run(self, event: LiquidationChanged) -> None:
        self.run = event.run
        keep_run(self.runs, event.run)

    def _on_drill(self, event: DrillEnded) -> None:
        keep_drill(self.drills, event.drill)

    def _on_trading_state(self, event: TradingStateChanged) -> None:
        self.trading_state = event.after

    def _on_mark_of_the_switch(self, event: KillMarked) -> None:
        self.mark = event.mark

    def _on_breaker(self, event: BreakerChanged) -> None:
        self.breakers[(event.venue, event.group)] = event

    def _on_dead_letter(self, event: DeadLetterAdded) -> None:
        keep_letter(self.dead_letters, event.letter)

    def _on_override(self, event: PromotionOverridden) -> None:
        self.overrides[event.strategy_hash] = event

    def _on_letter_settled(self, event: DeadLetterSettled) -> None:
        self.dead_letters.pop(event.dead_letter_id, None)

    def _on_notice(self, event: NoticeChanged) -> None:
        self.notices[event.notice.notice_id] = event.notice
        if len(self.notices) > MOST_NOTICES:
            closed = (notice_id for notice_id, notice in self.notices.items() if not notice.is_open)
            self.notices.pop(next(closed, next(iter(self.notices))))
