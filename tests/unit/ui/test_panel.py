"""Frames and labels."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.ui.panel import ElidedLabel, Panel, label, set_role, set_words


def test_a_panel_has_a_title_row(qtbot: QtBot) -> None:
    panel = Panel()
    qtbot.addWidget(panel)
    panel.set_title("Account", "all")
    panel.show()
    assert (panel.title.text(), panel.note.text()) == ("Account", "all")
    panel.hide_header()
    assert not panel.header.isVisible()


def test_labels_carry_roles(qtbot: QtBot) -> None:
    text = label("dim", figures=True)
    qtbot.addWidget(text)
    set_words(text, "1")
    set_role(text, "up")
    assert (text.text(), text.property("role")) == ("1", "up")
    assert isinstance(text, QLabel)


def test_a_long_line_shortens_itself_and_says_all_in_the_tip(qtbot: QtBot) -> None:
    text = ElidedLabel()
    qtbot.addWidget(text)
    text.resize(60, 20)
    text.show()
    text.show_words("a very long sentence that does not fit")
    assert text.text().endswith("…")
    assert text.toolTip() == text.words == text.accessibleName()
    text.resize(600, 20)
    assert text.text() == text.words
