"""TWAP, VWAP and implementation shortfall on recorded books: rules kept, and costs that agree with fractions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache, partial

import pytest

from app.adapters.replay.recorded_files import read_candle_csv
from app.domain.constraints import ExchangeConstraints, TickBand
from app.domain.refusal import Refusal
from app.domain.slicing import ChasePolicy, SliceAlgorithm, SlicePlan, SlicesEnd
from app.domain.values import Market, Side
from app.engine.execution_report import execution_report
from app.engine.slice_schedule import SliceBasis, schedule, slice_basis
from tests.adapters.data.recorded import DATA, needs_data
from tests.adapters.data.sliced_run import Moment, SlicedRun, binance_moments, snapshot_moments
from tests.unit.engine.recomputed_report import recomputed

pytestmark = needs_data


def rules(market: Market, tick: str, step: str, least: int) -> ExchangeConstraints:
    fee = Decimal("0.0005")
    bands = (TickBand(Decimal(0), Decimal(tick)),)
    base = market.symbol.removeprefix("KRW-").removesuffix("USDT")
    quote = "KRW" if market.symbol.startswith("KRW-") else "USDT"
    return ExchangeConstraints(
        market, base, quote, bands, Decimal(step), Decimal(least), Decimal(10**9), buy_fee=fee, sell_fee=fee
    )


@dataclass(frozen=True)
class Recording:
    """A recorded market, the rules that held there, and an order that is large for it."""

    rules: ExchangeConstraints
    moments: Callable[[], Iterator[Moment]]
    candles: str
    candle_s: int
    volume: str
    duration_s: int
    slices: int
    aversion: str


@cache
def basis_of(recording: Recording) -> SliceBasis:
    candles = list(read_candle_csv(DATA / recording.candles, recording.rules.market, recording.candle_s))
    first = next(recording.moments())
    return slice_basis(candles, first.bid, first.ask, bucket_s=300)


BTCUSDT, ETHUSDT = Market("binance", "BTCUSDT"), Market("binance", "ETHUSDT")
UPBIT_ETH, BITHUMB_ETH = Market("upbit", "KRW-ETH"), Market("bithumb", "KRW-ETH")
FIVE, ONE = "binance/candles_5m_BTCUSDT_2025-05-25_2025-07-09.csv.gz", "upbit/candles_1m_KRW-BTC_2024-08_2025-03.csv.gz"
RECORDINGS = {
    "binance-btc": Recording(
        rules(BTCUSDT, "0.01", "0.00001", 5),
        partial(binance_moments, DATA / "binance/rawws_spot_btcusdt_20240808_235413.txt.gz"),
        *(FIVE, 300, "4.2", 300, 15, "0.000001"),
    ),
    "binance-eth": Recording(
        rules(ETHUSDT, "0.01", "0.0001", 5),
        partial(binance_moments, DATA / "binance/rawws_spot_ethusdt_20240808_235414.txt.gz"),
        *(FIVE, 300, "50", 300, 20, "0.0000001"),
    ),
    "upbit-eth": Recording(
        rules(UPBIT_ETH, "1000", "0.00000001", 5000),
        partial(snapshot_moments, DATA / "upbit/orderbook_L5_KRW-ETH_20240427_1739_2130.csv.gz", UPBIT_ETH),
        *(ONE, 60, "30", 10_800, 60, "0.00000001"),
    ),
    "bithumb-eth": Recording(
        rules(BITHUMB_ETH, "1000", "0.0001", 500),
        partial(snapshot_moments, DATA / "bithumb/orderbook_L5_ETH_20240427.csv.gz", BITHUMB_ETH),
        *(ONE, 60, "12", 3_600, 40, "0.00000001"),
    ),
}
ALGORITHMS = [SliceAlgorithm.TWAP, SliceAlgorithm.VWAP, SliceAlgorithm.IS]


@pytest.fixture(scope="module", params=RECORDINGS)
def recording(request: pytest.FixtureRequest) -> Recording:
    return RECORDINGS[request.param]


def plan_of(recording: Recording, algorithm: SliceAlgorithm, side: Side, chase: ChasePolicy | None) -> SlicePlan:
    return SlicePlan(
        algorithm,
        side,
        Decimal(recording.volume),
        recording.duration_s,
        recording.slices,
        participation_cap=Decimal("0.05"),
        randomisation=Decimal("0.2"),
        chase=chase,
        risk_aversion=Decimal(recording.aversion) if algorithm is SliceAlgorithm.IS else None,
    )


@pytest.mark.parametrize(
    ("side", "chase"),
    [(Side.BUY, None), (Side.SELL, ChasePolicy(offset_ticks=1, rest_s=5, reprices=1))],
    ids=["bought at once", "sold patiently"],
)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_report_of_a_recorded_run_agrees_with_fractions(
    recording: Recording, algorithm: SliceAlgorithm, side: Side, chase: ChasePolicy | None
) -> None:
    plan = plan_of(recording, algorithm, side, chase)
    run = SlicedRun(plan, recording.rules).go(recording.moments(), basis_of(recording), seed=4)
    keeps_the_rules(run)
    report = execution_report(plan, run.fills, run.prints, run.arrival, run.start, run.end)
    points = [(entry.at, entry.price, entry.volume) for entry in run.prints]
    figures = recomputed(side, plan.volume, run.fills, points, run.arrival, run.start, run.end)
    assert {name: getattr(report, name) for name in figures} == figures
    assert all(figure is not None for figure in figures.values())
    assert report.filled_volume == sum(fill.volume for fill in run.fills)
    assert report.fees == sum(fill.fee for fill in run.fills)


def keeps_the_rules(run: SlicedRun) -> None:
    """The whole volume or an honest remainder, and never more than the cap at any moment."""
    plan, done = run.plan, run.done
    assert done is not None and run.fills
    filled = sum((fill.volume for fill in run.fills), Decimal(0))
    assert filled + done.remainder == plan.volume
    assert done.end is SlicesEnd.COMPLETE or filled >= plan.volume * Decimal("0.6"), done
    assert run.end - run.start <= timedelta(seconds=plan.duration_s + 60)
    assert plan.participation_cap is not None
    traded, bought, queue = Decimal(0), Decimal(0), list(run.fills)
    for entry in run.prints:
        while queue and queue[0].traded_at < entry.at:
            bought += queue.pop(0).volume
            assert bought <= plan.participation_cap * traded
        traded += entry.volume
    assert filled <= plan.participation_cap * traded
    assert len({fill.price for fill in run.fills}) > 1


def test_the_schedules_differ_as_they_should(recording: Recording) -> None:
    """Fear trades early: after a third of the time IS has more than TWAP; VWAP follows the hour."""
    first = next(recording.moments())
    early = {}
    for algorithm in ALGORITHMS:
        plan = plan_of(recording, algorithm, Side.SELL, None)
        made = schedule(plan, recording.rules, first.bid, basis_of(recording), 4, first.now)
        assert not isinstance(made, Refusal)
        assert sum(piece.volume for piece in made) == plan.volume
        early[algorithm] = sum(piece.volume for piece in made if piece.due_s <= plan.duration_s / 3)
    assert early[SliceAlgorithm.IS] > early[SliceAlgorithm.TWAP] != early[SliceAlgorithm.VWAP]
