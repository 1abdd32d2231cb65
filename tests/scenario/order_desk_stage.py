"""A real engine with a venue that counts and a journal that writes as the real one does: the stage for bad orders."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from app.adapters.storage.codec import encode
from app.domain.commands import SetTradingState
from app.domain.constraints import ExchangeConstraints
from app.domain.instruction import InstructionChanged
from app.domain.limits import TradingLimits
from app.domain.messages import (
    AlertRaised,
    BalancesReported,
    CommandRefused,
    Event,
    IntentRefused,
    MarketsListed,
    Message,
    OrderChanged,
    StateEvent,
)
from app.domain.position import PositionState
from app.domain.refusal import Refusal
from app.domain.values import Market, TradingState
from app.domain.venue_reports import Balance
from app.engine.event_bus import EventBus
from app.engine.task_supervisor import TaskSupervisor
from app.engine.trading_core import TradingCore
from app.engine.trading_engine import TradingEngine
from tests.unit.engine.playbook import (
    ETH,
    PRICES,
    VENUE,
    XRP,
    Playbook,
    Recovered,
    StoryIds,
    market_rules,
    price,
    seconds,
)
from tests.unit.engine.stage import FakeVenue, GatedJournal, StillClock, settle
from tests.unit.engine.tickets import buy, place

#: Listed and paid in another coin, and listed but not open.
FOREIGN, CLOSED = Market(VENUE, "BTC-ETH"), Market(VENUE, "KRW-OLD")


@dataclass
class WritingJournal(GatedJournal):
    """Refuses what the real journal could not read back."""

    def append(self, event: StateEvent, happened_at: datetime) -> None:
        encode(event)
        super().append(event, happened_at)


@dataclass
class OrderDeskStage:
    """Entries on, XRP held by hand, ETH and BTC free. ``heard`` is what the bus told since ``forget``."""

    venue: FakeVenue = field(default_factory=FakeVenue)
    clock: StillClock = field(default_factory=StillClock)
    bus: EventBus = field(default_factory=EventBus)
    heard: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.journal = WritingJournal()
        self.supervisor = TaskSupervisor(lambda name, error: None)
        self.core = TradingCore(VENUE, "KRW", TradingLimits(), StoryIds())
        self.engine = TradingEngine(self.core, self.venue, self.journal, self.bus, self.clock, self.supervisor.spawn)
        self.bus.subscribe(self.heard.append)
        self.script = Playbook()
        self.script.core = self.core
        self.script._take = self._take  # type: ignore[method-assign]

    async def open(self) -> "OrderDeskStage":
        self.engine.start(Recovered(), None, "practice")
        self.script.ready()
        listed = self.script.listed()
        rules = (*listed.constraints, _foreign_rules(), market_rules(CLOSED, active=False))
        self.engine.post(MarketsListed(VENUE, listed.infos, rules))
        self.prices()
        self.script >> place(buy(200_000), market=XRP, number=900)
        await settle()
        self.script >> self.script.filled() >> self.script.account()
        assert self.core.positions.live_in(XRP)[0].state is PositionState.ACTIVE
        self.forget()
        return self

    def _take(self, message: Message) -> None:
        self.clock.at = self.script.now
        self.engine.post(message)

    def prices(self) -> None:
        for market, value in PRICES.items():
            self.script >> price(market, value)

    def forget(self) -> None:
        self.heard.clear()
        self.venue.calls.clear()
        self.journal.events.clear()

    def post(self, *messages: Message) -> None:
        for message in messages:
            self._take(message)

    @property
    def refusals(self) -> list[Refusal]:
        """Every no since ``forget``, in order."""
        return [e.refusal for e in self.heard if isinstance(e, CommandRefused | IntentRefused)]

    async def assert_nothing_left(self) -> None:
        """No order anywhere: not at the venue, not in the journal, none in the books, and nothing went wrong."""
        await settle()
        assert self.venue.called("place") == [] == self.venue.called("cancel")
        assert [e for e in self.journal.events if isinstance(e, OrderChanged)] == []
        kept = [e.instruction for e in self.journal.events if isinstance(e, InstructionChanged)]
        assert not [item for item in kept if item.instruction_id in self.core.instructions.live]
        assert [e for e in self.heard if isinstance(e, AlertRaised)] == []

    async def assert_still_works(self) -> None:
        """A good purchase goes to the venue, and is written down first."""
        if self.core.emergency.is_running:
            self.script >> self.script.filled()
            for _ in range(3):  # two readings, two seconds apart, prove that nothing is held
                self.script >> self.script.account() >> seconds(3)
        self.prices()
        cash = Balance("KRW", Decimal(50_000_000), Decimal(0))
        self.post(BalancesReported(VENUE, (cash,), self.script.now), SetTradingState(TradingState.ENABLED, "test"))
        self.forget()
        self.post(place(buy(100_000), market=ETH, number=999))
        await settle()
        assert self.refusals == []
        assert len(self.venue.called("place")) == 1
        assert any(isinstance(e, OrderChanged) for e in self.journal.events)

    async def close(self) -> None:
        await self.supervisor.stop()


def _foreign_rules() -> ExchangeConstraints:
    return replace(market_rules(FOREIGN), quote="BTC", min_total=Decimal("0.0005"))
