import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.adapters.host import log_files
from app.adapters.host.log_files import BLOT, KEPT_FILES, SecretFilter, start_logging

SECRET = "s3cr3t-0123456789"
log = logging.getLogger("app.sample")


class Seen(logging.Handler):
    """What a further handler, for example the screen's, gets to see."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))


class Writer:
    """Logging into a folder, and what came out of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.secrets, self.seen = folder, [SECRET], Seen()
        self.stop: Callable[[], None] = start_logging(folder, self.secrets, [self.seen])

    def lines(self) -> list[dict[str, Any]]:
        """Stop, so that all is written, and read the file."""
        self.stop()
        text = (self.folder / "gwanje.log").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    made = Writer(tmp_path)
    yield made
    if made.seen in root.handlers:
        made.stop()
    assert (root.handlers, root.level) == (handlers, level), "nothing of ours stays on the root logger"


def fail_with(secret: str) -> None:
    raise ValueError(f"401 for Bearer {secret}")


def test_a_record_becomes_one_json_line_with_time_level_and_source(writer: Writer) -> None:
    log.info("체결 %s at %d", "KRW-BTC", 89_886_000)
    (line,) = writer.lines()
    assert line["event"] == "체결 KRW-BTC at 89886000"
    assert (line["level"], line["logger"]) == ("info", "app.sample")
    assert line["timestamp"].endswith("Z")


def test_the_file_is_readable_korean_not_escapes(writer: Writer) -> None:
    log.info("관제")
    writer.stop()
    assert "관제" in (writer.folder / "gwanje.log").read_text(encoding="utf-8")


def test_debug_records_are_not_kept(writer: Writer) -> None:
    log.debug("chatter")
    assert writer.lines() == []


@pytest.mark.parametrize(
    "leak",
    [
        lambda: log.info(f"key {SECRET}"),
        lambda: log.info("key %s", SECRET),
        lambda: log.info("keys %(a)s", {"a": SECRET}),
        lambda: log.info("nested %r", {"header": ["Bearer " + SECRET]}),
        lambda: log.info(ValueError(SECRET)),
        lambda: log.info("twice %s", SECRET * 2),
        lambda: log.info("wrong format %d", SECRET),
        lambda: log.info("too few", SECRET),
    ],
    ids=["text", "argument", "named argument", "inside a value", "object", "twice", "bad format", "too many arguments"],
)
def test_a_secret_is_blotted_out_wherever_it_hides_in_a_message(writer: Writer, leak: Callable[[], None]) -> None:
    leak()
    (line,) = writer.lines()
    assert SECRET not in json.dumps(line)
    assert BLOT in line["event"]
    assert SECRET not in writer.seen.texts[0]
    assert BLOT in writer.seen.texts[0]


def test_a_secret_in_a_traceback_is_blotted_out_too(writer: Writer) -> None:
    try:
        fail_with(SECRET)
    except ValueError:
        log.exception("call failed")
    (line,) = writer.lines()
    assert "ValueError: 401 for Bearer " + BLOT in line["event"]
    assert SECRET not in json.dumps(line)
    assert "fail_with" in writer.seen.texts[0], "the traceback itself is kept"
    assert SECRET not in writer.seen.texts[0]


def test_no_handler_can_format_the_traceback_anew() -> None:
    try:
        fail_with(SECRET)
    except ValueError:
        record = logging.LogRecord("n", logging.ERROR, "f", 1, "failed", None, sys.exc_info())
    SecretFilter([SECRET]).filter(record)
    assert record.exc_info is None
    assert record.exc_text is not None
    assert SECRET not in record.exc_text


def test_a_secret_in_a_stack_is_blotted_out_too(writer: Writer) -> None:
    writer.secrets.append("test_a_secret_in_a_stack_is_blotted_out_too")
    log.warning("where am I", stack_info=True)
    (line,) = writer.lines()
    assert BLOT in json.dumps(line, ensure_ascii=False)
    assert "test_a_secret_in_a_stack" not in json.dumps(line)


def test_a_secret_that_is_loaded_later_is_known_at_once(writer: Writer) -> None:
    writer.secrets.append("another-secret-value")
    log.info("now %s", "another-secret-value")
    assert writer.lines()[0]["event"] == f"now {BLOT}"


def test_a_format_that_does_not_fit_never_reaches_the_caller(writer: Writer) -> None:
    log.info("%d coins", "many")
    log.info("%(missing)s", {"a": 1})
    first, second = writer.lines()
    assert first["event"] == "%d coins ('many',)"
    assert second["event"] == "%(missing)s {'a': 1}"


def test_what_is_too_short_to_be_a_secret_does_not_blot_out_every_word() -> None:
    record = logging.LogRecord("n", logging.INFO, "f", 1, "an order of 1", None, None)
    assert SecretFilter(["", "1", "order"]).filter(record)
    assert record.getMessage() == "an order of 1"


def test_records_of_other_threads_arrive_too(writer: Writer) -> None:
    threads = [threading.Thread(target=log.info, args=("from thread %d", number)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(line["event"] for line in writer.lines()) == [f"from thread {number}" for number in range(5)]


def test_everything_before_the_stop_is_written_and_nothing_after(writer: Writer) -> None:
    for number in range(500):
        log.info("line %d", number)
    writer.stop()
    log.info("too late")
    events = [json.loads(line)["event"] for line in (writer.folder / "gwanje.log").read_text().splitlines()]
    assert events == [f"line {number}" for number in range(500)]


def test_the_writing_thread_ends_with_the_stop(tmp_path: Path) -> None:
    before = threading.active_count()
    stop = start_logging(tmp_path, [])
    assert threading.active_count() == before + 1
    stop()
    assert threading.active_count() == before


def test_full_files_are_rotated_and_only_so_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_files, "MAX_BYTES", 2_000)
    stop = start_logging(tmp_path, [])
    for number in range(400):
        log.info("line %d", number)
    stop()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["gwanje.log", *(f"gwanje.log.{number}" for number in range(1, KEPT_FILES + 1))]
    assert all(path.stat().st_size <= 2_000 for path in tmp_path.iterdir())
    newest = (tmp_path / "gwanje.log").read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(newest)["event"] == "line 399"


def test_a_folder_that_is_not_there_is_an_error_and_leaves_logging_as_it_was(tmp_path: Path) -> None:
    handlers = list(logging.getLogger().handlers)
    with pytest.raises(OSError, match=r"gwanje\.log"):
        start_logging(tmp_path / "gone", [])
    assert logging.getLogger().handlers == handlers
