"""The public frames of the rig: Upbit's fields and sizes, composed from templates so that the rig stays cheap.

Prices wander within a tick or two around a fixed base, so that books, charts and tapes change all the time and no stop
fires by itself. A trigger is one trade frame ``DROP`` below the base, the next frame is back where it was. The send
stamp (``time.monotonic_ns`` right before the write) travels as ``sequential_id`` of every trade frame.
"""

import random
import time
from dataclasses import dataclass, field
from decimal import Decimal

DROP = Decimal("0.95")
LEVELS = 15
VARIANTS = 16
#: Of 20 frames: 10 trades, 7 books, 3 tickers.
MIX = "tbtbtktbtbtktbtbtktb"

#: Symbol, base price in KRW and its price unit: from one won to a hundred million, as on the venue.
MARKETS: tuple[tuple[str, str, str], ...] = (
    ("KRW-BTC", "135000000", "1000"),
    ("KRW-ETH", "4350000", "1000"),
    ("KRW-BCH", "720000", "500"),
    ("KRW-SOL", "198500", "100"),
    ("KRW-AAVE", "251000", "100"),
    ("KRW-LTC", "132000", "100"),
    ("KRW-ETC", "28400", "10"),
    ("KRW-AVAX", "26500", "10"),
    ("KRW-LINK", "21300", "10"),
    ("KRW-NEO", "8450", "5"),
    ("KRW-UNI", "9600", "5"),
    ("KRW-DOT", "4300", "1"),
    ("KRW-XRP", "3250", "1"),
    ("KRW-NEAR", "3050", "1"),
    ("KRW-SUI", "2870", "1"),
    ("KRW-APT", "4700", "1"),
    ("KRW-ATOM", "4150", "1"),
    ("KRW-OP", "1080", "1"),
    ("KRW-ARB", "2600", "1"),
    ("KRW-TIA", "2900", "1"),
)

_TRADE = (
    '{"type":"trade","code":"%(code)s","timestamp":@ms@,"trade_date":"2026-11-20","trade_time":"09:24:51",'
    '"trade_timestamp":@ms@,"trade_price":%(price)s,"trade_volume":%(volume)s,"ask_bid":"%(side)s",'
    '"prev_closing_price":%(base)s,"change":"RISE","change_price":%(tick)s,"sequential_id":@ns@,'
    '"best_ask_price":%(ask)s,"best_ask_size":0.18718963,"best_bid_price":%(bid)s,"best_bid_size":0.0421604,'
    '"stream_type":"REALTIME"}'
)
_TICKER = (
    '{"type":"ticker","code":"%(code)s","opening_price":%(base)s,"high_price":%(high)s,"low_price":%(low)s,'
    '"trade_price":%(price)s,"prev_closing_price":%(base)s,"acc_trade_price":22607930042.18143,"change":"RISE",'
    '"change_price":%(tick)s,"signed_change_price":%(tick)s,"change_rate":0.0027330939,'
    '"signed_change_rate":0.0027330939,"ask_bid":"%(side)s","trade_volume":%(volume)s,'
    '"acc_trade_volume":251.93910252,"trade_date":"20261120","trade_time":"092431","trade_timestamp":@ms@,'
    '"acc_ask_volume":110.92963484,"acc_bid_volume":141.00946768,"highest_52_week_price":%(high)s,'
    '"highest_52_week_date":"2026-10-09","lowest_52_week_price":%(low)s,"lowest_52_week_date":"2026-07-01",'
    '"market_state":"ACTIVE","is_trading_suspended":false,"delisting_date":null,"market_warning":"NONE",'
    '"timestamp":@ms@,"acc_trade_price_24h":51158711929.01375,"acc_trade_volume_24h":569.49951948,'
    '"stream_type":"REALTIME"}'
)
_BOOK = (
    '{"type":"orderbook","code":"%(code)s","timestamp":@ms@,"total_ask_size":2.27612679,'
    '"total_bid_size":3.06301779,"orderbook_units":[%(units)s],"stream_type":"REALTIME","level":0}'
)
#: Least worth of one level of a book, in KRW.
LEVEL_KRW = Decimal(3_000_000)
_UNIT = '{"ask_price":%s,"bid_price":%s,"ask_size":%.8f,"bid_size":%.8f}'


@dataclass(slots=True)
class MarketFrames:
    """Frames of one market; every method returns one complete WebSocket frame."""

    code: str
    base: Decimal
    tick: Decimal
    _trades: list[bytes] = field(default_factory=list)
    _books: list[bytes] = field(default_factory=list)
    _tickers: list[bytes] = field(default_factory=list)
    _trigger: bytes = b""
    _turn: int = 0

    @classmethod
    def of(cls, code: str, base: str, tick: str, chance: random.Random) -> "MarketFrames":
        """Compose the variants of one market."""
        made = cls(code, Decimal(base), Decimal(tick))
        for _ in range(VARIANTS):
            words = made._words(made.base + made.tick * chance.randint(-1, 1), chance)
            made._trades.append(_template(_TRADE % words))
            made._tickers.append(_template(_TICKER % words))
            made._books.append(_template(_BOOK % words))
        made._trigger = _template(_TRADE % made._words(made.trigger_price, chance))
        return made

    @property
    def trigger_price(self) -> Decimal:
        """The price, on the tick, that every stop of the bench lies above."""
        return (self.base * DROP // self.tick) * self.tick

    def frame(self, kind: str) -> bytes:
        """Next frame of a kind: t(rade), b(ook) or (tic)k(er)."""
        self._turn = (self._turn + 1) % VARIANTS
        millis = time.time_ns() // 1_000_000
        if kind == "t":
            return framed(self._trades[self._turn] % (millis, millis, time.monotonic_ns()))
        if kind == "b":
            return framed(self._books[self._turn] % millis)
        return framed(self._tickers[self._turn] % (millis, millis))

    def trigger(self) -> tuple[bytes, int]:
        """The trade that breaks the stop, and its send stamp."""
        millis = time.time_ns() // 1_000_000
        stamp = time.monotonic_ns()
        return framed(self._trigger % (millis, millis, stamp)), stamp

    def _words(self, price: Decimal, chance: random.Random) -> dict[str, str]:
        least = float(LEVEL_KRW / self.base)  # deep enough that no guard looks at the size of an entry
        units = ",".join(
            _UNIT
            % (
                self.base + self.tick * (level + 1),
                self.base - self.tick * level,
                least * chance.uniform(1, 3),
                least * chance.uniform(1, 3),
            )
            for level in range(LEVELS)
        )
        figures = {
            "price": price,
            "base": self.base,
            "tick": self.tick,
            "ask": self.base + self.tick,
            "bid": self.base,
            "high": self.base + self.tick * 5,
            "low": self.base - self.tick * 5,
        }
        words = {name: format(figure, "f") for name, figure in figures.items()}
        side = chance.choice(("BID", "ASK"))
        return {**words, "code": self.code, "units": units, "side": side, "volume": f"{chance.uniform(0.001, 2):.8f}"}


def framed(payload: bytes) -> bytes:
    """``payload`` as one unmasked binary WebSocket frame (RFC 6455, 5.2), ready for the transport."""
    size = len(payload)
    if size < 126:
        return b"\x82" + bytes((size,)) + payload
    return b"\x82\x7e" + size.to_bytes(2, "big") + payload


def _template(text: str) -> bytes:
    return text.replace("%", "%%").replace("@ms@", "%d").replace("@ns@", "%d").encode()
