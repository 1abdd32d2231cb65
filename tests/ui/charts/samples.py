"""Realistic, seeded data for pictures and tests of the charts and lists."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.alert import DailyReport, DailyReported, NoticeChanged, RemoteCommand, RemoteTaken
from app.domain.blueprint import LocalText, StrategyBlueprint
from app.domain.breaker import BreakerChanged, BreakerState, CallGroup
from app.domain.dead_letter import DeadLetter, DeadLetterAdded, DeadLetterSettled, LetterOutcome
from app.domain.drill import DrillEnded, DrillRecord, DrillVerdict
from app.domain.emergency import LineState, LiquidationLine, LiquidationRun, LiquidationStage
from app.domain.exit_plan import ExitReason, ExitRules, arm_exit_plan
from app.domain.instruction import (
    Condition,
    ConditionKind,
    Instruction,
    InstructionChanged,
    InstructionState,
    OrderDraft,
)
from app.domain.kill import KillMark, KillMarked, UnlockAttempted, UnlockOutcome
from app.domain.loss import LossBook, LossBookChanged, LossLimit
from app.domain.market_data import Book, BookLevel, Candle, Ticker
from app.domain.messages import (
    AlertRaised,
    CommandRefused,
    EngineStarted,
    EngineStopped,
    Event,
    ExitTriggered,
    ExternalChangeFound,
    FillBooked,
    IntentRefused,
    LiquidationChanged,
    OrderChanged,
    PositionChanged,
    Reconciled,
    StreamStateChanged,
    TradingStateChanged,
)
from app.domain.order import Fill, Order, OrderIntent, OrderState
from app.domain.position import Position, PositionState
from app.domain.promotion import PromotionOverridden, PromotionRule
from app.domain.refusal import Refusal, RefusalReason
from app.domain.slicing import ExecutionReport, SliceAlgorithm, SlicingReported
from app.domain.slippage import ExecutionMeasured, ImpactClass
from app.domain.values import Market, OrderType, Purpose, Side, TradingState
from tests.ui.story_alerts import notice

BTC, ETH = Market("upbit", "KRW-BTC"), Market("upbit", "KRW-ETH")
NOW = datetime(2026, 11, 20, 2, 42, 7, tzinfo=UTC)

BLUEPRINT = StrategyBlueprint(
    schema=1,
    id="trend_breakout",
    version=3,
    name=LocalText("추세 돌파", "Trend breakout"),
    description=LocalText("", ""),
    timeframe="1m",
    warmup_bars=20,
    entry_when="close > 0",
    default_budget=Decimal(3_000_000),
    exits=ExitRules(
        stop_loss_percent=Decimal("0.85"),
        take_profit_percent=Decimal("1.2"),
        trailing_stop_percent=Decimal("0.6"),
    ),
)


def candles(market: Market = BTC, count: int = 240, now: datetime = NOW, seed: int = 7) -> list[Candle]:
    """One-minute candles up to ``now``: a rising random walk on the tick of 1,000 KRW."""
    chance = random.Random(seed)
    level = 157_900_000.0
    found = []
    start = now.replace(second=0) - timedelta(minutes=count - 1)
    for number in range(count):
        opening = level
        closing = opening + chance.gauss(4_500, 60_000)
        high = max(opening, closing) + abs(chance.gauss(0, 28_000))
        low = min(opening, closing) - abs(chance.gauss(0, 28_000))
        level = closing
        prices = [Decimal(round(value / 1000) * 1000) for value in (opening, high, low, closing)]
        amount = Decimal(f"{chance.expovariate(0.3):.4f}")
        found.append(Candle(market, 60, start + timedelta(minutes=number), *prices, amount))
    return found


def ticker(market: Market, bars: Sequence[Candle], now: datetime = NOW) -> Ticker:
    """Day figures that fit the candles."""
    return Ticker(
        market=market,
        price=bars[-1].close,
        previous_close=bars[0].open - 300_000,
        day_open=bars[0].open,
        day_high=max(bar.high for bar in bars),
        day_low=min(bar.low for bar in bars),
        turnover_24h=Decimal(412_000_000_000),
        venue_time=now,
        received_at=now,
    )


def book(market: Market, middle: Decimal, tick: Decimal = Decimal(1000), now: datetime = NOW, seed: int = 3) -> Book:
    """Fifteen levels on both sides, the best ask at ``middle``."""
    chance = random.Random(seed)

    def level(number: int, direction: int) -> BookLevel:
        return BookLevel(middle + direction * number * tick, Decimal(f"{chance.expovariate(1.4) + 0.003:.4f}"))

    asks = tuple(level(number, 1) for number in range(15))
    bids = tuple(level(number, -1) for number in range(1, 16))
    return Book(market, bids, asks, now, now)


def position(market: Market = BTC, entry: Decimal = Decimal(158_604_000), now: datetime = NOW) -> Position:
    """An active position that holds three million won, its trailing stop armed."""
    quantity = Decimal("0.01891503")
    entered = now - timedelta(minutes=59)
    plan = arm_exit_plan(BLUEPRINT.exits, entry, entered, None)
    return Position(
        position_id=f"pos-{market.symbol}",
        market=market,
        blueprint=BLUEPRINT,
        budget=Decimal(3_000_000),
        state=PositionState.ACTIVE,
        created_at=entered,
        updated_at=now,
        quantity=quantity,
        cost=quantity * entry,
        invested=Decimal(3_000_000),
        entered_at=entered,
        exit_plan=plan,
    )


def order(
    number: int,
    state: OrderState,
    side: Side = Side.BUY,
    price: Decimal | None = Decimal(158_604_000),
    market: Market = BTC,
    filled: str = "0",
    minutes_ago: float = 5,
    now: datetime = NOW,
) -> Order:
    """An order of 0.02 units, or, without a price, a market order."""
    at = now - timedelta(minutes=minutes_ago)
    is_funds = price is None and side is Side.BUY
    intent = OrderIntent(
        position_id=f"pos-{market.symbol}",
        market=market,
        side=side,
        order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
        purpose=Purpose.ENTRY if side is Side.BUY else Purpose.EXIT,
        reason="sample",
        price=price,
        volume=None if is_funds else Decimal("0.02"),
        funds=Decimal(3_000_000) if is_funds else None,
    )
    volume = Decimal(filled)
    return Order(
        order_id=f"gw-{number:012d}",
        intent=intent,
        state=state,
        created_at=at,
        updated_at=at,
        venue_order_id=f"v-{number}",
        filled_volume=volume,
        filled_funds=volume * (price or Decimal(158_604_000)),
    )


def orders(now: datetime = NOW) -> list[Order]:
    """Orders in every state a table must show."""
    return [
        order(1842, OrderState.OPEN, Side.SELL, Decimal(159_500_000), minutes_ago=2, now=now),
        order(1841, OrderState.PARTIAL, Side.BUY, Decimal(158_900_000), filled="0.0124", minutes_ago=3, now=now),
        order(1840, OrderState.UNKNOWN, Side.BUY, None, ETH, minutes_ago=4, now=now),
        order(1839, OrderState.CANCELLING, Side.BUY, Decimal(158_100_000), minutes_ago=6, now=now),
        order(1838, OrderState.FILLED, Side.BUY, None, filled="0.01891503", minutes_ago=59, now=now),
        order(1837, OrderState.CANCELLED, Side.BUY, Decimal(157_900_000), minutes_ago=71, now=now),
        order(1836, OrderState.REJECTED, Side.SELL, Decimal(159_900_000), ETH, minutes_ago=83, now=now),
        order(1835, OrderState.EXPIRED, Side.BUY, Decimal(157_700_000), minutes_ago=90, now=now),
    ]


def fills(now: datetime = NOW) -> list[Fill]:
    """Three fills of KRW-BTC and one of KRW-ETH, oldest first."""
    rows = (
        (Side.BUY, 59.0, "158129000", "0.01891503", BTC),
        (Side.SELL, 33.0, "158631000", "0.00400000", BTC),
        (Side.BUY, 21.0, "5213000", "0.38370000", ETH),
        (Side.BUY, 12.0, "159312000", "0.01240000", BTC),
    )
    return [
        Fill(
            order_id=f"gw-{number:012d}",
            trade_id=f"t-{number}",
            market=market,
            side=side,
            price=Decimal(price),
            volume=Decimal(volume),
            fee=Decimal(price) * Decimal(volume) * Decimal("0.0005"),
            traded_at=now - timedelta(minutes=ago),
        )
        for number, (side, ago, price, volume, market) in enumerate(rows, 1830)
    ]


MEASURED = ExecutionMeasured(
    "gw-1",
    BTC,
    Side.BUY,
    Decimal(158_900_000),
    Decimal(158_950_000) + Decimal(1) / 3,
    Decimal("0.000314663"),
    ImpactClass.LOW,
    NOW,
)


def instruction(now: datetime = NOW) -> Instruction:
    """A stop that has just fired."""
    draft = OrderDraft(Side.SELL, volume=Decimal("0.01"))
    condition = Condition(ConditionKind.AT_OR_BELOW, price=Decimal(158_000_000))
    return Instruction("i-1", "p-1", BTC, draft, condition, InstructionState.WORKING, now, now)


#: A sale of 0.02 BTC that was dearer than the market's average, and cheaper than its beginning.
COST = ExecutionReport(
    Decimal("0.02"), Decimal("0.02"), Decimal(3_180_000), Decimal(1590), Decimal(159_100_000), 600.0,
    Decimal(159_000_000), Decimal(2000), Decimal("6.28536"), Decimal(158_950_000), Decimal(-1000), Decimal("-3.14564"),
    Decimal(159_000_000), Decimal(0), Decimal(0), Decimal(0), Decimal(3590), Decimal("0.042"),
)  # fmt: skip


def journaled(now: datetime = NOW) -> list[Event]:
    """One event of every journaled kind."""
    sample = order(1842, OrderState.SENT, minutes_ago=8, now=now)
    live = position(now=now)
    line = LiquidationLine(live.position_id, BTC, LineState.SOLD, Decimal("0.02"), Decimal("0.02"))
    closed = replace(live, state=PositionState.CLOSED, exit_reason=ExitReason.TRAILING_STOP, realised=Decimal(71_420))
    return [
        EngineStarted(12, "practice", clean=False),
        StreamStateChanged("upbit", "private", up=True),
        Reconciled("upbit", ()),
        TradingStateChanged(TradingState.DISABLED, TradingState.ENABLED, ""),
        OrderChanged(sample, "sending"),
        OrderChanged(order(1840, OrderState.UNKNOWN, minutes_ago=7, now=now), "no_answer"),
        FillBooked(fills(now)[0], live.position_id),
        MEASURED,
        SlicingReported("i-2", live.position_id, BTC, Side.SELL, SliceAlgorithm.TWAP, now, COST),
        PositionChanged(live, "entry_filled"),
        InstructionChanged(instruction(now), "fired"),
        IntentRefused(sample.intent, Refusal(RefusalReason.SPREAD_TOO_WIDE, "0.6 % > 0.5 %")),
        CommandRefused("StartStrategy", Refusal(RefusalReason.TRADING_DISABLED)),
        ExitTriggered(live.position_id, BTC, ExitReason.TRAILING_STOP, Decimal(159_012_000)),
        PositionChanged(closed, "empty"),
        ExternalChangeFound("upbit", "KRW-XRP 120 more than booked"),
        AlertRaised("daily_loss_limit", "2.0 %", critical=True),
        LiquidationChanged(LiquidationRun("run-1", LiquidationStage.CONFIRMING, (line,), now, 0.9)),
        StreamStateChanged("upbit", "public", up=False, detail="no frame for 10 s"),
        Reconciled("upbit", ("KRW-XRP: 120 at the venue, 0 booked",)),
        BreakerChanged("upbit", CallGroup.ORDER, BreakerState.OPEN, "5 of 5 calls failed", now, 10.0),
        DeadLetterAdded(DeadLetter("gw-1", now, "Order", "never_arrived", "time-out", market=BTC)),
        DeadLetterSettled("gw-1", LetterOutcome.RETRIED),
        LossBookChanged(
            LossBook(now, Decimal(50_000_000), Decimal(-9), Decimal(0), Decimal(0), (LossLimit.DAILY,)),
            "acknowledged: a person",
        ),
        KillMarked(KillMark(2, True, "halted on the screen", now, 3, False)),
        UnlockAttempted("unlock-1", UnlockOutcome.WRONG, 1, now),
        NoticeChanged(replace(notice(now), acknowledged_at=now, acknowledged_by="screen"), "acknowledged"),
        RemoteTaken(7, 5, RemoteCommand.KILL, "code"),
        DailyReported(DailyReport(now, 3, 2, Decimal(-12_500), Decimal(1_500), 1)),
        DrillEnded(DrillRecord("drill-1", now, "3f9a1c0b77de", 2, False, DrillVerdict.LATE, took_s=5.2)),
        PromotionOverridden("f" * 64, "trend-breakout v3", (PromotionRule.EDGE,)),
        EngineStopped(12),
    ]


def busy_day(now: datetime = NOW, seed: int = 5) -> list[Event]:
    """Two hours of orders and fills for the timeline, with some trouble in between."""
    chance = random.Random(seed)
    found: list[Event] = []
    for number in range(26):
        ago = chance.uniform(1, 116)
        side = chance.choice((Side.BUY, Side.SELL))
        market = chance.choice((BTC, ETH))
        found.append(OrderChanged(order(number, OrderState.SENT, side, market=market, minutes_ago=ago, now=now), "s"))
        for part in range(chance.choice((0, 1, 1, 2, 5))):
            fill = replace(
                fills(now)[0],
                order_id=f"gw-{number}",
                trade_id=f"{number}-{part}",
                side=side,
                market=market,
                traded_at=now - timedelta(minutes=max(0.2, ago - 0.4 - part * 0.2)),
            )
            found.append(FillBooked(fill, f"pos-{market.symbol}"))
    for number, (state, ago) in enumerate(((OrderState.UNKNOWN, 55), (OrderState.REJECTED, 83))):
        found.append(OrderChanged(order(900 + number, state, minutes_ago=ago, now=now), "x"))
    return found
