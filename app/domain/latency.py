"""How long each leg of an order's way takes: the stages, and a histogram of fixed size for each."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

#: Linear steps per doubling; a quantile is at most 1/32 (3.2 %) above the true one.
_STEPS = 32
_BITS = _STEPS.bit_length()
#: Fine buckets that are one for drawing.
_COARSE = 16
#: Longest time told apart, in microseconds (one hour); what takes longer counts as that.
_LONGEST = 3_600_000_000
_MICROSECOND = timedelta(microseconds=1)


class Stage(StrEnum):
    """Legs of the way of an order, in order; WIRE_TOTAL is the sum of the first three."""

    DECISION = "decision"  # market message received -> decided
    JOURNAL = "journal"  # decided -> its record is durable; waiting for a free call included
    WIRE = "wire"  # durable -> first byte leaves; waiting for the rate limit included
    WIRE_TOTAL = "wire_total"  # market message received -> first byte leaves
    ANSWER = "answer"  # first byte leaves -> the venue's acknowledgement
    FILL = "fill"  # first byte leaves -> first fill booked; only orders that are to be filled at once


@dataclass(frozen=True, slots=True)
class StageLatency:
    """Quantiles of one stage since the start of the program, in milliseconds.

    ``buckets`` are its shape for drawing: (upper end in ms, count), contiguous, two per doubling from 32 us up.
    """

    stage: Stage
    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    buckets: tuple[tuple[float, int], ...] = ()


class LogHistogram:
    """Counts in logarithmic buckets with linear steps, as HdrHistogram does (Gil Tene, hdrhistogram.org).

    Adding costs the same however many there are, and the size never grows. The maximum is kept exactly.
    """

    def __init__(self) -> None:
        self._counts = [0] * (_index(_LONGEST) + 1)
        self.count = 0
        self._most = 0

    def add(self, took: timedelta) -> None:
        """Count one duration; a negative one (a clock that was set) counts as none."""
        value = min(max(took // _MICROSECOND, 0), _LONGEST)
        self._counts[_index(value)] += 1
        self.count += 1
        self._most = max(self._most, value)

    def quantile_ms(self, share: float) -> float | None:
        """Milliseconds that at least ``share`` of all durations do not exceed, by nearest rank; None without any."""
        if not self.count:
            return None
        wanted = max(share * self.count, 1.0)
        seen = 0
        for index, count in enumerate(self._counts):
            seen += count
            if seen >= wanted:
                return min(_highest(index), self._most) / 1000
        return self._most / 1000

    @property
    def max_ms(self) -> float | None:
        """Longest duration in milliseconds; None without any."""
        return self._most / 1000 if self.count else None

    def summary(self, stage: Stage) -> StageLatency | None:
        """Everything the screen shows of it; None without any duration."""
        p50, p95, p99, most = (*map(self.quantile_ms, (0.5, 0.95, 0.99)), self.max_ms)
        if p50 is None or p95 is None or p99 is None or most is None:
            return None
        return StageLatency(stage, self.count, p50, p95, p99, most, self._shape())

    def _shape(self) -> tuple[tuple[float, int], ...]:
        """Coarse buckets from the first to the last one that holds something."""
        sums = [sum(self._counts[low : low + _COARSE]) for low in range(0, len(self._counts), _COARSE)]
        used = [number for number, count in enumerate(sums) if count]
        return tuple(
            (_highest((number + 1) * _COARSE - 1) / 1000, sums[number]) for number in range(used[0], used[-1] + 1)
        )


def _index(value: int) -> int:
    shift = max(value.bit_length() - _BITS, 0)
    return shift * _STEPS + (value >> shift)


def _highest(index: int) -> int:
    """Largest value that falls into the bucket."""
    shift = max(index // _STEPS - 1, 0)
    return ((index - shift * _STEPS + 1) << shift) - 1
