"""One queue in, one place that decides, one bus out: the async shell around the sans-I/O core."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta

from app.domain.commands import CancelOrder, LiquidateAll, ReconcileNow, SetTradingState
from app.domain.effects import EFFECTS, Effect
from app.domain.emergency import LiquidationRun
from app.domain.errors import StorageError
from app.domain.kill import OUTSIDE_CANCEL, OUTSIDE_FLATTEN, EndProgram, KillMark, KillMarked
from app.domain.market_data import Book, Trade
from app.domain.messages import (
    JOURNALED,
    AlertRaised,
    EngineStarted,
    EngineStopped,
    Event,
    FillBooked,
    Message,
    TimePassed,
)
from app.domain.ports import Clock, FlightRecorder, Journal, OutsideStop, RecoveredState, VenueClient
from app.domain.values import Purpose, TradingState
from app.engine.event_bus import EventBus
from app.engine.heartbeats import Heartbeats
from app.engine.order_executor import OrderExecutor
from app.engine.send_queue import ROOM
from app.engine.trading_core import TradingCore

_log = logging.getLogger(__name__)

TICK_S = 0.1
STOP_PATIENCE_S = 3.0
#: A tick owes the next one within this time; it shows on the screen.
TICK_DUE_S = 1.0
#: How long the end waits for the venue's word on the entries it cancels.
CANCEL_PATIENCE_S = 3.0
QUEUE_TOLD_EVERY = timedelta(milliseconds=500)


def decide(core: TradingCore, message: Message, now: datetime) -> tuple[list[Event | Effect], bool]:
    """What the core makes of a message, and whether it came to an end; a failure is an alert, nothing else."""
    try:
        return core.handle(message, now), True
    except Exception as error:  # supervised line: a decider that fails must not take a stream or the stops with it
        _log.exception("deciding about %s failed", type(message).__name__)
        return [AlertRaised("decision_failed", f"{type(message).__name__}: {error!r}", critical=True)], False


class TradingEngine:
    """Runs the core: every message is handled to its end before the next; no handler runs inside another."""

    def __init__(
        self,
        core: TradingCore,
        venue: VenueClient,
        journal: Journal,
        bus: EventBus,
        clock: Clock,
        spawn: Callable[[Coroutine[object, object, None], str], object],
        recorder: FlightRecorder | None = None,
        room: Sequence[int] = ROOM,
        beats: Heartbeats | None = None,
        outside: OutsideStop | None = None,
    ) -> None:
        self._outside = outside
        self.core = core
        self.bus = bus
        self._journal = journal
        self._clock = clock
        self._spawn = spawn
        self._recorder = recorder
        self._inbox: deque[Message] = deque()
        self._draining = False
        self._running = False
        self._journal_failed = False
        self._stopping = False
        self._queue_told: datetime | None = None
        self.executor = OrderExecutor(venue, journal, clock, self.post, self._may_send, spawn, room)
        self.beats = self.executor.beats = beats or Heartbeats(clock)

    # ---- the door -----------------------------------------------------------------------------------------------

    def post(self, message: Message) -> None:
        """The one way in. Handled at once, or right after the message that is being handled now."""
        self._inbox.append(message)
        if self._draining or not self._running:
            return
        self._draining = True
        try:
            while self._inbox:
                self._decide(self._inbox.popleft(), self._clock.now())
        finally:
            self._draining = False

    def start(self, state: RecoveredState, run: LiquidationRun | None, mode: str) -> None:
        """Take over the recovered state, start the workers and the tick; whatever was posted before is handled now."""
        now = self._clock.now()
        self._running = True
        self._draining = True
        try:
            self._emit([EngineStarted(state.epoch, mode, state.clean)], now)
            items = self.core.recover(state, run, now)
            if self._recorder is not None:
                self._recorder.began(state, run, now, items)
            self._emit(items, now)
        finally:
            self._draining = False
        self.executor.start()
        self._spawn(self._tick(), "engine-tick")
        self.post(TimePassed())

    async def stop(self, epoch: int) -> None:
        """Let no entry leave any more, wait for what is under way, then write the proper end down.

        What is still under way after STOP_PATIENCE_S makes the end an unclean one: the next start looks it up.
        """
        self._stopping = True
        self._note("stopping: no entry leaves any more")
        self.post(EndProgram())
        await self._entries_gone()
        try:
            async with asyncio.timeout(STOP_PATIENCE_S):
                await self.executor.drained()
        except TimeoutError:
            _log.warning("ending while orders or look-ups are under way; the next start will look them up")
            self._note("stopped while orders or look-ups are under way")
        else:
            self._end(epoch)
        self._running = False

    async def _entries_gone(self) -> None:
        """Wait for the end of the entries that were cancelled; what is left is told and cancelled at the next start."""
        give_up = asyncio.get_running_loop().time() + CANCEL_PATIENCE_S
        while entries := [o for o in self.core.tracker.working() if o.intent.purpose is Purpose.ENTRY]:
            if asyncio.get_running_loop().time() >= give_up:
                for order in entries:
                    _log.warning("%s: entry %s still works at the end", order.intent.market, order.order_id)
                return
            await asyncio.sleep(TICK_S)

    def _end(self, epoch: int) -> None:
        """A proper end, unless the venue has not told yet what an earlier run lost: then the next start asks again."""
        if self.core.account_desk.is_searching:
            _log.warning("ending before the venue told what the journal may have lost; the next start will ask again")
            self._note("stopped while the venue was asked what the journal lost")
            return
        self._emit([EngineStopped(epoch)], self._clock.now())
        self._note("stopped properly")

    # ---- inside -------------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.beats.beat("engine-tick", TICK_DUE_S)
            self._look_outside()
            self.post(TimePassed())

    def _look_outside(self) -> None:
        """Somebody tripped, deleted or damaged the stop file: that is a trip like any other.

        Who sold in our place left books here that still hold it: first the venue tells what.
        """
        if self._outside is None:
            return
        if self._outside.others_sold():
            self.post(ReconcileNow("gwanje-kill was at work", lost=True))
        words = self._outside.tripped()
        if words is None:
            return
        self.post(SetTradingState(TradingState.HALTED, words))
        if words == OUTSIDE_FLATTEN:
            self.post(LiquidateAll("gwanje-kill"))
        elif words == OUTSIDE_CANCEL:
            for order in self.core.tracker.working():
                self.post(CancelOrder(order.order_id))

    def _may_send(self, order_id: str) -> str | None:
        order = self.core.tracker.get(order_id)
        if self._stopping and order is not None and not order.intent.purpose.reduces_risk:
            return "the program is ending"
        if self._outside is not None and self._outside.taken_over():
            return "gwanje-kill has taken over"
        self._look_outside()
        now = self._clock.now()
        answer = self.core.may_send(order_id, now)
        if self._recorder is not None:
            self._recorder.asked(order_id, now, answer)
        return answer

    def _decide(self, message: Message, now: datetime) -> None:
        items, sound = decide(self.core, message, now)
        if self._recorder is not None:
            self._recorder.handled(message, now, items)
        if not sound and not isinstance(message, SetTradingState):
            self._inbox.append(SetTradingState(TradingState.REDUCING, "a decision failed"))
        self._emit(items, now, message.received_at if isinstance(message, Trade | Book) else now)
        if isinstance(message, TimePassed):
            self._tell_queue(now)

    def _tell_queue(self, now: datetime) -> None:
        if self._queue_told is None or now - self._queue_told >= QUEUE_TOLD_EVERY:
            self._queue_told = now
            self._inbox.append(self.executor.status())
            self._inbox.append(self.beats.message())

    def _note(self, words: str) -> None:
        if self._recorder is not None:
            self._recorder.noted(words, self._clock.now())

    def _emit(self, items: list[Event | Effect], now: datetime, signal: datetime | None = None) -> None:
        for item in items:
            if isinstance(item, EFFECTS):
                self.executor.put(item, signal)
                continue
            if isinstance(item, FillBooked):
                self.executor.latency.filled(item.fill.order_id, self._clock.now())
            if isinstance(item, JOURNALED):
                self._write(item, now)
            self.bus.publish(item)

    def _write(self, event: Event, now: datetime) -> None:
        if self._journal_failed and not isinstance(event, KillMarked):
            return
        try:
            self._journal.append(event, now)  # type: ignore[arg-type]
        except StorageError as error:
            self.journal_failed(str(error))

    def journal_failed(self, words: str) -> None:
        """Latch: nothing that adds risk leaves any more in this run; a person is told."""
        if self._journal_failed:
            return
        self._journal_failed = True
        _log.critical("the journal failed: %s", words)
        self._note(f"the journal failed: {words}")
        self._inbox.append(SetTradingState(TradingState.REDUCING, "the journal cannot be written"))
        self.bus.publish(AlertRaised("journal_failed", words, critical=True))
        asyncio.get_running_loop().call_soon(self._drain_after_failure)

    def mark_failed(self, mark: KillMark, words: str) -> None:
        """A mark of the kill switch is not kept everywhere: a trip holds all the same, a release does not."""
        if not mark.halted and mark == self.core.switch.mark:
            self.post(SetTradingState(TradingState.HALTED, f"the switch cannot be kept: {words}"))
        self.bus.publish(AlertRaised("kill_not_kept", words, critical=True))

    def _drain_after_failure(self) -> None:
        if self._inbox:
            self.post(TimePassed())
