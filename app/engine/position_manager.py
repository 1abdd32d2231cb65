"""Live state of every position: quantity, average cost, high-water mark, profit; and which exit rule fires."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.exit_plan import ExitReason, arm_exit_plan
from app.domain.messages import PositionMarked
from app.domain.money import MONEY_CONTEXT, ZERO, in_money_context, ratio
from app.domain.order import Fill, OrderIntent
from app.domain.position import Position, PositionState, PositionTrigger
from app.domain.values import Market, Side

#: A new high-water mark is written to the journal at most this often; the trailing stop itself moves on every tick.
HIGH_WATER_WRITE_EVERY = timedelta(seconds=1)


@dataclass(slots=True)
class Mark:
    """Last usable price of a market and when it was received here."""

    price: Decimal
    at: datetime
    from_trade: bool


class PositionManager:
    """Holds positions and marks. Every change returns the new immutable Position for the journal and the screen."""

    def __init__(self) -> None:
        self.positions: dict[str, Position] = {}
        self.marks: dict[Market, Mark] = {}
        self._live_by_market: dict[Market, list[str]] = {}
        self._high_water_written: dict[str, datetime] = {}
        self._written_high: dict[str, Decimal] = {}
        self._dirty: dict[str, None] = {}  # in order of arrival: a set would differ from run to run

    def restore(self, positions: Iterable[Position]) -> None:
        """Take over what the journal knew."""
        for position in positions:
            self.put(position)

    def put(self, position: Position) -> Position:
        """Store the newest version of a position."""
        self.positions[position.position_id] = position
        live = self._live_by_market.setdefault(position.market, [])
        if position.is_live and position.position_id not in live:
            live.append(position.position_id)
        elif not position.is_live and position.position_id in live:
            live.remove(position.position_id)
        self._dirty[position.position_id] = None
        return position

    def price_of(self, market: Market) -> Decimal:
        """Last price of a market; 0 while there is none (0 is no price and passes no comparison of the gate)."""
        mark = self.marks.get(market)
        return mark.price if mark else ZERO

    def live(self) -> list[Position]:
        """Positions that are not closed."""
        return [self.positions[pid] for ids in self._live_by_market.values() for pid in ids]

    def live_in(self, market: Market) -> list[Position]:
        """Positions in ``market`` that are not closed."""
        return [self.positions[pid] for pid in self._live_by_market.get(market, ())]

    def step(self, position: Position, trigger: PositionTrigger, now: datetime, **changes: object) -> Position:
        """Move a position through its life cycle.

        Raises:
            BrokenRuleError: the life cycle has no such step.
        """
        return self.put(position.after(trigger, now, **changes))

    # ---- prices -------------------------------------------------------------------------------------------------

    def on_price(
        self, market: Market, price: Decimal, now: datetime, from_trade: bool
    ) -> list[tuple[Position, ExitReason]]:
        """Mark the market and return the positions whose exit fires at this price, with the rule that fired."""
        self.marks[market] = Mark(price, now, from_trade)
        fired: list[tuple[Position, ExitReason]] = []
        for position_id in self._live_by_market.get(market, ()):
            position = self.positions[position_id]
            self._dirty[position_id] = None
            plan = position.exit_plan
            if plan is None or position.state not in (PositionState.ACTIVE, PositionState.PAUSED):
                continue
            reason = plan.triggered_by_price(price)
            if reason is not None:
                fired.append((position, reason))
            elif price > plan.high_water:
                self.positions[position_id] = replace(position, exit_plan=plan.raised_to(price))
        return fired

    def on_time(self, now: datetime) -> list[tuple[Position, ExitReason]]:
        """Positions whose time exit is due."""
        due: list[tuple[Position, ExitReason]] = []
        for position in self.live():
            plan = position.exit_plan
            if plan is None or position.state not in (PositionState.ACTIVE, PositionState.PAUSED):
                continue
            reason = plan.triggered_by_time(now)
            if reason is not None:
                due.append((position, reason))
        return due

    def high_waters_to_write(self, now: datetime) -> list[Position]:
        """Positions whose trailing stop moved since it was last written down (rate-limited)."""
        due: list[Position] = []
        for position in self.live():
            plan = position.exit_plan
            written = self._written_high.get(position.position_id, ZERO)
            if plan is None or plan.trail_price is None or plan.high_water <= written:
                continue
            last = self._high_water_written.get(position.position_id)
            if last is not None and now - last < HIGH_WATER_WRITE_EVERY:
                continue
            self._high_water_written[position.position_id] = now
            self._written_high[position.position_id] = plan.high_water
            due.append(position)
        return due

    # ---- fills --------------------------------------------------------------------------------------------------

    @in_money_context
    def apply_fill(self, fill: Fill, intent: OrderIntent, now: datetime) -> Position:
        """Book a fill of one of the position's orders into quantity, cost and profit, and re-arm its exits.

        Raises:
            BrokenRuleError: the life cycle has no such step.
        """
        position = self.positions[intent.position_id]
        if fill.side is Side.BUY:
            return self._bought(position, fill, now)
        return self._sold(position, fill, now)

    def _bought(self, position: Position, fill: Fill, now: datetime) -> Position:
        spent = fill.funds + fill.fee
        quantity, cost = position.quantity + fill.volume, position.cost + spent
        entered = position.entered_at or now
        hold = position.blueprint.exits.max_hold_minutes
        plan = arm_exit_plan(
            rules=position.blueprint.exits,
            entry_price=MONEY_CONTEXT.divide(cost, quantity),
            entered_at=entered,
            deadline=None if hold is None else entered + timedelta(minutes=hold),
            before=position.exit_plan,
        )
        return self.step(
            position,
            PositionTrigger.ENTRY_FILLED,
            now,
            quantity=quantity,
            cost=cost,
            invested=position.invested + spent,
            fees=position.fees + fill.fee,
            last_entry_price=fill.price,
            entered_at=entered,
            closed_at=None,
            exit_plan=plan,
        )

    def _sold(self, position: Position, fill: Fill, now: datetime) -> Position:
        sold = min(fill.volume, position.quantity)
        gone = MONEY_CONTEXT.divide(position.cost * sold, position.quantity) if position.quantity else ZERO
        if sold == position.quantity:
            gone = position.cost
        earned = fill.funds - fill.fee
        return self.step(
            position,
            PositionTrigger.EXIT_FILLED,
            now,
            quantity=position.quantity - sold,
            cost=position.cost - gone,
            proceeds=position.proceeds + earned,
            fees=position.fees + fill.fee,
            realised=position.realised + earned - gone,
        )

    # ---- figures ------------------------------------------------------------------------------------------------

    def value_of(self, position: Position) -> Decimal:
        """Worth of the held units at the mark; at cost while there is no mark. Quote currency."""
        mark = self.marks.get(position.market)
        return MONEY_CONTEXT.multiply(position.quantity, mark.price) if mark else position.cost

    def unrealised(self, position: Position) -> Decimal:
        """Value minus cost, quote currency; 0 while nothing is held or there is no mark."""
        return self.value_of(position) - position.cost if position.quantity else ZERO

    def take_marked(self) -> list[PositionMarked]:
        """Figures of every position whose mark or state changed since the last call."""
        marked: list[PositionMarked] = []
        for position_id in self._dirty:
            position = self.positions[position_id]
            mark = self.marks.get(position.market)
            if mark is None:
                continue
            unrealised = self.unrealised(position)
            plan = position.exit_plan
            nearest = plan.nearest(mark.price) if plan is not None and position.is_live else None
            level = _level(position, nearest[0]) if nearest else None
            marked.append(
                PositionMarked(
                    position_id=position_id,
                    price=mark.price,
                    priced_at=mark.at,
                    value=self.value_of(position),
                    unrealised=unrealised,
                    unrealised_ratio=ratio(unrealised, position.cost),
                    exit_reason=nearest[0] if nearest else None,
                    exit_price=level,
                    exit_distance=nearest[1] if nearest else None,
                )
            )
        self._dirty.clear()
        return marked


def _level(position: Position, reason: ExitReason) -> Decimal | None:
    plan = position.exit_plan
    if plan is None:
        return None
    return {
        ExitReason.STOP_LOSS: plan.stop_price,
        ExitReason.TRAILING_STOP: plan.trail_price,
        ExitReason.TAKE_PROFIT: plan.target_price,
    }.get(reason)


@in_money_context
def realised_of(fills: Iterable[Fill]) -> list[tuple[datetime, Decimal]]:
    """Realised profit of each sale of one position, oldest first, recomputed from its fills (average cost)."""
    quantity, cost = ZERO, ZERO
    result: list[tuple[datetime, Decimal]] = []
    for fill in sorted(fills, key=lambda fill: fill.traded_at):
        if fill.side is Side.BUY:
            quantity, cost = quantity + fill.volume, cost + (fill.funds + fill.fee)
            continue
        sold = min(fill.volume, quantity)
        gone = cost if sold == quantity else MONEY_CONTEXT.divide(cost * sold, quantity)
        quantity, cost = quantity - sold, cost - gone
        result.append((fill.traded_at, fill.funds - fill.fee - gone))
    return result
