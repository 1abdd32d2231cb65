"""Raw captures of Binance's market streams: ``<receive time, ns> <message>`` line by line, and the book of its diffs.

The recorder's clock may run behind the exchange: a message can be received before it was sent.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from app.adapters.replay.recorded_text import Place, json_at, numbered_lines, price_at, size_at, time_of_ms
from app.domain.market_data import BookLevel, Trade
from app.domain.values import Market, Side

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Levels = tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class BookSnapshot:
    """The whole book as REST told it, valid after update ``last_id``; levels as (price, size)."""

    place: Place
    last_id: int
    bids: Levels
    asks: Levels
    received_at: datetime


@dataclass(frozen=True, slots=True)
class BookChange:
    """Updates ``first_id`` to ``last_id``; size 0 takes a level away. ``previous_id`` only in futures streams."""

    place: Place
    first_id: int
    last_id: int
    previous_id: int | None
    bids: Levels
    asks: Levels
    sent_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class BestQuote:
    """Best bid and ask after update ``update_id``."""

    update_id: int
    bid: BookLevel
    ask: BookLevel
    received_at: datetime


class _Envelope(msgspec.Struct):
    stream: str = ""
    data: msgspec.Raw = msgspec.Raw()


class _Snapshot(msgspec.Struct):
    last_id: int = msgspec.field(name="lastUpdateId")
    bids: Levels
    asks: Levels


class _Change(msgspec.Struct):
    sent: int = msgspec.field(name="E")
    first_id: int = msgspec.field(name="U")
    last_id: int = msgspec.field(name="u")
    bids: Levels = msgspec.field(name="b")
    asks: Levels = msgspec.field(name="a")
    previous_id: int | None = msgspec.field(name="pu", default=None)


class _Quote(msgspec.Struct):
    update_id: int = msgspec.field(name="u")
    bid: Decimal = msgspec.field(name="b")
    bid_size: Decimal = msgspec.field(name="B")
    ask: Decimal = msgspec.field(name="a")
    ask_size: Decimal = msgspec.field(name="A")


class _Trade(msgspec.Struct):
    symbol: str = msgspec.field(name="s")
    price: Decimal = msgspec.field(name="p")
    volume: Decimal = msgspec.field(name="q")
    traded: int = msgspec.field(name="T")
    buyer_is_maker: bool = msgspec.field(name="m")


BinanceMessage = Trade | BookChange | BookSnapshot | BestQuote


def read_binance_capture(path: Path) -> Iterator[BinanceMessage]:
    """Messages of a capture in the order of their arrival.

    Raises:
        InvalidInputError: damaged, cut off, or a message of an unknown stream.
    """
    for place, line in numbered_lines(path):
        stamp, _, text = line.partition(" ")
        if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 19:
            raise place.error("is not '<receive time in ns> <message>'")
        received_at = EPOCH + timedelta(microseconds=int(stamp) // 1000)
        envelope = json_at(place, _Envelope, text)
        if envelope.stream:
            yield _message(place, envelope.stream, envelope.data, received_at)
        else:
            whole = json_at(place, _Snapshot, text)
            yield BookSnapshot(
                place, whole.last_id, _checked(place, whole.bids), _checked(place, whole.asks), received_at
            )


def _message(place: Place, stream: str, data: msgspec.Raw, received_at: datetime) -> BinanceMessage:
    kind = stream.split("@")[1] if "@" in stream else ""
    if kind == "trade":
        trade = json_at(place, _Trade, data)
        return Trade(
            market=Market("binance", trade.symbol),
            price=price_at(place, "p", trade.price),
            volume=size_at(place, "q", trade.volume),
            taker_side=Side.SELL if trade.buyer_is_maker else Side.BUY,
            traded_at=time_of_ms(place, "T", trade.traded),
            received_at=received_at,
        )
    if kind == "depth":
        change = json_at(place, _Change, data)
        return BookChange(
            place=place,
            first_id=change.first_id,
            last_id=change.last_id,
            previous_id=change.previous_id,
            bids=_checked(place, change.bids),
            asks=_checked(place, change.asks),
            sent_at=time_of_ms(place, "E", change.sent),
            received_at=received_at,
        )
    if kind == "bookTicker":
        quote = json_at(place, _Quote, data)
        bid = BookLevel(price_at(place, "b", quote.bid), size_at(place, "B", quote.bid_size))
        ask = BookLevel(price_at(place, "a", quote.ask), size_at(place, "A", quote.ask_size))
        return BestQuote(quote.update_id, bid, ask, received_at)
    raise place.error(f"the stream '{stream[:40]}' is not known")


def _checked(place: Place, levels: Levels) -> Levels:
    for price, size in levels:
        price_at(place, "price", price)
        size_at(place, "size", size)
    return levels


class DiffBook:
    """A book kept by Binance's rule: a snapshot, then every change that continues it without a hole.

    Changes before the snapshot are kept until it comes; those it already contains are dropped.
    """

    def __init__(self) -> None:
        self.last_id: int | None = None
        self._sides: tuple[dict[Decimal, Decimal], dict[Decimal, Decimal]] = ({}, {})
        self._early: list[BookChange] = []
        self._continued = False

    def feed(self, messages: Iterable[BinanceMessage]) -> None:
        """Take in a whole capture; what is not about the book is passed over.

        Raises:
            InvalidInputError: a change is missing.
        """
        for message in messages:
            if isinstance(message, BookSnapshot):
                self.start(message)
            elif isinstance(message, BookChange):
                self.change(message)

    def start(self, snapshot: BookSnapshot) -> None:
        """Begin anew with a snapshot and the changes that came before it."""
        self._sides = (dict(snapshot.bids), dict(snapshot.asks))
        self.last_id, self._continued = snapshot.last_id, False
        early, self._early = self._early, []
        for change in early:
            self.change(change)

    def change(self, change: BookChange) -> None:
        """Apply a change, or keep it while the snapshot is not there.

        Raises:
            InvalidInputError: the change does not continue what is known.
        """
        if self.last_id is None:
            self._early.append(change)
            return
        futures = change.previous_id is not None
        if not self._continued:
            if change.last_id < self.last_id or (change.last_id == self.last_id and not futures):
                return
            fits = change.first_id <= self.last_id + (0 if futures else 1)
        else:
            fits = change.previous_id == self.last_id if futures else change.first_id == self.last_id + 1
        if not fits:
            raise change.place.error(f"updates are missing between {self.last_id} and {change.first_id}")
        for side, levels in zip(self._sides, (change.bids, change.asks), strict=True):
            for price, size in levels:
                if size:
                    side[price] = size
                else:
                    side.pop(price, None)
        self.last_id, self._continued = change.last_id, True

    def bids(self) -> tuple[BookLevel, ...]:
        """All bids, best first."""
        return tuple(BookLevel(price, self._sides[0][price]) for price in sorted(self._sides[0], reverse=True))

    def asks(self) -> tuple[BookLevel, ...]:
        """All asks, best first."""
        return tuple(BookLevel(price, self._sides[1][price]) for price in sorted(self._sides[1]))
