"""What sending orders costs, how many a second leave, and how long an urgent one waits behind a thousand others."""

import asyncio
import itertools
import statistics
import time
import uuid
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from app.adapters.upbit.auth import bearer
from app.adapters.upbit.calls import LIMITS, PLACE_ORDER
from app.adapters.upbit.order_fields import place_fields
from app.domain.values import Priority
from tests.bench.order_stand import OrderStand, order_stand
from tests.bench.stages import stages
from tests.bench.stats import divided, summary

WARM_UP = 50
#: The order group of the venue: so many calls per second.
ALLOWED = LIMITS[PLACE_ORDER.group][0].calls
LEAST_SHARE = 0.98
ENTRIES = 1000
#: Urgent orders put at the same moment in the second part: more than the reserve, so that they need several slots.
BURST = 20
SETTLE_S = 3.0
#: From putting to leaving an urgent order is written down and signed too; on a busy machine that takes its time.
TOLERANCE_MS = 50.0

EXPLAINED = {
    "overhead": "microseconds of one order at a time, alternating: `executor` = journal.append, OrderExecutor, durable"
    " (SQLite FULL), rate limiter, signature, POST, decoded answer; `bare` = the same signature and body, aiohttp POST,"
    " answer read. Same practice exchange, limits lifted on both sides",
    "sustained": "orders the practice exchange counted, at its real limit, with more of them queued than can leave:"
    " exits (all of the quota) and entries (what the reserve leaves). per_s is over stretches of a whole number of"
    " quotas; in_any_second is the most in any sliding second by the exchange's own clock",
    "urgent": f"an exit put behind {ENTRIES} queued entries, and {BURST} exits at once, at the real limit. granted_ms:"
    " when the rate limiter let each leave, after it was put; entries_between: entries let through while one waited",
}


async def overhead(folder: Path, seconds: float) -> dict[str, Any]:
    """Microseconds per order through the executor, and of a bare POST to the same exchange, taken in turns."""
    ours: list[float] = []
    bare: list[float] = []
    async with order_stand(folder, lifted=True) as stand, aiohttp.ClientSession(trust_env=False) as session:
        end = time.monotonic() + seconds
        while time.monotonic() < end or len(bare) < WARM_UP * 2:
            for kind in (0, 1) if len(bare) % 2 else (1, 0):
                if kind:
                    ours.append(await stand.send(Priority.EXIT))
                else:
                    bare.append(await _bare(stand, session))
    ours, bare = ours[WARM_UP:], bare[WARM_UP:]
    executor, floor = summary(ours), summary(bare)
    return {
        "executor_us": executor,
        "bare_us": floor,
        "ratio": {name: divided(executor[name], floor[name]) for name in ("p50", "p99")},
        "overhead_us": {name: round((executor[name] or 0) - (floor[name] or 0), 1) for name in ("p50", "p99")},
        "stages": stages(stand.executor.latency.summary()),
    }


async def _bare(stand: OrderStand, session: aiohttp.ClientSession) -> float:
    fields = [*place_fields(stand.order(Priority.EXIT))[:-1], ("identifier", str(uuid.uuid4()))]
    started = time.perf_counter()
    headers = {
        "Authorization": bearer(stand.credentials, fields),
        "Content-Type": "application/json; charset=utf-8",
    }
    url = stand.endpoints.rest + PLACE_ORDER.path
    async with session.post(url, data=msgspec.json.encode(dict(fields)), headers=headers) as response:
        await response.read()
    took = (time.perf_counter() - started) * 1e6
    if response.status != 201:
        stand.trouble.append(f"bare POST answered {response.status}")
    return took


async def sustained(folder: Path, seconds: float) -> dict[str, Any]:
    """Orders per second with more than enough queued, once exits and once entries, each for ``seconds``."""
    found: dict[str, Any] = {"allowed_per_s": ALLOWED}
    for name, priority in (("exits", Priority.EXIT), ("entries", Priority.ENTRY)):
        async with order_stand(folder / name, lifted=False) as stand:
            for _ in range(int(ALLOWED * (seconds + SETTLE_S)) + ALLOWED):
                stand.put(priority)
            await asyncio.sleep(seconds + SETTLE_S)
            told = await stand.venue()
        stamps = [stamp / 1e9 for stamp in told["counted_ns"]]
        budget = ALLOWED if priority is Priority.EXIT else stand.client.limiter.open_places(PLACE_ORDER.group)
        rate = steady_rate(stamps, budget, seconds)
        found[name] = {
            "budget_per_s": budget,
            "per_s": None if rate is None else round(rate, 3),
            "share_of_budget": divided(rate, budget),
            "share_of_allowed": divided(rate, ALLOWED),
            "in_any_second": most_in_a_second(stamps),
            "refused_429": told["refused"],
            "orders": len(stamps),
        }
    shares = [found[name]["share_of_budget"] for name in ("exits", "entries")]
    within = all(found[name]["in_any_second"] <= ALLOWED for name in ("exits", "entries"))
    refused = sum(found[name]["refused_429"] for name in ("exits", "entries"))
    found["holds"] = all(share and share >= LEAST_SHARE for share in shares) and within and not refused
    return found


def steady_rate(stamps: list[float], quota: int, seconds: float) -> float | None:
    """Median calls per second over every stretch of as many whole quotas (calls per second) as fit into ``seconds``.

    Whole quotas, because orders leave in bursts: any other stretch would count one burst too many or too few.
    """
    span = quota * max(int(seconds) - 1, 1)
    over = [span / (stamps[number + span] - stamps[number]) for number in range(len(stamps) - span)]
    return statistics.median(over) if over else None


def most_in_a_second(stamps: list[float]) -> int:
    """Most stamps in any half-open second."""
    first, most = 0, 0
    for number, stamp in enumerate(stamps):
        while stamp - stamps[first] >= 1.0:
            first += 1
        most = max(most, number - first + 1)
    return most


async def urgent(folder: Path) -> dict[str, Any]:
    """One exit, then a burst of exits, behind a thousand queued entries."""
    async with order_stand(folder, lifted=False) as stand:
        for _ in range(ENTRIES):
            stand.put(Priority.ENTRY)
        await asyncio.sleep(SETTLE_S)
        single = await _urgent(stand, 1)
        await asyncio.sleep(SETTLE_S)
        burst = await _urgent(stand, BURST)
        told = await stand.venue()
    stamps = [stamp / 1e9 for stamp in told["counted_ns"]]
    holds = all(
        part["waited_beyond_slot_ms"] <= TOLERANCE_MS and not part["entries_between"] for part in (single, burst)
    )
    limit = {"in_any_second": most_in_a_second(stamps), "refused_429": told["refused"]}
    return {"one": single, "burst": burst, **limit, "holds": holds and not told["refused"]}


async def _urgent(stand: OrderStand, number: int) -> dict[str, Any]:
    waiting = stand.executor.waiting
    slot_ms = stand.client.next_slot_s(Priority.EXIT) * 1000
    put_at = time.monotonic()
    exits = [stand.put(Priority.EXIT) for _ in range(number)]
    await stand.journal.durable()
    durable_at = time.monotonic()
    before = {order_id for order_id, at in stand.granted.items() if at < durable_at} - set(exits)
    await stand.all_granted(exits)
    await asyncio.sleep(1.1)  # so that the entries that follow are seen too
    granted = sorted(stand.granted[order_id] for order_id in exits)
    between = [i for i, at in stand.granted.items() if i not in before and i not in exits and at < granted[-1]]
    entries = sorted(at for order_id, at in stand.granted.items() if order_id not in exits)
    after = list(itertools.islice((at for at in entries if at > granted[-1]), 5))
    return {
        "entries_waiting": waiting,
        "next_slot_ms": round(slot_ms, 1),
        "durable_ms": round((durable_at - put_at) * 1000, 1),
        "granted_ms": [round((at - put_at) * 1000, 1) for at in granted],
        "next_entries_ms": [round((at - put_at) * 1000, 1) for at in after],
        "waited_beyond_slot_ms": round((granted[0] - put_at) * 1000 - slot_ms, 1),
        "entries_between": len(between),
    }
