"""The terminal's own figures of the way of its orders, for the JSON of the bench."""

from collections.abc import Iterable

from app.domain.latency import StageLatency


def stages(found: Iterable[StageLatency]) -> dict[str, dict[str, float]]:
    """The terminal's own figures of every leg of an order's way, milliseconds, since its start."""
    return {
        one.stage.value: {
            "p50": one.p50_ms,
            "p95": one.p95_ms,
            "p99": one.p99_ms,
            "max": one.max_ms,
            "orders": one.count,
        }
        for one in found
    }
