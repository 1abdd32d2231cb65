"""The walk of a book, level by level and against the practice exchange's own matching; and what walks were worth."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from app.domain.market_data import Book, BookLevel
from app.domain.order import OrderState
from app.domain.slippage import ExecutionMeasured, ImpactClass, SlippageEstimate, slippage_ratio
from app.domain.values import OrderType, Side
from app.engine.slippage_estimator import (
    DEPTH_RATIOS,
    EXECUTIONS_KEPT,
    SlippageEstimator,
    depth_of,
    is_sound,
    max_volume_within,
    measure,
    walk_book,
)
from app.practice import order as theirs
from app.practice.clock import VenueClock
from app.practice.exchange import Exchange
from app.practice.liquidity import MarketMakers
from app.practice.market import Market as PracticeMarket
from app.practice.market_specs import MARKETS, MarketSpec
from app.practice.money import KrwUnits
from tests.unit.engine.playbook import START, VENUE, XRP, market_rules, order_of

D = Decimal
RULES = market_rules(XRP)
FIVE_S = timedelta(seconds=5)


def levels(*pairs: tuple[int | str, int | str]) -> tuple[BookLevel, ...]:
    return tuple(BookLevel(D(str(price)), D(str(size))) for price, size in pairs)


def book(asks: Iterable[BookLevel] | None = None, bids: Iterable[BookLevel] | None = None, at: float = 0) -> Book:
    offered = levels((1000, 10), (1001, 20), (1005, 30)) if asks is None else tuple(asks)
    wanted = levels((999, 10), (998, 20), (990, 30)) if bids is None else tuple(bids)
    moment = START + timedelta(seconds=at)
    return Book(XRP, wanted, offered, moment, moment)


def buy(volume: str | None = None, funds: str | None = None, limit: str | None = None) -> SlippageEstimate | None:
    number = None if volume is None else D(volume)
    money = None if funds is None else D(funds)
    return walk_book(book(), Side.BUY, RULES, number, money, None if limit is None else D(limit))


# ---- the walk --------------------------------------------------------------------------------------------------------


def test_within_the_best_level_there_is_no_slippage_but_half_of_the_spread() -> None:
    found = buy(volume="10")
    assert found is not None
    assert (found.volume, found.funds, found.worst_price, found.filled_share) == (10, 10_000, 1000, 1)
    assert found.against_best == 0 and found.mid == D("999.5")
    assert found.against_mid == slippage_ratio(Side.BUY, D(1000), D("999.5"))
    assert found.depth_share == D("0.166666666667") and found.impact is ImpactClass.MEDIUM


def test_level_by_level_to_the_last_digit() -> None:
    found = buy(volume="35")
    assert found is not None
    assert found.funds == 10 * 1000 + 20 * 1001 + 5 * 1005 and found.worst_price == 1005
    assert found.impact is ImpactClass.HIGH  # more than 30 % of what is offered


def test_a_seller_walks_down() -> None:
    found = walk_book(book(), Side.SELL, RULES, volume=D(15))
    assert found is not None and found.funds == 10 * 999 + 5 * 998 and found.worst_price == 998
    assert found.against_best > 0 and found.against_mid > found.against_best


def test_money_buys_whole_steps_and_what_is_left_buys_none() -> None:
    found = buy(funds="10500")
    assert found is not None
    second = (D(500) / 1001).quantize(RULES.volume_step, rounding="ROUND_DOWN")
    assert found.volume == 10 + second and found.funds == 10_000 + second * 1001
    assert found.filled_share == 1  # less than one step of volume is left over


def test_the_last_coin_of_the_visible_book_is_still_within_it() -> None:
    found = buy(volume="60")
    assert found is not None and found.filled_share == 1 and found.impact is ImpactClass.HIGH
    assert found.depth_share == 1
    paid = 10 * 1000 + 20 * 1001 + 30 * 1005
    for funds in (D(paid), paid + D("0.000001")):
        spent = walk_book(book(), Side.BUY, RULES, funds=funds)
        assert spent is not None and spent.filled_share == 1 and spent.impact is ImpactClass.HIGH


def test_beyond_the_visible_book_the_price_is_not_known() -> None:
    by_volume, by_money = buy(volume="60.00000001"), buy(funds="100000")
    assert by_volume is not None and by_money is not None
    assert by_volume.impact is by_money.impact is ImpactClass.BEYOND_DEPTH
    assert by_volume.filled_share < 1 and by_money.filled_share == D("0.6017")


def test_a_limit_ends_the_walk_and_the_rest_of_it_rests() -> None:
    found = buy(volume="50", limit="1001")
    assert found is not None and found.volume == 30 and found.worst_price == 1001
    assert found.filled_share == D("0.6") and found.impact is not ImpactClass.BEYOND_DEPTH
    assert buy(volume="50", limit="999") is None  # takes nothing
    deep = buy(volume="61", limit="2000")
    assert deep is not None and deep.impact is ImpactClass.BEYOND_DEPTH


UNSOUND = [
    book(asks=()),
    book(bids=()),
    book(asks=(), bids=()),
    book(asks=levels((999, 1))),  # locked
    book(asks=levels((998, 1))),  # crossed
    book(asks=levels(("NaN", 1))),
    book(asks=levels((1000, "NaN"))),
    book(asks=levels((1000, 0))),
    book(bids=levels((0, 1))),
    book(asks=levels((1000, 1), ("Infinity", 1))),
]


@pytest.mark.parametrize("odd", UNSOUND)
def test_a_book_that_is_not_sound_gives_nothing(odd: Book) -> None:
    assert not is_sound(odd)
    assert walk_book(odd, Side.BUY, RULES, volume=D(1)) is None
    assert walk_book(odd, Side.SELL, RULES, volume=D(1)) is None
    assert max_volume_within(odd, Side.BUY, D(1), RULES) == (0, 0)
    assert depth_of(odd) == (None, ())


@pytest.mark.parametrize(("volume", "funds"), [(None, None), ("NaN", None), ("0", None), ("-1", None), (None, "NaN")])
def test_nothing_asked_for_gives_nothing(volume: str | None, funds: str | None) -> None:
    assert buy(volume, funds) is None


# ---- as much as a tolerance takes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("tolerance", ["0", "0.0001", "0.0005", "0.001", "0.003", "0.5"])
def test_the_most_within_a_tolerance_fits_and_one_step_more_does_not(side: Side, tolerance: str) -> None:
    bound = D(tolerance)
    volume, funds = max_volume_within(book(), side, bound, RULES)
    found = walk_book(book(), side, RULES, volume=volume)
    assert found is not None and (found.volume, found.funds) == (volume, funds)
    best = found.best
    limit = best * (1 + bound) if side is Side.BUY else best * (1 - bound)
    assert funds <= limit * volume if side is Side.BUY else funds >= limit * volume
    if volume < 60:
        more = walk_book(book(), side, RULES, volume=volume + RULES.volume_step)
        assert more is not None
        assert more.funds > limit * more.volume if side is Side.BUY else more.funds < limit * more.volume


def test_no_tolerance_at_all_takes_nothing() -> None:
    assert max_volume_within(book(), Side.BUY, D("-0.001"), RULES) == (0, 0)
    assert max_volume_within(book(), Side.BUY, D("NaN"), RULES) == (0, 0)


# ---- against the exchange's own matching -----------------------------------------------------------------------------


def exchange(spec: MarketSpec, seed: int) -> tuple[Exchange, PracticeMarket]:
    market = PracticeMarket(spec.name, KrwUnits(), spec.price)
    venue = Exchange(VenueClock(0), seed, [market])
    venue.deposit("KRW", D(10) ** 13)
    venue.deposit(spec.name.coin, D(10) ** 9)
    MarketMakers(market, spec, Random(f"book-{seed}")).seed_book(float(spec.price))
    return venue, market


def shown(market: PracticeMarket) -> Book:
    def side(which: theirs.Side) -> tuple[BookLevel, ...]:
        return tuple(BookLevel(level.price, level.total) for level in market.book.of(which).levels())

    return Book(XRP, side(theirs.Side.BID), side(theirs.Side.ASK), START, START)


@pytest.mark.parametrize("spec", MARKETS, ids=lambda spec: spec.name.code)
def test_orders_within_the_visible_depth_are_exact_to_the_tick(spec: MarketSpec) -> None:
    """Every order over a calibrated book: the estimate is what the exchange really fills, to the last digit."""
    dice = Random(f"orders-{spec.name.code}")
    for seed in range(12):
        venue, market = exchange(spec, seed)
        for kind in ("funds", "sell", "limit"):
            before = shown(market)
            funds = D(int(10 ** dice.uniform(3.8, 7.2)))
            volume = (funds / spec.price).quantize(RULES.volume_step)
            limit = before.asks[dice.randrange(6)].price
            side, request = Side.BUY, theirs.OrderType.PRICE
            if kind == "sell":
                side, request = Side.SELL, theirs.OrderType.MARKET
            elif kind == "limit":
                request = theirs.OrderType.LIMIT
            found = walk_book(
                before,
                side,
                RULES,
                volume=None if kind == "funds" else volume,
                funds=funds if kind == "funds" else None,
                limit=limit if kind == "limit" else None,
            )
            order = venue.settlement.open(
                theirs.OrderRequest(
                    market=spec.name.code,
                    side=theirs.Side.BID if side is Side.BUY else theirs.Side.ASK,
                    ord_type=request,
                    price=funds if kind == "funds" else limit if kind == "limit" else None,
                    volume=None if kind == "funds" else volume,
                    time_in_force=None,
                    smp_type=theirs.SmpType.NONE,
                    identifier=None,
                ),
                "test",
            )
            venue.engine.activate(market, order)
            assert found is not None and found.impact is not ImpactClass.BEYOND_DEPTH
            assert (found.volume, found.funds) == (order.executed_volume, order.executed_funds)
            assert found.worst_price == order.fills[-1].price


# ---- what is known besides the book ----------------------------------------------------------------------------------


def intent(**changes: object):  # type: ignore[no-untyped-def]
    made = order_of(order_type=OrderType.MARKET, price=None, volume=None, funds=10_000).intent
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_book_of_age_gives_no_estimate() -> None:
    estimator = SlippageEstimator()
    assert estimator.estimate(book(), intent(), RULES, START + FIVE_S, FIVE_S) is not None
    late = START + FIVE_S + timedelta(milliseconds=1)
    assert estimator.estimate(book(), intent(), RULES, late, FIVE_S) is None


def test_a_best_order_takes_the_best_level_alone() -> None:
    best = intent(order_type=OrderType.BEST, funds=D(50_000))
    found = SlippageEstimator().estimate(book(), best, RULES, START, FIVE_S)
    assert found is not None and (found.volume, found.against_best) == (10, 0)


def around(middle: int, at: float) -> Book:
    return book(levels((middle + 1, 1)), levels((middle - 1, 1)), at)


def test_the_volatility_is_that_of_the_mid_over_a_second() -> None:
    estimator = SlippageEstimator()
    for number in range(11):
        assert estimator.volatility(XRP) is None
        estimator.see(around(1000 if number % 2 else 1001, number * 2))
        estimator.see(around(5000, number * 2 + 0.5))  # too soon after the last one to be a sample
        estimator.see(replace(around(5000, number * 2 + 1.5), asks=()))  # no sound book
    sd = estimator.volatility(XRP)
    assert sd is not None and abs(sd - D("0.001") / D(2).sqrt()) < D("0.000001")  # 0.1 % in two seconds, ten times
    found = estimator.estimate(book(), intent(), RULES, START, FIVE_S)
    assert found is not None and found.volatility == sd


def test_the_volatility_forgets_what_is_older_than_a_minute() -> None:
    estimator = SlippageEstimator()
    for number in range(20):
        estimator.see(around(1000 + 50 * (number % 2), number))
    for number in range(62):
        estimator.see(around(1000, 20 + number))
    assert estimator.volatility(XRP) == 0


def measured(difference: str, at: float = 0) -> ExecutionMeasured:
    moment = START + timedelta(seconds=at)
    return ExecutionMeasured("o", XRP, Side.BUY, D(1000), D(1000), D(difference), ImpactClass.LOW, moment)


def test_the_bias_is_mean_and_ninety_percent_point_of_the_recent_executions() -> None:
    estimator = SlippageEstimator()
    estimator.restore(measured(f"0.000{number}") for number in range(10))
    known = estimator.bias(XRP, START)
    assert (known.number, known.mean, known.p90) == (10, D("0.00045"), D("0.0008"))
    found = estimator.estimate(book(), intent(), RULES, START, FIVE_S)
    assert found is not None and found.bias == D("0.00045") and found.against_best == 0
    assert found.expected == D("0.00045")


def test_the_bias_of_yesterday_does_not_count_any_more() -> None:
    estimator = SlippageEstimator()
    estimator.restore([measured("0.001")] * 20)
    assert estimator.bias(XRP, START + timedelta(days=1)).number == 20
    assert estimator.bias(XRP, START + timedelta(days=1, seconds=1)).number == 0


def test_only_the_newest_executions_are_kept() -> None:
    estimator = SlippageEstimator()
    estimator.restore([measured("0.001")] * 50 + [measured("0")] * EXECUTIONS_KEPT)
    assert estimator.bias(XRP, START).mean == 0


def test_the_monitor_tells_spread_depth_and_age() -> None:
    estimator = SlippageEstimator()
    told = estimator.marked(book(), START + timedelta(seconds=3))
    assert told.age_s == 3.0 and told.market.venue == VENUE
    assert told.spread == D("0.001000500250")
    assert [within.ratio for within in told.within] == list(DEPTH_RATIOS)
    assert told.within[0].asks == 10 * 1000 and told.within[0].bids == 10 * 999  # 998.5005 to 1000.4995
    assert told.within[1].asks == 10 * 1000 + 20 * 1001  # 1005 is 0.55 % away
    assert told.within[2].asks == 10 * 1000 + 20 * 1001 + 30 * 1005
    assert told.within[2].bids == 10 * 999 + 20 * 998 + 30 * 990
    one_sided = estimator.marked(book(asks=()), START)
    assert one_sided.spread is None and one_sided.within == ()


# ---- predicted and actual --------------------------------------------------------------------------------------------


def test_a_filled_order_is_compared_with_its_walk() -> None:
    walk = buy(volume="30")
    bought = order_of(side=Side.BUY, state=OrderState.FILLED, volume=30, estimate=walk)
    bought = replace(bought, filled_volume=D(30), filled_funds=D(30_050))
    found = measure(bought, START)
    assert walk is not None and found is not None and found.predicted == walk.average_price
    assert found.difference == slippage_ratio(Side.BUY, D(30_050), D(30_020)) > 0
    sale = walk_book(book(), Side.SELL, RULES, volume=D(10))
    sold = order_of(side=Side.SELL, state=OrderState.FILLED, volume=10, estimate=sale)
    found = measure(replace(sold, filled_volume=D(10), filled_funds=D(9_980)), START)
    assert found is not None and found.difference == D("0.001001001001")


@pytest.mark.parametrize(
    "changes",
    [
        {"estimate": None},
        {"state": OrderState.CANCELLED},
        {"filled_volume": D(0)},
        {"estimate": buy(volume="50", limit="1001")},  # half of it was to rest
    ],
)
def test_what_cannot_be_compared_is_not(changes: dict[str, object]) -> None:
    whole: dict[str, object] = {"estimate": buy(volume="30"), "filled_volume": D(30), "filled_funds": D(30_050)}
    order = order_of(side=Side.BUY, state=OrderState.FILLED, volume=30)
    assert measure(replace(order, **whole), START) is not None  # type: ignore[arg-type]
    assert measure(replace(order, **{**whole, **changes}), START) is None  # type: ignore[arg-type]
