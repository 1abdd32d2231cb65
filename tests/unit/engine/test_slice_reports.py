"""Reports of plans: told once, when nothing can fill any more, against what the market was seen to trade."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from app.domain.instruction import Condition, Instruction, InstructionState, sliced_draft
from app.domain.market_data import Candle, Trade
from app.domain.order import Fill, OrderState
from app.domain.slicing import SliceAlgorithm, SlicePlan, SliceProgress, SlicingReported
from app.domain.values import Side
from app.engine.market_board import MarketBoard
from app.engine.order_tracker import OrderTracker
from app.engine.outbox import Outbox
from app.engine.slice_reports import SliceReports
from tests.unit.engine.playbook import START, XRP, order_of

D = Decimal
PLAN = SlicePlan(SliceAlgorithm.TWAP, Side.BUY, D(10), 600, 2)
END = START + timedelta(seconds=300)
OVER = Instruction(
    "i-1", "position-x", XRP, sliced_draft(PLAN), Condition(), InstructionState.DONE, START, END,
    plan=PLAN, progress=SliceProgress(START, 1, arrival_price=D(1000)),
)  # fmt: skip


def at(second: float, price: int, volume: int) -> tuple[Trade, object]:
    moment = START + timedelta(seconds=second)
    return Trade(XRP, D(price), D(volume), Side.BUY, moment, moment), moment


def told(out: Outbox) -> SlicingReported:
    (event,) = [item for item in out.items if isinstance(item, SlicingReported)]
    return event


def stage() -> tuple[SliceReports, OrderTracker, MarketBoard]:
    board, tracker = MarketBoard(), OrderTracker()
    order = order_of("order-1", state=OrderState.OPEN)
    tracker.put(replace(order, intent=replace(order.intent, instruction_id="i-1")))
    tracker.restore((), [Fill("order-1", "t-1", XRP, Side.BUY, D(1010), D(4), D(2), START)])
    return SliceReports(board, tracker), tracker, board


def test_a_report_waits_for_the_last_order_and_is_told_once() -> None:
    reports, tracker, _ = stage()
    reports.owe(OVER)
    out = Outbox()
    reports.on_time((), END, out)
    assert out.items == [] and list(reports.owed) == ["i-1"]
    tracker.put(replace(tracker.orders["order-1"], state=OrderState.CANCELLED))
    reports.on_time((), END, out)
    reports.settle("i-1", END, out)
    report = told(out).report
    assert (report.filled_volume, report.average_price, report.arrival_bps) == (D(4), D(1010), D(100))
    assert report.vwap_price is None  # nobody listened


def test_a_plan_that_never_began_owes_nothing() -> None:
    reports, _, _ = stage()
    reports.owe(replace(OVER, progress=None))
    assert reports.owed == {}


def test_what_was_seen_is_compared_and_trades_of_one_second_are_one_print() -> None:
    reports, tracker, _ = stage()
    tracker.put(replace(tracker.orders["order-1"], state=OrderState.CANCELLED))
    reports.listen(XRP, START)
    for second, price, volume in ((1.1, 1000, 3), (1.9, 1008, 1), (200, 1010, 4), (400, 2000, 9)):
        trade, moment = at(second, price, volume)
        reports.on_trade(trade, moment)  # type: ignore[arg-type]
    reports.owe(OVER)
    out = Outbox()
    reports.settle("i-1", START + timedelta(seconds=401), out)
    report = told(out).report
    assert report.vwap_price == D(1006)  # (3 x 1000 + 1008 + 4 x 1010) / 8; the last trade came after the end
    assert report.participation == D("0.5")


def test_bars_stand_in_for_what_was_traded_before_a_restart() -> None:
    reports, tracker, board = stage()
    tracker.put(replace(tracker.orders["order-1"], state=OrderState.CANCELLED))
    bars = tuple(
        Candle(XRP, 60, START + timedelta(minutes=minute), D(900), D(900), D(900), D(900), D(2))
        for minute in (-1, 0, 1)
    )
    board.series(XRP, 60).load(bars, END)
    reports.listen(XRP, START + timedelta(seconds=90))  # the second bar is seen in part: its trades are not counted
    trade, moment = at(100, 1000, 2)
    reports.on_trade(trade, moment)  # type: ignore[arg-type]
    reports.owe(OVER)
    out = Outbox()
    reports.settle("i-1", END, out)
    assert told(out).report.vwap_price == D(950)


def test_markets_nobody_works_in_are_not_listened_to() -> None:
    reports, tracker, _ = stage()
    reports.on_time((replace(OVER, state=InstructionState.WORKING),), START, Outbox())
    trade, moment = at(1, 1000, 1)
    reports.on_trade(trade, moment)  # type: ignore[arg-type]
    reports.on_time((), START + timedelta(seconds=2), Outbox())
    tracker.put(replace(tracker.orders["order-1"], state=OrderState.CANCELLED))
    reports.owe(OVER)
    out = Outbox()
    reports.settle("i-1", END, out)
    assert told(out).report.vwap_price is None
