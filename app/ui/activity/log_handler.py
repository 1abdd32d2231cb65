"""Bridge from logging to the screen: any thread may log, the screen gets batches about five times a second."""

import logging
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

MAX_LINES = 5_000
BATCH_MS = 200


@dataclass(frozen=True, slots=True)
class LogLine:
    """One record as it is shown; ``level`` is that of the logging module."""

    at: datetime
    level: int
    source: str
    text: str


class LogRelay(QObject):
    """Lives in the thread of the screen. ``lines`` carries batches of LogLine, oldest first."""

    lines = Signal(list)
    woken = Signal()

    def __init__(self, pending: deque[LogLine]) -> None:
        super().__init__()
        self._pending = pending
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(BATCH_MS)
        self._timer.timeout.connect(self.flush)
        self.woken.connect(self._arm, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def flush(self) -> None:
        """Hand over what has gathered."""
        batch: list[LogLine] = []
        while self._pending:
            batch.append(self._pending.popleft())
        if batch:
            self.lines.emit(batch)

    @Slot()
    def _arm(self) -> None:
        if not self._timer.isActive():
            self._timer.start()


class UiLogHandler(logging.Handler):
    """Keeps at most 5,000 lines that the screen has not fetched yet; the oldest ones fall out.

    The text is that of the handler's formatter, so that redaction stays where it belongs. Close it before Qt ends.
    """

    def __init__(self, level: int = logging.INFO) -> None:
        super().__init__(level)
        self.setFormatter(logging.Formatter("%(message)s"))
        self._pending: deque[LogLine] = deque(maxlen=MAX_LINES)
        self._relay: LogRelay | None = LogRelay(self._pending)

    @property
    def relay(self) -> LogRelay:
        """Where the batches come out.

        Raises:
            RuntimeError: the handler is closed.
        """
        if self._relay is None:
            raise RuntimeError("the log handler of the screen is closed")
        return self._relay

    def emit(self, record: logging.LogRecord) -> None:
        """Take one record; never blocks and never raises into the caller."""
        try:
            text = self.format(record)
        except (TypeError, ValueError, KeyError, AttributeError):
            self.handleError(record)
            return
        at = datetime.fromtimestamp(record.created, UTC)
        self._pending.append(LogLine(at, record.levelno, record.name, text))
        # Asked after the append: a flush in between then either took this line or left it as the only one.
        if len(self._pending) == 1 and self._relay is not None:
            self._relay.woken.emit()

    def close(self) -> None:
        """Stop waking the screen."""
        self._relay = None
        super().close()
