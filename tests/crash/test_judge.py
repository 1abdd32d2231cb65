"""The judge sees what must never be: each planted difference is named, and honest books pass."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.crash.judge import CHAIN, DUPLICATE, LOST, MISMATCH, Books, judge, read_books
from tests.crash.venue import Balance, Conservation, Fill, Ledger, Order, Repeated
from tests.crash.witness import Sworn, digest

INSTALL = "abcdef"


def ledger(*orders: Order, coins: str = "0", money: str = "1000", repeated: tuple[Repeated, ...] = ()) -> Ledger:
    balances = (Balance("KRW", Decimal(money), Decimal(0)), Balance("BTC", Decimal(coins), Decimal(0)))
    return Ledger(balances, orders, (), repeated, Conservation(True))


FILL = Fill("t-1", Decimal(100), Decimal(2), Decimal(200), Decimal(1))
BOUGHT = Order("u-1", "KRW-BTC", "bid", "done", Decimal(2), Decimal(1), "gw-1", (FILL,))
AFTER = ledger(BOUGHT, coins="2", money="799")


def records() -> list[tuple[str, dict[str, Any]]]:
    """One bought position, as the journal tells it."""
    order = {"order_id": "gw-1", "state": "filled", "filled_volume": "2", "paid_fee": "1"}
    fill = {"order_id": "gw-1", "trade_id": "t-1", "side": "buy", "price": "100", "volume": "2"}
    position = {
        "position_id": "p-1",
        "market": ["upbit", "KRW-BTC"],
        "quantity": "2",
        "invested": "201",
        "proceeds": "0",
    }
    return [
        ("OrderChanged", {"order": order | {"intent": {"position_id": "p-1"}}, "trigger": "all_filled"}),
        ("FillBooked", {"fill": fill, "position_id": "p-1"}),
        ("PositionChanged", {"position": position, "trigger": "fill"}),
    ]


def write_file(path: Path, told: list[tuple[str, dict[str, Any]]]) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE state (key, value); CREATE TABLE fills (order_id, trade_id);"
        "CREATE TABLE journal (seq, epoch, happened_at, kind, payload, previous, hash);"
    )
    connection.execute("INSERT INTO state VALUES ('install', ?)", (INSTALL,))
    head = hashlib.sha256(f"gwanje journal {INSTALL}".encode()).hexdigest()
    for seq, (kind, event) in enumerate(told, 1):
        payload = json.dumps(event)
        sealed = hashlib.sha256(f"{head}\n{seq}\n1\nnow\n{kind}\n{payload}".encode()).hexdigest()
        connection.execute("INSERT INTO journal VALUES (?, 1, 'now', ?, ?, ?, ?)", (seq, kind, payload, head, sealed))
        head = sealed
        if kind == "FillBooked":
            connection.execute("INSERT OR IGNORE INTO fills VALUES ('gw-1', 't-1')")
    connection.commit()
    connection.close()


def books(tmp_path: Path, told: list[tuple[str, dict[str, Any]]] | None = None) -> Books:
    path = tmp_path / "gwanje.db"
    path.unlink(missing_ok=True)
    write_file(path, records() if told is None else told)
    return read_books(path)


def sworn(durable: int) -> dict[int, Sworn]:
    return {1: Sworn([digest(kind, json.dumps(event)) for kind, event in records()], durable)}


def test_honest_books_pass(tmp_path: Path) -> None:
    assert judge(books(tmp_path), sworn(3), ledger(), AFTER) == []


@pytest.mark.parametrize(
    ("after", "kind", "words"),
    [
        (ledger(BOUGHT, BOUGHT, coins="2", money="799"), DUPLICATE, "2 orders under the identifier gw-1"),
        (ledger(BOUGHT, coins="2", money="799", repeated=(Repeated("gw-1", 2, 1),)), DUPLICATE, "submitted 2 times"),
        (ledger(coins="2", money="799"), MISMATCH, "the venue does not know it"),
        (ledger(BOUGHT, coins="3", money="799"), MISMATCH, "BTC: books 2, venue 3"),
        (ledger(BOUGHT, coins="2", money="798"), MISMATCH, "KRW: books 799, venue 798"),
    ],
)
def test_a_difference_at_the_venue_is_named(tmp_path: Path, after: Ledger, kind: str, words: str) -> None:
    found = judge(books(tmp_path), sworn(3), ledger(), after)
    assert any(finding.kind == kind and words in finding.words for finding in found), found


def test_an_order_without_a_record_is_named(tmp_path: Path) -> None:
    found = judge(books(tmp_path, []), {}, ledger(), AFTER)
    assert any("is at the venue and in no record" in finding.words for finding in found)


def test_a_second_entry_of_one_position_is_a_duplicate(tmp_path: Path) -> None:
    told = records()
    kind, event = records()[0]
    told.append((kind, event | {"order": event["order"] | {"order_id": "gw-2"}}))
    second = Order("u-2", "KRW-BTC", "bid", "done", Decimal(2), Decimal(1), "gw-2", (FILL,))
    found = judge(books(tmp_path, told), {}, ledger(), ledger(BOUGHT, second))
    assert any(finding.kind == DUPLICATE and "bought 2 times" in finding.words for finding in found)


def test_a_fill_booked_twice_is_named(tmp_path: Path) -> None:
    found = judge(books(tmp_path, [*records(), records()[1]]), {}, ledger(), AFTER)
    assert any("was booked 2 times" in finding.words for finding in found)


def test_a_lost_acknowledged_record_is_named(tmp_path: Path) -> None:
    found = judge(books(tmp_path, records()[:2]), sworn(3), ledger(), AFTER)
    assert any(
        finding.kind == LOST and "3 records were acknowledged, 2 are there" in finding.words for finding in found
    )


def test_a_record_nobody_handed_over_is_named(tmp_path: Path) -> None:
    told = {1: Sworn(["somebody else"], 0)}
    found = judge(books(tmp_path), told, ledger(), AFTER)
    assert any(finding.kind == LOST and "no prefix" in finding.words for finding in found)


@pytest.mark.parametrize(
    "damage",
    [
        lambda c: c.execute("UPDATE journal SET payload = replace(payload, '201', '101') WHERE seq = 3"),
        lambda c: c.execute("DELETE FROM journal WHERE seq = 2"),
        lambda c: c.execute("UPDATE journal SET previous = hash WHERE seq = 2"),
        lambda c: c.execute("DELETE FROM fills"),
    ],
)
def test_a_broken_chain_is_named(tmp_path: Path, damage: Callable[[sqlite3.Connection], object]) -> None:
    write_file(tmp_path / "gwanje.db", records())
    connection = sqlite3.connect(tmp_path / "gwanje.db")
    damage(connection)
    connection.commit()
    connection.close()
    found = judge(read_books(tmp_path / "gwanje.db"), {}, ledger(), AFTER)
    assert any(finding.kind == CHAIN for finding in found), found
