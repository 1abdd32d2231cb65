"""The emergency control under load: how long fifty positions take to be flat, how soon the first bytes leave.

The real core, engine, executor, journal and client against the practice exchange at its real limit. Nothing but the
positions is made up: they are bought first, and handed to the core as its journal would.
"""

import asyncio
import gc
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from aiohttp.http_writer import StreamWriter

from app.adapters.upbit.auth import bearer
from app.adapters.upbit.calls import LIMITS, PLACE_ORDER
from app.adapters.upbit.order_fields import place_fields
from app.adapters.upbit.ws_client import UpbitWebSocketClient
from app.domain.commands import LiquidateAll
from app.domain.constraints import ExchangeConstraints
from app.domain.effects import ApprovedOrder, SubmitOrder
from app.domain.emergency import LiquidationStage
from app.domain.limits import TradingLimits
from app.domain.market_data import Trade
from app.domain.messages import MarketsListed, OrderChanged
from app.domain.order import Order, OrderIntent, OrderState
from app.domain.position import Position, held_position
from app.domain.values import Market, OrderType, Priority, Purpose, Side
from app.engine.emergency_liquidation import CONFIRM_GAP
from app.engine.event_bus import EventBus
from app.engine.task_supervisor import TaskSupervisor
from app.engine.trading_core import TradingCore
from app.engine.trading_engine import TradingEngine
from tests.bench.children import BenchError
from tests.bench.order_stand import OrderStand, order_stand
from tests.bench.stats import summary
from tests.unit.engine.playbook import Recovered

POSITIONS, CLICKS, ENTRIES, TICKS_PER_S = 50, 20, 1000, 1000
#: Positions when the click is measured.
HELD = 10
LIMIT = LIMITS[PLACE_ORDER.group][0]
WORTH = Decimal(40_000)
PATIENCE_S = 60.0
#: How much later than a bare script the first bytes may leave, at the 99 % point.
ALLOWED_MS = 20.0
STEP = Decimal("0.00000001")

EXPLAINED = {
    "emergency": f"flat: {POSITIONS} positions sold and proven at the real limit of {LIMIT.calls} orders in"
    f" {LIMIT.seconds:g} s. bound_s = floor((positions - 1) / calls) x seconds + {CONFIRM_GAP.seconds} (two readings so"
    f" far apart are the proof); holds when took_s <= 1.1 x bound_s. click: from the press over {HELD} positions to the"
    f" first byte of the first cancel or sale at the socket, with {ENTRIES} queued entries of these positions and"
    f" {TICKS_PER_S} ticks a second, each press 1/{CLICKS} s later in the second within which everything recurs (the"
    " rate limit's window, the engine's tick, the queue's report); bare: an idle script that signs one order and sends"
    f" it on an open connection, to the same point; holds when the 99 % points are less than {ALLOWED_MS:g} ms apart",
}


class Wire:
    """Sees every request go to its connection; ``left_at`` is when the first one did that ``wanted`` accepts."""

    def __init__(self) -> None:
        self.left_at: float | None = None
        self._wanted: Callable[[bytes], bool] = lambda data: False
        write, write_lines = StreamWriter._write, StreamWriter._writelines

        def watched(writer: StreamWriter, chunk: Any) -> None:
            self._see(bytes(chunk))
            write(writer, chunk)

        def watched_lines(writer: StreamWriter, chunks: Any) -> None:
            self._see(b"".join(chunks))
            write_lines(writer, chunks)

        StreamWriter._write = watched  # type: ignore[method-assign, assignment]
        StreamWriter._writelines = watched_lines  # type: ignore[method-assign, assignment]

    def wait_for(self, wanted: Callable[[bytes], bool]) -> None:
        """Forget what has left, and look for this from now on."""
        self.left_at, self._wanted = None, wanted

    def _see(self, data: bytes) -> None:
        if self.left_at is None and self._wanted(data):
            self.left_at = time.perf_counter()


def reduces_risk(data: bytes) -> bool:
    """A cancel or a sale."""
    return data.startswith(b"DELETE") or (data.startswith(b"POST") and b'"ask"' in data)


class Rig:
    """One core with its engine on a stand."""

    def __init__(self, stand: OrderStand, positions: tuple[Position, ...]) -> None:
        self.stand = stand
        self.trouble: list[str] = []
        self.supervisor = TaskSupervisor(lambda name, error: self.trouble.append(f"{name}: {error!r}"))
        self.core = TradingCore("upbit", "KRW", TradingLimits(), stand.ids)
        self.bus = EventBus()
        self.engine = TradingEngine(
            self.core, stand.client, stand.journal, self.bus, stand.clock, self.supervisor.spawn
        )
        self.positions = positions

    async def open(self, listed: MarketsListed, stream: bool) -> None:
        """Take the positions over and wait until the account has been compared."""
        gc.freeze()  # as app.desktop does before it starts the engine
        self.engine.start(Recovered(positions=self.positions), None, "practice")
        self.engine.post(listed)
        if stream:
            stand = self.stand
            client = UpbitWebSocketClient(stand.endpoints, stand.credentials, stand.clock, stand.client.limiter)
            client.subscribe(sorted({position.market for position in self.positions}))
            self.supervisor.spawn(client.run(self.engine.post), "streams")
            await self._until(lambda: self.core.account.reconciled)
        await asyncio.sleep(1.5)

    async def flat(self) -> float:
        """Press and wait for the proof; seconds."""
        self.engine.post(LiquidateAll("press"))
        await self._until(lambda: self.core.emergency.run is not None and self.core.emergency.run.stage.is_proven)
        run = self.core.emergency.run
        assert run is not None and run.stage is LiquidationStage.FLAT and run.actual_s is not None
        return run.actual_s

    async def first_bytes(self, wire: Wire) -> float:
        """Press; seconds until the first byte of a cancel or a sale."""
        wire.wait_for(reduces_risk)
        pressed = time.perf_counter()
        self.engine.post(LiquidateAll("press"))
        await self._until(lambda: wire.left_at is not None and not self.core.positions.live())
        assert wire.left_at is not None
        return wire.left_at - pressed

    async def close(self) -> None:
        """End everything of it."""
        await self.supervisor.stop()
        gc.unfreeze()

    async def _until(self, holds: Any) -> None:
        end = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > end or self.trouble:
                raise BenchError(f"the emergency run did not come to an end: {self.trouble or self.core.emergency.run}")
            await asyncio.sleep(0.002)


async def emergency(folder: Path) -> dict[str, Any]:
    """Both parts, each with an exchange of its own."""
    async with order_stand(folder / "flat", lifted=False) as stand:
        listed = MarketsListed("upbit", *await stand.client.list_markets())
        flat = await _flat(stand, listed)
        counted = await stand.venue()
    async with order_stand(folder / "click", lifted=False) as stand:
        listed = MarketsListed("upbit", *await stand.client.list_markets())
        click = await _clicks(stand, listed)
    flat["refused_429"] = counted["refused"]
    return {"flat": flat, "click": click, "holds": flat["holds"] and click["holds"]}


async def _flat(stand: OrderStand, listed: MarketsListed) -> dict[str, Any]:
    rig = Rig(stand, await _bought(stand, listed, POSITIONS))
    await rig.open(listed, stream=True)
    foretold = rig.core.emergency.preview(stand.clock.now())
    took = await rig.flat()
    await rig.close()
    bound = (POSITIONS - 1) // LIMIT.calls * LIMIT.seconds + CONFIRM_GAP.total_seconds()
    return {
        "positions": POSITIONS,
        "took_s": round(took, 3),
        "bound_s": round(bound, 3),
        "ratio": round(took / bound, 3),
        "foretold_s": foretold.expected_s,
        "foretold_p95_s": foretold.p95_s,
        "holds": took <= 1.1 * bound,
    }


async def _clicks(stand: OrderStand, listed: MarketsListed) -> dict[str, Any]:
    ours, bare, wire = [], [], Wire()
    async with aiohttp.ClientSession(trust_env=False) as session:
        await _bare(stand, session, wire)  # its connection is open from here on, as the terminal's is
        for number in range(CLICKS):
            bare.append(await _bare(stand, session, wire))
            rig = Rig(stand, await _bought(stand, listed, HELD))
            await rig.open(listed, stream=False)
            _queue_entries(rig)
            await stand.journal.durable()  # a thousand records at once are nothing a day brings
            ticking = asyncio.get_running_loop().create_task(_tick(rig, listed.constraints[0].market))
            await asyncio.sleep(1.0 + number / CLICKS)
            ours.append(await rig.first_bytes(wire) * 1e6)
            ticking.cancel()
            await rig.close()
    first, floor = summary(ours), summary(bare)
    apart = ((first["p99"] or 0.0) - (floor["p99"] or 0.0)) / 1000
    return {"first_bytes_us": first, "bare_us": floor, "p99_apart_ms": round(apart, 3), "holds": apart <= ALLOWED_MS}


def _queue_entries(rig: Rig) -> None:
    """A thousand entries of the positions. No limit keeps them from leaving till the press; then the core is asked."""
    may_send, entries = rig.engine.executor._may_send, set[str]()

    def asked(order_id: str) -> str | None:
        return None if order_id in entries and not rig.core.emergency.is_running else may_send(order_id)

    rig.engine.executor._may_send = asked
    for number in range(ENTRIES):
        order = rig.stand.order(Priority.ENTRY)
        position = rig.positions[number % len(rig.positions)]
        order = rig.core.tracker.put(replace(order, intent=replace(order.intent, position_id=position.position_id)))
        entries.add(order.order_id)
        rig.stand.journal.append(OrderChanged(order, "intent"), order.created_at)
        rig.engine.executor.put(SubmitOrder(ApprovedOrder(order, Priority.ENTRY)))


async def _tick(rig: Rig, market: Market) -> None:
    """Trades at an even pace, in the batches in which a stream brings them."""
    while True:
        now = rig.stand.clock.now()
        for number in range(TICKS_PER_S // 100):
            at = now + timedelta(microseconds=number)
            rig.engine.post(Trade(market, Decimal(1_000_000 + number), Decimal(1), Side.BUY, at, at))
        await asyncio.sleep(0.01)


async def _bought(stand: OrderStand, listed: MarketsListed, number: int) -> tuple[Position, ...]:
    """Coins for so many positions, spread over the markets, and the positions that hold them."""
    rules = listed.constraints[:number]
    shares = {one.market: number // len(rules) + (place < number % len(rules)) for place, one in enumerate(rules)}
    before = await _held(stand)
    for one in rules:
        await stand.client.place_order(_purchase(stand, one, WORTH * shares[one.market]), Priority.ENTRY)
    await asyncio.sleep(1.5)
    after = await _held(stand)
    made: list[Position] = []
    for one in rules:
        units = after.get(one.base, Decimal(0)) - before.get(one.base, Decimal(0))
        part = (units / shares[one.market]).quantize(STEP, ROUND_DOWN)
        names = [f"p-bench-{len(made) + place}" for place in range(shares[one.market])]
        made += [held_position(name, one.market, part, WORTH, stand.clock.now()) for name in names]
    return tuple(made)


async def _held(stand: OrderStand) -> dict[str, Decimal]:
    return {balance.asset: balance.total for balance in (await stand.client.read_account()).balances}


def _purchase(stand: OrderStand, rules: ExchangeConstraints, funds: Decimal) -> Order:
    now = stand.clock.now()
    intent = OrderIntent("p", rules.market, Side.BUY, OrderType.MARKET, Purpose.ENTRY, "bench", funds=funds)
    return Order(stand.ids.order_id(), intent, OrderState.INTENT, now, now)


async def _bare(stand: OrderStand, session: aiohttp.ClientSession, wire: Wire) -> float:
    """Microseconds until the bytes of an order leave a script that does nothing else."""
    order = stand.order(Priority.EXIT)
    wire.wait_for(lambda data: data.startswith(b"POST"))
    started = time.perf_counter()
    fields = place_fields(order)
    headers = {
        "Authorization": bearer(stand.credentials, fields),
        "Content-Type": "application/json; charset=utf-8",
    }
    body = msgspec.json.encode(dict(fields))
    async with session.post(stand.endpoints.rest + PLACE_ORDER.path, data=body, headers=headers) as response:
        await response.read()
    assert wire.left_at is not None
    return (wire.left_at - started) * 1e6
