"""A practice session without a screen, recorded: ``python -m tests.scenario.hour --minutes 60 --out FILE``.

Somebody trades: three strategies at the start, then every ``--beat`` seconds one more thing a person does, faults of
the exchange on and off, and the emergency control once near the middle. The flight log is FILE; profile and books are
in the folder FILE.profile. Ends with one JSON object on standard output.
"""

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from app.adapters.host.practice_admin import ExchangeAdmin
from app.adapters.storage.flight_reader import FlightLog
from app.bootstrap import StartOptions, Terminal, open_terminal
from app.domain.blueprint import EntryOrderPolicy, StrategyBlueprint
from app.domain.commands import (
    ClosePosition,
    LiquidateAll,
    PausePosition,
    ReconcileNow,
    ResumePosition,
    SetTradingState,
    StartStrategy,
    WatchMarket,
)
from app.domain.errors import VenueUnavailableError
from app.domain.exit_plan import ExitRules
from app.domain.flight import FlightEnd
from app.domain.messages import Event, FillBooked, Message, OrderChanged
from app.domain.order import OrderState
from app.domain.position import Position, PositionState
from app.domain.slippage import SlippagePolicy
from app.domain.values import Market, OrderType, TradingState
from tests.scenario.flight import profile_in

MARKETS = ("KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-SOL", "KRW-DOGE", "KRW-ADA")
FAULTS = (
    "order_answer_lost",
    "answer_delayed",
    "server_error_before",
    "server_error_after",
    "ws_drop",
    "private_frame_lost",
    "private_frame_duplicated",
    "private_frame_late",
    "order_not_found",
    "partial_fills_only",
    "slow_fills",
    "rate_limit_storm",
)
SETTLE_S = 30.0


@dataclass
class Trader:
    """What a person does in front of the terminal, drawn from one seed."""

    terminal: Terminal
    admin: ExchangeAdmin
    chance: random.Random
    clicks: int = 0
    done: Counter[str] = field(default_factory=Counter)

    def post(self, message: Message) -> None:
        self.done[type(message).__name__] += 1
        self.terminal.engine.post(message)

    def live(self, *states: PositionState) -> list[Position]:
        return [p for p in self.terminal.engine.core.positions.live() if not states or p.state in states]

    def blueprints(self) -> list[StrategyBlueprint]:
        """The shipped ones, one that buys at once with a narrow trailing stop, and one that rests in the book."""
        shelf = {b.id: b for b in self.terminal.shelf.blueprints}
        rules = ExitRules(stop_loss_percent=Decimal("0.6"), trailing_stop_percent=Decimal("0.4"), max_hold_minutes=4)
        steps = shelf["trend-breakout"].steps
        at_once = replace(shelf["dca-ladder"], id="at-once", steps=steps, exits=rules)
        policy = EntryOrderPolicy(OrderType.LIMIT, offset_ticks=-2, timeout_s=20)
        return [at_once, replace(at_once, id="resting", entry_order=policy, slippage=SlippagePolicy()), *shelf.values()]

    def start(self, symbol: str, blueprint: StrategyBlueprint) -> None:
        self.clicks += 1
        budget = Decimal(self.chance.randrange(200_000, 2_000_000, 1000))
        self.post(StartStrategy(f"hour-{self.clicks}", Market("upbit", symbol), blueprint, budget))

    async def begin(self) -> None:
        """Enable trading and start three strategies, one of which buys at once."""
        self.post(SetTradingState(TradingState.ENABLED, "user"))
        for symbol, blueprint in zip(MARKETS, self.blueprints()[:2] + self.blueprints()[-1:], strict=False):
            self.start(symbol, blueprint)

    async def act(self) -> None:
        """One more thing somebody does."""
        acts = [self.pause, self.resume, self.close_one, self.look, self.compare, self.shock]
        acts += [self.start_one, self.start_one, self.fault, self.fault]
        try:
            await self.chance.choice(acts)()
        except VenueUnavailableError:  # the admin door itself was too slow; the session goes on
            self.done["admin door failed"] += 1

    async def start_one(self) -> None:
        self.start(self.chance.choice(MARKETS), self.chance.choice(self.blueprints()))

    async def pause(self) -> None:
        for position in self.live(PositionState.ACTIVE, PositionState.PENDING)[:1]:
            self.post(PausePosition(position.position_id))

    async def resume(self) -> None:
        for position in self.live(PositionState.PAUSED):
            self.post(ResumePosition(position.position_id))

    async def close_one(self) -> None:
        live = self.live()
        if live:
            self.post(ClosePosition(self.chance.choice(live).position_id))

    async def look(self) -> None:
        self.post(WatchMarket(Market("upbit", self.chance.choice(MARKETS)), self.chance.choice([60, 180, 300])))

    async def compare(self) -> None:
        self.post(ReconcileNow("user"))

    async def fault(self) -> None:
        name = self.chance.choice(FAULTS)
        self.done[name] += 1
        await self.admin.fault(name, self.chance.choice([0.3, 1.0]), self.chance.choice([2, 5, 15]))

    async def shock(self) -> None:
        self.done["shock"] += 1
        await self.admin.move(self.chance.choice(MARKETS), self.chance.choice([-3, -1.5, -0.7, 0.7, 1.5, 3]))

    async def emergency(self) -> None:
        """Press, wait for the end of the run (it may need a while under faults), allow entries again."""
        self.clicks += 1
        self.post(LiquidateAll(f"hour-{self.clicks}"))
        emergency = self.terminal.engine.core.emergency
        for _ in range(900):
            await asyncio.sleep(0.1)
            if not emergency.is_running:
                break
        self.done["flat" if not emergency.is_running else "not flat"] += 1
        self.post(SetTradingState(TradingState.ENABLED, "user"))
        await self.start_one()

    async def trade(self, seconds: float, beat: float) -> None:
        """Trade for ``seconds``, one act every ``beat`` seconds or so, the emergency in the middle."""
        began, pressed = time.monotonic(), False
        await self.begin()
        while (gone := time.monotonic() - began) < seconds:
            await asyncio.sleep(min(beat * self.chance.uniform(0.5, 1.5), max(seconds - gone, 0.1)))
            if not pressed and time.monotonic() - began > seconds / 2:
                pressed = True
                await self.emergency()
            else:
                await self.act()


async def fly(folder: Path, out: Path, seconds: float, beat: float, seed: int) -> dict[str, object]:
    """Open, trade, end properly; returns what happened."""
    terminal = await open_terminal(StartOptions(seed=seed, record=out), profile_in(folder))
    orders: dict[str, OrderState] = {}
    fills: Counter[str] = Counter()

    def count(event: Event) -> None:
        if isinstance(event, OrderChanged):
            orders[event.order.order_id] = event.order.state
        elif isinstance(event, FillBooked):
            fills[event.fill.side] += 1

    terminal.bus.subscribe(count)
    core = terminal.engine.core
    assert terminal.address is not None
    trader = Trader(terminal, ExchangeAdmin(terminal.address.admin), random.Random(seed))
    try:
        terminal.start()
        deadline = time.monotonic() + SETTLE_S
        while not (core.account.reconciled and len(core.board.books) >= len(MARKETS)):
            assert time.monotonic() < deadline, "books and venue never agreed"
            await asyncio.sleep(0.1)
        await trader.trade(seconds, beat)
    finally:
        await terminal.close()
    return {"orders": len(orders), "order_states": Counter(orders.values()), "fills": fills, "done": trader.done}


def main(argv: Sequence[str] | None = None) -> int:
    """Record a session and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--out", type=Path, required=True, help="new file for the flight log")
    parser.add_argument("--beat", type=float, default=20.0, help="seconds between two things somebody does")
    parser.add_argument("--seed", type=int, default=11)
    parsed = parser.parse_args(argv)
    folder = parsed.out.with_name(parsed.out.name + ".profile")
    happened = asyncio.run(fly(folder, parsed.out, parsed.minutes * 60, parsed.beat, parsed.seed))
    ends = [entry for _, entry in FlightLog(parsed.out) if isinstance(entry, FlightEnd)]
    end = ends[-1]
    figures = {"messages": end.messages, "decisions": end.decisions, "decision_hash": end.decision_hash}
    print(json.dumps({**figures, "bytes": parsed.out.stat().st_size, **happened}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
