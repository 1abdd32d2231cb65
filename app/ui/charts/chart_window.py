"""Which bars and which prices the chart shows. Plain arithmetic, no Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.ui.charts.bar_series import HIGH, LOW

MIN_BARS, MAX_BARS = 20.0, 1000.0
#: Empty bars kept free at the right of the newest one.
RIGHT_MARGIN = 3.0
#: Part of the height, from below, that belongs to the volume bars.
VOLUME_SHARE = 0.16


@dataclass(slots=True)
class ChartWindow:
    """``right`` is the x coordinate of the right edge, ``bars`` the number of bars across."""

    bars: float = 120.0
    right: float = 120.0
    follows: bool = True

    @property
    def left(self) -> float:
        """x coordinate of the left edge."""
        return self.right - self.bars

    def follow(self, count: int) -> None:
        """Show the newest of ``count`` bars unless the user scrolled away."""
        if self.follows:
            self.right = count - 0.5 + RIGHT_MARGIN

    def zoom(self, factor: float, count: int, anchor: float | None = None) -> None:
        """Show ``factor`` times as many bars; the x coordinate ``anchor`` stays where it is."""
        before = self.bars
        self.bars = min(MAX_BARS, max(MIN_BARS, self.bars * factor))
        if anchor is not None and not self.follows:
            self.right = anchor + (self.right - anchor) * self.bars / before
        self._settle(count)

    def pan(self, bars: float, count: int) -> None:
        """Move by ``bars``; positive goes to newer ones. Reaching the newest bar follows it again."""
        self.follows = False
        self.right += bars
        self._settle(count)

    def to_newest(self, count: int) -> None:
        """Go back to the newest bar and follow it."""
        self.follows = True
        self.follow(count)

    def visible(self, count: int) -> tuple[int, int]:
        """First and one past the last index of ``count`` bars that are in sight."""
        first = max(0, int(np.floor(self.left + 0.5)))
        last = min(count, int(np.ceil(self.right + 0.5)))
        return (first, max(first, last))

    def _settle(self, count: int) -> None:
        newest = count - 0.5 + RIGHT_MARGIN
        if self.right >= newest - 0.25:
            self.follows = True
        self.right = newest if self.follows else max(self.right, min(newest, MIN_BARS / 2))


def price_range(
    floats: NDArray[np.float64],
    levels: Iterable[float],
    before: tuple[float, float] | None = None,
) -> tuple[float, float] | None:
    """Bottom and top of the price axis for the bars in sight; None without bars.

    ``levels`` are taken in while the bars keep at least 40 % of the height. ``before`` is kept as long as it
    fits: a range that moves with every tick repaints axis and candles for nothing and is hard to read.
    """
    if not len(floats):
        return None
    low, high = float(floats[:, LOW].min()), float(floats[:, HIGH].max())
    span = max(high - low, high * 0.0005)
    for level in sorted(levels, key=lambda value: max(low - value, value - high)):
        if max(high, level) - min(low, level) <= span / 0.4:
            low, high = min(low, level), max(high, level)
    height = max(high - low, high * 0.0005)
    top = high + height * 0.08
    bottom = low - height * (0.08 + VOLUME_SHARE)
    if before is not None and _still_fits(before, bottom, top, height):
        return before
    return (bottom - height * 0.02, top + height * 0.02)


def _still_fits(before: tuple[float, float], bottom: float, top: float, height: float) -> bool:
    return (
        before[0] <= bottom + height * 0.04
        and before[1] >= top - height * 0.04
        and before[1] - before[0] <= (top - bottom) * 1.25
    )
