"""The simulated venue: accounts, orders, matching. Shares no code with the engine: its ledger is the oracle.

Everything is synchronous and in virtual time; ``VenueDoor`` puts the network in between.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Context, Decimal, localcontext

EXACT = Context(prec=60)
FEE = Decimal("0.0005")
STEP = Decimal("0.00000001")
ZERO = Decimal(0)


class Refused(Exception):
    """The venue says no; the text is its business code."""


@dataclass(slots=True)
class VenueFill:
    """One execution of one of our orders."""

    trade_id: str
    price: Decimal
    volume: Decimal
    fee: Decimal
    at: float


@dataclass(slots=True)
class VenueOrder:
    """An order as the venue has it. ``volume`` is None for a market buy, ``funds`` for everything else."""

    number: str
    identifier: str | None
    market: str
    buys: bool
    price: Decimal | None
    volume: Decimal | None
    funds: Decimal | None
    accepted_at: float
    locked: Decimal
    visible_at: float = 0.0
    is_open: bool = True
    cancelling: bool = False
    fills: list[VenueFill] = field(default_factory=list)

    @property
    def executed(self) -> Decimal:
        """Units filled so far."""
        return sum((fill.volume for fill in self.fills), ZERO)

    @property
    def paid_fee(self) -> Decimal:
        """Quote currency paid so far."""
        return sum((fill.fee for fill in self.fills), ZERO)

    @property
    def spent(self) -> Decimal:
        """Quote currency that changed hands, fee not included."""
        return sum((EXACT.multiply(fill.price, fill.volume) for fill in self.fills), ZERO)


@dataclass(slots=True)
class VenueMarket:
    """One market: its price, its spread, its rules."""

    name: str
    price: Decimal
    tick: Decimal
    min_total: Decimal = Decimal(5000)
    halted: bool = False
    #: Nothing moves, and nobody offers.
    frozen: bool = False
    bottom: Decimal = ZERO
    #: Above this nothing was ever too small.
    highest_min_total: Decimal = ZERO
    #: Both sides of the book: ticks behind the best price, and units there; deeper is as deep as one likes.
    ladder: tuple[tuple[int, Decimal], ...] = ((0, Decimal(50)),)

    @property
    def coin(self) -> str:
        """Asset that is traded against KRW."""
        return self.name.split("-")[1]

    @property
    def bid(self) -> Decimal:
        """Best buying price."""
        return self.price - self.tick

    @property
    def ask(self) -> Decimal:
        """Best selling price."""
        return self.price

    def levels(self, asks: bool) -> list[tuple[Decimal, Decimal]]:
        """Price and units of every level of a side, best first."""
        best, step = (self.ask, self.tick) if asks else (self.bid, -self.tick)
        return [(best + step * ticks, units) for ticks, units in self.ladder]


class VenueLedger:
    """One account. Raises Refused; ``changed(order, fill)`` and ``money(assets)`` tell the streams."""

    def __init__(self, markets: list[VenueMarket], cash: Decimal, coins: dict[str, Decimal]) -> None:
        self.markets = {market.name: market for market in markets}
        self.free: dict[str, Decimal] = {"KRW": cash, **coins}
        self.locked: dict[str, Decimal] = {}
        self.opening = dict(self.free)
        #: Deposits, withdrawals and trades of the user's phone app: (asset, amount).
        self.outside: list[tuple[str, Decimal]] = []
        self.orders: dict[str, VenueOrder] = {}
        self.by_identifier: dict[str, VenueOrder] = {}
        self.used: set[str] = set()
        self.now = 0.0
        self.changed: Callable[[VenueOrder, VenueFill | None], None] = lambda order, fill: None
        self.money: Callable[[tuple[str, ...]], None] = lambda assets: None
        self._numbers = 0

    # ---- orders -------------------------------------------------------------------------------------------------

    def place(
        self,
        identifier: str | None,
        market_name: str,
        buys: bool,
        price: Decimal | None,
        volume: Decimal | None,
        funds: Decimal | None,
        claimed: bool = False,
    ) -> VenueOrder:
        """Accept an order and lock what it may need; ``claimed``: its identifier is its own already. Raises Refused."""
        if not claimed:
            self.claim(identifier)
        market = self._takes(market_name, price)
        worth = funds if funds is not None else EXACT.multiply(price or market.bid, volume or ZERO)
        if worth < market.min_total:
            raise Refused("under_min_total_bid" if buys else "under_min_total_ask")
        asset, needed = ("KRW", EXACT.multiply(worth, 1 + FEE)) if buys else (market.coin, volume or ZERO)
        if needed > self.free.get(asset, ZERO):
            raise Refused("insufficient_funds_bid" if buys else "insufficient_funds_ask")
        self._move(asset, -needed, needed)
        self._numbers += 1
        order = VenueOrder(f"v-{self._numbers}", identifier, market_name, buys, price, volume, funds, self.now, needed)
        self.orders[order.number] = order
        if identifier is not None:
            self.by_identifier[identifier] = order
        self.changed(order, None)
        self.money((asset,))
        return order

    def claim(self, identifier: str | None) -> None:
        """Use up an identifier, whatever becomes of its order. Raises Refused."""
        if identifier is not None:
            if identifier in self.used:
                raise Refused("duplicated_identifier")
            self.used.add(identifier)

    def swap(self, old: VenueOrder | None, identifier: str, price: Decimal | None) -> VenueOrder:
        """Accept that ``old`` is cancelled and what is left of it placed anew at ``price``. Raises Refused."""
        self.claim(identifier)
        if old is None or not old.is_open or old.cancelling or old.volume is None:
            raise Refused("order_not_found")
        self._takes(old.market, price)
        old.cancelling = True
        return old

    def swapped(self, old: VenueOrder, identifier: str, price: Decimal | None) -> VenueOrder | None:
        """The cancel is done: the new order; None when ``old`` was filled first. Raises Refused."""
        rest = (old.volume or ZERO) - old.executed
        if rest <= ZERO:
            return None
        return self.place(identifier, old.market, old.buys, price, rest, None, claimed=True)

    def _takes(self, market_name: str, price: Decimal | None) -> VenueMarket:
        market = self.markets[market_name]
        if market.halted:
            raise Refused("market_offline")
        if price is not None and price % market.tick:
            raise Refused("invalid_price")
        return market

    def fill(self, order: VenueOrder, price: Decimal, volume: Decimal) -> None:
        """Execute part of an order at a price; ends it when nothing is left."""
        market = self.markets[order.market]
        with localcontext(EXACT):
            funds = price * volume
            fee = funds * FEE
            if order.buys:
                bound = (order.price or price) * volume * (1 + FEE) if order.funds is None else funds + fee
                order.locked -= bound
                self._move("KRW", bound - funds - fee, -bound)
                self._move(market.coin, volume, ZERO)
            else:
                order.locked -= volume
                self._move(market.coin, ZERO, -volume)
                self._move("KRW", funds - fee, ZERO)
        fill = VenueFill(f"t-{len(order.fills) + 1}", price, volume, fee, self.now)
        order.fills.append(fill)
        self.changed(order, fill)
        self.money((market.coin, "KRW"))
        if self.left(order, price) <= ZERO:
            self.end(order)

    def left(self, order: VenueOrder, price: Decimal) -> Decimal:
        """Units the order can still take at ``price``."""
        if order.volume is not None:
            return order.volume - order.executed
        with localcontext(EXACT):
            rest = (order.funds or ZERO) - order.spent
            return (rest / price).quantize(STEP, ROUND_DOWN)

    def end(self, order: VenueOrder) -> None:
        """Close an order and free what it still locks."""
        if not order.is_open:
            return
        order.is_open = False
        asset = "KRW" if order.buys else self.markets[order.market].coin
        rest, order.locked = order.locked, ZERO
        self._move(asset, rest, -rest)
        self.changed(order, None)
        self.money((asset,))

    def reaches(self, order: VenueOrder) -> bool:
        """True when the limit of an order is at the market, or it has none."""
        market = self.markets[order.market]
        return order.price is None or (order.price >= market.ask if order.buys else order.price <= market.bid)

    def match(self, order: VenueOrder, share: Decimal) -> None:
        """Let an order meet the market once; it gets at most ``share`` of what it still wants."""
        market = self.markets[order.market]
        if not order.is_open or market.halted:
            return
        if not self.reaches(order):
            return
        price = order.price or (market.ask if order.buys else market.bid)
        wanted = self.left(order, price)
        if share < 1:
            wanted = (wanted * share).quantize(STEP, ROUND_DOWN) or wanted
        if wanted <= ZERO:
            if order.price is None:
                self.end(order)
        elif order.price is None:
            self._sweep(order, market, wanted)
        else:
            self.fill(order, price, wanted)

    def take_best(self, order: VenueOrder, whole: bool) -> None:
        """Let an order take what is offered at the best price: all it wants, or as much as there is."""
        market = self.markets[order.market]
        if not order.is_open or market.halted:
            return
        price, units = market.levels(asks=order.buys)[0]
        wanted = self.left(order, price)
        if wanted > ZERO and not (whole and wanted > units):
            self.fill(order, price, min(wanted, units))

    def _sweep(self, order: VenueOrder, market: VenueMarket, wanted: Decimal) -> None:
        """A market order walks the book; the last level has no end."""
        levels = market.levels(asks=order.buys)
        for price, units in levels:
            last = price == levels[-1][0]
            part = min(wanted, self.left(order, price), wanted if last else units)
            if part <= ZERO or not order.is_open:
                return
            self.fill(order, price, part)
            wanted -= part

    # ---- money from outside -------------------------------------------------------------------------------------

    def flow(self, asset: str, amount: Decimal) -> None:
        """Deposit (positive) or withdrawal of what is free."""
        amount = max(amount, -self.free.get(asset, ZERO))
        self.outside.append((asset, amount))
        self._move(asset, amount, ZERO)
        self.money((asset,))

    def phone_trade(self, market_name: str, buys: bool, volume: Decimal) -> bool:
        """The user trades in the app, at once; False when there is not enough."""
        market = self.markets[market_name]
        with localcontext(EXACT):
            if buys:
                funds = market.ask * volume
                paid, got = ("KRW", funds * (1 + FEE)), (market.coin, volume)
            else:
                paid, got = (market.coin, volume), ("KRW", market.bid * volume * (1 - FEE))
        if paid[1] > self.free.get(paid[0], ZERO):
            return False
        for asset, amount in ((paid[0], -paid[1]), got):
            self.outside.append((asset, amount))
            self._move(asset, amount, ZERO)
        self.money((paid[0], got[0]))
        return True

    # ---- looking ------------------------------------------------------------------------------------------------

    def total(self, asset: str) -> Decimal:
        """Free and locked."""
        return self.free.get(asset, ZERO) + self.locked.get(asset, ZERO)

    def open_orders(self) -> list[VenueOrder]:
        """Everything that works, oldest first."""
        return [order for order in self.orders.values() if order.is_open]

    def problems(self) -> list[str]:
        """The oracle checks itself: opening + flows + fills = balances, exactly."""
        wanted = dict(self.opening)
        with localcontext(EXACT):
            for asset, amount in self.outside:
                wanted[asset] = wanted.get(asset, ZERO) + amount
            for order in self.orders.values():
                coin, sign = self.markets[order.market].coin, 1 if order.buys else -1
                wanted[coin] = wanted.get(coin, ZERO) + sign * order.executed
                wanted["KRW"] -= sign * order.spent + order.paid_fee
            assets = {*wanted, *self.free, *self.locked}
            return [
                f"{asset}: {self.total(asset)} held, {wanted.get(asset, ZERO)} explained"
                for asset in sorted(assets)
                if self.total(asset) != wanted.get(asset, ZERO) or self.free.get(asset, ZERO) < ZERO
            ]

    def _move(self, asset: str, free: Decimal, locked: Decimal) -> None:
        with localcontext(EXACT):
            self.free[asset] = self.free.get(asset, ZERO) + free
            self.locked[asset] = self.locked.get(asset, ZERO) + locked
