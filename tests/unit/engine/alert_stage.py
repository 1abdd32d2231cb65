"""A stage for the alert desk and its service: a clock set by hand, a journal in memory, channels that listen."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.alert import AlertMessage, AlertPolicy, ChannelName, Notice, NoticeChanged, RemoteMessage
from app.domain.errors import ChannelError, StorageError
from app.domain.messages import Message, StateEvent
from app.domain.values import TradingState
from app.engine.alert_desk import AlertDesk, Delivery
from app.engine.alert_service import AlertService
from app.engine.daily_report import DailyReporter
from app.engine.event_bus import EventBus
from app.engine.remote_desk import Allowed, RemoteDesk
from app.engine.task_supervisor import TaskSupervisor
from tests.unit.engine.playbook import START

USER, CHAT = 7, 7


@dataclass
class HandClock:
    """Time stands still until it is moved."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class PaperJournal:
    """Remembers what was appended; may fail, or never answer."""

    events: list[StateEvent] = field(default_factory=list)
    fails: bool = False
    hangs: bool = False

    def append(self, event: StateEvent, happened_at: datetime) -> None:
        if self.fails:
            raise StorageError("the disk is full")
        self.events.append(event)

    async def durable(self) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise StorageError("the disk is full")


@dataclass
class Ear:
    """A channel that hears; ``errors`` are raised first, one by one."""

    name: ChannelName = ChannelName.TELEGRAM
    heard: list[AlertMessage] = field(default_factory=list)
    errors: list[ChannelError] = field(default_factory=list)
    hangs: bool = False
    closed: bool = False

    async def deliver(self, message: AlertMessage) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        if self.errors:
            raise self.errors.pop(0)
        self.heard.append(message)

    async def check(self) -> str:
        return "ear"

    async def close(self) -> None:
        self.closed = True

    @property
    def keys(self) -> list[str]:
        return [message.notice.key for message in self.heard]


@dataclass
class Letterbox:
    """A source of remote commands."""

    messages: list[RemoteMessage] = field(default_factory=list)
    asked: list[int | None] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def updates(self, after: int | None) -> tuple[RemoteMessage, ...]:
        self.asked.append(after)
        if not self.messages:
            await asyncio.Event().wait()
        found, self.messages = tuple(self.messages), []
        return found

    async def answer(self, chat_id: int, text: str) -> None:
        self.answers.append(text)


def wrote(text: str, update_id: int = 1, now: datetime = START, **changes: object) -> RemoteMessage:
    values: dict[str, object] = {
        "update_id": update_id, "chat_id": CHAT, "user_id": USER, "is_plain": True, "text": text, "sent_at": now,
    }  # fmt: skip
    return RemoteMessage(**{**values, **changes})  # type: ignore[arg-type]


def remote_desk(state: TradingState = TradingState.ENABLED) -> RemoteDesk:
    numbers = iter(range(1, 1000))
    desk = RemoteDesk(Allowed(CHAT, frozenset({USER})), lambda: "123456", lambda: f"command-{next(numbers)}")
    desk.restore((), state)
    return desk


def delivered(items: list[NoticeChanged | Delivery]) -> list[tuple[str, Notice]]:
    return [(item.channel.value, item.notice) for item in items if isinstance(item, Delivery)]


class AlertStage:
    """The service with everything around it, in a running loop."""

    def __init__(self, policy: AlertPolicy | None = None) -> None:
        self.clock, self.journal, self.bus = HandClock(), PaperJournal(), EventBus()
        self.died: list[str] = []
        self.posted: list[Message] = []
        self.supervisor = TaskSupervisor(lambda name, error: self.died.append(f"{name}: {error!r}"))
        self.desk = AlertDesk(policy or AlertPolicy(), "n1")
        self.remote = remote_desk()
        self.reporter = DailyReporter(lambda _: Decimal(0))
        self.service = AlertService(
            self.desk, self.remote, self.reporter, self.journal, self.bus, self.clock, self.posted.append,
            self.supervisor.spawn, "practice",
        )  # fmt: skip

    async def settle(self, turns: int = 20) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)

    async def end(self) -> None:
        await self.service.close()
        await self.supervisor.stop()
        assert self.died == []
