"""Quantiles of samples, by nearest rank: a reported figure is always one that was measured."""

import math
from collections.abc import Sequence

QUANTILES = {"p50": 0.50, "p99": 0.99, "p99_9": 0.999}


def quantile(ordered: Sequence[float], share: float) -> float:
    """Smallest sample that at least ``share`` of all ``ordered`` (ascending) samples do not exceed."""
    return ordered[max(math.ceil(len(ordered) * share) - 1, 0)]


def summary(samples: Sequence[float]) -> dict[str, float | int | None]:
    """p50, p99, p99.9, maximum and number of ``samples``; None instead of figures that nothing was measured for."""
    ordered = sorted(samples)
    if not ordered:
        return {**dict.fromkeys(QUANTILES), "max": None, "samples": 0}
    figures: dict[str, float | int | None] = {name: round(quantile(ordered, q), 3) for name, q in QUANTILES.items()}
    return {**figures, "max": round(ordered[-1], 3), "samples": len(ordered)}


def divided(above: float | int | None, below: float | int | None) -> float | None:
    """``above / below`` with three decimals; None where one of them is missing or nothing."""
    return round(above / below, 3) if above is not None and below else None
