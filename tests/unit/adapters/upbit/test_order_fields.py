from dataclasses import replace
from decimal import Decimal

import pytest

from app.adapters.upbit.order_fields import place_fields, plain, replace_fields
from app.domain.errors import BrokenRuleError
from app.domain.values import OrderType, Side, TimeInForce
from tests.unit.adapters.upbit.stub_exchange import limit_order


def fields(side: Side, order_type: OrderType, **intent: object) -> dict[str, str]:
    order = limit_order(side=side)
    blank: dict[str, object] = {"price": None, "volume": None, **intent}
    plan = replace(order.intent, order_type=order_type, **blank)  # type: ignore[arg-type]
    return dict(place_fields(replace(order, intent=plan)))


@pytest.mark.parametrize(
    ("value", "text"),
    [("1E-7", "0.0000001"), ("1E+3", "1000"), ("155772000.00", "155772000.00"), ("0.00000001", "0.00000001")],
)
def test_amounts_never_carry_an_exponent(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


def test_limit_order_in_the_order_in_which_it_is_hashed() -> None:
    assert place_fields(limit_order()) == [
        ("market", "KRW-BTC"),
        ("side", "bid"),
        ("ord_type", "limit"),
        ("volume", "0.0001"),
        ("price", "155772000"),
        ("identifier", "gw-1"),
    ]


@pytest.mark.parametrize("word", [TimeInForce.IOC, TimeInForce.FOK, TimeInForce.POST_ONLY])
def test_limit_order_with_time_in_force(word: TimeInForce) -> None:
    assert dict(place_fields(limit_order(time_in_force=word)))["time_in_force"] == word.value


def test_market_buy_names_its_money_and_no_volume() -> None:
    assert fields(Side.BUY, OrderType.MARKET, funds=Decimal("10000")) == {
        "market": "KRW-BTC",
        "side": "bid",
        "ord_type": "price",
        "price": "10000",
        "identifier": "gw-1",
    }


def test_market_sell_names_its_volume_and_no_price() -> None:
    assert fields(Side.SELL, OrderType.MARKET, volume=Decimal("1E-4")) == {
        "market": "KRW-BTC",
        "side": "ask",
        "ord_type": "market",
        "volume": "0.0001",
        "identifier": "gw-1",
    }


def test_best_price_must_not_rest() -> None:
    assert fields(Side.BUY, OrderType.BEST, funds=Decimal(5000))["time_in_force"] == "ioc"
    with_fok = fields(Side.BUY, OrderType.BEST, funds=Decimal(5000), time_in_force=TimeInForce.FOK)
    assert with_fok["time_in_force"] == "fok"


@pytest.mark.parametrize("bad", [None, Decimal(0), Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_an_unusable_figure_never_leaves(bad: Decimal | None) -> None:
    with pytest.raises(BrokenRuleError):
        fields(Side.BUY, OrderType.MARKET, funds=bad)


@pytest.mark.parametrize("changes", [{"time_in_force": TimeInForce.POST_ONLY}, {"order_type": OrderType.BEST}])
def test_only_what_rests_replaces_an_order(changes: dict[str, object]) -> None:
    order = limit_order()
    with pytest.raises(BrokenRuleError):
        replace_fields(replace(order, intent=replace(order.intent, replaces="gw-0", **changes)))  # type: ignore[arg-type]


def test_a_replacement_without_a_usable_price_is_not_sent() -> None:
    order = limit_order()
    with pytest.raises(BrokenRuleError):
        replace_fields(replace(order, intent=replace(order.intent, replaces="gw-0", price=Decimal("NaN"))))
