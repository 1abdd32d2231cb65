"""The execution report computed a second time, in fractions and from the definitions alone: it shares no code."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor

from app.domain.order import Fill
from app.domain.values import Side

Figures = dict[str, Decimal | None]
Point = tuple[datetime, Decimal, Decimal]
DIGITS = 10**8


def rounded(value: Fraction | None) -> Decimal | None:
    """Half up (away from nought) to eight decimals."""
    if value is None:
        return None
    units = floor(abs(value) * DIGITS + Fraction(1, 2))
    return Decimal(f"{units if value >= 0 else -units}E-8")


def recomputed(
    side: Side,
    ordered: Decimal,
    fills: Sequence[Fill],
    points: Sequence[Point],
    arrival: Decimal,
    start: datetime,
    end: datetime,
) -> Figures:
    """Every computed figure of a report; ``points`` are (time, price, volume) in the order of time."""
    sign = 1 if side is Side.BUY else -1
    volume = sum((Fraction(fill.volume) for fill in fills), Fraction())
    funds = sum((Fraction(fill.price) * Fraction(fill.volume) for fill in fills), Fraction())
    fees = sum((Fraction(fill.fee) for fill in fills), Fraction())
    inside = [(at, Fraction(price), Fraction(size)) for at, price, size in points if start <= at <= end]
    traded = sum((size for _, _, size in inside), Fraction())
    benchmarks: dict[str, Fraction | None] = {"arrival": Fraction(arrival), "vwap": None, "twap": None}
    if traded:
        benchmarks["vwap"] = sum((price * size for _, price, size in inside), Fraction()) / traded
    if end > start:
        edges = [start, *(at for at, _, _ in inside), end]
        prices = [Fraction(arrival), *(price for _, price, _ in inside)]
        stood = [microseconds(later - earlier) for earlier, later in pairwise(edges)]
        weighted = sum((price * span for price, span in zip(prices, stood, strict=True)), Fraction())
        benchmarks["twap"] = weighted / microseconds(end - start)
    figures: Figures = {"average_price": rounded(funds / volume if volume else None)}
    for name, price in benchmarks.items():
        cost = None if price is None else sign * (funds - price * volume)
        figures[f"{name}_price"] = rounded(price)
        figures[f"{name}_cost"] = rounded(cost)
        in_bps = None if cost is None or price is None or not volume else cost / (price * volume) * 10_000
        figures[f"{name}_bps"] = rounded(in_bps)
    unfilled = max(Fraction(), Fraction(ordered) - volume)
    last = inside[-1][1] if inside else None if unfilled else Fraction(arrival)
    missed = None if last is None else sign * (last - Fraction(arrival)) * unfilled
    figures["opportunity_cost"] = rounded(missed)
    own = sign * (funds - Fraction(arrival) * volume)
    figures["shortfall"] = rounded(None if missed is None else own + fees + missed)
    figures["participation"] = rounded(volume / traded if traded else None)
    return figures


def microseconds(span: timedelta) -> int:
    """Whole microseconds of a span of time."""
    return span // timedelta(microseconds=1)
