"""The whole core against a model venue and a bad line: whatever happens, in whatever order, the invariants hold."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from app.domain.blueprint import EntryStep, StrategyBlueprint
from app.domain.commands import (
    CancelOrder,
    ClosePosition,
    LiquidateAll,
    PausePosition,
    ReconcileNow,
    ResumePosition,
    SetTradingState,
)
from app.domain.messages import StreamStateChanged
from app.domain.values import Market, TradingState
from tests.property.profile import examples
from tests.property.terminal import Terminal
from tests.unit.engine.playbook import PRICES, VENUE, blueprint

STRATEGIES: tuple[StrategyBlueprint, ...] = (
    blueprint(stop=2, target=3, trail=1),
    blueprint(stop=1, limit=True, timeout_s=5),
    blueprint(stop=5, steps=(EntryStep(Decimal(40)), EntryStep(Decimal(60), Decimal(1)))),
    blueprint(stop=None, trail=1, activation=1, hold=1),
)
INTERFERENCES = (
    "pause", "resume", "close", "close", "cancel", "state", "emergency", "stream", "reconcile", "crash",
)  # fmt: skip
markets = st.sampled_from(list(PRICES))
numbers = st.integers(0, 7)
outcomes = st.sampled_from(("good", "good", "unanswered", "lost", "refused", "failed"))


class TradingMachine(RuleBasedStateMachine):
    """Users, prices, the venue and the line take turns; then the line is good again and both sides must agree."""

    def __init__(self) -> None:
        super().__init__()
        self.terminal = Terminal()

    @initialize()
    def open_up(self) -> None:
        self.terminal.open_up()

    # ---- people and prices --------------------------------------------------------------------------------------

    @rule(market=markets, strategy=st.sampled_from(STRATEGIES), fresh=st.booleans())
    def start(self, market: Market, strategy: StrategyBlueprint, fresh: bool = True) -> None:
        if fresh:
            self.terminal.quote(market)
        self.terminal.start(market, strategy)

    @rule(market=markets, strategy=st.sampled_from(STRATEGIES), what=st.sampled_from(INTERFERENCES), which=numbers)
    def start_and_regret(self, market: Market, strategy: StrategyBlueprint, what: str, which: int) -> None:
        """The entry waits in the send queue when something else changes everybody's mind."""
        self.terminal.enable()
        self.start(market, strategy)
        self.interfere(what, which)

    @rule(market=markets, strategy=st.sampled_from(STRATEGIES), tenths=st.sampled_from((3, 10, 10)))
    def get_in(self, market: Market, strategy: StrategyBlueprint, tenths: int) -> None:
        """A strategy that is bought for without any trouble: something to have trouble with afterwards."""
        terminal = self.terminal
        terminal.enable()
        self.start(market, strategy)
        while terminal.effects:
            terminal.carry_out(0, "good")
        self.deliver_all(newest_first=False)
        terminal.fill(len(terminal.venue.open_orders()) - 1, tenths)
        self.deliver_all(newest_first=False)

    @rule(market=markets, permille=st.sampled_from((-60, -25, -15, -11, -4, 4, 12, 15, 35)), one_sided=st.booleans())
    def price(self, market: Market, permille: int, one_sided: bool) -> None:
        price = self.terminal.venue.prices[market] * (1000 + permille) / 1000
        self.terminal.venue.prices[market] = max(price.quantize(Decimal(1)), Decimal(100))
        self.terminal.quote(market, one_sided=one_sided)

    @rule(seconds=st.sampled_from((0.5, 0.5, 2, 7, 20, 61)))
    def wait(self, seconds: float) -> None:
        self.terminal.wait(seconds, tick=0.5 if seconds < 10 else 2)

    @rule(what=st.sampled_from(INTERFERENCES), which=numbers)
    def interfere(self, what: str, which: int) -> None:
        terminal = self.terminal
        positions = list(terminal.core.positions.positions) or ["none"]
        orders = list(terminal.core.tracker.orders) or ["none"]
        match what:
            case "pause":
                terminal.tell(PausePosition(positions[-1 - which % len(positions)]))
            case "resume":
                terminal.tell(ResumePosition(positions[which % len(positions)]))
            case "close":
                terminal.tell(ClosePosition(positions[-1 - which % len(positions)]))
            case "cancel":
                terminal.tell(CancelOrder(orders[which % len(orders)]))
            case "state":
                terminal.tell(SetTradingState(list(TradingState)[which % 4], "test"))
            case "emergency":
                terminal.tell(LiquidateAll(f"press-{which}"))
            case "stream":
                terminal.tell(StreamStateChanged(VENUE, "private", which % 2 == 0))
            case "reconcile":
                terminal.tell(ReconcileNow("test"))
            case "crash":
                terminal.restart()
                terminal.open_up()

    # ---- the venue and the line ---------------------------------------------------------------------------------

    @precondition(lambda self: self.terminal.effects)
    @rule(number=numbers, outcome=outcomes)
    def carry_out(self, number: int, outcome: str) -> None:
        self.terminal.carry_out(number, outcome)

    @precondition(lambda self: self.terminal.effects)
    @rule()
    def carry_out_all(self) -> None:
        for _ in range(len(self.terminal.effects)):
            self.terminal.carry_out(0, "good")

    @precondition(lambda self: self.terminal.letters)
    @rule(number=numbers)
    def deliver(self, number: int) -> None:
        self.terminal.deliver(number)

    @precondition(lambda self: self.terminal.letters)
    @rule(newest_first=st.booleans())
    def deliver_all(self, newest_first: bool) -> None:
        while self.terminal.letters:
            self.terminal.deliver(-1 if newest_first else 0)

    @precondition(lambda self: self.terminal.delivered)
    @rule(number=st.integers(0, 40))
    def deliver_again(self, number: int) -> None:
        said = self.terminal.delivered
        self.terminal.tell(said[-1 - number % len(said)])

    @precondition(lambda self: self.terminal.letters)
    @rule(number=numbers)
    def lose(self, number: int) -> None:
        self.terminal.lose(number)

    @precondition(lambda self: self.terminal.venue.open_orders())
    @rule(number=numbers, tenths=st.sampled_from((1, 3, 5, 10, 10)))
    def fill(self, number: int, tenths: int) -> None:
        self.terminal.fill(number, tenths)

    def teardown(self) -> None:
        self.terminal.settle()
        self.terminal.agrees_with_venue()


TestTrading = TradingMachine.TestCase
TestTrading.settings = examples(30, stateful_step_count=40)
