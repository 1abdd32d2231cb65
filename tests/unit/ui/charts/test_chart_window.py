"""The window follows the newest bar until the user scrolls; the price range keeps still while it fits."""

import numpy as np

from app.ui.charts.chart_window import MAX_BARS, MIN_BARS, RIGHT_MARGIN, ChartWindow, price_range


def floats(low: float, high: float, count: int = 10) -> np.ndarray:
    row = [low + 1, high, low, high - 1, 3.0]
    return np.array([row] * count)


def test_following_keeps_the_newest_bar_in_sight() -> None:
    window = ChartWindow(bars=100)
    window.follow(500)
    assert window.right == 499.5 + RIGHT_MARGIN
    window.follow(501)
    assert window.right == 500.5 + RIGHT_MARGIN


def test_scrolling_back_stops_following_and_the_end_starts_it_again() -> None:
    window = ChartWindow(bars=100)
    window.follow(500)
    window.pan(-50, 500)
    before = window.right
    window.follow(600)
    assert window.right == before and not window.follows
    window.pan(1000, 600)
    assert window.follows
    window.pan(-50, 600)
    window.to_newest(600)
    assert window.follows and window.right == 599.5 + RIGHT_MARGIN


def test_zoom_is_bounded_and_keeps_the_anchor() -> None:
    window = ChartWindow(bars=100)
    window.follow(2000)
    window.pan(-600, 2000)
    anchor = window.left + 25
    share = (anchor - window.left) / window.bars
    window.zoom(2, 2000, anchor)
    assert abs((anchor - window.left) / window.bars - share) < 1e-9
    window.zoom(1000, 2000)
    assert window.bars == MAX_BARS
    window.zoom(1e-9, 2000)
    assert window.bars == MIN_BARS


def test_visible_is_clipped_to_the_series() -> None:
    window = ChartWindow(bars=100)
    window.follow(30)
    assert window.visible(30) == (0, 30)
    assert window.visible(0) == (0, 0)


def test_levels_are_taken_in_only_while_the_bars_stay_readable() -> None:
    near = price_range(floats(100, 110), [95.0])
    assert near is not None and near[0] < 95
    far = price_range(floats(100, 110), [10.0])
    assert far is not None and far[0] > 10


def test_the_range_stays_while_it_fits_and_moves_when_it_does_not() -> None:
    first = price_range(floats(100, 110), [])
    assert first is not None
    assert price_range(floats(100, 110.1), [], first) == first
    assert price_range(floats(100, 125), [], first) != first
    assert price_range(floats(104, 105), [], first) != first


def test_no_bars_have_no_range_and_flat_bars_have_one() -> None:
    assert price_range(np.empty((0, 5)), []) is None
    flat = price_range(np.array([[100.0, 100, 100, 100, 0]]), [])
    assert flat is not None and flat[0] < 100 < flat[1]
