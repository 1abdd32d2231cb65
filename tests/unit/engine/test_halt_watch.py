"""Which markets count as halted, and what their return is worth."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.commands import ClosePosition
from app.domain.constraints import MarketInfo
from app.domain.effects import SendCancel, SubmitOrder
from app.domain.exit_plan import ExitReason
from app.domain.market_data import Book, BookLevel, Trade
from app.domain.messages import AlertRaised, ExitTriggered, IntentRefused, MarketsListed, VenueStatus
from app.domain.refusal import RefusalReason
from app.domain.values import Market, Side
from app.domain.venue_health import MarketTrouble
from tests.unit.engine.playbook import ETH, XRP, Playbook, blueprint, did, money, nothing, price, seconds

R, T = RefusalReason, MarketTrouble


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def book(play: Playbook, bid: str | None, ask: str | None, market: Market = XRP) -> Book:
    def level(value: str | None) -> tuple[BookLevel, ...]:
        return () if value is None else (BookLevel(Decimal(value), Decimal(1_000_000)),)

    return Book(market, level(bid), level(ask), play.now, play.now)


def halted(play: Playbook) -> dict[Market, MarketTrouble]:
    play >> seconds(1.1)
    told = [item for item in play.history if isinstance(item, VenueStatus)][-1].health
    assert told is not None
    return dict(told.halted)


def lasting(play: Playbook, bid: str | None, ask: str | None) -> Playbook:
    """The book stays like this for longer than a sweep; other markets go on."""
    for _ in range(7):
        play >> [book(play, bid, ask), price(ETH, 4_000_000), seconds(1)]
    return play


def trades(play: Playbook, count: int, every: float = 2) -> Playbook:
    for _ in range(count):
        play >> [price(XRP, 1000), price(ETH, 4_000_000), seconds(every, tick=every)]
    return play


def silence(play: Playbook, length: int) -> Playbook:
    """Nobody trades the market; its book stands and other markets go on."""
    for _ in range(length):
        play >> [book(play, "1000", "1001"), price(ETH, 4_000_000), seconds(1, tick=1)]
    return play


# ---- what is a halt --------------------------------------------------------------------------------------------------


def test_a_spread_above_the_bound_refuses_at_once_and_is_a_halt_when_it_lasts(play: Playbook) -> None:
    wide = play.start(XRP, blueprint(max_spread_percent=Decimal(50)))
    play >> book(play, "1000", "1050.1") >> wide << nothing(SubmitOrder)
    assert halted(play) == {}
    assert halted(lasting(play, "1000", "1051")) == {XRP: T.WIDE_SPREAD}


def test_the_reason_is_told(play: Playbook) -> None:
    play.core.desk.gate.limits = replace(play.limits, price_collar_ratio=Decimal(1))
    play >> book(play, "1000", "1051") >> play.start(XRP, blueprint(max_spread_percent=Decimal(50)))
    play << did(IntentRefused, reason=R.MARKET_HALTED)


def test_an_empty_side_that_lasts_is_a_halt(play: Playbook) -> None:
    assert halted(lasting(play, None, "1001")) == {XRP: T.ONE_SIDED}


def test_a_sweep_is_none(play: Playbook) -> None:
    play >> [book(play, "1000", None), seconds(3), price(XRP, 1000), seconds(6)] << nothing(AlertRaised)
    assert halted(play) == {}


def test_a_market_that_stops_trading_is_halted(play: Playbook) -> None:
    trades(play, 30)
    assert halted(silence(play, 55)) == {}
    assert halted(silence(play, 12)) == {XRP: T.NO_TRADES}
    play >> book(play, "1000", "1001") >> play.start(XRP) << did(IntentRefused, reason=R.MARKET_HALTED)
    play >> price(XRP, 1000)
    assert halted(play) == {}


def test_a_coin_that_is_always_quiet_is_not(play: Playbook) -> None:
    trades(play, 10)
    assert halted(silence(play, 120)) == {}


def test_a_silent_feed_says_nothing_about_a_market(play: Playbook) -> None:
    trades(play, 30)
    play >> seconds(120, tick=1)
    assert halted(play) == {}


def test_the_listing_names_halts(play: Playbook) -> None:
    info = MarketInfo(XRP, "x", "x", warning=True)
    listed = play.listed()
    play >> MarketsListed(listed.venue, (info, *listed.infos[2:]), listed.constraints) >> price(XRP, 1000)
    play >> play.start(XRP) << did(IntentRefused, reason=R.MARKET_HALTED)
    gone = tuple(one for one in listed.infos if one.market != ETH)
    play >> MarketsListed(listed.venue, gone, listed.constraints) >> price(ETH, 4_000_000)
    play >> play.start(ETH) << did(IntentRefused, reason=R.MARKET_HALTED)
    assert halted(Playbook().ready() >> play.listed()) == {}


def test_a_holder_is_told_and_may_leave(play: Playbook) -> None:
    held = play.holding(XRP)
    for _ in range(7):
        play >> [book(play, "1000", "1051"), price(ETH, 4_000_000), seconds(1)]
    assert any(isinstance(item, AlertRaised) and item.key == "market_halted" for item in play.history)
    play >> ClosePosition(held.position_id) << did(SubmitOrder, side=Side.SELL)


# ---- the return ------------------------------------------------------------------------------------------------------


def back(play: Playbook, at: str) -> Trade:
    return Trade(XRP, money(at), Decimal(1), Side.BUY, play.now, play.now)


def test_a_gap_voids_what_strategies_wanted_before(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True, stop=None, timeout_s=3600))
    play >> [play.sent(), play.accepted()]
    lasting(play, "1000", None)
    play >> book(play, "880", "881") << did(AlertRaised, key="resume_gap") << did(SendCancel, market=XRP)
    assert halted(play) == {XRP: T.GAP}


def test_after_a_gap_a_strategy_waits_for_a_bar_of_new_prices(play: Playbook) -> None:
    lasting(play, "1000", None)
    play >> book(play, "1120", "1121") >> price(XRP, 1120)
    play >> play.start(XRP) << did(IntentRefused, reason=R.MARKET_HALTED)
    for _ in range(125):
        play >> [seconds(1, tick=1), price(XRP, 1120)]
    assert halted(play) == {}
    assert any(order.intent.market == XRP for order in play.orders())


def test_after_a_gap_exits_go_by_the_new_price(play: Playbook) -> None:
    play.holding(XRP)
    lasting(play, "1000", None)
    play >> price(XRP, 880) << did(AlertRaised, key="resume_gap", critical=True)
    play << did(ExitTriggered, reason=ExitReason.STOP_LOSS)


def test_a_small_step_is_a_plain_return(play: Playbook) -> None:
    play.holding(XRP)
    lasting(play, "1000", None)
    play >> price(XRP, 990) << did(AlertRaised, key="market_resumed")
    assert halted(play) == {}


def test_nothing_is_forgotten_while_the_trouble_only_changes(play: Playbook) -> None:
    lasting(play, "1000", None)
    play >> book(play, "800", "1051") << nothing(AlertRaised)
    play.now += timedelta(seconds=1)
    play >> price(XRP, 880) << did(AlertRaised, key="resume_gap")
