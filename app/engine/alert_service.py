"""Carries out what the alert desk decides: one task per channel, so that a dead one holds up nothing and nobody.

Written down, then told: the record of a critical notice stands in the journal in the same step as what caused it. A
remote command is durable before it acts, unless the disk does not answer: then it acts all the same, for it can only
lower risk.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta

from app.domain.alert import (
    REMOTE_USER,
    AlertChannel,
    AlertMessage,
    AlertWords,
    ChannelName,
    DailyReported,
    Notice,
    PlainWords,
    RemoteMessage,
    RemoteSource,
)
from app.domain.errors import ChannelError, StorageError
from app.domain.messages import (
    AccountMarked,
    AlertRaised,
    EngineStopped,
    Event,
    FillBooked,
    LimitUsage,
    Message,
    StateEvent,
)
from app.domain.ports import Clock, Journal
from app.engine.alert_desk import CHANNEL_DOWN, AlertDesk, Delivery, Item
from app.engine.alert_rules import TOLD
from app.engine.channel_queue import ChannelQueue
from app.engine.daily_report import DailyReporter
from app.engine.event_bus import EventBus
from app.engine.remote_desk import LATE, RemoteDesk, is_old

_log = logging.getLogger(__name__)

_FOLLOWED = TOLD | {AccountMarked, FillBooked, LimitUsage}
TICK_S = 1.0
FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 60.0
#: A channel that could not be used for so long is told of on the others.
DOWN_AFTER = timedelta(seconds=20)
#: How long a remote command waits for the disk.
JOURNAL_PATIENCE_S = 2.0
LAST_WORDS_S = 3.0
#: A notice that the other side refuses for good so often is given up; critical ones come again as reminders.
MOST_REFUSALS = 3
#: However long the other side asks to wait.
LONGEST_WAIT_S = 600.0


class _Line:
    """One channel with what waits for it."""

    def __init__(self, channel: AlertChannel) -> None:
        self.channel = channel
        self.queue = ChannelQueue()
        self.woken = asyncio.Event()
        self.idle = asyncio.Event()
        self.failing_since: datetime | None = None
        self.told_down = False
        self.pause = FIRST_RETRY_S
        #: How often the notice that was tried last was refused for good.
        self.refused: dict[str, int] = {}


class AlertService:
    """Follows the bus from ``start`` on. ``words`` may be replaced by those of the screen."""

    def __init__(
        self,
        desk: AlertDesk,
        remote: RemoteDesk,
        reporter: DailyReporter,
        journal: Journal,
        bus: EventBus,
        clock: Clock,
        post: Callable[[Message], None],
        spawn: Callable[[Coroutine[object, object, None], str], asyncio.Task[None]],
        mode: str,
    ) -> None:
        self.desk = desk
        self.remote = remote
        self.words: AlertWords = PlainWords()
        self._reporter = reporter
        self._journal = journal
        self._bus = bus
        self._clock = clock
        self._post = post
        self._spawn = spawn
        self._mode = mode
        self._lines: dict[ChannelName, _Line] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ended = False
        #: Seconds until the next look at reminders and the end of the day.
        self.pause_s: Callable[[], float] = lambda: TICK_S
        self._unsubscribe: Callable[[], None] = lambda: None

    # ---- life ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Follow the bus and the clock."""
        self._unsubscribe = self._bus.subscribe(self._on_event)
        self._tasks["tick"] = self._spawn(self._tick(), "alert-tick")

    def use(self, channel: AlertChannel) -> None:
        """Tell through this channel from now on; it takes the place of an earlier one of its name."""
        self.drop(channel.name)
        line = _Line(channel)
        self._lines[channel.name] = line
        self._tasks[channel.name] = self._spawn(self._carry(line), f"alert-{channel.name}")
        self._carry_out(self.desk.join(channel.name, self._clock.now()))

    def drop(self, name: ChannelName) -> None:
        """Tell through this channel no more."""
        self.desk.channels.discard(name)
        self._stop_task(name)
        line = self._lines.pop(name, None)
        if line is not None:
            self._spawn(line.channel.close(), f"alert-{name}-closing")

    def listen(self, source: RemoteSource | None) -> None:
        """Take remote commands from here (None: from nowhere)."""
        self._stop_task("remote")
        if source is not None:
            self._tasks["remote"] = self._spawn(self._listen(source), "alert-remote")

    async def close(self) -> None:
        """Let the last notices leave, for LAST_WORDS_S at most, then let go of the channels."""
        self._unsubscribe()
        self._stop_task("remote")
        self._stop_task("tick")
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS_S):
                for line in self._lines.values():
                    await line.idle.wait()
        for name in list(self._lines):
            self._stop_task(name)
            await self._lines.pop(name).channel.close()

    # ---- doors --------------------------------------------------------------------------------------------------

    def acknowledge(self, notice_id: str | None, by: str) -> None:
        """Somebody has read one open notice, or all of them."""
        self._carry_out(self.desk.acknowledge(notice_id, by, self._clock.now()))

    async def check(self, name: ChannelName) -> str:
        """What the other side of a channel calls itself. Raises ChannelError."""
        line = self._lines.get(name)
        if line is None:
            raise ChannelError("the channel is not switched on", is_final=True)
        return await line.channel.check()

    # ---- inside -------------------------------------------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        if type(event) not in _FOLLOWED:  # asked for every price
            return
        self._ended = self._ended or isinstance(event, EngineStopped)
        self.remote.follow(event)
        self._reporter.take(event)
        if type(event) in TOLD:
            self._carry_out(self.desk.take(event, self._clock.now()))

    def _carry_out(self, items: list[Item]) -> None:
        for item in items:
            if isinstance(item, Delivery):
                self._put(item)
            else:
                self._tell(item)

    def _put(self, item: Delivery) -> None:
        line = self._lines.get(item.channel)
        if line is not None:
            line.queue.put(item.notice)
            line.idle.clear()
            line.woken.set()

    def _tell(self, event: StateEvent) -> None:
        """Write down and publish; after the proper end nothing is written any more."""
        if not self._ended:
            with suppress(StorageError):  # the engine has latched it; a person must be told all the same
                self._journal.append(event, self._clock.now())
        self._bus.publish(event)

    async def _tick(self) -> None:
        while True:
            now = self._clock.now()
            self._carry_out(self.desk.on_time(now))
            report = self._reporter.due(now)
            if report is not None and self.desk.policy.daily_report:
                self._tell(DailyReported(report))
            await asyncio.sleep(self.pause_s())

    # ---- channels -----------------------------------------------------------------------------------------------

    async def _carry(self, line: _Line) -> None:
        while True:
            notice = line.queue.next()
            if notice is None:
                line.idle.set()
                line.woken.clear()
                await line.woken.wait()
                continue
            await self._deliver(line, notice)

    async def _deliver(self, line: _Line, notice: Notice) -> None:
        message = AlertMessage(notice, self.words.title(notice), self.words.text(notice), self._mode)
        try:
            await line.channel.deliver(message)
        except ChannelError as error:
            _log.warning("%s: a notice is not delivered yet: %s", line.channel.name, error)
            self._failed(line, error)
            refused = line.refused.get(notice.notice_id, 0) + error.is_final
            line.refused = {notice.notice_id: refused} if error.is_final else line.refused
            if refused < MOST_REFUSALS:
                line.queue.put_back(notice)
            wait = error.retry_after_s if error.retry_after_s is not None else line.pause
            line.pause = min(line.pause * 2, LONGEST_RETRY_S)
            await asyncio.sleep(min(wait, LONGEST_WAIT_S))
        else:
            self._worked(line)

    def _failed(self, line: _Line, error: ChannelError) -> None:
        now = self._clock.now()
        line.failing_since = line.failing_since or now
        if not line.told_down and (error.is_final or now - line.failing_since >= DOWN_AFTER):
            line.told_down = True
            self._tell(AlertRaised(CHANNEL_DOWN + line.channel.name, str(error)))

    def _worked(self, line: _Line) -> None:
        line.failing_since, line.pause = None, FIRST_RETRY_S
        if line.told_down:
            line.told_down = False
            self._tell(AlertRaised(f"channel_up_{line.channel.name}", ""))

    # ---- remote commands ----------------------------------------------------------------------------------------

    async def _listen(self, source: RemoteSource) -> None:
        after: int | None = None
        pause = FIRST_RETRY_S
        while True:
            try:
                messages = await source.updates(after)
            except ChannelError as error:
                _log.info("no remote commands at the moment: %s", error)
                await asyncio.sleep(error.retry_after_s or pause)
                pause = min(pause * 2, LONGEST_RETRY_S)
                continue
            pause = FIRST_RETRY_S
            for message in messages:
                await self._take_remote(message, source)
                after = message.update_id

    async def _take_remote(self, message: RemoteMessage, source: RemoteSource) -> None:
        step = self.remote.take(message, len(self.desk.open), self._clock.now())
        if step.alert is not None:
            self._tell(step.alert)
        if step.taken is None:
            return
        self._tell(step.taken)
        try:
            async with asyncio.timeout(JOURNAL_PATIENCE_S):
                await self._journal.durable()
        except (StorageError, TimeoutError):
            _log.warning("a remote command acts before its record is durable")
        if step.commands and is_old(message, self._clock.now()):  # the computer slept while the record was written
            self._tell(AlertRaised(LATE, f"user id {message.user_id}"))
            return
        for command in step.commands:
            self._post(command)
        if step.acknowledges:
            self.acknowledge(None, f"{REMOTE_USER}{message.user_id}")
        if step.reply is not None:
            with suppress(ChannelError):
                await source.answer(message.chat_id, self.words.reply(step.reply))

    def _stop_task(self, name: str) -> None:
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()
