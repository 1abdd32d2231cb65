"""Fair prices: calibrated, correlated, repeatable."""

import math
from statistics import correlation, quantiles, stdev

from app.practice.market_specs import MARKETS
from app.practice.price_process import FairPrices


def minute_returns(seed: int, minutes: int = 1500) -> dict[str, list[float]]:
    fair = FairPrices(MARKETS, seed)
    found: dict[str, list[float]] = {spec.name.code: [] for spec in MARKETS}
    for minute in range(minutes):
        before = dict(fair.price)
        fair.step(60.0, 1_795_183_200 + minute * 60)
        for code, price in fair.price.items():
            found[code].append(math.log(price / before[code]) * 1e4)
    return found


def test_volatility_tails_and_correlation_follow_the_calibration() -> None:
    returns = minute_returns(3)
    btc = returns["KRW-BTC"]
    assert 2.5 < stdev(btc) < 15
    spread = quantiles(btc, n=100)
    assert (spread[98] - spread[0]) / (spread[74] - spread[24]) > 3.6  # 3.45 for a normal distribution
    assert 0.3 < correlation(btc, returns["KRW-ETH"]) < 0.95


def test_the_same_seed_walks_the_same_way() -> None:
    assert minute_returns(1, 20) == minute_returns(1, 20) != minute_returns(2, 20)


def test_a_shift_moves_one_market_only() -> None:
    fair = FairPrices(MARKETS, 1)
    fair.shift("KRW-ETH", 0.97)
    assert fair.price["KRW-ETH"] == 2884000 * 0.97
    assert fair.price["KRW-BTC"] == 89886000
