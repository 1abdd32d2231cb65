"""The world of notices: two channels that fail, somebody who commands from afar, strangers; and the judge of it.

I31 looks at what was asked of the engine while a message was handled; I57 folds the records on disk and compares them
with what arrived at the channels.
"""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from app.domain.alert import AlertMessage, AlertPolicy, ChannelName, RemoteMessage
from app.domain.commands import LiquidateAll, SetTradingState
from app.domain.errors import ChannelError
from app.domain.messages import Message
from app.domain.values import TradingState
from app.engine.alert_desk import AlertDesk
from app.engine.alert_service import AlertService
from app.engine.daily_report import DailyReporter
from app.engine.remote_desk import Allowed, RemoteDesk
from tests.simulation.knobs import Knobs
from tests.simulation.store import Killed

if TYPE_CHECKING:
    from tests.simulation.oracle import Oracle
    from tests.simulation.terminal import Terminal

CHAT, USER, STRANGER = 7, 7, 666
REMIND_S = 60.0
TICK_S = 10.0
#: A reminder, a tick, a pause after a failure, and one more for the clock.
TOLD_WITHIN_S = 60.0 + 10.0 + 60.0 + 10.0
CODE = "123456"
WORDS = ("pause", "kill", CODE, "status", "ack", "enable", "start KRW-AAA 100000", "resume", "kill 000000", "/pause")


class Outside:
    """Lives through all restarts of one world."""

    def __init__(self, seed: int, knobs: Knobs, oracle: "Oracle", tell: Callable[[Message], None]) -> None:
        self._dice = random.Random(f"outside-{seed}")
        self._people = random.Random(f"people-{seed}")
        self._knobs = knobs
        self._oracle = oracle
        self._tell = tell
        self._number = 1000
        #: Every message ever written; the messenger repeats the last ones after a restart.
        self._messages: list[RemoteMessage] = []
        self._pending: list[RemoteMessage] = []
        self._woken: asyncio.Event | None = None
        self._handled: RemoteMessage | None = None
        self._acted: Counter[tuple[int, str]] = Counter()
        self._terminal: Terminal | None = None
        self._service: AlertService | None = None
        #: After how many reminders somebody reads a notice; in one world of ten nobody does.
        self._patience = self._people.choice([0, 1, 2, 3, 5, 8, 12, 20, 30, None])
        self.dead = False
        #: When each notice reached each channel last.
        self.heard: dict[tuple[ChannelName, str], float] = {}

    # ---- the program --------------------------------------------------------------------------------------------

    def attach(self, terminal: "Terminal") -> AlertService:
        """Build what bootstrap builds, on this terminal."""
        found = terminal.recovered
        self._terminal = terminal
        desk = AlertDesk(AlertPolicy(remind_after_s=REMIND_S), f"n{found.epoch}")
        desk.restore(found.notices, found.liquidation)
        remote = RemoteDesk(Allowed(CHAT, frozenset({USER})), lambda: CODE, lambda: f"remote-{self._dice.random()}")
        remote.restore(found.remote_ids, found.trading_state)
        reporter = DailyReporter(terminal.engine.core.account.realised_on)
        reporter.restore(found.fills, found.emergencies, found.reported_day)
        service = AlertService(
            desk, remote, reporter, terminal.journal, terminal.bus, _LivingClock(terminal), self._post,
            terminal.supervisor.spawn, "practice",
        )  # fmt: skip
        service.pause_s = lambda: TICK_S if desk.is_waiting else REMIND_S
        self._service = service
        return service

    def connect(self, service: AlertService) -> None:
        """Channels and letterbox; what was written lately comes again, as after a lost confirmation."""
        for name in (ChannelName.TELEGRAM, ChannelName.WEBHOOK):
            service.use(_Channel(name, self))
        self._pending = self._messages[-5:]
        self._woken = asyncio.Event()
        service.listen(self)

    # ---- RemoteSource -------------------------------------------------------------------------------------------

    async def updates(self, after: int | None) -> tuple[RemoteMessage, ...]:
        """One at a time, so that it is known what an answer is about."""
        self._handled = None
        assert self._woken is not None
        while not self._pending:
            self._woken.clear()
            await self._woken.wait()
        self._handled = self._pending.pop(0)
        return (self._handled,)

    async def answer(self, chat_id: int, text: str) -> None:
        """I31: strangers get no answer."""
        if chat_id != CHAT:
            self._oracle.broken("I31", f"an answer to chat {chat_id}: {text}")

    # ---- people -------------------------------------------------------------------------------------------------

    def times(self, length: float) -> list[tuple[float, str]]:
        """What people outside do in an episode, and when."""
        plan = []
        for name in ("remote_user", "remote_strangers", "channel_dead"):
            if name in self._knobs.rates and self._dice.random() < 0.6:
                plan += [(self._dice.uniform(3, length), name) for _ in range(2)]
        return plan

    def happen(self, name: str, now: datetime) -> None:
        """One of these."""
        self._knobs.note(name)
        if name == "channel_dead":
            self.dead = True
            asyncio.get_running_loop().call_later(self._dice.uniform(5, 120), self.revive)
            return
        stranger = name == "remote_strangers"
        for word in self._dice.sample(WORDS, 2) if not stranger else ("kill", CODE):
            self._number += 1
            age = self._dice.choice([0, 0, 0, 300])
            # A stranger in the right chat, the right person in a group, or a chat of their own.
            chat, user, plain = CHAT, USER, True
            if stranger:
                chat, user, plain = self._dice.choice([(CHAT, STRANGER, True), (STRANGER, USER, True), (8, 8, True),
                                                       (CHAT, USER, False)])  # fmt: skip
            message = RemoteMessage(self._number, chat, user, plain, word, now - timedelta(seconds=age))
            self._messages.append(message)
            repeats = self._dice.choice([1, 1, 2])
            self._pending += [message] * repeats
        if self._woken is not None:
            self._woken.set()

    def revive(self) -> None:
        """The channels work again."""
        self.dead = False

    # ---- the judge ----------------------------------------------------------------------------------------------

    def _post(self, command: Message) -> None:
        message, terminal = self._handled, self._terminal
        assert terminal is not None
        what = type(command).__name__
        raises = isinstance(command, SetTradingState) and command.state is TradingState.ENABLED
        if raises or not isinstance(command, SetTradingState | LiquidateAll):
            self._oracle.broken("I31", f"{command} was asked for from outside")
        if message is None:
            self._oracle.broken("I31", f"{what} without a message")
            return
        old = abs((terminal.now() - message.sent_at).total_seconds()) > 61
        if (message.chat_id, message.user_id) != (CHAT, USER) or not message.is_plain or old:
            self._oracle.broken("I31", f"{what} for update {message.update_id}, which may not command")
        if terminal.journal_trouble or terminal.journal.given_up:
            self._tell(command)  # no record of it may be left, and the next start hears of it once more
            return
        self._acted[(message.update_id, what)] += 1
        if self._acted[(message.update_id, what)] > 1:
            self._oracle.broken("I31", f"update {message.update_id} caused {what} twice")
        self._tell(command)

    def arrived(self, name: ChannelName, message: AlertMessage) -> None:
        """A channel took a notice."""
        if self.dead:
            raise ChannelError("dead")
        notice, service = message.notice, self._service
        self.heard[(name, notice.notice_id)] = self._oracle.time()
        if service is not None and self._patience is not None and notice.reminders >= self._patience:
            later = asyncio.get_running_loop().call_later
            later(self._people.uniform(1, REMIND_S), lambda: self._read(service, notice.notice_id))

    def _read(self, service: AlertService, notice_id: str) -> None:
        """Somebody acknowledges on the screen, if this program still lives."""
        if service is self._service and self._terminal is not None and self._terminal.is_up:
            with contextlib.suppress(Killed):
                service.acknowledge(notice_id, "screen")

    def settled(self, journal_trouble: bool) -> None:
        """I57: every critical alert on disk has its notice, and both channels heard lately of what is still open."""
        notices: dict[str, dict[str, object]] = {}
        rows = self._oracle.reader().execute(
            "SELECT seq, kind, payload FROM journal WHERE kind IN ('AlertRaised', 'NoticeChanged') ORDER BY seq"
        )
        waiting: dict[str, int] = {}
        for seq, kind, payload in rows:
            body = msgspec.json.decode(payload)
            if kind == "NoticeChanged":
                notice = body["notice"]
                notices[notice["notice_id"]] = notice
                waiting.pop(notice["key"], None)
            elif body["critical"] and not any(_open(n) and n["key"] == body["key"] for n in notices.values()):
                waiting[body["key"]] = seq
        if waiting and not journal_trouble:
            self._oracle.broken("I57", f"critical alerts without a notice: {sorted(waiting)}")
        for notice_id, notice in notices.items():
            for name in (ChannelName.TELEGRAM, ChannelName.WEBHOOK):
                last = self.heard.get((name, notice_id))
                if _open(notice) and (last is None or self._oracle.time() - last > TOLD_WITHIN_S):
                    self._oracle.broken("I57", f"{name} did not hear of {notice['key']} ({notice_id}), last {last}")


def _open(notice: dict[str, object]) -> bool:
    return notice["acknowledged_at"] is None


class _Channel:
    """Hands over to the judge."""

    def __init__(self, name: ChannelName, outside: Outside) -> None:
        self.name = name
        self._outside = outside

    async def deliver(self, message: AlertMessage) -> None:
        """See AlertChannel."""
        self._outside.arrived(self.name, message)

    async def check(self) -> str:
        """See AlertChannel."""
        return self.name

    async def close(self) -> None:
        """See AlertChannel."""


class _LivingClock:
    """The clock of a computer that is on."""

    def __init__(self, terminal: "Terminal") -> None:
        self._terminal = terminal

    def now(self) -> datetime:
        """See Clock."""
        if self._terminal.dead:
            raise Killed
        return self._terminal.now()
