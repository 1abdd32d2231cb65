"""Public messages carry the documented fields."""

from decimal import Decimal

from app.practice import market_wire
from app.practice.order import Side
from tests.unit.practice.venue_kit import START_US, QuietVenue

NOW = START_US // 1000


def test_a_trade_event_has_the_fields_of_the_captured_one(venue: QuietVenue) -> None:
    venue.quote(asks={"100001000": "0.3"}, bids={"99999000": "0.2"})
    venue.hit(Side.BID, "0.1")
    event = market_wire.trade_event(venue.market, venue.diary.trades[0], NOW)
    assert list(event) == [
        "type", "code", "timestamp", "trade_date", "trade_time", "trade_timestamp", "trade_price", "trade_volume",
        "ask_bid", "prev_closing_price", "change", "change_price", "sequential_id", "best_ask_price",
        "best_ask_size", "best_bid_price", "best_bid_size",
    ]  # fmt: skip
    assert (event["best_ask_size"], event["ask_bid"]) == (Decimal("0.2"), "BID")


def test_a_ticker_compares_with_yesterday(venue: QuietVenue) -> None:
    candles = venue.market.candles
    candles.add_trade(Decimal(100), Decimal(1), NOW - 86_400_000)
    venue.market.tape.print_trade(Decimal(90), Decimal(2), Side.ASK, NOW)
    event = market_wire.ticker_event(venue.market, NOW)
    assert (event["prev_closing_price"], event["change"], event["change_price"]) == (100, "FALL", 10)
    assert (event["signed_change_rate"], event["acc_ask_volume"]) == (Decimal("-0.1"), 3)
    assert (event["trade_date"], event["trade_time"]) == ("20261120", "140000")
    assert (event["highest_52_week_price"], event["lowest_52_week_date"]) == (100, "2026-11-20")


def test_a_market_without_trades_still_has_a_ticker(venue: QuietVenue) -> None:
    row = market_wire.ticker(venue.market, NOW)
    assert (row["trade_price"], row["change"], row["acc_trade_volume_24h"]) == (100_000_000, "EVEN", 0)
