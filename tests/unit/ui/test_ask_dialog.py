"""One question: nothing happens unless it is confirmed, and it speaks the language of the screen."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.ask_dialog import AskDialog, Question

QUESTION = Question("Title", "Really?", "Yes", ("one", "two"), "note")


def test_only_the_confirming_button_acts(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog, done = AskDialog("ask", parent), []
    dialog.ask(lambda: QUESTION, lambda: done.append(1))
    assert dialog.isVisible() and dialog.lines.text() == "one\ntwo"
    dialog.stay_button.click()
    assert not done and not dialog.isVisible()
    dialog.ask(lambda: QUESTION, lambda: done.append(1))
    dialog.confirm_button.click()
    assert done == [1] and not dialog.isVisible()


def test_what_a_question_has_not_is_not_shown(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = AskDialog("ask", parent)
    dialog.ask(lambda: Question("Title", "Really?", "Yes"), lambda: None)
    assert not dialog.lines.isVisible() and not dialog.note.isVisible()
