"""Events of a small trading day, and hypothesis strategies for days nobody would think of."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from app.domain.alert import (
    DailyReport,
    DailyReported,
    Notice,
    NoticeChanged,
    RemoteCommand,
    RemoteTaken,
    Severity,
    Topic,
)
from app.domain.blueprint import SCHEMA_VERSION, EntryStep, LocalText, StrategyBlueprint
from app.domain.breaker import BreakerChanged, BreakerState, CallGroup
from app.domain.dead_letter import DeadLetter, DeadLetterAdded, DeadLetterSettled, LetterOutcome
from app.domain.drill import DrillEnded, DrillRecord, DrillVerdict
from app.domain.emergency import LineState, LiquidationLine, LiquidationRun, LiquidationStage, Residue, ResidueKind
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
from app.domain.messages import (
    AccountMarked,
    AlertRaised,
    CommandRefused,
    EngineStarted,
    EngineStopped,
    ExitTriggered,
    ExternalChangeFound,
    FillBooked,
    IntentRefused,
    LiquidationChanged,
    OrderChanged,
    PositionChanged,
    Reconciled,
    StateEvent,
    StreamStateChanged,
    TradingStateChanged,
)
from app.domain.order import Fill, Order, OrderIntent, OrderState
from app.domain.position import Position, PositionState
from app.domain.promotion import PromotionOverridden, PromotionRule
from app.domain.refusal import Refusal, RefusalReason
from app.domain.slicing import ExecutionReport, SliceAlgorithm, SlicePlan, SlicingReported
from app.domain.slippage import ExecutionMeasured, ImpactClass, SlippageEstimate
from app.domain.values import Market, OrderType, Purpose, Side, TradingState

NOW = datetime(2026, 11, 20, 3, 4, 5, 678901, tzinfo=UTC)
BTC = Market("upbit", "KRW-BTC")
RULES = ExitRules(stop_loss_percent=Decimal("2.50"), trailing_stop_percent=Decimal(1), max_hold_minutes=90)
BLUEPRINT = StrategyBlueprint(
    schema=SCHEMA_VERSION,
    id="breakout",
    version=3,
    name=LocalText("돌파", "Breakout"),
    description=LocalText("설명", "Text"),
    timeframe="1m",
    warmup_bars=20,
    entry_when="close > highest(20)",
    default_budget=Decimal("100000"),
    exits=RULES,
    steps=(EntryStep(Decimal("40")), EntryStep(Decimal("60"), Decimal("1.5"))),
)
INTENT = OrderIntent(
    "p-1", BTC, Side.BUY, OrderType.LIMIT, Purpose.ENTRY, "signal", Decimal("98765000"), Decimal("0.00101234")
)


def order(order_id: str = "gw-1", state: OrderState = OrderState.OPEN, **changes: object) -> Order:
    made = Order(order_id, INTENT, state, NOW, NOW + timedelta(seconds=1), estimate=WALK)
    return replace(made, **changes)  # type: ignore[arg-type]


def fill(order_id: str = "gw-1", trade_id: str = "t-1", volume: Decimal = Decimal("0.0005")) -> Fill:
    return Fill(order_id, trade_id, BTC, Side.BUY, Decimal("98765000"), volume, Decimal("24.69125"), NOW)


def position(position_id: str = "p-1", state: PositionState = PositionState.ACTIVE, **changes: object) -> Position:
    plan = arm_exit_plan(RULES, Decimal("98765000"), NOW, NOW + timedelta(minutes=90))
    made = Position(position_id, BTC, BLUEPRINT, Decimal("100000"), state, NOW, NOW + timedelta(1), exit_plan=plan)
    return replace(made, **changes)  # type: ignore[arg-type]


def marked(minute: int = 0) -> AccountMarked:
    zero = Decimal(0)
    return AccountMarked(
        Decimal("50000000.5"), Decimal("40000000"), Decimal("10000000"), zero, Decimal("0.5"), zero, Decimal("-3"),
        zero, zero, zero, 1, 1, 1, True, NOW + timedelta(minutes=minute),
    )  # fmt: skip


def instruction(**changes: object) -> Instruction:
    """A stop that waits."""
    draft = OrderDraft(Side.SELL, volume=Decimal("0.001"))
    condition = Condition(ConditionKind.AT_OR_BELOW, price=Decimal("95000000"))
    made = Instruction("i-1", "p-1", BTC, draft, condition, InstructionState.ARMED, NOW, NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


LINE = LiquidationLine("p-1", BTC, LineState.SELLING, Decimal("0.001"), Decimal("0.0004"))
RUN = LiquidationRun("kill-1", LiquidationStage.SELLING, (LINE,), NOW, 2.25, left=(Residue(ResidueKind.DUST),))
DRILL = DrillRecord(
    "drill-1", NOW, "0123456789ab", 3, False, DrillVerdict.LATE, None, 4.25, Decimal("0.0012"), RUN.left, "4.25 s"
)
BREAKER = BreakerChanged("upbit", CallGroup.ORDER, BreakerState.OPEN, "6 of 8 calls failed", NOW, 20.0)
LETTER = DeadLetter("gw-9", NOW, "Order", "under_min_total_bid", "4,999 KRW", "p-1", "gw-9", BTC, "Breakout", INTENT)
REFUSAL = Refusal(RefusalReason.BELOW_MINIMUM, "4999 < 5000")
WALK = SlippageEstimate(
    Side.BUY, Decimal("0.3"), Decimal("29629500.1"), Decimal(98765000), Decimal(98764500), Decimal(98766000),
    Decimal(1), Decimal("0.0123"), ImpactClass.LOW, Decimal("0.00002"), Decimal("0.0001"),
)  # fmt: skip
MEASURED = ExecutionMeasured(
    "gw-1", BTC, Side.BUY, WALK.average_price, Decimal(98766000), Decimal("0.000009"), ImpactClass.LOW, NOW
)
PLAN = SlicePlan(SliceAlgorithm.TWAP, Side.SELL, Decimal("0.001"), 60, 2)
COST = ExecutionReport(
    Decimal(1), Decimal("0.5"), Decimal(50), Decimal(1), Decimal(100), 60.5, Decimal(100), Decimal(0), Decimal("1.25"),
    None, None, None, Decimal(99), Decimal(1), Decimal("-2.5"), Decimal(0), None, None,
)  # fmt: skip
REPORTED = SlicingReported("i-7", "p-1", BTC, Side.SELL, SliceAlgorithm.TWAP, NOW, COST)
LOSSES = LossBook(
    NOW, Decimal("50000000.5"), Decimal("-12.25"), Decimal("-3"), Decimal("4"), (LossLimit.DAILY, LossLimit.TOTAL)
)
NOTICE = Notice("n1-1", Topic.RISK, Severity.CRITICAL, "rule_broken", "KRW-XRP: 3 of 5", NOW, NOW, told_at=NOW)
DAY = DailyReport(NOW, 3, 2, Decimal("-12.50"), Decimal("0.75"), 1, (("daily_loss", Decimal("0.85")),))
ONE_OF_EACH: tuple[StateEvent, ...] = (
    EngineStarted(1, "practice", True),
    TradingStateChanged(TradingState.DISABLED, TradingState.ENABLED, "user"),
    PositionChanged(position(), "started"),
    OrderChanged(order(), "accepted"),
    FillBooked(fill(), "p-1"),
    InstructionChanged(instruction(), "placed"),
    MEASURED,
    REPORTED,
    IntentRefused(INTENT, REFUSAL),
    CommandRefused("ClosePosition", REFUSAL, "p-1"),
    ExitTriggered("p-1", BTC, ExitReason.STOP_LOSS, Decimal("96295875.00")),
    PromotionOverridden("f" * 64, "breakout v1", (PromotionRule.EDGE, PromotionRule.DRILLS)),
    LiquidationChanged(RUN),
    LossBookChanged(LOSSES, "acknowledged: a person"),
    KillMarked(KillMark(2, True, "halted on the screen", NOW, 3, True, "f" * 64)),
    UnlockAttempted("unlock-1", UnlockOutcome.WRONG, 1, NOW),
    NoticeChanged(NOTICE, "raised"),
    RemoteTaken(7, 5, RemoteCommand.PAUSE, "paused"),
    DailyReported(DAY),
    DrillEnded(DRILL),
    Reconciled("upbit", ("BTC: ours 1, theirs 2",)),
    ExternalChangeFound("upbit", "KRW-ETH sold elsewhere"),
    AlertRaised("alert.loop_lag", "120 ms", critical=True),
    StreamStateChanged("upbit", "private", up=False, detail="reset"),
    BREAKER,
    DeadLetterAdded(LETTER),
    DeadLetterSettled("gw-0", LetterOutcome.ARRIVED, "p-1"),
    EngineStopped(1),
)

decimals = st.decimals(allow_nan=False, allow_infinity=False)
moments = st.datetimes(timezones=st.just(UTC))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)

_order_ids = st.sampled_from([f"gw-{number}" for number in range(4)])
_position_ids = st.sampled_from(["p-1", "p-2", "p-3"])
_orders = st.builds(
    lambda order_id, state, filled, note: order(order_id, state, filled_volume=filled, note=note),
    _order_ids, st.sampled_from(OrderState), decimals, texts,
)  # fmt: skip
_positions = st.builds(
    lambda position_id, state, cost, note: position(position_id, state, cost=cost, note=note),
    _position_ids, st.sampled_from(PositionState), decimals, texts,
)  # fmt: skip
_fills = st.builds(fill, _order_ids, st.sampled_from(["t-1", "t-2"]), decimals)
state_events: st.SearchStrategy[StateEvent] = st.one_of(
    st.builds(OrderChanged, _orders, texts),
    st.builds(PositionChanged, _positions, texts),
    st.builds(FillBooked, _fills, _position_ids),
    st.builds(TradingStateChanged, st.sampled_from(TradingState), st.sampled_from(TradingState), texts),
    st.builds(AlertRaised, texts, texts, st.booleans()),
    st.sampled_from(ONE_OF_EACH),
)


def threads_left(before: set[threading.Thread]) -> list[threading.Thread]:
    """Threads started since ``before`` that do not end; a closed connection's thread may need a moment for it."""
    started = set(threading.enumerate()) - before
    for thread in started:
        thread.join(5)
    return [thread for thread in started if thread.is_alive()]
