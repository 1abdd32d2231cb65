"""Orders: intent, life-cycle table and the order itself."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.blueprint import EntryOrderPolicy
from app.domain.errors import BrokenRuleError
from app.domain.grounds import Grounds
from app.domain.money import MONEY_CONTEXT, ZERO
from app.domain.slippage import SlippageEstimate
from app.domain.values import Market, OrderType, Purpose, Side, TimeInForce


class OrderState(StrEnum):
    """Where an order is. UNKNOWN means the venue may or may not have it."""

    INTENT = "intent"
    SENT = "sent"
    UNKNOWN = "unknown"
    OPEN = "open"
    PARTIAL = "partial"
    CANCELLING = "cancelling"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"

    @property
    def is_terminal(self) -> bool:
        """True when nothing more can happen at the venue, late fills excepted."""
        return self in TERMINAL_STATES


TERMINAL_STATES = frozenset({OrderState.FILLED, OrderState.CANCELLED, OrderState.REJECTED, OrderState.EXPIRED})


class OrderTrigger(StrEnum):
    """What can happen to an order."""

    SENDING = "sending"
    TAKEN = "taken"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    PART_FILLED = "part_filled"
    ALL_FILLED = "all_filled"
    CANCEL_SENT = "cancel_sent"
    CANCEL_REFUSED = "cancel_refused"
    ENDED = "ended"
    NEVER_ARRIVED = "never_arrived"
    EXPIRED_UNSENT = "expired_unsent"


S, T = OrderState, OrderTrigger

#: (state, trigger) -> state. A pair that is missing is a broken rule and raises.
ORDER_TRANSITIONS: dict[tuple[OrderState, OrderTrigger], OrderState] = {
    (S.INTENT, T.SENDING): S.SENT,
    (S.INTENT, T.EXPIRED_UNSENT): S.EXPIRED,  # time to live over, or the gate's second look refused it
    (S.INTENT, T.NO_ANSWER): S.UNKNOWN,  # crash between the journal record and the first byte
    (S.SENT, T.ACCEPTED): S.OPEN,
    (S.SENT, T.REFUSED): S.REJECTED,
    (S.SENT, T.TAKEN): S.UNKNOWN,  # cancel-and-new: made once the other order has ended, or never (upbit.md 6.10)
    (S.SENT, T.NO_ANSWER): S.UNKNOWN,  # time-out, reset, 5xx, cut body: hummingbot#493 and many more
    (S.SENT, T.PART_FILLED): S.PARTIAL,  # the fill overtakes the acknowledgement: coinfloor/API#19
    (S.SENT, T.ALL_FILLED): S.FILLED,
    (S.SENT, T.ENDED): S.CANCELLED,
    (S.SENT, T.EXPIRED_UNSENT): S.EXPIRED,  # the socket was never written to
    (S.UNKNOWN, T.ACCEPTED): S.OPEN,
    (S.UNKNOWN, T.PART_FILLED): S.PARTIAL,
    (S.UNKNOWN, T.ALL_FILLED): S.FILLED,
    (S.UNKNOWN, T.ENDED): S.CANCELLED,
    (S.UNKNOWN, T.NEVER_ARRIVED): S.REJECTED,  # only after repeated explicit not-founds past the horizon
    (S.UNKNOWN, T.NO_ANSWER): S.UNKNOWN,  # the lookup itself got no answer: freqtrade#3638
    (S.UNKNOWN, T.CANCEL_SENT): S.UNKNOWN,  # a kill cancels by identifier what may or may not be there
    (S.UNKNOWN, T.CANCEL_REFUSED): S.UNKNOWN,
    (S.OPEN, T.ACCEPTED): S.OPEN,
    (S.OPEN, T.NO_ANSWER): S.OPEN,  # the stream told us first; the lost answer changes nothing
    (S.OPEN, T.PART_FILLED): S.PARTIAL,
    (S.OPEN, T.ALL_FILLED): S.FILLED,
    (S.OPEN, T.CANCEL_SENT): S.CANCELLING,
    (S.OPEN, T.CANCEL_REFUSED): S.OPEN,
    (S.OPEN, T.ENDED): S.CANCELLED,
    (S.PARTIAL, T.ACCEPTED): S.PARTIAL,
    (S.PARTIAL, T.NO_ANSWER): S.PARTIAL,
    (S.PARTIAL, T.PART_FILLED): S.PARTIAL,
    (S.PARTIAL, T.ALL_FILLED): S.FILLED,
    (S.PARTIAL, T.CANCEL_SENT): S.CANCELLING,
    (S.PARTIAL, T.CANCEL_REFUSED): S.PARTIAL,
    (S.PARTIAL, T.ENDED): S.CANCELLED,
    (S.CANCELLING, T.ACCEPTED): S.CANCELLING,  # late "wait" event after our cancel: BitBot#27
    (S.CANCELLING, T.NO_ANSWER): S.CANCELLING,
    (S.CANCELLING, T.PART_FILLED): S.CANCELLING,
    (S.CANCELLING, T.ALL_FILLED): S.FILLED,  # filled while the cancel was under way: freqtrade#385
    (S.CANCELLING, T.CANCEL_SENT): S.CANCELLING,
    (S.CANCELLING, T.CANCEL_REFUSED): S.OPEN,
    (S.CANCELLING, T.ENDED): S.CANCELLED,
}
# Terminal is absorbing: late venue words move nothing (hummingbot lets a late OPEN reopen a CANCELED order), but a
# late fill is still booked by the tracker; a wrong "rejected" or "cancelled" then shows its filled quantity.
for _state in TERMINAL_STATES:
    for _trigger in OrderTrigger:
        if _trigger is not T.SENDING:
            ORDER_TRANSITIONS[(_state, _trigger)] = _state
del S, T


def next_order_state(state: OrderState, trigger: OrderTrigger) -> OrderState:
    """Follow the table.

    Raises:
        BrokenRuleError: the pair is not in the table.
    """
    try:
        return ORDER_TRANSITIONS[(state, trigger)]
    except KeyError:
        raise BrokenRuleError(f"an order in state {state} cannot take '{trigger}'") from None


@dataclass(frozen=True, slots=True)
class OrderIntent:
    """What a strategy, an exit or a person wants, before the gate has looked at it.

    Market buys carry ``funds`` (quote currency to spend, fee on top); every other order carries ``volume`` (units).
    ``price`` is the limit price in quote currency and None for market orders. ``instruction_id`` names what a person
    asked for, if it came from one. An entry that was split says which ``part`` of its step it is, and what of the step
    is to follow after it (``rest``, funds in quote currency). ``bid`` is the best bid a limit entry was made from.
    ``policy`` says how a person's limit entry ends; that of a strategy ends as its blueprint says.
    ``replaces`` is the order whose place it takes at the venue in one call: the venue makes it once that one has been
    cancelled, of what is left of it by then (``volume`` at most), and never when that one was filled.
    """

    position_id: str
    market: Market
    side: Side
    order_type: OrderType
    purpose: Purpose
    reason: str
    price: Decimal | None = None
    volume: Decimal | None = None
    funds: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    timeout_s: float | None = None
    instruction_id: str = ""
    part: int = 1
    rest: Decimal = ZERO
    bid: Decimal | None = None
    policy: EntryOrderPolicy | None = None
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution at the venue. Key is (order id, trade id). ``fee`` in quote currency."""

    order_id: str
    trade_id: str
    market: Market
    side: Side
    price: Decimal
    volume: Decimal
    fee: Decimal
    traded_at: datetime

    @property
    def funds(self) -> Decimal:
        """Quote currency that changed hands, fee not included."""
        return MONEY_CONTEXT.multiply(self.price, self.volume)


@dataclass(frozen=True, slots=True)
class Order:
    """One order of ours. ``order_id`` is also the identifier the venue knows; it is never used twice.

    ``estimate`` is the walk of the book on which it was decided; None when the book gave none, or it takes nothing.
    ``grounds`` is what else it was decided on; None for orders found at the venue and those of older journals.
    """

    order_id: str
    intent: OrderIntent
    state: OrderState
    created_at: datetime
    updated_at: datetime
    venue_order_id: str | None = None
    filled_volume: Decimal = ZERO
    filled_funds: Decimal = ZERO
    paid_fee: Decimal = ZERO
    reserved: Decimal = ZERO
    not_found_count: int = 0
    note: str = ""
    estimate: SlippageEstimate | None = None
    grounds: Grounds | None = None

    @property
    def is_working(self) -> bool:
        """True while the venue has it, or may have it."""
        return not self.state.is_terminal

    @property
    def average_price(self) -> Decimal | None:
        """Average fill price without fee, quote currency per unit; None before the first fill."""
        return MONEY_CONTEXT.divide(self.filled_funds, self.filled_volume) if self.filled_volume else None

    @property
    def remaining_volume(self) -> Decimal | None:
        """Units not filled yet; None for a market buy, whose size is money."""
        return None if self.intent.volume is None else self.intent.volume - self.filled_volume

    def after(self, trigger: OrderTrigger, now: datetime, **changes: object) -> "Order":
        """The order after ``trigger``; further fields may be replaced in the same step.

        Raises:
            BrokenRuleError: the life cycle has no such step.
        """
        state = next_order_state(self.state, trigger)
        return replace(self, state=state, updated_at=now, **changes)  # type: ignore[arg-type]
