"""One position: cost, profit, high-water mark, OCO and trailing stop, against the same kept by hand.

No venue and no line here: fills and prices come as they like, and PositionManager and ExitPlan must keep the books.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain.exit_plan import ExitPlan, ExitReason, ExitRules
from app.domain.money import in_money_context
from app.domain.order import Fill, OrderIntent
from app.domain.position import Position, PositionState, PositionTrigger
from app.domain.values import OrderType, Purpose, Side
from app.engine.position_manager import PositionManager, realised_of
from tests.property.profile import examples
from tests.unit.domain.samples import BTC, NOW, blueprint, position

STEP = Decimal("0.00000001")
percents = st.one_of(st.none(), st.decimals("0.1", "20", places=2))
prices = st.decimals("50", "200", places=2)
#: Averages are divisions that do not end: the 50th digit of two ways of adding them up may differ, no earlier one.
DUST = Decimal("1e-40")


class PositionMachine(RuleBasedStateMachine):
    """``high``, ``trail``, ``owner`` and the sums are kept here in the plainest way there is."""

    def __init__(self) -> None:
        super().__init__()
        self.manager = PositionManager()
        self.now = NOW
        self.fills: list[Fill] = []
        self.high: Decimal | None = None
        self.trail: Decimal | None = None
        self.owner: ExitReason | None = None

    @initialize(stop=percents, gain=percents, trail=percents, activation=percents, hold=st.sampled_from((None, 1, 60)))
    def begin(
        self,
        stop: Decimal | None,
        gain: Decimal | None,
        trail: Decimal | None,
        activation: Decimal | None,
        hold: int | None,
    ) -> None:
        self.rules = ExitRules(stop, gain, trail, activation if trail is not None else None, hold)
        self.manager.put(position(blueprint=blueprint(exits=self.rules)))

    @property
    def position(self) -> Position:
        return self.manager.positions["p-1"]

    @property
    def plan(self) -> ExitPlan | None:
        return self.position.exit_plan

    def fill(self, side: Side, price: Decimal, volume: Decimal) -> None:
        fee = price * volume / 2000
        fill = Fill("o-1", f"t-{len(self.fills)}", BTC, side, price, volume, fee, self.now)
        purpose = Purpose.ENTRY if side is Side.BUY else Purpose.EXIT
        intent = OrderIntent("p-1", BTC, side, OrderType.MARKET, purpose, "test")
        self.fills.append(fill)
        self.manager.apply_fill(fill, intent, self.now)
        if side is Side.BUY and self.plan is not None:
            self.high = max(self.high or Decimal(0), self.plan.entry_price)

    # ---- what happens -------------------------------------------------------------------------------------------

    @rule(price=prices, lots=st.integers(1, 10**10))
    def buy(self, price: Decimal, lots: int) -> None:
        self.fill(Side.BUY, price, lots * STEP)

    @precondition(lambda self: self.position.quantity > 0 and self.position.state is not PositionState.PENDING)
    @rule(price=prices, share=st.integers(1, 4))
    def sell(self, price: Decimal, share: int) -> None:
        held = self.position.quantity
        volume = held if share == 4 else (held * share / 4).quantize(STEP, "ROUND_DOWN")
        if volume:
            self.fill(Side.SELL, price, volume)

    @rule(price=st.one_of(prices, prices, st.sampled_from([Decimal("NaN"), Decimal(0), Decimal("Infinity")])))
    @in_money_context
    def price(self, price: Decimal) -> None:
        """Only usable prices reach the manager; a plan that is asked about others must not move."""
        before = self.plan
        if not (price.is_finite() and price > 0):
            if before is not None:
                assert before.triggered_by_price(price) is None and before.raised_to(price) is before
            return
        fired = self.manager.on_price(BTC, price, self.now, from_trade=True)
        if self.position.state is not PositionState.ACTIVE or before is None:
            assert not fired
            return
        due = self._due(price)
        assert bool(fired) == bool(due), f"{fired} at {price}, expected one of {due}"
        if fired:
            ((_, reason),) = fired
            assert reason in due
            self._exit(reason)
        elif self.high is not None:
            self.high = max(self.high, price)

    def _due(self, price: Decimal) -> set[ExitReason]:
        plan = self.plan
        if plan is None or self.owner is not None:
            return set()
        due: set[ExitReason] = set()
        if self.rules.stop_loss_percent is not None:
            level = plan.entry_price * (1 - self.rules.stop_loss_percent / 100)
            due |= {ExitReason.STOP_LOSS} if price <= level else set()
        if self.rules.take_profit_percent is not None:
            level = plan.entry_price * (1 + self.rules.take_profit_percent / 100)
            due |= {ExitReason.TAKE_PROFIT} if price >= level else set()
        if self.trail is not None and price <= self.trail:
            due.add(ExitReason.TRAILING_STOP)
        return due

    def _exit(self, reason: ExitReason) -> None:
        """As PositionDesk.begin_exit does: fire the plan, close."""
        plan = self.plan
        fired = plan.fire(reason) if plan is not None else None
        self.manager.step(self.position, PositionTrigger.EXIT_STARTED, self.now, exit_plan=fired, exit_reason=reason)
        self.owner = self.owner or reason

    @rule(seconds=st.integers(0, 90))
    def time(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        due = self.manager.on_time(self.now)
        plan = self.plan
        armed = self.position.state is PositionState.ACTIVE and plan is not None and self.owner is None
        late = plan is not None and plan.deadline is not None and self.now >= plan.deadline
        assert bool(due) == (armed and late)

    @precondition(lambda self: self.position.state is PositionState.ACTIVE)
    @rule(reason=st.sampled_from((ExitReason.USER, ExitReason.STRATEGY, ExitReason.EMERGENCY)))
    def close(self, reason: ExitReason) -> None:
        self._exit(reason)

    @rule()
    def written_down(self) -> None:
        """What is due to be written is the newest mark, and it is due once."""
        for due in self.manager.high_waters_to_write(self.now):
            assert due.exit_plan == self.plan
        assert self.manager.high_waters_to_write(self.now) == []

    @rule()
    def restart(self) -> None:
        """A manager that is given the position goes on where this one was."""
        again = PositionManager()
        again.restore([replace(self.position)])
        self.manager = again

    # ---- what must hold -----------------------------------------------------------------------------------------

    @invariant()
    @in_money_context
    def the_sums_are_those_of_the_fills(self) -> None:
        if "p-1" not in self.manager.positions:
            return
        bought = sum((f.volume for f in self.fills if f.side is Side.BUY), Decimal(0))
        sold = sum((f.volume for f in self.fills if f.side is Side.SELL), Decimal(0))
        now = self.position
        assert now.quantity == bought - sold >= 0
        assert now.fees == sum((f.fee for f in self.fills), Decimal(0))
        assert now.invested == sum((f.funds + f.fee for f in self.fills if f.side is Side.BUY), Decimal(0))
        assert now.proceeds == sum((f.funds - f.fee for f in self.fills if f.side is Side.SELL), Decimal(0))
        assert abs(now.realised - (now.proceeds - (now.invested - now.cost))) < DUST, (
            "profit is what came minus what went"
        )
        assert abs(sum((amount for _, amount in realised_of(self.fills)), Decimal(0)) - now.realised) < DUST
        assert (now.cost == 0) == (now.quantity == 0)

    @invariant()
    @in_money_context
    def nothing_loosens(self) -> None:
        plan = self.plan if "p-1" in self.manager.positions else None
        if plan is None:
            assert self.high is None
            return
        assert plan.high_water == self.high, "the high-water mark is the highest price seen"
        distance, activation = self.rules.trailing_stop_percent, self.rules.trailing_activation_percent
        if distance is not None and (
            activation is None or plan.high_water >= plan.entry_price * (1 + activation / 100)
        ):
            self.trail = max(self.trail or Decimal(0), plan.high_water * (1 - distance / 100))
        assert (plan.trail_price is None) == (self.trail is None)
        if plan.trail_price is not None and self.trail is not None:
            assert abs(plan.trail_price - self.trail) < DUST, "the trail follows the highest price and never loosens"
        if plan.trail_price is not None:
            assert plan.trail_price < plan.high_water
        assert plan.fired is self.owner, "one owner, the first one"


TestPosition = PositionMachine.TestCase
TestPosition.settings = examples(80, stateful_step_count=40)
