"""Small real things that the tests of this folder turn this way and that."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from app.domain.blueprint import LocalText, StrategyBlueprint
from app.domain.constraints import ExchangeConstraints, TickBand
from app.domain.exit_plan import ExitRules
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.position import Position, PositionState
from app.domain.values import Market, OrderType, Purpose, Side

NOW = datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 1, 2, 4, tzinfo=UTC)
BTC = Market("upbit", "KRW-BTC")

#: Upbit's KRW price units since 2025-07-31: (from price, unit).
UPBIT_UNITS = (
    ("2000000", "1000"),
    ("1000000", "1000"),
    ("500000", "500"),
    ("100000", "100"),
    ("50000", "50"),
    ("10000", "10"),
    ("5000", "5"),
    ("1000", "1"),
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


def upbit_constraints() -> ExchangeConstraints:
    """KRW-BTC as Upbit trades it."""
    return ExchangeConstraints(
        market=BTC,
        base="BTC",
        quote="KRW",
        bands=tuple(TickBand(Decimal(price), Decimal(tick)) for price, tick in UPBIT_UNITS),
        volume_step=Decimal("0.00000001"),
        min_total=Decimal(5000),
        max_total=Decimal(1_000_000_000),
        buy_fee=Decimal("0.0005"),
        sell_fee=Decimal("0.0005"),
    )


def blueprint(**changes: object) -> StrategyBlueprint:
    """A sound blueprint, with ``changes``."""
    sound = StrategyBlueprint(
        schema=1,
        id="sample",
        version=1,
        name=LocalText("견본", "Sample"),
        description=LocalText("시험", "For tests"),
        timeframe="1m",
        warmup_bars=0,
        entry_when="true",
        default_budget=Decimal(1_000_000),
        exits=ExitRules(stop_loss_percent=Decimal(1)),
    )
    return replace(sound, **changes)  # type: ignore[arg-type]


def intent(**changes: object) -> OrderIntent:
    """A limit buy of 0.5 units."""
    plain = OrderIntent(
        position_id="p-1",
        market=BTC,
        side=Side.BUY,
        order_type=OrderType.LIMIT,
        purpose=Purpose.ENTRY,
        reason="entry",
        price=Decimal(100),
        volume=Decimal("0.5"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def order(state: OrderState = OrderState.INTENT, **changes: object) -> Order:
    """An order in ``state``."""
    plain = Order(order_id="o-1", intent=intent(), state=state, created_at=NOW, updated_at=NOW)
    return replace(plain, **changes)  # type: ignore[arg-type]


def position(state: PositionState = PositionState.PENDING, **changes: object) -> Position:
    """A position in ``state`` that holds nothing yet."""
    plain = Position(
        position_id="p-1",
        market=BTC,
        blueprint=blueprint(),
        budget=Decimal(1_000_000),
        state=state,
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
