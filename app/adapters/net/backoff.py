"""How long to wait before the next try: exponential, jittered, capped."""

import random
from collections.abc import Callable


class Backoff:
    """Delays in seconds for repeated failures; half of each delay is random, so that many clients do not march in step.

    The n-th delay lies between ``base * 2**n / 2`` and ``base * 2**n``, and never above ``cap``.
    """

    def __init__(self, base_s: float = 0.5, cap_s: float = 30.0, chance: Callable[[], float] = random.random) -> None:
        self._base_s = base_s
        self._cap_s = cap_s
        self._chance = chance
        self._failures = 0

    def next_delay(self) -> float:
        """Seconds to wait now; the following delay is twice as long."""
        full = min(self._cap_s, self._base_s * 2.0 ** min(self._failures, 32))
        self._failures += 1
        return full / 2 + full / 2 * self._chance()

    def reset(self) -> None:
        """Start again from the shortest delay."""
        self._failures = 0
