"""The async shell: one door, one message at a time, journal order = event order, a failed journal latches."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from app.domain.blueprint import EntryOrderPolicy
from app.domain.commands import SetTradingState
from app.domain.errors import StorageError
from app.domain.kill import OUTSIDE_CANCEL, OUTSIDE_FLATTEN, KillMarked
from app.domain.latency import Stage as Leg
from app.domain.limits import TradingLimits
from app.domain.messages import (
    JOURNALED,
    AlertRaised,
    EngineStarted,
    EngineStopped,
    Event,
    Message,
    OrderChanged,
    OrderRefused,
    OrderReported,
    OrderSent,
    PositionChanged,
    QueueStatus,
    TimePassed,
    TradingStateChanged,
)
from app.domain.order import OrderState
from app.domain.position import PositionState
from app.domain.values import OrderType, TradingState
from app.engine.event_bus import EventBus
from app.engine.task_supervisor import TaskSupervisor
from app.engine.trading_core import TradingCore
from app.engine.trading_engine import TradingEngine
from tests.unit.engine.playbook import VENUE, XRP, Playbook, Recovered, StoryIds, blueprint, price
from tests.unit.engine.stage import FakeVenue, GatedJournal, StillClock, settle


@dataclass
class Outside:
    """OutsideStop: what another program did."""

    words: str | None = None
    taken: bool = False
    sold: bool = False

    def tripped(self) -> str | None:
        words, self.words = self.words, None
        return words

    def taken_over(self) -> bool:
        return self.taken

    def others_sold(self) -> bool:
        sold, self.sold = self.sold and not self.taken, False
        return sold


@dataclass
class Stage:
    """An engine with its surroundings. The playbook of ``script`` writes the news; it has a core of its own."""

    venue: FakeVenue = field(default_factory=FakeVenue)
    clock: StillClock = field(default_factory=StillClock)
    bus: EventBus = field(default_factory=EventBus)
    heard: list[Event] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)
    outside: Outside = field(default_factory=Outside)

    def __post_init__(self) -> None:
        self.journal = GatedJournal()
        self.supervisor = TaskSupervisor(lambda name, error: self.deaths.append(name))
        core = TradingCore(VENUE, "KRW", TradingLimits(), StoryIds())
        shell = (self.venue, self.journal, self.bus, self.clock, self.supervisor.spawn)
        self.engine = TradingEngine(core, *shell, outside=self.outside)
        self.bus.subscribe(self.heard.append)
        self.script = Playbook()
        self.script.core = core

    def start(self) -> None:
        self.engine.start(Recovered(), None, "practice")

    def ready(self) -> None:
        """As Playbook.ready, through the engine's door."""
        self.script._take = self.engine.post  # type: ignore[method-assign]
        self.script.ready()

    def told(self, kind: type) -> list[Event]:
        return [event for event in self.heard if isinstance(event, kind)]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    yield made
    await made.supervisor.stop()
    assert made.deaths == []


async def test_the_start_is_written_down_first(stage: Stage) -> None:
    stage.start()
    assert stage.journal.events[0] == EngineStarted(2, "practice", True)


async def test_the_proper_end_is_written_down_last_and_nothing_is_decided_afterwards(stage: Stage) -> None:
    stage.start()
    await stage.engine.stop(2)
    stage.engine.post(SetTradingState(TradingState.ENABLED, "too late"))
    assert stage.journal.events[-1] == EngineStopped(2)
    assert stage.engine.core.switch.state is TradingState.DISABLED


async def test_news_before_the_start_waits_for_it(stage: Stage) -> None:
    stage.engine.post(SetTradingState(TradingState.ENABLED, "early"))
    assert stage.heard == []
    stage.start()
    stage.engine.post(TimePassed())
    assert len(stage.told(TradingStateChanged)) == 1


async def test_the_journal_has_the_same_order_as_the_bus(stage: Stage) -> None:
    stage.start()
    stage.ready()
    stage.engine.post(stage.script.start(XRP))
    await settle()
    written = [event for event in stage.heard if isinstance(event, JOURNALED)]
    assert stage.journal.events == written and len(written) > 5
    states = [event.order.state for event in written if isinstance(event, OrderChanged)]
    assert states == [OrderState.INTENT, OrderState.SENT, OrderState.OPEN]


async def test_an_intent_is_in_the_journal_before_the_venue_is_called(stage: Stage) -> None:
    """I2."""
    stage.start()
    stage.ready()
    known: list[bool] = []
    stage.venue.seen = lambda call: known.append(
        any(isinstance(event, OrderChanged) for event in stage.journal.events) or call != "place"
    )
    stage.engine.post(stage.script.start(XRP))
    await settle()
    assert stage.venue.called("place") and all(known)


async def test_a_message_posted_by_a_subscriber_is_handled_after_the_present_one(stage: Stage) -> None:
    """O13: no handler runs inside another (trio#1578)."""
    stage.start()
    order: list[str] = []

    def meddles(event: Event) -> None:
        order.append(type(event).__name__)
        if isinstance(event, PositionChanged) and event.trigger == "started":
            stage.engine.post(SetTradingState(TradingState.DISABLED, "a subscriber"))
            order.append("posted")

    stage.ready()
    stage.bus.subscribe(meddles)
    stage.engine.post(stage.script.start(XRP))
    started, posted = order.index("PositionChanged"), order.index("posted")
    assert started < posted < order.index("OrderChanged") < order.index("TradingStateChanged")


async def test_a_state_that_changed_while_an_entry_waited_for_the_disk_stops_it(stage: Stage) -> None:
    stage.start()
    stage.ready()
    stage.journal.gate.clear()
    stage.engine.post(stage.script.start(XRP))
    await settle()
    stage.engine.post(SetTradingState(TradingState.HALTED, "kill"))
    stage.journal.gate.set()
    await settle()
    assert stage.venue.called("place") == []
    order = stage.script.order
    assert order.state is OrderState.EXPIRED and "halted" in order.note


async def test_a_whole_life_goes_through_the_one_door(stage: Stage) -> None:
    stage.start()
    stage.ready()
    stage.engine.post(stage.script.start(XRP))
    await settle()
    stage.engine.post(stage.script.filled())
    assert stage.script.position(XRP).state is PositionState.ACTIVE
    stage.script >> price(XRP, 900)
    await settle()
    stage.engine.post(stage.script.filled(price=900))
    assert stage.script.position(XRP).state is PositionState.CLOSED
    assert len(stage.venue.called("place")) == 2


async def test_a_journal_that_fails_latches_reducing_and_tells_a_person(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """I24, S9: no unjournalled entry ever; exits go on."""
    stage.start()
    stage.ready()
    stage.engine.post(stage.script.start(XRP))
    await settle()
    stage.engine.post(stage.script.filled())
    stage.journal.broken = True
    stage.engine.post(SetTradingState(TradingState.DISABLED, "something to write"))
    await settle()
    assert stage.engine.core.switch.state is TradingState.REDUCING
    alerts = [event for event in stage.told(AlertRaised) if isinstance(event, AlertRaised)]
    assert [alert.key for alert in alerts] == ["journal_failed"] and alerts[0].critical
    stage.script >> price(XRP, 900)
    await settle()
    assert len(stage.venue.called("place")) == 2  # the stop still sells
    assert "journal" in caplog.text


async def test_after_the_journal_failed_no_entry_leaves_even_when_a_person_enables_it(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.start()
    stage.ready()
    stage.journal.broken = True
    stage.engine.journal_failed("told by the journal itself")
    stage.engine.journal_failed("told twice")
    await settle()
    assert stage.engine.core.switch.state is TradingState.REDUCING
    stage.engine.post(SetTradingState(TradingState.ENABLED, "a person insists"))
    stage.engine.post(stage.script.start(XRP))
    await settle()
    assert stage.venue.called("place") == []
    assert len(stage.told(AlertRaised)) == 1 and "told by the journal" in caplog.text


async def test_the_engine_ticks_by_itself(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.engine.trading_engine.TICK_S", 0)
    stage.start()
    await settle()
    assert stage.venue.called("account")  # the first tick asks for a reading


async def test_a_refused_order_comes_back_by_the_same_door(stage: Stage) -> None:
    stage.start()
    stage.ready()
    stage.engine.post(stage.script.start(XRP))
    stage.engine.post(OrderRefused("order-1", "under_min_total", "x"))
    assert stage.script.order.state is OrderState.REJECTED
    await settle()
    assert stage.venue.called("place") == []  # it was over before its turn came


async def test_trouble_of_the_journal_is_not_trouble_of_the_caller(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.start()
    stage.journal.broken = True
    stage.engine.post(SetTradingState(TradingState.ENABLED, "x"))
    with pytest.raises(StorageError):
        stage.journal.append(EngineStopped(1), stage.clock.at)
    await asyncio.sleep(0)
    assert stage.engine.core.switch.state is TradingState.REDUCING


@dataclass
class TapeRecorder:
    """Takes down what it is told."""

    told: list[tuple[str, object]] = field(default_factory=list)

    def began(self, state: object, run: object, now: datetime, decided: object) -> None:
        self.told.append(("began", state))

    def handled(self, message: Message, now: datetime, decided: object) -> None:
        self.told.append(("handled", message))

    def asked(self, order_id: str, now: datetime, answer: str | None) -> None:
        self.told.append(("asked", answer))

    def noted(self, words: str, now: datetime) -> None:
        self.told.append(("noted", words))


def recorded(stage: Stage) -> TapeRecorder:
    """Make the stage's engine anew, with a recorder."""
    tape, core = TapeRecorder(), stage.engine.core
    stage.engine = TradingEngine(core, stage.venue, stage.journal, stage.bus, stage.clock, stage.supervisor.spawn, tape)
    return tape


async def test_everything_that_enters_the_core_is_recorded_in_order(stage: Stage) -> None:
    tape = recorded(stage)
    stage.start()
    stage.ready()
    command = stage.script.start(XRP)
    stage.engine.post(command)
    await settle()
    await stage.engine.stop(2)
    order = [what for what, _ in tape.told]
    assert order[:2] == ["began", "handled"]
    messages = [thing for what, thing in tape.told if what == "handled"]
    assert messages.index(command) < messages.index(OrderSent("order-1"))
    assert tape.told.index(("asked", None)) < tape.told.index(("handled", OrderSent("order-1")))
    assert tape.told[-1] == ("noted", "stopped properly")


async def test_a_failed_journal_and_what_follows_are_recorded(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    tape = recorded(stage)
    stage.start()
    stage.engine.journal_failed("disk full")
    await settle()
    assert ("noted", "the journal failed: disk full") in tape.told
    consequence = SetTradingState(TradingState.REDUCING, "the journal cannot be written")
    assert ("handled", consequence) in tape.told and "disk full" in caplog.text


async def test_a_decision_that_fails_is_recorded_with_its_alert(
    stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = recorded(stage)
    stage.start()
    monkeypatch.setitem(stage.engine.core._routes, TimePassed, lambda *_: {}["gone"])
    stage.engine.post(TimePassed())
    assert ("handled", SetTradingState(TradingState.REDUCING, "a decision failed")) in tape.told
    assert [event.key for event in stage.told(AlertRaised) if isinstance(event, AlertRaised)] == ["decision_failed"]
    assert "deciding about TimePassed failed" in caplog.text


async def test_an_end_before_the_venue_told_what_was_lost_is_no_proper_end() -> None:
    """Seed 90: the second start after a crash took the first one's end for a clean one and sold again."""
    stage = Stage()
    stage.engine.start(Recovered(clean=False), None, "practice")
    await stage.engine.stop(2)
    assert not any(isinstance(event, EngineStopped) for event in stage.heard)
    await stage.supervisor.stop()


async def test_the_queue_is_told_twice_a_second_with_the_way_of_every_order(stage: Stage) -> None:
    stage.start()
    stage.ready()
    stage.engine.post(stage.script.start(XRP))
    await stage.engine.executor.drained()
    stage.heard.clear()
    for _ in range(20):
        stage.clock.at += timedelta(milliseconds=100)
        stage.engine.post(TimePassed())
    told = stage.told(QueueStatus)
    assert len(told) == 4
    last = told[-1]
    assert isinstance(last, QueueStatus)
    assert {one.stage: one.count for one in last.latencies} == {Leg.DECISION: 1, Leg.JOURNAL: 1}
    assert not isinstance(last, JOURNALED)


async def test_the_way_begins_when_the_price_was_received(stage: Stage) -> None:
    """A frame that waited 40 ms for a busy loop is 40 ms of the way of the exit it fires."""
    stage.start()
    stage.ready()
    stage.engine.post(stage.script.start(XRP))
    await settle()
    stage.engine.post(stage.script.filled())
    stage.clock.at = stage.script.now + timedelta(milliseconds=40)
    stage.script >> price(XRP, 900)
    await settle()
    took = {one.stage: one.max_ms for one in stage.engine.executor.status().latencies}
    assert took[Leg.DECISION] == 40.0 and len(stage.venue.called("place")) == 2


async def test_a_stop_file_touched_from_outside_trips_at_the_send(stage: Stage) -> None:
    """The switch sits in the send path: no poller has to come by first."""
    stage.start()
    stage.ready()
    stage.outside.words = "the stop file is missing"
    stage.engine.post(stage.script.start(XRP))
    await settle()
    assert stage.venue.called("place") == []
    assert stage.engine.core.switch.state is TradingState.HALTED
    assert any(isinstance(event, KillMarked) and event.mark.halted for event in stage.journal.events)


async def test_what_gwanje_kill_asks_for_is_done_by_a_terminal_that_runs(stage: Stage) -> None:
    stage.start()
    stage.ready()
    stage.outside.words = OUTSIDE_FLATTEN
    stage.engine._look_outside()
    assert stage.engine.core.switch.state is TradingState.HALTED and stage.engine.core.emergency.is_running
    marks = len(stage.told(KillMarked))
    stage.outside.words = OUTSIDE_CANCEL
    stage.engine._look_outside()
    assert len(stage.told(KillMarked)) == marks + 1, "whoever trips it again waits for our mark"


async def test_while_another_program_sells_nothing_leaves_here(stage: Stage) -> None:
    stage.start()
    stage.ready()
    stage.engine.post(stage.script.start(XRP))
    await settle()
    assert len(stage.venue.called("place")) == 1
    stage.engine.post(stage.script.filled())
    stage.outside.taken = True
    stage.script >> price(XRP, 900)
    await settle()
    assert len(stage.venue.called("place")) == 1
    stage.outside.taken = False
    stage.clock.at = stage.script.now + timedelta(seconds=30)
    stage.engine.post(TimePassed())
    await settle()
    assert len(stage.venue.called("place")) == 2, "and the exit goes on when it is given back"


async def test_after_another_program_sold_the_venue_is_asked_before_anything_is_sold(stage: Stage) -> None:
    """The terminal slept: it never saw the takeover, and its books still hold what is sold."""
    stage.start()
    stage.ready()
    stage.engine.post(stage.script.start(XRP))
    await settle()
    stage.engine.post(stage.script.filled())
    stage.journal.gate.clear()
    stage.script >> price(XRP, 900)
    await settle()
    stage.outside.sold = True
    stage.journal.gate.set()
    await settle()
    assert len(stage.venue.called("place")) == 1 and stage.engine.core.account_desk.is_searching
    assert "asked for first" in stage.script.order.note


async def test_a_release_that_cannot_be_kept_is_none(stage: Stage) -> None:
    stage.start()
    stage.ready()
    mark = stage.engine.core.switch.mark
    assert mark is not None and not mark.halted
    stage.engine.mark_failed(replace(mark, epoch=99), "an older one")
    assert stage.engine.core.switch.state is TradingState.ENABLED
    stage.engine.mark_failed(mark, "keyring: locked")
    assert stage.engine.core.switch.state is TradingState.HALTED
    assert [e.key for e in stage.told(AlertRaised) if isinstance(e, AlertRaised)].count("kill_not_kept") == 2


async def test_a_halt_reaches_the_other_records_when_the_journal_has_failed(stage: Stage) -> None:
    stage.start()
    stage.ready()
    stage.engine.journal_failed("disk full")
    handed: list[object] = []
    stage.journal.append = lambda event, at: handed.append(event)  # type: ignore[method-assign]
    stage.engine.post(SetTradingState(TradingState.HALTED, "a person"))
    assert [type(event) for event in handed] == [KillMarked]


async def test_the_end_cancels_entries_and_sells_nothing(stage: Stage) -> None:
    """P7: closing is no exit."""
    stage.start()
    stage.ready()
    resting = replace(blueprint(), entry_order=EntryOrderPolicy(OrderType.LIMIT))
    stage.engine.post(stage.script.start(XRP, resting))
    await settle()
    (entry,) = stage.venue.called("place")
    ending = asyncio.ensure_future(stage.engine.stop(2))
    await settle()
    assert stage.venue.called("cancel") == [entry]
    order = stage.engine.core.tracker.get(entry)
    assert order is not None
    stage.engine.post(OrderReported(stage.script.report(order, ended=True)))
    await ending
    assert stage.venue.called("place") == [entry]
    assert any(isinstance(event, EngineStopped) for event in stage.heard)
