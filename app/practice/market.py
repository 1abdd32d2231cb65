"""One tradable pair: its book, tape, candles and whether it is open."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .candles import CandleSeries
from .money import MIN_TOTAL_KRW, ONE, PriceUnits, ScaledUnits
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
    """State of one pair; while it is `closed` new orders are refused and the simulated flow stands still.

    `halted` is the operator's switch, `suspended` and `delisted` are the venue's; `unit_factor` and `min_total` (KRW)
    are rules that may change during the day; `one_sided` hides the asks of every book that is shown, `warned` marks the
    listing.
    """

    def __init__(self, name: MarketName, units: PriceUnits, first_price: Decimal) -> None:
        self.name = name
        self._units = units
        self.book = OrderBook()
        self.candles = CandleSeries()
        self.tape = TradeTape(self.candles, first_price)
        self.halted = False
        self.suspended = False
        self.delisted = False
        self.one_sided = False
        self.warned = False
        self.unit_factor = ONE
        self.min_total = MIN_TOTAL_KRW

    @property
    def units(self) -> PriceUnits:
        return self._units if self.unit_factor == ONE else ScaledUnits(self._units, self.unit_factor)

    @property
    def closed(self) -> bool:
        return self.halted or self.suspended or self.delisted

    @property
    def code(self) -> str:
        return self.name.code
