"""The kill switch in a world: where its mark is kept, what people and time do to it, and whether it holds.

I46 and I47 are judged by the bytes of the journal, the two stores and the wire; never by the switch itself.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from app.domain.errors import StorageError
from app.domain.kill import UNLOCK_PHRASES, KillMark, KillReading, KillRecord, NoMark, judge
from app.domain.messages import Event, IntentRefused, OrderChanged, TradingStateChanged
from app.domain.order import OrderState
from app.domain.values import TradingState
from app.engine.unlocker import Unlocker
from tests.simulation.knobs import Knobs
from tests.simulation.oracle import Oracle

if TYPE_CHECKING:
    from tests.simulation.terminal import Terminal

RIGHT, WRONG = "the right password", "another password"
#: A reading of the venue counts as fresh for a minute (kill_desk.AGREED_FOR).
FRESH_S = 61.0
OF_THE_SWITCH = ("halted", "reducing_only", "trading_disabled")


class Store:
    """KillStore that outlives the program: the stop file, or the keyring."""

    def __init__(self, name: str, knobs: Knobs, reading: KillReading) -> None:
        self.name = name
        self.reading = reading
        self.before: list[KillMark] = []
        self.terminal: Terminal | None = None
        #: Calls wait for the record as they do for the disk.
        self.waited: Callable[[], None] = lambda: None
        self._knobs = knobs

    async def read(self) -> KillReading:
        """See KillStore."""
        return self.reading

    async def write(self, mark: KillMark) -> None:
        """See KillStore; slow, fails, or the power goes."""
        if self.reading is NoMark.ABSENT or (self.name == "keyring" and not mark.keyring):
            return
        assert self.terminal is not None
        self.terminal.at("kill.before")
        await asyncio.sleep(self._knobs.seconds(0.001, 0.3))
        self.waited()
        self.terminal.at("kill.write")
        if self._knobs.hits("kill_store_fails"):
            raise StorageError("cannot be written")
        if isinstance(self.reading, KillMark):
            self.before.append(self.reading)
        self.reading = mark
        self.terminal.at("kill.after")


class KillWatch:
    """Stores, user and judge of one world. Also PasswordVault and OutsideStop of its terminals."""

    def __init__(self, seed: int, knobs: Knobs, oracle: Oracle, time: Callable[[], float]) -> None:
        self._chance = random.Random(f"kill-{seed}")
        self._knobs = knobs
        self._oracle = oracle
        self._time = time
        has_keyring = self._chance.random() < 0.7
        self.stop_file = Store("stop file", knobs, NoMark.MISSING)
        self.keyring = Store("keyring", knobs, NoMark.MISSING if has_keyring else NoMark.ABSENT)
        for store in (self.stop_file, self.keyring):
            store.waited = self._excuse
        self._must_halt = False
        self._granted = False
        self._outside: str | None = None
        self._passwords = 0

    # ---- what the terminal is given -----------------------------------------------------------------------------

    async def open(self, terminal: "Terminal", journal: KillRecord, run: int, now: datetime) -> KillRecord:
        """What KillStores.judge does, and what must come of it by what is really there."""
        self._outside, self._granted = None, False
        for store in (self.stop_file, self.keyring):
            store.terminal = terminal
        self._must_halt |= any(mark.halted for mark in self._marks())
        record = judge(journal, self.stop_file.reading, self.keyring.reading)
        if record.mark is None and not record.stopped:
            birth = KillMark(0, False, "first start", now, run, record.keyring)
            try:
                for store in (self.stop_file, self.keyring):
                    await store.write(birth)
            except StorageError as error:
                return replace(record, stopped=str(error), rewrite=True)
            record = replace(record, mark=birth)
        return record

    def started(self, state: TradingState) -> None:
        """I46: the worst of the three wins, and whatever is missing, damaged or put back counts as halted."""
        if self._must_halt and state is not TradingState.HALTED:
            self._oracle.broken("I46", f"the program starts {state} although a record says halted or was changed")
        self._must_halt = False

    async def set(self, password: str, keep: str = "") -> str:
        """See PasswordVault."""
        await asyncio.sleep(0.3)
        self._passwords += 1
        return f"hash-{self._passwords}"

    async def check(self, password: str, fingerprint: str) -> tuple[bool, str]:
        """See PasswordVault."""
        await asyncio.sleep(self._knobs.seconds(0.1, 1.5))
        right = password == RIGHT and fingerprint == f"hash-{self._passwords}"
        self._granted |= right
        return right, ""

    def tripped(self) -> str | None:
        """See OutsideStop."""
        words, self._outside = self._outside, None
        return words

    def taken_over(self) -> bool:
        """See OutsideStop."""
        return False

    def others_sold(self) -> bool:
        """See OutsideStop."""
        return False

    # ---- what people do -----------------------------------------------------------------------------------------

    def run_gwanje_kill(self) -> None:
        """The small program trips the two stores it reaches; the terminal sees it by itself."""
        epoch = max((mark.epoch for mark in self._marks()), default=0) + 1
        moment = self._oracle.utc()
        for store in (self.stop_file, self.keyring):
            if isinstance(store.reading, KillMark):
                store.reading = KillMark(epoch, True, "gwanje-kill", moment, 0, store.reading.keyring,
                                         store.reading.password)  # fmt: skip
        self._outside = "gwanje-kill"

    def try_to_leave(self, terminal: "Terminal") -> None:
        """A person wants to go on: mostly with the right password and phrase."""
        core = terminal.engine.core
        unlocker = Unlocker(terminal.post, core.switch, core.kill, terminal.recorder, self, terminal)
        wrong = "wrong_password" in self._knobs.rates and self._chance.random() < 0.4
        phrase = "please" if wrong and self._chance.random() < 0.3 else UNLOCK_PHRASES["ko"]
        self._oracle.say(lambda: f"user tries to leave the halt, {'wrongly' if wrong else 'rightly'}")
        if wrong:
            self._knobs.note("wrong_password")

        async def attempt() -> None:
            mark = terminal.engine.core.switch.mark
            if mark is not None and not mark.password:
                await unlocker.set_password(RIGHT)
            await unlocker.leave_halt(WRONG if wrong else RIGHT, phrase)

        terminal.supervisor.spawn(attempt(), "unlock")

    def between_runs(self) -> None:
        """Somebody, or a backup, touches the records while the program is off."""
        if not self._knobs.hits("kill_tampered") or not self._marks():
            return
        names = [self.stop_file] + [self.keyring] * isinstance(self.keyring.reading, KillMark)
        store = self._chance.choice(names)
        what = self._chance.choice(["delete", "damage", "put back"])
        older = [mark for mark in store.before if mark != store.reading and mark.epoch]
        if what == "put back" and not older:
            return
        was = store.reading
        if not isinstance(was, KillMark) or was.epoch == 0:
            return  # the very first start is not over yet
        reading: KillReading = {"delete": NoMark.MISSING, "damage": NoMark.UNREADABLE}.get(what, NoMark.MISSING)
        store.reading = older[-1] if what == "put back" else reading
        nobody_can_tell = isinstance(store.reading, KillMark) and not self._is_newer_elsewhere(store.reading)
        if (store is self.stop_file or was.keyring) and not nobody_can_tell:
            self._must_halt = True
        self._oracle.say(lambda: f"{what} {store.name}")

    # ---- the judge ----------------------------------------------------------------------------------------------

    def is_halted(self) -> bool:
        """True when any record says so."""
        return any(mark.halted for mark in self._marks())

    def on_entry(self, order_id: str) -> None:
        """I46: bytes of an entry are leaving."""
        for mark in self._marks():
            if mark.halted:
                self._oracle.broken("I46", f"{order_id} enters although mark {mark.epoch} says halted: {mark.reason}")

    def on_event(self, event: Event) -> None:
        """I46: who leaves HALTED has earned it. I47: the switch refuses nothing that reduces risk."""
        match event:
            case TradingStateChanged(TradingState.HALTED, after, _) if after is not TradingState.HALTED:
                readings = self._oracle.readings
                if not self._granted:
                    self._oracle.broken("I46", "HALTED is left without the password")
                if not readings or self._time() - readings[-1] > FRESH_S:
                    self._oracle.broken("I46", "HALTED is left without a fresh reading of the venue")
                if self._oracle.has_unknown():
                    self._oracle.broken("I46", "HALTED is left with an unknown order")
                self._granted = False
            case IntentRefused(intent, refusal) if intent.purpose.reduces_risk and refusal.reason in OF_THE_SWITCH:
                self._oracle.broken("I47", f"an exit of {intent.position_id} is refused: {refusal.reason}")
            case OrderChanged(order) if order.intent.purpose.reduces_risk and order.state is OrderState.EXPIRED:
                if order.note.startswith(OF_THE_SWITCH):
                    self._oracle.broken("I47", f"{order.order_id} reduces risk and did not leave: {order.note}")
            case _:
                pass

    def _is_newer_elsewhere(self, put_back: KillMark) -> bool:
        """True when another record tells that it is an old one; a halt that only this store had cannot be known."""
        return any(mark.epoch > put_back.epoch for mark in self._marks())

    def _excuse(self) -> None:
        self._oracle.urgency.excused_until = self._time()

    def _marks(self) -> list[KillMark]:
        """What is really kept: on the disk, in the stop file, in the keyring."""
        found = [store.reading for store in (self.stop_file, self.keyring) if isinstance(store.reading, KillMark)]
        query = "SELECT payload FROM journal WHERE kind = 'KillMarked' ORDER BY seq DESC LIMIT 1"
        row = self._oracle.reader().execute(query).fetchone()
        if row is not None:
            found.append(msgspec.convert(msgspec.json.decode(row[0])["mark"], KillMark, strict=False))
        return found
