"""Compares the files a run left behind with the venue's ledger. Reads SQLite and JSON only: no code of the product."""

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.crash.venue import Ledger, Order
from tests.crash.witness import Sworn, digest

DUPLICATE, LOST, CHAIN, MISMATCH = "duplicate", "lost", "chain", "mismatch"
ENDED_HERE = {"filled", "cancelled", "rejected", "expired"}
ENDED_THERE = {"done", "cancel"}
MONEY = "KRW"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must never be."""

    kind: str
    words: str


@dataclass(slots=True)
class Books:
    """What the journal says, folded here: last record of each order and position, every fill record."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    positions: dict[str, dict[str, Any]] = field(default_factory=dict)
    fills: list[dict[str, Any]] = field(default_factory=list)
    records: dict[int, list[str]] = field(default_factory=dict)  # epoch -> fingerprints in order
    broken: list[str] = field(default_factory=list)


def read_books(path: Path) -> Books:
    """Fold the journal in the database file, checking its chain by hand.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    connection = sqlite3.connect(path)
    try:
        install = connection.execute("SELECT value FROM state WHERE key = 'install'").fetchone()
        names = "seq, epoch, happened_at, kind, payload, previous, hash"
        rows = connection.execute(f"SELECT {names} FROM journal ORDER BY seq").fetchall()
        projected = connection.execute("SELECT order_id, trade_id FROM fills").fetchall()
    finally:
        connection.close()
    books = Books()
    head = hashlib.sha256(f"gwanje journal {install[0] if install else ''}".encode()).hexdigest()
    for number, (seq, epoch, happened_at, kind, payload, previous, sealed) in enumerate(rows, 1):
        text = f"{head}\n{number}\n{epoch}\n{happened_at}\n{kind}\n{payload}"
        head = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
        if seq != number or sealed != head or not text.startswith(f"{previous}\n"):
            books.broken.append(f"record {number} (seq {seq}, {kind}) does not fit the chain")
            break
        books.records.setdefault(epoch, []).append(digest(kind, payload))
        _fold(books, kind, json.loads(payload, parse_float=Decimal))
    journaled = {(fill["order_id"], fill["trade_id"]) for fill in books.fills}
    if set(projected) != journaled:
        books.broken.append(f"table fills has {len(projected)} rows, the journal {len(journaled)} fills")
    return books


def _fold(books: Books, kind: str, event: dict[str, Any]) -> None:
    if kind == "OrderChanged":
        books.orders[event["order"]["order_id"]] = event["order"]
    elif kind == "PositionChanged":
        books.positions[event["position"]["position_id"]] = event["position"]
    elif kind == "FillBooked":
        books.fills.append(event["fill"] | {"position_id": event["position_id"]})


def judge(books: Books, sworn: dict[int, Sworn], before: Ledger, after: Ledger) -> list[Finding]:
    """Everything wrong after a run that began with ledger ``before`` and has settled at ``after``."""
    known = {order.uuid for order in before.orders}
    ours = [order for order in after.orders if order.uuid not in known]
    return [
        *(Finding(CHAIN, words) for words in books.broken),
        *(Finding(LOST, words) for words in _lost(books, sworn)),
        *(Finding(DUPLICATE, words) for words in _duplicates(books, ours, before, after)),
        *(Finding(MISMATCH, words) for words in _different_orders(books, ours)),
        *(Finding(MISMATCH, words) for words in _different_fills(books, ours)),
        *(Finding(MISMATCH, words) for words in _different_holdings(books, before, after)),
        *(Finding(MISMATCH, f"the exchange itself: {words}") for words in after.conservation.problems),
    ]


def _lost(books: Books, sworn: dict[int, Sworn]) -> Iterator[str]:
    for epoch, run in sworn.items():
        found = books.records.get(epoch, [])
        if found != run.handed[: len(found)]:
            yield f"run {epoch}: the journal is no prefix of what was handed to it"
        if len(found) < run.durable:
            yield f"run {epoch}: {run.durable} records were acknowledged, {len(found)} are there"


def _duplicates(books: Books, ours: list[Order], before: Ledger, after: Ledger) -> Iterator[str]:
    for name, count in Counter(order.identifier for order in ours).items():
        if count > 1:
            yield f"{count} orders under the identifier {name}"
    known = {repeated.identifier for repeated in before.repeated_identifiers}
    for repeated in after.repeated_identifiers:
        if repeated.identifier not in known:
            yield f"{repeated.identifier} was submitted {repeated.submissions} times"
    bought: Counter[str] = Counter()
    for order in ours:
        mine = books.orders.get(order.identifier or "")
        if mine is not None and order.side == "bid" and order.executed_volume > ZERO:
            bought[mine["intent"]["position_id"]] += 1
    for position_id, count in bought.items():
        if count > 1:
            yield f"position {position_id} wanted one entry and bought {count} times"


def _different_orders(books: Books, ours: list[Order]) -> Iterator[str]:
    there = {order.identifier: order for order in ours}
    for order in ours:
        if order.identifier not in books.orders:
            yield f"order {order.identifier} is at the venue and in no record"
    for order_id, mine in books.orders.items():
        known, ended = there.get(order_id), mine["state"] in ENDED_HERE
        filled, fee = Decimal(mine["filled_volume"]), Decimal(mine["paid_fee"])
        if known is None:
            if not ended or filled:
                yield f"{order_id} is {mine['state']}, filled {filled}; the venue does not know it"
            continue
        if ended != (known.state in ENDED_THERE):
            yield f"{order_id} is {mine['state']}, at the venue {known.state}"
        if mine["state"] in ("rejected", "expired"):
            yield f"{order_id} is {mine['state']}, but the venue took it"
        if (filled, fee) != (known.executed_volume, known.paid_fee):
            yield f"{order_id}: filled {filled} fee {fee}, at the venue {known.executed_volume} fee {known.paid_fee}"


def _different_fills(books: Books, ours: list[Order]) -> Iterator[str]:
    keys = Counter((fill["order_id"], fill["trade_id"]) for fill in books.fills)
    for key, count in keys.items():
        if count > 1:
            yield f"fill {key} was booked {count} times"
    here = {(f["order_id"], f["trade_id"]): (Decimal(f["price"]), Decimal(f["volume"])) for f in books.fills}
    there = {(o.identifier, fill.trade_uuid): (fill.price, fill.volume) for o in ours for fill in o.fills}
    for key in here.keys() | there.keys():
        if here.get(key) != there.get(key):
            yield f"fill {key}: booked {here.get(key)}, at the venue {there.get(key)}"


def _different_holdings(books: Books, before: Ledger, after: Ledger) -> Iterator[str]:
    expected = defaultdict(Decimal, before.held())
    for position in books.positions.values():
        _, symbol = position["market"]
        coin = symbol.split("-")[1]
        expected[coin] += Decimal(position["quantity"])
        expected[MONEY] += Decimal(position["proceeds"]) - Decimal(position["invested"])
    from_fills: defaultdict[str, Decimal] = defaultdict(Decimal)
    for fill in books.fills:
        sign = 1 if fill["side"] == "buy" else -1
        from_fills[fill["position_id"]] += sign * Decimal(fill["volume"])
    for position_id, position in books.positions.items():
        if from_fills[position_id] != Decimal(position["quantity"]):
            yield f"position {position_id} holds {position['quantity']}, its fills make {from_fills[position_id]}"
    held = after.held()
    for asset in expected.keys() | held.keys():
        if expected[asset] != held.get(asset, ZERO):
            yield f"{asset}: books {expected[asset]}, venue {held.get(asset, ZERO)}"
