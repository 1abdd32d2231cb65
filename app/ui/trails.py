"""Short histories for spark lines. Floats: they are drawn, never counted with."""

from datetime import datetime


class Trail:
    """At most ``limit`` samples over the whole life: when full, every second one goes and the pace halves."""

    def __init__(self, limit: int = 96, every_s: float = 1.0) -> None:
        self._limit = limit
        self._every_s = every_s
        self._sampled_at: datetime | None = None
        self._values: list[float] = []
        self.samples = 0
        """Counts samples taken: while it is the same, only the last value may have changed."""

    @property
    def values(self) -> list[float]:
        """Samples, oldest first; the last one is the newest value told."""
        return self._values

    def add(self, value: float, at: datetime) -> None:
        """Take the newest value; between two samples it replaces the last one."""
        if self._sampled_at is not None and (at - self._sampled_at).total_seconds() < self._every_s:
            self._values[-1] = value
            return
        if len(self._values) >= self._limit:
            del self._values[1::2]
            self._every_s *= 2
        self._values.append(value)
        self.samples += 1
        self._sampled_at = at

    def seed(self, values: list[float], at: datetime) -> None:
        """Begin with a known past; only for a trail that has at most one sample."""
        if len(self._values) <= 1 and values:
            self._values = [*values[-self._limit // 2 :], *self._values]
            self.samples += 1
            self._sampled_at = self._sampled_at or at
