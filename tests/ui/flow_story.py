"""A busy moment of the order flow as events: a long queue, a full limit, an open breaker, what ended without effect."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.breaker import BreakerChanged, BreakerState, CallGroup, CallRate
from app.domain.dead_letter import DeadLetter, DeadLetterAdded
from app.domain.latency import LogHistogram, Stage, StageLatency
from app.domain.limits import LimitName, LimitUse
from app.domain.messages import Event, LimitUsage
from app.domain.order import OrderIntent
from app.domain.slippage import DepthMarked, DepthWithin
from app.domain.values import Market, OrderType, Priority, Purpose, Side
from app.domain.venue_health import HealthFigures, MaintenanceWindow, MarketTrouble
from app.engine.slippage_estimator import DEPTH_RATIOS
from tests.ui import screen_story
from tests.ui.screen_story import BREAKOUT, MARKETS

D = Decimal
ETH = Market("upbit", "KRW-ETH")
_TYPICAL_MS = {"decision": 1.0, "journal": 2.7, "wire": 1.5, "wire_total": 4.5, "answer": 30.0, "fill": 66.0}
_USES: tuple[tuple[LimitName, int, int | None], ...] = (
    (LimitName.DAILY_ENTRIES, 161, 200),
    (LimitName.DAILY_VALUE, 12_345_678, 200_000_000),
    (LimitName.MONTHLY_ENTRIES, 900, 3_000),
    (LimitName.MONTHLY_VALUE, 1_945_000_000, 2_000_000_000),
    (LimitName.ORDERS_PER_MINUTE, 60, 60),
    (LimitName.DAILY_LOSS, 173_000, 964_330),
    (LimitName.MONTHLY_LOSS, 0, None),
    (LimitName.POSITIONS, 6, 10),
    (LimitName.POSITION_VALUE, 5_086_000, 20_000_000),
    (LimitName.MARKET_VALUE, 5_086_000, 30_000_000),
    (LimitName.EXPOSURE, 14_839_140, 43_394_886),
)


def latencies() -> tuple[StageLatency, ...]:
    """Some hundred orders per stage, with long tails."""
    chance, found = random.Random(1), []
    for stage in Stage:
        histogram = LogHistogram()
        for _ in range(400):
            histogram.add(timedelta(milliseconds=_TYPICAL_MS[stage] * chance.lognormvariate(0, 0.6)))
        found.append(histogram.summary(stage))
    return tuple(one for one in found if one is not None)


def letters(now: datetime) -> list[DeadLetter]:
    buy = OrderIntent("p2", ETH, Side.BUY, OrderType.MARKET, Purpose.ENTRY, "story", funds=D(2_000_000))
    order = DeadLetter("gw-1", now, "Order", "under_min_total_bid", "", position_id="p2", market=ETH, intent=buy)
    start = DeadLetter("c-1", now, "StartStrategy", "slippage_too_high", "", market=ETH, strategy=BREAKOUT.label)
    ago = timedelta(minutes=1)
    return [
        replace(start, at=now - 9 * ago, blueprint=BREAKOUT, budget=D(3_000_000)),
        replace(order, at=now - 5 * ago),
        DeadLetter("c-2", now - ago, "AmendInstruction", "not_possible_now", ""),
    ]


def depths() -> list[Event]:
    return [
        DepthMarked(
            Market("upbit", name),
            D("0.00002"),
            tuple(DepthWithin(ratio, last * 4 * n, last * 7 * n) for n, ratio in enumerate(DEPTH_RATIOS, 1)),
            0.1,
            None,
        )
        for name, _, _, last in MARKETS
    ]


def health(now: datetime) -> HealthFigures:
    """A venue that closes soon, whose clock is off, with a halted market."""
    window = MaintenanceWindow(now + timedelta(minutes=41), now + timedelta(hours=5))
    closing = replace(screen_story.health(now), maintenance=window, maintenance_blocks=True, skew_s=1.6, is_slow=True)
    return replace(closing, p99_ms=1410.0, halted=((ETH, MarketTrouble.ONE_SIDED),))


def flow(now: datetime) -> list[Event]:
    """Everything the order flow shows."""
    counts = {Priority.ENTRY: 1203, Priority.EXIT: 2}
    waiting = tuple((priority, counts.get(priority, 0)) for priority in Priority)
    rates = (
        CallRate(CallGroup.ORDER, 12, 6, 0),
        CallRate(CallGroup.CANCEL, 3, 0, 0),
        CallRate(CallGroup.LOOKUP, 40, 1, 2),
    )
    opened = BreakerChanged("upbit", CallGroup.ORDER, BreakerState.OPEN, "x", now + timedelta(seconds=10), 10.0)
    uses = (LimitUse(name, D(used), None if most is None else D(most)) for name, used, most in _USES)
    return [
        replace(screen_story.status(now), calls=rates, health=health(now)),
        replace(screen_story.queue(now), waiting=waiting, oldest_s=6.2, latencies=latencies()),
        LimitUsage(tuple(uses), now),
        opened,
        replace(opened, group=CallGroup.LOOKUP, state=BreakerState.HALF_OPEN, until=None),
        *depths(),
        *(DeadLetterAdded(letter) for letter in letters(now)),
    ]
