"""What becomes of an entry that is not filled at once: cut into parts, asked again while it is patient, or finished.

The parts of a step are made of the step's own funds: each takes some and hands the rest on, so their sum is never more.
What an order was asked to spend and did not is not asked for again. Both end ``timeout_s`` after the first attempt, and
with the program; a restart brings back the rest of a split from its orders, an entry that waits asks at the next bar.
A limit entry whose time was over is finished at market when little of it is left (``RestPolicy.CANCEL_AND_MARKET``);
that of a person by its instruction, as the order ends.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.blueprint import EntryOrderPolicy, RestPolicy
from app.domain.money import HUNDRED, ONE, ZERO, floor_to_step, in_money_context, is_usable
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.position import Position, PositionState
from app.domain.refusal import Refusal, RefusalReason
from app.domain.slippage import AboveTolerance
from app.domain.values import Market, OrderType, Purpose, TimeInForce
from app.engine.market_board import MarketBoard
from app.engine.order_tracker import OrderTracker
from app.engine.slippage_estimator import max_volume_within

#: The rest of a limit entry is bought this soon after its end, or not at all: later it is a decision of its own.
REST_WITHIN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class _Waiting:
    intent: OrderIntent
    until: datetime


class EntryPatience:
    """Remembers first entries that wait; parts that follow are read from the orders, so that they survive a restart."""

    def __init__(self, tracker: OrderTracker) -> None:
        self._tracker = tracker
        self._waiting: dict[str, _Waiting] = {}

    def fitted(self, intent: OrderIntent, position: Position, board: MarketBoard, now: datetime) -> OrderIntent:
        """The intent, or as much of it as the visible depth takes within the tolerance when the strategy splits.

        It stays whole when it fits, or when what fits is too small for the venue: the gate then says why not.
        """
        policy = position.blueprint.slippage
        book, rules = board.books.get(intent.market), board.constraints.get(intent.market)
        if policy.when_above is not AboveTolerance.SPLIT or book is None or rules is None or intent.funds is None:
            return intent
        if intent.order_type is not OrderType.MARKET:
            return intent
        tolerance = policy.max_ratio - board.slippage.bias(intent.market, now).decisive
        fits = floor_to_step(max_volume_within(book, intent.side, tolerance, rules)[1], ONE)
        if fits >= intent.funds:
            return intent
        fits = min(fits, max(intent.funds - rules.min_total, rules.min_total))  # the rest must be an order as well
        if not rules.min_total <= fits < intent.funds:
            return intent
        return replace(intent, funds=fits, rest=intent.funds - fits)

    def refused(self, intent: OrderIntent, refusal: Refusal, position: Position, now: datetime) -> None:
        """The gate said no to an entry. A first one may wait; a rung and a later part are asked again anyway."""
        waits = position.blueprint.slippage.when_above is not AboveTolerance.REFUSE
        first = position.entries_done == 0 and intent.part == 1
        if not waits or not first or refusal.reason is not RefusalReason.SLIPPAGE_TOO_HIGH:
            return
        if position.position_id not in self._waiting:
            self._waiting[position.position_id] = _Waiting(intent, now + _patience(intent))

    def entered(self, position_id: str) -> None:
        """An entry of the position was approved: nothing waits any more."""
        self._waiting.pop(position_id, None)

    def due(self, position: Position, board: MarketBoard, now: datetime) -> OrderIntent | None:
        """The entry to ask for at this price or book: the next part of a split, or the one that waits; None mostly."""
        waiting = self._waiting.get(position.position_id)
        if waiting is not None and (now > waiting.until or position.state is not PositionState.PENDING):
            del self._waiting[position.position_id]
            waiting = None
        if waiting is not None:
            return waiting.intent
        if position.state is not PositionState.ACTIVE:
            return None
        policy = position.blueprint.entry_order
        if policy.rest is RestPolicy.CANCEL_AND_MARKET:
            parts = self._parts(position.position_id)
            last = parts[-1] if parts and not parts[-1].intent.instruction_id else None
            rest = rest_of_limit(last, policy, board, now) if last is not None else None
            if rest is not None:
                return rest
        splits = position.blueprint.slippage.when_above is AboveTolerance.SPLIT
        return self._next_part(position, board, now) if splits else None

    def left_behind(self, position: Position, price: Decimal) -> list[Order]:
        """Limit entries the price ran away from: the signal, or the wish of a person, was for another price."""
        left: list[Order] = []
        for order in self._tracker.working(position.position_id):
            intent = order.intent
            policy = intent.policy or position.blueprint.entry_order
            drifted = intent.bid is not None and is_usable(price) and policy.has_drifted(price, intent.bid)
            if drifted and order.state in (OrderState.OPEN, OrderState.PARTIAL):
                left.append(order)
        return left

    def _next_part(self, position: Position, board: MarketBoard, now: datetime) -> OrderIntent | None:
        parts = self._parts(position.position_id)
        rules = board.constraints.get(position.market)
        if not parts or rules is None or parts[-1].is_working:
            return None
        first, last = parts[0], parts[-1]
        funds = last.intent.rest if last.filled_volume else _unspent(last)
        patient = now <= first.created_at + _patience(first.intent)
        if not patient or funds < rules.min_total or not _seen_since(board, position.market, last):
            return None
        number = last.intent.part + 1
        reason = f"{first.intent.reason}, part {number}"
        return replace(last.intent, funds=funds, rest=ZERO, part=number, reason=reason)

    def _parts(self, position_id: str) -> list[Order]:
        """Orders of the last step that was entered, first part first."""
        entries = [o for o in self._tracker.of_position(position_id) if o.intent.purpose is Purpose.ENTRY]
        starts = [number for number, order in enumerate(entries) if order.intent.part == 1]
        return entries[starts[-1] :] if starts else []


@in_money_context
def rest_of_limit(last: Order, policy: EntryOrderPolicy, board: MarketBoard, now: datetime) -> OrderIntent | None:
    """What is left of a limit entry that ended by time with nearly all of it filled, for the money it had left."""
    rules, intent, left = board.constraints.get(last.intent.market), last.intent, last.remaining_volume
    if rules is None or policy.rest is not RestPolicy.CANCEL_AND_MARKET or last.state is not OrderState.CANCELLED:
        return None
    timed_out = intent.timeout_s is not None and last.updated_at - last.created_at >= _patience(intent)
    if intent.price is None or not intent.volume or left is None or not timed_out:
        return None
    funds = floor_to_step(left * intent.price, ONE)
    enough = last.filled_volume * HUNDRED >= intent.volume * policy.market_from_percent
    if not enough or funds < rules.min_total or now - last.updated_at > REST_WITHIN:
        return None
    book = board.books.get(intent.market)
    bid = book.best_bid if book is not None else None
    if bid is None or policy.has_drifted(bid, intent.bid or intent.price):
        return None
    return replace(
        intent,
        order_type=OrderType.MARKET,
        price=None,
        volume=None,
        funds=funds,
        time_in_force=TimeInForce.GTC,
        timeout_s=None,
        part=intent.part + 1,
        reason=f"{intent.reason}, part {intent.part + 1} at market",
        policy=None,
    )


def _unspent(order: Order) -> Decimal:
    """All of a later part that came to nothing; a first part that did is the strategy's to ask for anew."""
    return ZERO if order.intent.part == 1 else (order.intent.funds or ZERO) + order.intent.rest


def _seen_since(board: MarketBoard, market: Market, order: Order) -> bool:
    """True once a book came in after the order ended: the one before still shows what the order took."""
    book = board.books.get(market)
    return book is not None and book.received_at > order.updated_at


def _patience(intent: OrderIntent) -> timedelta:
    return timedelta(seconds=intent.timeout_s or 0.0)
