"""What plans of slices cost: the trades of their markets, and one report each once nothing of them can fill."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.instruction import Instruction
from app.domain.market_data import Trade
from app.domain.money import MONEY_CONTEXT
from app.domain.order import Fill, Order
from app.domain.slicing import SlicingReported
from app.domain.values import Market
from app.engine.execution_report import MarketPrint, execution_report, prints_of_candles
from app.engine.market_board import MarketBoard
from app.engine.order_tracker import OrderTracker
from app.engine.outbox import Outbox

#: Bars that stand in for the trades nobody saw, before a restart.
REPORT_SECONDS = 60


@dataclass(slots=True)
class _Tape:
    """What a market traded since ``since``, at most one print a second."""

    since: datetime
    prints: list[MarketPrint] = field(default_factory=list)


class SliceReports:
    """Plans that are over and owe their report, and the tapes of their markets."""

    def __init__(self, board: MarketBoard, tracker: OrderTracker) -> None:
        self._board = board
        self._tracker = tracker
        self._tapes: dict[Market, _Tape] = {}
        #: An order of theirs may still fill.
        self.owed: dict[str, Instruction] = {}

    def listen(self, market: Market, now: datetime) -> None:
        """Remember what the market trades from now on."""
        self._tapes.setdefault(market, _Tape(now))

    def on_trade(self, trade: Trade, now: datetime) -> None:
        """The market traded."""
        tape = self._tapes.get(trade.market)
        if tape is None:
            return
        last = tape.prints[-1] if tape.prints else None
        if last is None or last.at.replace(microsecond=0) != now.replace(microsecond=0):
            tape.prints.append(MarketPrint(now, trade.price, trade.volume))
            return
        volume = last.volume + trade.volume
        funds = MONEY_CONTEXT.multiply(last.price, last.volume) + MONEY_CONTEXT.multiply(trade.price, trade.volume)
        tape.prints[-1] = MarketPrint(now, MONEY_CONTEXT.divide(funds, volume), volume)

    def on_time(self, live: Iterable[Instruction], now: datetime, out: Outbox) -> None:
        """Report what can be reported; markets nobody works in are listened to no more."""
        for instruction_id in list(self.owed):
            self.settle(instruction_id, now, out)
        wanted = {i.market for i in (*live, *self.owed.values()) if i.progress is not None}
        for market in wanted:
            self.listen(market, now)
        for market in self._tapes.keys() - wanted:
            del self._tapes[market]

    def owe(self, instruction: Instruction) -> None:
        """A plan that had begun is over."""
        if instruction.progress is not None:
            self.owed[instruction.instruction_id] = instruction

    def settle(self, instruction_id: str, now: datetime, out: Outbox) -> None:
        """Tell what a plan cost, unless one of its orders may still fill."""
        instruction = self.owed.get(instruction_id)
        if instruction is None or any(order.is_working for order in self.orders_of(instruction)):
            return
        del self.owed[instruction_id]
        plan, progress = instruction.plan, instruction.progress
        if plan is None or progress is None or progress.arrival_price is None:
            return
        begun, ended = progress.started_at, max(instruction.updated_at, progress.started_at)
        prints = self._prints(instruction.market, begun, now)
        report = execution_report(plan, self.fills_of(instruction), prints, progress.arrival_price, begun, ended)
        subject = (instruction_id, instruction.position_id, instruction.market, plan.side, plan.algorithm)
        out.tell(SlicingReported(*subject, ended, report))

    def orders_of(self, instruction: Instruction) -> list[Order]:
        """Every order that was sent for it, oldest first."""
        orders = self._tracker.of_position(instruction.position_id)
        return [order for order in orders if order.intent.instruction_id == instruction.instruction_id]

    def fills_of(self, instruction: Instruction) -> list[Fill]:
        """Every fill of those orders."""
        return [fill for order in self.orders_of(instruction) for fill in self._tracker.fills_of(order.order_id)]

    def _prints(self, market: Market, begun: datetime, now: datetime) -> list[MarketPrint]:
        """The trades that were seen, and bars for the time before the first of them."""
        tape = self._tapes.get(market) or _Tape(now)
        length = timedelta(seconds=REPORT_SECONDS)
        bars = [bar for bar in self._board.series(market, REPORT_SECONDS).closed if bar.opened_at >= begun]
        return [*prints_of_candles(bar for bar in bars if bar.opened_at + length <= tape.since), *tape.prints]
