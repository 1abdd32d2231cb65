"""Filters, search, colours and following of the log."""

import logging
from datetime import UTC, datetime

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.ui.activity.log_handler import MAX_LINES, LogLine, UiLogHandler
from app.ui.activity.log_view import LogView
from app.ui.theme import theme

AT = datetime(2026, 11, 20, 2, 42, 5, 113_000, tzinfo=UTC)


def line(text: str, level: int = logging.INFO) -> LogLine:
    return LogLine(AT, level, "app.engine", text)


def view_on(qtbot: QtBot) -> LogView:
    view = LogView()
    qtbot.addWidget(view)
    view.resize(400, 200)
    return view


def test_lines_carry_korean_time_and_debug_is_hidden_at_first(qtbot: QtBot) -> None:
    view = view_on(qtbot)
    view.append([line("ping", logging.DEBUG), line("order accepted")])
    assert view.shown_text() == "11:42:05.113 order accepted"


def test_level_and_search_apply_to_old_and_new_lines(qtbot: QtBot) -> None:
    view = view_on(qtbot)
    view.append([line("a"), line("Bitcoin", logging.WARNING), line("c", logging.ERROR)])
    level, search = view.findChild(QComboBox), view.findChild(QLineEdit)
    assert level is not None and search is not None
    level.setCurrentIndex(2)
    assert [text.split()[1] for text in view.shown_text().splitlines()] == ["Bitcoin", "c"]
    search.setText("bit")
    view.append([line("bits", logging.WARNING), line("other", logging.ERROR)])
    assert [text.split()[1] for text in view.shown_text().splitlines()] == ["Bitcoin", "bits"]
    search.setText("APP.ENGINE")
    assert len(view.shown_text().splitlines()) == 4


def test_levels_have_their_colours(qtbot: QtBot) -> None:
    view = view_on(qtbot)
    view.append([line("warn", logging.WARNING), line("bad", logging.ERROR)])
    document = view.text.document()
    found = []
    for number in range(2):
        block = document.findBlockByNumber(number)
        formats = block.textFormats()
        found.append(formats[-1].format.foreground().color().name().upper())
    assert found == [theme().palette.warning.upper(), theme().palette.danger.upper()]


def test_scrolling_up_pauses_following(qtbot: QtBot) -> None:
    view = view_on(qtbot)
    view.append([line(f"line {number}") for number in range(200)])
    assert view.follows
    bar = view.text.verticalScrollBar()
    bar.setValue(10)
    view.append([line("newest")])
    assert bar.value() == 10 and not view.follows
    view.to_newest()
    assert view.follows


def test_the_view_is_bounded_and_a_record_of_many_lines_is_one(qtbot: QtBot) -> None:
    view = view_on(qtbot)
    view.append([line(str(number)) for number in range(MAX_LINES + 5)])
    assert view.text.blockCount() == MAX_LINES
    view.append([line("first\nsecond")])
    assert view.text.blockCount() == MAX_LINES


def test_a_handler_feeds_the_view(qtbot: QtBot) -> None:
    view, handler = view_on(qtbot), UiLogHandler()
    view.bind(handler)
    handler.handle(logging.LogRecord("a", logging.INFO, __file__, 1, "hello", None, None))
    handler.relay.flush()
    assert view.shown_text().endswith("hello")
    handler.close()


def test_names_and_theme(qtbot: QtBot) -> None:
    view = view_on(qtbot)
    QApplication.sendEvent(view, QEvent(QEvent.Type.LanguageChange))
    parts = [*view.findChildren(QComboBox), *view.findChildren(QLineEdit), *view.findChildren(QPlainTextEdit)]
    assert all(part.accessibleName() for part in parts)
    view.append([line("kept")])
    theme().set("light")
    try:
        assert view.shown_text().endswith("kept")
    finally:
        theme().set("dark")
