"""What one `--state` file gives the exchange: its account and, in a second file beside it, its prices."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

from .account_memory import LOCK_PATIENCE_S, AccountMemory
from .exchange import Exchange
from .line_file import StateFileError
from .price_memory import PriceMemory

PRICES_SUFFIX = ".prices"


class Memory:
    """Opened before the venue is built. The account's file carries the lock for both.

    Prices that come from outside are not remembered: the venue there knows them.
    """

    def __init__(self, path: Path, patience_s: float = LOCK_PATIENCE_S, *, own_prices: bool = True) -> None:
        self.account = AccountMemory(path, patience_s)
        self.prices: PriceMemory | None = None
        try:
            if own_prices:
                self.prices = PriceMemory(path.with_name(path.name + PRICES_SUFFIX))
        except (StateFileError, OSError):
            self.account.close()
            raise

    def stream_seed(self, seed: int) -> int:
        """The seed of this start: the given one at first, then one made from it and the number of restarts."""
        if not self.account.starts:
            return seed
        digest = hashlib.sha256(f"{seed}-restart-{self.account.starts}".encode()).digest()
        return int.from_bytes(digest[:6])

    def open_account(self, exchange: Exchange, seed: int, cash: Decimal) -> None:
        self.account.open_account(exchange, seed, cash)

    def resume(self, exchange: Exchange) -> None:
        """To be called when the books stand: open orders go on and prices are written down."""
        self.account.resume(exchange)
        if self.prices is not None:
            self.prices.start(exchange.clock, exchange.markets.values())

    def close(self) -> None:
        if self.prices is not None:
            self.prices.close()
        self.account.close()
