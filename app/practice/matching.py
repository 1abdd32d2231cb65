"""Matches takers with the book in price-time order: the user's orders and the simulated flow alike."""

from __future__ import annotations

from decimal import Decimal

from .clock import US_PER_MS, VenueClock
from .events import EventHub
from .faults import Faults
from .journal import Journal, Rested
from .ledger import InsufficientFunds
from .market import Market
from .money import ZERO, whole_volume
from .order import Fill, Order, OrderType, RecordedLevel, Side, SmpType, State, TimeInForce
from .order_book import BookSide, Resting
from .settlement import Settlement

_WHOLE = Decimal(1)
_PARTIAL_TAKER = Decimal("0.4")
_PARTIAL_MAKER = Decimal("0.5")


class MatchingEngine:
    """Executes orders against books; reports through the hub."""

    def __init__(
        self, clock: VenueClock, settlement: Settlement, hub: EventHub, faults: Faults, journal: Journal
    ) -> None:
        self._clock = clock
        self._settlement = settlement
        self._hub = hub
        self._faults = faults
        self._journal = journal
        self._entries: dict[str, Resting] = {}

    def activate(self, market: Market, order: Order) -> None:
        """Let an accepted order of the user meet the market; the rest queues or ends."""
        makers = market.book.of(order.side.other)
        limit = self._limit_of(order, makers)
        if order.request.time_in_force is TimeInForce.POST_ONLY and self._would_match(makers, limit):
            self.end(order, State.CANCEL)
            return
        if order.request.time_in_force is TimeInForce.FOK and not self._fillable(order, makers, limit):
            self.end(order, State.CANCEL)
            return
        self._take(market, order, makers, limit)
        if not order.is_open:
            return
        if order.request.ord_type is OrderType.LIMIT and order.request.time_in_force in (
            None,
            TimeInForce.POST_ONLY,
        ):
            self._journal.note(Rested(order.uuid))
            self._rest(market, order)
        else:
            self.end(order, State.CANCEL)

    def rest_again(self, market: Market, order: Order) -> None:
        """Queue an order that rested before a restart, as a maker: the new book makes way for it."""
        makers, price = market.book.of(order.side.other), order.request.price
        while price is not None and (best := makers.best()) is not None and makers.better_or_equal(best.price, price):
            if not makers.cut_market(best.price):
                break
        self._rest(market, order)

    def withdraw(self, market: Market, order: Order) -> None:
        """Take an order out of the book and end it as cancelled."""
        entry = self._entries.pop(order.uuid, None)
        if entry is not None:
            market.book.of(order.side).reduce(entry, entry.volume)
            self._hub.book(market)
        self.end(order, State.CANCEL)

    def end(self, order: Order, state: State) -> None:
        self._settlement.end(order, state)
        self._tell_end(order)

    def fill_ended(self, order: Order, price: Decimal, volume: Decimal, is_maker: bool, trend: str) -> None:
        """Execute an order that has ended, as far as the free balance can pay for it."""
        volume = min(volume, self._settlement.affordable(order, price))
        if volume > 0:
            fill = self._settlement.fill(order, price, volume, is_maker, trend)
            self._hub.order(order, "trade", fill)
            self._hub.assets(order.quote, order.coin)

    def take_simulated(self, market: Market, side: Side, volume: Decimal, limit: Decimal | None) -> Decimal:
        """A simulated taker; returns the volume it got."""
        makers = market.book.of(side.other)
        got = ZERO
        while got < volume and (maker := makers.front()) is not None:
            if limit is not None and not makers.better_or_equal(maker.price, limit):
                break
            part = min(maker.volume, volume - got)
            halved = maker.order is not None and self._faults.hits("partial_fills_only")
            if halved:
                part = min(part, whole_volume(maker.volume * _PARTIAL_MAKER) or part)
            self._print(market, maker.price, part, side, maker)
            got += part
            if halved:
                break
        if got:
            self._hub.book(market)
        return got

    def fill_crossed(self, market: Market, side: Side) -> None:
        """Fill the user's resting orders that the (recorded) opposite side has crossed."""
        opposite = market.book.of(side.other)
        for entry in market.book.of(side).user_entries():
            while entry.volume > 0 and (other := opposite.front()) is not None and other.order is None:
                if not opposite.better_or_equal(other.price, entry.price):
                    break
                volume, price = min(entry.volume, other.volume), entry.price
                recorded = other.recorded
                opposite.reduce(other, volume)
                self._print(market, price, volume, side.other, entry, recorded)

    def _take(self, market: Market, order: Order, makers: BookSide, limit: Decimal | None) -> None:
        share = _PARTIAL_TAKER if self._faults.hits("partial_fills_only") else _WHOLE
        while order.is_open and (maker := makers.front()) is not None:
            if limit is not None and not makers.better_or_equal(maker.price, limit):
                break
            volume = min(maker.volume, self._appetite(order, maker.price, share))
            if volume <= 0:
                break
            if maker.order is not None and self._prevented(market, order, maker, volume):
                continue
            self._print(market, maker.price, volume, order.side, maker, maker.recorded, order)
        if order.executed_volume:
            self._hub.book(market)

    def _print(
        self,
        market: Market,
        price: Decimal,
        volume: Decimal,
        side: Side,
        maker: Resting,
        recorded: RecordedLevel | None = None,
        taker: Order | None = None,
    ) -> None:
        """One execution: money first, then the book, then the tape and the private events."""
        trend = market.tape.trend(price)
        market.book.of(side.other).reduce(maker, volume)
        for order, is_maker in ((taker, False), (maker.order, True)):
            if order is not None:
                self._fill(order, price, volume, is_maker, trend, recorded)
        trade = market.tape.print_trade(price, volume, side, self._clock.now_us() // US_PER_MS)
        self._hub.trade(market, trade)

    def _fill(
        self,
        order: Order,
        price: Decimal,
        volume: Decimal,
        is_maker: bool,
        trend: str,
        recorded: RecordedLevel | None,
    ) -> None:
        in_coin = order.side is Side.BID and self._faults.hits("fee_in_base", order.market)
        fill = self._settlement.fill(order, price, volume, is_maker, trend, recorded, in_coin)
        self._hub.order(order, "trade", fill)
        self._hub.assets(order.quote, order.coin)
        if delay := self._faults.delay_us("bust", order.market):
            self._clock.call_later(delay, lambda: self._bust(order, fill))
        left = order.remaining_volume if order.remaining_volume is not None else order.remaining_funds
        if not left:
            self._entries.pop(order.uuid, None)
            self._settlement.end(order, State.DONE)
            self._overfill(order, price, is_maker, trend)
            self._tell_end(order)

    def _overfill(self, order: Order, price: Decimal, is_maker: bool, trend: str) -> None:
        asked = order.request.volume
        if asked is not None and (share := self._faults.draw("overfill", order.market)) is not None:
            self.fill_ended(order, price, whole_volume(asked * share), is_maker, trend)

    def _bust(self, order: Order, fill: Fill) -> None:
        try:
            self._settlement.bust(order, fill)
        except InsufficientFunds:
            return  # what the fill brought is spent: it stands
        # The venue only corrects the balances; the trade is simply no longer among the order's.
        self._hub.assets(order.quote, order.coin)

    def _tell_end(self, order: Order) -> None:
        self._hub.order(order, order.state.value)
        self._hub.assets(order.locked_currency)

    def _rest(self, market: Market, order: Order) -> None:
        price, remaining = order.request.price, order.remaining_volume
        if price is None or not remaining:
            return
        entry = Resting(price, remaining, order)
        self._entries[order.uuid] = entry
        market.book.of(order.side).add(entry)
        self._hub.book(market)

    def _prevented(self, market: Market, taker: Order, maker: Resting, volume: Decimal) -> bool:
        """Self-match prevention by the taker's mode; True when the pair must not trade."""
        mode = taker.request.smp_type
        if mode is SmpType.NONE or maker.order is None:
            return False
        if mode is SmpType.CANCEL_TAKER:
            self._cut(taker, None, taker.remaining_volume)
            return True
        if mode is SmpType.CANCEL_MAKER:
            self._cut_maker(market, maker, maker.volume)
            return True
        self._cut_maker(market, maker, volume)
        self._cut(taker, None, volume)
        return True

    def _cut_maker(self, market: Market, maker: Resting, volume: Decimal) -> None:
        order = maker.order
        if order is not None:
            market.book.of(order.side).reduce(maker, volume)
            self._cut(order, maker, volume)

    def _cut(self, order: Order, entry: Resting | None, volume: Decimal | None) -> None:
        if volume and order.remaining_volume is not None:
            self._settlement.prevent(order, volume)
            self._hub.order(order, "prevented")
        if not order.remaining_volume:
            if entry is not None:
                self._entries.pop(order.uuid, None)
            self.end(order, State.CANCEL)

    @staticmethod
    def _appetite(order: Order, price: Decimal, share: Decimal) -> Decimal:
        """Coin volume the order may still take at this price, using at most `share` of what it asked for."""
        asked, total = order.request.volume, order.request.price or ZERO
        if asked is None:
            return whole_volume(max(ZERO, total * share - order.executed_funds) / price)
        if share == 1:
            return order.remaining_volume or ZERO
        return max(ZERO, whole_volume(asked * share) - order.executed_volume)

    @staticmethod
    def _limit_of(order: Order, makers: BookSide) -> Decimal | None:
        if order.request.ord_type is OrderType.LIMIT:
            return order.request.price
        best = makers.best()
        if order.request.ord_type is OrderType.BEST and best is not None:
            return best.price
        return None

    @staticmethod
    def _would_match(makers: BookSide, limit: Decimal | None) -> bool:
        best = makers.best()
        return best is not None and (limit is None or makers.better_or_equal(best.price, limit))

    def _fillable(self, order: Order, makers: BookSide, limit: Decimal | None) -> bool:
        """Whether a fill-or-kill order can be filled completely now."""
        volume, funds = order.remaining_volume, order.remaining_funds
        for level in makers.levels():
            if limit is not None and not makers.better_or_equal(level.price, limit):
                break
            if volume is None:
                funds -= level.total * level.price
                if funds <= 0:
                    return True
            else:
                volume -= level.total
                if volume <= 0:
                    return True
        return False
