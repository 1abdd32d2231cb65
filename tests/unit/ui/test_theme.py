"""Colours, fonts and the store."""

from dataclasses import asdict

import pytest
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.theme import DARK, LIGHT, Palette, apply_theme, load_fonts, number_font, qt_palette, theme, ui_font


def contrast(one: str, other: str) -> float:
    def luminance(name: str) -> float:
        parts = (QColor(name).redF(), QColor(name).greenF(), QColor(name).blueF())
        red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_every_token_is_a_colour_and_text_is_readable(palette: Palette) -> None:
    assert all(QColor(value).isValid() for name, value in asdict(palette).items() if name != "is_dark")
    for ground in (palette.background, palette.panel, palette.raised):
        assert contrast(palette.text, ground) > 7
        for role in ("dim", "up", "down", "warning", "accent"):
            assert contrast(getattr(palette, role), ground) > 4.3, role
        assert contrast(palette.danger, ground) > 3.9
    assert contrast(palette.on_accent, palette.accent) > 4.5


def test_the_store_tells_of_changes_once(qtbot: QtBot) -> None:
    seen: list[str] = []
    theme().changed.connect(lambda: seen.append(theme().name))
    theme().set("light")
    theme().set("light")
    theme().toggle()
    theme().set("no such theme")
    assert seen == ["light", "dark"]


def test_western_colours_are_a_switch() -> None:
    before = theme().palette
    theme().korean_colours = False
    assert theme().palette.up == before.up.replace(before.up, "#2EBD85")
    assert theme().palette.text == before.text
    theme().korean_colours = True
    assert theme().palette == before


def test_the_bundled_font_has_korean_and_figures_of_equal_width(qapp: QApplication) -> None:
    assert load_fonts()[0] == "Pretendard"
    metrics = QFontMetrics(number_font(13))
    assert len({metrics.horizontalAdvance(digit * 8) for digit in "0123456789"}) == 1
    assert all(QFontMetrics(ui_font(13)).inFontUcs4(ord(letter)) for letter in "관제가힣₩▲−–≈")
    assert ui_font(13, QFont.Weight.DemiBold).weight() == QFont.Weight.DemiBold


def test_applying_sets_palette_and_sheet(qapp: QApplication) -> None:
    theme().set("light")
    apply_theme(qapp)
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == LIGHT.background
    assert LIGHT.accent in qapp.styleSheet()
    theme().set("dark")
    apply_theme(qapp)
    assert qt_palette(DARK).color(QPalette.ColorRole.Base).name().upper() == DARK.panel
