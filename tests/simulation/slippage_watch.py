"""Judges slippage: no entry that the last shown book would fill too dearly, no step that costs more than its share."""

from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext

from app.domain.market_data import BookLevel
from app.domain.order import Order
from app.domain.position import Position
from tests.simulation.venue_ledger import EXACT, FEE, STEP, ZERO, VenueLedger

#: Rounding of a division; a step of volume at the dearest price is far more.
HAIR = Decimal("1e-11")


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
                if not hungry:
                    break
            most = best * (1 + position.blueprint.slippage.max_percent / 100)
            if hungry:
                self._broken("I15", f"{order.order_id} enters beyond the visible depth")
            elif paid > units * most * (1 + HAIR):
                self._broken("I15", f"{order.order_id} enters at {paid / units:.8g} on average, best is {best}")

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


def _step(order: Order) -> int | None:
    words = order.intent.reason.split(", part")[0].split()
    if words == ["entry", "signal"]:
        return 0
    return int(words[1]) - 1 if words[0] == "rung" else None
