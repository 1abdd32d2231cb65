"""A bar per limit: amber from 80 % on, striped when it refuses entries."""

from decimal import Decimal

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.domain.limits import LimitName, LimitUse
from app.domain.messages import LimitUsage
from app.ui.flow.limit_bars import LimitBars
from app.ui.gauge import Gauge
from app.ui.theme import theme
from tests.ui.screen_story import NOW

DAY, VALUE, EXPOSURE = LimitName.DAILY_ENTRIES, LimitName.DAILY_VALUE, LimitName.EXPOSURE


def usage(*uses: tuple[LimitName, int, int | None]) -> LimitUsage:
    rows = (LimitUse(name, Decimal(used), None if most is None else Decimal(most)) for name, used, most in uses)
    return LimitUsage(tuple(rows), NOW)


@pytest.fixture
def bars(qtbot: QtBot) -> LimitBars:
    bars = LimitBars()
    qtbot.addWidget(bars)
    bars.resize(360, 200)
    bars.show()
    return bars


def colours(bar: Gauge) -> set[str]:
    image = bar.grab().toImage()
    return {QColor(image.pixel(x, image.height() - 3)).name().upper() for x in range(4, image.width())}


def test_used_and_allowed_are_what_the_engine_told(bars: LimitBars) -> None:
    bars.show_usage(usage((DAY, 161, 200), (VALUE, 12_345_678, 200_000_000), (EXPOSURE, 5, None)))
    assert [bar.words for bar in bars.bars.values()] == ["161 / 200 · 81%", "₩12,345,678 / ₩200,000,000 · 6%", "₩5 / –"]
    assert "Exits always pass" in bars.note.text()


def test_the_colour_changes_at_eighty_and_at_a_hundred(bars: LimitBars, qtbot: QtBot) -> None:
    palette = theme().palette
    for used, colour in ((79, palette.accent), (80, palette.warning), (99, palette.warning), (100, palette.danger)):
        bars.show_usage(usage((DAY, used, 100)))
        assert colour in colours(bars.bars[DAY]), used
    assert bars.bars[DAY].words == "100 / 100 · full: entries refused"
    assert not {palette.up, palette.down} & colours(bars.bars[DAY])
    assert palette.stripe_line in colours(bars.bars[DAY]), "danger is striped"


def test_a_limit_that_is_switched_off_goes(bars: LimitBars) -> None:
    bars.show_usage(usage((DAY, 1, 200), (VALUE, 2, 200)))
    kept = bars.bars[DAY]
    bars.show_usage(usage((DAY, 2, 200), (VALUE, 2, 200)))
    assert bars.bars[DAY] is kept, "the same bars show new figures"
    bars.show_usage(usage((VALUE, 2, 200)))
    assert list(bars.bars) == [VALUE]
