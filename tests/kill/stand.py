"""One account on a real disk with a keyring in a file: started, tripped, released, killed and tampered with."""

import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked

from app.adapters.files.stop_file import FILE_NAME as STOP_FILE
from app.adapters.secrets import password_file
from app.adapters.secrets.key_store import Store, trusted
from app.adapters.secrets.keyring_mark import KeyringMark
from app.adapters.secrets.kill_stores import KillStores
from app.adapters.secrets.password_file import FILE_NAME as PASSWORD_FILE
from app.adapters.secrets.password_file import PasswordFile
from app.adapters.storage.database import FILE_NAME as JOURNAL
from app.adapters.storage.database import Database, sqlite_url
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import Recovered, recover
from app.domain.commands import SetTradingState
from app.domain.kill import UNLOCK_PHRASES, KillMarked, UnlockAttempted
from app.domain.messages import EngineStopped, StateEvent, TradingStateChanged
from app.domain.values import TradingState
from app.engine.account_desk import LOST_PATIENCE
from app.engine.kill_recorder import KillRecorder
from app.engine.task_supervisor import TaskSupervisor
from app.engine.unlocker import Unlocker
from tests.unit.engine.playbook import ETH, START, XRP, Playbook, StoryIds, seconds

PASSWORD = "the right password"


class FileKeyring(KeyringBackend):
    """Passes for the system's keyring, with room for one entry; ``mood`` is how it behaves."""

    priority = 1  # type: ignore[assignment]

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.mood = path, "open"

    def get_password(self, service: str, username: str) -> str | None:
        if self.mood == "locked":
            raise KeyringLocked("nobody is there")
        return self.path.read_text() if self.path.exists() else None

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.mood == "locked":
            raise KeyringLocked("nobody is there")
        self.path.write_text(password)


@dataclass
class Stand:
    """Every ``start`` is a new process over the same files; the core is played, the records are real."""

    base: Path
    has_keyring: bool = True
    clock: timedelta = timedelta()
    play: Playbook = field(init=False)

    def __post_init__(self) -> None:
        self.folder = self.base / "practice"
        self.folder.mkdir(exist_ok=True)
        self.keyring = FileKeyring(self.base / "keyring.json")
        self.told: list[object] = []
        #: Two positions that every start finds in its books.
        self.trader = Playbook().ready()
        for market in (XRP, ETH):
            self.trader.holding(market)
        tracker = self.trader.core.tracker
        orders = tuple(tracker.orders.values())
        fills = tuple(fill for order in orders for fill in tracker.fills_of(order.order_id))
        self.books = (tuple(self.trader.core.positions.live()), orders, fills)

    def _store(self) -> Store:
        return self.keyring if self.has_keyring else trusted(NoKeyring())

    # ---- life ---------------------------------------------------------------------------------------------------

    async def start(self) -> TradingState:
        """Open everything and take it over; returns the state."""
        self.supervisor = TaskSupervisor(lambda name, error: self.told.append((name, error)))
        self.database = Database(sqlite_url(self.folder))
        await self.database.open()
        now = START + self.clock
        found: Recovered = await recover(self.database, now)
        self.ring = KeyringMark(self.folder, self._store)
        stores = KillStores(self.folder, self.ring)
        found.kill = await stores.judge(found.kill, found.epoch, now)
        self.stop_file = stores.stop_file
        self.journal = SqlJournal(self.database, found.head, found.epoch, self.told.append, self.supervisor.spawn)
        self.recorder = KillRecorder(
            self.journal, stores.stores, self.supervisor.spawn, lambda mark, words: self.told.append(words)
        )
        await self.journal.start()
        self.epoch = found.epoch
        self.play = Playbook(now=now, ids=StoryIds(f"run-{found.epoch}-"))
        self.play.coins = dict(self.trader.coins)
        self.play.recover(
            *self.books,
            clean=found.clean,
            state=found.trading_state,
            kill=found.kill,
            agreed_at=now - timedelta(hours=1),
        )
        await self.write()
        self.play.ready(TradingState.DISABLED)
        return self.state

    @property
    def state(self) -> TradingState:
        return self.play.core.switch.state

    async def write(self) -> None:
        """What the engine's shell does with what the core tells, until all of it is kept."""
        for item in self.play.news:
            if isinstance(item, KillMarked | UnlockAttempted | TradingStateChanged):
                self.recorder.append(item, self.play.now)
        self.play.news = []
        with suppress(Exception):
            await self.recorder.durable()

    async def end(self) -> None:
        """A proper end."""
        event: StateEvent = EngineStopped(self.epoch)
        self.journal.append(event, self.play.now)
        await self._let_go()

    async def die(self) -> None:
        """kill -9: what is on the disk stays, nothing more is written."""
        await self._let_go()

    async def _let_go(self) -> None:
        await self.recorder.drained()
        await self.journal.stop()
        await self.supervisor.stop()
        await self.database.close()

    # ---- what people do -----------------------------------------------------------------------------------------

    async def halt(self, words: str = "a person") -> None:
        self.play >> SetTradingState(TradingState.HALTED, words)
        await self.write()

    async def leave(self, password: str = PASSWORD, phrase: str = UNLOCK_PHRASES["en"]) -> TradingState:
        """One attempt over the real hash, after a reading that agrees.

        After a start with records that differ the venue is first asked what was sold meanwhile.
        """
        self.play >> self.play.account()
        for _ in range(round(LOST_PATIENCE.total_seconds())):
            if self.play.core.account_desk.is_searching:
                self.play >> seconds(1) >> self.play.account()
        unlocker = self._unlocker()
        if not unlocker.has_password:
            await unlocker.set_password(PASSWORD)
        await unlocker.leave_halt(password, phrase)
        await self.recorder.durable()
        return self.state

    async def change(self, present: str, new: str) -> None:
        """Another password."""
        await self._unlocker().change_password(present, new)
        await self.recorder.durable()

    def _unlocker(self) -> Unlocker:
        def post(message: object) -> None:
            self.play >> message  # type: ignore[operator]
            for item in self.play.news:
                if isinstance(item, KillMarked | UnlockAttempted | TradingStateChanged):
                    self.recorder.append(item, self.play.now)
            self.play.news = []

        core, vault = self.play.core, PasswordFile(self.folder)
        return Unlocker(post, core.switch, core.kill, self.recorder, vault, _Clock(self))

    async def rounds(self, count: int = 1) -> None:
        """Halted and released, so that there is something older to put back."""
        for _ in range(count):
            await self.halt()
            assert await self.leave() is TradingState.DISABLED

    # ---- copies -------------------------------------------------------------------------------------------------

    def copy(self, name: str) -> None:
        """A backup of everything, keyring included."""
        shutil.copytree(self.folder, self.base / name / "practice")
        if self.keyring.path.exists():
            shutil.copy(self.keyring.path, self.base / name / "keyring.json")

    def put_back(self, name: str, *what: str) -> None:
        """Parts of a backup: "database", "stop file", "password", "keyring"."""
        there = self.base / name
        if "database" in what:
            for file in self.folder.glob(f"{JOURNAL}*"):
                file.unlink()
            for file in (there / "practice").glob(f"{JOURNAL}*"):
                shutil.copy(file, self.folder)
        if "stop file" in what:
            shutil.copy(there / "practice" / STOP_FILE, self.folder)
        if "password" in what:
            shutil.copy(there / "practice" / PASSWORD_FILE, self.folder)
        if "keyring" in what:
            shutil.copy(there / "keyring.json", self.keyring.path)


class _Clock:
    def __init__(self, stand: Stand) -> None:
        self._stand = stand

    def now(self) -> datetime:
        return self._stand.play.now


@pytest.fixture
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """An account that was halted and released twice, then ended properly; "backup" holds it after the first time."""
    monkeypatch.setattr(password_file, "MEMORY_KIB", password_file.LEAST_MEMORY_KIB)
    return Stand(tmp_path)


#: The first account that lived, for the others to be copied from.
_LIVED: dict[bool, Path] = {}


async def lived(stand: Stand) -> Stand:
    """Give the account its past: halted and released, copied to "backup", once more, ended properly."""
    past = _LIVED.get(stand.has_keyring)
    if past is not None and past.exists():
        shutil.copytree(past, stand.base, dirs_exist_ok=True)
        return stand
    assert await stand.start() is TradingState.DISABLED
    await stand.rounds()
    await stand.end()
    stand.copy("backup")
    assert await stand.start() is TradingState.DISABLED
    await stand.rounds()
    await stand.end()
    past = stand.base.parent / f"lived-{stand.has_keyring}"
    shutil.copytree(stand.base, past, dirs_exist_ok=True)
    _LIVED[stand.has_keyring] = past
    return stand
