"""The practice exchange in a process of its own, and its ledger: the oracle."""

import asyncio
import dataclasses
import json
import os
import select
import urllib.request
from decimal import Decimal
from pathlib import Path

import msgspec

from app.practice.server import PracticeServer
from app.practice.settings import Settings
from tests.crash import processes

START_PATIENCE_S = 20.0
ANSWER_PATIENCE_S = 20.0


class Fill(msgspec.Struct, frozen=True):
    """One execution."""

    trade_uuid: str
    price: Decimal
    volume: Decimal
    funds: Decimal
    fee: Decimal


class Order(msgspec.Struct, frozen=True):
    """One order; ``state`` in the venue's words: wait, watch, done, cancel."""

    uuid: str
    market: str
    side: str
    state: str
    executed_volume: Decimal
    paid_fee: Decimal
    identifier: str | None = None
    fills: tuple[Fill, ...] = ()


class Balance(msgspec.Struct, frozen=True):
    """One asset."""

    currency: str
    free: Decimal
    locked: Decimal


class Repeated(msgspec.Struct, frozen=True):
    """An identifier that was submitted more than once."""

    identifier: str
    submissions: int
    accepted: int


class Conservation(msgspec.Struct, frozen=True):
    """The exchange's own books."""

    ok: bool
    problems: tuple[str, ...] = ()


class Ledger(msgspec.Struct, frozen=True):
    """What the exchange holds true."""

    balances: tuple[Balance, ...]
    orders: tuple[Order, ...]
    open_orders: tuple[str, ...]
    repeated_identifiers: tuple[Repeated, ...]
    conservation: Conservation

    def held(self) -> dict[str, Decimal]:
        """Total of every asset."""
        return {balance.currency: balance.free + balance.locked for balance in self.balances}


class Venue:
    """One exchange; many runs may trade on its account one after the other."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Start it.

        Raises:
            TimeoutError: it did not say where it listens.
        """
        self.address_file = folder / "address.json"
        reading, writing = os.pipe()
        self._pid = processes.fork(lambda: asyncio.run(_serve(seed, writing)), folder / "exchange.log")
        os.close(writing)
        ready, _, _ = select.select([reading], [], [], START_PATIENCE_S)
        line = os.read(reading, 65536) if ready else b""
        os.close(reading)
        if not line:
            self.stop()
            raise TimeoutError(f"the practice exchange did not start; see {folder / 'exchange.log'}")
        self.address_file.write_bytes(line)
        self.admin: str = json.loads(line)["admin"]

    def ledger(self) -> Ledger:
        """The ledger now."""
        with urllib.request.urlopen(f"{self.admin}/ledger", timeout=ANSWER_PATIENCE_S) as answer:
            return msgspec.json.decode(answer.read(), type=Ledger, strict=False)

    def clear_faults(self) -> None:
        """End every fault that is still switched on."""
        request = urllib.request.Request(f"{self.admin}/faults", b'{"name": "all", "rate": 0}', method="POST")
        urllib.request.urlopen(request, timeout=ANSWER_PATIENCE_S).close()

    def stop(self) -> None:
        """End it."""
        processes.kill(self._pid)


async def _serve(seed: int, writing: int) -> None:
    server = PracticeServer(Settings(seed=seed))
    endpoints = await server.start()
    os.write(writing, json.dumps(dataclasses.asdict(endpoints)).encode())
    os.close(writing)
    await server.failed.wait()
    raise RuntimeError("the practice exchange broke one of its own rules")
