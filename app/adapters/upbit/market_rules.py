"""Trading rules of a market, from what Upbit answers and its published price-unit table. Source: upbit.md section 5."""

from decimal import Decimal

from app.adapters.upbit.translate import to_market
from app.adapters.upbit.wire import UnusableMessageError, WireChance, finite
from app.domain.constraints import ExchangeConstraints, TickBand
from app.domain.money import ZERO, is_usable

#: Upbit truncates volumes after the 8th decimal.
VOLUME_STEP = Decimal("0.00000001")

#: KRW price units, in force since 2025-07-31.
KRW_TICKS: tuple[TickBand, ...] = tuple(
    TickBand(Decimal(from_price), Decimal(tick))
    for from_price, tick in (
        ("1000000", "1000"),
        ("500000", "500"),
        ("100000", "100"),
        ("50000", "50"),
        ("10000", "10"),
        ("5000", "5"),
        ("100", "1"),
        ("10", "0.1"),
        ("1", "0.01"),
        ("0.1", "0.001"),
        ("0.01", "0.0001"),
        ("0.001", "0.00001"),
        ("0.0001", "0.000001"),
        ("0.00001", "0.0000001"),
        ("0", "0.00000001"),
    )
)
#: The price may have crossed a band between the two answers that are compared.
_NEAR = (Decimal("0.99"), Decimal(1), Decimal("1.01"))


def tick_bands(quote: str, tick: Decimal, price: Decimal | None) -> tuple[TickBand, ...]:
    """Bands of a market whose instrument entry says ``tick`` at about ``price`` (quote currency).

    The table holds only where the venue agrees with it; an exception (KRW-USDT, an old recording) gets one band.

    Raises:
        UnusableMessageError: ``tick`` is no price step.
    """
    if not is_usable(tick):
        raise UnusableMessageError(f"tick size {tick} is no price step")
    if quote == "KRW" and price is not None and is_usable(price):
        expected = {table_tick(price * factor) for factor in _NEAR}
        if tick in expected:
            return KRW_TICKS
    return (TickBand(ZERO, tick),)


def table_tick(price: Decimal) -> Decimal:
    """Price unit of the published table at ``price`` KRW."""
    return next(band.tick for band in KRW_TICKS if price >= band.from_price)


def constraints_of(symbol: str, chance: WireChance, bands: tuple[TickBand, ...]) -> ExchangeConstraints:
    """Rules of ``symbol``; fees and totals are those of ``chance``, which may belong to another market of its quote.

    Raises:
        UnusableMessageError: a fee or total is no number.
    """
    quote, _, base = symbol.partition("-")
    rules = chance.market
    fees = (finite(chance.bid_fee), finite(chance.ask_fee))
    if not all(fee < 1 for fee in fees):
        raise UnusableMessageError(f"fees {fees} of {symbol} are no ratios")
    totals = (rules.bid.min_total, rules.ask.min_total, rules.max_total)
    if not all(is_usable(amount) for amount in totals):
        raise UnusableMessageError(f"totals {totals} of {symbol} are no amounts")
    return ExchangeConstraints(
        market=to_market(symbol),
        base=base,
        quote=quote,
        bands=bands,
        volume_step=VOLUME_STEP,
        min_total=max(rules.bid.min_total, rules.ask.min_total),
        max_total=rules.max_total,
        buy_fee=fees[0],
        sell_fee=fees[1],
        active=rules.id != symbol or rules.state in (None, "active"),
        replaces_orders=True,
    )
