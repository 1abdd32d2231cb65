"""The user who trades by hand: orders now, stops, trailing stops, times, alternatives; amends, pauses, withdraws."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from app.domain.blueprint import EntryOrderPolicy, RestPolicy
from app.domain.exit_plan import ExitRules
from app.domain.instruction import (
    AmendInstruction,
    CancelInstruction,
    Condition,
    ConditionKind,
    Instruction,
    InstructionState,
    OrderDraft,
    PauseInstruction,
    PlaceInstruction,
    ResumeInstruction,
    sliced_draft,
)
from app.domain.messages import Message
from app.domain.position import Position, PositionState
from app.domain.slicing import ChasePolicy, SliceAlgorithm, SlicePlan
from app.domain.values import Market, OrderType, Side, TimeInForce
from app.engine.trading_core import TradingCore
from tests.simulation.venue_door import VENUE
from tests.simulation.venue_ledger import STEP, VenueLedger, VenueMarket

D = Decimal
C = ConditionKind
#: Share of the worlds in which somebody trades by hand.
PRESENT = 0.6
#: Share of those in which orders are worked in slices, and share of such orders there.
SLICES, SLICED = 0.7, 0.7
#: Share of the worlds in which somebody works orders in few slices within a minute, and has the time to see them end.
QUICK = 0.35
#: Share of orders at market that are sent as best-price ones, of limits that are FOK or post-only, and of purchases by
#: limit with a sale that waits for them.
BEST, STRICT, FOLLOWED = 0.25, 0.3, 0.3
#: Share of changes that are amendments, besides those that are so by chance.
CHANGED = 0.3
#: Share of worlds in which the user lets purchases rest and moves their price, and share of such deeds there.
AMENDS, AMENDED = 0.3, 0.7


class TicketUser:
    """Draws from dice of its own, so that the rest of the world stays as it was."""

    def __init__(self, seed: int, ledger: VenueLedger, tell: Callable[[Message], None]) -> None:
        self._dice = random.Random(f"tickets-{seed}")
        self.present = self._dice.random() < PRESENT
        self._ledger = ledger
        self._tell = tell
        self._number = 0
        self._ending = random.Random(f"endings-{seed}")
        self._slicing = random.Random(f"slices-{seed}")
        self.slices = self._slicing.random() < SLICES
        self._kinds = random.Random(f"kinds-{seed}")
        self._quick = random.Random(f"quick-{seed}")
        self.quick = self._quick.random() < QUICK
        self._amending = random.Random(f"amends-{seed}")
        self.amends = self._amending.random() < AMENDS

    def times(self, length: float) -> list[float]:
        """Seconds into an episode at which the user does something."""
        if not self.present:
            return []
        times = [self._dice.uniform(3, length * 0.9) for _ in range(self._dice.randint(1, 6))]
        times += [self._slicing.uniform(3, length * 0.5) for _ in range(3 if self.slices else 0)]
        return times + [self._amending.uniform(3, length * 0.9) for _ in range(10 if self.amends else 0)]

    def quick_times(self, length: float) -> list[float]:
        """Seconds into an episode at which somebody looks after an order in few slices."""
        if not self.quick:
            return []
        begin = self._quick.uniform(3, 12)
        return [begin, begin + self._quick.uniform(2, 8), begin + self._quick.uniform(8, min(25, length * 0.6))]

    def look_after(self, core: TradingCore) -> None:
        """Begin an order in few slices, pause it, or have it go on."""
        dice = self._quick
        mine = [i for i in core.instructions.live.values() if i.plan is not None]
        paused = [i for i in mine if i.state is InstructionState.PAUSED]
        if paused:
            self._tell(ResumeInstruction(dice.choice(paused).instruction_id))
        elif mine and dice.random() < 0.5:
            self._tell(PauseInstruction(dice.choice(mine).instruction_id))
        else:
            self._few_slices(core)

    def act(self, core: TradingCore) -> None:
        """One thing a person does with the ticket or with an instruction that is there."""
        live = list(core.instructions.live.values())
        if self.amends and self._amending.random() < AMENDED:
            self._rest_or_move([i for i in live if core.instructions.has_order(i)], core)
            return
        if live and self._dice.random() < 0.35:
            self._change(self._dice.choice(live))
            return
        held = [p for p in core.positions.live() if p.quantity > 0 and p.state is not PositionState.CLOSING]
        if self.slices and self._slicing.random() < SLICED:
            self._in_slices(held)
        elif held and self._dice.random() < 0.65:
            self._sell(self._dice.choice(held))
        else:
            self._buy(self._ledger.markets[self._dice.choice(sorted(self._ledger.markets))])

    # ---- placing ------------------------------------------------------------------------------------------------

    def _buy(self, market: VenueMarket) -> None:
        dice = self._dice
        funds = D(dice.choice([7_000, 100_000, 900_000]))
        exits = ExitRules(
            stop_loss_percent=dice.choice([None, D("0.5"), D(2)]),
            take_profit_percent=dice.choice([None, D("0.4"), D(3)]),
            trailing_stop_percent=dice.choice([None, None, D("0.5")]),
        )
        if dice.random() < 0.4:
            draft = self._best(OrderDraft(Side.BUY, funds=funds))
        else:
            draft = self._ended(self._limit(market, Side.BUY, funds / market.price))
        self._place(market, draft, self._condition(market, Side.BUY), exits=exits)
        if draft.volume is not None and self._kinds.random() < FOLLOWED:
            self._place(market, replace(draft, side=Side.SELL, price=self._on_tick(market, market.price * D("1.002"))),
                        Condition(C.AFTER, after=f"i-t-{self._number}"))  # fmt: skip

    def _sell(self, position: Position) -> None:
        dice = self._dice
        market = self._ledger.markets[position.market.symbol]
        share = D(dice.choice(["0.3", "0.5", "1", "1", "1.5"]))
        volume = (position.quantity * share).quantize(STEP, rounding="ROUND_DOWN")
        if volume <= 0:
            return
        kind = dice.random()
        if kind < 0.25:  # target and stop, whichever comes first
            group = f"oco-{self._number}"
            above = market.price * (1 + D(str(round(dice.uniform(0.001, 0.01), 4))))
            target = OrderDraft(Side.SELL, OrderType.LIMIT, self._on_tick(market, above), volume)
            level = market.price * (1 - D(str(round(dice.uniform(0.001, 0.01), 4))))
            stop = Condition(C.AT_OR_BELOW, price=self._on_tick(market, level))
            self._place(market, target, Condition(), group=group)
            self._place(market, OrderDraft(Side.SELL, volume=volume), stop, group=group)
        elif kind < 0.5:
            self._place(market, self._limit(market, Side.SELL, volume), self._condition(market, Side.SELL))
        else:
            self._place(market, self._best(OrderDraft(Side.SELL, volume=volume)), self._condition(market, Side.SELL))

    def _best(self, draft: OrderDraft) -> OrderDraft:
        """The order at market, or at the best opposite price."""
        if self._kinds.random() >= BEST:
            return draft
        patience = self._kinds.choice([TimeInForce.IOC, TimeInForce.FOK])
        return replace(draft, order_type=OrderType.BEST, time_in_force=patience)

    def _few_slices(self, core: TradingCore) -> None:
        """Small enough for the market to trade as much meanwhile."""
        dice, live = self._quick, {p.market.symbol: p for p in core.positions.live()}
        held = [p for p in live.values() if p.quantity > 0 and p.state is PositionState.ACTIVE]
        taken = {name for name, p in live.items() if not p.blueprint.is_manual}
        free = sorted(set(self._ledger.markets) - taken - {"KRW-BBB"})
        side, position = Side.BUY, dice.choice(held) if held and (not free or dice.random() < 0.5) else None
        if position is None and not free:
            return
        market = self._ledger.markets[position.market.symbol if position is not None else dice.choice(free)]
        volume = D(dice.choice([40_000, 90_000])) / market.price
        if position is not None:
            side, volume = Side.SELL, min(position.quantity, volume)
        algorithm = dice.choice(list(SliceAlgorithm))
        plan = SlicePlan(
            algorithm,
            side,
            volume.quantize(STEP, rounding="ROUND_DOWN"),
            duration_s=dice.choice([20, 40, 60]),
            slices=dice.choice([2, 3]),
            participation_cap=D(1),
            chase=dice.choice([None, ChasePolicy(0, 1, 1)]),
            risk_aversion=D("1e-9") if algorithm is SliceAlgorithm.IS else None,
        )
        if algorithm is SliceAlgorithm.ICEBERG:
            shown = (plan.volume / plan.slices).quantize(STEP, rounding="ROUND_DOWN")
            plan = replace(plan, display_volume=shown, participation_cap=None, chase=ChasePolicy(0, 1, 1))
        self._place(market, sliced_draft(plan), Condition(), plan=plan)

    def _in_slices(self, held: list[Position]) -> None:
        """A purchase, or the sale of a part of what is held or of more, worked over seconds or minutes."""
        dice = self._slicing
        side, position = Side.BUY, dice.choice(held) if held and dice.random() < 0.6 else None
        market = self._ledger.markets[dice.choice(sorted(self._ledger.markets))]
        cheap = market.price < 10_000  # a unit is traded at a time: so much comes about within the time
        volume = D(dice.choice([15_000, 40_000] if cheap else [100_000, 400_000, 1_000_000])) / market.price
        if position is not None:
            side, market = Side.SELL, self._ledger.markets[position.market.symbol]
            volume = min(position.quantity * D(dice.choice(["0.5", "1", "1.5"])), volume * 2)
        volume = volume.quantize(STEP, rounding="ROUND_DOWN")
        algorithm = dice.choice(list(SliceAlgorithm))
        plan = SlicePlan(
            algorithm,
            side,
            volume,
            duration_s=dice.choice([20, 40, 60, 300]),
            slices=dice.choice([2, 3, 5]),
            participation_cap=D(dice.choice(["0.5", "1", "1"])),
            randomisation=D(dice.choice(["0", "0.3"])),
            chase=dice.choice([None, ChasePolicy(dice.choice([0, 1]), 2, dice.choice([None, 0, 1]))]),
            risk_aversion=D("1e-9") if algorithm is SliceAlgorithm.IS else None,
            price_limit=self._bound(market, side, dice.choice([None, 0, 4])),
        )
        if algorithm is SliceAlgorithm.ICEBERG:
            shown = (volume / 3).quantize(STEP, rounding="ROUND_DOWN")
            bound = plan.price_limit or self._bound(market, side, 0)
            plan = replace(plan, display_volume=shown, participation_cap=None, price_limit=bound)
        condition = self._condition(market, side) if dice.random() < 0.3 else Condition()
        self._place(market, sliced_draft(plan), condition, plan=plan)

    def _bound(self, market: VenueMarket, side: Side, ticks: int | None) -> Decimal | None:
        """A limit that many ticks to the bad side of the price; None for none."""
        away = 0 if ticks is None else market.tick * (ticks if side is Side.BUY else -ticks)
        return None if ticks is None else self._on_tick(market, market.price + away)

    def _limit(self, market: VenueMarket, side: Side, volume: Decimal) -> OrderDraft:
        dice = self._dice
        price = market.price + market.tick * dice.choice([-8, -2, 0, 2, 8])
        draft = OrderDraft(
            side,
            OrderType.LIMIT,
            self._on_tick(market, price),
            volume.quantize(STEP, rounding="ROUND_DOWN"),
            time_in_force=dice.choice([TimeInForce.GTC, TimeInForce.GTC, TimeInForce.IOC]),
            timeout_s=dice.choice([None, 5, 60]),
        )
        if self._kinds.random() >= STRICT:
            return draft
        return replace(draft, time_in_force=self._kinds.choice([TimeInForce.FOK, TimeInForce.POST_ONLY]))

    def _ended(self, draft: OrderDraft) -> OrderDraft:
        """Half of the purchases that rest say how they end."""
        dice = self._ending
        if draft.time_in_force is not TimeInForce.GTC or dice.random() < 0.5:
            return draft
        share, drift = D(dice.choice([5, 30, 80])), D(dice.choice(["0.1", "2"]))
        rest = dice.choice([RestPolicy.CANCEL_AND_MARKET, RestPolicy.CANCEL_AND_MARKET, *RestPolicy])
        policy = EntryOrderPolicy(OrderType.LIMIT, 0, dice.choice([3, 10, 60]), rest, share, drift)
        return replace(draft, timeout_s=None, policy=policy)

    def _condition(self, market: VenueMarket, side: Side) -> Condition:
        dice = self._dice
        near = self._on_tick(market, market.price * (1 + D(str(round(dice.uniform(-0.006, 0.006), 4)))))
        kind = dice.choice([C.NOW, C.NOW, C.AT_OR_ABOVE, C.AT_OR_BELOW, C.TRAILING, C.TIME, C.RULE])
        match kind:
            case C.AT_OR_ABOVE | C.AT_OR_BELOW:
                return Condition(kind, price=near)
            case C.TRAILING:
                return Condition(kind, percent=D(dice.choice(["0.2", "0.5", "1"])))
            case C.TIME:
                return Condition(kind, at=self._later(dice.uniform(1, 120)))
            case C.RULE:
                return Condition(kind, rule=dice.choice(["close > 0", "close <= lowest(2)"]))
            case _:
                return Condition()

    def _place(self, market: VenueMarket, draft: OrderDraft, condition: Condition, **more: object) -> None:
        self._number += 1
        ticket = PlaceInstruction(f"t-{self._number}", Market(VENUE, market.name), draft, condition, **more)  # type: ignore[arg-type]
        self._tell(ticket)

    # ---- changing -----------------------------------------------------------------------------------------------

    def _change(self, instruction: Instruction) -> None:
        dice, name = self._dice, instruction.instruction_id
        market = self._ledger.markets[instruction.market.symbol]
        command = dice.choice([CancelInstruction, PauseInstruction, ResumeInstruction, AmendInstruction])
        if self._kinds.random() < CHANGED:
            command = AmendInstruction
        if command is not AmendInstruction:
            self._tell(command(name))
            return
        price = self._on_tick(market, market.price + market.tick * dice.choice([-5, 5]))
        limit = instruction.draft.order_type is OrderType.LIMIT
        waits = instruction.condition.price is not None
        volume = instruction.draft.volume
        self._tell(
            AmendInstruction(
                name,
                price=price if limit else None,
                volume=None if volume is None else (volume * 2).quantize(STEP),
                trigger_price=price if waits else None,
            )
        )

    def _rest_or_move(self, working: list[Instruction], core: TradingCore) -> None:
        """A purchase close to the market, or another price for one that rests there."""
        dice = self._amending
        resting = [i for i in working if i.draft.side is Side.BUY and i.draft.order_type is OrderType.LIMIT]
        run = {p.market.symbol for p in core.positions.live() if not p.blueprint.is_manual}
        free = sorted(set(self._ledger.markets) - run - {i.market.symbol for i in resting})
        if resting and (not free or dice.random() < 0.8):
            chosen = dice.choice(resting)
            market = self._ledger.markets[chosen.market.symbol]
            price = self._on_tick(market, market.price + market.tick * dice.choice([-6, -3, -1, 0, 2]))
            self._tell(AmendInstruction(chosen.instruction_id, price=price))
            return
        market = self._ledger.markets[dice.choice(free or sorted(self._ledger.markets))]
        price = self._on_tick(market, market.price - market.tick * dice.choice([2, 4, 8]))
        volume = (D(dice.choice([20_000, 100_000, 500_000])) / price).quantize(STEP, rounding="ROUND_DOWN")
        self._place(market, OrderDraft(Side.BUY, OrderType.LIMIT, price, volume), Condition())

    def _on_tick(self, market: VenueMarket, price: Decimal) -> Decimal:
        return max((price // market.tick) * market.tick, market.bottom)

    def _later(self, seconds: float) -> object:
        return self.now() + timedelta(seconds=seconds)

    #: The clock of the terminal's computer; set by the world.
    now: Callable[[], object]
