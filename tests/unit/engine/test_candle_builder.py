"""Bars out of prices: what closes them, what history adds, what is never invented."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.market_data import Candle
from app.engine.candle_builder import KEPT_BARS, CandleBuilder
from tests.unit.engine.playbook import XRP

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ONE = Decimal(1)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def bar(minute: int, close: int = 1000, volume: int = 1) -> Candle:
    value = Decimal(close)
    return Candle(XRP, 60, at(60 * minute), value, value, value, value, Decimal(volume))


def built(*prices: tuple[float, int]) -> CandleBuilder:
    builder = CandleBuilder(XRP, 60)
    for second, price in prices:
        builder.add(Decimal(price), ONE, at(second))
    return builder


def test_a_bar_knows_its_open_high_low_close_and_volume() -> None:
    forming = built((1, 100), (2, 120), (3, 90), (59.9, 110)).forming
    assert forming == Candle(XRP, 60, NOON, Decimal(100), Decimal(120), Decimal(90), Decimal(110), Decimal(4))


def test_the_first_price_of_the_next_interval_closes_the_bar() -> None:
    builder = built((1, 100))
    closed = builder.add(Decimal(200), ONE, at(60))
    assert closed is not None and closed.opened_at == NOON and closed.close == 100
    assert list(builder.closed) == [closed]
    assert builder.forming is not None and builder.forming.opened_at == at(60) and builder.forming.open == 200


def test_a_bar_closes_with_its_time_when_nobody_trades() -> None:
    builder = built((1, 100))
    assert builder.roll(at(59.9)) is None
    closed = builder.roll(at(60))
    assert closed is not None and builder.forming is None
    assert builder.roll(at(120)) is None


def test_intervals_without_trades_leave_no_bar() -> None:
    builder = built((1, 100), (301, 110), (361, 120))
    assert [one.opened_at for one in builder.closed] == [NOON, at(300)]


def test_a_price_that_comes_late_changes_nothing() -> None:
    builder = built((61, 100))
    before = builder.forming
    assert builder.add(Decimal(500), ONE, at(59)) is None
    assert builder.forming == before and not builder.closed


def test_bars_begin_on_the_clock_not_with_the_first_price() -> None:
    builder = CandleBuilder(XRP, 300)
    builder.add(ONE, ONE, at(7 * 60 + 13))
    assert builder.forming is not None and builder.forming.opened_at == at(300)


def test_history_becomes_closed_bars_and_its_running_bar_the_forming_one() -> None:
    builder = CandleBuilder(XRP, 60)
    builder.load((bar(-2), bar(-1), bar(0, 1005)), at(30))
    assert builder.loaded and [one.opened_at for one in builder.closed] == [at(-120), at(-60)]
    assert builder.forming == bar(0, 1005)


def test_history_of_the_running_interval_is_joined_with_what_was_seen_live() -> None:
    builder = built((20, 990), (25, 1010))
    running = Candle(XRP, 60, NOON, Decimal(1000), Decimal(1030), Decimal(995), Decimal(1001), Decimal(50))
    builder.load((running,), at(30))
    forming = builder.forming
    assert forming is not None
    figures = [forming.open, forming.high, forming.low, forming.close, forming.volume]
    assert figures == [1000, 1030, 990, 1010, 50]


def test_the_venues_figures_replace_our_own_for_closed_bars() -> None:
    builder = built((1, 100), (61, 100))
    builder.load((bar(0, 555),), at(70))
    assert [one.close for one in builder.closed] == [555]


def test_a_bar_the_history_already_closed_is_not_closed_again() -> None:
    builder = built((1, 100))
    builder.load((bar(-1), bar(0, 555)), at(61))
    assert builder.roll(at(61)) is None
    assert [one.close for one in builder.closed] == [1000, 555]


def test_old_bars_are_forgotten() -> None:
    builder = CandleBuilder(XRP, 60)
    for minute in range(KEPT_BARS + 10):
        builder.add(ONE, ONE, at(60 * minute))
    assert len(builder.closed) == KEPT_BARS and builder.closed[0].opened_at == at(60 * 9)


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 1000)), max_size=40), st.integers(0, 40))
def test_bars_are_in_order_without_repeats_and_contain_every_price(news: list[tuple[int, int]], split: int) -> None:
    builder = CandleBuilder(XRP, 60)
    now = 0
    for number, (second, price) in enumerate(news):
        now = max(now, second)
        if number == split:
            builder.load(tuple(bar(minute) for minute in range(3)), at(now))
        builder.add(Decimal(price), ONE, at(second))
        if number % 5 == 0:
            builder.roll(at(now))
    opened = [one.opened_at for one in builder.closed]
    assert opened == sorted(set(opened))
    assert builder.forming is None or not opened or builder.forming.opened_at > opened[-1]
    assert all(one.low <= min(one.open, one.close) and one.high >= max(one.open, one.close) for one in builder.closed)
