"""Colours, fonts and the style sheet of the whole screen. One store; ``changed`` tells when to paint again."""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.style_sheet import style_sheet

FONT_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "fonts"
BUNDLED_FAMILY = "Pretendard"
_SYSTEM_FAMILIES = (
    "Apple SD Gothic Neo",
    "Malgun Gothic",
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "NanumGothic",
    "Segoe UI",
    "DejaVu Sans",
)
GRID = 4
RADIUS = 6


@dataclass(frozen=True, slots=True)
class Palette:
    """Colour tokens as hex strings. ``stripe`` is the second colour of the hazard stripe; ``paper`` and ``rehearsal``
    (dry run) are the colours of those modes."""

    background: str
    panel: str
    raised: str
    line: str
    text: str
    dim: str
    faint: str
    up: str
    down: str
    accent: str
    on_accent: str
    good: str
    warning: str
    danger: str
    on_danger: str
    stripe: str
    stripe_line: str
    selection: str
    hover: str
    paper: str
    rehearsal: str
    is_dark: bool


DARK = Palette(
    background="#0E1116",
    panel="#151A21",
    raised="#1C232D",
    line="#2A3340",
    text="#E6EAF0",
    dim="#8B96A5",
    faint="#5C6675",
    up="#F0616D",
    down="#4F8DF7",
    accent="#3CC8B4",
    on_accent="#06201C",
    good="#3DB37A",
    warning="#F5B23C",
    danger="#E5484D",
    on_danger="#FFFFFF",
    stripe="#2A1416",
    stripe_line="#4A1C20",
    selection="#1B2C33",
    hover="#222B37",
    paper="#B79CFB",
    rehearsal="#B8C2CF",
    is_dark=True,
)
LIGHT = Palette(
    background="#EDF0F4",
    panel="#FFFFFF",
    raised="#F3F5F8",
    line="#D2D9E2",
    text="#161C24",
    dim="#566273",
    faint="#8A95A5",
    up="#C92A2A",
    down="#1C5FD1",
    accent="#0B7C6E",
    on_accent="#FFFFFF",
    good="#1B7F4D",
    warning="#8A5800",
    danger="#C42B30",
    on_danger="#FFFFFF",
    stripe="#FFF3F3",
    stripe_line="#FBD9DA",
    selection="#DDF1EE",
    hover="#E6EAF0",
    paper="#6B3FC9",
    rehearsal="#4A5665",
    is_dark=False,
)
_NAMED = {"dark": DARK, "light": LIGHT}
_WESTERN = {"dark": ("#2EBD85", "#F6465D"), "light": ("#0B8457", "#D92D20")}


class ThemeStore(QObject):
    """The look in use. ``korean_colours``: red is up and blue is down; otherwise green and red."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._name = "dark"
        self._korean_colours = True
        self._palette = DARK
        self.families: list[str] = []

    @property
    def palette(self) -> Palette:
        """Colour tokens in use."""
        return self._palette

    @property
    def name(self) -> str:
        """``dark`` or ``light``."""
        return self._name

    @property
    def korean_colours(self) -> bool:
        """True while red means up."""
        return self._korean_colours

    @korean_colours.setter
    def korean_colours(self, wanted: bool) -> None:
        self._use(self._name, wanted)

    def set(self, name: str) -> None:
        """Use ``dark`` or ``light``; an unknown name is dark."""
        self._use(name if name in _NAMED else "dark", self._korean_colours)

    def toggle(self) -> None:
        """The other one of dark and light."""
        self.set("light" if self._name == "dark" else "dark")

    def _use(self, name: str, korean: bool) -> None:
        if (name, korean) == (self._name, self._korean_colours):
            return
        self._name, self._korean_colours = name, korean
        base = _NAMED[name]
        up, down = (base.up, base.down) if korean else _WESTERN[name]
        self._palette = replace(base, up=up, down=down)
        self.changed.emit()


@cache
def theme() -> ThemeStore:
    """The one store."""
    return ThemeStore()


def load_fonts(folder: Path = FONT_FOLDER) -> list[str]:
    """Make the bundled font known to Qt (a QApplication must exist); returns the families in use, best first."""
    for file in sorted([*folder.glob("*.otf"), *folder.glob("*.ttf")]):
        QFontDatabase.addApplicationFont(str(file))
    theme().families = [name for name in (BUNDLED_FAMILY, *_SYSTEM_FAMILIES) if QFontDatabase.hasFamily(name)]
    return theme().families


def ui_font(size: int = 13, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Font for words; ``size`` in pixels at 96 dpi."""
    font = QFont()
    if theme().families:
        font.setFamilies(theme().families)
    font.setPointSizeF(points(size))
    font.setWeight(weight)
    return font


def number_font(size: int = 13, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Font for figures: all digits are equally wide, so that changing numbers do not move."""
    font = ui_font(size, weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def points(size: float) -> float:
    """Points of a size in pixels at 96 dpi; macOS counts 72 dots per inch."""
    return size if sys.platform == "darwin" else size * 0.75


def qt_palette(tokens: Palette) -> QPalette:
    """The tokens in the roles Fusion paints with."""
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.background,
        role.Base: tokens.panel,
        role.AlternateBase: tokens.raised,
        role.Button: tokens.raised,
        role.ToolTipBase: tokens.raised,
        role.WindowText: tokens.text,
        role.Text: tokens.text,
        role.ButtonText: tokens.text,
        role.ToolTipText: tokens.text,
        role.BrightText: tokens.on_danger,
        role.PlaceholderText: tokens.faint,
        role.Highlight: tokens.selection,
        role.HighlightedText: tokens.text,
        role.Link: tokens.accent,
        role.Accent: tokens.accent,
        role.Mid: tokens.line,
        role.Midlight: tokens.hover,
        role.Dark: tokens.line,
        role.Light: tokens.raised,
        role.Shadow: tokens.background,
    }
    palette = QPalette()
    for key, colour in colours.items():
        palette.setColor(key, QColor(colour))
    disabled: Sequence[QPalette.ColorRole] = (role.WindowText, role.Text, role.ButtonText)
    for key in disabled:
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(tokens.faint))
    return palette


def apply_theme(app: QApplication) -> None:
    """Put style, colours, font and style sheet in use; call again when ``changed`` was emitted."""
    tokens = theme().palette
    app.setStyle("Fusion")
    app.setPalette(qt_palette(tokens))
    app.setFont(ui_font())
    app.setStyleSheet(style_sheet(asdict(tokens), RADIUS))
