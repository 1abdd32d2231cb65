"""What a drill starts from: a copy of the positions, resting orders and books of the terminal, or a made-up one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.market_data import Book, BookLevel
from app.domain.money import MONEY_CONTEXT, ONE, ZERO, is_usable
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.position import Position, PositionState, held_position
from app.domain.values import Market, OrderType, Purpose, Side, TimeInForce
from app.engine.trading_core import TradingCore

#: Besides what resting purchases lock, quote currency.
POCKET_MONEY = Decimal(1_000_000)
#: Room for the fee of a resting purchase.
WITH_FEE = Decimal("1.01")
#: Units a side of a book that nobody knows, as a multiple of what is held.
ASSUMED_DEPTH = Decimal(2)
#: The sample: symbol, price (KRW), tick, value held (KRW).
SAMPLES = (
    ("KRW-BTC", 89_886_000, 1000, 2_500_000),
    ("KRW-ETH", 2_884_000, 1000, 1_500_000),
    ("KRW-XRP", 1742, 1, 900_000),
    ("KRW-SOL", 121_500, 100, 600_000),
    ("KRW-DOGE", 142, 1, 300_000),
)
SAMPLE_LEVELS, SAMPLE_LEVEL_VALUE = 15, Decimal(3_000_000)


@dataclass(frozen=True, slots=True)
class DrillScene:
    """Positions, the orders that rest beside them, and the book of every market among them.

    Times and prices are those of the copy; ``halted`` markets take no orders. ``sample``: made up.
    """

    positions: tuple[Position, ...]
    orders: tuple[Order, ...]
    books: tuple[Book, ...]
    halted: tuple[Market, ...] = ()
    sample: bool = False

    @property
    def holdings(self) -> dict[str, Decimal]:
        """Units per asset."""
        held: dict[str, Decimal] = {}
        for position in self.positions:
            asset = position.market.symbol.rpartition("-")[2]
            held[asset] = MONEY_CONTEXT.add(held.get(asset, ZERO), position.quantity)
        return held

    @property
    def cash(self) -> Decimal:
        """Quote currency the account needs."""
        needed = POCKET_MONEY
        for order in self.orders:
            if order.intent.side is Side.BUY and order.intent.price is not None:
                worth = MONEY_CONTEXT.multiply(order.remaining_volume or ZERO, order.intent.price)
                needed = MONEY_CONTEXT.add(needed, MONEY_CONTEXT.multiply(worth, WITH_FEE))
        return needed


def copy_scene(core: TradingCore, now: datetime) -> DrillScene:
    """The present state of a terminal. Positions that hold nothing and have no resting order are left out.

    What is under way (an exit, an order that is not confirmed) is copied as not begun: the drill's press finds it held.
    A market without a book gets one around its last price.
    """
    orders = [order for order in core.tracker.working() if _rests(order)]
    busy = {order.intent.position_id for order in orders}
    kept = [p for p in core.positions.live() if p.quantity > ZERO or p.position_id in busy]
    copies = tuple(_calm(position, now) for position in kept)
    books: list[Book] = []
    for market in dict.fromkeys(position.market for position in kept):
        book = core.board.books.get(market)
        price = core.positions.price_of(market)
        held = MONEY_CONTEXT.multiply(_held(copies, market), ASSUMED_DEPTH)
        if book is not None and (book.bids or book.asks):
            books.append(book)
        elif is_usable(price):
            books.append(Book(market, (BookLevel(price, held),), (), now, now))
    known = {book.market for book in books}
    halted = [m for m in known if (rules := core.board.constraints.get(m)) is not None and not rules.active]
    return DrillScene(
        tuple(position for position in copies if position.market in known),
        tuple(order for order in orders if order.intent.market in known),
        tuple(books),
        tuple(sorted(halted)),
    )


def sample_scene(now: datetime) -> DrillScene:
    """A handful of positions at made-up prices, and one purchase that rests."""
    books, positions = [], []
    for number, (symbol, price, tick, value) in enumerate(SAMPLES, 1):
        market = Market("upbit", symbol)
        books.append(_sample_book(market, Decimal(price), Decimal(tick), now))
        units = MONEY_CONTEXT.divide(Decimal(value), Decimal(price)).quantize(Decimal("1e-8"))
        positions.append(
            held_position(f"drill-{number}", market, units, MONEY_CONTEXT.multiply(units, Decimal(price)), now)
        )
    first = positions[0]
    bid = Decimal(SAMPLES[0][1]) - 20 * Decimal(SAMPLES[0][2])
    return DrillScene(
        tuple(positions),
        (resting_purchase("drill-order", first, bid, Decimal("0.002"), now),),
        tuple(books),
        sample=True,
    )


def resting_purchase(order_id: str, position: Position, price: Decimal, units: Decimal, now: datetime) -> Order:
    """A limit order that adds to the position when the price falls to it."""
    intent = OrderIntent(
        position.position_id, position.market, Side.BUY, OrderType.LIMIT, Purpose.ENTRY, "drill", price, units
    )
    return Order(order_id, intent, OrderState.OPEN, now, now)


def recording_of(books: Iterable[Book]) -> bytes:
    """The books as a recording the practice exchange can replay: one line of JSON each."""
    return b"\n".join(msgspec.json.encode(_line(book)) for book in books) + b"\n"


def _line(book: Book) -> dict[str, object]:
    quote, _, base = book.market.symbol.partition("-")
    return {
        "symbol": f"{base}/{quote}",
        "timestamp": "2000-01-01T00:00:00+00:00",  # all at the same moment: the first of the replay
        "bids": [(str(level.price), str(level.size)) for level in book.bids],
        "asks": [(str(level.price), str(level.size)) for level in book.asks],
    }


def _rests(order: Order) -> bool:
    intent = order.intent
    waits = intent.order_type is OrderType.LIMIT and intent.time_in_force is not TimeInForce.IOC
    known = order.state in (OrderState.OPEN, OrderState.PARTIAL, OrderState.CANCELLING)
    return waits and known and (order.remaining_volume or ZERO) > ZERO


def _calm(position: Position, now: datetime) -> Position:
    """The same holding with nothing under way; its exits stay disarmed, only the press is to sell."""
    state = PositionState.ACTIVE if position.quantity > ZERO else PositionState.PENDING
    return replace(position, state=state, exit_reason=None, exit_plan=None, note="", updated_at=now)


def _held(positions: Iterable[Position], market: Market) -> Decimal:
    return sum((position.quantity for position in positions if position.market == market), ZERO) or ONE


def _sample_book(market: Market, price: Decimal, tick: Decimal, now: datetime) -> Book:
    size = MONEY_CONTEXT.divide(SAMPLE_LEVEL_VALUE, price).quantize(Decimal("1e-8"))
    bids = tuple(BookLevel(price - tick * step, size) for step in range(1, SAMPLE_LEVELS + 1))
    asks = tuple(BookLevel(price + tick * step, size) for step in range(1, SAMPLE_LEVELS + 1))
    return Book(market, bids, asks, now, now)
