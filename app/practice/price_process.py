"""The hidden fair prices: correlated, fat-tailed, with log-normal volatility regimes.

Floats are fine here: these prices are never money, only a hint to the simulated traders.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from .market_specs import HOUR_FACTOR, MarketSpec, kst_hour

BASE_SD_BPS = 5.4  # median 1-minute sd of KRW-BTC
REGIME_LOG_SD = 0.5
REGIME_HALF_LIFE_S = 90 * 60.0
_DEGREES = 3.5
_BPS = 1e-4
_LIMIT = 6.0  # cut a single draw: real jumps come in clusters and by the admin interface


class FairPrices:
    """One step moves all markets together."""

    def __init__(self, specs: Sequence[MarketSpec], seed: int) -> None:
        self._specs = specs
        self._random = random.Random(f"fair-{seed}")
        self._log_regime = self._random.gauss(0.0, REGIME_LOG_SD)
        self.price: dict[str, float] = {spec.name.code: float(spec.price) for spec in specs}

    def step(self, seconds: float, epoch_s: float) -> None:
        keep = 0.5 ** (seconds / REGIME_HALF_LIFE_S)
        noise = self._random.gauss(0.0, REGIME_LOG_SD * math.sqrt(1 - keep * keep))
        self._log_regime = self._log_regime * keep + noise
        hour = HOUR_FACTOR[kst_hour(epoch_s)]
        unit = _BPS * math.sqrt(seconds / 60.0) * math.exp(self._log_regime) * hour
        common = BASE_SD_BPS * self._fat_tailed()
        for spec in self._specs:
            own = spec.own_sd_bps * self._fat_tailed() if spec.own_sd_bps else 0.0
            self.price[spec.name.code] *= math.exp(unit * (spec.beta * common + own))

    def shift(self, code: str, factor: float) -> None:
        """Move one fair price by a factor (shocks, lasting impact of the user's orders)."""
        self.price[code] *= factor

    def _fat_tailed(self) -> float:
        """Student t with 3.5 degrees of freedom, unit variance, limited."""
        chi = self._random.gammavariate(_DEGREES / 2, 2.0)
        draw = self._random.gauss(0.0, 1.0) / math.sqrt(chi / _DEGREES)
        return max(-_LIMIT, min(_LIMIT, draw * math.sqrt((_DEGREES - 2) / _DEGREES)))
