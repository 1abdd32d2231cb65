"""Things that happen to the account from outside the API, drawn once a second while their fault is on."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

from .clock import US_PER_S
from .exchange import Exchange
from .ledger import InsufficientFunds
from .market import Market
from .money import ONE, whole_volume
from .order import Side
from .venue_errors import VenueError

_SPLIT_MS = 1
_QUOTE = "KRW"


class PriceMover(Protocol):
    """The part of a market driver a split needs."""

    def shock(self, code: str, move_percent: float, over_ms: int) -> None: ...


class Incidents:
    """The user at the phone, the bank, and the coin's issuer."""

    def __init__(self, exchange: Exchange, prices: PriceMover) -> None:
        self._exchange = exchange
        self._faults = exchange.faults
        self._prices = prices

    def start(self) -> None:
        self._exchange.clock.call_later(US_PER_S, self._each_second)

    def split(self, market: Market, factor: Decimal) -> None:
        """One old coin becomes `factor` new ones, each worth that much less."""
        self._exchange.split(market, factor)
        self._prices.shock(market.code, float((ONE / factor - ONE) * 100), _SPLIT_MS)

    def _each_second(self) -> None:
        self._exchange.clock.call_later(US_PER_S, self._each_second)
        self._happens("deposit", lambda amount: self._exchange.deposit(_QUOTE, amount))
        self._happens("withdrawal", lambda amount: self._exchange.deposit(_QUOTE, -amount))
        self._happens_somewhere("external_trade", self._open_markets(), self._trade)
        self._happens_somewhere("split", [m for m in self._open_markets() if self._held(m)], self.split)

    def _happens(self, name: str, act: Callable[[Decimal], object]) -> None:
        if (figure := self._faults.draw(name)) is not None:
            try:
                act(figure)
            except (InsufficientFunds, VenueError):
                return  # what the account cannot pay for does not happen

    def _happens_somewhere(self, name: str, markets: list[Market], act: Callable[[Market, Decimal], object]) -> None:
        aimed = [market for market in markets if self._faults.targets(name, market.code)]
        if not aimed or (figure := self._faults.draw(name, aimed[0].code)) is None:
            return
        market = self._faults.choose(aimed)
        try:
            act(market, figure)
        except (InsufficientFunds, VenueError):
            return

    def _trade(self, market: Market, krw: Decimal) -> None:
        held, volume = self._held(market), whole_volume(krw / market.tape.last_price)
        side = self._faults.choose(list(Side)) if held >= volume else Side.BID
        self._exchange.external_trade(market.code, side, volume)

    def _open_markets(self) -> list[Market]:
        return [market for market in self._exchange.markets.values() if not market.closed]

    def _held(self, market: Market) -> Decimal:
        return self._exchange.accounts.balance(market.name.coin).free
