"""Sends what was decided: journal first, then the wire; the most urgent first; never twice.

One priority queue, one task per call under way. Whatever a call brings is posted back as a message; nothing is decided
here.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from app.domain.breaker import CallGroup, CandlesFailed
from app.domain.effects import (
    CheckVenue,
    Effect,
    LoadBook,
    LoadCandles,
    LookUpOrder,
    ReadAccount,
    SendCancel,
    SubmitOrder,
)
from app.domain.errors import (
    OutcomeUnknownError,
    StorageError,
    VenueError,
    VenueNotFoundError,
    VenueRefusedError,
    VenueUnavailableError,
)
from app.domain.messages import (
    AccountRead,
    AccountReadFailed,
    CancelAnswered,
    CandlesLoaded,
    LookupFailed,
    Message,
    OrderAccepted,
    OrderLookedUp,
    OrderNotSent,
    OrderOutcomeUnknown,
    OrderRefused,
    OrderSent,
    QueueStatus,
    ReplacementTaken,
)
from app.domain.order import Order
from app.domain.ports import Clock, Journal, OrderReplacer, VenueClient
from app.domain.values import Priority
from app.domain.venue_health import BookFailed, VenueChecked, VenueCheckFailed
from app.engine.heartbeats import Heartbeats
from app.engine.latency_watch import LatencyWatch
from app.engine.send_queue import ROOM, Job, SendQueue

_log = logging.getLogger(__name__)

CANDLE_RETRY = timedelta(seconds=3)
#: A call under way may wait for the rate limit and then for its answer; one that takes longer hangs.
CALL_DUE_S = 120.0
#: A journal that is not durable after this long counts as failed for the order that waits for it.
JOURNAL_PATIENCE = timedelta(seconds=2)


class OrderExecutor:
    """Carries out effects against one venue.

    ``may_send(order_id)`` is asked right before the bytes of an order leave and returns None or the reason why not.
    """

    def __init__(
        self,
        venue: VenueClient,
        journal: Journal,
        clock: Clock,
        post: Callable[[Message], None],
        may_send: Callable[[str], str | None],
        spawn: Callable[[Coroutine[object, object, None], str], object],
        room: Sequence[int] = ROOM,
    ) -> None:
        """``room`` bounds the calls under way at the same time: what reduces risk, look-ups, entries."""
        self._venue = venue
        self._journal = journal
        self._clock = clock
        self._post = post
        self._may_send = may_send
        self._spawn = spawn
        self.latency = LatencyWatch()
        self.beats = Heartbeats(clock)
        self._queue = SendQueue(room)
        self._running = False
        #: Calls that reduce risk and wait for their record: no entry takes the slot they will need.
        self._urgent_writes = 0
        self._none_urgent = asyncio.Event()
        self._none_urgent.set()
        self._placed: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def waiting(self) -> int:
        """Number of effects that wait for their turn."""
        return self._queue.waiting

    def status(self) -> QueueStatus:
        """The queue as the screen shows it."""
        now = self._clock.now()
        return QueueStatus(
            venue=self._venue.venue,
            waiting=self._queue.waiting_by_priority(),
            in_flight=self._queue.in_flight,
            oldest_s=self._queue.oldest_s(now),
            next_exit_ms=self._venue.next_slot_s(Priority.EXIT) * 1000,
            next_entry_ms=self._venue.next_slot_s(Priority.ENTRY) * 1000,
            latencies=self.latency.summary(),
            checked_at=now,
            budgets=self._venue.budgets(),
        )

    def start(self) -> None:
        """Begin to carry out, with what was queued before."""
        self._running = True
        self._begin()

    def put(self, effect: Effect, signal: datetime | None = None) -> None:
        """Queue an effect by its priority; ``signal`` is when the message that caused it was received."""
        now = self._clock.now()
        if isinstance(effect, SubmitOrder):
            self.latency.decided(effect.approved.order, signal or now, now)
        self._queue.put(effect, _priority(effect), now)
        self._idle.clear()
        self._begin()

    async def drained(self) -> None:
        """Wait until nothing is queued or under way."""
        await self._idle.wait()

    def _begin(self) -> None:
        """One task for each effect that has room, and none for the others."""
        while self._running and (job := self._take()) is not None:
            self._spawn(self._work(job), f"order-call-{job.number}")

    def _take(self) -> Job | None:
        # None begins until the record of what reduces risk is on disk: to drop a thousand of them takes its time.
        return self._queue.take(hold_entries=self._urgent_writes > 0)

    async def _work(self, job: Job | None) -> None:
        """Carry out ``job`` and then, with the room it gives up, what waits for it."""
        while job is not None:
            name = f"order-call-{job.number}"
            self.beats.beat(name, CALL_DUE_S)
            try:
                await self._carry_out(job.effect)
                # What is withdrawn waits for nothing: a thousand of them in one go would hold up what is urgent.
                await asyncio.sleep(0)
            finally:
                self.beats.beat(name, None)
                self._queue.done(job)
            job = self._take()
            self._begin()
        if self._queue.is_idle:
            self._idle.set()

    async def _carry_out(self, effect: Effect) -> None:
        try:
            await self._do(effect)
        except Exception as error:  # supervised line: a worker that dies would leave its order without an answer
            _log.exception("carrying out %s failed", type(effect).__name__)
            self._post_trouble(effect, repr(error))

    def _post_trouble(self, effect: Effect, words: str) -> None:
        """Nobody knows how far it came: an order may have left, everything else is asked again."""
        match effect:
            case SubmitOrder(approved):
                self._post(OrderOutcomeUnknown(approved.order.order_id, words))
            case SendCancel(order_id=order_id):
                self._post(LookupFailed(order_id, words, CallGroup.CANCEL))
            case LookUpOrder(order_id=order_id):
                self._post(LookupFailed(order_id, words, CallGroup.LOOKUP))
            case ReadAccount(venue):
                self._post(AccountReadFailed(venue, words, CallGroup.LOOKUP))
            case LoadCandles():
                self._post(CandlesFailed(effect.market, words, CallGroup.QUOTATION))
                self._load_again(effect)
            case CheckVenue(venue):
                self._post(VenueCheckFailed(venue, words, CallGroup.QUOTATION))
            case LoadBook(market):
                self._post(BookFailed(market, words, CallGroup.QUOTATION))

    async def _do(self, effect: Effect) -> None:
        match effect:
            case SubmitOrder():
                await self._submit(effect)
            case SendCancel():
                await self._cancel(effect)
            case LookUpOrder():
                await self._look_up(effect)
            case ReadAccount():
                await self._read_account(effect)
            case LoadCandles():
                await self._load_candles(effect)
            case CheckVenue():
                await self._check(effect)
            case LoadBook():
                await self._load_book(effect)

    async def _submit(self, effect: SubmitOrder) -> None:
        order = effect.approved.order
        if await self._is_written(order.order_id, order.intent.purpose.reduces_risk):
            self.latency.durable(order.order_id, self._clock.now())
        elif not order.intent.purpose.reduces_risk:
            await self._not_sent(order, "the journal cannot be written")
            return
        refusal = self._may_send(order.order_id)
        if refusal is not None:
            await self._not_sent(order, refusal)
            return
        if order.order_id in self._placed:
            _log.critical("order %s was about to be sent a second time", order.order_id)
            return
        self._placed.add(order.order_id)
        self._post(OrderSent(order.order_id))
        try:
            answer = await self._send(order, effect.approved.priority)
        except OutcomeUnknownError as error:
            self._post(OrderOutcomeUnknown(order.order_id, str(error)))
        except VenueRefusedError as error:
            self._post(OrderRefused(order.order_id, error.code, error.detail))
        except VenueError as error:
            await self._not_sent(order, str(error), _failed(error, CallGroup.ORDER))
        else:
            self.latency.answered(order.order_id, self._clock.now())
            self._post(answer)

    async def _send(self, order: Order, priority: Priority) -> Message:
        last_look = partial(self._last_look, order)
        if not order.intent.replaces:
            return OrderAccepted(order.order_id, await self._venue.place_order(order, priority, last_look))
        if not isinstance(self._venue, OrderReplacer):
            raise VenueUnavailableError("not_offered", f"{self._venue.venue} cannot replace orders")
        await self._venue.replace_order(order, priority, last_look)
        return ReplacementTaken(order.order_id)

    def _last_look(self, order: Order) -> str | None:
        """Asked by the venue's client when everything but the bytes is done."""
        if (self._queue.urgent_waits or self._urgent_writes) and not order.intent.purpose.reduces_risk:
            return "something that reduces risk waits for its turn"
        refusal = self._may_send(order.order_id)
        if refusal is None:
            self.latency.leaving(order.order_id, self._clock.now())
        return refusal

    async def _not_sent(self, order: Order, words: str, failed: CallGroup | None = None) -> None:
        if not order.intent.purpose.reduces_risk:
            await self._none_urgent.wait()  # a press leaves first; what the end of an entry leads to is decided then
        self.latency.forget(order.order_id)
        self._post(OrderNotSent(order.order_id, words, failed))

    async def _is_written(self, order_id: str, urgent: bool) -> bool:
        """True once everything so far is on disk; a disk that failed or hangs must not keep anybody in a position,
        so what reduces risk leaves all the same."""
        self._count_urgent(urgent)
        try:
            # Not wait_for: on Python 3.11 it can swallow a cancellation and leave the worker running for ever.
            async with asyncio.timeout(JOURNAL_PATIENCE.total_seconds()):
                await self._journal.durable()
        except (StorageError, TimeoutError) as error:
            _log.critical("journal not durable before %s: %r", order_id, error)
            return False
        finally:
            self._count_urgent(-urgent)
            self._begin()
        return True

    def _count_urgent(self, more: int) -> None:
        self._urgent_writes += more
        if self._urgent_writes:
            self._none_urgent.clear()
        else:
            self._none_urgent.set()

    async def _cancel(self, effect: SendCancel) -> None:
        # The emergency run is on disk before its first cancel leaves: a crash in between must not forget it.
        await self._is_written(effect.order_id, urgent=True)
        try:
            await self._venue.cancel_order(effect.order_id, effect.venue_order_id, effect.priority)
        except VenueRefusedError as error:
            self._post(CancelAnswered(effect.order_id, accepted=False, detail=str(error)))
        except VenueError as error:
            # Lost is not refused: the order stays CANCELLING, is looked up, and the cancel is asked again.
            self._post(LookupFailed(effect.order_id, f"cancel: {error}", _failed(error, CallGroup.CANCEL)))
        else:
            self._post(CancelAnswered(effect.order_id, accepted=True))

    async def _look_up(self, effect: LookUpOrder) -> None:
        try:
            report = await self._venue.look_up_order(effect.order_id, effect.venue_order_id, effect.priority)
        except VenueNotFoundError:
            self._post(OrderLookedUp(effect.order_id, None))
        except VenueError as error:
            self._post(LookupFailed(effect.order_id, str(error), _failed(error, CallGroup.LOOKUP)))
        else:
            self._post(OrderLookedUp(effect.order_id, report))

    async def _read_account(self, effect: ReadAccount) -> None:
        try:
            snapshot = await self._venue.read_account(effect.ended_since)
        except VenueError as error:
            self._post(AccountReadFailed(effect.venue, str(error), _failed(error, CallGroup.LOOKUP)))
        else:
            self._post(AccountRead(snapshot))

    async def _load_candles(self, effect: LoadCandles) -> None:
        try:
            candles = await self._venue.load_candles(effect.market, effect.seconds, effect.count)
        except VenueError as error:
            _log.warning("candles of %s not loaded, trying again: %s", effect.market, error)
            self._post(CandlesFailed(effect.market, str(error), _failed(error, CallGroup.QUOTATION)))
            self._load_again(effect)
        else:
            self._post(CandlesLoaded(effect.market, effect.seconds, candles))

    async def _check(self, effect: CheckVenue) -> None:
        try:
            reply = await self._venue.check()
        except VenueError as error:
            self._post(VenueCheckFailed(effect.venue, str(error), _failed(error, CallGroup.QUOTATION)))
        else:
            self._post(VenueChecked(effect.venue, reply))

    async def _load_book(self, effect: LoadBook) -> None:
        try:
            book = await self._venue.load_book(effect.market)
        except VenueError as error:
            self._post(BookFailed(effect.market, str(error), _failed(error, CallGroup.QUOTATION)))
        else:
            self._post(replace(book, polled=True))

    def _load_again(self, effect: LoadCandles) -> None:
        asyncio.get_running_loop().call_later(CANDLE_RETRY.total_seconds(), self.put, effect)


def _failed(error: VenueError, group: CallGroup) -> CallGroup | None:
    """The group whose call failed; None when the venue, or we ourselves, said no in words."""
    return group if error.is_failure else None


def _priority(effect: Effect) -> Priority:
    match effect:
        case SubmitOrder(approved):
            return approved.priority
        case SendCancel(priority=priority) | LookUpOrder(priority=priority):
            return priority
        case ReadAccount():
            return Priority.CANCEL
        case LoadCandles() | CheckVenue() | LoadBook():
            return Priority.LOOKUP
