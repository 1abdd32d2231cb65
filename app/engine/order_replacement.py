"""Amends an order in one call of the venue (cancel-and-new), where it offers that and where it is the safer way.

Only the price of a resting purchase is amended so:

- Its size is left to the venue ("what is left of the old order"). A size of ours would be too large by whatever is
  filled before the cancel is done, and more would be bought than was asked for.
- A sale is not: until the venue has shown the new order nobody knows whether it exists, and while the outcome of a sale
  is unknown no other exit of the position may leave. A stop would wait; cancel, confirm, place leaves nothing unknown.

Everything else is cancelled, confirmed and placed again, and so is this when it does not come about. The money of both
orders stays bound until the venue says that one of them is over.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.domain.instruction import Instruction, InstructionState, order_intent
from app.domain.money import ZERO
from app.domain.order import Order, OrderState
from app.domain.refusal import Refusal
from app.domain.values import OrderType, Side, TimeInForce
from app.engine.market_board import MarketBoard
from app.engine.order_desk import OrderDesk
from app.engine.outbox import Outbox
from app.engine.risk_gate import GateView

NEVER_CAME = (OrderState.REJECTED, OrderState.EXPIRED)


class OrderReplacement:
    """Puts orders in the place of others. ``view`` is what the gate will look at."""

    def __init__(self, board: MarketBoard, desk: OrderDesk, view: Callable[[], GateView]) -> None:
        self._board = board
        self._desk = desk
        self._view = view

    def begin(self, before: Instruction, amended: Instruction, now: datetime, out: Outbox) -> str:
        """Ask for it: the identifier of the new order, "" where it is to be cancelled, confirmed and placed again."""
        order = self._desk.tracker.get(before.order_id)
        if order is None or before.amending or not self._is_offered(order, before, amended):
            return ""
        sized = replace(amended.draft, volume=order.remaining_volume)
        reason = amended.condition.kind.value
        intent = order_intent(amended.position_id, amended.market, sized, reason, amended.instruction_id)
        verdict = self._desk.submit(replace(intent, replaces=order.order_id), self._view(), now, out)
        return "" if isinstance(verdict, Refusal) else verdict.order_id

    def _is_offered(self, order: Order, before: Instruction, amended: Instruction) -> bool:
        rules, draft = self._board.constraints.get(amended.market), amended.draft
        return (
            rules is not None
            and rules.replaces_orders
            and order.state in (OrderState.OPEN, OrderState.PARTIAL)
            and draft.side is Side.BUY
            and draft.order_type is OrderType.LIMIT
            and draft.time_in_force is TimeInForce.GTC
            and draft.volume == before.draft.volume
        )

    def successor(self, order: Order) -> Order | None:
        """The order that has, or may have, taken the place of this one; nothing does of one that was filled."""
        return None if order.state is OrderState.FILLED else self._asked_for(order)

    def _asked_for(self, order: Order) -> Order | None:
        for other in reversed(self._desk.tracker.of_position(order.intent.position_id)):
            if other.intent.replaces == order.order_id and other.state not in NEVER_CAME:
                return other
        return None

    def is_wanted(self, order: Order, instruction: Instruction | None) -> bool:
        """False for an order of an instruction that is to be cancelled by a call of its own.

        Of an amended one the new order is wanted; the old one is left alone until the request that cancels it has left.
        """
        if instruction is None or instruction.state is not InstructionState.WORKING:
            return False
        if not instruction.amending or order.order_id == instruction.replacement:
            return True
        new = self._desk.tracker.get(instruction.replacement)
        return new is not None and new.intent.replaces == order.order_id and new.state is OrderState.INTENT

    def carries(self, order: Order, instruction: Instruction) -> bool:
        """True for the order of an instruction; also for its successor, when a crash came between the end of the one
        and what was to follow.
        """
        replaced = order.intent.replaces
        follows = bool(replaced) and replaced == instruction.order_id and self.is_over(replaced)
        return order.order_id == instruction.order_id or follows

    def may_work(self, order_id: str) -> bool:
        """True while the order, or the one that takes its place, is, or may be, at the venue."""
        order = self._desk.tracker.get(order_id or None)
        if order is None or order.is_working:
            return order is not None
        successor = self.successor(order)
        return successor is not None and successor.is_working

    def settle(self, ended: Order, now: datetime, out: Outbox) -> None:
        """An order that was filled is replaced by nothing: proof that the other one was never made."""
        new = self._asked_for(ended) if ended.state is OrderState.FILLED else None
        if new is not None and new.state in (OrderState.SENT, OrderState.UNKNOWN):
            self._desk.never_made(new, now, out)

    def is_over(self, order_id: str) -> bool:
        """True once the order that was to be replaced has ended: there is nothing left to put another in place of."""
        order = self._desk.tracker.get(order_id)
        return order is None or not order.is_working or order.remaining_volume == ZERO
