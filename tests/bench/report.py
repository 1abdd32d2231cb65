"""From what the runs brought to the one JSON object: figures, ratios, and every reason not to believe them."""

import os
import platform
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psutil

from tests.bench.stats import divided, summary

LEAST_RATE = 0.95
LEAST_FRAMES_PER_S = 5
#: Fewer samples than this, and the p99.9 is the maximum.
FOR_P99_9 = 1000

EXPLAINED = {
    "tick_to_order_us": "microseconds from the rig's time.monotonic_ns before it writes the trade that breaks a stop to"
    " the WebSocket, to its time.monotonic_ns at the first byte of POST /v1/orders; loopback, both stamps in the rig",
    "stages_ms": "the terminal's own histograms of the last round, warm-up included: decision (price received to"
    " decided), journal (to durable, queue included), wire (to the first byte, rate limit included), wire_total (their"
    " sum), answer and fill (from the first byte)",
    "loop_lag_ms": "lateness of asyncio.sleep(20 ms) in the event loop under test, milliseconds",
    "floor": "asyncio + websockets client + aiohttp POST from the tick handler; no engine, journal, limiter, signature",
    "no_window": "the terminal as app.bootstrap builds it, on asyncio, without Qt",
    "window": "the same with the real MainWindow, visible and repainting, on app.ui.qt_loop.QtLoop",
    "rate_limiter": "real, but with 1,000 calls per second and group through its constructor: Upbit's 12 orders/s would"
    " cap the number of samples; trading limits wide open for the same reason",
    "journal": "real: SQLite, WAL, synchronous=FULL; every order is durable before it leaves",
    "feed": "20 markets; 50 % trades, 35 % books of 15 levels, 15 % tickers, binary frames, sent every millisecond",
    "ratios": "quotients of the pooled quantiles, null when a side is not valid; `rounds` are the quotients within each"
    " round, `median` theirs",
}


def machine(scratch: Path) -> dict[str, Any]:
    """What it ran on, and how busy that was before."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "load_before": [round(load, 2) for load in psutil.getloadavg()],
        "scratch_file_system": _file_system(scratch),
    }


def configuration(name: str, rate: int, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """All rounds of one configuration, pooled, with the single rounds beside."""
    handled = [run["tested"]["messages"] / run["tested"]["seconds"] for run in runs]
    figures = {
        "valid": not any(doubt for run in runs for doubt in doubts(name, rate, run)),
        "tick_to_order_us": summary([sample for run in runs for sample in run["rig"]["samples_us"]]),
        "loop_lag_ms": summary([sample for run in runs for sample in run["tested"]["lag_ms"]]),
        "messages_per_s": round(statistics.fmean(handled), 1),
        "wanted_per_s": rate,
        "orders_lost": _sum(runs, "lost") + _sum(runs, "pending"),
        "stops_fired": _sum(runs, "stops"),
        "stops_without_position": _sum(runs, "stops_without_position"),
        "cpu_cores_used": round(statistics.fmean(r["tested"]["cpu_s"] / r["tested"]["seconds"] for r in runs), 3),
        "rig_turn_us_p99": max(run["rig"]["rig_turn_us"]["p99"] or 0 for run in runs),
        "rounds": [
            {
                "tick_to_order_us": summary(run["rig"]["samples_us"]),
                "loop_lag_ms": summary(run["tested"]["lag_ms"]),
                "messages_per_s": round(rate_of, 1),
            }
            for run, rate_of in zip(runs, handled, strict=True)
        ],
    }
    if "stages_ms" in runs[-1]["tested"]:
        figures["stages_ms"] = runs[-1]["tested"]["stages_ms"]
    if any("frames" in run["tested"] for run in runs):
        frames = [run["tested"].get("frames", 0) / run["tested"]["seconds"] for run in runs]
        figures["frames_per_s"] = round(statistics.fmean(frames), 1)
    return figures


def doubts(name: str, rate: int, run: dict[str, Any]) -> Iterable[str]:
    """Why this run must not be believed; nothing when it may."""
    tested, rig = run["tested"], run["rig"]
    where = f"{name} at {rate}/s"
    handled = tested["messages"] / tested["seconds"]
    if handled < rate * LEAST_RATE:
        yield f"{where}: only {handled:.0f} messages/s were handled (rig sent {rig['sent'] / rig['seconds']:.0f}/s)"
    if rig["lost"] or rig["pending"]:
        yield f"{where}: {rig['lost'] + rig['pending']} of {rig['stops']} stop orders did not arrive within 3 s"
    if rig["duplicates"]:
        yield f"{where}: {rig['duplicates']} orders were sent twice"
    if rig["unasked_sells"]:
        yield f"{where}: {rig['unasked_sells']} sell orders came without a stop"
    if not rig["samples_us"]:
        yield f"{where}: no sample"
    if name == "window" and tested.get("frames", 0) / tested["seconds"] < LEAST_FRAMES_PER_S:
        yield f"{where}: the window did not repaint"
    if tested["alerts"]:
        yield f"{where}: the terminal raised alerts: {'; '.join(tested['alerts'][:3])}"


def ratios(configurations: dict[str, dict[str, Any]], rates: Iterable[int]) -> dict[str, Any]:
    """window / no window and ours / floor, for p50 and p99 of both figures at each rate."""
    pairs = {
        "window_to_no_window": ("window", "no_window"),
        "no_window_to_floor": ("no_window", "floor"),
        "window_to_floor": ("window", "floor"),
    }
    return {
        name: {
            str(rate): {
                f"{figure}_{quantile}": _ratio(configurations, above, below, str(rate), figure, quantile)
                for figure in ("tick_to_order_us", "loop_lag_ms")
                for quantile in ("p50", "p99")
            }
            for rate in rates
        }
        for name, (above, below) in pairs.items()
    }


def notes(configurations: dict[str, dict[str, Any]]) -> list[str]:
    """What a reader should know who only reads figures."""
    few = [
        f"{name} at {rate}/s"
        for name, by_rate in configurations.items()
        for rate, figures in by_rate.items()
        if figures["tick_to_order_us"]["samples"] < FOR_P99_9
    ]
    return [f"fewer than {FOR_P99_9} samples, so p99.9 is the maximum: {', '.join(few)}"] if few else []


def _ratio(
    found: dict[str, dict[str, Any]], above: str, below: str, rate: str, figure: str, quantile: str
) -> dict[str, Any] | None:
    ours, theirs = found.get(above, {}).get(rate), found.get(below, {}).get(rate)
    if ours is None or theirs is None or not ours["valid"] or not theirs["valid"]:
        return None  # late or lost orders are missing in the samples: the quotient would flatter
    rounds = [
        divided(one[figure][quantile], other[figure][quantile])
        for one, other in zip(ours["rounds"], theirs["rounds"], strict=False)
    ]
    known = [value for value in rounds if value is not None]
    return {
        "pooled": divided(ours[figure][quantile], theirs[figure][quantile]),
        "median": round(statistics.median(known), 3) if known else None,
        "rounds": rounds,
    }


def _sum(runs: list[dict[str, Any]], name: str) -> int:
    return sum(int(run["rig"][name]) for run in runs)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _file_system(folder: Path) -> str:
    mounts = [part for part in psutil.disk_partitions(all=True) if folder.is_relative_to(part.mountpoint)]
    return max(mounts, key=lambda part: len(part.mountpoint)).fstype if mounts else "unknown"
