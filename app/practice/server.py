"""Puts the parts together and serves them on loopback."""

from __future__ import annotations

import asyncio
import logging
import time
from secrets import token_hex
from types import TracebackType

from aiohttp import web

from .admin import AdminDoor, MarketDriver
from .auth import ApiKey, Authenticator
from .clock import US_PER_MS, VenueClock
from .exchange import Exchange
from .host_faults import HostFaults
from .incidents import Incidents
from .line_file import StateFileError
from .market import Market
from .market_model import MarketModel
from .market_specs import MARKETS
from .memory import Memory
from .mirror import MirrorDriver
from .money import KrwUnits
from .outside_venue import OutsideVenue
from .rate_limits import RateLimits
from .recordings import open_recording
from .replay import ReplayDriver
from .rest_cancels import CancelEndpoints
from .rest_exchange import ExchangeEndpoints
from .rest_gateway import RestGateway
from .rest_quotation import QuotationEndpoints
from .settings import Endpoints, Settings
from .ws_feed import WsFeed
from .ws_gateway import WsGateway
from .ws_session import PRIVATE_PATH, PUBLIC_PATH

LOOPBACK = "127.0.0.1"
_LONGEST_NAP_US = 20 * US_PER_MS
_log = logging.getLogger("practice")


class PracticeServer:
    """An exchange with its doors. With a virtual clock the caller moves time by `advance`.

    Raises StateFileError if the settings name a state file that cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        clock: VenueClock | None = None,
        venue: tuple[Exchange, MarketDriver] | None = None,
        outside: OutsideVenue | None = None,
    ) -> None:
        self._memory: Memory | None = None
        if settings.state is not None:
            self._memory = Memory(settings.state, own_prices=outside is None)
        self.clock = clock if clock is not None else real_clock()
        self.failed = asyncio.Event()
        self._virtual = clock is not None
        self._settings = settings
        self._runners: list[web.AppRunner] = []
        self._pump: asyncio.Task[None] | None = None
        self.exchange, self._driver = venue or build_venue(settings, self.clock, self._memory, outside)
        self._key = _key(settings)
        self._keys = Authenticator(self._key, settings.lenient)
        self._feed = WsFeed(self.exchange, self.exchange.ids.fresh())
        self._incidents = Incidents(self.exchange, self._driver)
        self._host = HostFaults()

    async def start(self) -> Endpoints:
        """Open the doors and let the market run."""
        self._driver.start()
        self._feed.start()
        self._incidents.start()
        if self._memory is not None:
            self._memory.resume(self.exchange)
        port = await self._serve(self._venue_app(), self._settings.port)
        admin_app = AdminDoor(self.exchange, self._driver, self._host).app()
        admin_port = await self._serve(admin_app, self._settings.admin_port)
        if not self._virtual:
            self._pump = asyncio.create_task(self._run_time(), name="practice-clock")
            self._pump.add_done_callback(self._pump_ended)
        return Endpoints(
            f"http://{LOOPBACK}:{port}/v1",
            f"ws://{LOOPBACK}:{port}{PUBLIC_PATH}",
            f"ws://{LOOPBACK}:{port}{PRIVATE_PATH}",
            f"http://{LOOPBACK}:{admin_port}",
            self._key.access_key,
            self._key.secret_key,
        )

    async def stop(self) -> None:
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
        if isinstance(self._driver, MirrorDriver):
            await self._driver.close()
        await self._host.close()
        for session in list(self._feed.sessions):
            session.abort()
        for runner in reversed(self._runners):
            await runner.cleanup()
        if self._memory is not None:
            self._memory.close()

    async def advance(self, milliseconds: int) -> None:
        """Move virtual time and let the sockets deliver what happened."""
        self.clock.advance(milliseconds * US_PER_MS)
        for _ in range(5):
            await asyncio.sleep(0)

    async def __aenter__(self) -> Endpoints:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _venue_app(self) -> web.Application:
        app = web.Application()
        limits = RateLimits(self.clock)
        gateway = RestGateway(self.exchange, self._keys, limits, self._settings.lenient)
        routes = ExchangeEndpoints(self.exchange, self._key).routes()
        routes += CancelEndpoints(self.exchange).routes()
        quotation = QuotationEndpoints(self.exchange.markets, self.clock).routes()
        passed_on = self._driver.routes() if isinstance(self._driver, MirrorDriver) else []
        paths = {route.path for route in passed_on}
        routes += [route for route in quotation if route.path not in paths] + passed_on
        gateway.mount(app, routes)
        WsGateway(self.exchange, self._keys, limits, self._feed).mount(app)
        return app

    async def _serve(self, app: web.Application, port: int) -> int:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, LOOPBACK, port)
        await site.start()
        bound: int = runner.addresses[0][1]
        return bound

    async def _run_time(self) -> None:
        while True:
            self.clock.catch_up()
            due = self.clock.next_due_us()
            nap = _LONGEST_NAP_US if due is None else min(_LONGEST_NAP_US, max(2 * US_PER_MS, due))
            await asyncio.sleep(nap / 1e6)

    def _pump_ended(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, StateFileError):
            _log.error("%s", error)
        else:
            _log.error("the practice exchange broke one of its own rules", exc_info=error)
        self.failed.set()


def real_clock() -> VenueClock:
    return VenueClock(time.time_ns() // 1000, lambda: time.monotonic_ns() // 1000)


def build_venue(
    settings: Settings, clock: VenueClock, memory: Memory | None, outside: OutsideVenue | None = None
) -> tuple[Exchange, MarketDriver]:
    """An exchange with simulated, recorded or mirrored markets, and the remembered account or the user's cash."""
    seed = settings.seed if memory is None else memory.stream_seed(settings.seed)
    recording = None if settings.replay is None else open_recording(settings.replay, settings.replay_market)
    if outside is not None:
        markets = outside.markets()
    elif recording is not None:
        markets = recording.markets()
    else:
        markets = [Market(spec.name, KrwUnits(), spec.price) for spec in MARKETS]
    exchange = Exchange(clock, seed, markets, None if memory is None else memory.account)
    if memory is not None:
        memory.open_account(exchange, settings.seed, settings.cash)
    elif settings.cash:
        exchange.deposit("KRW", settings.cash)
    if outside is not None:
        return exchange, MirrorDriver(exchange, outside)
    if recording is not None:
        skip_us = int(settings.replay_skip_minutes * 60_000_000)
        return exchange, ReplayDriver(exchange, recording, settings.speed, skip_us, settings.seed)
    return exchange, MarketModel(exchange, MARKETS, seed, None if memory is None else memory.prices)


def _key(settings: Settings) -> ApiKey:
    """Fixed keys, or fresh ones; 40 characters as Upbit's are."""
    access, secret = settings.access_key or token_hex(20), settings.secret_key or token_hex(20)
    return ApiKey(access, secret)
