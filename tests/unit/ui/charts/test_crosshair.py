"""The crosshair is hidden until it has a place."""

from pytestqt.qtbot import QtBot

from app.ui.charts.crosshair import CrosshairItem


def test_place_is_kept_and_taken_away(qtbot: QtBot) -> None:
    item = CrosshairItem()
    assert item.place is None
    item.set_place((3, 100.0))
    assert item.place == (3, 100.0)
    item.set_place(None)
    assert item.place is None
