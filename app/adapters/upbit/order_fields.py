"""Our order in Upbit's words. Source: upbit.md section 6.3."""

from decimal import Decimal

from app.domain.errors import BrokenRuleError
from app.domain.money import is_usable
from app.domain.order import Order, OrderIntent
from app.domain.values import OrderType, Side, TimeInForce

Fields = list[tuple[str, str]]


def plain(value: Decimal) -> str:
    """Digits without an exponent, as Upbit wants amounts: ``1E-7`` becomes ``0.0000001``."""
    return format(value, "f")


def place_fields(order: Order) -> Fields:
    """Body of POST /v1/orders in the order in which it is hashed.

    Raises:
        BrokenRuleError: a figure the order type needs is missing or unusable.
    """
    intent = order.intent
    fields = [("market", intent.market.symbol), ("side", "bid" if intent.side is Side.BUY else "ask")]
    fields += order_type_fields(intent)
    fields.append(("identifier", order.order_id))
    return fields


def replace_fields(order: Order) -> Fields:
    """Body of POST /v1/orders/cancel_and_new for a limit order of what is left of the old one (section 6.10).

    Raises:
        BrokenRuleError: it is no limit order that rests, or its price is missing or unusable.
    """
    intent = order.intent
    if intent.order_type is not OrderType.LIMIT or intent.time_in_force is not TimeInForce.GTC:
        raise BrokenRuleError(f"only a resting limit order replaces another, not {intent.order_type}")
    return [
        ("prev_order_identifier", intent.replaces),
        ("new_ord_type", "limit"),
        ("new_volume", "remain_only"),
        _amount("new_price", intent.price),
        ("new_identifier", order.order_id),
    ]


def order_type_fields(intent: OrderIntent) -> Fields:
    """``ord_type`` with volume, price and time in force, as section 6.3 combines them."""
    buys = intent.side is Side.BUY
    if intent.order_type is OrderType.LIMIT:
        fields = [("ord_type", "limit"), _amount("volume", intent.volume), _amount("price", intent.price)]
        if intent.time_in_force is not TimeInForce.GTC:
            fields.append(("time_in_force", intent.time_in_force.value))
        return fields
    size = _amount("price", intent.funds) if buys else _amount("volume", intent.volume)
    if intent.order_type is OrderType.BEST:
        # Upbit wants ioc or fok here; what does not fit at the best price must not rest
        word = TimeInForce.FOK if intent.time_in_force is TimeInForce.FOK else TimeInForce.IOC
        return [("ord_type", "best"), size, ("time_in_force", word.value)]
    return [("ord_type", "price" if buys else "market"), size]


def _amount(name: str, value: Decimal | None) -> tuple[str, str]:
    if value is None or not is_usable(value):
        raise BrokenRuleError(f"an order needs a usable {name}, not {value}")
    return name, plain(value)
