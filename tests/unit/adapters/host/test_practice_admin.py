"""How the ledger is read the exchange's ledger."""

from decimal import Decimal

import msgspec
import pytest

from app.adapters.host.practice_admin import ExchangeAdmin, Ledger, depth_disagreements, flat_proof, last_prices
from app.domain.errors import VenueUnavailableError


def fill(price: str, volume: str, **more: object) -> dict[str, object]:
    return {"price": price, "volume": volume, **more}


def ledger(**changes: object) -> Ledger:
    order = {"uuid": "u1", "market": "KRW-ETH", "side": "bid", "state": "done", "identifier": "gw-1", "fills": []}
    whole: dict[str, object] = {
        "balances": [{"currency": "KRW", "free": "1000", "locked": "0"}],
        "orders": [order],
        "open_orders": [],
        "repeated_identifiers": [],
        "conservation": {"ok": True},
    }
    orders = changes.pop("fills", None)
    if orders is not None:
        order["fills"] = orders
    return msgspec.json.decode(msgspec.json.encode({**whole, **changes}), type=Ledger, strict=False)


def test_money_alone_is_flat() -> None:
    assert flat_proof(ledger(), {}).holds


def test_an_open_order_is_not_flat() -> None:
    proof = flat_proof(ledger(open_orders=["u1"]), {})
    assert not proof.holds and proof.open_orders == 1


@pytest.mark.parametrize(("volume", "flat"), [("0.001", True), ("0.002", False)])
def test_dust_below_the_minimum_total_cannot_be_sold_and_is_flat(volume: str, flat: bool) -> None:
    held = ledger(balances=[{"currency": "ETH", "free": volume, "locked": "0"}])
    assert flat_proof(held, {"ETH": Decimal(4_000_000)}).holds is flat


def test_a_holding_without_a_known_price_counts() -> None:
    held = ledger(balances=[{"currency": "ETH", "free": "0.00000001", "locked": "0"}])
    assert flat_proof(held, {}).holdings == {"ETH": "1E-8"}


def test_locked_units_are_held_too() -> None:
    held = ledger(balances=[{"currency": "ETH", "free": "0", "locked": "1"}])
    assert not flat_proof(held, {"ETH": Decimal(4_000_000)}).holds


def test_prices_are_those_of_the_last_fills() -> None:
    assert last_prices(ledger(fills=[fill("1", "1"), fill("2", "1")])) == {"ETH": Decimal(2)}


def recorded(price: str, volume: str, level: str, size: str, **more: object) -> dict[str, object]:
    return fill(price, volume, snapshot=7, book_time="t", level_price=level, level_size=size, **more)


def test_fills_the_recorded_depth_supports_agree() -> None:
    fills = [recorded("10", "0.4", "10", "1"), recorded("10", "0.6", "10", "1"), recorded("11", "2", "11", "2")]
    assert depth_disagreements(ledger(fills=fills)) == []


@pytest.mark.parametrize(
    "fills",
    [
        [recorded("10", "0.6", "10", "1"), recorded("10", "0.6", "10", "1")],
        [recorded("9", "0.1", "10", "1")],
        [fill("10", "0.1")],
    ],
    ids=["a level is taken twice", "another price", "no recorded level"],
)
def test_fills_it_does_not_support_are_named(fills: list[dict[str, object]]) -> None:
    assert len(depth_disagreements(ledger(fills=fills))) == 1


def test_a_resting_order_fills_at_its_own_price() -> None:
    assert depth_disagreements(ledger(fills=[recorded("10", "1", "9", "1", liquidity="maker")])) == []


async def test_an_exchange_that_is_not_there_is_said_so() -> None:
    with pytest.raises(VenueUnavailableError, match="/ledger"):
        await ExchangeAdmin("http://127.0.0.1:9").ledger()
