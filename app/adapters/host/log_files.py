"""Log records to rotating JSON files, written by another thread; every known secret is blotted out by value."""

import logging
import logging.handlers
import queue
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import structlog

MAX_BYTES = 5_000_000
KEPT_FILES = 5
BLOT = "•••"
SHORTEST_SECRET = 8


class SecretFilter(logging.Filter):
    """Replaces every known secret in a record's text; knows them by value, so no field name can leak one.

    The text is message, traceback and stack. ``secrets`` is read anew for every record: a list may grow meanwhile.
    """

    def __init__(self, secrets: Collection[str]) -> None:
        super().__init__()
        self._secrets = secrets
        self._formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; it is never dropped."""
        record.msg, record.args = self._blotted(_words(record)), None
        if record.exc_info:
            record.exc_text = record.exc_text or self._formatter.formatException(record.exc_info)
            record.exc_info = None
        if record.exc_text:
            record.exc_text = self._blotted(record.exc_text)
        if record.stack_info:
            record.stack_info = self._blotted(record.stack_info)
        return True

    def _blotted(self, text: str) -> str:
        for secret in tuple(self._secrets):
            if len(secret) >= SHORTEST_SECRET and secret in text:
                text = text.replace(secret, BLOT)
        return text


def _words(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # A format that does not fit its arguments must not stop the code that logs.
        return f"{record.msg} {record.args!r}"


def start_logging(folder: Path, secrets: Collection[str], extra: Iterable[logging.Handler] = ()) -> Callable[[], None]:
    """Send the root logger to ``folder``/gwanje.log and to ``extra`` handlers; the returned call stops and flushes.

    ``secrets`` may be a list that grows when further keys are loaded.

    Raises:
        OSError: the file cannot be opened.
    """
    file = logging.handlers.RotatingFileHandler(
        folder / "gwanje.log", maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
    )
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    file.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    sender = logging.handlers.QueueHandler(records)
    handlers = [sender, *extra]
    blot = SecretFilter(secrets)
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # its INFO lines tell a user nothing
    for handler in handlers:
        handler.addFilter(blot)
        root.addHandler(handler)
    listener = logging.handlers.QueueListener(records, file)
    listener.start()

    def stop() -> None:
        for handler in handlers:
            root.removeHandler(handler)
            handler.removeFilter(blot)
        root.setLevel(level)
        listener.stop()
        file.close()

    return stop
