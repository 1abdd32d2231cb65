"""A user's order with exactly the amounts Upbit shows for it (upbit.md 5.3 and 6.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from .money import ZERO


class Side(StrEnum):
    BID = "bid"
    ASK = "ask"

    @property
    def other(self) -> Side:
        return Side.ASK if self is Side.BID else Side.BID


class OrderType(StrEnum):
    LIMIT = "limit"
    PRICE = "price"
    MARKET = "market"
    BEST = "best"


class TimeInForce(StrEnum):
    IOC = "ioc"
    FOK = "fok"
    POST_ONLY = "post_only"


class SmpType(StrEnum):
    CANCEL_MAKER = "cancel_maker"
    CANCEL_TAKER = "cancel_taker"
    REDUCE = "reduce"
    NONE = "none"


class State(StrEnum):
    WAIT = "wait"
    DONE = "done"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """A checked order: amounts are positive and complete for the type."""

    market: str
    side: Side
    ord_type: OrderType
    price: Decimal | None
    volume: Decimal | None
    time_in_force: TimeInForce | None
    smp_type: SmpType
    identifier: str | None

    @property
    def spends_total(self) -> bool:
        """True when `price` is a total amount of KRW to spend and the coin volume is open."""
        return self.volume is None


@dataclass(frozen=True, slots=True)
class RecordedLevel:
    """Which recorded book level a replay fill came from."""

    snapshot: int
    book_time: str
    level_price: Decimal
    level_size: Decimal


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution; `fee` in KRW, `coin_fee` in coin (normally none)."""

    trade_uuid: str
    price: Decimal
    volume: Decimal
    fee: Decimal
    is_maker: bool
    trend: str
    time_us: int
    recorded: RecordedLevel | None = None
    coin_fee: Decimal = ZERO

    @property
    def funds(self) -> Decimal:
        return self.price * self.volume


@dataclass(slots=True, eq=False)
class Order:
    """Amounts: KRW for `reserved_fee`, `paid_fee` and a bid's `locked`; coin for volumes and an ask's `locked`.

    `busted` are fills that were taken back; they count in none of the amounts.
    """

    uuid: str
    request: OrderRequest
    created_us: int
    reserved_fee: Decimal
    source: str = "api"
    state: State = State.WAIT
    executed_volume: Decimal = ZERO
    executed_funds: Decimal = ZERO
    paid_fee: Decimal = ZERO
    prevented_volume: Decimal = ZERO
    prevented_locked: Decimal = ZERO
    ended_us: int | None = None
    cancel_requested: bool = False
    fills: list[Fill] = field(default_factory=list)
    busted: list[Fill] = field(default_factory=list)

    @property
    def side(self) -> Side:
        return self.request.side

    @property
    def market(self) -> str:
        return self.request.market

    @property
    def coin(self) -> str:
        return self.request.market.split("-", 1)[1]

    @property
    def quote(self) -> str:
        return self.request.market.split("-", 1)[0]

    @property
    def locked_currency(self) -> str:
        return self.quote if self.side is Side.BID else self.coin

    @property
    def is_open(self) -> bool:
        return self.state is State.WAIT

    @property
    def remaining_volume(self) -> Decimal | None:
        """None for an order that spends a total."""
        volume = self.request.volume
        if volume is None:
            return None
        left = volume - self.executed_volume - self.prevented_volume
        if self.busted:
            left -= sum((fill.volume for fill in self.busted), ZERO)
        return left if self.is_open else max(ZERO, left)  # an ended order may have been filled beyond its volume

    @property
    def remaining_funds(self) -> Decimal:
        """KRW (without fee) a total-spending bid may still use."""
        return (self.request.price or ZERO) - self.executed_funds

    @property
    def remaining_fee(self) -> Decimal:
        if self.side is Side.ASK:
            return ZERO
        prevented_fee = self.prevented_locked - self.prevented_volume * (self.request.price or ZERO)
        left = self.reserved_fee - self.paid_fee - prevented_fee
        return left if self.is_open else max(ZERO, left)

    @property
    def locked(self) -> Decimal:
        """What the order holds; after its end this stays as shown last (the money itself is back)."""
        remaining = self.remaining_volume
        if self.side is Side.ASK:
            return remaining or ZERO
        if remaining is None:
            return self.remaining_funds + self.remaining_fee
        return remaining * (self.request.price or ZERO) + self.remaining_fee

    @property
    def average_price(self) -> Decimal:
        return self.executed_funds / self.executed_volume if self.executed_volume else ZERO
