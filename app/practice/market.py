"""One tradable pair: its book, tape, candles and whether it is open."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .candles import CandleSeries
from .money import PriceUnits
from .order_book import OrderBook
from .tape import TradeTape


@dataclass(frozen=True, slots=True)
class MarketName:
    code: str
    korean: str
    english: str

    @property
    def quote(self) -> str:
        return self.code.split("-", 1)[0]

    @property
    def coin(self) -> str:
        return self.code.split("-", 1)[1]


class Market:
    """State of one pair; `halted` refuses new orders and stops the simulated flow."""

    def __init__(self, name: MarketName, units: PriceUnits, first_price: Decimal) -> None:
        self.name = name
        self.units = units
        self.book = OrderBook()
        self.candles = CandleSeries()
        self.tape = TradeTape(self.candles, first_price)
        self.halted = False

    @property
    def code(self) -> str:
        return self.name.code
