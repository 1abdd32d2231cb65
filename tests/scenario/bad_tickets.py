"""What people could type into the order ticket and must not get away with: the table behind test_bad_orders."""

from dataclasses import dataclass, replace

from app.domain.instruction import ConditionKind
from app.domain.values import OrderType, TradingState
from app.ui.ticket_form import TicketField as F
from tests.scenario.bad_commands import (
    SIXTY,
    Scene,
    book,
    liquidating,
    minutes_without_a_price,
    state,
    without_money,
)
from tests.scenario.order_desk_stage import OrderDeskStage

C = ConditionKind
LIMIT, BEST = OrderType.LIMIT, OrderType.BEST
#: Typed where a figure belongs.
NO_FIGURES = (
    "much", "NaN", "Infinity", "0", "-1", "1e40", "1e-40", SIXTY, f"1.{SIXTY}", "--5", "0x10", "1.2.3",
    "½", "₩",
)  # fmt: skip


def quiet(stage: OrderDeskStage) -> None:
    """Nothing special about the moment."""


@dataclass(frozen=True)
class Typed:
    """The ticket as it is filled in; an empty text is not typed. ``field`` is where the fault is told."""

    name: str
    field: F
    market: str = "KRW-BTC"
    sells: bool = False
    order_type: OrderType = OrderType.MARKET
    kind: ConditionKind = C.NOW
    size: str = "100000"
    price: str = ""
    level: str = ""
    stop_loss: str = ""
    take_profit: str = ""
    trailing: str = ""
    alternative: str = ""
    post_only: bool = False
    scene: Scene = quiet


def _figures() -> list[Typed]:
    found: list[Typed] = []
    for x in NO_FIGURES:
        found += [
            Typed(f"spends {x}", F.SIZE, size=x),
            Typed(f"pays {x}", F.PRICE, order_type=LIMIT, price=x, size="0.001"),
            Typed(f"buys {x} units", F.SIZE, order_type=LIMIT, price="100000000", size=x),
            Typed(f"sells {x} units", F.SIZE, "KRW-XRP", True, size=x),
            Typed(f"waits for {x}", F.LEVEL, kind=C.AT_OR_BELOW, level=x),
            Typed(f"trails by {x}", F.LEVEL, "KRW-XRP", True, kind=C.TRAILING, size="50", level=x),
            Typed(f"or stops at {x}", F.ALTERNATIVE, "KRW-XRP", True, LIMIT, size="50", price="1010", alternative=x),
        ]
        if x != "-1":  # people write distances with either sign
            found.append(Typed(f"a stop of {x}", F.EXITS, stop_loss=x))
            found.append(Typed(f"a target of {x}", F.EXITS, take_profit=x))
            found.append(Typed(f"a trail of {x}", F.EXITS, trailing=x))
    return found


_BESIDE = Typed("", F.ALTERNATIVE, "KRW-XRP", True, LIMIT, price="1010", size="50")


def _rest() -> list[Typed]:
    times = ("25:00", "9", "0001-01-01 00:00", "2020-01-01 09:00", "tomorrow", "2026-02-30 09:00", "24:00", "12:00:60")
    rules = (
        "close >", "clsoe > 1", "macd(3) > 1", "sma() > 1", "rsi(0) > 1", "sma(500) > 1", "$now > 1", "[1, 2]",
        "9 ** 9 > 1", "close =~ 'x'", "close > inf", "close > 1e9", "1 / 0 > 1", "close > 'x'", "(close > 1", "((((",
    )  # fmt: skip
    return [
        *(Typed(f"at {x}", F.LEVEL, kind=C.TIME, level=x) for x in times),
        *(Typed(f"when {x}", F.LEVEL, kind=C.RULE, level=x) for x in rules),
        Typed("no size", F.SIZE, size=""),
        Typed("no price", F.PRICE, order_type=LIMIT, size="0.001"),
        Typed("no level", F.LEVEL, kind=C.AT_OR_BELOW),
        Typed("no distance", F.LEVEL, kind=C.TRAILING),
        Typed("no time", F.LEVEL, kind=C.TIME),
        Typed("no rule", F.LEVEL, kind=C.RULE),
        Typed("no market", F.MARKET, market=""),
        Typed("a market that there is not", F.MARKET, market="KRW-NONE"),
        Typed("half a market", F.MARKET, market="KRW-"),
        Typed("nothing of it is held", F.MARKET, sells=True, size="1"),
        Typed("more than is held", F.SIZE, "KRW-XRP", True, size="201"),
        Typed("too little money", F.SIZE, size="4999"),
        Typed("too few units", F.SIZE, order_type=LIMIT, price="100000000", size="0.00004999"),
        Typed("a sale of dust", F.SIZE, "KRW-XRP", True, size="4"),
        Typed("too much for one order", F.SIZE, size="20000001"),
        Typed("too much for the venue", F.SIZE, size="1000000001"),
        Typed("too many units", F.SIZE, order_type=LIMIT, price="100000000", size="1000000"),
        Typed("a ninth decimal", F.SIZE, order_type=LIMIT, price="100000000", size="0.001000001"),
        Typed("a sale's ninth decimal", F.SIZE, "KRW-XRP", True, size="50.000000001"),
        Typed("between two ticks", F.PRICE, order_type=LIMIT, price="100000500", size="0.001"),
        Typed("a sale between two ticks", F.PRICE, "KRW-XRP", True, LIMIT, price="1010.5", size="50"),
        Typed("far above", F.PRICE, order_type=LIMIT, price="120000000", size="0.001"),
        Typed("far below", F.PRICE, order_type=LIMIT, price="50000000", size="0.001"),
        Typed("post-only that would trade", F.PRICE, order_type=LIMIT, price="100001000", size="0.001", post_only=True),
        Typed("trails by more than a half", F.LEVEL, kind=C.TRAILING, level="50.1"),
        Typed("a stop of all", F.EXITS, stop_loss="100"),
        Typed("a target beyond all", F.EXITS, take_profit="1000"),
        Typed("a purchase below a price that is above", F.LEVEL, kind=C.AT_OR_BELOW, level="200000000"),
        Typed("a purchase above a price that is below", F.LEVEL, kind=C.AT_OR_ABOVE, level="50000000"),
        Typed("a stop above the market", F.LEVEL, "KRW-XRP", True, kind=C.AT_OR_BELOW, size="50", level="1001"),
        Typed("a target below the market", F.LEVEL, "KRW-XRP", True, kind=C.AT_OR_ABOVE, size="50", level="999"),
        replace(_BESIDE, name="a stop beside it above it", alternative="1011"),
        replace(_BESIDE, name="a stop beside it that is met", alternative="1005"),
    ]


def _moments() -> list[Typed]:
    good = [(100_000_000, 10)]
    return [
        Typed("entries are off", F.STATE, scene=state(TradingState.DISABLED)),
        Typed("exits only", F.STATE, scene=state(TradingState.REDUCING)),
        Typed("the price is old", F.MARKET, scene=minutes_without_a_price),
        Typed("the book is empty", F.MARKET, scene=book([], [])),
        Typed("nobody offers", F.MARKET, scene=book(good, [])),
        Typed("nobody bids", F.MARKET, scene=book([], [(100_001_000, 10)])),
        Typed("the book is crossed", F.MARKET, scene=book(good, [(99_999_000, 10)])),
        Typed("the offer is no number", F.MARKET, scene=book(good, [("NaN", 10)])),
        Typed("the offer has no size", F.MARKET, scene=book(good, [(100_001_000, "NaN")])),
        Typed("the offer is far away", F.MARKET, scene=book(good, [(110_000_000, 10)])),
        Typed("the book is thin", F.MARKET, scene=book(good, [(100_001_000, "0.0001")])),
        Typed("there is no money", F.SIZE, scene=without_money),
        Typed("the emergency control runs", F.STATE, scene=liquidating),
    ]


TICKETS: tuple[Typed, ...] = tuple([*_figures(), *_rest(), *_moments()])
