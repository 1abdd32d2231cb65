"""One account of a profile as it lies on the disk: its folder, its journal, its venue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.adapters.files.stop_file import FILE_NAME as STOP_FILE
from app.adapters.files.stop_file import StopFile
from app.adapters.host.heartbeat import FILE_NAME as HEARTBEAT
from app.adapters.secrets.keyring_mark import KeyringMark
from app.adapters.storage import tables
from app.adapters.storage.database import FILE_NAME as JOURNAL
from app.adapters.storage.database import Database
from app.adapters.storage.ids import base36
from app.adapters.storage.projections import EPOCH_KEY, INSTALL_KEY
from app.adapters.storage.recovery import fold_journal
from app.adapters.storage.types import parse_utc
from app.domain.errors import StorageError
from app.domain.kill import KillMark
from app.domain.order import Order
from app.domain.position import Position
from app.domain.values import Market

#: What may be younger at the venue than the last record: an exit leaves even when the disk does not answer.
MARGIN = timedelta(minutes=5)
#: Records after which journal and venue agreed; a run that ended before it could compare is none.
AGREED = ("Reconciled", "EngineStopped")


@dataclass(frozen=True, slots=True)
class Books:
    """What the journal knows: positions that are not closed, every order, and since when the venue may know more."""

    install: str
    epoch: int
    positions: tuple[Position, ...]
    orders: dict[str, Order]
    since: datetime

    def owns(self, order_id: str | None) -> bool:
        """True for an order of this program, whichever run made it."""
        return order_id is not None and order_id.startswith(f"gw-{self.install}-")

    def order_id(self, market: Market, number: int) -> str:
        """Identifier of our ``number``-th sale in ``market``: the same in every run, so that none is made twice."""
        return f"gw-{self.install}-{base36(self.epoch)}-kill-{market.symbol.lower()}-{number}"


def account_folders(data: Path) -> list[Path]:
    """Every account the profile ever traded, or the one it will."""
    marks = (STOP_FILE, HEARTBEAT, JOURNAL)
    found = [folder for folder in sorted(data.iterdir()) if any((folder / name).exists() for name in marks)]
    first = data / "practice"
    if not found:
        first.mkdir(mode=0o700, exist_ok=True)
    return found or [first]


async def trip(
    folder: Path, reason: str, now: datetime, keyring: KeyringMark | None = None
) -> tuple[KillMark, list[str]]:
    """Trip stop file and keyring; returns the mark and what did not take it."""
    stop_file, keyring = StopFile(folder), keyring or KeyringMark(folder)
    known = [mark for mark in (await stop_file.read(), await keyring.read()) if isinstance(mark, KillMark)]
    newest = max(known, key=lambda mark: mark.epoch, default=KillMark(0, False, "", now, 0, keyring=False))
    mark = KillMark(newest.epoch + 1, True, reason, now, 0, newest.keyring, newest.password)
    trouble = []
    for store in (stop_file, keyring):
        try:
            await store.write(mark)
        except StorageError as error:
            trouble.append(f"{store.name}: {error}")
    return mark, trouble


async def read_books(url: str) -> Books:
    """The journal, read beside a terminal that may hang with it open. Raises StorageError."""
    database = Database(url)
    await database.open_to_read()
    try:
        folded = await fold_journal(database)
        async with database.reading() as connection:
            state = {row.key: row.value for row in await connection.execute(select(tables.state))}
            newest = select(tables.journal.c.happened_at).order_by(tables.journal.c.seq.desc()).limit(1)
            last = (await connection.execute(newest)).scalar_one_or_none()
            agreed = (await connection.execute(newest.where(tables.journal.c.kind.in_(AGREED)))).scalar_one_or_none()
    finally:
        await database.close()
    if last is None or INSTALL_KEY not in state:
        raise StorageError("the journal is empty")
    live = tuple(position for position in folded.positions.values() if position.is_live)
    at = last if agreed is None else agreed
    since = (at if isinstance(at, datetime) else parse_utc(str(at))) - MARGIN
    return Books(state[INSTALL_KEY], int(state.get(EPOCH_KEY, "0")), live, folded.orders, since)
