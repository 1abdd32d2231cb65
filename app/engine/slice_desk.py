"""Instructions worked in slices: when the next one leaves, what it did, and what the whole of it cost.

Every slice is an ordinary order: it passes the gate, and it belongs to the instruction as a single order would.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.constraints import ExchangeConstraints
from app.domain.instruction import Instruction, InstructionState, InstructionTrigger, OrderDraft, order_intent
from app.domain.messages import IntentRefused
from app.domain.money import MONEY_CONTEXT, ONE, ZERO, is_usable
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.position import PositionState
from app.domain.refusal import Refusal, RefusalReason, unusable
from app.domain.slicing import (
    CancelSlice,
    MarketFacts,
    SendSlice,
    SliceAlgorithm,
    SlicePlan,
    SliceProgress,
    SlicesDone,
    SlicesEnd,
    minimum_volume,
    plan_problems,
)
from app.domain.values import Market, OrderType, Priority, Side, TimeInForce
from app.engine.market_board import MarketBoard
from app.engine.order_desk import OrderStep
from app.engine.order_slicer import RETRY_S, next_slice, start_slicing
from app.engine.outbox import Outbox
from app.engine.position_desk import PositionDesk, Retry
from app.engine.risk_gate import GateView
from app.engine.slice_reports import SliceReports
from app.engine.slice_schedule import HOUR_S, seed_of, slice_basis

R, T = RefusalReason, InstructionTrigger

#: A plan that finds no market to start in is given up after this long.
START_PATIENCE = timedelta(seconds=60)
#: Refusals that the next slice would meet as well. All others may pass, and the end of the plan bounds the tries; so
#: may entries that are off: after every start they are, until a person enables them.
STOPS = frozenset(
    {
        R.LIQUIDATING, R.BAD_NUMBER, R.OFF_TICK, R.BELOW_MINIMUM, R.ABOVE_MAXIMUM, R.INSUFFICIENT_BALANCE,
        R.POSITION_TOO_LARGE, R.TOO_MANY_POSITIONS, R.MARKET_LIMIT, R.DAILY_ENTRIES_LIMIT,
        R.DAILY_VALUE_LIMIT, R.MONTHLY_ENTRIES_LIMIT, R.MONTHLY_VALUE_LIMIT, R.DAILY_LOSS_LIMIT, R.MONTHLY_LOSS_LIMIT,
    }
)  # fmt: skip
#: The venue's own words (upbit.md section 4) for what another try would not change.
VENUE_STOPS = ("insufficient_funds", "under_min_total")
#: Bars that tell the usual volume of the hours of a day; VWAP and implementation shortfall cannot start without.
BASIS_SECONDS = HOUR_S
_NOTES = {
    SlicesEnd.COMPLETE: "",
    SlicesEnd.TIME_OVER: "the time is over",
    SlicesEnd.DUST: "the rest is too small to be sent",
}

_RUNNING = (PositionState.PENDING, PositionState.ACTIVE, PositionState.PAUSED)

Keep = Callable[[Instruction, str, Outbox], Instruction]
End = Callable[[Instruction, InstructionTrigger, str, datetime, Outbox], None]


class SliceDesk:
    """Works the plans of instructions. ``keep`` stores and tells an instruction, ``end`` ends one."""

    def __init__(
        self, board: MarketBoard, positions: PositionDesk, view: Callable[[], GateView], keep: Keep, end: End
    ) -> None:
        self._board = board
        self._positions = positions
        self._desk = positions.desk
        self._view = view
        self._keep = keep
        self._end = end
        self._retries: dict[str, Retry] = {}
        #: Since when a plan looks for a market to start in.
        self._waiting: dict[str, datetime] = {}
        self.reports = SliceReports(board, positions.desk.tracker)

    # ---- coming and going ---------------------------------------------------------------------------------------

    def restored(self, instruction: Instruction) -> Instruction:
        """After a restart: the orders tell what was filled, and the market's volume is counted from nought again."""
        progress = instruction.progress
        if progress is None:
            return instruction
        fills = self.reports.fills_of(instruction)
        volume = sum((fill.volume for fill in fills), ZERO)
        missed = max(ZERO, volume - instruction.filled_volume)
        progress = progress.filled(missed).recounted(self._board.traded.get(instruction.market, ZERO))
        funds = max(instruction.filled_funds, sum((fill.funds for fill in fills), ZERO))
        known = replace(
            instruction, progress=progress, filled_volume=instruction.filled_volume + missed, filled_funds=funds
        )
        if not instruction.state.is_live:
            self.reports.owe(known)
        return known

    def preview(
        self, market: Market, plan: SlicePlan, at: Decimal | None, at_once: bool, now: datetime
    ) -> Refusal | None:
        """Why a plan is not taken. ``at`` is the price it waits for; a purchase ``at_once`` asks the gate as well."""
        rules, book = self._board.constraints.get(market), self._board.books.get(market)
        if rules is None:
            return Refusal(R.NO_CONSTRAINTS, f"{market} is not listed")
        price = book.best_bid if book is not None and at is None else at
        problems = plan_problems(plan, rules, price)
        if problems:
            return unusable(problems)
        if plan.side is not Side.BUY or not at_once:
            return None
        if book is None or book.best_ask is None or not is_usable(book.best_ask):
            return Refusal(R.NO_PRICE, "nobody offers")
        part = plan.mean_volume if plan.display_volume is None else plan.display_volume
        volume = max(rules.floor_volume(min(part, plan.volume)), minimum_volume(rules, book.best_ask))
        draft = _slice_draft(plan, rules.ceil_price(book.best_ask), volume, crosses=True)
        intent = order_intent("", market, draft, "now")
        return self._desk.gate.preview(intent, self._view(), now)

    # ---- working ------------------------------------------------------------------------------------------------

    def work(self, instruction: Instruction, now: datetime, out: Outbox) -> None:
        """What is due for an instruction at work: begin, send a slice, take one back, end."""
        plan, rules = instruction.plan, self._board.constraints.get(instruction.market)
        position = self._positions.positions.positions.get(instruction.position_id)
        if plan is None or rules is None or instruction.state is not InstructionState.WORKING:
            return
        if position is None or position.state not in _RUNNING:
            return  # its exit comes first; the instruction is withdrawn in the same step
        retry = self._retries.get(instruction.instruction_id)
        pausing = retry is not None and now < retry.due
        facts = self._facts(instruction.market, plan.side, rules, now)
        progress = instruction.progress
        if progress is None:
            if pausing:
                return
            instruction = self._begin(instruction, plan, rules, facts, now, out)
            progress = instruction.progress
            if progress is None:
                return
        elif progress.paused_at is not None:
            progress = progress.resumed(now, facts.traded_volume or ZERO)
            instruction = self._keep(instruction.after(T.PROGRESS, now, progress=progress), "slicing", out)
        order = self._working_order(instruction)
        progress = _counted(progress, order)
        if order is not None and not progress.working_volume:
            return  # all of it is filled; the venue has not said yet that it has ended
        if order is not None and progress.working_volume > plan.volume - progress.filled_volume:
            self._desk.cancel(order, now, out, Priority.CANCEL)  # a fill came late: so much is not wanted any more
            return
        match next_slice(plan, progress, rules, facts, now):
            case SendSlice() as piece if order is None and not pausing and not self._is_held_back(instruction):
                self._send(instruction, plan, piece, now, out)
            case CancelSlice() if order is not None:
                self._desk.cancel(order, now, out, Priority.CANCEL)
            case SlicesDone(end):
                trigger = T.COMPLETED if instruction.filled_volume else T.WITHDRAWN
                self._end(instruction, trigger, _NOTES[end], now, out)
            case _:
                pass

    def moved(self, instruction: Instruction, step: OrderStep, now: datetime, out: Outbox) -> None:
        """An order of it filled or ended; what it filled is counted already."""
        if step.ended and instruction.order_id == step.order.order_id:
            self._order_ended(instruction, step.order, now, out)
        else:
            self.work(instruction, now, out)

    def _order_ended(self, instruction: Instruction, order: Order, now: datetime, out: Outbox) -> None:
        """A slice has ended in any way: what it did not fill is free again."""
        progress, plan = instruction.progress, instruction.plan
        if progress is None or plan is None:
            return
        progress = progress.ended()
        instruction = self._keep(instruction.after(T.PROGRESS, now, order_id="", progress=progress), "order_ended", out)
        key = instruction.instruction_id
        refused = order.state is OrderState.REJECTED
        if refused and order.note.startswith(VENUE_STOPS) and progress.filled_volume < plan.volume:
            self._end(instruction, T.GAVE_UP, order.note, now, out)
        elif progress.filled_volume >= plan.volume:
            self._end(instruction, T.COMPLETED, "", now, out)
        elif refused:
            retry = self._retries[key] = Retry.after(self._retries.get(key), now)
            retry.due = max(retry.due, now + timedelta(seconds=RETRY_S))
            self._keep(instruction.after(T.PROGRESS, now, note=order.note), "refused", out)
        else:
            if order.filled_volume:
                self._retries.pop(key, None)
            self.work(instruction, now, out)

    def over(self, instruction: Instruction, now: datetime, out: Outbox) -> None:
        """No further slice leaves; the report follows when the last order has ended."""
        self._retries.pop(instruction.instruction_id, None)
        self._waiting.pop(instruction.instruction_id, None)
        self.reports.owe(instruction)
        self.reports.settle(instruction.instruction_id, now, out)

    # ---- inside: beginning and sending --------------------------------------------------------------------------

    def _begin(
        self,
        instruction: Instruction,
        plan: SlicePlan,
        rules: ExchangeConstraints,
        facts: MarketFacts,
        now: datetime,
        out: Outbox,
    ) -> Instruction:
        key = instruction.instruction_id
        bars = self._board.series(instruction.market, BASIS_SECONDS).closed if needs_bars(plan) else ()
        basis = slice_basis(tuple(bars), facts.best_bid, facts.best_ask)
        begun = start_slicing(plan, rules, facts, basis, seed_of(key), now)
        if isinstance(begun, SliceProgress):
            self._waiting.pop(key, None)
            self.reports.listen(instruction.market, now)
            return self._keep(instruction.after(T.PROGRESS, now, progress=begun, note=""), "slicing", out)
        since = self._waiting.setdefault(key, now)
        self._retries[key] = Retry(now + timedelta(seconds=RETRY_S))
        words = f"{begun.reason}: {begun.detail}"
        if begun.reason is R.BAD_NUMBER or now - since >= START_PATIENCE:
            self._end(instruction, T.GAVE_UP, words, now, out)
        elif instruction.note != words:
            self._keep(instruction.after(T.PROGRESS, now, note=words), "refused", out)
        return instruction

    def _send(self, instruction: Instruction, plan: SlicePlan, piece: SendSlice, now: datetime, out: Outbox) -> None:
        """Through the gate; how far the plan is then stands in the journal before the order does."""
        key, reason = instruction.instruction_id, instruction.condition.kind.value
        draft = _slice_draft(plan, piece.price, piece.volume, piece.crosses)
        intent = order_intent(instruction.position_id, instruction.market, draft, reason, key)
        sent = Outbox()
        verdict = self._desk.submit(intent, self._view(), now, sent)
        if isinstance(verdict, Refusal):
            self._refused(instruction, intent, verdict, now, out)
            return
        progress = replace(piece.progress, working_volume=verdict.intent.volume or ZERO)
        told = instruction.after(T.PROGRESS, now, progress=progress, order_id=verdict.order_id, note="")
        self._keep(told, "sent", out)
        out.items += sent.items

    def _refused(
        self, instruction: Instruction, intent: OrderIntent, refusal: Refusal, now: datetime, out: Outbox
    ) -> None:
        """The gate said no: tried again in a while, unless the next slice would meet the same. Told once."""
        words = f"{refusal.reason}: {refusal.detail}"
        again = instruction.note.partition(":")[0] == refusal.reason.value
        self._retries[instruction.instruction_id] = Retry(now + timedelta(seconds=RETRY_S))
        if not again:
            out.tell(IntentRefused(intent, refusal))
        if refusal.reason in STOPS:
            self._end(instruction, T.GAVE_UP, words, now, out)
        elif not again:
            self._keep(instruction.after(T.PROGRESS, now, note=words), "refused", out)

    def _is_held_back(self, instruction: Instruction) -> bool:
        """Nothing is sold to the side of an order nobody knows about."""
        if instruction.draft.side is Side.BUY:
            return False
        working = self._desk.tracker.working(instruction.position_id)
        blind = any(o.state is OrderState.UNKNOWN and o.intent.side is Side.SELL for o in working)
        return blind or self._positions.hold.holds(instruction.market)

    # ---- inside: what is known ----------------------------------------------------------------------------------

    def _facts(self, market: Market, side: Side, rules: ExchangeConstraints, now: datetime) -> MarketFacts:
        book, traded = self._board.books.get(market), self._board.traded.get(market, ZERO)
        limits = self._desk.gate.limits
        if book is None or now - book.received_at > timedelta(seconds=limits.stale_price_s):
            return MarketFacts(None, None, traded)
        furthest, last, ask = None, self._positions.positions.price_of(market), book.best_ask
        if side is Side.BUY and is_usable(last) and ask is not None and is_usable(ask):
            furthest = MONEY_CONTEXT.multiply(last, ONE + limits.price_collar_ratio)
            if limits.max_ticks_away:
                furthest = min(furthest, ask + limits.max_ticks_away * rules.tick_at(ask))
        return MarketFacts(book.best_bid, ask, traded, furthest)

    def _working_order(self, instruction: Instruction) -> Order | None:
        """The one order of it that is, or may be, at the venue."""
        return next((order for order in self.reports.orders_of(instruction) if order.is_working), None)


def needs_bars(plan: SlicePlan) -> bool:
    """True for plans that follow the usual volume of the day."""
    return plan.algorithm in (SliceAlgorithm.VWAP, SliceAlgorithm.IS)


def _counted(progress: SliceProgress, order: Order | None) -> SliceProgress:
    """What works is what the order at the venue has left, whatever was counted before a late fill or a restart."""
    if order is None:
        return progress.ended()
    return replace(progress, working_volume=max(order.remaining_volume or ZERO, ZERO))


def _slice_draft(plan: SlicePlan, price: Decimal, volume: Decimal, crosses: bool) -> OrderDraft:
    patience = TimeInForce.IOC if crosses else TimeInForce.GTC
    return OrderDraft(plan.side, OrderType.LIMIT, price, volume, time_in_force=patience)
