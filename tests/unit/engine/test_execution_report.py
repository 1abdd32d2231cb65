"""What a sliced order cost: by hand for one order, and against fractions for drawn ones."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.market_data import Candle, Trade
from app.domain.order import Fill
from app.domain.slicing import ExecutionReport, SliceAlgorithm, SlicePlan
from app.domain.values import Side
from app.engine.execution_report import MarketPrint, execution_report, prints_of_candles, prints_of_trades
from tests.property.profile import examples
from tests.unit.engine.playbook import START, XRP
from tests.unit.engine.recomputed_report import recomputed

PLAN = SlicePlan(SliceAlgorithm.TWAP, Side.BUY, Decimal(10), 100, 2)
ARRIVAL = Decimal(1000)
END = START + timedelta(seconds=100)


def at(second: float) -> timedelta:
    return timedelta(seconds=second)


def fill(second: float, price: object, volume: object, side: Side = Side.BUY, fee: object = 1) -> Fill:
    numbers = [Decimal(str(value)) for value in (price, volume, fee)]
    return Fill("order", f"trade {second}", XRP, side, *numbers, START + at(second))


def shown(second: float, price: object, volume: object) -> MarketPrint:
    return MarketPrint(START + at(second), Decimal(str(price)), Decimal(str(volume)))


FILLS = [fill(10, 1010, 4), fill(60, 1020, 4)]
#: 1,000 stood for 20 s, 1,010 for 30 s, 1,040 for 50 s.
PRINTS = [shown(20, 1010, 30), shown(50, 1040, 10)]


def test_a_buy_by_hand() -> None:
    """8 of 10 bought for 8,120; the market's VWAP is 1,017.5, its TWAP 200 + 303 + 520 = 1,023."""
    assert execution_report(PLAN, FILLS, PRINTS, ARRIVAL, START, END) == ExecutionReport(
        ordered_volume=Decimal(10),
        filled_volume=Decimal(8),
        filled_funds=Decimal(8120),
        fees=Decimal(2),
        arrival_price=ARRIVAL,
        duration_s=100.0,
        average_price=Decimal(1015),
        arrival_cost=Decimal(120),
        arrival_bps=Decimal(150),
        vwap_price=Decimal("1017.5"),
        vwap_cost=Decimal(-20),
        vwap_bps=Decimal("-24.57002457"),
        twap_price=Decimal(1023),
        twap_cost=Decimal(-64),
        twap_bps=Decimal("-78.20136852"),
        opportunity_cost=Decimal(80),
        shortfall=Decimal(202),
        participation=Decimal("0.2"),
    )


def test_for_a_sale_dear_is_good() -> None:
    sale = [replace(one, side=Side.SELL) for one in FILLS]
    report = execution_report(replace(PLAN, side=Side.SELL), sale, PRINTS, ARRIVAL, START, END)
    assert (report.arrival_cost, report.arrival_bps, report.vwap_cost) == (-120, -150, 20)
    assert (report.opportunity_cost, report.shortfall) == (-80, -198), "fees are a cost either way"


def test_only_what_was_traded_meanwhile_counts_and_order_does_not() -> None:
    outside = [shown(-0.001, 5, 5), shown(100.001, 5, 5), shown(30, "NaN", 5), shown(31, 0, 5), shown(32, 9, "NaN")]
    report = execution_report(PLAN, FILLS, [*outside, *reversed(PRINTS)], ARRIVAL, START, END)
    assert report == execution_report(PLAN, FILLS, PRINTS, ARRIVAL, START, END)
    at_the_edges = [shown(0, 1500, 1), shown(100, 1, 1)]
    report = execution_report(PLAN, FILLS, at_the_edges, ARRIVAL, START, END)
    assert (report.vwap_price, report.twap_price) == (Decimal("750.5"), 1500)


def test_nothing_filled_costs_what_was_missed() -> None:
    report = execution_report(PLAN, [], PRINTS, ARRIVAL, START, END)
    assert (report.average_price, report.arrival_bps, report.vwap_bps, report.twap_bps) == (None,) * 4
    assert (report.arrival_cost, report.opportunity_cost, report.shortfall, report.participation) == (0, 400, 400, 0)


def test_in_a_silent_market_there_is_nothing_to_compare_with() -> None:
    report = execution_report(PLAN, FILLS, [], ARRIVAL, START, END)
    assert (report.vwap_price, report.vwap_cost, report.vwap_bps, report.participation) == (None,) * 4
    assert (report.opportunity_cost, report.shortfall) == (None, None), "nobody knows what the rest is worth now"
    assert report.twap_price == ARRIVAL, "the price stood"
    whole = [fill(10, 1010, 10)]
    assert execution_report(PLAN, whole, [], ARRIVAL, START, END).shortfall == 101
    assert execution_report(PLAN, whole, [], ARRIVAL, START, START).twap_price is None
    too_much = execution_report(PLAN, [fill(10, 1010, 11)], PRINTS, ARRIVAL, START, END)
    assert too_much.opportunity_cost == 0, "what was filled beyond the order is not missed"


@pytest.mark.parametrize("price", ["NaN", "0", "-1", "Infinity"])
def test_there_is_no_report_without_an_arrival_price(price: str) -> None:
    with pytest.raises(ValueError, match="no report"):
        execution_report(PLAN, FILLS, PRINTS, Decimal(price), START, END)
    with pytest.raises(ValueError, match="no report"):
        execution_report(PLAN, FILLS, PRINTS, ARRIVAL, END, START)


def test_prints_come_from_trades_or_candles() -> None:
    trade = Trade(XRP, Decimal(1000), Decimal(3), Side.BUY, START, START + at(1))
    assert prints_of_trades([trade]) == (shown(0, 1000, 3),)
    candle = Candle(XRP, 60, START, Decimal(5), Decimal(12), Decimal(3), Decimal(6), Decimal(8))
    assert prints_of_candles([candle]) == (shown(60, 7, 8),)


def test_a_report_comes_back_from_json_as_it_was() -> None:
    report = execution_report(PLAN, FILLS, PRINTS, ARRIVAL, START, END)
    assert msgspec.json.decode(msgspec.json.encode(report), type=ExecutionReport) == report


PRICES = st.decimals("0.00000001", 200_000_000, places=8)
VOLUMES = st.decimals("0.00000001", 100_000, places=8)
SECONDS = st.integers(0, 200_000_000).map(lambda microseconds: microseconds / 1_000_000)


@given(
    st.sampled_from(Side),
    VOLUMES,
    st.lists(st.builds(fill, SECONDS, PRICES, VOLUMES, fee=VOLUMES), max_size=8),
    st.lists(st.builds(shown, SECONDS, PRICES, st.just(0) | VOLUMES), max_size=8),
    PRICES,
)
@examples(150)
def test_the_report_agrees_with_fractions_to_the_last_digit(
    side: Side, ordered: Decimal, fills: list[Fill], prints: list[MarketPrint], arrival: Decimal
) -> None:
    plan = replace(PLAN, side=side, volume=ordered)
    prints.sort(key=lambda entry: entry.at)
    report = execution_report(plan, fills, prints, arrival, START, END)
    points = [(entry.at, entry.price, entry.volume) for entry in prints]
    for name, figure in recomputed(side, ordered, fills, points, arrival, START, END).items():
        assert getattr(report, name) == figure, name
