"""Journal before wire, the most urgent first, never twice; and every kind of trouble becomes the right message."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from app.domain.breaker import CallGroup, CandlesFailed
from app.domain.effects import (
    ApprovedOrder,
    CheckVenue,
    LoadBook,
    LoadCandles,
    LookUpOrder,
    ReadAccount,
    SendCancel,
    SubmitOrder,
)
from app.domain.errors import (
    OutcomeUnknownError,
    VenueError,
    VenueNotFoundError,
    VenueRefusedError,
    VenueUnavailableError,
)
from app.domain.market_data import Book
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
    ReplacementTaken,
)
from app.domain.order import Order, OrderState
from app.domain.values import Priority, Purpose, Side
from app.domain.venue_health import BookFailed, VenueChecked, VenueCheckFailed
from app.engine import order_executor
from app.engine.order_executor import OrderExecutor
from app.engine.send_queue import ROOM
from app.engine.task_supervisor import TaskSupervisor
from tests.unit.engine.playbook import VENUE, XRP, order_of
from tests.unit.engine.stage import FakeVenue, GatedJournal, StillClock, settle


@dataclass
class Stage:
    """An executor with its surroundings."""

    venue: FakeVenue = field(default_factory=FakeVenue)
    posted: list[Message] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.journal = GatedJournal()
        self.supervisor = TaskSupervisor(lambda name, error: self.deaths.append(name))
        self.clock = StillClock()
        self.executor = OrderExecutor(
            self.venue, self.journal, self.clock, self.posted.append, self.refusals.get, self.supervisor.spawn
        )

    def of(self, kind: type) -> list[Message]:
        return [message for message in self.posted if isinstance(message, kind)]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    made.executor.start()
    yield made
    await made.supervisor.stop()
    assert made.deaths == []


def submit(order_id: str, purpose: Purpose = Purpose.ENTRY) -> SubmitOrder:
    side = Side.BUY if purpose is Purpose.ENTRY else Side.SELL
    order = order_of(order_id, side=side, purpose=purpose, state=OrderState.INTENT)
    urgency = {Purpose.ENTRY: Priority.ENTRY, Purpose.EXIT: Priority.EXIT, Purpose.LIQUIDATION: Priority.LIQUIDATION}
    return SubmitOrder(ApprovedOrder(order, urgency[purpose]))


def cancel(order_id: str) -> SendCancel:
    return SendCancel(XRP, order_id, None, Priority.CANCEL)


def look_up(order_id: str) -> LookUpOrder:
    return LookUpOrder(XRP, order_id, None, Priority.LOOKUP)


# ---- journal first ---------------------------------------------------------------------------------------------------


async def test_nothing_leaves_before_its_record_is_durable(stage: Stage) -> None:
    """Law 1: write down, then send."""
    stage.journal.gate.clear()
    stage.executor.put(submit("a"))
    stage.executor.put(submit("b", Purpose.LIQUIDATION))
    await settle()
    assert stage.journal.waits == 2 and stage.venue.calls == [] and stage.posted == []
    stage.journal.gate.set()
    await stage.executor.drained()
    assert stage.venue.called("place") == ["a", "b"] or stage.venue.called("place") == ["b", "a"]


async def test_sending_is_told_before_the_bytes_leave(stage: Stage) -> None:
    at_the_call: list[Message] = []
    stage.venue.seen = lambda call: at_the_call.extend(stage.posted)
    stage.executor.put(submit("a"))
    await stage.executor.drained()
    assert at_the_call == [OrderSent("a")]
    assert [type(message) for message in stage.posted] == [OrderSent, OrderAccepted]


async def test_a_journal_that_failed_holds_entries_back_and_lets_reducing_orders_leave(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """S6, S9: a full disk must not keep anybody in a position (freqtrade#5621)."""
    stage.journal.broken = True
    for effect in (submit("entry"), submit("exit", Purpose.EXIT), submit("last", Purpose.LIQUIDATION)):
        stage.executor.put(effect)
    await stage.executor.drained()
    assert sorted(stage.venue.called("place")) == ["exit", "last"]
    assert stage.of(OrderNotSent) == [OrderNotSent("entry", "the journal cannot be written")]
    assert "journal not durable" in caplog.text


async def test_what_was_refused_meanwhile_does_not_leave(stage: Stage) -> None:
    """C9: the gate's second look, after the wait for the disk."""
    stage.journal.gate.clear()
    stage.executor.put(submit("a"))
    await settle()
    stage.refusals["a"] = "halted: trading is halted"
    stage.journal.gate.set()
    await stage.executor.drained()
    assert stage.venue.calls == [] and stage.posted == [OrderNotSent("a", "halted: trading is halted")]


async def test_the_venue_is_handed_the_last_look(stage: Stage) -> None:
    """An order may wait for the venue's rate limit; it asks again when its turn has come."""
    stage.executor.put(submit("a"))
    await stage.executor.drained()
    assert stage.venue.last_look is not None and stage.venue.last_look() is None
    stage.refusals["a"] = "reducing_only: trading is reducing"
    assert stage.venue.last_look() == "reducing_only: trading is reducing"


async def test_an_order_is_never_placed_twice(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """I3, X3: the same identifier may be executed twice at some venues."""
    stage.venue.trouble["place"] = OutcomeUnknownError("timeout")
    stage.executor.put(submit("a"))
    await stage.executor.drained()
    stage.executor.put(submit("a"))
    await stage.executor.drained()
    assert stage.venue.called("place") == ["a"] and len(stage.posted) == 2
    assert "second time" in caplog.text


# ---- who goes first --------------------------------------------------------------------------------------------------


async def test_the_most_urgent_leaves_first() -> None:
    stage = Stage()
    for effect in (
        submit("entry"),
        look_up("lookup"),
        cancel("cancel"),
        submit("exit", Purpose.EXIT),
        submit("liquidation", Purpose.LIQUIDATION),
        submit("entry-2"),
    ):
        stage.executor.put(effect)
    assert stage.executor.waiting == 6
    stage.executor.start()
    await stage.executor.drained()
    assert [what for _, what in stage.venue.calls] == ["liquidation", "exit", "cancel", "lookup", "entry", "entry-2"]
    await stage.supervisor.stop()


async def test_neither_entries_nor_look_ups_hold_an_exit_back(stage: Stage) -> None:
    """P16: each lane has room of its own, so that a flood of slow answers cannot keep an exit waiting."""
    stage.venue.slow = {name: asyncio.Event() for number in range(20) for name in (f"entry-{number}", f"look-{number}")}
    for number in range(20):
        stage.executor.put(submit(f"entry-{number}"))
        stage.executor.put(look_up(f"look-{number}"))
    await settle()
    assert (len(stage.venue.called("place")), len(stage.venue.called("look_up"))) == (ROOM[2], ROOM[1])
    stage.executor.put(submit("exit", Purpose.EXIT))
    stage.executor.put(cancel("entry-0"))
    await settle()
    assert stage.venue.calls[-2:] == [("place", "exit"), ("cancel", "entry-0")]
    assert stage.executor.waiting == 40 - ROOM[1] - ROOM[2]
    for event in stage.venue.slow.values():
        event.set()
    await stage.executor.drained()
    assert (len(stage.venue.called("place")), len(stage.venue.called("look_up"))) == (21, 20)


async def test_one_task_is_made_for_an_effect_with_room_and_none_for_the_others(stage: Stage) -> None:
    stage.venue.slow = {"place": asyncio.Event()}
    made: list[str] = []
    spawn = stage.executor._spawn
    stage.executor._spawn = lambda coro, name: (made.append(name), spawn(coro, name))
    for number in range(10):
        stage.executor.put(submit(f"entry-{number}"))
    assert len(made) == ROOM[2]
    stage.executor.put(cancel("entry-0"))
    assert len(made) == ROOM[2] + 1
    stage.venue.slow["place"].set()
    await stage.executor.drained()
    assert len(made) == ROOM[2] + 1  # the others were carried out by the tasks that had room again


async def test_entries_held_back_by_urgent_calls_begin_when_those_have_room(stage: Stage) -> None:
    stage.venue.slow = {f"c-{number}": asyncio.Event() for number in range(ROOM[0] + 1)}
    for number in range(ROOM[0] + 1):
        stage.executor.put(cancel(f"c-{number}"))
    stage.executor.put(submit("entry"))
    await settle()
    assert stage.venue.called("place") == []
    stage.venue.slow["c-0"].set()  # the last cancel gets its room, and with it the entry, while all others hang
    await settle()
    assert len(stage.venue.called("cancel")) == ROOM[0] + 1 and stage.venue.called("place") == ["entry"]
    for event in stage.venue.slow.values():
        event.set()
    await stage.executor.drained()


async def test_an_entry_before_the_rate_limit_stands_back_for_urgent_calls_without_room(stage: Stage) -> None:
    stage.venue.slow = {"place": asyncio.Event(), "cancel": asyncio.Event()}
    stage.executor.put(submit("entry"))
    await settle()
    last_look = stage.venue.last_look
    assert last_look is not None and last_look() is None
    for number in range(ROOM[0] + 1):
        stage.executor.put(cancel(f"c-{number}"))
    assert last_look() == "something that reduces risk waits for its turn"
    stage.venue.slow["cancel"].set()
    await settle()
    assert last_look() is None
    stage.venue.slow["place"].set()
    await stage.executor.drained()


async def test_entries_withdrawn_by_the_hundred_let_an_exit_pass(stage: Stage) -> None:
    stage.refusals.update({f"e{number}": "reducing_only: trading is reducing" for number in range(100)})
    dropped: list[int] = []
    stage.venue.seen = lambda call: dropped.append(len(stage.of(OrderNotSent)))
    for order_id in list(stage.refusals):
        stage.executor.put(submit(order_id))
    stage.executor.put(submit("exit", Purpose.EXIT))
    await stage.executor.drained()
    assert len(dropped) == 1 and dropped[0] < 3 * ROOM[2] and len(stage.of(OrderNotSent)) == 100


async def test_no_entry_begins_while_the_record_of_an_urgent_call_is_written(stage: Stage) -> None:
    stage.journal.gate.clear()
    for effect in (cancel("c"), submit("entry")):
        stage.executor.put(effect)
        await settle()
    assert stage.journal.waits == 1
    stage.journal.gate.set()
    await stage.executor.drained()
    assert stage.venue.called("place") == ["entry"]


async def test_the_end_of_an_entry_is_told_once_what_is_urgent_has_left(stage: Stage) -> None:
    """What its end leads to is decided then: a press does not wait for it."""
    stage.venue.slow = {"place": asyncio.Event()}
    stage.venue.trouble = {"place": VenueUnavailableError("withdrawn", "the emergency control is running")}
    told: list[int] = []
    stage.venue.seen = lambda call: told.append(len(stage.of(OrderNotSent)))
    stage.executor.put(submit("entry"))
    await settle()
    stage.journal.gate.clear()
    stage.executor.put(cancel("c"))
    stage.venue.slow["place"].set()
    await settle()
    assert stage.of(OrderNotSent) == []
    stage.journal.gate.set()
    await stage.executor.drained()
    assert stage.venue.calls == [("place", "entry"), ("cancel", "c")] and told == [0, 0]
    assert len(stage.of(OrderNotSent)) == 1


async def test_the_queue_can_be_seen(stage: Stage) -> None:
    stage.venue.slow = {"place": asyncio.Event()}
    stage.venue.slot_s = {Priority.ENTRY: 0.25}
    for number in range(7):
        stage.executor.put(submit(f"entry-{number}"))
    await settle()
    stage.clock.at += timedelta(seconds=3)
    status = stage.executor.status()
    assert dict(status.waiting) == {**dict.fromkeys(Priority, 0), Priority.ENTRY: 7 - ROOM[2]}
    assert (status.venue, status.in_flight, status.oldest_s) == (VENUE, ROOM[2], 3.0)
    assert (status.next_exit_ms, status.next_entry_ms) == (0.0, 250.0)
    stage.venue.slow["place"].set()
    await stage.executor.drained()
    status = stage.executor.status()
    assert (status.in_flight, status.oldest_s) == (0, None)


async def test_the_way_of_an_order_is_measured(stage: Stage) -> None:
    """Signal 3 ms before the decision, 5 ms until durable, 7 ms for the rate limit, 11 ms until the answer."""
    moment, step = stage.clock.now(), timedelta(milliseconds=1)
    stage.journal.gate.clear()
    stage.venue.slow = {"place": asyncio.Event()}
    stage.executor.put(submit("a"), signal=moment - 3 * step)
    await settle()
    stage.clock.at += 5 * step
    stage.journal.gate.set()
    await settle()
    stage.clock.at += 7 * step
    assert stage.venue.last_look is not None and stage.venue.last_look() is None
    stage.clock.at += 11 * step
    stage.venue.slow["place"].set()
    await stage.executor.drained()
    took = {one.stage.value: one.max_ms for one in stage.executor.status().latencies}
    assert took == {"decision": 3.0, "journal": 5.0, "wire": 7.0, "wire_total": 15.0, "answer": 11.0}


async def test_an_idle_executor_is_drained_at_once(stage: Stage) -> None:
    await asyncio.wait_for(stage.executor.drained(), 1)


# ---- what comes back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OutcomeUnknownError("timeout", "no answer"), OrderOutcomeUnknown("a", "timeout: no answer")),
        (VenueRefusedError("under_min_total", "too small"), OrderRefused("a", "under_min_total", "too small")),
        (VenueNotFoundError("not_found", "?"), OrderRefused("a", "not_found", "?")),
        (VenueUnavailableError("connect", "refused"), OrderNotSent("a", "connect: refused", CallGroup.ORDER)),
        (VenueUnavailableError("withdrawn", "halted"), OrderNotSent("a", "withdrawn: halted")),
    ],
)
async def test_trouble_with_an_order_becomes_the_right_message(
    stage: Stage, error: VenueError, message: Message
) -> None:
    stage.venue.trouble["place"] = error
    stage.executor.put(submit("a"))
    await stage.executor.drained()
    assert stage.posted == [OrderSent("a"), message]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (None, CancelAnswered("a", accepted=True)),
        (VenueRefusedError("done", "filled"), CancelAnswered("a", accepted=False, detail="done: filled")),
        (VenueNotFoundError("not_found"), CancelAnswered("a", accepted=False, detail="not_found")),
        (
            OutcomeUnknownError("timeout"),
            LookupFailed("a", "cancel: timeout", CallGroup.CANCEL),
        ),  # T6: lost is not refused
        (VenueUnavailableError("connect"), LookupFailed("a", "cancel: connect", CallGroup.CANCEL)),
        (VenueUnavailableError("rate_limited"), LookupFailed("a", "cancel: rate_limited")),
    ],
)
async def test_answers_to_a_cancel_become_the_right_message(
    stage: Stage, error: VenueError | None, message: Message
) -> None:
    if error is not None:
        stage.venue.trouble["cancel"] = error
    stage.executor.put(cancel("a"))
    await stage.executor.drained()
    assert stage.posted == [message]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (VenueNotFoundError("not_found"), OrderLookedUp("a", None)),
        (VenueRefusedError("forbidden"), LookupFailed("a", "forbidden")),
        (OutcomeUnknownError("timeout"), LookupFailed("a", "timeout", CallGroup.LOOKUP)),
        (VenueUnavailableError("connect"), LookupFailed("a", "connect", CallGroup.LOOKUP)),
    ],
)
async def test_only_an_explicit_not_found_is_a_not_found(stage: Stage, error: VenueError, message: Message) -> None:
    """T7 (hummingbot counts every lookup error as "not found")."""
    stage.venue.trouble["look_up"] = error
    stage.executor.put(look_up("a"))
    await stage.executor.drained()
    assert stage.posted == [message]


async def test_a_lookup_brings_the_report(stage: Stage) -> None:
    stage.executor.put(look_up("a"))
    await stage.executor.drained()
    (found,) = stage.of(OrderLookedUp)
    assert isinstance(found, OrderLookedUp) and found.report is not None and found.report.order_id == "a"


async def test_a_reading_is_posted_and_its_failure_too(stage: Stage) -> None:
    stage.executor.put(ReadAccount(VENUE))
    await stage.executor.drained()
    stage.venue.trouble["account"] = VenueUnavailableError("maintenance")
    stage.executor.put(ReadAccount(VENUE))
    await stage.executor.drained()
    assert isinstance(stage.posted[0], AccountRead)
    assert stage.posted[1] == AccountReadFailed(VENUE, "maintenance", CallGroup.LOOKUP)


async def test_a_worker_that_stumbles_leaves_its_order_unknown_and_works_on(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """Not one of the venue's errors but a fault of ours, after the bytes may have left."""
    stage.venue.trouble["place"] = ZeroDivisionError("a bug")
    for number in range(ROOM[2] + 1):
        stage.executor.put(submit(f"o-{number}"))
    await stage.executor.drained()
    unknown = [message for message in stage.posted if isinstance(message, OrderOutcomeUnknown)]
    assert len(unknown) == ROOM[2] + 1
    assert "carrying out SubmitOrder failed" in caplog.text


async def test_history_that_could_not_be_loaded_is_loaded_later(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(order_executor, "CANDLE_RETRY", timedelta(0))
    stage.venue.trouble["candles"] = VenueUnavailableError("maintenance")
    stage.executor.put(LoadCandles(XRP, 60, 200))
    await stage.executor.drained()
    del stage.venue.trouble["candles"]
    await settle()
    await stage.executor.drained()
    assert stage.posted == [
        CandlesFailed(XRP, "maintenance", CallGroup.QUOTATION),
        CandlesLoaded(XRP, 60, ()),
    ]
    assert len(stage.venue.called("candles")) == 2 and "trying again" in caplog.text


async def test_a_check_and_a_book_come_back_as_messages(stage: Stage) -> None:
    stage.executor.put(CheckVenue(VENUE))
    stage.executor.put(LoadBook(XRP))
    await stage.executor.drained()
    checked, book = stage.posted
    assert isinstance(checked, VenueChecked) and isinstance(book, Book) and book.polled


async def test_a_check_or_a_book_that_fails_is_told_and_not_repeated(stage: Stage) -> None:
    stage.venue.trouble.update(check=VenueUnavailableError("timed_out"), book=VenueUnavailableError("rate_limited"))
    stage.executor.put(CheckVenue(VENUE))
    stage.executor.put(LoadBook(XRP))
    await stage.executor.drained()
    assert stage.posted == [
        VenueCheckFailed(VENUE, "timed_out", CallGroup.QUOTATION),
        BookFailed(XRP, "rate_limited", None),
    ]


async def test_a_reading_that_stumbles_is_one_that_failed(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.venue.trouble["account"] = RuntimeError("a bug in the adapter")
    stage.executor.put(ReadAccount(VENUE))
    await stage.executor.drained()
    assert isinstance(stage.posted[-1], AccountReadFailed)
    assert "carrying out ReadAccount failed" in caplog.text
    stage.executor.put(submit("a"))
    await stage.executor.drained()
    assert stage.venue.called("place") == ["a"]


# ---- in the place of another -----------------------------------------------------------------------------------------


def in_place_of(order_id: str, replaced: str) -> SubmitOrder:
    approved = submit(order_id).approved
    order = approved.order
    return SubmitOrder(replace(approved, order=replace(order, intent=replace(order.intent, replaces=replaced))))


class ReplacingVenue(FakeVenue):
    """Offers cancel-and-new."""

    async def replace_order(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None = None
    ) -> None:
        await self._call("replace", order.order_id)


async def test_what_the_venue_took_is_not_taken_for_accepted(stage: Stage) -> None:
    stage.executor._venue = stage.venue = ReplacingVenue()
    stage.executor.put(in_place_of("b", "a"))
    await stage.executor.drained()
    assert stage.posted == [OrderSent("b"), ReplacementTaken("b")]
    assert stage.venue.called("replace") == ["b"] and stage.venue.called("place") == []


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OutcomeUnknownError("timeout", "no answer"), OrderOutcomeUnknown("b", "timeout: no answer")),
        (VenueNotFoundError("order_not_found", "?"), OrderRefused("b", "order_not_found", "?")),
        (VenueUnavailableError("withdrawn", "halted"), OrderNotSent("b", "withdrawn: halted")),
    ],
)
async def test_trouble_with_a_replacement_becomes_the_right_message(
    stage: Stage, error: VenueError, message: Message
) -> None:
    stage.executor._venue = stage.venue = ReplacingVenue()
    stage.venue.trouble["replace"] = error
    stage.executor.put(in_place_of("b", "a"))
    await stage.executor.drained()
    assert stage.posted == [OrderSent("b"), message]


async def test_a_venue_that_replaces_nothing_is_asked_for_nothing(stage: Stage) -> None:
    stage.executor.put(in_place_of("b", "a"))
    await stage.executor.drained()
    assert stage.venue.calls == [] and stage.of(OrderNotSent)
