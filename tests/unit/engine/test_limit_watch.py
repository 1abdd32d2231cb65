"""How much of the limits is used, and who is told when it becomes much."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.limits import LimitName, LimitUse, TradingLimits
from app.domain.messages import AlertRaised, LimitUsage
from app.domain.values import TradingState
from tests.unit.engine.playbook import ETH, XRP, Playbook, did, nothing, order_of, price, seconds

N = LimitName
LIMITS = replace(TradingLimits(), max_daily_entries=5, max_monthly_entries=50, max_positions=4)


def uses(play: Playbook) -> dict[LimitName, LimitUse]:
    play >> seconds(1)
    told = [item for item in play.news if isinstance(item, LimitUsage)]
    return {use.name: use for use in told[-1].uses}


@pytest.fixture
def play() -> Playbook:
    return Playbook(limits=LIMITS).ready()


def test_every_limit_is_told_once_a_second(play: Playbook) -> None:
    play >> seconds(3)
    assert len([item for item in play.news if isinstance(item, LimitUsage)]) == 3
    assert set(uses(play)) == set(LimitName)


def test_what_is_used_is_told_with_what_is_allowed(play: Playbook) -> None:
    play.holding(XRP, budget=1_000_000)
    play.core.tracker.put(order_of("a", market=ETH, reserved=Decimal(100_050)))
    play >> play.account(KRW=49_000_500)
    found = uses(play)
    held = play.core.positions.value_of(play.position(XRP))
    equity = Decimal(49_000_500) + held
    spent = play.orders(XRP)[-1].filled_funds
    assert found[N.DAILY_ENTRIES] == LimitUse(N.DAILY_ENTRIES, Decimal(2), Decimal(5))
    assert found[N.MONTHLY_ENTRIES].used == found[N.ORDERS_PER_MINUTE].used == 2
    assert found[N.DAILY_VALUE].used == found[N.MONTHLY_VALUE].used == spent + 100_000
    assert found[N.POSITIONS].ratio == Decimal("0.25")
    assert found[N.POSITION_VALUE].used == found[N.MARKET_VALUE].used == held
    assert found[N.EXPOSURE].used == held + Decimal(100_050)
    assert found[N.EXPOSURE].allowed == equity * Decimal("0.9")


def test_losses_are_told_in_money(play: Playbook) -> None:
    play.core.account.book_realised(play.now, Decimal(-300_000))
    play >> seconds(0.1)
    found = uses(play)
    assert found[N.DAILY_LOSS] == LimitUse(N.DAILY_LOSS, Decimal(300_000), Decimal("0.02") * 50_000_000)
    assert found[N.TOTAL_LOSS] == LimitUse(N.TOTAL_LOSS, Decimal(300_000), Decimal("0.10") * 50_000_000)
    assert found[N.MONTHLY_LOSS] == LimitUse(N.MONTHLY_LOSS, Decimal(300_000), Decimal("0.06") * 50_300_000)


def test_what_is_switched_off_is_not_told_and_what_is_not_known_is_said_so() -> None:
    off = replace(LIMITS, max_daily_entries=0, monthly_loss_ratio=Decimal(0), max_market_value=Decimal(0))
    play = Playbook(limits=off, cash=Decimal(0)).ready(TradingState.DISABLED)
    found = uses(play)
    assert not found.keys() & {N.DAILY_ENTRIES, N.MONTHLY_LOSS, N.MARKET_VALUE}
    assert found[N.EXPOSURE].allowed is found[N.DAILY_LOSS].allowed is found[N.EXPOSURE].ratio is None


def entered(play: Playbook, number: int) -> None:
    for count in range(number):
        play.core.tracker.put(order_of(f"{play.now} {count}", at=play.now))


def test_at_four_fifths_a_person_is_told_once_a_business_day(play: Playbook) -> None:
    entered(play, 3)
    play >> seconds(2) << nothing(AlertRaised)
    entered(play, 1)
    play >> seconds(3) << did(AlertRaised, key="limit_near_daily_entries", critical=False)
    assert len([item for item in play.news if isinstance(item, AlertRaised)]) == 1
    play >> seconds(3) << nothing(AlertRaised)
    play.now += timedelta(days=1)
    play >> seconds(3) << nothing(AlertRaised)  # a new day, nothing of it used
    entered(play, 4)
    play >> seconds(3) << did(AlertRaised, key="limit_near_daily_entries")


def test_a_restart_does_not_tell_it_again_on_the_same_day() -> None:
    play = Playbook(limits=replace(LIMITS, max_positions=2)).ready()
    for market in (XRP, ETH):
        play.holding(market)
    play >> seconds(2) << did(AlertRaised, key="limit_near_positions")
    after = play.restarted().ready()
    after >> [price(XRP, 1000), seconds(2)]
    assert "limit_near_positions" not in [item.key for item in after.history if isinstance(item, AlertRaised)]
    after.now += timedelta(days=1)
    after >> seconds(2) << did(AlertRaised, key="limit_near_positions")
