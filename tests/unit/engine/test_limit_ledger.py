"""What an entry uses of the limits, from its approval until it is proven that it did not happen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.business_day import business_day_start, business_month_start
from app.domain.limits import DayUse
from app.domain.order import Order, OrderState
from app.domain.values import OrderType, Side
from app.engine.limit_ledger import LimitLedger, buy_funds
from tests.unit.engine.playbook import ETH, START, XRP, order_of

DAY = business_day_start(START)
LONGEST = timedelta(seconds=5)
ENTRY = order_of()  # 100 units at 1000


def used(*orders: Order) -> tuple[int, Decimal]:
    ledger = LimitLedger()
    for order in orders:
        ledger.take(order)
    return ledger.since(DAY)


def filled(order: Order, volume: int, state: OrderState = OrderState.CANCELLED) -> Order:
    return replace(order, state=state, filled_volume=Decimal(volume), filled_funds=Decimal(volume * 990))


@pytest.mark.parametrize(
    "state",
    [
        OrderState.INTENT,
        OrderState.SENT,
        OrderState.UNKNOWN,
        OrderState.OPEN,
        OrderState.PARTIAL,
        OrderState.CANCELLING,
    ],
)
def test_whatever_may_still_be_filled_counts_in_full(state: OrderState) -> None:
    """catalyst#315: an order without an answer existed."""
    assert used(replace(ENTRY, state=state)) == (1, 100_000)


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.REJECTED, OrderState.EXPIRED])
def test_an_entry_that_ended_without_a_fill_is_given_back(state: OrderState) -> None:
    assert used(ENTRY, replace(ENTRY, state=state)) == (0, 0)


def test_of_an_entry_that_ended_what_was_filled_counts() -> None:
    assert used(ENTRY, filled(ENTRY, 40)) == (1, 39_600)
    late = filled(ENTRY, 7)
    assert used(ENTRY, replace(ENTRY, state=OrderState.REJECTED), late) == (1, 6_930), "a late fill counts again"


def test_a_market_entry_counts_the_money_it_may_spend() -> None:
    market = order_of(order_type=OrderType.MARKET, price=None, volume=None, funds=70_000)
    assert buy_funds(market.intent) == 70_000
    assert used(market) == (1, 70_000)


def test_exits_use_nothing() -> None:
    assert used(order_of(side=Side.SELL)) == (0, 0)


def test_every_version_of_an_order_is_one_entry() -> None:
    assert used(ENTRY, ENTRY, filled(ENTRY, 40, OrderState.PARTIAL), order_of("another", market=ETH)) == (2, 200_000)


def test_days_and_months_are_counted_by_the_moment_of_departure() -> None:
    ledger = LimitLedger()
    midnight = datetime(2026, 12, 1, tzinfo=UTC)
    late = order_of("late", at=midnight - timedelta(seconds=2))
    ledger.take(late)
    assert ledger.since(midnight) == (0, 0)
    ledger.leaving(late, midnight)
    assert ledger.since(midnight) == (1, 100_000)
    ledger.take(filled(late, 40))
    assert ledger.since(midnight) == (1, 39_600)
    assert ledger.since(business_month_start(midnight - timedelta(seconds=1))) == (1, 39_600)


def test_an_order_can_be_left_out() -> None:
    ledger = LimitLedger()
    ledger.take(ENTRY)
    ledger.take(order_of("other", market=ETH))
    assert ledger.since(DAY, "other") == (1, 100_000)
    assert ledger.since(DAY, "never heard of") == (2, 200_000)
    assert ledger.since(DAY + timedelta(days=1), "other") == (0, 0)
    assert ledger.last_minute(START, "other") == 1
    assert ledger.last_in(ETH, "other") is None and ledger.last_in(ETH) == START


def test_departures_are_counted_for_a_minute() -> None:
    ledger = LimitLedger()
    expired = replace(ENTRY, state=OrderState.EXPIRED)
    ledger.take(ENTRY)
    ledger.take(expired)
    assert ledger.last_minute(START + timedelta(seconds=60)) == 1, "how an entry ended does not give its turn back"
    assert ledger.last_minute(START + timedelta(seconds=61)) == 0
    ledger.leaving(expired, START + timedelta(seconds=4))
    assert ledger.last_minute(START + timedelta(seconds=64)) == 1
    assert ledger.last_in(XRP) == START + timedelta(seconds=4)
    ledger.forget(START + timedelta(seconds=5))
    assert ledger.last_in(XRP) is None
    assert ledger.since(DAY) == (0, 0)


def test_a_restart_counts_what_it_is_told_and_lets_no_time_pass() -> None:
    """The clock may be anything after a restart: what left last left just now."""
    old = filled(order_of("old", at=START - timedelta(days=2)), 100, OrderState.FILLED)
    first = replace(order_of("first"), updated_at=START + timedelta(hours=1))
    second = order_of("second", market=ETH, at=START + timedelta(seconds=50))
    ledger = LimitLedger()
    for order in (old, first, second):
        ledger.take(order)
    now = START + timedelta(hours=2)
    ledger.restore([second, old, first, order_of("exit", side=Side.SELL)], [DayUse(DAY, 3, Decimal(7))], LONGEST, now)
    assert ledger.since(DAY) == (5, 200_007)
    assert ledger.since(DAY - timedelta(days=2)) == (6, 299_007)
    assert ledger.last_in(ETH) == now
    assert ledger.last_in(XRP) == now - timedelta(seconds=45), "it left at most five seconds after its decision"
    assert ledger.last_minute(now) == 2
