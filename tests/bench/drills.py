"""``python -m tests.bench.drills``: the card of the emergency control against hundreds of drills, in virtual time.

Random positions at simulated and recorded books, some too small, in halted markets or where nobody bids; the network is
fast or slow. Each drill is the real one (app/drill) against the practice exchange in this process: card, press, run to
its end, compare. One JSON object on standard output; status 1 when the card does not hold what issue 5 promises.
"""

import argparse
import asyncio
import functools
import json
import logging
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from app.adapters.host.practice_process import PracticeAddress
from app.adapters.storage.database import FILE_NAME, Database, sqlite_url
from app.domain.drill import DrillVerdict
from app.domain.emergency import ResidueKind
from app.domain.limits import TradingLimits
from app.domain.market_data import Book, BookLevel
from app.domain.order import Order
from app.domain.position import held_position
from app.domain.values import Market
from app.drill.scene import DrillScene, resting_purchase
from app.drill.stand import DrillStand, Outcome, judge, sold_markets
from app.practice.exchange import Exchange
from app.practice.market import Market as VenueMarket
from app.practice.market import MarketName
from app.practice.market_model import MarketModel
from app.practice.market_specs import MARKETS
from app.practice.money import KrwUnits
from app.practice.order import OrderRequest, OrderType, Side, SmpType
from app.practice.recordings import BookFrame, Recording, open_recording
from app.practice.replay import ReplayDriver
from app.practice.server import PracticeServer
from app.practice.settings import Settings
from app.practice.venue_errors import VenueError
from tests.adapters.data.recorded import DATA
from tests.simulation.store import SimulatedDisk
from tests.simulation.wire.wire_loop import WireLoop, run, virtual_time
from tests.simulation.wire.world import START, LoopClock, VenueTime

#: Where the recorded data lies says tests/adapters/data/recorded.py; without it all drills are at simulated books.
RECORDED = DATA / "upbit" / "orderbook_L5_KRW-ETH_20240427_1739_2130.csv.gz"
MOST = 50
#: One way over the network, seconds: this computer, a town, a country, a bad day.
WAYS_S = (0.0005, 0.004, 0.015, 0.05, 0.15)
#: Recorded seconds that a drill can use.
WINDOW_US = 180 * 1_000_000
#: What is wrong with a market, and how often.
TROUBLES = (("", 84), ("small", 8), ("halted", 5), ("no_bids", 3))
QUIET_FLOW, BOOKS_PER_S = 0.2, 0.5
LEAST = Decimal(5000)
#: Of issue 5: this share of the drills ends within the p95 that was foretold.
WANTED_SHARE = 0.90
D = Decimal


@dataclass(slots=True)
class Case:
    """One drill: how many positions, over which network, at which books; and what came of it."""

    seed: int
    positions: int
    recorded: bool
    way_s: float
    troubles: dict[str, str] = field(default_factory=dict)
    verdict: DrillVerdict | None = None
    detail: str = ""
    took_s: float | None = None
    expected_s: float = 0.0
    p95_s: float = 0.0
    slippage_foretold: float | None = None
    slippage: float | None = None
    beyond: int = 0
    cancels: int = 0
    flagged: int = 0
    #: Named unsellable, yet the exchange took an order in that market / not named, yet it refused one.
    wrongly_flagged: list[str] = field(default_factory=list)
    unflagged_refusals: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)


@functools.cache
def frames_of(path: Path) -> tuple[BookFrame, ...]:
    """Every snapshot of a recording."""
    return tuple(frame for frame in open_recording(path, None).frames if isinstance(frame, BookFrame))


class Field:
    """The exchange of one drill, and the positions that are to be sold in it."""

    def __init__(self, case: Case, loop: WireLoop) -> None:
        self.case = case
        self.dice = random.Random(f"drill-{case.seed}")
        self.time = VenueTime(loop)
        codes = [f"KRW-C{number:02d}" for number in range(1, case.positions + 1)]
        kinds, weights = zip(*TROUBLES, strict=True)
        drawn = zip(codes, self.dice.choices(kinds, weights, k=len(codes)), strict=True)
        case.troubles = {code: kind for code, kind in drawn if kind and (kind != "no_bids" or case.recorded)}
        self.exchange, self.driver = self._recorded(codes) if case.recorded else self._simulated(codes)
        place = self.exchange.place
        self.exchange.place = lambda request, source="api": self._watched(place, request, source)  # type: ignore[method-assign]

    def _simulated(self, codes: list[str]) -> tuple[Exchange, MarketModel]:
        specs = []
        for number, code in enumerate(codes):
            spec = MARKETS[number % len(MARKETS)]
            name = MarketName(code, code, code)
            quiet = {"orders_per_s": spec.orders_per_s * QUIET_FLOW, "books_per_s": BOOKS_PER_S}
            specs.append(replace(spec, name=name, **quiet))
        markets = [VenueMarket(spec.name, KrwUnits(), spec.price) for spec in specs]
        exchange = Exchange(self.time.clock, self.case.seed, markets)
        return exchange, MarketModel(exchange, tuple(specs), self.case.seed)

    def _recorded(self, codes: list[str]) -> tuple[Exchange, ReplayDriver]:
        known, found = frames_of(RECORDED), []
        latest = known[-1].at_us - WINDOW_US
        for code in codes:
            begin = self.dice.randrange(known[0].at_us, latest)
            window = [frame for frame in known if begin <= frame.at_us < begin + WINDOW_US]
            first = window[0].at_us
            lonely = self.case.troubles.get(code) == "no_bids"
            for number, frame in enumerate(window):
                bids = () if lonely else frame.bids
                found.append(replace(frame, market=code, at_us=frame.at_us - first, index=number, bids=bids))
        found.sort(key=lambda frame: frame.at_us)
        recording = Recording(RECORDED, "book snapshots", list(found))
        exchange = Exchange(self.time.clock, self.case.seed, recording.markets())
        return exchange, ReplayDriver(exchange, recording, 1.0, 0, self.case.seed)

    def scene(self, now: datetime) -> DrillScene:
        """Positions sized by the depth that is there, and purchases that rest beside some."""
        positions, orders, books = [], list[Order](), []
        for number, (code, market) in enumerate(self.exchange.markets.items()):
            book = _book(code, market, now)
            books.append(book)
            price = (book.bids or book.asks)[0].price
            depth = sum((level.size for level in book.bids[:5]), D(0)) or D(1)
            units = depth * D(repr(round(self.dice.lognormvariate(-2.0, 1.2), 6)))
            units = max(min(units, depth * 2), LEAST * 2 / price)
            if self.case.troubles.get(code) == "small":
                units = LEAST * D(repr(round(self.dice.uniform(0.05, 0.9), 3))) / price
            units = units.quantize(D("1e-8"))
            position = held_position(f"p-{number}", Market("upbit", code), units, units * price, now)
            positions.append(position)
            if book.bids and self.dice.random() < 0.3:
                bid = market.units.unit(price)
                low = (price * D("0.97") // bid) * bid
                orders.append(
                    resting_purchase(f"o-{number}", position, low, (LEAST * 3 / low).quantize(D("1e-8")), now)
                )
        halted = [Market("upbit", code) for code, kind in self.case.troubles.items() if kind == "halted"]
        return DrillScene(tuple(positions), tuple(orders), tuple(books), tuple(halted))

    def sale_is_refused(self, code: str) -> bool:
        """Whether the exchange takes no sale of what is held there, asked of the exchange itself."""
        market, held = self.exchange.markets[code], self.exchange.accounts.balance(code.partition("-")[2]).free
        request = OrderRequest(code, Side.ASK, OrderType.MARKET, None, held, None, SmpType.NONE, None)
        if not market.closed and market.book.bids.best() is None:
            return True  # it would be accepted and end without a fill
        try:
            self.exchange.draft(request)
        except VenueError:
            return True
        return False

    def _watched(self, place: Callable[..., object], request: OrderRequest, source: str) -> object:
        try:
            return place(request, source)
        except VenueError as error:
            if request.side is Side.ASK:
                self.case.refusals[request.market] += 1
                self.case.detail += f" {request.market}: {error.name}"
            raise


def _book(code: str, market: VenueMarket, now: datetime) -> Book:
    def side(which: Side) -> tuple[BookLevel, ...]:
        return tuple(BookLevel(level.price, level.total) for level in market.book.of(which).levels(15))

    return Book(Market("upbit", code), side(Side.BID), side(Side.ASK), now, now)


async def _drill(case: Case, loop: WireLoop, folder: Path) -> None:
    place = Field(case, loop)
    settings = Settings(seed=case.seed, access_key="a" * 40, secret_key="s" * 40)
    server = PracticeServer(settings, place.time.clock, (place.exchange, place.driver))
    ends = await server.start()
    try:
        address = PracticeAddress(ends.rest, ends.ws, ends.ws_private, ends.admin, ends.access_key, ends.secret_key)
        await asyncio.sleep(place.dice.uniform(2, 5))
        scene = place.scene(LoopClock().now())
        database = Database(sqlite_url(folder), connect=SimulatedDisk().connect)
        stand = DrillStand(address, database, LoopClock(), TradingLimits(), scene)
        outcome = await stand.run(lambda progress: None)
        _note(case, place, scene, outcome)
    finally:
        await server.stop()
        place.time.stop()


def _note(case: Case, place: Field, scene: DrillScene, outcome: Outcome) -> None:
    case.verdict, words = judge(scene, outcome)
    case.detail = words + case.detail
    case.took_s = outcome.took_s
    card, done = outcome.card, outcome.run
    if card is None:
        return
    case.expected_s, case.p95_s, case.beyond, case.cancels = (
        card.expected_s,
        card.p95_s,
        card.beyond_depth,
        card.cancels,
    )
    case.slippage_foretold = None if card.slippage is None else float(card.slippage)
    case.slippage = None if done is None or done.slippage is None else float(done.slippage)
    case.flagged = len(card.unsellable)
    flagged = {one.market.symbol for one in card.unsellable if one.why is not ResidueKind.RATE_LIMITED}
    sold = sold_markets(outcome.ledger)
    case.wrongly_flagged = [code for code in flagged if code in sold or not place.sale_is_refused(code)]
    case.unflagged_refusals = [code for code in case.refusals if code not in flagged]


def drill(case: Case, template: Path) -> Case:
    """One drill in a world of its own."""
    loop = WireLoop(case.seed)
    loop.network.delay_s = (case.way_s * 0.5, case.way_s)
    with tempfile.TemporaryDirectory() as name, virtual_time(loop, START.timestamp(), case.seed):
        shutil.copy(template / FILE_NAME, Path(name) / FILE_NAME)
        run(loop, _drill(case, loop, Path(name)))
    return case


def make_template(folder: Path) -> None:
    """An empty journal with its schema, made once."""

    async def opened() -> None:
        database = Database(sqlite_url(folder), connect=SimulatedDisk().connect)
        await database.open()
        await database.close()

    run(WireLoop(0), opened())


def cases(count: int, seed: int) -> list[Case]:
    """What is drilled: every second one at recorded books."""
    dice = random.Random(f"drills-{seed}")
    recorded = RECORDED.is_file()
    return [
        Case(
            seed * 100_000 + number,
            min(MOST, max(1, int(MOST ** dice.random() + 0.5))),
            recorded and number % 2 == 1,
            dice.choice(WAYS_S),
        )
        for number in range(count)
    ]


def report(found: Sequence[Case], seconds: float) -> dict[str, object]:
    """The figures of issue 5, and what stands behind them."""
    ended = [case for case in found if case.took_s is not None]
    return {
        "drills": len(found),
        "seconds": round(seconds, 1),
        "ended": len(ended),
        "within_p95": _share(case.took_s is not None and case.took_s <= case.p95_s for case in found),
        "flagged": sum(case.flagged for case in found),
        "flagged_and_not_refused": sum(len(case.wrongly_flagged) for case in found),
        "unflagged_refusals": sum(len(case.unflagged_refusals) for case in found),
        "verdicts": dict(Counter(str(case.verdict) for case in found)),
        "all": _figures(ended),
        "simulated": _figures([case for case in ended if not case.recorded]),
        "recorded": _figures([case for case in ended if case.recorded]),
        "within_visible_depth": _figures([case for case in ended if not case.beyond]),
        "ways": {str(way): _figures([case for case in ended if case.way_s == way]) for way in WAYS_S},
    }


def holds(found: dict[str, object]) -> bool:
    """Done when 2 of issue 5."""
    share = found["within_p95"]
    assert isinstance(share, float)
    return share >= WANTED_SHARE and found["flagged_and_not_refused"] == found["unflagged_refusals"] == 0


def _figures(found: Sequence[Case]) -> dict[str, object]:
    if not found:
        return {"drills": 0}
    late = [(case.took_s or 0.0) - case.expected_s for case in found]
    errors = [
        1e4 * (case.slippage - case.slippage_foretold)
        for case in found
        if case.slippage is not None and case.slippage_foretold is not None
    ]
    return {
        "drills": len(found),
        "within_p95": _share((case.took_s or 0.0) <= case.p95_s for case in found),
        "took_s": _spread([case.took_s or 0.0 for case in found]),
        "expected_bias_s": round(statistics.fmean(late), 3),
        "expected_error_s": _spread([abs(error) for error in late]),
        "p95_over_took": _spread([case.p95_s / max(case.took_s or 0.0, 0.1) for case in found]),
        "slippage_error_bps": {"bias": round(statistics.fmean(errors), 2), **_spread([abs(e) for e in errors])}
        if errors
        else None,
    }


def _share(held: Iterable[bool]) -> float:
    known = list(held)
    return round(sum(known) / len(known), 4) if known else 0.0


def _spread(values: Iterable[float]) -> dict[str, float]:
    ranked = sorted(values)
    return {"p50": round(statistics.median(ranked), 3), "p90": round(ranked[(9 * len(ranked) + 9) // 10 - 1], 3)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="tests.bench.drills")
    parser.add_argument("--drills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="one drill by its number, with all its figures")
    parser.add_argument("--misses", action="store_true", help="tell every drill that did not hold, on standard error")
    options = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    begun = time.monotonic()
    found: list[Case] = []
    with tempfile.TemporaryDirectory() as name:
        make_template(Path(name))
        for number, case in enumerate(cases(options.drills, options.seed)):
            if options.only in (None, number):
                found.append(drill(case, Path(name)))
            if options.misses and found and found[-1] is case and not _is_good(case):
                print(f"{number}: {case}", file=sys.stderr, flush=True)
            if (number + 1) % 50 == 0:
                print(f"drills: {number + 1} of {options.drills}", file=sys.stderr, flush=True)
    if options.only is not None:
        print(found, file=sys.stderr)
    said = report(found, time.monotonic() - begun)
    print(json.dumps(said, indent=2))
    return 0 if holds(said) else 1


def _is_good(case: Case) -> bool:
    in_time = case.took_s is not None and case.took_s <= case.p95_s
    return in_time and case.verdict is DrillVerdict.PASSED and not case.wrongly_flagged and not case.unflagged_refusals


if __name__ == "__main__":
    sys.exit(main())
