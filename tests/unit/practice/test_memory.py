"""The whole program on a state file, killed and started again."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from app.practice.__main__ import main
from app.practice.clock import VenueClock
from app.practice.line_file import StateFileError
from app.practice.memory import Memory
from app.practice.server import PracticeServer
from app.practice.settings import Endpoints, Settings
from tests.unit.practice.venue_kit import BTC, START_US, QuietVenue, RestClient

ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def killed_at_the_end(path: Path, *arguments: str) -> AsyncIterator[RestClient]:
    """The program as a process of its own; leaving kills it -9."""
    command = [sys.executable, "-m", "app.practice", "--state", str(path), *arguments]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        ends = Endpoints(**json.loads(await process.stdout.readline()))
        async with aiohttp.ClientSession() as session:
            yield RestClient(session, ends)
            process.kill()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def limit(identifier: str, price: str, volume: str = "0.001", side: str = "bid") -> dict[str, str]:
    return {
        "market": BTC, "side": side, "ord_type": "limit", "price": price, "volume": volume, "identifier": identifier,
    }  # fmt: skip


async def seen(rest: RestClient) -> dict[str, Any]:
    ledger = (await rest.admin("GET", "/ledger")).body
    assert ledger["conservation"]["ok"]
    return {name: ledger[name] for name in ("balances", "open_orders", "orders", "repeated_identifiers")}


async def last_price(rest: RestClient) -> Decimal:
    return Decimal((await rest.call("GET", "/ticker", {"markets": BTC})).body[0]["trade_price"])


async def prepared(rest: RestClient) -> dict[str, Any]:
    """A position, a cancelled order, a resting order and a refused one; what the ledger shows of them."""
    low = str(int(await last_price(rest)) * 6 // 10 // 1000 * 1000)
    await rest.call("POST", "/orders", {"market": BTC, "side": "bid", "ord_type": "price", "price": "1000000"})
    gone = await rest.call("POST", "/orders", limit("gone", low))
    await rest.call("DELETE", "/order", {"uuid": gone.body["uuid"]})
    await rest.call("POST", "/orders", limit("rests", low))
    assert (await rest.call("POST", "/orders", limit("refused", low, "999"))).status == 400
    assert (await rest.admin("POST", "/market", {"market": BTC, "move_pct": -5, "over_ms": 200})).status == 200
    for _ in range(100):
        ledger = await seen(rest)
        if [order["state"] for order in ledger["orders"]] == ["cancel", "cancel", "wait"]:
            return ledger
        await asyncio.sleep(0.05)
    raise AssertionError(ledger)


async def test_kill_and_restart_of_the_real_program(tmp_path: Path) -> None:
    path = tmp_path / "practice-exchange.json"
    async with killed_at_the_end(path) as rest:
        before = await prepared(rest)
        await asyncio.sleep(1.3)  # prices are saved every second
        price = await last_price(rest)
        answered: list[str] = []
        enough = asyncio.Event()

        async def keep_ordering() -> None:
            for number in range(100):
                order = limit(f"late-{number}", str(int(price) // 2000 * 1000))
                if (await rest.call("POST", "/orders", order)).status == 201:
                    answered.append(order["identifier"])
                if len(answered) == 3:
                    enough.set()

        ordering = asyncio.create_task(keep_ordering())
        await asyncio.wait_for(enough.wait(), 10)
    # Cut off in the middle of an order, or at the closed session right after.
    ended = (await asyncio.gather(ordering, return_exceptions=True))[0]
    assert isinstance(ended, aiohttp.ClientError | RuntimeError)

    async with killed_at_the_end(path, "--cash", "1", "--seed", "7") as rest:
        after = await seen(rest)
        assert after["orders"][: len(before["orders"])] == before["orders"]
        late = [order["identifier"] for order in after["orders"][len(before["orders"]) :]]
        assert late[: len(answered)] == answered
        coin = [[b for b in shown["balances"] if b["currency"] == "BTC"] for shown in (before, after)]
        assert coin[0] == coin[1] != []
        # It went on moving while the orders were made, on a busy machine for many seconds.
        assert abs(await last_price(rest) / price - 1) < Decimal("0.015")
        assert price < 87_000_000  # far from the opening price
        for name in ("rests", "gone", "refused", answered[0]):
            refused = await rest.call("POST", "/orders", limit(name, "1000000"))
            assert refused.body["error"]["name"] == "duplicated_identifier"
        found = await rest.call("GET", "/order", {"identifier": "gone"})
        assert (found.body["state"], found.body["uuid"]) == ("cancel", before["orders"][1]["uuid"])
        closed = await rest.call("GET", "/orders/closed", {"market": BTC})
        assert {order["uuid"] for order in closed.body} == {order["uuid"] for order in before["orders"][:2]}
        await rest.call("DELETE", "/orders/open", {"cancel_side": "all", "count": "300"})
        await asyncio.sleep(0.3)
        finished = await seen(rest)
        assert (finished["open_orders"], finished["balances"][0]["locked"]) == ([], "0")

    async with killed_at_the_end(path) as rest:
        assert await seen(rest) == finished
    for file in tmp_path.iterdir():
        assert file.name in {path.name, path.name + ".prices"}
        assert sys.platform == "win32" or stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_the_same_starts_give_the_same_markets(tmp_path: Path) -> None:
    """The first start is the market of the seed; each restart has a stream of its own, the same every time."""

    async def prints(path: Path | None) -> list[Any]:
        server = PracticeServer(Settings(seed=4, state=path), VenueClock(START_US))
        async with server:
            server.clock.advance(3_000_000)
            tape = server.exchange.markets[BTC].tape.trades
            return [(t.price, t.volume, t.time_ms) for t in tape if t.time_ms >= START_US // 1000]

    first, second = [[await prints(tmp_path / name) for _ in range(2)] for name in "ab"]
    assert first == second
    assert first[0] == await prints(None)
    assert len(set(first[1]) & set(first[0])) == 1  # the last print is remembered


def test_restarts_have_seeds_of_their_own(tmp_path: Path) -> None:
    seeds = []
    for _ in range(3):
        memory = Memory(tmp_path / "a")
        memory.open_account(QuietVenue(journal=memory.account).exchange, 4, Decimal(1))
        seeds.append(memory.stream_seed(4))
        memory.close()
    assert seeds[0] == 4
    assert len(set(seeds)) == 3


def test_a_damaged_file_is_one_line_and_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a"
    for _ in range(2):
        memory = Memory(path)
        memory.open_account(QuietVenue(journal=memory.account).exchange, 1, Decimal(1))
        memory.close()
    path.write_bytes(path.read_bytes().replace(b'"number":2', b'"number":3'))
    assert main(["--state", str(path)]) == 2
    line = f"practice: {path}: line 2 is damaged; move the file away to begin with a fresh account\n"
    assert capsys.readouterr() == ("", line)


def test_an_account_in_use_is_one_line_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Memory(tmp_path / "a")
    monkeypatch.setattr("app.practice.server.Memory", lambda path, own_prices: Memory(path, patience_s=0.1))
    assert main(["--state", str(tmp_path / "a")]) == 2
    memory.close()
    assert "a: another practice exchange is using this account; end it" in capsys.readouterr().err


def test_unusable_prices_free_the_account(tmp_path: Path) -> None:
    (tmp_path / "a.prices").write_text("my prices")
    with pytest.raises(StateFileError, match=r"a\.prices: not a state file"):
        Memory(tmp_path / "a", patience_s=0)
    (tmp_path / "a.prices").unlink()
    Memory(tmp_path / "a", patience_s=0).close()


async def test_a_full_disk_ends_the_exchange_with_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = PracticeServer(Settings(state=tmp_path / "a"))
    async with server as ends, aiohttp.ClientSession() as session:
        monkeypatch.setattr("app.practice.line_file.LineFile._write", _no_space)
        async with session.post(ends.admin + "/deposit", json={"currency": "KRW", "amount": "1"}) as answer:
            assert answer.status == 500
        await asyncio.wait_for(server.failed.wait(), 5)
    assert any("cannot be written (No space left on device)" in message for message in caplog.messages)
    caplog.clear()


def _no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")
