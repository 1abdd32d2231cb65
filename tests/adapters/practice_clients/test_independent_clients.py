"""Clients written by others trade on the practice exchange: ccxt, pyupbit and the official upbit-sdk.

They pin shared packages, so they live in an environment of their own (`clients` extra); without them each
test is skipped with the reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
BTC = "KRW-BTC"
REAL_HOST = "https://api.upbit.com"


@contextmanager
def practice(*arguments: str) -> Iterator[dict[str, str]]:
    """A running practice exchange; its ledger must be whole at the end."""
    command = [sys.executable, "-m", "app.practice", "--watch-stdin", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        ends = json.loads(process.stdout.readline())
        yield ends
        assert ledger(ends)["conservation"]["ok"]
    finally:
        process.communicate(timeout=15)


def ledger(ends: dict[str, str]) -> Any:
    with urllib.request.urlopen(ends["admin"] + "/ledger") as answer:
        return json.load(answer)


def eventually(check: Callable[[], Any], seconds: float = 5.0) -> Any:
    """The first true result of `check`; the exchange fills and cancels asynchronously."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := check():
            return found
        time.sleep(0.05)
    raise AssertionError("did not happen in time")


def test_ccxt_buys_rests_cancels_and_sells() -> None:
    ccxt = pytest.importorskip("ccxt", reason="ccxt is not installed (clients extra)")
    with practice() as ends:
        client = ccxt.upbit({"apiKey": ends["access_key"], "secret": ends["secret_key"]})
        host = ends["rest"].removesuffix("/v1")
        client.urls["api"] = {"public": host, "private": host}
        client.options["createMarketBuyOrderRequiresPrice"] = False
        markets = client.load_markets()
        assert "BTC/KRW" in markets
        assert client.fetch_balance()["KRW"]["free"] == 50_000_000
        bought = client.create_order("BTC/KRW", "market", "buy", 1_000_000)
        filled = eventually(lambda: (o := client.fetch_order(bought["id"]))["filled"] and o)
        assert filled["status"] in ("canceled", "closed")
        resting = client.create_order("BTC/KRW", "limit", "buy", 0.001, 60_000_000)
        assert [o["id"] for o in client.fetch_open_orders("BTC/KRW")] == [resting["id"]]
        client.cancel_order(resting["id"])
        eventually(lambda: not client.fetch_open_orders("BTC/KRW"))
        client.create_order("BTC/KRW", "market", "sell", filled["filled"])
        eventually(lambda: client.fetch_balance().get("BTC", {}).get("total", 0) == 0)
        assert len(client.fetch_ohlcv("BTC/KRW", "1m", limit=200)) == 200
        assert client.fetch_order_book("BTC/KRW")["asks"]
        assert client.fetch_trades("BTC/KRW", limit=10)
        assert client.fetch_ticker("BTC/KRW")["last"] > 0
        assert client.fetch_closed_orders("BTC/KRW")


def test_pyupbit_trades_in_lenient_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    pyupbit = pytest.importorskip("pyupbit", reason="pyupbit is not installed (clients extra)")
    requests = pytest.importorskip("requests", reason="requests comes with pyupbit")
    with practice("--lenient") as ends:
        plain = requests.Session.request
        local = ends["rest"].removesuffix("/v1")

        def redirected(session: Any, method: str, url: str, **options: Any) -> Any:
            return plain(session, method, url.replace(REAL_HOST, local), **options)

        monkeypatch.setattr(requests.Session, "request", redirected)
        client = pyupbit.Upbit(ends["access_key"], ends["secret_key"])
        assert client.get_balance("KRW") == 50_000_000
        assert BTC in pyupbit.get_tickers(fiat="KRW")
        assert pyupbit.get_current_price(BTC) > 0
        assert len(pyupbit.get_ohlcv(BTC, interval="minute1", count=200)) == 200
        bought = client.buy_market_order(BTC, 1_000_000)
        done = eventually(lambda: (o := client.get_order(bought["uuid"])).get("trades") and o)
        assert float(done["executed_volume"]) > 0
        resting = client.buy_limit_order(BTC, 60_000_000, 0.001)
        assert [order["uuid"] for order in client.get_order(BTC)] == [resting["uuid"]]
        assert client.cancel_order(resting["uuid"])["uuid"] == resting["uuid"]
        eventually(lambda: client.get_order(BTC) == [])
        sold = client.sell_market_order(BTC, client.get_balance(BTC))
        eventually(lambda: client.get_order(sold["uuid"])["state"] in ("done", "cancel"))
        assert client.get_chance(BTC)["bid_fee"] == "0.0005"


def test_the_official_sdk_validates_every_answer() -> None:
    upbit = pytest.importorskip("upbit", reason="upbit-sdk is not installed (clients extra)")
    if not hasattr(upbit, "Upbit"):
        pytest.skip("the package named upbit is not the official upbit-sdk")
    with practice() as ends:
        client = upbit.Upbit(
            access_key=ends["access_key"],
            secret_key=ends["secret_key"],
            base_url=ends["rest"].removesuffix("/v1"),
            max_retries=0,
            _strict_response_validation=True,
        )
        assert client.accounts.list()[0].currency == "KRW"
        assert client.orders.retrieve_chance(market=BTC).bid_fee == "0.0005"
        limit = {"market": BTC, "side": "bid", "ord_type": "limit", "price": "60000000", "volume": "0.001"}
        assert client.orders.test_create(**limit).state == "wait"
        resting = client.orders.create(**limit, identifier="sdk-1")
        assert next(iter(client.orders.list_open(market=BTC, states=["wait"]))).uuid == resting.uuid
        client.orders.cancel(identifier="sdk-1")
        eventually(lambda: client.orders.retrieve(uuid=resting.uuid).state == "cancel")
        bought = client.orders.create(market=BTC, side="bid", ord_type="price", price="1000000")
        done = eventually(lambda: (o := client.orders.retrieve(uuid=bought.uuid)).trades and o)
        client.orders.create(market=BTC, side="ask", ord_type="market", volume=done.executed_volume)
        again = client.orders.create(**limit)
        client.orders.cancel_by_uuids(uuids=[again.uuid])
        client.orders.cancel_open(cancel_side="all")
        eventually(lambda: len(client.orders.list_closed(market=BTC, states=["done", "cancel"])) == 4)
        # The SDK's own schema wants texts for quotation prices; Upbit documents and sends JSON numbers.
        quotes = upbit.Upbit(access_key="", secret_key="", base_url=ends["rest"].removesuffix("/v1"))
        assert len(quotes.candles.list_minutes(unit=1, market=BTC, count=200)) == 200
        assert quotes.tickers.list_by_trading_pairs(markets=BTC)[0].market == BTC
