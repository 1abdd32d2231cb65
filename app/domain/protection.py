"""Which layer still sells when this computer dies: only what rests at the venue; stops are held by this program."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.constraints import ExchangeConstraints
from app.domain.money import ZERO, total
from app.domain.order import Order, OrderState
from app.domain.position import Position
from app.domain.values import OrderType, Side, TimeInForce

#: States in which the venue certainly holds an order, and nobody has asked for its end.
_RESTS = (OrderState.OPEN, OrderState.PARTIAL)
_PATIENT = (TimeInForce.GTC, TimeInForce.POST_ONLY)


class Layer(StrEnum):
    """What ends a position by itself: nothing, this program alone, or sales at the venue for a part or all of it."""

    NOTHING = "nothing"
    PROGRAM = "program"
    PARTLY_VENUE = "partly_venue"
    VENUE = "venue"


@dataclass(frozen=True, slots=True)
class Protection:
    """What protects the units that are held. ``resting`` of them are in limit sales that rest at the venue.

    ``holds_stops``: the venue could hold a stop order itself; None while its rules are not known.
    """

    layer: Layer
    resting: Decimal
    holds_stops: bool | None


def protection_of(position: Position, working: Iterable[Order], rules: ExchangeConstraints | None) -> Protection | None:
    """What protects ``position``, by the ``working`` orders; None while nothing is held."""
    if position.quantity <= ZERO:
        return None
    resting = total(order.remaining_volume or ZERO for order in working if _rests(order, position))
    plan = position.exit_plan
    levels = () if plan is None else (plan.stop_price, plan.trail_price, plan.target_price, plan.deadline)
    if resting >= position.quantity:
        layer = Layer.VENUE
    elif resting > ZERO:
        layer = Layer.PARTLY_VENUE
    else:
        layer = Layer.PROGRAM if any(level is not None for level in levels) else Layer.NOTHING
    return Protection(layer, resting, None if rules is None else rules.holds_stops)


def _rests(order: Order, position: Position) -> bool:
    intent = order.intent
    sells = intent.side is Side.SELL and intent.order_type is OrderType.LIMIT
    patient = intent.time_in_force in _PATIENT
    return order.state in _RESTS and sells and patient and intent.position_id == position.position_id
