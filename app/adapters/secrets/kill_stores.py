"""The places outside of the journal that keep the kill switch's mark, and what a start makes of all three."""

import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app.adapters.files.stop_file import StopFile
from app.adapters.secrets.keyring_mark import KeyringMark
from app.domain.errors import StorageError
from app.domain.kill import KillMark, KillRecord, NoMark, judge
from app.domain.ports import KillStore

_log = logging.getLogger(__name__)


class KillStores:
    """Stop file and keyring of one data folder. A recording is played once: it has no keyring entry."""

    def __init__(self, folder: Path, keyring: KeyringMark | None = None, *, once: bool = False) -> None:
        self.stop_file = StopFile(folder)
        self._keyring = None if once else keyring or KeyringMark(folder)

    @property
    def stores(self) -> tuple[KillStore, ...]:
        """In the order in which a mark is written."""
        return (self.stop_file,) if self._keyring is None else (self.stop_file, self._keyring)

    async def judge(self, journal: KillRecord, run: int, now: datetime) -> KillRecord:
        """The worst of the three; on the first start of all the first mark is written beside the journal."""
        found = await self.stop_file.read()
        record = judge(journal, found, NoMark.ABSENT if self._keyring is None else await self._keyring.read())
        if record.mark is not None or record.stopped:
            if record.stopped:
                _log.critical("the program starts halted: %s", record.stopped)
            return record
        birth = KillMark(0, False, "first start", now, run, record.keyring)
        if not birth.keyring:
            _log.warning("this computer offers no keyring: the kill switch is kept in journal and stop file alone")
        try:
            for store in self.stores:
                await store.write(birth)
        except StorageError as error:
            _log.critical("the kill switch cannot be kept: %s", error)
            return replace(record, stopped=f"the switch cannot be kept: {error}", rewrite=True)
        return replace(record, mark=birth)
