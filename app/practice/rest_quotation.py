"""Quotation REST: markets, tickers, books, prints and candles; no key needed (upbit.md section 7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from . import market_wire
from .candles import MINUTE_UNITS
from .clock import VenueClock
from .market import Market
from .money import plain
from .rest_call import INVALID, Api, Call, Route
from .venue_errors import quotation_error
from .wire import Json

_CAUTIONS = (
    "PRICE_FLUCTUATIONS",
    "TRADING_VOLUME_SOARING",
    "DEPOSIT_AMOUNT_SOARING",
    "GLOBAL_PRICE_DIFFERENCES",
    "CONCENTRATION_OF_SMALL_ACCOUNTS",
)
MAX_DEPTH = 30


class QuotationEndpoints:
    """Read-only handlers over the markets."""

    def __init__(self, markets: dict[str, Market], clock: VenueClock) -> None:
        self._markets = markets
        self._clock = clock

    def routes(self) -> list[Route]:
        def route(path: str, group: str, handler: Any) -> Route:
            return Route("GET", path, Api.QUOTATION, group, handler)

        return [
            route("/v1/market/all", "market", self.all_markets),
            route("/v1/ticker", "ticker", self.ticker),
            route("/v1/ticker/all", "ticker", self.ticker_all),
            route("/v1/orderbook", "orderbook", self.orderbook),
            route("/v1/orderbook/instruments", "orderbook", self.instruments),
            route("/v1/orderbook/supported_levels", "orderbook", self.supported_levels),
            route("/v1/trades/ticks", "trades", self.trades),
            route("/v1/candles/seconds", "candles", self.seconds),
            route("/v1/candles/minutes/{value}", "candles", self.minutes),
            route("/v1/candles/days", "candles", self.days),
            route("/v1/candles/weeks", "candles", self.weeks),
            route("/v1/candles/months", "candles", self.months),
            route("/v1/candles/years", "candles", self.years),
        ]

    def all_markets(self, call: Call) -> list[Json]:
        details = (call.text("is_details") or call.text("isDetails") or "").lower() == "true"
        rows: list[Json] = []
        for market in self._listed():
            name = market.name
            row: Json = {"market": name.code, "korean_name": name.korean, "english_name": name.english}
            if details:
                caution = dict.fromkeys(_CAUTIONS, False)
                row["market_event"] = {"warning": market.warned, "caution": caution}
            rows.append(row)
        return rows

    def ticker(self, call: Call) -> list[Json]:
        return [market_wire.ticker(market, self._clock.now_ms()) for market in self._named(call)]

    def ticker_all(self, call: Call) -> list[Json]:
        call.required("quote_currencies")
        quotes = call.listed("quote_currencies")
        chosen = [m for m in self._listed() if m.name.quote in quotes]
        return [market_wire.ticker(market, self._clock.now_ms()) for market in chosen]

    def orderbook(self, call: Call) -> list[Json]:
        depth = call.number("count", MAX_DEPTH, MAX_DEPTH)
        try:
            level = Decimal(call.text("level") or 0)
        except InvalidOperation:
            raise quotation_error(400, INVALID) from None
        return [
            market_wire.orderbook(market, self._clock.now_ms(), depth, level)
            for market in self._named(call)
            if level in market_wire.supported_levels(market)
        ]

    def instruments(self, call: Call) -> list[Json]:
        return [
            {
                "market": market.code,
                "quote_currency": market.name.quote,
                "tick_size": plain(market.units.unit(market.tape.last_price)),
                "supported_levels": [plain(level) for level in market_wire.supported_levels(market)],
            }
            for market in self._named(call)
        ]

    def supported_levels(self, call: Call) -> list[Json]:
        return [
            {"market": market.code, "supported_levels": market_wire.supported_levels(market)}
            for market in self._named(call)
        ]

    def trades(self, call: Call) -> list[Json]:
        market = self._one(call)
        count = call.number("count", 1, 500)
        cursor = call.number("cursor", 10**18, 10**18)
        end_ms = self._trades_end_ms(call)
        rows = [t for t in market.tape.trades if t.sequential_id < cursor and t.time_ms < end_ms]
        return [market_wire.trade(market, item) for item in reversed(rows[-count:])]

    def seconds(self, call: Call) -> list[Json]:
        return self._candles(call, "1s")

    def minutes(self, call: Call) -> list[Json]:
        if call.path_value not in {str(unit) for unit in MINUTE_UNITS}:
            raise quotation_error(400, INVALID)
        return self._candles(call, f"{call.path_value}m")

    def days(self, call: Call) -> list[Json]:
        rows = self._candles(call, "1d")
        if call.text("converting_price_unit") == "KRW":
            for row in rows:
                row["converted_trade_price"] = row["trade_price"]
        return rows

    def weeks(self, call: Call) -> list[Json]:
        return self._candles(call, "1w")

    def months(self, call: Call) -> list[Json]:
        return self._candles(call, "1M")

    def years(self, call: Call) -> list[Json]:
        return self._candles(call, "1y")

    def _candles(self, call: Call, unit: str) -> list[Json]:
        market = self._one(call)
        to_us = call.moment_us("to")
        before = None if to_us is None else -(-to_us // 1_000_000)
        found = market.candles.newest_first(unit, call.number("count", 1, 200), before)
        return [market_wire.candle(market, unit, item) for item in found]

    def _listed(self) -> list[Market]:
        return [market for market in self._markets.values() if not market.delisted]

    def _one(self, call: Call) -> Market:
        market = self._markets.get(call.required("market"))
        if market is None or market.delisted:
            raise quotation_error(404, "Code not found")
        return market

    def _named(self, call: Call) -> list[Market]:
        call.required("markets")
        chosen: list[Market] = []
        for code in call.listed("markets"):
            market = self._markets.get(code)
            if market is None or market.delisted:
                raise quotation_error(404, "Code not found")
            chosen.append(market)
        return chosen

    def _trades_end_ms(self, call: Call) -> int:
        """End (exclusive) of the print list: `to` is a UTC time of day, `days_ago` 1 to 7."""
        days, to = call.number("days_ago", 0, 7), call.text("to")
        if to is None and not days:
            return self._clock.now_ms() + 1
        day = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC) - timedelta(days=days)
        day = day.replace(hour=0, minute=0, second=0, microsecond=0)
        if to is None:
            return int((day + timedelta(days=1)).timestamp() * 1000)
        digits = to.replace(":", "")
        if not digits.isdigit() or len(digits) != 6:
            raise quotation_error(400, INVALID)
        hours, minutes, seconds = int(digits[:2]), int(digits[2:4]), int(digits[4:])
        moment = day + timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return int(moment.timestamp() * 1000)
