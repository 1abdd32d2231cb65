"""The loss limits that liquidate: what counts as a loss, what does not, and what a person must acknowledge."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.commands import ClosePosition, SetTradingState
from app.domain.effects import SubmitOrder
from app.domain.emergency import LiquidationStage
from app.domain.exit_plan import ExitReason
from app.domain.limits import TradingLimits
from app.domain.loss import AcknowledgeLoss, LossBookChanged, LossLimit, LossMarked
from app.domain.market_data import Trade
from app.domain.messages import (
    AlertRaised,
    CommandRefused,
    ExitTriggered,
    IntentRefused,
    LiquidationChanged,
    TradingStateChanged,
)
from app.domain.money import ZERO
from app.domain.refusal import RefusalReason as R
from app.domain.values import Purpose, Side, TradingState
from app.engine.loss_guard import AGES, PRICED_WITHIN, UNKNOWN_TOLD_AFTER
from tests.unit.engine.playbook import (
    BTC,
    ETH,
    PRICES,
    XRP,
    Playbook,
    StoryIds,
    blueprint,
    did,
    nothing,
    price,
    seconds,
)

#: The account owns 50,000,000: a day may lose 500,000, all of it 2,500,000.
LIMITS = replace(TradingLimits(), daily_loss_ratio=Decimal("0.01"), total_loss_ratio=Decimal("0.05"))
ENABLE = SetTradingState(TradingState.ENABLED, "a person")
SEEN = AcknowledgeLoss("a person")


@pytest.fixture
def play() -> Playbook:
    """10,000,000 of XRP at 1000 without a stop: every percent down loses 100,000."""
    play = Playbook(limits=LIMITS).ready()
    play.holding(XRP, blueprint(stop=None), budget=10_000_000)
    play >> play.account()
    return play


def marked(play: Playbook) -> LossMarked:
    play >> [price(market, play.core.positions.price_of(market)) for market in play.core.positions.marks] >> seconds(1)
    return [item for item in play.history if isinstance(item, LossMarked)][-1]


def books(play: Playbook) -> list[LossBookChanged]:
    return [item for item in play.history if isinstance(item, LossBookChanged)]


def sold_out(play: Playbook, at: int) -> None:
    """The venue sells what the emergency control ordered, and two readings prove it."""
    play >> play.sent() >> play.filled(price=at)
    for _ in range(3):
        play >> seconds(2.2) >> play.account()
    assert play.core.emergency.run is not None and play.core.emergency.run.stage is LiquidationStage.FLAT


# ---- a limit is reached -----------------------------------------------------------------------------------------


def test_a_loss_below_the_limit_sells_nothing(play: Playbook) -> None:
    play >> price(XRP, 952) << nothing(LiquidationChanged)
    assert marked(play).day.used == play.position(XRP).cost - play.position(XRP).quantity * 952


def test_the_daily_limit_sells_everything_at_once_and_lets_nothing_in(play: Playbook) -> None:
    play.holding(ETH, budget=1_000_000)
    play >> price(XRP, 949) << did(LossBookChanged) << did(AlertRaised, key="loss_limit_daily", critical=True)
    play << did(LiquidationChanged, stage=LiquidationStage.CANCELLING)
    play << did(ExitTriggered, reason=ExitReason.EMERGENCY) << did(SubmitOrder, purpose=Purpose.LIQUIDATION)
    play << did(SubmitOrder, purpose=Purpose.LIQUIDATION)
    assert play.core.switch.state is TradingState.REDUCING and play.core.safety.loss.latched == (LossLimit.DAILY,)


def test_the_total_limit_counts_over_days(play: Playbook) -> None:
    for day in range(1, 5):
        play.now += timedelta(days=1)
        play >> price(XRP, 1000) >> seconds(0.1)
        play >> price(XRP, 955) << nothing(LiquidationChanged)
        play.core.safety.loss.book = replace(play.core.safety.loss.book, total_from=Decimal(450_000 * day))  # type: ignore[type-var]
        play.core.safety.loss._set_floors()
    play.now += timedelta(days=1)
    play >> price(XRP, 950) >> seconds(0.1)
    play >> price(XRP, 910) << did(AlertRaised, key="loss_limit_total") << did(LiquidationChanged)


def test_a_falling_holding_is_todays_loss_only_as_far_as_it_fell_today(play: Playbook) -> None:
    play >> price(XRP, 960)
    play.now += timedelta(days=1)
    play >> price(XRP, 960) >> seconds(1)
    assert marked(play).day.used == ZERO < marked(play).total.used
    play >> price(XRP, 920) << nothing(LiquidationChanged)
    play >> price(XRP, 905) << did(AlertRaised, key="loss_limit_daily")


def test_what_was_realised_counts_with_what_is_open(play: Playbook) -> None:
    play.holding(ETH, blueprint(stop="2"), budget=20_000_000)
    play >> price(ETH, 3_910_000) >> play.sent() >> play.filled(price=3_910_000)
    assert marked(play).day.used > 450_000
    play >> price(XRP, 995) << did(AlertRaised, key="loss_limit_daily") << did(SubmitOrder, side=Side.SELL)


def test_it_is_reached_once(play: Playbook) -> None:
    play >> price(XRP, 940) << did(LiquidationChanged)
    play >> price(XRP, 930) << nothing(AlertRaised)
    play >> price(XRP, 700) << did(AlertRaised, key="loss_limit_total")  # worse: the other one
    play >> price(XRP, 600) << nothing(AlertRaised)


# ---- the latch --------------------------------------------------------------------------------------------------


def test_the_latch_ends_only_by_a_person_never_with_the_day(play: Playbook) -> None:
    play >> price(XRP, 940)
    sold_out(play, 940)
    play >> ENABLE << did(CommandRefused, reason=R.LOSS_LATCHED)
    play.now += timedelta(days=2)
    play >> [price(market, value) for market, value in PRICES.items()] >> play.account() >> play.checked()
    play >> ENABLE << did(CommandRefused, reason=R.LOSS_LATCHED)
    play >> play.start(ETH) << did(IntentRefused, reason=R.LOSS_LATCHED)
    play >> SEEN << did(LossBookChanged, reason="acknowledged: a person") >> ENABLE << nothing(CommandRefused)
    assert play.core.switch.state is TradingState.ENABLED
    play >> play.start(BTC) << did(SubmitOrder, side=Side.BUY)


def test_an_acknowledged_loss_counts_no_more_but_the_next_one_does(play: Playbook) -> None:
    play >> price(XRP, 940)
    sold_out(play, 940)
    play >> SEEN
    assert (marked(play).day.used, marked(play).total.used) == (ZERO, ZERO)
    play.now += timedelta(days=1)
    play >> [price(market, value) for market, value in PRICES.items()] >> play.account() >> play.checked() >> ENABLE
    play.holding(ETH, blueprint(stop=None), budget=10_000_000)
    play >> price(ETH, 3_760_000) << did(AlertRaised, key="loss_limit_daily") << did(LiquidationChanged)


def test_there_is_nothing_to_acknowledge(play: Playbook) -> None:
    play >> SEEN << did(CommandRefused, command="AcknowledgeLoss", reason=R.NOT_POSSIBLE_NOW)


def test_what_cannot_be_computed_cannot_be_acknowledged(play: Playbook) -> None:
    play >> price(XRP, 940) >> seconds(60) >> SEEN << did(CommandRefused, reason=R.LOSS_UNKNOWN)
    assert play.core.safety.loss.latched


# ---- restarts ---------------------------------------------------------------------------------------------------


def test_a_restart_computes_the_same_figure(play: Playbook) -> None:
    play.holding(ETH, blueprint(stop="1"), budget=10_000_000)
    play >> price(ETH, 3_950_000) >> play.sent() >> play.filled(price=3_950_000)
    play >> price(XRP, 980)
    before = marked(play)
    assert before.day.used > 200_000
    after = play.restarted(only_live=False)
    after >> [after.listed(), price(XRP, 980), price(ETH, 3_950_000), price(BTC, PRICES[BTC]), after.account()]
    assert (marked(after).day, marked(after).total) == (before.day, before.total)


def test_coins_of_the_user_without_a_price_yet_are_no_withdrawal(play: Playbook) -> None:
    """A restart reads the account before prices come: 8,000,000 of ETH seemed to go, and to come back."""
    play.coins["ETH"] = Decimal(2)
    play >> play.account() >> seconds(1) >> play.account()
    capital = books(play)[-1].book.capital
    assert capital == 58_000_000
    after = play.restarted(only_live=False)
    after >> [after.listed(), price(XRP, 1000), after.account(), seconds(20), price(XRP, 1000), after.account()]
    after << nothing(LossBookChanged)
    after >> price(ETH, 4_000_000) >> after.account() >> seconds(1) >> after.account()
    assert after.core.safety.loss.book is not None and after.core.safety.loss.book.capital == capital


def test_the_first_start_waits_for_the_prices_of_the_user_s_coins() -> None:
    """Begun with the money alone, the limits were those of a poor account, and sold for next to nothing (seed 650)."""
    first = Playbook(LIMITS)
    first.coins["ETH"] = Decimal(2)
    first >> [first.listed(), price(XRP, 1000), first.account()] << nothing(LossBookChanged)
    assert first.core.safety.loss.refusal() is not None, "no entry before the limits are known"
    first >> price(ETH, 4_000_000) >> first.account() << did(LossBookChanged)
    assert first.core.safety.loss.book is not None
    assert first.core.safety.loss.book.capital == first.cash + 8_000_000
    assert first.core.safety.loss.refusal() is None


def test_a_coin_that_never_gets_a_price_is_not_waited_for_for_ever(play: Playbook) -> None:
    play.coins["ODD"] = Decimal(1)
    after = play.restarted(only_live=False)
    after.cash += 5_000_000
    for _ in range(4):
        after >> [after.listed(), price(XRP, 1000), after.account(), seconds(PRICED_WITHIN.total_seconds() / 2)]
    assert after.core.safety.loss.book is not None and after.core.safety.loss.book.capital == 55_000_000


def test_closed_positions_the_journal_does_not_hand_back_are_not_forgotten(play: Playbook) -> None:
    """The sums of the account cover the month; the book covers everything."""
    play >> price(XRP, 955) >> ClosePosition(play.position(XRP).position_id)
    play >> play.sent() >> play.filled(price=955)
    lost = marked(play).total.used
    after = Playbook(LIMITS, play.cash, play.now, StoryIds("second-"))
    after.recover(clean=True, loss_book=books(play)[-1].book)
    after >> [after.listed(), price(XRP, 1000), after.account()]
    assert marked(after).total.used == lost > 450_000


def test_a_restart_keeps_the_latch_and_finishes_the_run(play: Playbook) -> None:
    play >> price(XRP, 940) << did(SubmitOrder, purpose=Purpose.LIQUIDATION)
    after = play.restarted()
    after >> [after.listed(), price(XRP, 940), after.account()]
    after >> ENABLE << did(CommandRefused, reason=R.LOSS_LATCHED)
    assert after.core.safety.loss.latched == (LossLimit.DAILY,) and after.core.emergency.is_running


def test_a_loss_that_came_while_the_program_was_off_is_seen_at_the_first_price(play: Playbook) -> None:
    after = play.restarted()
    after >> [after.listed(), after.account()] << nothing(LiquidationChanged)
    after >> price(XRP, 940) << did(AlertRaised, key="loss_limit_daily") << did(LiquidationChanged)


def test_a_computer_whose_clock_went_back_keeps_the_day(play: Playbook) -> None:
    play.now += timedelta(days=1)
    play >> price(XRP, 1000) >> seconds(1)
    day = play.core.safety.loss.book.day  # type: ignore[union-attr]
    after = play.restarted()
    after.now -= timedelta(days=1)
    after >> [after.listed(), price(XRP, 960), after.account()]
    assert after.core.safety.loss.book is not None and after.core.safety.loss.book.day == day
    after >> price(XRP, 949) << did(AlertRaised, key="loss_limit_daily")


# ---- money that comes or goes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("moved", [-30_000_000, -5_000_000, 5_000_000, 500_000_000])
def test_a_deposit_or_withdrawal_leaves_the_used_share_as_it_is(play: Playbook, moved: int) -> None:
    play >> price(XRP, 960)
    before = marked(play)
    play.cash += moved
    play >> price(XRP, 960) >> play.account() << nothing(LossBookChanged)  # one reading may be wrong
    play >> price(XRP, 960) >> play.account() << did(LossBookChanged)
    after = marked(play)
    for one, other in ((before.day, after.day), (before.total, after.total)):
        assert one.ratio is not None and other.ratio is not None
        assert abs(one.ratio - other.ratio) < Decimal("1e-20")
    play << nothing(LiquidationChanged)


def test_after_a_withdrawal_less_may_be_lost(play: Playbook) -> None:
    play.cash -= 30_000_000
    play >> play.account() >> play.account()
    play >> price(XRP, 985) << nothing(LiquidationChanged)
    play >> price(XRP, 978) << did(AlertRaised, key="loss_limit_daily")


def test_a_deposit_during_a_loss_does_not_hide_it(play: Playbook) -> None:
    play >> price(XRP, 951)
    play.cash += 50_000_000
    play >> play.account() >> play.account()
    play >> price(XRP, 951) << nothing(LiquidationChanged)
    play >> price(XRP, 949) << did(AlertRaised, key="loss_limit_daily")


def test_coins_of_the_user_that_fall_are_no_loss_of_the_program(play: Playbook) -> None:
    play.coins["BTC"] = Decimal("0.3")
    play >> [price(BTC, PRICES[BTC]), play.account(), play.account()]
    play >> [price(BTC, 50_000_000), price(XRP, 1000), play.account(), play.account()]
    assert play.core.safety.loss.latched == () and marked(play).day.used < 10_000


def test_one_reading_that_is_wrong_changes_nothing(play: Playbook) -> None:
    known = len(books(play))
    play >> play.account(KRW=100) >> play.account() >> play.account(KRW=900_000_000) >> play.account()
    assert len(books(play)) == known


# ---- prices nobody trusts ---------------------------------------------------------------------------------------


def test_a_print_far_below_the_book_is_no_loss(play: Playbook) -> None:
    """It would fire no stop either above a half; the bid says what the holding would bring."""
    play >> play.book(XRP, bid=1000)
    play >> Trade(XRP, Decimal(600), Decimal(1), Side.SELL, play.now, play.now) << nothing(LiquidationChanged)
    play >> Trade(XRP, Decimal(1), Decimal(1), Side.SELL, play.now, play.now) << nothing(LiquidationChanged)


def test_a_bid_that_fell_alone_is_no_loss_while_it_trades_above(play: Playbook) -> None:
    play >> play.book(XRP, bid=500, ask=1001) << nothing(LiquidationChanged)
    play >> Trade(XRP, Decimal(940), Decimal(1), Side.SELL, play.now, play.now) << did(LiquidationChanged)


@pytest.mark.parametrize("wrong", ["0", "NaN", "-5", "Infinity"])
def test_a_price_that_is_none_is_no_loss(play: Playbook, wrong: str) -> None:
    play >> Trade(XRP, Decimal(wrong), Decimal(1), Side.SELL, play.now, play.now)
    play >> play.book(XRP, bid=wrong, ask=1001) << nothing(LiquidationChanged)
    play >> seconds(1) << nothing(LiquidationChanged)


def test_old_prices_stop_entries_and_are_told_but_sell_nothing(play: Playbook) -> None:
    play >> price(XRP, 960) >> seconds(AGES * LIMITS.stale_price_s + 1) << did(LossMarked)
    assert "KRW-XRP is held" in play.core.safety.loss.unknown
    play >> price(ETH, PRICES[ETH]) >> play.start(ETH) << did(IntentRefused, reason=R.LOSS_UNKNOWN)
    play >> seconds(UNKNOWN_TOLD_AFTER.total_seconds()) << did(AlertRaised, key="loss_unknown", critical=False)
    play >> seconds(60) << nothing(AlertRaised)
    assert [item for item in play.news if isinstance(item, LossMarked)][-1].day.allowed is None
    assert not play.core.emergency.is_running


def test_what_is_certain_counts_although_another_price_is_missing(play: Playbook) -> None:
    """One halted coin must not blind the limit for all others; it counts as if it had lost nothing."""
    play.holding(ETH, blueprint(stop=None), budget=1_000_000)
    play >> price(ETH, 3_000_000) >> seconds(20)
    play >> price(XRP, 975) << nothing(LiquidationChanged)
    play >> price(XRP, 949) << did(AlertRaised, key="loss_limit_daily") << did(LiquidationChanged)


def test_before_the_account_was_read_nothing_is_known() -> None:
    play = Playbook(limits=LIMITS)
    play >> seconds(1)
    assert [item for item in play.news if isinstance(item, LossMarked)][-1].unknown


def test_a_day_begins_with_the_first_price_that_is_trusted(play: Playbook) -> None:
    day = play.core.safety.loss.book.day  # type: ignore[union-attr]
    play.now += timedelta(days=1)
    play >> seconds(1)
    assert play.core.safety.loss.book is not None and play.core.safety.loss.book.day == day
    play >> price(XRP, 1000) >> seconds(0.1)
    assert play.core.safety.loss.book.day == day + timedelta(days=1)


# ---- a guard that fails -----------------------------------------------------------------------------------------


def test_a_guard_that_raises_counts_as_tripped(play: Playbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(play.core.safety.loss, "_on_mark", {}.__getitem__)
    play >> play.book(XRP, bid=1000) << did(AlertRaised, key="loss_limit_guard", critical=True)
    assert play.core.safety.loss.latched == (LossLimit.GUARD,) and play.core.switch.state is TradingState.REDUCING
    play << nothing(LiquidationChanged)
    monkeypatch.undo()
    play >> ENABLE << did(CommandRefused, reason=R.LOSS_LATCHED)
    play >> seconds(0.1) >> SEEN >> ENABLE << nothing(CommandRefused) << did(TradingStateChanged)


def test_a_guard_that_fails_before_the_first_reading_lets_nothing_in(monkeypatch: pytest.MonkeyPatch) -> None:
    play = Playbook(limits=LIMITS)
    monkeypatch.setattr(play.core.safety.loss, "_on_message", {}.__getitem__)
    play >> seconds(0.5) << did(AlertRaised, key="loss_limit_guard")
    assert len([item for item in play.news if isinstance(item, AlertRaised)]) == 1
    monkeypatch.undo()
    play.ready() >> play.start(XRP) << nothing(SubmitOrder)
    play >> play.account() >> SEEN >> ENABLE >> seconds(0.1)
    assert play.core.safety.loss.latched == ()
