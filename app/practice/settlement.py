"""Moves money for orders: holds, fills, self-match cuts and ends, exactly as upbit.md 5.3 describes."""

from __future__ import annotations

import random
import uuid
from decimal import Decimal

from .accounts import Accounts
from .clock import VenueClock
from .journal import Busted, Ended, Filled, Journal, Opened, Prevented
from .ledger import Book, Leg
from .money import FEE_RATE, ONE, ZERO, whole_volume
from .order import Fill, Order, OrderRequest, OrderType, RecordedLevel, Side, State


class IdSource:
    """UUIDs that repeat for the same seed and start instant, and never between two live runs."""

    def __init__(self, seed: int, start_us: int) -> None:
        self._random = random.Random(f"ids-{seed}-{start_us}")

    def fresh(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))


def hold_needed(request: OrderRequest) -> tuple[Decimal, Decimal]:
    """(amount to lock, part of it reserved for the fee); KRW for a bid, coin for an ask."""
    if request.side is Side.ASK:
        return request.volume or ZERO, ZERO
    price = request.price or ZERO
    total = price if request.volume is None else price * request.volume
    fee = total * FEE_RATE
    return total + fee, fee


class Settlement:
    """The only place that changes an order's amounts, always together with the ledger and the journal.

    The `enter_` halves do not decide and note nothing: a restart plays them again.
    """

    def __init__(self, accounts: Accounts, clock: VenueClock, ids: IdSource, journal: Journal) -> None:
        self._accounts = accounts
        self._clock = clock
        self._ids = ids
        self._journal = journal

    def open(self, request: OrderRequest, source: str, uuid: str | None = None) -> Order:
        """Create the order, with a uuid promised before or a new one, and lock its money; raises InsufficientFunds."""
        order = Order(uuid or self._ids.fresh(), request, self._clock.now_us(), hold_needed(request)[1], source)
        self.enter_order(order)
        self._journal.note(Opened(order.uuid, request, order.created_us, order.reserved_fee, source))
        return order

    def enter_order(self, order: Order) -> None:
        self._accounts.lock(order.created_us, order.uuid, order.locked_currency, order.locked)

    def fill(
        self,
        order: Order,
        price: Decimal,
        volume: Decimal,
        is_maker: bool,
        trend: str,
        recorded: RecordedLevel | None = None,
        fee_in_coin: bool = False,
    ) -> Fill:
        """Book one execution; for an ended order the money comes from the free balance (InsufficientFunds)."""
        now = self._clock.now_us()
        fee, coin_fee = price * volume * FEE_RATE, ZERO
        if fee_in_coin:
            fee, coin_fee = ZERO, whole_volume(volume * FEE_RATE)
        fill = Fill(self._ids.fresh(), price, volume, fee, is_maker, trend, now, recorded, coin_fee)
        self.enter_fill(order, fill)
        self._journal.note(Filled(order.uuid, fill))
        return fill

    def enter_fill(self, order: Order, fill: Fill) -> None:
        if order.side is Side.BID:
            self._pay_for_coin(order, fill)
        else:
            self._pay_for_krw(order, fill)
        order.executed_volume += fill.volume
        order.executed_funds += fill.funds
        order.paid_fee += fill.fee
        order.fills.append(fill)

    def affordable(self, order: Order, price: Decimal) -> Decimal:
        """Coin volume the free balance can still pay for at this price."""
        free = self._accounts.balance(order.locked_currency).free
        return whole_volume(free / price / (ONE + FEE_RATE)) if order.side is Side.BID else free

    def bust(self, order: Order, fill: Fill) -> None:
        """Take a fill back. Raises InsufficientFunds when what it brought has been spent."""
        now = self._clock.now_us()
        self.enter_bust(order, fill.trade_uuid, now)
        self._journal.note(Busted(order.uuid, fill.trade_uuid, now))

    def enter_bust(self, order: Order, trade_uuid: str, time_us: int) -> None:
        fill = next(fill for fill in order.fills if fill.trade_uuid == trade_uuid)
        self._accounts.take_back(time_us, trade_uuid, _reversed_legs(order, fill))
        order.fills.remove(fill)
        order.busted.append(fill)
        order.executed_volume -= fill.volume
        order.executed_funds -= fill.funds
        order.paid_fee -= fill.fee

    def prevent(self, order: Order, volume: Decimal) -> None:
        """Cut volume out of an order because it met another order of the same account."""
        amount = volume
        if order.side is Side.BID:
            amount = volume * (order.request.price or ZERO) * (1 + FEE_RATE)
        now = self._clock.now_us()
        self.enter_cut(order, volume, amount, now)
        self._journal.note(Prevented(order.uuid, volume, amount, now))

    def enter_cut(self, order: Order, volume: Decimal, amount: Decimal, time_us: int) -> None:
        order.prevented_volume += volume
        order.prevented_locked += amount
        self._accounts.release(time_us, order.uuid, order.locked_currency, amount)

    def end(self, order: Order, state: State) -> None:
        """Finish an order and give back what it still holds; the shown leftovers stay."""
        now = self._clock.now_us()
        self.enter_end(order, state, now)
        self._journal.note(Ended(order.uuid, state, now))

    def enter_end(self, order: Order, state: State, time_us: int) -> None:
        self._accounts.release(time_us, order.uuid, order.locked_currency, order.locked)
        order.state = state
        order.ended_us = time_us

    def _pay_for_coin(self, order: Order, fill: Fill) -> None:
        held = self._accounts.balance(order.coin)
        got = fill.volume - fill.coin_fee
        legs = [
            Leg(_purse(order), order.quote, -(fill.funds + fill.fee)),
            Leg(Book.MARKET, order.quote, fill.funds),
            Leg(Book.FEES, order.quote, fill.fee),
            Leg(Book.MARKET, order.coin, -fill.volume),
            Leg(Book.FREE, order.coin, got),
            Leg(Book.FEES, order.coin, fill.coin_fee),
        ]
        if order.request.ord_type is OrderType.LIMIT and order.is_open:
            # A better price than the limit frees the difference at once; its fee stays reserved to the end.
            saved = ((order.request.price or ZERO) - fill.price) * fill.volume
            legs += [Leg(Book.LOCKED, order.quote, -saved), Leg(Book.FREE, order.quote, saved)]
        self._accounts.settle(fill.time_us, fill.trade_uuid, legs)
        self._accounts.bought(order.coin, got, fill.price, held.free + held.locked)

    def _pay_for_krw(self, order: Order, fill: Fill) -> None:
        legs = (
            Leg(_purse(order), order.coin, -fill.volume),
            Leg(Book.MARKET, order.coin, fill.volume),
            Leg(Book.MARKET, order.quote, -fill.funds),
            Leg(Book.FREE, order.quote, fill.funds - fill.fee),
            Leg(Book.FEES, order.quote, fill.fee),
        )
        self._accounts.settle(fill.time_us, fill.trade_uuid, legs)


def _purse(order: Order) -> Book:
    """Where an order's own money is: what an ended order held has gone back already."""
    return Book.LOCKED if order.is_open else Book.FREE


def _reversed_legs(order: Order, fill: Fill) -> tuple[Leg, ...]:
    """What undoes a fill; an open order keeps the fee reserved."""
    if order.side is Side.ASK:
        return (
            Leg(Book.MARKET, order.coin, -fill.volume),
            Leg(Book.FREE, order.coin, fill.volume),
            Leg(Book.FREE, order.quote, fill.fee - fill.funds),
            Leg(Book.MARKET, order.quote, fill.funds),
            Leg(Book.FEES, order.quote, -fill.fee),
        )
    return (
        Leg(Book.MARKET, order.quote, -fill.funds),
        Leg(Book.FREE, order.quote, fill.funds),
        Leg(Book.FEES, order.quote, -fill.fee),
        Leg(_purse(order), order.quote, fill.fee),
        Leg(Book.FREE, order.coin, fill.coin_fee - fill.volume),
        Leg(Book.FEES, order.coin, -fill.coin_fee),
        Leg(Book.MARKET, order.coin, fill.volume),
    )
