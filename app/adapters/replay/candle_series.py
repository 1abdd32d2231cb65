"""Series of candles: where they have gaps, and longer candles out of shorter ones. Nothing is interpolated."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.market_data import Candle
from app.domain.money import total
from app.domain.values import Market


@dataclass(frozen=True, slots=True)
class CandleGap:
    """``missing`` intervals without a candle, the first of them at ``begins_at``."""

    market: Market
    begins_at: datetime
    missing: int


@dataclass(frozen=True, slots=True)
class LongerCandle:
    """A candle made of ``parts`` shorter ones; it is ``complete`` when none of them was missing."""

    candle: Candle
    parts: int
    complete: bool


def candle_gaps(candles: Iterable[Candle]) -> Iterator[CandleGap]:
    """Where consecutive candles of one market do not follow each other directly."""
    before: Candle | None = None
    for candle in candles:
        if before is not None and before.market == candle.market:
            expected = before.opened_at + timedelta(seconds=before.seconds)
            missing = int((candle.opened_at - expected) / timedelta(seconds=before.seconds))
            if missing > 0:
                yield CandleGap(candle.market, expected, missing)
        before = candle


def longer_candles(candles: Iterable[Candle], seconds: int) -> Iterator[LongerCandle]:
    """Candles of ``seconds``, aligned to UTC, out of candles that are oldest first.

    Raises:
        ValueError: ``seconds`` is not a whole multiple of the candles' own length.
    """
    group: list[Candle] = []
    for candle in candles:
        if seconds % candle.seconds:
            raise ValueError(f"{seconds} s cannot be made of candles of {candle.seconds} s")
        if group and (candle.market != group[0].market or _start(candle, seconds) != _start(group[0], seconds)):
            yield _joined(group, seconds)
            group = []
        group.append(candle)
    if group:
        yield _joined(group, seconds)


def _joined(group: list[Candle], seconds: int) -> LongerCandle:
    first, last = group[0], group[-1]
    candle = Candle(
        market=first.market,
        seconds=seconds,
        opened_at=_start(first, seconds),
        open=first.open,
        high=max(part.high for part in group),
        low=min(part.low for part in group),
        close=last.close,
        volume=total(part.volume for part in group),
    )
    return LongerCandle(candle, len(group), len(group) * first.seconds == seconds)


def _start(candle: Candle, seconds: int) -> datetime:
    stamp = int(candle.opened_at.timestamp())
    return datetime.fromtimestamp(stamp - stamp % seconds, UTC)


def close_changes(candles: Iterable[Candle]) -> Iterator[Decimal]:
    """Change of the close as a ratio (0.01 = 1 %), only between candles that follow each other directly."""
    before: Candle | None = None
    for candle in candles:
        if (
            before is not None
            and before.market == candle.market
            and candle.opened_at - before.opened_at == timedelta(seconds=before.seconds)
        ):
            yield candle.close / before.close - 1
        before = candle
