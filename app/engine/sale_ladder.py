"""Kinds of an exit's sale: at market, and in an emergency, when the venue refuses one kind, the next."""

from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal

from app.domain.constraints import ExchangeConstraints
from app.domain.exit_plan import ExitReason
from app.domain.money import MONEY_CONTEXT, ONE, ZERO, is_usable
from app.domain.order import Order, OrderIntent, OrderState, OrderTrigger
from app.domain.position import Position, PositionState
from app.domain.values import OrderType, Purpose, Side, TimeInForce
from app.engine.order_tracker import OrderTracker
from app.engine.risk_gate import GateView

#: The venue's own word that what is left is too small to be sold (upbit.md section 4).
VENUE_SAYS_DUST = "under_min_total_ask"
#: Kinds of a sale in an emergency, tried in turn: market, a limit far enough below the market to be filled at once
#: (what it does not fill does not rest), and what takes the best price only.
LADDER = (OrderType.MARKET, OrderType.LIMIT, OrderType.BEST)
#: How far below the best bid that limit lies, as a ratio.
REACH = Decimal("0.03")
#: Of the venue's maximum total a sale takes this share: the price may rise until the order is there.
BELOW_MAXIMUM = Decimal("0.9")
#: Ends that say nothing about the kind of the order: it never got there, or no order at all would have been taken.
NOT_THE_KIND = (
    OrderTrigger.NEVER_ARRIVED.value,
    "insufficient_funds",
    VENUE_SAYS_DUST,
    "market_offline",
    "notfoundmarket",
    "expired_access_key",
    "invalid_access_key",
    "no_authorization",
    "out_of_scope",
    "jwt_verification",
)
#: A balance is believed to lack units only when it is so much younger than the last fill: it may lag behind.
BALANCE_LAG = timedelta(seconds=5)


def pieces(volume: Decimal, rules: ExchangeConstraints | None, price: Decimal) -> int:
    """Into how many orders a sale has to be split because the venue takes no more than its maximum total at once."""
    if rules is None or not is_usable(price) or not is_usable(rules.max_total):
        return 1
    most = MONEY_CONTEXT.multiply(rules.max_total, BELOW_MAXIMUM)
    share = MONEY_CONTEXT.divide(MONEY_CONTEXT.multiply(volume, price), most)
    return max(int(share.to_integral_value(ROUND_CEILING)), 1)


class SaleLadder:
    """Remembers per position how often the venue refused the kind of its emergency sale."""

    def __init__(self, tracker: OrderTracker) -> None:
        self._tracker = tracker
        self._rungs: dict[str, int] = {}

    def sale(self, position: Position, volume: Decimal, purpose: Purpose, view: GateView) -> OrderIntent:
        """A sale of so many units; in an emergency of no more than is there, of the kind whose turn it is."""
        reason = ExitReason.EMERGENCY if position.state is not PositionState.CLOSING else position.exit_reason
        intent = OrderIntent(
            position_id=position.position_id,
            market=position.market,
            side=Side.SELL,
            order_type=OrderType.MARKET,
            purpose=purpose,
            reason=(reason or ExitReason.USER).value,
            volume=self._there(position, volume, view) if purpose is Purpose.LIQUIDATION else volume,
        )
        rules, book = view.board.constraints.get(position.market), view.board.books.get(position.market)
        bid = book.best_bid if book is not None else None
        parts = pieces(intent.volume or ZERO, rules, bid or view.positions.price_of(position.market))
        if parts > 1 and rules is not None:
            part = MONEY_CONTEXT.divide(intent.volume or ZERO, Decimal(parts))
            intent = replace(intent, volume=rules.floor_volume(part))  # the rest follows when this one is filled
        kind = LADDER[self._rungs.get(position.position_id, 0) % len(LADDER)]
        if kind is OrderType.BEST:
            return replace(intent, order_type=kind, time_in_force=TimeInForce.IOC)
        if kind is OrderType.LIMIT and rules is not None and bid is not None and is_usable(bid):
            price = rules.floor_price(MONEY_CONTEXT.multiply(bid, ONE - REACH))
            # The venue takes the least total at the limit: a rest that sells at market would be called dust there.
            if is_usable(price) and MONEY_CONTEXT.multiply(intent.volume or ZERO, price) >= rules.min_total:
                return replace(intent, order_type=kind, time_in_force=TimeInForce.IOC, price=price)
        return intent

    def refused(self, order: Order) -> None:
        """An order ended without a fill: when the venue refused its kind, the next one is of another kind.

        Without a word of the venue it was no refusal.
        """
        told = order.state is OrderState.REJECTED and order.note != ""
        by_kind = told and not order.note.startswith(NOT_THE_KIND)
        if by_kind and order.intent.purpose is Purpose.LIQUIDATION:
            self._rungs[order.intent.position_id] = self._rungs.get(order.intent.position_id, 0) + 1

    def closed(self, position_id: str) -> None:
        """Nothing of the position is left to be sold."""
        self._rungs.pop(position_id, None)

    def _there(self, position: Position, volume: Decimal, view: GateView) -> Decimal:
        """Of ``volume`` what the venue says is free; all of it when it says nothing, or nothing to go by.

        All of it as well when that is too little to be sold: then the venue has to refuse it, not our books.
        """
        rules = view.board.constraints.get(position.market)
        if rules is None:
            return volume
        free, moved = view.account.balance(rules.base).free, self._tracker.last_fill_at
        young = moved is not None and view.account.reported_at(rules.base) - moved < BALANCE_LAG
        price = view.positions.price_of(position.market)
        too_little = is_usable(price) and MONEY_CONTEXT.multiply(free, price) < rules.min_total
        return volume if young or free <= ZERO or too_little else min(volume, free)
