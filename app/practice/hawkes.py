"""Self-exciting arrivals: orders come in bursts, as on the recorded markets (branching about 0.7)."""

from __future__ import annotations

import math
import random

BRANCHING = 0.7
DECAY_PER_S = 1.6


class HawkesArrivals:
    """Arrival times by thinning; the long-run rate is `rate` events a second."""

    def __init__(self, rate: float, source: random.Random) -> None:
        self._base = rate * (1 - BRANCHING)
        self._excitement = rate * BRANCHING
        self._random = source

    def next_delay_s(self, activity: float = 1.0) -> float:
        """Seconds to the next arrival; `activity` scales the exogenous part (time of day)."""
        base, waited = self._base * activity, 0.0
        while True:
            ceiling = base + self._excitement
            pause = self._random.expovariate(ceiling)
            waited += pause
            self._excitement *= math.exp(-DECAY_PER_S * pause)
            if self._random.random() * ceiling <= base + self._excitement:
                self._excitement += BRANCHING * DECAY_PER_S
                return waited

    def excite(self, events: float) -> None:
        """Outside news: as if `events` orders had just arrived."""
        self._excitement += BRANCHING * DECAY_PER_S * events
