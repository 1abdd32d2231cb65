"""Balances, spendable money, equity and the figures of the day."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.limits import TradingLimits
from app.domain.money import ZERO
from app.domain.order import OrderState
from app.domain.values import Side
from app.domain.venue_reports import Balance
from app.engine.account_book import AccountBook
from app.engine.order_tracker import OrderTracker
from app.engine.position_manager import Mark, PositionManager
from tests.unit.engine.playbook import ETH, START, XRP, Playbook, order_of

LATER = START + timedelta(seconds=1)


def book(krw: int = 1_000_000) -> AccountBook:
    made = AccountBook("KRW", TradingLimits())
    made.take_balances([Balance("KRW", Decimal(krw), ZERO)], START, complete=True)
    return made


def test_an_asset_nobody_named_is_zero() -> None:
    assert book().balance("XRP") == Balance("XRP", ZERO, ZERO)
    assert book().reported_at("XRP").year == 1


def test_older_words_do_not_overwrite_newer_ones() -> None:
    """O5: the stream was faster than the reading."""
    made = book()
    made.take_balances([Balance("KRW", Decimal(5), ZERO)], LATER, complete=False)
    made.take_balances([Balance("KRW", Decimal(9), ZERO)], START, complete=True)
    assert made.balance("KRW").free == 5


def test_a_complete_reading_clears_what_it_does_not_name_but_not_what_is_newer() -> None:
    made = book()
    made.take_balances([Balance("ETH", Decimal(1), ZERO)], START, complete=False)
    made.take_balances([Balance("XRP", Decimal(1), ZERO)], LATER + timedelta(seconds=1), complete=False)
    made.take_balances([], LATER, complete=True)
    assert made.balance("KRW").total == made.balance("ETH").total == 0 and made.balance("XRP").total == 1


def test_a_repeated_asset_in_one_reading_is_replaced_not_added() -> None:
    """X19: 21 shares read as 42."""
    made = book()
    made.take_balances([Balance("XRP", Decimal(21), ZERO)] * 2, LATER, complete=True)
    assert made.balance("XRP").total == 21


def test_money_of_orders_on_their_way_is_not_spendable() -> None:
    for state in (OrderState.INTENT, OrderState.SENT, OrderState.UNKNOWN):
        order = order_of(state=state, reserved=Decimal(400_000))
        assert book().spendable([order]) == 600_000


def test_money_of_a_resting_order_is_taken_off_until_the_venue_has_counted_it() -> None:
    made = book()
    rests = order_of(state=OrderState.OPEN, reserved=Decimal(400_000), updated_at=LATER)
    assert made.spendable([rests]) == 600_000
    made.take_balances([Balance("KRW", Decimal(600_000), Decimal(400_000))], LATER, complete=True)
    assert made.spendable([rests]) == 600_000


def test_sales_reserve_no_money() -> None:
    assert book().spendable([order_of(side=Side.SELL, state=OrderState.UNKNOWN, reserved=Decimal(1))]) == 1_000_000


def test_equity_is_money_and_everything_that_has_a_price() -> None:
    made, positions = book(), PositionManager()
    coins = [Balance("XRP", Decimal(10), Decimal(5)), Balance("ODD", Decimal(9), ZERO)]
    made.take_balances(coins, START, complete=False)
    positions.marks[XRP] = Mark(Decimal(1000), START, True)
    assert made.equity(positions) == 1_015_000
    assert made.unpriced(positions)
    made.take_balances([Balance("ODD", ZERO, ZERO)], START, complete=False)
    assert not made.unpriced(positions)


def test_yesterdays_profit_is_not_todays() -> None:
    """C6: a reset by the calendar of the exchange, not by a restart."""
    made = book()
    made.book_realised(START - timedelta(hours=4), Decimal(500))
    made.book_realised(START, Decimal(-30))
    assert made.realised_today(START) == -30
    restored = book()
    restored.restore([(START, Decimal(-30)), (START - timedelta(days=1), Decimal(500))], [START])
    assert restored.realised_today(START) == -30


def test_the_loss_of_the_month_spans_its_business_days_and_no_others() -> None:
    made, positions = book(), PositionManager()
    first = datetime(2026, 11, 1, tzinfo=UTC)
    for at, amount in ((first - timedelta(seconds=1), -999), (first, -20_000), (START, -10_000)):
        made.book_realised(at, Decimal(amount))
    assert made.month_loss(positions, START) == (30_000, Decimal("0.06") * 1_030_000)
    assert made.day_loss(positions, START) == (10_000, Decimal("0.02") * 1_010_000)
    made.book_realised(START, Decimal(50_000))
    assert made.month_loss(positions, START)[0] == 0, "a month in profit has lost nothing"


def test_the_day_rolls_over_at_its_start_and_what_is_dated_ahead_counts() -> None:
    made, positions, orders = book(), PositionManager(), OrderTracker()
    midnight = datetime(2026, 11, 20, tzinfo=UTC)
    just_before, soon = midnight - timedelta(microseconds=1), midnight + timedelta(seconds=1)
    for at, amount in ((just_before, "0.10"), (midnight, "0.2"), (soon, "-1E-8")):
        made.book_realised(at, Decimal(amount))
        made.book_fill(at)
    for now, profit, trades in (
        (just_before, "0.29999999", 3),
        (midnight, "0.19999999", 2),
        (soon, "0.19999999", 2),
        (midnight + timedelta(days=1), "0", 0),
    ):
        figures = made.marked(positions, orders, now)
        assert (figures.realised_today, figures.trades_today) == (Decimal(profit), trades)


def test_the_sum_of_all_days_is_kept_and_a_restore_begins_afresh() -> None:
    made, positions, orders = book(900_000), PositionManager(), OrderTracker()
    made.book_realised(START, Decimal(7))
    made.book_fill(START)
    losses = [(START - timedelta(days=day), Decimal(-25_000)) for day in (0, 1, 2, 3)]
    made.restore(iter(losses), iter(at for at, _ in losses))
    figures = made.marked(positions, orders, START)
    assert figures.realised_today == -25_000 and figures.trades_today == 1
    assert made.realised_ever == -100_000


def test_the_daily_loss_limit_is_used_up_by_losses_only() -> None:
    made, positions = book(980_000), PositionManager()
    assert made.day_loss_used(positions, START) == 0
    made.book_realised(START, Decimal(-20_000))  # 2 % of the million it was
    assert made.day_loss_used(positions, START) == 1
    made.book_realised(START, Decimal(40_000))
    assert made.day_loss_used(positions, START) == 0


def test_an_empty_account_has_used_nothing() -> None:
    made = AccountBook("KRW", TradingLimits())
    assert made.day_loss_used(PositionManager(), START) == 0
    figures = made.marked(PositionManager(), OrderTracker(), START)
    assert figures.equity == 0 and figures.day_profit_ratio == 0 and figures.total_loss_used == 0


def test_the_figures_for_the_screen_agree_with_the_books() -> None:
    play = Playbook().ready()
    play.holding(XRP)
    play.holding(ETH)
    play >> play.account()
    figures = play.core.account.marked(play.core.positions, play.core.tracker, play.now)
    fees = sum(p.fees for p in play.core.positions.live())
    assert figures.equity == 50_000_000 - fees
    assert figures.unrealised == figures.day_profit == -fees and figures.realised_today == 0
    assert figures.positions == 2 and figures.trades_today == 2 and figures.working_orders == 0
    assert figures.reconciled and figures.marked_at == play.now
    assert figures.exposure_ratio * figures.equity - (figures.equity - play.cash) < Decimal("1e-20")


def test_equity_of_the_day_before_the_fill_was_reported_is_not_counted_twice() -> None:
    play = Playbook().ready()
    before = play.core.account.equity(play.core.positions)
    play.holding(XRP)
    assert play.core.account.equity(play.core.positions) == before  # money and coins change together, when told
