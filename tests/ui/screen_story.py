"""A day on the screen as events: six positions, orders, fills, alerts, a book, bars and an emergency run."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from app.domain.blueprint import LocalText, StrategyBlueprint
from app.domain.constraints import ExchangeConstraints, MarketInfo, TickBand
from app.domain.emergency import (
    EmergencyPreview,
    LineState,
    LiquidationLine,
    LiquidationRun,
    LiquidationStage,
    Residue,
    ResidueKind,
    Unsellable,
)
from app.domain.exit_plan import ExitReason, ExitRules, arm_exit_plan
from app.domain.latency import Stage, StageLatency
from app.domain.limits import TradingLimits
from app.domain.market_data import Book, BookLevel, Candle, Ticker, Trade
from app.domain.messages import (
    AccountMarked,
    AlertRaised,
    CandlesLoaded,
    EmergencyPreviewed,
    Event,
    ExitTriggered,
    FillBooked,
    LiquidationChanged,
    MarketsListed,
    Message,
    OrderChanged,
    PositionChanged,
    PositionMarked,
    QueueStatus,
    Reconciled,
    StreamStateChanged,
    TradingStateChanged,
    VenueStatus,
)
from app.domain.order import Fill, Order, OrderIntent, OrderState
from app.domain.position import Position, PositionState
from app.domain.promotion import PromotionCard
from app.domain.refusal import Refusal
from app.domain.values import Market, OrderType, Priority, Purpose, Side, TradingMode, TradingState
from app.domain.venue_health import HealthFigures, MaintenanceWindow, VenueState
from app.engine.event_bus import EventBus
from app.ui.services import UiServices
from tests.ui.story_alerts import StoryAlerts
from tests.ui.story_archive import StoryArchive, run_now
from tests.ui.story_keys import StoryKeys

NOW = datetime(2026, 11, 20, 2, 42, 7, tzinfo=UTC)
BTC = Market("upbit", "KRW-BTC")
D = Decimal


def blueprint(ident: str, version: int, ko: str, en: str, description: tuple[str, str]) -> StrategyBlueprint:
    return StrategyBlueprint(
        schema=1,
        id=ident,
        version=version,
        name=LocalText(ko, en),
        description=LocalText(*description),
        timeframe="1m",
        warmup_bars=50,
        entry_when="close > highest(20)",
        default_budget=D(3_000_000),
        exits=ExitRules(stop_loss_percent=D("0.85"), take_profit_percent=D("3.5"), trailing_stop_percent=D("1.2")),
    )


BREAKOUT = blueprint(
    "trend-breakout",
    3,
    "추세 돌파",
    "Trend breakout",
    (
        "최근 20봉의 고가를 넘어서 마감하고 추세가 위를 향하면 매수합니다. 수익은 추적 손절이 따라갑니다.",
        "Buys a close above the high of the last 20 bars while the trend points up. A trailing stop follows the gain.",
    ),
)
REVERSION = blueprint(
    "rsi-mean-reversion",
    2,
    "RSI 평균 회귀",
    "RSI mean reversion",
    ("너무 빨리 떨어진 가격을 사서 평균으로 돌아오면 팝니다.", "Buys what fell too fast, sells at the mean."),
)
LADDER = blueprint(
    "dca-ladder",
    1,
    "분할 매수",
    "DCA ladder",
    ("바로 사고, 떨어질 때마다 더 삽니다.", "Buys at once and adds on every fall."),
)
BLUEPRINTS = (BREAKOUT, REVERSION, LADDER)
MARKETS = (
    ("KRW-BTC", "비트코인", "Bitcoin", D(159_012_000)),
    ("KRW-ETH", "이더리움", "Ethereum", D(5_482_000)),
    ("KRW-XRP", "리플", "Ripple", D("3312")),
    ("KRW-SOL", "솔라나", "Solana", D(318_450)),
    ("KRW-DOGE", "도지코인", "Dogecoin", D("541.2")),
    ("KRW-ADA", "에이다", "Cardano", D("1284")),
    ("KRW-AVAX", "아발란체", "Avalanche", D(48_120)),
)


@dataclass
class StoryHalt:
    """HaltDoor of a made-up terminal; ``tried`` collects the attempts."""

    has_password: bool = True
    unclean: Refusal | None = None
    seconds: float = 0.0
    trouble: str = ""
    tried: list[tuple[str, str]] = field(default_factory=list)

    def obstacle(self) -> Refusal | None:
        return self.unclean

    def wait_s(self) -> float:
        return self.seconds

    async def set_password(self, password: str) -> str:
        self.has_password = not self.trouble
        return self.trouble

    async def change_password(self, present: str, new: str) -> str:
        if not self.trouble:
            self.tried.append((present, new))
        return self.trouble

    async def leave_halt(self, password: str, phrase: str) -> None:
        self.tried.append((password, phrase))


@dataclass
class Story:
    """Services for a window and the events to publish; ``posted`` collects what the screen asks for."""

    profile: Path
    clean: bool = True
    bus: EventBus = field(default_factory=EventBus)
    posted: list[Message] = field(default_factory=list)
    watched: list[tuple[str, str]] = field(default_factory=list)
    now: datetime = NOW
    archive: StoryArchive = field(default_factory=StoryArchive)
    halt: StoryHalt = field(default_factory=StoryHalt)
    alerts: StoryAlerts = field(default_factory=StoryAlerts)
    mode: TradingMode = TradingMode.PRACTICE
    keys: StoryKeys = field(default_factory=StoryKeys)
    cards: tuple[PromotionCard, ...] = ()

    async def promotion(self) -> tuple[PromotionCard, ...]:
        return self.cards

    def services(self) -> UiServices:
        return UiServices(
            post=self.posted.append,
            bus=self.bus,
            blueprints=BLUEPRINTS,
            limits=TradingLimits(),
            mode=self.mode,
            profile=self.profile,
            recovered=(),
            new_command_id=lambda: f"click-{len(self.posted) + 1}",
            watch_market=lambda venue, symbol: self.watched.append((venue, symbol)),
            loop_lag_ms=lambda: 4.1,
            queue_depth=lambda: 0,
            storage_name="SQLite",
            clean_start=self.clean,
            archive=self.archive,
            spawn=run_now,
            halt=self.halt,
            alerts=self.alerts,
            keys=self.keys,
            promotion=self.promotion,
        )

    def clock(self) -> datetime:
        return self.now

    def tell(self, *events: Event) -> None:
        for event in events:
            self.bus.publish(event)

    def tell_all(self) -> None:
        """Everything but the emergency run."""
        self.tell(*listing(), *candles(self.now), *market_data(self.now))
        self.tell(TradingStateChanged(TradingState.DISABLED, TradingState.ENABLED, "enabled on the screen"))
        self.tell(StreamStateChanged("upbit", "public", True), StreamStateChanged("upbit", "private", True))
        self.tell(Reconciled("upbit", ()))
        for position in positions(self.now):
            self.tell(PositionChanged(position, "story"))
        self.tell(*orders_and_fills(self.now))
        for step in range(60):
            self.tell(*marks(self.now - timedelta(seconds=(59 - step) * 6), step), account(self.now, step))
        self.tell(*trouble(), preview(self.now), status(self.now), queue(self.now))


def listing() -> list[Event]:
    infos = tuple(MarketInfo(Market("upbit", name), ko, en) for name, ko, en, _ in MARKETS)
    rules = tuple(
        ExchangeConstraints(
            Market("upbit", name),
            base=name.removeprefix("KRW-"),
            quote="KRW",
            bands=(TickBand(D(2_000_000), D(1000)), TickBand(D(1000), D(1)), TickBand(D(0), D("0.1"))),
            volume_step=D("0.00000001"),
            min_total=D(5000),
            max_total=D(1_000_000_000),
            buy_fee=D("0.0005"),
            sell_fee=D("0.0005"),
        )
        for name, *_ in MARKETS
    )
    return [MarketsListed("upbit", infos, rules)]


def candles(now: datetime) -> list[Event]:
    """A hundred bars that rise with noise to the last price, for every market."""
    events: list[Event] = []
    for name, _, _, last in MARKETS:
        chance = random.Random(name)
        closes = [1 - 0.034 * (1 - n / 99) + 0.0026 * math.sin(n / 6) + chance.gauss(0, 0.0006) for n in range(100)]
        closes = [value / closes[-1] for value in closes]
        bars, before = [], closes[0] * (1 - 0.0004)
        for number, close in enumerate(closes):
            high = max(before, close) * (1 + abs(chance.gauss(0, 0.0004)))
            low = min(before, close) * (1 - abs(chance.gauss(0, 0.0004)))
            figures = [(last * D(f"{value:.6f}")).quantize(D(1)) for value in (before, high, low, close)]
            opened = now.replace(second=0, microsecond=0) - timedelta(minutes=99 - number)
            size = D(f"{abs(chance.gauss(4, 3)):.4f}")
            bars.append(Candle(Market("upbit", name), 60, opened, *figures, volume=size))
            before = close
        events.append(CandlesLoaded(Market("upbit", name), 60, tuple(bars)))
    return events


def market_data(now: datetime) -> list[Event]:
    events: list[Event] = []
    for name, _, _, last in MARKETS:
        market, chance = Market("upbit", name), random.Random(name)
        tick = D(1000) if last > 2_000_000 else D(1)
        seen = now - timedelta(milliseconds=14)
        bids = tuple(BookLevel(last - tick * n, D(f"{chance.uniform(0.05, 1.6):.4f}")) for n in range(15))
        asks = tuple(BookLevel(last + tick * (n + 1), D(f"{chance.uniform(0.05, 1.6):.4f}")) for n in range(15))
        events.append(Book(market, bids, asks, seen, seen))
        low, high = last * D("0.9935"), last * D("1.0014")
        day = (last / D("1.0142"), last * D("0.9963"), high, low)
        rounded = [value.quantize(tick) for value in day]
        events.append(Ticker(market, last, *rounded, D(98_000_000_000), seen, seen))
        events.append(Trade(market, last, D("0.0213"), Side.BUY, seen, seen))
    return events


#: id, market, blueprint, state, minutes ago, invested, profit ratio, exit reason, distance
_POSITIONS = (
    ("p1", 0, BREAKOUT, PositionState.ACTIVE, 60, 3_000_000, "0.0238", ExitReason.STOP_LOSS, "-0.0192"),
    ("p2", 1, REVERSION, PositionState.ACTIVE, 37, 2_000_000, "-0.0094", ExitReason.STOP_LOSS, "-0.0066"),
    ("p3", 2, LADDER, PositionState.ACTIVE, 159, 5_000_000, "0.0172", ExitReason.TRAILING_STOP, "-0.0110"),
    ("p4", 3, BREAKOUT, PositionState.CLOSING, 107, 1_000_000, "0.0124", ExitReason.TRAILING_STOP, "-0.0020"),
    ("p5", 4, REVERSION, PositionState.PAUSED, 215, 2_700_000, "-0.0044", ExitReason.STOP_LOSS, "-0.0141"),
    ("p6", 5, LADDER, PositionState.PENDING, 2, 0, "0", None, "0"),
)


def positions(now: datetime) -> list[Position]:
    found = []
    for ident, number, plan, state, minutes, invested, ratio, reason, _ in _POSITIONS:
        name, _, _, last = MARKETS[number]
        entered = now - timedelta(minutes=minutes, seconds=minutes % 50)
        position = Position(
            ident, Market("upbit", name), plan, D(invested or 3_000_000), state, created_at=entered, updated_at=entered
        )
        if invested:
            entry = (last / (1 + D(ratio))).quantize(D(1))
            position = replace(
                position,
                quantity=(D(invested) / entry).quantize(D("0.00000001")),
                cost=D(invested),
                invested=D(invested),
                entered_at=entered,
                last_entry_price=entry,
                exit_plan=arm_exit_plan(plan.exits, entry, entered, None),
                exit_reason=reason if state is PositionState.CLOSING else None,
            )
        found.append(position)
    return found


def marks(at: datetime, step: int) -> list[Event]:
    events: list[Event] = []
    for ident, number, _, _, _, invested, ratio, reason, distance in _POSITIONS:
        if not invested:
            continue
        drift = math.sin(step / 7 + number * 2) * 0.003 - (59 - step) * float(ratio) / 80
        wave = D(f"{drift:.6f}") if step < 59 else D(0)
        part = D(ratio) + wave
        profit = (D(invested) * part).quantize(D(1))
        price = MARKETS[number][3] * (1 + wave)
        level = None if reason is None else price * (1 + D(distance))
        events.append(PositionMarked(ident, price, at, D(invested) + profit, profit, part, reason, level, D(distance)))
    return events


def account(now: datetime, step: int = 59) -> AccountMarked:
    noise = random.Random(step).gauss(0, 20_000) if step < 59 else 0
    return AccountMarked(
        equity=D(48_216_540) - D(round((59 - step) * 5_300 + noise)),
        cash_free=D(33_377_400),
        cash_locked=D(0),
        exposure_ratio=D("0.308"),
        unrealised=D(139_140),
        realised_today=D(173_340),
        day_profit=D(312_480),
        day_profit_ratio=D("0.0065"),
        daily_loss_used=D("0.18"),
        total_loss_used=D("0"),
        trades_today=8,
        working_orders=2,
        positions=6,
        reconciled=True,
        marked_at=now - timedelta(seconds=(59 - step) * 6),
    )


def orders_and_fills(now: datetime) -> list[Event]:
    events: list[Event] = []
    chance = random.Random(7)
    kinds = (OrderState.FILLED,) * 7 + (OrderState.CANCELLED, OrderState.UNKNOWN, OrderState.PARTIAL, OrderState.OPEN)
    for number, state in enumerate(kinds):
        owner, place = _POSITIONS[number % 5][0], number % 5
        name, _, _, last = MARKETS[place]
        at = now - timedelta(minutes=150 - number * 14, seconds=chance.randint(0, 59))
        side = Side.BUY if number % 3 else Side.SELL
        size = (D(1_000_000) / last).quantize(D("0.00000001"))
        purpose = Purpose.ENTRY if side is Side.BUY else Purpose.EXIT
        intent = OrderIntent(
            owner, Market("upbit", name), side, OrderType.LIMIT, purpose, "story", price=last, volume=size
        )
        done = {OrderState.FILLED: D(1), OrderState.PARTIAL: D("0.62")}.get(state, D(0))
        order = Order(f"gw-1-{number:04d}", intent, state, at, at, filled_volume=size * done)
        events.append(OrderChanged(replace(order, state=OrderState.SENT, filled_volume=D(0)), "sending"))
        events.append(OrderChanged(order, "story"))
        if done:
            fill = Fill(order.order_id, f"t{number}", intent.market, side, last, size * done, D(500), at)
            events.append(FillBooked(fill, owner))
    return events


def trouble() -> list[Event]:
    sol = Market("upbit", "KRW-SOL")
    return [ExitTriggered("p4", sol, ExitReason.TRAILING_STOP, D(318_000))]


def alert() -> AlertRaised:
    return AlertRaised("holding_missing", "KRW-SOL: 0.12 units fewer at the venue than in our books", critical=True)


def preview(now: datetime) -> EmergencyPreviewed:
    return EmergencyPreviewed(EmergencyPreview(5, 1, 2, 5, 2.9, 4.4, (), now, D(14_200_000), D("0.0031"), D(44_020)))


def halted_preview(now: datetime) -> EmergencyPreviewed:
    """One market is closed, and the private stream is down."""
    plan, sol = preview(now).preview, Market("upbit", "KRW-SOL")
    closed = (Unsellable(sol, ResidueKind.HALTED),)
    return EmergencyPreviewed(replace(plan, unsellable=closed, beyond_depth=1, troubles=(ResidueKind.UNREACHABLE,)))


def status(now: datetime) -> VenueStatus:
    heard = now - timedelta(milliseconds=14)
    return VenueStatus("upbit", True, True, heard, 31.0, now, health=health(now))


def health(now: datetime) -> HealthFigures:
    """A venue that is well and closes in three hours."""
    window = MaintenanceWindow(now + timedelta(hours=3), now + timedelta(hours=5))
    checked, heard = now - timedelta(seconds=12), now - timedelta(milliseconds=14)
    figures = (VenueState.UP, "", 31.0, 118.0, False, checked, heard, False, 0.0, 5.0)
    return HealthFigures(*figures, maintenance=window, maintenance_blocks=False)


def queue(now: datetime) -> QueueStatus:
    waiting = tuple((priority, 3 if priority is Priority.ENTRY else 0) for priority in Priority)
    total = StageLatency(Stage.WIRE_TOTAL, 420, 1.84, 4.2, 12.6, 1430.0)
    return QueueStatus("upbit", waiting, 5, 1.2, 0.0, 248.0, (total,), now)


def run(now: datetime, stage: LiquidationStage) -> LiquidationChanged:
    """The emergency run at ``stage``."""
    states: dict[LiquidationStage, Callable[[int], LineState]] = {
        LiquidationStage.CANCELLING: lambda n: LineState.CANCELLING if n < 2 else LineState.WAITING,
        LiquidationStage.SELLING: lambda n: LineState.SOLD if n < 2 else LineState.SELLING,
        LiquidationStage.CONFIRMING: lambda n: LineState.SOLD,
        LiquidationStage.FLAT: lambda n: LineState.DUST if n == 4 else LineState.CONFIRMED,
        LiquidationStage.ATTENTION: lambda n: LineState.STUCK if n == 1 else LineState.CONFIRMED,
    }
    lines = []
    held = [position for position in positions(now) if position.quantity]
    for number, position in enumerate(held):
        state = states[stage](number)
        share = {LineState.SELLING: D("0.4"), LineState.WAITING: D(0), LineState.CANCELLING: D(0)}.get(state, D(1))
        why = ResidueKind.HALTED if state is LineState.STUCK else None
        sold = D(0) if state is LineState.STUCK else (position.quantity * share).quantize(D("0.00000001"))
        lines.append(LiquidationLine(position.position_id, position.market, state, position.quantity, sold, why=why))
    eth = Market("upbit", "KRW-ETH")
    left = (Residue(ResidueKind.HALTED, eth, D("0.3648")),) if stage is LiquidationStage.ATTENTION else ()
    started = now - timedelta(seconds=2.1)
    ended = now + timedelta(seconds=0.6) if stage.is_over else None
    reads = 2 if stage is LiquidationStage.FLAT else 0
    return LiquidationChanged(LiquidationRun("run-1", stage, tuple(lines), started, 2.9, ended, reads, left))
