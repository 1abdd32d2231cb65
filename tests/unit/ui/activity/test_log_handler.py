"""Records of any thread reach the screen as batches, oldest first, bounded, formatted by the formatter."""

import logging
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.ui.activity.log_handler import MAX_LINES, LogLine, UiLogHandler


@pytest.fixture
def handler(qtbot: QtBot) -> Iterator[UiLogHandler]:
    made = UiLogHandler()
    yield made
    made.close()


def record(text: str, level: int = logging.INFO) -> logging.LogRecord:
    return logging.LogRecord("app.test", level, __file__, 1, text, None, None)


def collected(handler: UiLogHandler) -> list[LogLine]:
    lines: list[LogLine] = []
    handler.relay.lines.connect(lines.extend)
    handler.relay.flush()
    return lines


def test_records_come_out_in_order(handler: UiLogHandler) -> None:
    handler.handle(record("one"))
    handler.handle(record("two", logging.ERROR))
    assert [(line.text, line.level) for line in collected(handler)] == [("one", 20), ("two", 40)]


def test_a_batch_arrives_by_itself_from_another_thread(qtbot: QtBot, handler: UiLogHandler) -> None:
    with qtbot.waitSignal(handler.relay.lines, timeout=20_000) as told:
        thread = threading.Thread(target=lambda: [handler.handle(record(str(number))) for number in range(50)])
        thread.start()
        thread.join()
    assert [line.text for line in told.args[0]] == [str(number) for number in range(50)]


def test_the_oldest_lines_fall_out(handler: UiLogHandler) -> None:
    for number in range(MAX_LINES + 10):
        handler.handle(record(str(number)))
    lines = collected(handler)
    assert len(lines) == MAX_LINES and lines[0].text == "10"


def test_the_formatter_has_the_last_word(handler: UiLogHandler) -> None:
    handler.setFormatter(logging.Formatter("%(levelname)s ***"))
    handler.handle(record("secret"))
    assert collected(handler)[0].text == "INFO ***"


def test_below_the_level_and_after_close_nothing_comes(handler: UiLogHandler) -> None:
    handler.setLevel(logging.WARNING)
    logger = logging.Logger("apart")
    logger.addHandler(handler)
    logger.info("quiet")
    assert collected(handler) == []
    handler.close()
    logger.warning("late")
    with pytest.raises(RuntimeError):
        assert handler.relay


def test_a_record_that_cannot_be_formatted_does_not_raise(
    handler: UiLogHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    handler.handle(logging.LogRecord("a", 20, __file__, 1, "%d", ("x",), None))
    assert collected(handler) == []
