"""What a sliced order cost against arrival, VWAP and TWAP: transaction cost analysis from fills and market prints."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.market_data import Candle, Trade
from app.domain.money import ZERO, in_money_context, is_usable, total
from app.domain.order import Fill
from app.domain.slicing import ExecutionReport, SlicePlan
from app.domain.values import Side

DIGITS = Decimal("0.00000001")
BASIS_POINTS = Decimal(10_000)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class MarketPrint:
    """Something the market traded: quote currency per unit, units (0: a price alone), when."""

    at: datetime
    price: Decimal
    volume: Decimal


def prints_of_trades(trades: Iterable[Trade]) -> tuple[MarketPrint, ...]:
    """Every trade as it was."""
    return tuple(MarketPrint(trade.traded_at, trade.price, trade.volume) for trade in trades)


@in_money_context
def prints_of_candles(candles: Iterable[Candle]) -> tuple[MarketPrint, ...]:
    """Candles as one print each at their end, at the typical price (high + low + close) / 3: an approximation."""
    return tuple(
        MarketPrint(
            candle.opened_at + timedelta(seconds=candle.seconds),
            (candle.high + candle.low + candle.close) / 3,
            candle.volume,
        )
        for candle in candles
    )


@in_money_context
def execution_report(
    plan: SlicePlan,
    fills: Sequence[Fill],
    prints: Iterable[MarketPrint],
    arrival_price: Decimal,
    started_at: datetime,
    ended_at: datetime,
) -> ExecutionReport:
    """Cost of ``fills`` for a plan that ran from ``started_at`` to ``ended_at``; prints outside do not count.

    Arrival price (usually the mid at the start) and implementation shortfall: Perold (1988), "The implementation
    shortfall: paper versus reality". Cost = side x (funds - price x volume), side 1 for a buy and -1 for a sell;
    what was not filled costs side x (last price - arrival) x unfilled volume; fees come on top.
    VWAP benchmark, sum of price x volume / sum of volume: Berkowitz, Logue and Noser (1988), "The total cost of
    transactions on the NYSE". TWAP benchmark: the last price, weighted with the time it stood, from the arrival
    price on. Basis points are of the benchmark's value.

    Raises:
        ValueError: the arrival price is no price, or the end is before the start.
    """
    if not is_usable(arrival_price) or ended_at < started_at:
        raise ValueError(f"no report from {started_at} to {ended_at} with an arrival price of {arrival_price}")
    seen = [p for p in prints if started_at <= p.at <= ended_at and is_usable(p.price) and p.volume.is_finite()]
    seen.sort(key=lambda p: p.at)
    volume, fees = total(fill.volume for fill in fills), total(fill.fee for fill in fills)
    funds = total(fill.funds for fill in fills)
    market_volume = total(p.volume for p in seen)
    vwap = total(p.price * p.volume for p in seen) / market_volume if market_volume else None
    twap = _time_weighted(seen, arrival_price, started_at, ended_at)
    unfilled = max(ZERO, plan.volume - volume)
    last_price = seen[-1].price if seen else None if unfilled else arrival_price
    missed = None if last_price is None else _cost(plan.side, last_price * unfilled, unfilled, arrival_price)
    arrival_cost = _cost(plan.side, funds, volume, arrival_price)
    return ExecutionReport(
        ordered_volume=plan.volume,
        filled_volume=volume,
        filled_funds=funds,
        fees=fees,
        arrival_price=arrival_price,
        duration_s=(ended_at - started_at).total_seconds(),
        average_price=_rounded(funds / volume) if volume else None,
        arrival_cost=arrival_cost.quantize(DIGITS),
        arrival_bps=_bps(plan.side, funds, volume, arrival_price),
        vwap_price=_rounded(vwap),
        vwap_cost=None if vwap is None else _rounded(_cost(plan.side, funds, volume, vwap)),
        vwap_bps=None if vwap is None else _bps(plan.side, funds, volume, vwap),
        twap_price=_rounded(twap),
        twap_cost=None if twap is None else _rounded(_cost(plan.side, funds, volume, twap)),
        twap_bps=None if twap is None else _bps(plan.side, funds, volume, twap),
        opportunity_cost=_rounded(missed),
        shortfall=None if missed is None else _rounded(arrival_cost + fees + missed),
        participation=_rounded(volume / market_volume) if market_volume else None,
    )


def _time_weighted(prints: Sequence[MarketPrint], arrival: Decimal, start: datetime, end: datetime) -> Decimal | None:
    """Mean of the price that stood, over the time from ``start`` to ``end``; None when that is no time."""
    if end == start:
        return None
    weighted, price, since = ZERO, arrival, start
    for entry in prints:
        weighted += price * ((entry.at - since) // _MICROSECOND)
        price, since = entry.price, entry.at
    weighted += price * ((end - since) // _MICROSECOND)
    return weighted / ((end - start) // _MICROSECOND)


def _cost(side: Side, funds: Decimal, volume: Decimal, price: Decimal) -> Decimal:
    """How much worse ``funds`` for ``volume`` are than ``price``."""
    return funds - price * volume if side is Side.BUY else price * volume - funds


def _bps(side: Side, funds: Decimal, volume: Decimal, price: Decimal) -> Decimal | None:
    return _rounded(_cost(side, funds, volume, price) * BASIS_POINTS / (price * volume)) if volume else None


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(DIGITS)
