"""Every REST call we make and the limit group it belongs to. Sources: upbit.md sections 3, 6 and 7."""

from dataclasses import dataclass

from app.adapters.net.rate_limiter import RateLimit

#: Published limits; the limiter stays below them. Order group: 12/s since 2026-08-21.
LIMITS: dict[str, tuple[RateLimit, ...]] = {
    "market": (RateLimit(10, 1),),
    "candle": (RateLimit(10, 1),),
    "trade": (RateLimit(10, 1),),
    "ticker": (RateLimit(10, 1),),
    "orderbook": (RateLimit(10, 1),),
    "default": (RateLimit(30, 1),),
    "order": (RateLimit(12, 1),),
    "order-test": (RateLimit(8, 1),),
    "order-cancel-all": (RateLimit(1, 2),),
    "websocket-connect": (RateLimit(5, 1),),
    "websocket-message": (RateLimit(5, 1), RateLimit(100, 60)),
}

#: A 418 ban counts per address for quotation calls and per account for exchange calls.
QUOTATION_GROUPS = frozenset({"market", "candle", "trade", "ticker", "orderbook"})
EXCHANGE_GROUPS = frozenset({"default", "order", "order-test", "order-cancel-all"})


@dataclass(frozen=True, slots=True)
class Call:
    """One REST endpoint. ``changes`` marks calls after which no answer means an unknown outcome."""

    method: str
    path: str
    group: str
    changes: bool = False

    @property
    def signed(self) -> bool:
        """True for calls that carry the key."""
        return self.group in EXCHANGE_GROUPS

    @property
    def ban_groups(self) -> frozenset[str]:
        """Groups that stand still together after a 418."""
        return EXCHANGE_GROUPS if self.signed else QUOTATION_GROUPS


ACCOUNTS = Call("GET", "/v1/accounts", "default")
CHANCE = Call("GET", "/v1/orders/chance", "default")
API_KEYS = Call("GET", "/v1/api_keys", "default")
WITHDRAW_CHANCE = Call("GET", "/v1/withdraws/chance", "default")
GET_ORDER = Call("GET", "/v1/order", "default")
ORDERS_BY_ID = Call("GET", "/v1/orders/uuids", "default")
OPEN_ORDERS = Call("GET", "/v1/orders/open", "default")
CLOSED_ORDERS = Call("GET", "/v1/orders/closed", "default")
PLACE_ORDER = Call("POST", "/v1/orders", "order", changes=True)
CANCEL_AND_NEW = Call("POST", "/v1/orders/cancel_and_new", "order", changes=True)
TEST_ORDER = Call("POST", "/v1/orders/test", "order-test")
CANCEL_ORDER = Call("DELETE", "/v1/order", "default", changes=True)
CANCEL_BY_ID = Call("DELETE", "/v1/orders/uuids", "default", changes=True)
CANCEL_OPEN = Call("DELETE", "/v1/orders/open", "order-cancel-all", changes=True)

MARKETS = Call("GET", "/v1/market/all", "market")
TICKER = Call("GET", "/v1/ticker", "ticker")
ORDERBOOK = Call("GET", "/v1/orderbook", "orderbook")
INSTRUMENTS = Call("GET", "/v1/orderbook/instruments", "orderbook")
TRADES = Call("GET", "/v1/trades/ticks", "trade")
CANDLE_SECONDS = Call("GET", "/v1/candles/seconds", "candle")
CANDLE_DAYS = Call("GET", "/v1/candles/days", "candle")
CANDLE_WEEKS = Call("GET", "/v1/candles/weeks", "candle")
CANDLE_MONTHS = Call("GET", "/v1/candles/months", "candle")
CANDLE_YEARS = Call("GET", "/v1/candles/years", "candle")
CANDLE_MINUTES = {unit: Call("GET", f"/v1/candles/minutes/{unit}", "candle") for unit in (1, 3, 5, 10, 15, 30, 60, 240)}
