"""Judges instructions: fired at their price, never more than asked for, one of a group, none beside an exit."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from app.domain.instruction import ConditionKind, Instruction, InstructionChanged, InstructionState
from app.domain.market_data import Trade
from app.domain.order import Order
from app.domain.position import Position, PositionState
from app.domain.values import Side
from tests.simulation.nonsense_user import BAD
from tests.simulation.venue_ledger import VenueLedger

ZERO = Decimal(0)
HUNDRED = Decimal(100)


class InstructionWatch:
    """Follows instructions through restarts. ``broken(invariant, words)`` notes a violation."""

    def __init__(self, broken: Callable[[str, str], None], ledger: VenueLedger) -> None:
        self._broken = broken
        self._ledger = ledger
        self._known: dict[str, Instruction] = {}
        self._marks: dict[str, Decimal] = {}
        self._orders: dict[str, list[str]] = {}

    def restarted(self, journaled: Iterable[Instruction], found: Iterable[Instruction]) -> None:
        """What the journal holds last of each is what is armed again."""
        self._known = {i.instruction_id: i for i in journaled}
        self._marks = {}
        live = {name: i for name, i in self._known.items() if i.state.is_live}
        if live != {i.instruction_id: i for i in found}:
            self._broken("I23", f"instructions found {sorted(i.instruction_id for i in found)}, written {sorted(live)}")

    def on_event(self, event: InstructionChanged) -> None:
        """A step of an instruction."""
        new, name = event.instruction, event.instruction.instruction_id
        old = self._known.get(name)
        if name.startswith(f"i-{BAD}"):
            self._broken("I44", f"{name} was taken")
        if old is not None and not old.state.is_live and new.state is not old.state:
            self._broken("I5", f"{name} went from {old.state} to {new.state}")
        if old is not None and new.filled_volume < old.filled_volume:
            self._broken("I5", f"{name}: filled fell from {old.filled_volume} to {new.filled_volume}")
        self._known[name] = new
        if event.trigger in ("placed", "resumed", "amended"):
            self._marks.pop(name, None)

    def on_submit(self, order: Order, positions: dict[str, Position]) -> None:
        """Bytes of an order leave; judged by what the venue has executed for the same instruction."""
        name = order.intent.instruction_id
        if not name:
            return
        instruction = self._known.get(name)
        if instruction is None or instruction.state is not InstructionState.WORKING:
            self._broken("I34", f"{order.order_id} leaves for {name}, which is not at work")
            return
        position = positions.get(order.intent.position_id)
        if position is None or position.state in (PositionState.CLOSING, PositionState.CLOSED):
            self._broken("I11", f"{order.order_id} leaves for {name} while the position has an exit")
        volume, funds = self._done(name)
        self._orders.setdefault(name, []).append(order.order_id)
        draft = instruction.draft
        if draft.volume is not None and volume + (order.intent.volume or ZERO) > draft.volume:
            self._broken("I15", f"{order.order_id} of {name}: {volume} done, {draft.volume} asked for")
        if draft.funds is not None and funds + (order.intent.funds or ZERO) > draft.funds:
            self._broken("I15", f"{order.order_id} of {name}: {funds} spent, {draft.funds} asked for")

    def on_trade(self, trade: Trade) -> None:
        """The engine has handled this price: what had to fire has fired."""
        price = trade.price
        for name, instruction in self._known.items():
            if instruction.market != trade.market or instruction.state is not InstructionState.ARMED:
                continue
            level = self._level(name, instruction, price)
            if level is None:
                continue
            falls = instruction.condition.kind is ConditionKind.AT_OR_BELOW
            falls = falls or (
                instruction.condition.kind is ConditionKind.TRAILING and instruction.draft.side is Side.SELL
            )
            if price <= level if falls else price >= level:
                self._broken("I18", f"{name} did not fire at {price}, its level is {level}")

    def settled(self, positions: dict[str, Position]) -> None:
        """Nothing is wanted of a position that is closed."""
        for name, instruction in self._known.items():
            position = positions.get(instruction.position_id)
            if instruction.state.is_live and (position is None or not position.is_live):
                self._broken("I6", f"{name} is {instruction.state}, its position is closed")
            for order_id in self._orders.get(name, []):
                theirs = self._ledger.by_identifier.get(order_id)
                if not instruction.state.is_live and theirs is not None and theirs.is_open:
                    self._broken("I6", f"{name} is {instruction.state}, {order_id} works on at the venue")

    def _level(self, name: str, instruction: Instruction, price: Decimal) -> Decimal | None:
        condition = instruction.condition
        if condition.kind in (ConditionKind.AT_OR_ABOVE, ConditionKind.AT_OR_BELOW):
            return condition.price
        if condition.kind is not ConditionKind.TRAILING or condition.percent is None:
            return None
        sells = instruction.draft.side is Side.SELL
        before = self._marks.get(name)
        if before is None:  # since the instruction was armed in this run
            self._marks[name] = price
            return None
        self._marks[name] = max(before, price) if sells else min(before, price)
        away = condition.percent / HUNDRED
        return before * (1 - away) if sells else before * (1 + away)

    def _done(self, name: str) -> tuple[Decimal, Decimal]:
        """Units and money that its orders at the venue have traded, or may still trade."""
        volume = funds = ZERO
        for order_id in self._orders.get(name, []):
            theirs = self._ledger.by_identifier.get(order_id)
            if theirs is not None:
                volume += theirs.executed if not theirs.is_open else theirs.volume or theirs.executed
                funds += theirs.spent
        return volume, funds
