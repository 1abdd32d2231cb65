"""The one style sheet."""

from dataclasses import asdict

from app.ui.style_sheet import _SHEET, style_sheet
from app.ui.theme import DARK, LIGHT


def test_it_is_short_and_complete() -> None:
    for palette in (DARK, LIGHT):
        sheet = style_sheet(asdict(palette), 6)
        assert "$" not in sheet
        assert sheet.count("{") == sheet.count("}")
    assert len(_SHEET.template.splitlines()) <= 150
