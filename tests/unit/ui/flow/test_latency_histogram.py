"""The shape of the durations: every bucket at its place on one logarithmic axis."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.domain.latency import LogHistogram, Stage, StageLatency
from app.ui.flow.latency_histogram import LatencyAxis, LatencyHistogram, bars_of, decades, place_of, span_of
from app.ui.theme import theme


def stage(*values_ms: float) -> StageLatency:
    histogram = LogHistogram()
    for value in values_ms:
        histogram.add(timedelta(milliseconds=value))
    told = histogram.summary(Stage.WIRE)
    assert told is not None
    return told


def test_the_bars_hold_every_order_once() -> None:
    one = stage(0.3, 1.0, 1.01, 1.02, 40, 900)
    bars = list(bars_of(one))
    assert sum(count for *_, count in bars) == one.count == 6
    assert all(before[1] == after[0] for before, after in pairwise(bars))
    assert list(bars_of(replace(one, buckets=()))) == []


def test_the_axis_is_whole_decades_and_holds_everything() -> None:
    assert span_of([]) == (0.1, 100.0)
    first, last = span_of([stage(0.02, 3), stage(2500)])
    assert (first, last) == pytest.approx((0.01, 10_000))
    assert list(decades((0.1, 100.0))) == pytest.approx([0.1, 1, 10, 100])
    assert [place_of(value, (0.1, 100.0)) for value in (0.001, 0.1, 100.0, 5000)] == [0.0, 0.0, 1.0, 1.0]
    assert place_of(1.0, (0.1, 10.0)) == pytest.approx(0.5)


def painted(histogram: LatencyHistogram) -> QImage:
    return histogram.grab().toImage()


def columns(image: QImage, colour: str) -> set[int]:
    wanted = QColor(colour).name()
    return {
        x for x in range(image.width()) if any(image.pixelColor(x, y).name() == wanted for y in range(image.height()))
    }


def test_the_median_and_the_ninety_nine_percent_point_are_marked(qtbot: QtBot) -> None:
    histogram = LatencyHistogram()
    qtbot.addWidget(histogram)
    histogram.resize(401, 60)
    one = stage(*[1.0] * 98, 50.0, 50.0)
    histogram.show_stage(one, (0.1, 1000.0))
    image = painted(histogram)
    near = {round(place_of(value, (0.1, 1000.0)) * 400) for value in (one.p50_ms,)}
    assert columns(image, theme().palette.text) == near
    assert columns(image, theme().palette.warning) == {round(place_of(one.p99_ms, (0.1, 1000.0)) * 400)}


def test_nothing_measured_paints_no_bar_and_the_axis_can_be_painted(qtbot: QtBot) -> None:
    histogram, axis = LatencyHistogram(), LatencyAxis()
    for widget in (histogram, axis):
        qtbot.addWidget(widget)
        widget.resize(300, 40)
    empty = painted(histogram)
    assert not columns(empty, theme().palette.text)
    histogram.show_stage(stage(3), (0.1, 100.0))
    assert painted(histogram) != empty
    before = axis.grab().toImage()
    axis.show_span((1.0, 10_000.0))
    assert axis.grab().toImage() != before
