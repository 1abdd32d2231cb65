"""Indicator values over closed bars, computed once per bar and length (talipp; definitions as in its documentation)."""

from collections.abc import Sequence
from decimal import Decimal

from talipp.indicators import ATR, EMA, RSI, SMA
from talipp.ohlcv import OHLCV

from app.domain.market_data import Candle

MAX_LENGTH = 200


class IndicatorBoard:
    """Values of one series as of its last closed bar. Lengths are bars; None while there are too few bars.

    ``highest`` and ``lowest`` look at the bars before the last closed one, so that a close can break out of them.
    """

    def __init__(self, bars: Sequence[Candle]) -> None:
        self._bars = bars
        self._known: dict[tuple[str, int], Decimal | None] = {}

    def value(self, name: str, length: int) -> Decimal | None:
        """Value of the indicator called ``name``.

        Raises:
            ValueError: unknown name, or a length outside 1 to 200.
        """
        if name not in FUNCTIONS:
            raise ValueError(f"no indicator '{name}'")
        if not 1 <= length <= MAX_LENGTH:
            raise ValueError(f"{name}({length}): the length must be 1 to {MAX_LENGTH} bars")
        key = (name, length)
        if key not in self._known:
            self._known[key] = self._compute(name, length)
        return self._known[key]

    def _compute(self, name: str, length: int) -> Decimal | None:
        bars = self._bars
        if name in ("highest", "lowest"):
            window = list(bars)[-length - 1 : -1]
            if len(window) < length:
                return None
            return max(bar.high for bar in window) if name == "highest" else min(bar.low for bar in window)
        if name == "change":
            if len(bars) <= length or not bars[-length - 1].close:
                return None
            return (bars[-1].close / bars[-length - 1].close - 1) * 100
        if name == "average_volume":
            volumes = [bar.volume for bar in list(bars)[-length - 1 : -1]]
            return sum(volumes, Decimal(0)) / length if len(volumes) == length else None
        return _library_value(name, length, bars)


def _library_value(name: str, length: int, bars: Sequence[Candle]) -> Decimal | None:
    closes = [float(bar.close) for bar in bars]
    if name == "atr":
        values = [OHLCV(float(b.open), float(b.high), float(b.low), float(b.close), float(b.volume)) for b in bars]
        series = ATR(length, input_values=values)
    else:
        series = {"sma": SMA, "ema": EMA, "rsi": RSI}[name](length, input_values=closes)
    last = series[-1] if len(series) else None
    return None if last is None else Decimal(repr(last))


FUNCTIONS = ("sma", "ema", "rsi", "atr", "highest", "lowest", "change", "average_volume")
