"""Who wants to know what: the venue's internal subscriptions, called in order and synchronously."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .market import Market
from .order import Fill, Order
from .tape import Trade


class Listener(Protocol):
    """A receiver of everything that happens on the venue."""

    def on_trade(self, market: Market, trade: Trade) -> None: ...

    def on_book(self, market: Market) -> None: ...

    def on_order(self, order: Order, state: str, fill: Fill | None) -> None: ...

    def on_assets(self, currencies: Sequence[str]) -> None: ...


class EventHub:
    """Fans venue events out to the listeners."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []

    def trade(self, market: Market, trade: Trade) -> None:
        for listener in self.listeners:
            listener.on_trade(market, trade)

    def book(self, market: Market) -> None:
        for listener in self.listeners:
            listener.on_book(market)

    def order(self, order: Order, state: str, fill: Fill | None = None) -> None:
        for listener in self.listeners:
            listener.on_order(order, state, fill)

    def assets(self, *currencies: str) -> None:
        for listener in self.listeners:
            listener.on_assets(currencies)
