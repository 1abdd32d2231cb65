"""What the screen is told again and again, and how often."""

from app.domain.breaker import CallGroup, CallRate
from app.domain.messages import (
    AccountMarked,
    CandleUpdated,
    EmergencyPreviewed,
    OrderOutcomeUnknown,
    OrderRefused,
    PositionMarked,
    StreamStateChanged,
    VenueStatus,
)
from app.domain.slippage import DepthMarked
from tests.unit.engine.playbook import VENUE, XRP, Playbook, did, nothing, price, seconds


def count(play: Playbook, kind: type) -> int:
    return len([item for item in play.news if isinstance(item, kind)])


def test_slow_figures_are_told_once_a_second() -> None:
    play = Playbook().ready()
    play >> seconds(3)
    assert count(play, EmergencyPreviewed) == count(play, VenueStatus) == count(play, AccountMarked) == 3


def test_a_position_is_marked_with_the_tick_after_its_price_moved() -> None:
    play = Playbook().ready()
    play.holding(XRP)
    play >> [price(XRP, 1001), price(XRP, 1002), price(XRP, 1003)] << nothing(PositionMarked)
    play >> seconds(0.1) << did(PositionMarked, price=1003) << did(AccountMarked)
    assert count(play, PositionMarked) == 1
    play >> seconds(0.1) << nothing(PositionMarked) << nothing(AccountMarked)


def test_the_forming_bar_is_told_with_the_slow_figures() -> None:
    play = Playbook().ready()
    play >> [price(XRP, 1001), seconds(1)] << did(CandleUpdated, closed=False)


def test_the_lamps_know_which_stream_is_up_and_when_the_market_was_last_heard() -> None:
    play = Playbook().ready()
    play >> StreamStateChanged(VENUE, "public", False)
    play >> seconds(1) << did(VenueStatus, public_up=False, private_up=True, order_latency_ms=None)
    play >> StreamStateChanged(VENUE, "public", True) >> play.start(XRP)
    play.now = play.order.created_at
    play >> seconds(0.2) >> play.accepted()
    play >> seconds(1) << did(VenueStatus, public_up=True, order_latency_ms=200.0)
    silent = Playbook()
    silent >> seconds(0.1) << did(VenueStatus, last_market_at=None, public_up=False, private_up=False)


def test_spread_and_depth_of_every_market_are_told_once_a_second() -> None:
    play = Playbook().ready()
    play >> seconds(1) << did(DepthMarked, market=XRP, spread="0.00099950025", volatility=None)
    play >> [price(XRP, 1001), seconds(2)] << did(DepthMarked, market=XRP)
    told = [item for item in play.news if isinstance(item, DepthMarked) and item.market == XRP]
    assert [item.age_s for item in told] == [0.1, 1.1]


def test_the_breakers_counts_are_told_with_the_venue() -> None:
    play = Playbook().ready()
    play >> [OrderRefused("x", "no", ""), OrderOutcomeUnknown("y", "time-out"), seconds(1)]
    told = [item for item in play.news if isinstance(item, VenueStatus)][-1]
    assert CallRate(CallGroup.ORDER, 2, 1, 0) in told.calls
    assert [rate.group for rate in told.calls] == list(CallGroup)
