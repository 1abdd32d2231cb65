"""How much of a limit is used."""

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.ui.gauge import Gauge
from app.ui.theme import DARK


def colours(gauge: Gauge) -> set[str]:
    image = gauge.grab().toImage()
    return {QColor(image.pixel(x, image.height() - 4)).name().upper() for x in range(4, image.width() - 4)}


def test_the_bar_warns_before_the_limit(qtbot: QtBot) -> None:
    gauge = Gauge()
    qtbot.addWidget(gauge)
    gauge.resize(200, 30)
    for share, colour in ((0.3, DARK.accent), (0.8, DARK.warning), (0.95, DARK.danger), (7.0, DARK.danger)):
        gauge.show_share(share, f"{share:.0%}")
        assert colour in colours(gauge)
    gauge.show_share(0.0, "0%")
    assert DARK.accent not in colours(gauge)
    assert gauge.accessibleDescription() == "0%"


def test_a_change_nobody_can_see_repaints_nothing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    gauge = Gauge()
    qtbot.addWidget(gauge)
    gauge.resize(200, 30)
    gauge.show_share(0.5, "50%")
    done: list[str] = []
    monkeypatch.setattr(gauge, "update", lambda: done.append("update"))
    gauge.show_share(0.5001, "50%")
    assert done == []
    for share, words in ((0.52, "50%"), (0.52, "52%"), (0.6999, "52%"), (0.7001, "52%")):
        gauge.show_share(share, words)
    assert len(done) == 4, "width, words and colour are seen"
