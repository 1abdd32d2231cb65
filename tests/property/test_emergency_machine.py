"""The emergency control: FLAT is said only when it is true, and always in the end, when the venue answers."""

from decimal import Decimal

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from app.domain.commands import LiquidateAll, SetTradingState
from app.domain.emergency import LineState, LiquidationStage
from app.domain.messages import StreamStateChanged
from app.domain.values import Market, TradingState
from tests.property.model_venue import MIN_TOTAL
from tests.property.profile import examples
from tests.property.terminal import Terminal
from tests.property.test_trading_machine import STRATEGIES, numbers, outcomes
from tests.unit.engine.playbook import PRICES, VENUE

ALL = len(STRATEGIES)
entered = st.tuples(st.sampled_from(list(PRICES)), st.integers(0, ALL - 1), st.sampled_from((0, 0, 2, 10)))


class EmergencyMachine(RuleBasedStateMachine):
    """Positions and orders in all stages, then the press; afterwards everything goes wrong for a while."""

    def __init__(self) -> None:
        super().__init__()
        self.terminal = Terminal()

    @initialize(
        positions=st.lists(entered, min_size=1, max_size=3, unique_by=lambda one: one[0]),
        unanswered=st.booleans(),
    )
    def press(self, positions: list[tuple[Market, int, int]], unanswered: bool) -> None:
        terminal = self.terminal
        terminal.open_up()
        for market, which, tenths in positions:
            terminal.quote(market)
            terminal.start(market, STRATEGIES[which])
            while terminal.effects:
                terminal.carry_out(0, "unanswered" if unanswered else "good")
            terminal.fill(len(terminal.venue.open_orders()) - 1, tenths)
            while terminal.letters and not unanswered:
                terminal.deliver(0)
        terminal.tell(LiquidateAll("press"))
        note(f"pressed with {len(terminal.venue.open_orders())} open orders")

    @precondition(lambda self: self.terminal.effects)
    @rule(number=numbers, outcome=outcomes)
    def carry_out(self, number: int, outcome: str) -> None:
        self.terminal.carry_out(number, outcome)

    @precondition(lambda self: self.terminal.letters)
    @rule(number=numbers)
    def deliver(self, number: int) -> None:
        self.terminal.deliver(number)

    @precondition(lambda self: self.terminal.delivered)
    @rule(number=numbers)
    def deliver_again(self, number: int) -> None:
        said = self.terminal.delivered
        self.terminal.tell(said[-1 - number % len(said)])

    @precondition(lambda self: self.terminal.letters)
    @rule(number=numbers)
    def lose(self, number: int) -> None:
        self.terminal.lose(number)

    @rule(number=numbers, tenths=st.sampled_from((1, 5, 10)))
    def fill(self, number: int, tenths: int) -> None:
        self.terminal.fill(number, tenths)

    @rule(seconds=st.sampled_from((0.5, 1, 3, 25)))
    def wait(self, seconds: float) -> None:
        self.terminal.wait(seconds)

    @rule(market=st.sampled_from(list(PRICES)), permille=st.sampled_from((-900, -30, 30)))
    def price(self, market: Market, permille: int) -> None:
        venue = self.terminal.venue
        venue.prices[market] = max((venue.prices[market] * (1000 + permille) / 1000).quantize(Decimal(1)), Decimal(10))
        self.terminal.quote(market)

    @rule(what=st.sampled_from(("again", "enable", "stream", "crash")))
    def interfere(self, what: str) -> None:
        """What a frightened person does; none of it may start anything new."""
        terminal = self.terminal
        match what:
            case "again":
                terminal.tell(LiquidateAll("press again"))
            case "enable":
                terminal.tell(SetTradingState(TradingState.ENABLED, "test"))
                terminal.start(next(iter(PRICES)), STRATEGIES[0])
            case "stream":
                terminal.tell(StreamStateChanged(VENUE, "private", False))
            case "crash":
                terminal.restart()
                terminal.open_up()

    def teardown(self) -> None:
        """The venue answers again: the run ends in FLAT, and FLAT is the truth."""
        terminal = self.terminal
        if terminal.known.run is None:
            return  # the very first step was never made
        terminal.settle(240, until=self._is_flat)
        terminal.settle(5)
        run = terminal.known.run
        assert run is not None and run.stage is LiquidationStage.FLAT, f"I14: never ended: {run}"
        assert all(line.state in (LineState.CONFIRMED, LineState.DUST) for line in run.lines)
        terminal.agrees_with_venue()
        for line in run.lines:
            assert terminal.venue.coins[line.market] * terminal.venue.prices[line.market] < MIN_TOTAL

    def _is_flat(self) -> bool:
        return self.terminal.known.run is not None and self.terminal.known.run.stage is LiquidationStage.FLAT


TestEmergency = EmergencyMachine.TestCase
TestEmergency.settings = examples(40, stateful_step_count=40)
