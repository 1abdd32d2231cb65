"""One drill against an exchange that runs already: an engine of its own, the press, and the exchange's word on it."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from app.adapters.host.practice_admin import ExchangeAdmin, Ledger
from app.adapters.host.practice_process import PracticeAddress
from app.adapters.storage.database import Database
from app.adapters.storage.ids import DurableIds
from app.adapters.storage.journal import SqlJournal
from app.adapters.storage.recovery import Recovered, recover
from app.adapters.upbit.auth import Credentials
from app.adapters.upbit.endpoints import Endpoints
from app.adapters.upbit.rest_client import UpbitRestApiClient
from app.adapters.upbit.ws_client import UpbitWebSocketClient
from app.domain.commands import LiquidateAll
from app.domain.constraints import ExchangeConstraints
from app.domain.drill import DrillProgress, DrillStep, DrillVerdict
from app.domain.emergency import (
    EmergencyPreview,
    LineState,
    LiquidationLine,
    LiquidationRun,
    LiquidationStage,
    ResidueKind,
)
from app.domain.errors import StorageError
from app.domain.limits import TradingLimits
from app.domain.messages import Event, LiquidationChanged, MarketsListed, QueueStatus
from app.domain.money import ZERO
from app.domain.order import Order, OrderState
from app.domain.ports import Clock
from app.domain.values import Market, Priority, TradingState
from app.drill.scene import DrillScene
from app.engine.event_bus import EventBus
from app.engine.task_supervisor import TaskSupervisor
from app.engine.trading_core import TradingCore
from app.engine.trading_engine import TradingEngine

VENUE, QUOTE = "upbit", "KRW"
#: How long books, balances and streams may take to be there, and the run to come to its end, seconds.
READY_PATIENCE_S, RUN_PATIENCE_S = 30.0, 120.0
_OVER = (LineState.SOLD, LineState.CONFIRMED, LineState.CANCELLED, LineState.DUST)

Tell = Callable[[DrillProgress], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was foretold, what the engine said in the end, and what the exchange's ledger says.

    ``card`` is None when the positions were not all there in time. ``took_s`` see DrillRecord. ``refused`` are markets
    in which the exchange refused a sale.
    """

    card: EmergencyPreview | None
    run: LiquidationRun | None
    took_s: float | None
    ledger: Ledger
    rules: tuple[ExchangeConstraints, ...]
    refused: tuple[Market, ...] = ()


class DrillStand:
    """Everything of one drill but the exchange; it knows the address of that one and no other."""

    def __init__(
        self, address: PracticeAddress, database: Database, clock: Clock, limits: TradingLimits, scene: DrillScene
    ) -> None:
        self._admin = ExchangeAdmin(address.admin)
        endpoints = Endpoints.practice(address.rest, address.ws, address.ws_private)
        credentials = Credentials(address.access_key, address.secret_key)
        self._client = UpbitRestApiClient(endpoints, credentials, clock)
        self._stream = UpbitWebSocketClient(endpoints, credentials, clock, self._client.limiter)
        self._database = database
        self._clock = clock
        self._limits = limits
        self._scene = scene
        self._bus = EventBus()
        self._supervisor = TaskSupervisor(lambda name, error: None)  # whatever died, the run does not come to its end
        self._began = clock.now()
        self._news = asyncio.Event()
        self._queue_seen = False
        self._run: LiquidationRun | None = None
        self._reached: tuple[object, ...] = ()
        self._reached_at: datetime | None = None

    async def run(self, tell: Tell) -> Outcome:
        """Fill the account, watch until everything is known, press, and wait for the end.

        Raises:
            VenueError: the exchange does not answer. StorageError: the drill's own journal cannot be written.
        """
        await self._fill_account(tell)
        await self._database.open()
        try:
            recovered = await recover(self._database, self._clock.now())
            return await self._with_engine(recovered, tell)
        finally:
            await self._supervisor.stop()
            await self._client.close()
            await self._database.close()

    async def _fill_account(self, tell: Tell) -> None:
        self._say(tell, DrillStep.COPYING)
        await self._admin.deposit(QUOTE, self._scene.cash)
        for asset, units in self._scene.holdings.items():
            if units > ZERO:
                await self._admin.deposit(asset, units)

    async def _with_engine(self, recovered: Recovered, tell: Tell) -> Outcome:
        ids = DurableIds(recovered.install, recovered.epoch)
        orders = [await self._rest(order, ids) for order in self._scene.orders]
        for market in self._scene.halted:
            await self._admin.halt(market.symbol)
        infos, rules = await self._client.list_markets()
        state = replace(
            recovered,
            clean=True,
            trading_state=TradingState.REDUCING,
            positions=self._scene.positions,
            orders=tuple(orders),
        )
        spawn = self._supervisor.spawn
        journal = SqlJournal(self._database, recovered.head, recovered.epoch, lambda error: None, spawn)
        await journal.start()
        core = TradingCore(VENUE, QUOTE, self._limits, ids)
        engine = TradingEngine(core, self._client, journal, self._bus, self._clock, spawn)
        self._bus.subscribe(self._on_event)
        engine.post(MarketsListed(VENUE, infos, rules))
        engine.start(state, None, "drill")
        self._stream.subscribe(sorted({book.market for book in self._scene.books}))
        spawn(self._stream.run(engine.post), "drill-streams")
        self._say(tell, DrillStep.WATCHING)
        card = await self._until_ready(core)
        if card is not None:
            await self._press(engine, tell)
        self._say(tell, DrillStep.JUDGING)
        outcome = Outcome(card, self._run, self._took_s(card), await self._admin.ledger(), rules, tuple(_refused(core)))
        await engine.stop(recovered.epoch)
        with contextlib.suppress(StorageError):
            await journal.stop()
        return outcome

    async def _rest(self, order: Order, ids: DurableIds) -> Order:
        """Place what rests at the real venue, under an identifier of the drill."""
        intent = replace(order.intent, volume=order.remaining_volume, instruction_id="")
        fresh = Order(ids.order_id(), intent, OrderState.INTENT, self._began, self._began)
        report = await self._client.place_order(fresh, Priority.CANCEL)
        return replace(fresh, state=OrderState.OPEN, venue_order_id=report.venue_order_id)

    # ---- the press ----------------------------------------------------------------------------------------------

    async def _until_ready(self, core: TradingCore) -> EmergencyPreview | None:
        """The card once books, halts, balances, streams and the queue are known; None when they are not in time."""
        wanted = {book.market for book in self._scene.books}

        def is_ready() -> bool:
            known = core.account.reconciled and core.account_desk.private_up and self._queue_seen
            return known and wanted <= core.board.books.keys() and all(map(core.board.has_said, wanted))

        if not await self._until(is_ready, READY_PATIENCE_S, lambda: None):
            return None
        return core.emergency.preview(self._clock.now())

    async def _press(self, engine: TradingEngine, tell: Tell) -> None:
        engine.post(LiquidateAll("drill"))
        await self._until(
            lambda: self._run is not None and self._run.stage.is_over,
            RUN_PATIENCE_S,
            lambda: self._say(tell, DrillStep.PRESSED),
        )

    async def _until(self, holds: Callable[[], bool], seconds: float, meanwhile: Callable[[], None]) -> bool:
        """Wait for what events bring about, at most so long; False when they did not."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    meanwhile()
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    def _on_event(self, event: Event) -> None:
        self._news.set()
        if isinstance(event, QueueStatus):
            self._queue_seen = True
        if isinstance(event, LiquidationChanged):
            self._run = event.run
            reached = tuple((line.sold, line.state in _OVER) for line in event.run.lines)
            if reached != self._reached:
                self._reached, self._reached_at = reached, self._clock.now()

    def _took_s(self, card: EmergencyPreview | None) -> float | None:
        run = self._run
        if run is None or card is None or not run.stage.is_over:
            return None
        if run.stage is LiquidationStage.ATTENTION and self._reached_at is not None:
            return (self._reached_at - run.started_at).total_seconds()
        return run.actual_s

    def _say(self, tell: Tell, step: DrillStep) -> None:
        lines: tuple[LiquidationLine, ...] = self._run.lines if self._run is not None else ()
        elapsed = (self._clock.now() - self._began).total_seconds()
        tell(DrillProgress(step, elapsed, sum(line.state in _OVER for line in lines), len(lines)))


def judge(scene: DrillScene, outcome: Outcome) -> tuple[DrillVerdict, str]:
    """The verdict and what it rests on, by the exchange's ledger and by what the card had named."""
    card, run = outcome.card, outcome.run
    if card is None:
        return DrillVerdict.BROKEN, "the exchange did not show all books and balances in time"
    if run is None or outcome.took_s is None:
        return DrillVerdict.UNFINISHED, f"not at its end after {RUN_PATIENCE_S:.0f} s"
    flagged = {one.market: one.why for one in card.unsellable}
    if outcome.ledger.open_orders:
        return DrillVerdict.LEFT, f"{len(outcome.ledger.open_orders)} orders work at the exchange"
    prices = {book.market: _price(book.bids[0].price if book.bids else None) for book in scene.books}
    minimum = {rules.market: rules.min_total for rules in outcome.rules}
    held = {balance.currency: balance.free + balance.locked for balance in outcome.ledger.balances}
    for market in prices:
        left = held.get(market.symbol.rpartition("-")[2], ZERO)
        worth, least = left * prices[market], minimum.get(market, ZERO)
        if left > ZERO and worth >= least and market not in flagged:
            return DrillVerdict.LEFT, f"{left} units of {market.symbol} are held"
    sold = sold_markets(outcome.ledger)
    for market, why in flagged.items():
        if why is not ResidueKind.DUST and market.symbol in sold:
            return DrillVerdict.SOLD, f"{market.symbol} was named unsellable ({why.value}) and was sold"
    if outcome.took_s > card.p95_s:
        return DrillVerdict.LATE, f"{outcome.took_s:.2f} s, p95 was {card.p95_s:.2f} s"
    return DrillVerdict.PASSED, ""


def sold_markets(ledger: Ledger) -> set[str]:
    """Symbols in which something was sold, by the exchange's ledger."""
    return {order.market for order in ledger.orders if order.side == "ask" and order.fills}


def _price(bid: Decimal | None) -> Decimal:
    """A book without bids: nothing is dust there."""
    return Decimal("Infinity") if bid is None else bid


def _refused(core: TradingCore) -> list[Market]:
    return list(dict.fromkeys(o.intent.market for o in core.tracker.orders.values() if o.state is OrderState.REJECTED))
