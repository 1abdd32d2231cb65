"""The simulated markets and their character; figures follow the recorded Upbit books and candles.

Calibration: KRW-BTC 1-minute sd 5.4 bps, spread 0.4-0.9 bps with holes between levels, 1-2 orders a second;
KRW-ETH one to four ticks of spread, five levels hold about 73 M KRW; coins have beta 0.7-1.15 to BTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .market import MarketName


@dataclass(frozen=True, slots=True)
class MarketSpec:
    """`level_krw` is the median value of one book level; `gap` the mean distance of levels in ticks."""

    name: MarketName
    price: Decimal
    beta: float
    own_sd_bps: float  # own 1-minute noise on top of beta x BTC
    orders_per_s: float
    books_per_s: float
    level_krw: float
    size_log_sd: float
    gap: float
    half_spread_bps: float


def _spec(
    code: str, korean: str, english: str, price: str, beta: float, own: float, flow: tuple[float, float],
    book: tuple[float, float, float, float],
) -> MarketSpec:  # fmt: skip
    name = MarketName(code, korean, english)
    return MarketSpec(name, Decimal(price), beta, own, *flow, *book)


MARKETS: tuple[MarketSpec, ...] = (
    _spec("KRW-BTC", "비트코인", "Bitcoin", "89886000", 1.00, 0.0, (1.7, 7.0), (2.2e6, 1.9, 5.0, 0.35)),
    _spec("KRW-ETH", "이더리움", "Ethereum", "2884000", 1.05, 3.6, (1.2, 6.0), (7.0e6, 1.6, 1.2, 1.9)),
    _spec("KRW-XRP", "리플", "XRP", "1742", 1.00, 5.5, (1.5, 8.0), (1.8e7, 1.3, 1.0, 2.9)),
    _spec("KRW-SOL", "솔라나", "Solana", "121500", 1.10, 5.0, (0.7, 4.0), (5.0e6, 1.5, 1.1, 4.1)),
    _spec("KRW-DOGE", "도지코인", "Dogecoin", "142", 1.12, 6.0, (0.7, 4.0), (6.0e7, 0.9, 1.0, 35.0)),
    _spec("KRW-ADA", "에이다", "Cardano", "431", 1.08, 6.0, (0.4, 2.5), (3.0e7, 1.0, 1.0, 11.5)),
    _spec("KRW-AVAX", "아발란체", "Avalanche", "15230", 1.12, 6.5, (0.3, 2.0), (2.5e6, 1.4, 1.4, 4.0)),
    _spec("KRW-LINK", "체인링크", "Chainlink", "13870", 1.10, 6.2, (0.3, 2.0), (2.5e6, 1.4, 1.4, 4.2)),
)

# Mean absolute return by KST hour divided by its daily mean, 00 first (KRW-BTC 2024-08..2025-03).
HOUR_FACTOR: tuple[float, ...] = (
    1.67, 1.25, 1.17, 1.14, 1.14, 1.10, 0.96, 1.06, 0.93, 1.11, 0.96, 0.98,
    0.87, 0.75, 0.73, 0.66, 0.68, 0.73, 0.73, 0.71, 0.70, 0.89, 1.43, 1.62,
)  # fmt: skip
# Median traded value by KST hour divided by the daily median.
HOUR_VALUE: tuple[float, ...] = (
    1.47, 0.81, 0.56, 0.52, 0.51, 0.57, 0.72, 1.18, 1.20, 1.89, 1.44, 1.32,
    1.18, 1.03, 0.87, 0.97, 0.87, 0.90, 0.83, 0.84, 0.99, 1.13, 1.76, 1.88,
)  # fmt: skip


def kst_hour(epoch_s: float) -> int:
    return int((epoch_s // 3600 + 9) % 24)
