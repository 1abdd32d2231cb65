"""The one account's memory: an append-only file from which a restart rebuilds orders, ledger and identifiers.

One line holds the records of one step, so an order is never found half-done. The file is never rewritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import msgspec

from .exchange import Exchange
from .journal import (
    Busted,
    CancelAsked,
    Claimed,
    Deposited,
    Ended,
    Filled,
    Journal,
    Opened,
    Prevented,
    Record,
    Rested,
    Started,
)
from .line_file import LineFile, StateFileError
from .order import Order

VERSION = 2
# After a kill of the terminal the exchange it started needs a moment to notice.
LOCK_PATIENCE_S = 5.0
_MAGIC = b'[{"t":"started",'
_REMEDY = "move the file away to begin with a fresh account"


class AccountMemory(Journal):
    """The journal that keeps. `starts` is how often the account was opened before."""

    def __init__(self, path: Path, patience_s: float = LOCK_PATIENCE_S) -> None:
        self._pending: list[Record] = []
        self._rested: dict[str, None] = {}
        self._encoder = msgspec.json.Encoder()
        self._file = LineFile(path, _MAGIC, _REMEDY)
        try:
            self._file.lock(patience_s)
            self._steps = self._decoded(self._file.read())
        except StateFileError:
            self._file.close()
            raise
        self.starts = sum(isinstance(record, Started) for step in self._steps for record in step)

    def note(self, record: Record) -> None:
        self._pending.append(record)

    def commit(self) -> None:
        if self._pending:
            self._file.append(self._encoder.encode(self._pending))
            self._pending.clear()

    def open_account(self, exchange: Exchange, seed: int, cash: Decimal) -> None:
        """Bring the account to where it was, or open it with `cash`. Raises StateFileError."""
        for number, step in enumerate(self._steps, 1):
            try:
                for record in step:
                    self._play(exchange, record)
            except (KeyError, ValueError):
                raise self._file.damaged(number) from None
        self._steps = []
        with self:
            self.note(Started(VERSION, "upbit", self.starts + 1, exchange.clock.now_us(), seed))
            if cash and not self.starts:
                exchange.deposit("KRW", cash)

    def resume(self, exchange: Exchange) -> None:
        """Let the open orders go on, in the order in which they queued; the books must be there already."""
        with self:
            exchange.resume(self._rested)
        self._rested.clear()

    def close(self) -> None:
        self._file.close()

    def _decoded(self, lines: Sequence[bytes]) -> list[list[Record]]:
        decoder = msgspec.json.Decoder(list[Record])
        steps = [self._file.decoded(decoder, number, line) for number, line in enumerate(lines, 1)]
        versions = [record.version for step in steps for record in step if isinstance(record, Started)]
        if any(version > VERSION for version in versions):
            raise StateFileError(f"{self._file.path}: written by a newer version of this program; {_REMEDY}")
        return steps

    def _play(self, exchange: Exchange, record: Record) -> None:
        """Do again what a record tells of, with its own time and ids."""
        orders, settlement = exchange.orders, exchange.settlement
        match record:
            case Claimed(identifier):
                orders.claim(identifier)
            case Deposited(time_us, currency, amount):
                exchange.accounts.deposit(time_us, currency, amount)
            case Opened(uuid, request, created_us, fee, source):
                order = Order(uuid, request, created_us, fee, source)
                settlement.enter_order(order)
                orders.add(order)
            case Rested(uuid):
                self._rested[uuid] = None
            case CancelAsked(uuid):
                orders.known(uuid).cancel_requested = True
            case Filled(uuid, fill):
                settlement.enter_fill(orders.known(uuid), fill)
            case Busted(uuid, trade_uuid, time_us):
                settlement.enter_bust(orders.known(uuid), trade_uuid, time_us)
            case Prevented(uuid, volume, amount, time_us):
                settlement.enter_cut(orders.known(uuid), volume, amount, time_us)
            case Ended(uuid, state, time_us):
                settlement.enter_end(orders.known(uuid), state, time_us)
                self._rested.pop(uuid, None)
