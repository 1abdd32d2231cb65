"""Accounting over 13,470 real fills agrees with the reference: by hand, and by the engine's own PositionManager."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import ROUND_DOWN, ROUND_FLOOR, Decimal

import pytest

from app.adapters.replay.recorded_files import RecordedFill, read_bot_fills
from app.domain.blueprint import LocalText, StrategyBlueprint
from app.domain.exit_plan import ExitRules
from app.domain.money import ZERO, total
from app.domain.order import Fill, OrderIntent
from app.domain.position import Position, PositionState
from app.domain.values import Market, OrderType, Purpose, Side
from app.engine.position_manager import PositionManager
from tests.adapters.data.recorded import DATA, expected, needs_data

pytestmark = needs_data

NAME = "upbit/botfills_KRW-BTC_20240307_0315.csv.gz"
BTC = Market("upbit", "KRW-BTC")
START = datetime(2024, 3, 7, tzinfo=UTC)
START_QUANTITY, START_PRICE = Decimal("0.40"), Decimal(94_656_000)
CENT = Decimal("0.01")
FEE = Decimal("0.0005")


@pytest.fixture(scope="module")
def fills() -> list[RecordedFill]:
    return list(read_bot_fills(DATA / NAME, BTC))


def cents(amount: Decimal) -> str:
    return str(amount.quantize(CENT))


def test_every_fill_is_read_with_its_fee(fills: list[RecordedFill]) -> None:
    assert len(fills) == expected(NAME)["fills"]
    assert cents(total(fill.fee for fill in fills)) == expected(NAME)["fees"]
    assert total(fill.cash_flow for fill in fills) == expected(NAME)["sum_cash_flow_column"]


def test_the_fee_is_five_hundredths_of_a_percent_cut_to_the_hundredth(fills: list[RecordedFill]) -> None:
    for fill in fills:
        assert fill.fee == (fill.price * fill.volume * FEE).quantize(CENT, ROUND_DOWN)


def test_cash_is_floored_to_one_won(fills: list[RecordedFill]) -> None:
    for fill in fills:
        funds = fill.price * fill.volume
        if fill.side is Side.SELL:
            assert fill.cash_flow == (funds * (1 - FEE)).to_integral_value(ROUND_FLOOR)
        else:
            # The bot looks at tenths only: what costs less than a tenth of a won more is not seen.
            spent = (funds * (1 + FEE)).quantize(Decimal("0.1"), ROUND_DOWN)
            assert fill.cash_flow == (-spent).to_integral_value(ROUND_FLOOR)


def test_quantity_average_cost_and_profit_agree_by_hand(fills: list[RecordedFill]) -> None:
    quantity, cost, realised = START_QUANTITY, START_QUANTITY * START_PRICE, ZERO
    least = quantity
    for fill in fills:
        if fill.side is Side.BUY:
            quantity, cost = quantity + fill.volume, cost + fill.volume * fill.price
        else:
            average = cost / quantity
            realised += fill.volume * (fill.price - average)
            quantity, cost = quantity - fill.volume, cost - fill.volume * average
        least = min(least, quantity)
    reference = expected(NAME)
    fees = total(fill.fee for fill in fills)
    assert str(quantity) == reference["end_qty"]
    assert str(least) == reference["min_qty"]
    assert cents(cost / quantity) == reference["avg_cost"]
    assert cents(realised) == reference["realised_gross"]
    assert cents(realised - fees) == reference["realised_net"]


def holding() -> Position:
    blueprint = StrategyBlueprint(
        schema=1,
        id="recorded-bot",
        version=1,
        name=LocalText("봇", "Bot"),
        description=LocalText("기록", "Recorded"),
        timeframe="1m",
        warmup_bars=0,
        entry_when="true",
        default_budget=Decimal(1),
        exits=ExitRules(),
        stop_loss_waived=True,
    )
    return Position(
        position_id="p",
        market=BTC,
        blueprint=blueprint,
        budget=Decimal(1),
        state=PositionState.ACTIVE,
        created_at=START,
        updated_at=START,
        quantity=START_QUANTITY,
        cost=START_QUANTITY * START_PRICE,
        entered_at=START,
    )


def booked(fills: list[RecordedFill], *, with_fees: bool) -> Position:
    """The position after the engine has booked every fill."""
    manager = PositionManager()
    manager.put(holding())
    for fill, intent in _as_ours(fills):
        manager.apply_fill(fill if with_fees else replace(fill, fee=ZERO), intent, fill.traded_at)
    return manager.positions["p"]


def _as_ours(fills: list[RecordedFill]) -> Iterator[tuple[Fill, OrderIntent]]:
    for number, fill in enumerate(fills):
        purpose = Purpose.ENTRY if fill.side is Side.BUY else Purpose.EXIT
        intent = OrderIntent("p", BTC, fill.side, OrderType.LIMIT, purpose, "recorded", fill.price, fill.volume)
        yield Fill(str(number), "1", BTC, fill.side, fill.price, fill.volume, fill.fee, fill.traded_at), intent


def test_the_engine_books_the_same_quantity_cost_and_gross_profit(fills: list[RecordedFill]) -> None:
    position = booked(fills, with_fees=False)
    reference = expected(NAME)
    assert str(position.quantity) == reference["end_qty"]
    assert position.average_cost is not None
    assert cents(position.average_cost) == reference["avg_cost"]
    assert cents(position.realised) == reference["realised_gross"]


def test_with_fees_the_engine_loses_no_won(fills: list[RecordedFill]) -> None:
    position = booked(fills, with_fees=True)
    paid = total(fill.price * fill.volume + fill.fee for fill in fills if fill.side is Side.BUY)
    earned = total(fill.price * fill.volume - fill.fee for fill in fills if fill.side is Side.SELL)
    start = START_QUANTITY * START_PRICE
    assert cents(position.fees) == expected(NAME)["fees"]
    assert cents(position.realised) == cents(earned - (start + paid - position.cost))
