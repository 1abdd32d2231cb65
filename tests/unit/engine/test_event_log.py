"""One line in the log for everything in the journal; the level says whether a person should look."""

import logging
from dataclasses import replace
from decimal import Decimal

import pytest

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
from app.domain.breaker import BreakerChanged, BreakerState, CallGroup
from app.domain.dead_letter import DeadLetter, DeadLetterAdded, DeadLetterSettled, LetterOutcome
from app.domain.drill import DrillEnded, DrillRecord, DrillVerdict
from app.domain.emergency import LiquidationRun, LiquidationStage, Residue, ResidueKind
from app.domain.exit_plan import ExitReason
from app.domain.instruction import Condition, Instruction, InstructionChanged, InstructionState, OrderDraft
from app.domain.kill import KillMark, KillMarked, UnlockAttempted, UnlockOutcome
from app.domain.loss import LossBook, LossBookChanged, LossLimit
from app.domain.messages import (
    JOURNALED,
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
from app.domain.order import Fill, OrderState
from app.domain.position import Position, PositionState
from app.domain.promotion import PromotionOverridden, PromotionRule
from app.domain.refusal import Refusal, RefusalReason
from app.domain.slicing import ExecutionReport, SliceAlgorithm, SlicingReported
from app.domain.slippage import ExecutionMeasured, ImpactClass
from app.domain.values import Side, TradingState
from app.engine.event_log import log_event
from tests.unit.engine.playbook import START, XRP, Playbook, blueprint, order_of, price, seconds

ORDER = order_of("order-1")
POSITION = Position("p", XRP, blueprint(), Decimal(1), PositionState.ACTIVE, START, START)
FILL = Fill("order-1", "t", XRP, Side.BUY, Decimal("1E+3"), Decimal("12.50000000"), Decimal(0), START)
INSTRUCTION = Instruction(
    "i-1", "p", XRP, OrderDraft(Side.SELL, volume=Decimal(5)), Condition(), InstructionState.ARMED, START, START
)
NO = Refusal(RefusalReason.HALTED, "trading is halted")
LEFT = (Residue(ResidueKind.HALTED), Residue(ResidueKind.UNCONFIRMED))
RUN = LiquidationRun("run-1", LiquidationStage.ATTENTION, (), START, 1.0, left=LEFT)
DRILL = DrillRecord("d-1", START, "0123456789ab", 2, False, DrillVerdict.LATE, detail="5.2 s, p95 was 4.0 s")
PAID = ExecutionMeasured(
    "order-1", XRP, Side.BUY, Decimal(1000), Decimal("1000.5"), Decimal("0.0005"), ImpactClass.LOW, START
)
COST = ExecutionReport(
    Decimal(1), Decimal("0.50"), Decimal(50), Decimal(1), Decimal(100), 60.5, Decimal(100), Decimal(0), Decimal("1.25"),
    None, None, None, Decimal(99), Decimal(1), Decimal("-2.5"), Decimal(0), None, None,
)  # fmt: skip
REPORTED = SlicingReported("i-1", "p", XRP, Side.SELL, SliceAlgorithm.TWAP, START, COST)
BOOK = LossBook(START, Decimal(100), Decimal(0), Decimal(-1), Decimal(2))
D, E = TradingState.DISABLED, TradingState.ENABLED

NOTICE = Notice("n1-1", Topic.RISK, Severity.CRITICAL, "rule_broken", "d", START, START)
DAY = DailyReport(START, 1, 1, Decimal(-5), Decimal(1), 0)

LINES: list[tuple[Event, int, str]] = [
    (OrderChanged(ORDER, "accepted"), logging.DEBUG, "KRW-XRP entry buy order-1: accepted -> open, filled 0"),
    (OrderChanged(replace(ORDER, state=OrderState.UNKNOWN, note="time-out"), "x"), logging.WARNING, "(time-out)"),
    (OrderChanged(replace(ORDER, state=OrderState.REJECTED), "refused"), logging.WARNING, "-> rejected"),
    (FillBooked(FILL, "p"), logging.INFO, "KRW-XRP buy filled 12.5 at 1000"),
    (PAID, logging.INFO, "KRW-XRP buy order-1: predicted 1000, got 1000.5 (+0.0500%, low impact)"),
    (PositionChanged(POSITION, "fill"), logging.DEBUG, "KRW-XRP story v1: fill -> active"),
    (PositionChanged(POSITION, "high_water"), logging.DEBUG, "high_water"),
    (PositionChanged(replace(POSITION, note="odd"), "x"), logging.INFO, "(odd)"),
    (InstructionChanged(INSTRUCTION, "placed"), logging.INFO, "KRW-XRP sell i-1: placed -> armed"),
    (InstructionChanged(replace(INSTRUCTION, note="odd"), "water"), logging.DEBUG, "(odd)"),
    (InstructionChanged(INSTRUCTION, "slicing"), logging.DEBUG, "slicing"),
    (REPORTED, logging.INFO, "KRW-XRP sell i-1, twap: filled 0.5 of 1, +1.2 bp to arrival, -2.5 bp to TWAP"),
    (IntentRefused(ORDER.intent, NO), logging.WARNING, "KRW-XRP buy refused: halted (trading is halted)"),
    (CommandRefused("StartStrategy", NO), logging.WARNING, "StartStrategy refused: halted"),
    (AlertRaised("rule_broken", "x", critical=True), logging.CRITICAL, "rule_broken: x"),
    (AlertRaised("unclean_end", "x"), logging.WARNING, "unclean_end: x"),
    (ExitTriggered("p", XRP, ExitReason.STOP_LOSS, Decimal(9)), logging.WARNING, "KRW-XRP exit: stop_loss at 9"),
    (TradingStateChanged(D, E, "a person"), logging.WARNING, "trading disabled -> enabled: a person"),
    (LiquidationChanged(RUN), logging.WARNING, "emergency run-1: attention halted; unconfirmed"),
    (Reconciled("upbit", ()), logging.INFO, "upbit compared: books and venue agree"),
    (Reconciled("upbit", ("x", "y")), logging.WARNING, "upbit compared: x; y"),
    (ExternalChangeFound("upbit", "x"), logging.WARNING, "upbit changed from outside: x"),
    (StreamStateChanged("upbit", "private", True), logging.INFO, "upbit private stream up"),
    (StreamStateChanged("upbit", "private", False, "1006"), logging.WARNING, "upbit private stream down 1006"),
    (
        BreakerChanged("upbit", CallGroup.ORDER, BreakerState.OPEN, "5 of 5 calls failed", START, 10.0),
        logging.WARNING,
        "upbit order breaker open until 03:00:00 UTC: 5 of 5 calls failed",
    ),
    (
        BreakerChanged("upbit", CallGroup.ORDER, BreakerState.CLOSED, "by hand", None, 10.0),
        logging.INFO,
        "upbit order breaker closed: by hand",
    ),
    (
        DeadLetterAdded(DeadLetter("order-1", START, "Order", "never_arrived", "time-out")),
        logging.WARNING,
        "dead letter order-1: Order never_arrived time-out",
    ),
    (DrillEnded(DRILL), logging.WARNING, "fire drill over 2 positions: late 5.2 s, p95 was 4.0 s"),
    (DeadLetterSettled("order-1", LetterOutcome.RETRIED), logging.INFO, "dead letter order-1 settled: retried"),
    (LossBookChanged(BOOK, "sold with -5"), logging.INFO, "losses count from -1 today, 2 in all: sold with -5"),
    (LossBookChanged(replace(BOOK, latched=(LossLimit.DAILY,)), "daily: lost 9"), logging.WARNING, "daily: lost 9"),
    (
        PromotionOverridden("0123456789", "dip v1", (PromotionRule.EDGE,)),
        logging.WARNING,
        "dip v1 (01234567) let past the promotion gate by a person; missing: edge",
    ),
    (EngineStarted(7, "practice", True), logging.INFO, "run 7 started in practice mode"),
    (EngineStarted(7, "practice", False), logging.INFO, "after an unclean end"),
    (EngineStopped(7), logging.INFO, "run 7 ended"),
    (NoticeChanged(NOTICE, "raised"), logging.INFO, "notice n1-1 rule_broken: raised"),
    (RemoteTaken(7, 5, RemoteCommand.KILL, "code"), logging.WARNING, "remote command kill (7) of user 5: code"),
    (DailyReported(DAY), logging.INFO, "report of 2026-11-20: realised -5, fees 1"),
]
LINES += [
    (KillMarked(KillMark(4, True, "a person", START, 3, False)), logging.CRITICAL, "halted (mark 4): a person"),
    (KillMarked(KillMark(5, False, "unlocked", START, 3, False)), logging.WARNING, "released (mark 5)"),
    (UnlockAttempted("c", UnlockOutcome.WRONG, 2, START), logging.WARNING, "wrong, 2 failed, the next from"),
    (UnlockAttempted("c", UnlockOutcome.UNLOCKED, 0, START), logging.WARNING, "unlocked"),
]


@pytest.mark.parametrize(("event", "level", "words"), LINES, ids=lambda v: type(v).__name__)
def test_an_event_becomes_one_line(caplog: pytest.LogCaptureFixture, event: Event, level: int, words: str) -> None:
    caplog.set_level(logging.DEBUG, "gwanje.events")
    log_event(event)
    (record,) = caplog.records
    assert record.levelno == level and words in record.getMessage()


def test_every_kind_that_is_journalled_has_its_line_here() -> None:
    assert {type(event) for event, _, _ in LINES} == set(JOURNALED)


def test_prices_and_figures_leave_no_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "gwanje.events")
    play = Playbook().ready()
    play >> [price(XRP, 1001), seconds(1)]
    quiet = [item for item in play.news if not isinstance(item, JOURNALED)]
    for item in quiet:
        log_event(item)  # type: ignore[arg-type]
    assert quiet and caplog.records == []


def test_the_steps_in_between_are_for_those_who_ask(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "gwanje.events")
    log_event(OrderChanged(ORDER, "accepted"))
    assert caplog.records == []
    log_event(OrderChanged(ORDER, "all_filled"))
    assert len(caplog.records) == 1
