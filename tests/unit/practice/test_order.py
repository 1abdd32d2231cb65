"""The amounts an order shows."""

from decimal import Decimal

from app.practice.order import Order, OrderRequest, OrderType, Side, SmpType


def bid(price: str, volume: str | None) -> Order:
    kind = OrderType.LIMIT if volume else OrderType.PRICE
    amount = None if volume is None else Decimal(volume)
    request = OrderRequest("KRW-BTC", Side.BID, kind, Decimal(price), amount, None, SmpType.NONE, None)
    total = Decimal(price) * (amount or 1)
    return Order("u", request, 0, total * Decimal("0.0005"))


def test_locked_while_partly_filled_follows_the_recorded_example() -> None:
    """60 x 0.8 + 0.024 = 48.024 with a reserve of 0.04 (upbit.md 5.3)."""
    order = bid("0.8", "100")
    assert order.reserved_fee == Decimal("0.04")
    order.executed_volume, order.executed_funds, order.paid_fee = Decimal(40), Decimal(32), Decimal("0.016")
    assert order.remaining_fee == Decimal("0.024")
    assert order.locked == Decimal("48.024")


def test_leftovers_of_a_market_buy_follow_the_real_order_of_2022() -> None:
    order = bid("7000", None)
    order.executed_funds = Decimal("6999.99997655")
    order.paid_fee = order.executed_funds * Decimal("0.0005")
    assert order.paid_fee == Decimal("3.499999988275")
    assert order.remaining_fee == Decimal("0.000000011725")
    assert order.locked == Decimal("0.000023461725")


def test_currencies_follow_the_side() -> None:
    assert bid("0.8", "100").locked_currency == "KRW"
    assert bid("0.8", "100").coin == "BTC"
    assert Side.BID.other is Side.ASK
