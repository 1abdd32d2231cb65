"""Worlds aimed at one property, for what hardly ever meets by chance: seeds from a million on.

A quiet line, or one that is troubled in one way only, and the same scene again and again: a bug there shows within
some dozen worlds. ``simulate --focus NAME`` runs them; the seeds below a million are drawn as ever.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal as D
from enum import IntEnum
from typing import TYPE_CHECKING

from app.domain.blueprint import EntryStep
from app.domain.commands import LiquidateAll, StartStrategy
from app.domain.emergency import EmergencyAction, EmergencyScope
from app.domain.exit_plan import ExitRules
from app.domain.instruction import OrderDraft, PlaceInstruction
from app.domain.limits import TradingLimits
from app.domain.slippage import SlippagePolicy
from app.domain.values import Market, OrderType, Side
from tests.simulation.knobs import Knobs
from tests.simulation.venue_door import VENUE

if TYPE_CHECKING:
    from tests.simulation.world import World

FAMILY = 1_000_000
Scenes = list[tuple[float, Callable[[], None]]]


class Focus(IntEnum):
    """What the worlds of a family are about; the value times FAMILY is the first seed."""

    SILENCE = 1  # the stream says nothing while something is held below its stop
    NARROW_PRESS = 2  # part of the account is stopped while cancels take their time
    RETURN = 3  # the venue answers again, and its account cannot be read yet
    GAP = 4  # a market comes back from a halt far away
    REDUCTION = 5  # a share of what is held is sold, and its fill and its end are often told at once
    OPEN_LOSS = 6  # everything falls beyond the loss limits while all of it is held


#: What people and prices do anyway: it troubles no line.
_QUIET = frozenset({
    "fills_in_parts", "price_jump", "user_closes", "user_pauses", "user_retries", "double_click", "clean_restart",
    "frame_doubled", "wrong_password",
})  # fmt: skip
#: Faults of a family: certain, at this rate.
_FORCED: dict[Focus, dict[str, float]] = {
    Focus.SILENCE: {"public_silent": 1.0},
    Focus.NARROW_PRESS: {"emergency": 1.0, "cancel_slow": 1.0, "cancel_lost": 0.3},
    Focus.RETURN: {"venue_sick": 0.7, "slow_answers": 0.8},
    Focus.GAP: {"market_frozen": 1.0},
    Focus.OPEN_LOSS: {"market_crash": 1.0},
    Focus.REDUCTION: {"emergency": 1.0, "frame_lost": 0.6},
}


def focus_of(seed: int) -> Focus | None:
    """The family of a seed; None below a million.

    Raises:
        ValueError: no such family.
    """
    return Focus(seed // FAMILY) if seed >= FAMILY else None


def forced(focus: Focus) -> dict[str, float]:
    """Faults every world of the family has, and their rates."""
    return _FORCED[focus]


def limits_of(focus: Focus) -> TradingLimits:
    """The usual ones; a loss of 0.2 % of the account ends the day where losses are the scene."""
    return TradingLimits(daily_loss_ratio=D("0.002")) if focus is Focus.OPEN_LOSS else TradingLimits()


def aim(focus: Focus, knobs: Knobs) -> None:
    """Take what would hide the scene from the world, and add what it needs."""
    drawn = {name: rate for name, rate in knobs.rates.items() if name in _QUIET}
    knobs.rates.clear()
    knobs.rates.update(drawn | forced(focus))


@dataclass(slots=True)
class Aimed:
    """The scenes of one world with a focus."""

    focus: Focus
    world: "World"
    dice: random.Random
    _bought: int = 0
    _pressed: int = 0

    def scenes(self, length: float) -> Scenes:
        """Seconds into an episode, and what happens then."""
        begin = self.dice.uniform(3, 9)
        match self.focus:
            case Focus.SILENCE:
                return [(begin, self._guarded_entry), (begin + 1, self._guarded_entry), (begin + 5, self.world.silence)]
            case Focus.NARROW_PRESS:
                purchases: Scenes = [(begin + at, self._resting_purchase) for at in (0.0, 0.5, 1.0)]
                return [*purchases, (begin + self.dice.uniform(2, 6), self._narrow_press)]
            case Focus.RETURN:
                purchases = [(begin + at, self._purchase) for at in range(4, int(length), 2)]
                return [(begin, self.world.sicken), *purchases]
            case Focus.GAP:
                entries: Scenes = [(begin + at, self._guarded_entry) for at in range(8, int(length), 3)]
                return [(begin, self.world.freeze), *entries]
            case Focus.OPEN_LOSS:
                entries = [(begin + at, self._unguarded_entry) for at in (0.0, 0.5, 1.0)]
                return [*entries, (begin + 8, self.world.fall)]
            case Focus.REDUCTION:
                entries = [(begin + at, self._guarded_entry) for at in (0.0, 0.5, 1.0)]
                return [*entries, *((begin + at, self._reduce) for at in (8.0, 16.0, 24.0))]

    # ---- what somebody does -------------------------------------------------------------------------------------

    def _guarded_entry(self) -> None:
        """A strategy buys at once, with a stop and nothing else that ends it."""
        self._start(OrderType.MARKET, 0, ExitRules(stop_loss_percent=D(2)))

    def _unguarded_entry(self) -> None:
        """The same without a stop: only the loss limits end it."""
        self._start(OrderType.MARKET, 0, ExitRules())

    def _resting_purchase(self) -> None:
        """A strategy whose purchase rests below the market."""
        self._start(OrderType.LIMIT, -self.dice.choice([6, 12]), ExitRules(stop_loss_percent=D(2)))

    def _start(self, kind: OrderType, offset: int, exits: ExitRules) -> None:
        name = self._a_free_market()
        if name is None:
            return
        plan = self.world.strategy_at_once(self.dice)
        order = replace(plan.entry_order, order_type=kind, offset_ticks=offset, timeout_s=3600)
        plan = replace(plan, exits=exits, entry_order=order, steps=(EntryStep(),), slippage=SlippagePolicy(D(5)))
        self.world.tell(StartStrategy(f"aimed-{plan.id}", Market(VENUE, name), plan, D(300_000)))

    def _a_free_market(self) -> str | None:
        terminal = self.world.terminal
        if terminal is None or not terminal.is_up:
            return None
        taken = {position.market.symbol for position in terminal.engine.core.positions.live()}
        free = sorted(set(self.world.ledger.markets) - taken)
        return self.dice.choice(free) if free else None

    def _purchase(self) -> None:
        """Somebody buys a little by hand."""
        name = self.dice.choice(sorted(self.world.ledger.markets))
        self._bought += 1
        draft = OrderDraft(Side.BUY, funds=D(20_000))
        self.world.tell(PlaceInstruction(f"aimed-{self._bought}", Market(VENUE, name), draft))

    def _reduce(self) -> None:
        """Somebody sells a share of what is held."""
        self._press(EmergencyScope(EmergencyAction.REDUCE, self.dice.choice([25, 50, 75])))

    def _narrow_press(self) -> None:
        """Somebody stops purchases, orders, or one market, while orders rest."""
        action = self.dice.choice(
            [
                EmergencyAction.CANCEL_ENTRIES,
                EmergencyAction.CANCEL_ALL,
                EmergencyAction.FLATTEN,
                EmergencyAction.REDUCE,
            ]
        )
        markets: tuple[Market, ...] = ()
        if action is EmergencyAction.FLATTEN or self.dice.random() < 0.4:
            markets = (Market(VENUE, self.dice.choice(sorted(self.world.ledger.markets))),)
        percent = 50 if action is EmergencyAction.REDUCE else 100
        self._press(EmergencyScope(action, percent, markets))

    def _press(self, scope: EmergencyScope) -> None:
        self._pressed += 1
        self.world.knobs.note("emergency")
        self.world.tell(LiquidateAll(f"aimed-press-{self._pressed}", scope))
