"""Judges instructions: fired at their price, never more than asked for, one of a group, none beside an exit.

Those worked in slices: one order at a time, within limit and share of the market, and a report that says what it cost.
"""

from collections.abc import Callable, Container, Iterable
from decimal import Decimal

from app.domain.blueprint import RestPolicy
from app.domain.instruction import ConditionKind, Instruction, InstructionChanged, InstructionState, OrderDraft
from app.domain.market_data import Trade
from app.domain.order import Order
from app.domain.position import Position, PositionState
from app.domain.slicing import SlicingReported
from app.domain.values import OrderType, Side
from tests.simulation.nonsense_user import BAD
from tests.simulation.venue_ledger import VenueLedger, VenueOrder

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
        #: Units each market has shown to the terminal, and had shown when a plan began there.
        self._shown: dict[str, Decimal] = {}
        self._begun: dict[str, Decimal] = {}
        #: Of every order that left for an instruction: which, and how much that had asked for by then.
        self._asked: dict[str, tuple[str, Decimal]] = {}
        self._reported: dict[str, SlicingReported] = {}
        #: Orders the journal lost while the disk was full: found again, they belong to the position alone.
        self._lost: set[str] = set()

    def restarted(
        self,
        journaled: Iterable[Instruction],
        found: Iterable[Instruction],
        reports: Iterable[SlicingReported],
        orders: Container[str],
    ) -> None:
        """What the journal holds last of each is what is armed again; what was told and lost is told once more."""
        self._lost.update(oid for ids in self._orders.values() for oid in ids if oid not in orders)
        self._reported = {report.instruction_id: report for report in reports}
        self._known = {i.instruction_id: i for i in journaled}
        self._marks = {}
        live = {name: i for name, i in self._known.items() if i.state.is_live}
        armed = {i.instruction_id: i for i in found if i.state.is_live}
        if live != armed:
            self._broken("I23", f"instructions found {sorted(armed)}, written {sorted(live)}")

    def shown(self, message: object) -> None:
        """A public frame is about to reach the engine."""
        if isinstance(message, Trade):
            before = self._shown.get(message.market.symbol, ZERO)
            self._shown[message.market.symbol] = before + message.volume

    def on_report(self, event: SlicingReported) -> None:
        """What a plan is said to have traded is what the venue executed for it."""
        name, report = event.instruction_id, event.report
        if name in self._reported:
            self._broken("I10", f"{name} is reported twice")
        self._reported[name] = event
        orders = [self._ledger.by_identifier.get(order_id) for order_id in self._orders.get(name, [])]
        theirs = [order for order in orders if order is not None and order.identifier not in self._lost]
        volume = sum((order.executed for order in theirs), ZERO)
        for order in theirs:
            if order.is_open:
                self._broken("I10", f"{name} is reported while {order.identifier} works at the venue")
        if report.filled_volume != volume:
            self._broken("I10", f"{name} is said to have traded {report.filled_volume}, the venue executed {volume}")

    def spends_freely(self, position_id: str) -> bool:
        """True when something buys for the position without a bound in money: so many units at any price."""
        return any(
            i.position_id == position_id and i.plan is not None and i.plan.price_limit is None
            for i in self._known.values()
        )

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
        if new.progress is not None and name not in self._begun:
            self._begun[name] = self._shown.get(new.market.symbol, ZERO)
        first = self._known.get(new.condition.after)
        if event.trigger == "fired" and first is not None and first.state is not InstructionState.DONE:
            self._broken("I18", f"{name} fires, what it waits for is {first.state}")
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
        volume, funds = self._done(name, order.intent.replaces)
        self._check_slice(order, instruction, volume)
        self._orders.setdefault(name, []).append(order.order_id)
        draft = instruction.draft
        sent, asked = (order.intent.order_type, order.intent.time_in_force), (draft.order_type, draft.time_in_force)
        if instruction.plan is None and sent != asked and not _rest_at_market(order, draft, volume):
            self._broken("I16", f"{order.order_id} of {name} leaves as {sent}, asked for was {asked}")
        if draft.volume is not None and instruction.plan is None and order.intent.funds is None:
            self._asked[order.order_id] = (name, draft.volume)
        wanted, replaced = order.intent.volume or ZERO, self._ledger.by_identifier.get(order.intent.replaces)
        if replaced is not None:  # of that the venue makes no more than what is left
            wanted = min(wanted, (replaced.volume or ZERO) - replaced.executed)
        if draft.volume is not None and volume + wanted > draft.volume:
            self._broken("I15", f"{order.order_id} of {name}: {volume} done, {draft.volume} asked for")
        left = (draft.volume - volume) * draft.price if draft.volume is not None and draft.price is not None else None
        if left is not None and order.intent.funds is not None and order.intent.funds > left:
            self._broken("I15", f"{order.order_id} of {name} spends {order.intent.funds} on a rest worth {left}")
        if draft.funds is not None and funds + (order.intent.funds or ZERO) > draft.funds:
            self._broken("I15", f"{order.order_id} of {name}: {funds} spent, {draft.funds} asked for")

    def at_venue(self, order: VenueOrder) -> None:
        """I54: something happened to an order at the venue; judged in the moment of it, by the ledger alone."""
        name, asked = self._asked.get(order.identifier or "", ("", ZERO))
        if not name or not self._lost.isdisjoint(self._orders[name]):
            return
        found = [self._ledger.by_identifier.get(order_id) for order_id in self._orders[name]]
        theirs = [other for other in found if other is not None]
        live = [other.identifier for other in theirs if other.is_open]
        if len(live) > 1:
            self._broken("I54", f"{name} has {live} at the venue at once")
        # A rest that is bought at market spends money, and may get more units for it than were left.
        units = [other for other in theirs if other.volume is not None]
        most = sum((o.volume or ZERO if o.is_open else o.executed for o in units), ZERO)
        if most > asked:
            self._broken("I54", f"{name}: {most} may be traded with {order.identifier}, {asked} asked for")

    def _check_slice(self, order: Order, instruction: Instruction, done: Decimal) -> None:
        plan, name = instruction.plan, instruction.instruction_id
        if plan is None:
            return
        for other in self._orders.get(name, []):
            theirs = self._ledger.by_identifier.get(other)
            if theirs is not None and theirs.is_open:
                self._broken("I11", f"{order.order_id} of {name} leaves while its {other} works")
        price, limit = order.intent.price, plan.price_limit
        if limit is not None and (price is None or (price > limit if plan.side is Side.BUY else price < limit)):
            self._broken("I15", f"{order.order_id} of {name} leaves at {price}, its limit is {limit}")
        seen = self._shown.get(instruction.market.symbol, ZERO) - self._begun.get(name, ZERO)
        wanted = done + (order.intent.volume or ZERO)
        if plan.participation_cap is not None and wanted > plan.participation_cap * seen:
            self._broken("I15", f"{order.order_id} of {name}: {wanted} of the {seen} units the market has traded")

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
            if instruction.plan is not None:
                self._settled_plan(name, instruction)
            for order_id in self._orders.get(name, []):
                theirs = self._ledger.by_identifier.get(order_id)
                if not instruction.state.is_live and theirs is not None and theirs.is_open:
                    self._broken("I6", f"{name} is {instruction.state}, {order_id} works on at the venue")

    def _settled_plan(self, name: str, instruction: Instruction) -> None:
        volume, _ = self._done(name)
        asked = instruction.draft.volume
        if asked is not None and volume > asked:
            self._broken("I15", f"{name}: {volume} traded, {asked} asked for")
        if not instruction.state.is_live and instruction.progress is not None and name not in self._reported:
            self._broken("I10", f"{name} is {instruction.state} and was not reported")

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

    def _done(self, name: str, replaced: str = "") -> tuple[Decimal, Decimal]:
        """Units and money that its orders at the venue have traded, or may still trade; what is left of ``replaced``
        goes over to the new one.
        """
        volume = funds = ZERO
        for order_id in self._orders.get(name, []):
            theirs = self._ledger.by_identifier.get(order_id)
            if theirs is not None:
                over = not theirs.is_open or order_id == replaced
                volume += theirs.executed if over else theirs.volume or theirs.executed
                funds += theirs.spent
        return volume, funds


def _rest_at_market(order: Order, draft: OrderDraft, done: Decimal) -> bool:
    """The rest of a purchase by limit, of which so much is bought that its policy takes the rest at market."""
    policy, whole = draft.policy, draft.volume
    if policy is None or whole is None or order.intent.order_type is not OrderType.MARKET:
        return False
    wanted = policy.rest is RestPolicy.CANCEL_AND_MARKET and order.intent.funds is not None
    return wanted and ZERO < done < whole and done * HUNDRED >= whole * policy.market_from_percent
