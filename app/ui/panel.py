"""The framed box every part of the dashboard stands in, and the small labels used everywhere."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import number_font, ui_font

HEADER_HEIGHT = 34


class Panel(QFrame):
    """Title row, a line, and a body. ``header_row`` takes further widgets at its right end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.title = label(size=13, bold=True)
        self.note = label("dim", size=12)
        self.header = QWidget(self)
        self.header.setFixedHeight(HEADER_HEIGHT)
        self.header_row = QHBoxLayout(self.header)
        self.header_row.setContentsMargins(12, 0, 12, 0)
        self.header_row.setSpacing(8)
        self.header_row.addWidget(self.title)
        self.header_row.addWidget(self.note)
        self.header_row.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.header_rule = rule(self)
        column.addWidget(self.header)
        column.addWidget(self.header_rule)
        column.addLayout(self.body, 1)

    def hide_header(self) -> None:
        """For a widget inside that brings its own title row."""
        self.header.hide()
        self.header_rule.hide()

    def set_title(self, title: str, note: str = "") -> None:
        """Words of the title row."""
        self.title.setText(title)
        self.note.setText(note)


def label(role: str = "", *, size: int = 13, bold: bool = False, figures: bool = False) -> QLabel:
    """A label in a colour ``role`` of the style sheet; ``figures`` gives digits of equal width."""
    result = QLabel()
    weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
    result.setFont(number_font(size, weight) if figures else ui_font(size, weight))
    result.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        result.setProperty("role", role)
    return result


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another colour role; nothing is polished again when it has it already."""
    set_look(widget, "role", role)


def set_look(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property the style sheet asks for."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def set_words(target: QLabel, words: str) -> None:
    """Set a text only when it is another one: an unchanged label is not laid out again."""
    if target.text() != words:
        target.setText(words)


def set_tip(target: QWidget, words: str) -> None:
    """Set a tool tip only when it is another one."""
    if target.toolTip() != words:
        target.setToolTip(words)


def set_description(target: QWidget, words: str) -> None:
    """Tell screen readers only what is new."""
    if target.accessibleDescription() != words:
        target.setAccessibleDescription(words)


def rule(parent: QWidget | None = None) -> QFrame:
    """A horizontal line."""
    line = QFrame(parent)
    line.setProperty("kind", "rule")
    line.setFixedHeight(1)
    return line


class ElidedLabel(QLabel):
    """One line that shortens itself; the whole text is in the tool tip."""

    def __init__(self, role: str = "", size: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setFont(ui_font(size))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)

    @property
    def words(self) -> str:
        """The whole text."""
        return self._words

    def show_words(self, words: str) -> None:
        """Replace the text."""
        if words != self._words:
            self._words = words
            self.setToolTip(words)
            self.setAccessibleName(words)
            self._shorten()

    def resizeEvent(self, event: object) -> None:
        self._shorten()

    def _shorten(self) -> None:
        text = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, self.width())
        if text != self.text():
            self.setText(text)
