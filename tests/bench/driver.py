"""Keeps a terminal trading while it is measured: opens every market, opens again after every stop, counts, reports.

Nothing here stands in the path that is measured. The one subscriber on the bus adds one type comparison per message.
"""

import asyncio
import itertools
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psutil

from app.domain.blueprint import SCHEMA_VERSION, LocalText, StrategyBlueprint
from app.domain.commands import SetTradingState, StartStrategy
from app.domain.exit_plan import ExitRules
from app.domain.market_data import Book, Ticker, Trade
from app.domain.messages import AlertRaised, Event, IntentRefused, MarketsListed, Message, PositionChanged, QueueStatus
from app.domain.position import PositionState
from app.domain.values import Market, TradingState
from app.engine.event_bus import EventBus
from tests.bench.lag import LagSampler, cpu_s
from tests.bench.line_control import listen, say
from tests.bench.stages import stages

BUDGET = Decimal(1_000_000)
#: How often entries that were refused (no book yet, books not compared yet) are tried again.
NUDGE_S = 0.5

#: Enters at once, leaves by its stop-loss 2 % below: the rig's trigger drops 5 %.
BLUEPRINT = StrategyBlueprint(
    schema=SCHEMA_VERSION,
    id="bench-always-in",
    version=1,
    name=LocalText("벤치", "Bench"),
    description=LocalText("항상 진입", "Always enters"),
    timeframe="1m",
    warmup_bars=0,
    entry_when="true",
    default_budget=BUDGET,
    exits=ExitRules(stop_loss_percent=Decimal(2)),
)


class Driver:
    """Uses the doors of the screen: ``post``, the bus and ``watch_market``."""

    def __init__(
        self, post: Callable[[Message], None], bus: EventBus, watch_market: Callable[[str, str], None]
    ) -> None:
        self._post = post
        self._watch_market = watch_market
        self._ids = itertools.count(1)
        self._markets: set[Market] = set()
        self._held: set[Market] = set()
        self._pending: set[str] = set()
        self._told = False
        self._messages = 0
        self._refused: dict[str, int] = {}
        self._alerts: list[str] = []
        self._stages: dict[str, dict[str, float]] = {}
        self._closed = 0
        self._marked_at = time.monotonic()
        self._cpu_s = 0.0
        self._lag = LagSampler()
        self.extra: dict[str, Any] = {}
        bus.subscribe(self._on_event)

    async def run(self) -> None:
        """Trade and answer the bench until it closes our standard input."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        listen(self._command, lambda: over.set_result(None))
        sampling = asyncio.ensure_future(self._lag.run())
        while not over.done():
            if self._pending or not self._told:
                # Enables trading, and lets pending positions look again: that is what the command does.
                self._post(SetTradingState(TradingState.ENABLED, "bench"))
            await asyncio.wait([over], timeout=NUDGE_S)
        sampling.cancel()

    # ---- trading ------------------------------------------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        kind = type(event)
        if kind is Trade or kind is Book or kind is Ticker:
            self._messages += 1
        elif isinstance(event, PositionChanged):
            self._on_position(event)
        elif isinstance(event, QueueStatus):
            self._stages = stages(event.latencies)
        elif isinstance(event, MarketsListed):
            self._on_listed(event)
        elif isinstance(event, IntentRefused):
            words = event.refusal.reason.value
            self._refused[words] = self._refused.get(words, 0) + 1
        elif isinstance(event, AlertRaised):
            self._alerts.append(f"{event.key}: {event.detail}")

    def _on_listed(self, event: MarketsListed) -> None:
        new = {info.market for info in event.infos} - self._markets
        self._markets |= new
        for market in sorted(new):
            self._watch_market(market.venue, market.symbol)
            self._open(market)

    def _on_position(self, event: PositionChanged) -> None:
        position = event.position
        if position.state is PositionState.PENDING:
            self._pending.add(position.position_id)
            return
        self._pending.discard(position.position_id)
        if position.state is PositionState.ACTIVE:
            self._held.add(position.market)
            if not self._told and self._held == self._markets:
                self._told = True
                say({"ready": True})
        elif position.state is PositionState.CLOSED and event.trigger == "empty":
            self._closed += 1
            self._open(position.market)

    def _open(self, market: Market) -> None:
        self._post(StartStrategy(f"bench-{next(self._ids)}", market, BLUEPRINT, BUDGET))

    # ---- commands -----------------------------------------------------------------------------------------------

    def _command(self, line: dict[str, Any]) -> None:
        """mark (forget what was measured) or report."""
        if line["do"] == "mark":
            self._messages, self._closed, self._marked_at = 0, 0, time.monotonic()
            self._refused.clear()
            self._lag.clear()
            self.extra.clear()
            self._cpu_s = cpu_s()
            say({"ok": True})
            return
        figures = {"messages": self._messages, "seconds": time.monotonic() - self._marked_at, **self.extra}
        used = {"cpu_s": cpu_s() - self._cpu_s, "rss_mb": psutil.Process().memory_info().rss / 2**20}
        told = {"closed": self._closed, "refused": self._refused, "alerts": self._alerts, "stages_ms": self._stages}
        say({**figures, **used, **told, "lag_ms": self._lag.samples})
