"""The floor: what this Python, this loop and these two libraries need when nothing is decided, checked or written down.

asyncio, the websockets client (``async for``, as the terminal reads) and an aiohttp POST started in the tick handler.
Every frame is decoded with msgspec into code and price; a price below the stop posts a sell order without signature,
rate limit, journal or state. The same rig measures it with the same stamps, so terminal ÷ floor is the price of
everything the terminal does for safety.
"""

import argparse
import asyncio
import json
import time
import uuid
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import psutil
from websockets.asyncio.client import connect

from tests.bench.lag import LagSampler, cpu_s
from tests.bench.line_control import listen, say

STOP = 0.98
BUDGET = "1000000"


class Frame(msgspec.Struct):
    """What the floor looks at in a frame."""

    type: str
    code: str
    trade_price: float = 0.0


class Floor:
    """One market data connection and one HTTP session."""

    def __init__(self, rest: str, session: aiohttp.ClientSession) -> None:
        self._url = f"{rest}/v1/orders"
        self._session = session
        self.bases: dict[str, float] = {}
        self._stops: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.messages = 0
        self.marked_at = time.monotonic()
        self._cpu_s = 0.0
        self.lag = LagSampler()

    async def read(self, ws: str, codes: list[str]) -> None:
        """Subscribe and react until cancelled."""
        decode = msgspec.json.Decoder(Frame).decode
        wanted = [{"ticket": "floor"}, *({"type": kind, "codes": codes} for kind in ("ticker", "trade", "orderbook"))]
        async with connect(ws, compression=None, proxy=None, ping_interval=None, max_size=512 * 1024) as connection:
            await connection.send(json.dumps(wanted))
            async for raw in connection:
                self.messages += 1
                frame = decode(raw)
                if frame.type == "trade" and frame.trade_price <= self._stops.get(frame.code, 0.0):
                    del self._stops[frame.code]
                    self._start(frame.code)

    def _start(self, code: str) -> None:
        task = asyncio.get_running_loop().create_task(self._round_trip(code))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _round_trip(self, code: str) -> None:
        await self._order({"market": code, "side": "ask", "ord_type": "market", "volume": "0.5"})
        await self.buy(code)

    async def buy(self, code: str) -> None:
        """Open (again); the rig reports the fill by itself, here the answer is enough."""
        await self._order({"market": code, "side": "bid", "ord_type": "price", "price": BUDGET})
        self._stops[code] = self.bases[code] * STOP

    async def _order(self, fields: dict[str, str]) -> None:
        body = {**fields, "identifier": str(uuid.uuid4())}
        async with self._session.post(self._url, data=json.dumps(body)) as response:
            await response.read()

    async def open_all(self, rest: str) -> list[str]:
        """List the markets and hold every one."""
        async with self._session.get(f"{rest}/v1/ticker") as response:
            listed = json.loads(await response.read())
        self.bases = {ticker["market"]: float(ticker["trade_price"]) for ticker in listed}
        for code in self.bases:
            await self.buy(code)
        return list(self.bases)

    def command(self, line: dict[str, Any]) -> None:
        """mark or report, as the terminal's side knows them."""
        if line["do"] == "mark":
            self.messages, self.marked_at = 0, time.monotonic()
            self.lag.clear()
            self._cpu_s = cpu_s()
            say({"ok": True})
            return
        seconds = time.monotonic() - self.marked_at
        rss = psutil.Process().memory_info().rss / 2**20
        used = {"cpu_s": cpu_s() - self._cpu_s, "rss_mb": rss}
        say({"messages": self.messages, "seconds": seconds, "lag_ms": self.lag.samples, "alerts": [], **used})


async def _main(address: dict[str, str]) -> None:
    async with aiohttp.ClientSession(trust_env=False) as session:
        floor = Floor(address["rest"], session)
        codes = await floor.open_all(address["rest"])
        reading = asyncio.ensure_future(floor.read(address["ws"], codes))
        sampling = asyncio.ensure_future(floor.lag.run())
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        listen(floor.command, lambda: over.set_result(None))
        say({"ready": True})
        await asyncio.wait([reading, over], return_when=asyncio.FIRST_COMPLETED)
        for task in (reading, sampling):
            task.cancel()
        await asyncio.gather(reading, sampling, return_exceptions=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.floor")
    parser.add_argument("--address", type=Path, required=True)
    asyncio.run(_main(json.loads(parser.parse_args().address.read_bytes())))
