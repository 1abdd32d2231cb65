"""Arrivals come in bursts at the asked rate."""

import random

from app.practice.hawkes import HawkesArrivals


def test_rate_and_burstiness() -> None:
    arrivals = HawkesArrivals(2.0, random.Random(5))
    counts = [0] * 3000
    now = arrivals.next_delay_s()
    while now < len(counts):
        counts[int(now)] += 1
        now += arrivals.next_delay_s()
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / len(counts)
    assert 1.6 < mean < 2.4
    assert variance / mean > 2.5  # a Poisson stream has 1


def test_news_brings_orders_sooner() -> None:
    calm, excited = (HawkesArrivals(0.1, random.Random(5)) for _ in range(2))
    excited.excite(50)
    assert excited.next_delay_s() < calm.next_delay_s()
