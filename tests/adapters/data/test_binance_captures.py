"""Messages, trades, minute bars and the book of raw Binance captures agree with the reference."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest

from app.adapters.replay.binance_captures import (
    BestQuote,
    BinanceMessage,
    BookChange,
    BookSnapshot,
    DiffBook,
    read_binance_capture,
)
from app.domain.market_data import BookLevel, Candle, Trade
from app.domain.money import total
from app.domain.values import Side
from app.engine.candle_builder import CandleBuilder
from tests.adapters.data.recorded import DATA, expected, needs_data

pytestmark = needs_data

CAPTURES = [
    "binance/rawws_spot_btcusdt_20240808_235413.txt.gz",
    "binance/rawws_spot_ethusdt_20240808_235414.txt.gz",
    "binance/rawws_usdm_ethusdt_20240808_235415.txt.gz",
]
KINDS = {Trade: "trade", BookChange: "depth", BestQuote: "bookTicker", BookSnapshot: "snapshot"}


class Capture:
    """One capture, read once, and what the reference says about it."""

    def __init__(self, name: str) -> None:
        self.messages: list[BinanceMessage] = list(read_binance_capture(DATA / name))
        self.trades = [message for message in self.messages if isinstance(message, Trade)]
        self.reference = expected(name)


@pytest.fixture(scope="module", params=CAPTURES, ids=lambda name: "-".join(name.split("_")[1:3]))
def capture(request: pytest.FixtureRequest) -> Iterator[Capture]:
    yield Capture(request.param)


def test_every_message_is_read(capture: Capture) -> None:
    assert Counter(KINDS[type(message)] for message in capture.messages) == capture.reference["messages"]


def test_the_busiest_second_agrees(capture: Capture) -> None:
    seconds = Counter(message.received_at.replace(microsecond=0) for message in capture.messages)
    assert max(seconds.values()) == capture.reference["max_msgs_in_one_second(recv clock)"]


def test_the_recorders_clock_may_run_behind(capture: Capture) -> None:
    changes = [message for message in capture.messages if isinstance(message, BookChange)]
    assert all(change.received_at < change.sent_at for change in changes), "received before it was sent"


def test_volume_notional_and_average_price_are_exact(capture: Capture) -> None:
    volume = total(trade.volume for trade in capture.trades)
    notional = total(trade.price * trade.volume for trade in capture.trades)
    bought = total(trade.volume for trade in capture.trades if trade.taker_side is Side.BUY)
    reference = capture.reference
    assert len(capture.trades) == reference["trades"]
    assert str(volume) == reference["volume"]
    assert str(notional) == reference["notional"]
    assert str((notional / volume).quantize(Decimal("0.00000001"))) == reference["vwap"]
    assert str(bought) == reference["taker_buy_volume"]


def test_the_engines_minute_bars_agree(capture: Capture) -> None:
    builder = CandleBuilder(capture.trades[0].market, 60)
    closed: list[Candle] = []
    for trade in capture.trades:
        bar = builder.add(trade.price, trade.volume, trade.traded_at)
        closed += [bar] if bar is not None else []
    assert builder.forming is not None
    counts = Counter(trade.traded_at.replace(second=0, microsecond=0) for trade in capture.trades)
    bars = {
        bar.opened_at.strftime("%Y-%m-%d %H:%M:%S"): [
            *(str(figure) for figure in (bar.open, bar.high, bar.low, bar.close, bar.volume)),
            counts[bar.opened_at],
        ]
        for bar in [*closed, builder.forming]
    }
    assert bars == capture.reference["bars_1m_by_trade_time"]


def test_the_last_quote_agrees(capture: Capture) -> None:
    last = [message for message in capture.messages if isinstance(message, BestQuote)][-1]
    assert capture.reference["last_bookTicker"] == {
        "u": last.update_id,
        "b": str(last.bid.price),
        "B": str(last.bid.size),
        "a": str(last.ask.price),
        "A": str(last.ask.size),
    }


def written(levels: tuple[BookLevel, ...]) -> list[list[str]]:
    return [[str(level.price), str(level.size)] for level in levels]


def test_the_book_of_snapshot_and_changes_agrees(capture: Capture) -> None:
    book = DiffBook()
    book.feed(capture.messages)
    final = capture.reference["final_book"]
    assert book.last_id == final["lastUpdateId"]
    assert (len(book.bids()), len(book.asks())) == (final["n_bids"], final["n_asks"])
    assert written(book.bids()[:5]) == final["bids5"]
    assert written(book.asks()[:5]) == final["asks5"]
