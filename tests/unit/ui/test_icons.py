"""The bundled icons."""

from pytestqt.qtbot import QtBot

from app.ui.icons import icon, svg_image


def test_an_icon_has_the_colour_of_the_theme(qtbot: QtBot) -> None:
    image = svg_image("sun", "#ff0000", 32)
    pixels = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
    drawn = [pixel for pixel in pixels if pixel.alpha() > 250]
    assert drawn
    assert all(pixel.red() > 250 and pixel.green() < 5 for pixel in drawn)
    assert not icon("sun", "#ff0000").isNull()


def test_a_missing_icon_is_empty(qtbot: QtBot) -> None:
    assert icon("no-such-icon", "#ffffff").isNull()
