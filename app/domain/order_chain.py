"""Why did it trade: one order from its signal to its cost, as the journal tells it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.grounds import Grounds
from app.domain.instruction import Instruction
from app.domain.money import MONEY_CONTEXT, ratio
from app.domain.order import Fill, Order, OrderState
from app.domain.position import Position
from app.domain.slippage import SlippageEstimate, short_ratio
from app.domain.values import Side


class SignalKind(StrEnum):
    """Who or what asked for the order."""

    STRATEGY = "strategy"  # its entry rule, a rung, or its exit rule
    PROTECTION = "protection"  # stop-loss, take-profit, trailing stop or time exit
    BY_HAND = "by_hand"  # an order, or the closing of a position, at once
    INSTRUCTION = "instruction"  # a person's order that waited for its condition
    EMERGENCY = "emergency"
    RECOVERED = "recovered"  # found at the venue after the journal had lost it


@dataclass(frozen=True, slots=True)
class Signal:
    """What asked for the order, at what time and price (quote currency). ``seq`` is its journal record.

    ``reason`` is the word of the intent or of the exit, ``rule`` the condition that held, ``level`` the price that was
    reached, ``run_id`` the emergency run.
    """

    kind: SignalKind
    seq: int
    at: datetime
    reason: str
    price: Decimal | None = None
    rule: str = ""
    level: Decimal | None = None
    instruction: Instruction | None = None
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One record about the order. ``trigger`` is an OrderTrigger, "intent", "adopted" or, with a ``fill``, "fill".

    ``note`` are the words of the venue or the reason it did not leave.
    """

    seq: int
    at: datetime
    trigger: str
    state: OrderState
    venue_order_id: str = ""
    note: str = ""
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """How much worse than ``price`` (quote currency per unit) the execution was; better is negative.

    ``money`` in quote currency, ``ratio`` of what it would have cost at ``price`` (0.0001 = 1 basis point).
    """

    price: Decimal
    money: Decimal
    ratio: Decimal


@dataclass(frozen=True, slots=True)
class ExecutionCost:
    """What the fills cost. Money in quote currency; ``fee_ratio`` of ``funds``.

    A difference is None when there is nothing to compare with: no estimate for an order that rests, no last price.
    ``total`` is the fee and the difference to the decision price: the shortfall of Perold, "The Implementation
    Shortfall: Paper versus Reality" (1988), for what was filled.
    """

    volume: Decimal
    funds: Decimal
    average_price: Decimal
    fee: Decimal
    fee_ratio: Decimal
    against_estimate: Difference | None
    against_decision: Difference | None

    @property
    def total(self) -> Decimal | None:
        """Fee and slippage against the decision price; None without such a price."""
        if self.against_decision is None:
            return None
        return MONEY_CONTEXT.add(self.fee, self.against_decision.money)

    @property
    def total_ratio(self) -> Decimal | None:
        """``total`` as a ratio of what the fills would have cost at the decision price."""
        if self.against_decision is None or self.total is None:
            return None
        paper = MONEY_CONTEXT.multiply(self.against_decision.price, self.volume)
        return short_ratio(ratio(self.total, paper))


@dataclass(frozen=True, slots=True)
class OrderChain:
    """Signal, checks, intent, requests and answers, fills and cost of one order.

    The intent is ``order.intent``. ``grounds`` and ``estimate`` are those of the decision; ``position`` is as it is
    now, None when the journal does not know it. ``steps`` are in the order of the journal. ``cost`` is None before
    the first fill.
    """

    order: Order
    position: Position | None
    signal: Signal
    steps: tuple[ChainStep, ...]
    cost: ExecutionCost | None

    @property
    def grounds(self) -> Grounds | None:
        """What it was decided on."""
        return self.order.grounds

    @property
    def estimate(self) -> SlippageEstimate | None:
        """The walk of the book on which it was decided."""
        return self.order.estimate

    @property
    def fills(self) -> tuple[Fill, ...]:
        """Its fills in the order in which they were booked."""
        return tuple(step.fill for step in self.steps if step.fill is not None)


def execution_cost(order: Order) -> ExecutionCost | None:
    """What an order cost so far, recomputed from its figures; None before its first fill."""
    average = order.average_price
    if average is None:
        return None
    estimated = order.estimate.average_price if order.estimate is not None else None
    decided = order.grounds.price if order.grounds is not None else None
    return ExecutionCost(
        volume=order.filled_volume,
        funds=order.filled_funds,
        average_price=average,
        fee=order.paid_fee,
        fee_ratio=short_ratio(ratio(order.paid_fee, order.filled_funds)),
        against_estimate=None if estimated is None else _difference(order, estimated),
        against_decision=None if decided is None else _difference(order, decided),
    )


def _difference(order: Order, price: Decimal) -> Difference:
    paper = MONEY_CONTEXT.multiply(price, order.filled_volume)
    more = MONEY_CONTEXT.subtract(order.filled_funds, paper)
    worse = more if order.intent.side is Side.BUY else -more
    return Difference(price, worse, short_ratio(ratio(worse, paper)))
