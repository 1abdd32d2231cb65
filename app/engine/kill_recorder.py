"""Journal first, then the stop file, then the keyring: what trips or releases the switch is kept in three places.

Nothing that was decided with or after such a mark leaves before the three are written: ``durable`` waits for them. The
executor's own patience bounds that for what reduces risk; an entry does not leave without.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime

from app.domain.errors import StorageError
from app.domain.kill import KillMark, KillMarked
from app.domain.messages import StateEvent
from app.domain.ports import Journal, KillStore

_log = logging.getLogger(__name__)

#: A journal that hangs must not keep the stop out of the other two places.
JOURNAL_PATIENCE_S = 1.0


class KillRecorder:
    """Journal port around the journal. ``failed`` is called with a mark that could not be kept everywhere, and why."""

    def __init__(
        self,
        journal: Journal,
        stores: Sequence[KillStore],
        spawn: Callable[[Coroutine[object, object, None], str], object],
        failed: Callable[[KillMark, str], None],
    ) -> None:
        self._journal = journal
        self._stores = tuple(stores)
        self._spawn = spawn
        self._failed = failed
        self._marks: deque[KillMark] = deque()
        self._idle = asyncio.Event()
        self._idle.set()

    def append(self, event: StateEvent, happened_at: datetime) -> None:
        """See Journal. A mark goes to the other places also when the journal has failed."""
        if isinstance(event, KillMarked):
            self._marks.append(event.mark)
            if self._idle.is_set():
                self._idle.clear()
                self._spawn(self._keep_all(), "kill-records")
        self._journal.append(event, happened_at)

    def durable(self) -> Awaitable[None]:
        """See Journal; the marks appended so far are kept in all places as well."""
        return self._durable(self._journal.durable())

    async def drained(self) -> None:
        """Wait until every mark is kept, or is known not to be."""
        await self._idle.wait()

    async def _durable(self, written: Awaitable[None]) -> None:
        await written
        await self._idle.wait()

    async def _keep_all(self) -> None:
        try:
            while self._marks:
                await self._keep(self._marks.popleft())
        finally:
            self._idle.set()

    async def _keep(self, mark: KillMark) -> None:
        trouble = []
        try:
            async with asyncio.timeout(JOURNAL_PATIENCE_S):
                await self._journal.durable()
        except (StorageError, TimeoutError) as error:
            trouble.append(f"journal: {str(error) or 'no answer'}")
        for store in self._stores:
            try:
                await store.write(mark)
            except StorageError as error:
                trouble.append(f"{store.name}: {error}")
        if trouble:
            words = "; ".join(trouble)
            _log.critical("mark %s of the kill switch is not kept everywhere: %s", mark.epoch, words)
            self._failed(mark, words)
