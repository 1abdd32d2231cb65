"""Judges slippage: no entry that the last shown book would fill too dearly, no step that costs more than its share."""

from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext

from app.domain.blueprint import EntryOrderPolicy, RestPolicy
from app.domain.market_data import BookLevel
from app.domain.order import Order
from app.domain.position import Position
from app.domain.slippage import ExecutionMeasured
from app.domain.values import OrderType
from tests.simulation.venue_ledger import EXACT, FEE, STEP, ZERO, VenueLedger

#: Rounding of a division; a step of volume at the dearest price is far more.
HAIR = Decimal("1e-11")
#: Executions of a market that are handed back after a restart.
KEPT = 100


class SlippageWatch:
    """Walks the books by itself, and adds up what the venue filled."""

    def __init__(self, broken: Callable[[str, str], None], ledger: VenueLedger) -> None:
        self._broken = broken
        self._ledger = ledger

    def on_entry(
        self, order: Order, position: Position, shown: tuple[tuple[BookLevel, ...], tuple[BookLevel, ...]]
    ) -> None:
        """I15: the walk of the last shown book is within the strategy's tolerance."""
        (bids, asks), intent = shown, order.intent
        if not bids or not asks:
            self._broken("I15", f"{order.order_id} enters although one side of the book is empty")
            return
        best = asks[0].price
        with localcontext(EXACT):
            units, paid, hungry = ZERO, ZERO, True
            for level in asks:
                if intent.price is not None and level.price > intent.price:
                    hungry = False
                    break
                if intent.funds is not None:
                    wanted = (intent.funds - paid) // (level.price * STEP) * STEP
                else:
                    wanted = (intent.volume or ZERO) - units
                part = min(wanted, level.size)
                units, paid = units + part, paid + part * level.price
                hungry = wanted > level.size
                if not hungry or intent.order_type is OrderType.BEST:
                    hungry = False
                    break
            most = best * (1 + position.blueprint.slippage.max_percent / 100)
            if hungry:
                self._broken("I15", f"{order.order_id} enters beyond the visible depth")
            elif paid > units * most * (1 + HAIR):
                self._broken("I15", f"{order.order_id} enters at {paid / units:.8g} on average, best is {best}")

    def on_measured(self, told: ExecutionMeasured) -> None:
        """I7: the average of an execution is the venue's."""
        theirs = self._ledger.by_identifier.get(told.order_id)
        with localcontext(EXACT):
            real = theirs.spent / theirs.executed if theirs is not None and theirs.executed else ZERO
            if abs(told.actual - real) > real * HAIR:
                self._broken("I7", f"{told.order_id} is said to have paid {told.actual:.8g}, it paid {real:.8g}")

    def on_restart(self, written: list[ExecutionMeasured], found: tuple[ExecutionMeasured, ...]) -> None:
        """I23: the newest executions of every market, and no others, are known again."""
        for market in {one.market for one in written}:
            mine = [one for one in written if one.market == market][-KEPT:]
            if mine != [one for one in found if one.market == market]:
                self._broken("I23", f"the executions in {market} are not those of the journal")

    def on_step(self, order: Order, position: Position, orders: Mapping[str, Order]) -> None:
        """I15: all parts of a step together stay within its share of the budget, by the venue's ledger."""
        number = _step(order)
        if number is None:
            return
        steps = position.blueprint.steps
        with localcontext(EXACT):
            intent = order.intent
            cost = (intent.funds or (intent.price or ZERO) * (intent.volume or ZERO)) * (1 + FEE)
            for other in orders.values():
                theirs = self._ledger.by_identifier.get(other.order_id)
                same = other.intent.position_id == position.position_id and _step(other) == number
                if same and theirs is not None and theirs.buys and other.order_id != order.order_id:
                    cost += theirs.spent + theirs.paid_fee
            share = position.budget * steps[number].share_percent / 100
        if cost > share:
            self._broken("I15", f"{order.order_id}: step {number + 1} would cost {cost} of {share}")

    def on_rest(self, order: Order, position: Position, orders: Mapping[str, Order]) -> None:
        """I43: a rest is bought at market after most of its limit order was filled and the order has ended."""
        policy, name = position.blueprint.entry_order, order.intent.instruction_id
        if order.intent.part == 1 or (policy.order_type is not OrderType.LIMIT and not name):
            return
        mine = (position.position_id, name)
        same = (o for o in orders.values() if (o.intent.position_id, o.intent.instruction_id) == mine)
        limits = [o for o in same if _step(o) == _step(order) and o.intent.order_type is OrderType.LIMIT]
        first = max(limits, key=lambda o: o.created_at, default=None)
        if name and first is not None:
            policy = first.intent.policy or EntryOrderPolicy(rest=RestPolicy.WAIT)
        theirs = self._ledger.by_identifier.get(first.order_id) if first is not None else None
        if first is None or theirs is None or theirs.is_open or not first.intent.volume:
            self._broken("I43", f"{order.order_id} is the rest of an order that works, or of none")
        elif theirs.executed * 100 < first.intent.volume * policy.market_from_percent:
            self._broken("I43", f"{order.order_id} is the rest of {theirs.executed} of {first.intent.volume}")
        elif policy.rest is not RestPolicy.CANCEL_AND_MARKET:
            self._broken("I43", f"{order.order_id} is the rest of an entry whose rest was not to be bought")


def _step(order: Order) -> int | None:
    words = order.intent.reason.split(", part")[0].split()
    if words == ["entry", "signal"]:
        return 0
    return int(words[1]) - 1 if words[0] == "rung" else None
