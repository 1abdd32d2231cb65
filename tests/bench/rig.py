"""The rig: just enough of Upbit in a process of its own, and the stop watch of the bench. Imports nothing of app.

``python -m tests.bench.rig`` prints the address line of a practice exchange and then answers commands on standard
input (see ``Rig.command``). The tick-to-order time of one sample is measured here and nowhere else: from
``time.monotonic_ns`` right before the trigger frame is written to the WebSocket's transport, to ``time.monotonic_ns``
at the first byte of the sell order in that market (``rig_http.HttpConnection.data_received``). Client and rig share
the machine, so kernel and loopback time is inside; the rig's own turn length is reported, because an order that comes
in while the rig still sends a batch is stamped late by as much.
"""

import argparse
import asyncio
import json
import random
import time
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosedError
from websockets.protocol import State

from tests.bench.line_control import listen, say
from tests.bench.rig_frames import MARKETS, MIX, MarketFrames
from tests.bench.rig_http import HttpConnection
from tests.bench.rig_venue import SETTLE_S, Desk, Holding, Venue
from tests.bench.stats import summary

HOST = "127.0.0.1"
TURN_S = 0.001
#: A trigger that brought no order within this time has lost it.
LOST_AFTER_S = 3.0
#: Due frames beyond this are given up in one turn: the rig itself was held up, and says so by a lower rate.
MOST_PER_TURN = 200
#: The client is this far behind: sending more would only measure the buffer.
FULL_BUFFER = 2 * 1024 * 1024


class Rig:
    """Feed, stops and samples."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        frames = [MarketFrames.of(*market, chance=self._chance) for market in MARKETS]
        self.venue = Venue(frames, self._push_private, self._exit_arrived)
        self._public: dict[ServerConnection, list[str]] = {}
        self._private: set[ServerConnection] = set()
        self._stops_per_s = 0.0
        self._feed: asyncio.Task[None] | None = None
        self._cursor = 0
        self._next_stop = 0.0
        self._mark()

    # ---- commands -----------------------------------------------------------------------------------------------

    def command(self, line: dict[str, Any]) -> dict[str, Any]:
        """Carry out one of: feed {rate}, stops {per_s}, mark (forget what was measured), report."""
        match line["do"]:
            case "feed":
                if self._feed is not None:
                    self._feed.cancel()
                self._feed = asyncio.ensure_future(self._run(float(line["rate"])))
            case "stops":
                self._stops_per_s = float(line["per_s"])
                self._next_stop = time.monotonic()
            case "mark":
                self._mark()
            case "report":
                return self._report()
        return {"ok": True}

    def _mark(self) -> None:
        self._marked_at = time.monotonic()
        self._sent = 0
        self._stops = 0
        self._skipped = 0
        self._lost = 0
        self._unasked = 0
        self._overruns = 0
        self._samples_us: list[float] = []
        self._turns_us: list[float] = []
        self._floor_ns = time.monotonic_ns()

    def _report(self) -> dict[str, Any]:
        return {
            "seconds": time.monotonic() - self._marked_at,
            "sent": self._sent,
            "stops": self._stops,
            "stops_without_position": self._skipped,
            "samples_us": self._samples_us,
            "lost": self._lost,
            "pending": sum(desk.holding is Holding.TRIGGERED for desk in self.venue.desks.values()),
            "unasked_sells": self._unasked,
            "duplicates": self.venue.duplicates,
            "orders": self.venue.orders_made,
            "buffer_overruns": self._overruns,
            "rig_turn_us": summary(self._turns_us),
        }

    # ---- feed ---------------------------------------------------------------------------------------------------

    async def _run(self, rate: float) -> None:
        started, asked = time.monotonic(), 0
        while True:
            now = time.monotonic()
            due = int((now - started) * rate) - asked
            asked += due
            self._turn(min(due, MOST_PER_TURN), now)
            self._find_lost(now)
            self._turns_us.append((time.monotonic() - now) * 1e6)
            await asyncio.sleep(TURN_S)

    def _turn(self, due: int, now: float) -> None:
        """Everything that is due; a stop stands at a random place among the other frames."""
        stop_at = -1
        if self._stops_per_s and now >= self._next_stop:
            self._next_stop = now + self._chance.uniform(0.5, 1.5) / self._stops_per_s
            stop_at = self._chance.randint(0, due)
        for number in range(due):
            if number == stop_at:
                self._trigger()
            self._send_next()
        if stop_at == due:
            self._trigger()

    def _send_next(self) -> None:
        for connection, codes in self._public.items():
            if not codes:
                continue
            self._cursor += 1
            code = codes[self._cursor % len(codes)]
            kind = MIX[(self._cursor // len(codes) + self._cursor) % len(MIX)]
            if self._write(connection, self.venue.desks[code].frames.frame(kind)):
                self._sent += 1

    def _trigger(self) -> None:
        settled = time.monotonic() - SETTLE_S
        ready = [d for d in self.venue.desks.values() if d.holding is Holding.HELD and d.held_since <= settled]
        if not ready:
            self._skipped += 1
            return
        desk = self._chance.choice(ready)
        for connection in self._public:
            frame, stamp = desk.frames.trigger()
            if self._write(connection, frame):
                desk.holding, desk.trigger_ns = Holding.TRIGGERED, stamp
                self._sent += 1
                self._stops += 1

    def _write(self, connection: ServerConnection, frame: bytes) -> bool:
        # Past the library, whose send() costs more than all the rest of the rig: the frames are complete.
        transport = connection.transport
        if connection.state is not State.OPEN or transport.is_closing():
            return False
        if transport.get_write_buffer_size() > FULL_BUFFER:
            self._overruns += 1
            return False
        transport.write(frame)
        return True

    # ---- samples ------------------------------------------------------------------------------------------------

    def _exit_arrived(self, desk: Desk, arrived_ns: int) -> None:
        if desk.holding is not Holding.TRIGGERED:
            self._unasked += 1
            return
        if desk.trigger_ns >= self._floor_ns:
            self._samples_us.append((arrived_ns - desk.trigger_ns) / 1000)
        desk.holding = Holding.FLAT

    def _find_lost(self, now: float) -> None:
        oldest = (now - LOST_AFTER_S) * 1e9
        for desk in self.venue.desks.values():
            if desk.holding is Holding.TRIGGERED and desk.trigger_ns < oldest:
                desk.holding = Holding.HELD
                self._lost += desk.trigger_ns >= self._floor_ns

    # ---- connections --------------------------------------------------------------------------------------------

    def _push_private(self, frame: bytes) -> None:
        for connection in self._private:
            self._write(connection, frame)

    async def serve_socket(self, connection: ServerConnection) -> None:
        """One WebSocket: private by its path, else public with the codes of its last subscription."""
        private = connection.request is not None and connection.request.path.endswith("/private")
        if private:
            self._private.add(connection)
        try:
            async for text in connection:
                if not private:
                    self._public[connection] = self._subscribed(connection, json.loads(text))
        except ConnectionClosedError:
            pass  # a client under test is ended, not closed
        finally:
            self._private.discard(connection)
            self._public.pop(connection, None)

    def _subscribed(self, connection: ServerConnection, wanted: list[dict[str, Any]]) -> list[str]:
        codes: list[str] = next((part["codes"] for part in wanted if part.get("type") == "trade"), [])
        for code in codes:
            for kind in "btk":
                self._write(connection, self.venue.desks[code].frames.frame(kind))
        return codes


async def _main(seed: int, max_seconds: float) -> None:
    rig = Rig(seed)
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()
    http = await loop.create_server(lambda: HttpConnection(rig.venue.answer), HOST, 0)
    async with serve(rig.serve_socket, HOST, 0, compression=None, ping_interval=None) as sockets:
        rest = http.sockets[0].getsockname()[1]
        port = next(iter(sockets.sockets)).getsockname()[1]
        ws = f"ws://{HOST}:{port}/websocket/v1"
        base = f"http://{HOST}:{rest}"
        keys = {"access_key": "bench-access", "secret_key": "bench-secret-of-forty-characters-length."}
        say({"rest": base, "ws": ws, "ws_private": f"{ws}/private", "admin": base, **keys})

        def end() -> None:
            if not over.done():
                over.set_result(None)

        listen(lambda line: say(rig.command(line)), end)
        loop.call_later(max_seconds, end)
        await over
    http.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.rig")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max-seconds", type=float, default=900, help="ends by itself after this time")
    options = parser.parse_args()
    asyncio.run(_main(options.seed, options.max_seconds))
