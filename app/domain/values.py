"""The words every room shares: market, side, order type, purpose, trading state and mode."""

from enum import IntEnum, StrEnum
from typing import NamedTuple


class Market(NamedTuple):
    """One tradable instrument at one venue, for example ``Market("upbit", "KRW-BTC")``."""

    venue: str
    symbol: str

    def __str__(self) -> str:
        return self.symbol


NAME_WORDS = "must be a name of 1 to 1,000 characters that can be printed"


def is_name(text: str) -> bool:
    """True for 1 to 1,000 characters that can be printed, and so written to any journal."""
    return 1 <= len(text) <= 1000 and text.isprintable()


class Side(StrEnum):
    """Direction of an order; the venues call them bid and ask."""

    BUY = "buy"
    SELL = "sell"


class OrderType(StrEnum):
    """How an order is priced. ``BEST`` takes the best opposite price (IOC)."""

    MARKET = "market"
    LIMIT = "limit"
    BEST = "best"


class TimeInForce(StrEnum):
    """How long an order may rest. ``GTC`` is the venue's default."""

    GTC = "gtc"
    IOC = "ioc"
    FOK = "fok"
    POST_ONLY = "post_only"


class Purpose(StrEnum):
    """Why an order exists. Guards bind entries; they never bind exits or liquidation."""

    ENTRY = "entry"
    EXIT = "exit"
    LIQUIDATION = "liquidation"

    @property
    def reduces_risk(self) -> bool:
        """True for orders that can only shrink a position."""
        return self is not Purpose.ENTRY


class Priority(IntEnum):
    """Order of the send queue: the smaller value leaves first."""

    LIQUIDATION = 0
    EXIT = 1
    CANCEL = 2
    LOOKUP = 3
    ENTRY = 4


class TradingState(StrEnum):
    """What may leave: nothing new, everything, only reducing orders, or reducing until a person unlocks it."""

    DISABLED = "disabled"
    ENABLED = "enabled"
    REDUCING = "reducing"
    HALTED = "halted"

    @property
    def allows_entries(self) -> bool:
        """True only while entries may be sent."""
        return self is TradingState.ENABLED


class TradingMode(StrEnum):
    """Which money is at stake. The mode decides which objects bootstrap builds, never a branch in the engine."""

    PRACTICE = "practice"
    DRY_RUN = "dry-run"
    PAPER = "paper"
    LIVE = "live"

    @property
    def shows_real_prices(self) -> bool:
        """True when the prices are those of the real venue."""
        return self is not TradingMode.PRACTICE
