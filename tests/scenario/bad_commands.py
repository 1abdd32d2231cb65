"""Orders that must never leave, as they could reach the engine's door: the table behind test_bad_orders."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from app.domain.blueprint import EntryOrderPolicy, EntryStep, LocalText
from app.domain.commands import (
    CancelOrder,
    ClosePosition,
    LiquidateAll,
    PausePosition,
    ResumePosition,
    SetTradingState,
    StartStrategy,
)
from app.domain.dead_letter import RetryDeadLetter
from app.domain.exit_plan import ExitRules
from app.domain.instruction import (
    AmendInstruction,
    CancelInstruction,
    Condition,
    ConditionKind,
    OrderDraft,
    PauseInstruction,
    ResumeInstruction,
)
from app.domain.market_data import Book, BookLevel
from app.domain.messages import BalancesReported, Message
from app.domain.refusal import RefusalReason as R
from app.domain.slippage import SlippagePolicy
from app.domain.values import Market, OrderType, Side, TimeInForce, TradingState
from app.domain.venue_reports import Balance
from tests.scenario.order_desk_stage import CLOSED, FOREIGN, OrderDeskStage
from tests.unit.engine.playbook import BTC, START, VENUE, XRP, blueprint, seconds
from tests.unit.engine.tickets import above, below, buy, limit, place, sell, trailing

D = Decimal
C = ConditionKind
Scene = Callable[[OrderDeskStage], None]
SIXTY = "1234567890" * 6
#: No figure of an order, whatever it stands for.
NO_FIGURES = ("NaN", "sNaN", "Infinity", "-Infinity", "0", "-1", "1e-40", "1e40", SIXTY, f"1.{SIXTY}")


@dataclass(frozen=True)
class Bad:
    """What is asked for, why it is refused, and what is special about the moment."""

    name: str
    command: Message
    reason: R
    scene: Scene = lambda stage: None


# ---- moments ---------------------------------------------------------------------------------------------------------


def state(value: TradingState) -> Scene:
    return lambda stage: stage.post(SetTradingState(value, "test"))


def minutes_without_a_price(stage: OrderDeskStage) -> None:
    stage.script >> seconds(60, tick=10)


def book(bids: Sequence[tuple[object, object]], asks: Sequence[tuple[object, object]]) -> Scene:
    def shown(stage: OrderDeskStage) -> None:
        sides = [tuple(BookLevel(D(str(at)), D(str(size))) for at, size in side) for side in (bids, asks)]
        stage.post(Book(BTC, sides[0], sides[1], stage.script.now, stage.script.now))

    return shown


def without_money(stage: OrderDeskStage) -> None:
    stage.script >> seconds(0.1)
    stage.post(BalancesReported(VENUE, (Balance("KRW", D(50_000), D(0)),), stage.script.now))
    stage.script >> seconds(1, tick=1)


def liquidating(stage: OrderDeskStage) -> None:
    stage.post(LiquidateAll("press"))


# ---- the table -------------------------------------------------------------------------------------------------------


def _purchases() -> list[Bad]:
    found = [Bad(f"spends {x}", place(buy(funds=D(x)), market=BTC), R.BAD_NUMBER) for x in NO_FIGURES]
    found += [
        Bad(f"pays {x}", place(limit(Side.BUY, 1, "0.001", price=D(x)), market=BTC), R.BAD_NUMBER) for x in NO_FIGURES
    ]
    found += [
        Bad(f"buys {x} units", place(limit(Side.BUY, 100_000_000, x), market=BTC), R.BAD_NUMBER) for x in NO_FIGURES
    ]
    rest = limit(Side.BUY, 100_000_000, "0.001")
    more: list[tuple[str, OrderDraft, R]] = [
        ("nothing to spend", buy(None), R.BAD_NUMBER),
        ("money and units", buy(volume=D(1)), R.BAD_NUMBER),
        ("a market order with a price", buy(price=D(1000)), R.BAD_NUMBER),
        ("a limit without a price", replace(rest, price=None), R.BAD_NUMBER),
        ("a limit without units", replace(rest, volume=None), R.BAD_NUMBER),
        ("a limit in money", replace(rest, funds=D(100_000)), R.BAD_NUMBER),
        ("a market order IOC", buy(time_in_force=TimeInForce.IOC), R.BAD_NUMBER),
        ("a market order FOK", buy(time_in_force=TimeInForce.FOK), R.BAD_NUMBER),
        ("a market order post-only", buy(time_in_force=TimeInForce.POST_ONLY), R.BAD_NUMBER),
        ("best price until cancelled", buy(order_type=OrderType.BEST), R.BAD_NUMBER),
        ("best price post-only", buy(order_type=OrderType.BEST, time_in_force=TimeInForce.POST_ONLY), R.BAD_NUMBER),
        (
            "best price with a price",
            buy(order_type=OrderType.BEST, price=D(1), time_in_force=TimeInForce.IOC),
            R.BAD_NUMBER,
        ),
        ("ends before it begins", replace(rest, timeout_s=0), R.BAD_NUMBER),
        ("ends in the past", replace(rest, timeout_s=-5), R.BAD_NUMBER),
        ("ends after days", replace(rest, timeout_s=86_401), R.BAD_NUMBER),
        ("ends at no time", replace(rest, timeout_s=float("nan")), R.BAD_NUMBER),
        ("never ends, in a float", replace(rest, timeout_s=float("inf")), R.BAD_NUMBER),
        ("between two ticks", replace(rest, price=D("100000000.5")), R.OFF_TICK),
        ("half a tick", replace(rest, price=D(100_000_500)), R.OFF_TICK),
        ("a ninth decimal", replace(rest, volume=D("0.001000001")), R.BAD_NUMBER),
        ("below the minimum", buy(4999), R.BELOW_MINIMUM),
        ("a limit below the minimum", replace(rest, volume=D("0.00004999")), R.BELOW_MINIMUM),
        ("above the venue's maximum", buy(1_000_000_001), R.ABOVE_MAXIMUM),
        ("a limit above the venue's maximum", replace(rest, volume=D(11)), R.ABOVE_MAXIMUM),
        ("a size that overflows", replace(rest, volume=D("1e30")), R.ABOVE_MAXIMUM),
        ("above the limit of one order", buy(20_000_001), R.ORDER_TOO_LARGE),
        ("far above the market", replace(rest, price=D(120_000_000)), R.PRICE_COLLAR),
        ("far below the market", replace(rest, price=D(50_000_000)), R.PRICE_COLLAR),
        ("hundreds of ticks away", replace(rest, price=D(99_000_000)), R.PRICE_COLLAR),
    ]
    return found + [Bad(name, place(draft, market=BTC), reason) for name, draft, reason in more]


def _sales() -> list[Bad]:
    found = [Bad(f"sells {x} units", place(sell(x)), R.BAD_NUMBER) for x in NO_FIGURES]
    rest = limit(Side.SELL, 1000)
    more: list[tuple[str, OrderDraft, Market, R]] = [
        ("sells what is not held", sell(1), BTC, R.NOTHING_TO_SELL),
        ("sells no units", OrderDraft(Side.SELL), XRP, R.BAD_NUMBER),
        ("sells for money", OrderDraft(Side.SELL, funds=D(100_000)), XRP, R.BAD_NUMBER),
        ("sells units and money", sell(funds=D(100_000)), XRP, R.BAD_NUMBER),
        ("sells at market with a price", sell(price=D(1000)), XRP, R.BAD_NUMBER),
        ("sells a ninth decimal", sell("1.000000001"), XRP, R.BAD_NUMBER),
        ("sells between two ticks", replace(rest, price=D("1000.5")), XRP, R.OFF_TICK),
        ("sells for too little", replace(rest, price=D(90)), XRP, R.BELOW_MINIMUM),
        ("sells dust", sell(1), XRP, R.BELOW_MINIMUM),
        ("asks more than the venue takes", replace(rest, price=D("1e29")), XRP, R.ABOVE_MAXIMUM),
        ("sells at best price until cancelled", sell(order_type=OrderType.BEST), XRP, R.BAD_NUMBER),
        ("sells at market FOK", sell(time_in_force=TimeInForce.FOK), XRP, R.BAD_NUMBER),
    ]
    return found + [Bad(name, place(draft, market=market), reason) for name, draft, market, reason in more]


def _conditions() -> list[Bad]:
    found = [Bad(f"waits for {x}", place(buy(), below(x), BTC), R.BAD_NUMBER) for x in NO_FIGURES]
    found += [Bad(f"trails by {x} %", place(sell(), trailing(x)), R.BAD_NUMBER) for x in (*NO_FIGURES, "50.01", "100")]
    korea = timezone(timedelta(hours=9))
    times = {
        "a time without a zone": datetime(2027, 1, 1),
        "a time in another zone": datetime(2027, 1, 1, tzinfo=korea),
        "a time that has passed": START - timedelta(seconds=1),
        "this very moment": START,
    }
    found += [Bad(name, place(buy(), Condition(C.TIME, at=at), BTC), R.BAD_NUMBER) for name, at in times.items()]
    rules = (
        "", "   ", "close >", "clsoe > 1", "macd(3) > 1", "sma() > 1", "sma('x') > 1", "close > 'x'", "rsi(0) > 1",
        "sma(500) > 1", "__import__('os')", "close.__class__", "$now > 1", "$random(5) > 2", "[1, 2]", "9 ** 9 > 1",
        "close =~ 'x'", "t'P1D' > 1", "close > inf", "close > 0xff", "close > 1e9", "1 / 0 > 1", "-" * 900 + "1 > 0",
        "close > " + "1" * 1000, "close > 1 and", "(close > 1", "close > 1)", "'\ud800' == 'x' or true", "close >\0 1",
    )  # fmt: skip
    found += [Bad(f"the rule {x[:20]!a}", place(sell(), Condition(C.RULE, rule=x)), R.BAD_NUMBER) for x in rules]
    odd: list[tuple[str, Condition]] = [
        ("a stop without a price", Condition(C.AT_OR_BELOW)),
        ("a trailing stop without a distance", Condition(C.TRAILING)),
        ("a time without one", Condition(C.TIME)),
        ("a rule over bars of no length", Condition(C.RULE, rule="close > 1", seconds=0)),
        ("a rule over bars of seven seconds", Condition(C.RULE, rule="close > 1", seconds=7)),
        ("a rule over bars beyond all numbers", Condition(C.RULE, rule="close > 1", seconds=10**30)),
        ("after nobody", Condition(C.AFTER)),
        ("after a stranger", Condition(C.AFTER, after="i-nobody")),
        ("after itself", Condition(C.AFTER, after="i-ticket-1")),
        ("now, at a price", Condition(C.NOW, price=D(900))),
        ("now, at a price that is none", Condition(C.NOW, price=D("NaN"))),
        ("a stop with a distance", replace(below(900), percent=D(2))),
        ("a trailing stop at a price", replace(trailing(2), price=D(900))),
        ("a time and a rule", Condition(C.TIME, at=START + timedelta(hours=1), rule="close > 1")),
    ]
    found += [Bad(name, place(sell(), condition), R.BAD_NUMBER) for name, condition in odd]
    return [
        *found,
        Bad("a purchase below a price that is above", place(buy(), below(200_000_000), BTC), R.ALREADY_MET),
        Bad("a purchase above a price that is below", place(buy(), above(50_000_000), BTC), R.ALREADY_MET),
        Bad("a stop to buy with too little", place(buy(4999), below(90_000_000), BTC), R.BELOW_MINIMUM),
        Bad(
            "a stop to buy off the grid",
            place(limit(Side.BUY, 90_000_500, "0.001"), below(95_000_000), BTC),
            R.OFF_TICK,
        ),
        Bad("a stop for what is not held", place(sell(), below(90_000_000), BTC), R.NOTHING_TO_SELL),
    ]


def _names_and_markets() -> list[Bad]:
    names = {"no name": "", "a broken name": "\ud800", "a name in lines": "a\nb", "an endless name": "x" * 1001}
    found = [Bad(name, replace(place(buy(), market=BTC), command_id=x), R.BAD_NUMBER) for name, x in names.items()]
    found += [Bad(f"a group with {n}", place(sell(), group=x), R.BAD_NUMBER) for n, x in names.items() if x]
    markets = {
        "an unknown market": Market(VENUE, "KRW-NONE"),
        "an empty market": Market(VENUE, ""),
        "a market of another venue": Market("binance", "KRW-BTC"),
        "a market in small letters": Market(VENUE, "krw-btc"),
    }
    found += [Bad(name, place(buy(), market=x), R.NO_CONSTRAINTS) for name, x in markets.items()]
    found += [Bad(f"a strategy in {name}", start(market=x), R.NO_CONSTRAINTS) for name, x in markets.items()]
    exits = {
        "stop": ExitRules(stop_loss_percent=D("NaN")),
        "stop of all": ExitRules(stop_loss_percent=D(100)),
        "target": ExitRules(take_profit_percent=D(-1)),
        "trail": ExitRules(trailing_stop_percent=D(0)),
        "activation alone": ExitRules(trailing_activation_percent=D(1)),
        "holding time": ExitRules(max_hold_minutes=0),
    }
    found += [
        Bad(f"a bracket with a bad {n}", place(buy(), market=BTC, exits=x), R.BAD_NUMBER) for n, x in exits.items()
    ]
    found += [Bad(f"more to a bracket with a bad {n}", place(buy(), exits=x), R.BAD_NUMBER) for n, x in exits.items()]
    return [
        *found,
        Bad("a market with broken signs", place(buy(), market=Market(VENUE, "KRW-\ud800")), R.BAD_NUMBER),
        Bad("a market paid in another coin", place(buy(), market=FOREIGN), R.WRONG_CURRENCY),
        Bad("a strategy paid in another coin", start(market=FOREIGN), R.WRONG_CURRENCY),
        Bad("a market that is not open", place(buy(), market=CLOSED), R.MARKET_INACTIVE),
    ]


def start(budget: object = 1_000_000, market: Market = BTC, name: str = "command-x", **changes: object) -> Message:
    plan = blueprint(**changes)  # type: ignore[arg-type]
    return StartStrategy(name, market, plan, D(str(budget)))


def _strategies() -> list[Bad]:
    words = ("NaN", "sNaN", "Infinity", "1e40", SIXTY, f"10000.{SIXTY}")
    found = [Bad(f"a budget of {x}", start(x), R.BAD_NUMBER) for x in words]
    found += [Bad(f"a budget of {x}", start(x), R.BELOW_MINIMUM) for x in ("0", "-1", "4999", "1e-40")]
    found.append(Bad("a budget beyond all money", start(10**12 + 1), R.ABOVE_MAXIMUM))
    plans: list[tuple[str, dict[str, object]]] = [
        ("of another schema", {"schema": 2}),
        ("without a name", {"id": " "}),
        ("with an endless name", {"id": "x" * 65}),
        ("of version 0", {"version": 0}),
        ("over bars that there are not", {"timeframe": "7m"}),
        ("that never warms up", {"warmup_bars": 201}),
        ("with a budget that is none", {"default_budget": D("NaN")}),
        ("with any spread", {"max_spread_percent": D(101)}),
        ("with a spread that is none", {"max_spread_percent": D("NaN")}),
        ("with no patience", {"entry_order": EntryOrderPolicy(timeout_s=0)}),
        ("thousands of ticks away", {"entry_order": EntryOrderPolicy(OrderType.LIMIT, 101)}),
        ("without a step", {"steps": ()}),
        ("with a step of nothing", {"steps": (EntryStep(D(0)),)}),
        ("with a step that is none", {"steps": (EntryStep(D("NaN")),)}),
        ("with steps of too much", {"steps": (EntryStep(D(60)), EntryStep(D(60)))}),
        ("with a fall to nothing", {"steps": (EntryStep(D(10)), EntryStep(D(10), D(100)))}),
        ("with any slippage", {"slippage": SlippagePolicy(D(101))}),
        ("without a stop", {"stop": None, "stop_loss_waived": False}),
        ("with a stop of nothing", {"stop": 0}),
        ("with a stop of all", {"stop": 100}),
        ("with a target beyond all", {"target": 1000}),
        ("with a trail that is none", {"trail": "NaN"}),
        ("held for no time", {"hold": 0}),
        ("without a rule", {"enter": ""}),
        ("with half a rule", {"enter": "close >"}),
        ("with half a rule to leave", {"leave": "close >"}),
        ("with the clock in its rule", {"enter": "$now > 1"}),
        ("with broken words", {"name": LocalText("\ud800", "x")}),
    ]
    found += [Bad(f"a strategy {name}", start(**changes), R.BAD_NUMBER) for name, changes in plans]
    return [
        *found,
        Bad("a strategy without an id", start(name=""), R.BAD_NUMBER),
        Bad("a strategy where one runs", start(market=XRP), R.MARKET_TAKEN),
    ]


def _changes() -> list[Bad]:
    kinds = (CancelInstruction, PauseInstruction, ResumeInstruction, AmendInstruction)
    found = [Bad(f"{kind.__name__} of nobody's", kind("i-nobody"), R.NOT_POSSIBLE_NOW) for kind in kinds]
    found += [Bad(f"{kind.__name__} of broken signs", kind("\ud800"), R.BAD_NUMBER) for kind in kinds]
    for kind in (PausePosition, ResumePosition, ClosePosition, CancelOrder):
        found.append(Bad(f"{kind.__name__} of nobody's", kind("nobody"), R.NOT_POSSIBLE_NOW))
        found.append(Bad(f"{kind.__name__} of broken signs", kind("\0"), R.BAD_NUMBER))
    return [
        *found,
        Bad("an unknown dead letter", RetryDeadLetter("again", "nobody"), R.NOT_POSSIBLE_NOW),
        Bad("a running position to be resumed", ResumePosition("position-1"), R.NOT_POSSIBLE_NOW),
        Bad("a filled order to be cancelled", CancelOrder("order-1"), R.NOT_POSSIBLE_NOW),
        Bad("a filled order to be changed", AmendInstruction("i-ticket-900", volume=D(5)), R.NOT_POSSIBLE_NOW),
    ]


def _moments() -> list[Bad]:
    order = place(buy(), market=BTC)
    good = [(100_000_000, 10)]
    return [
        Bad("entries are off", order, R.TRADING_DISABLED, state(TradingState.DISABLED)),
        Bad("exits only", order, R.REDUCING_ONLY, state(TradingState.REDUCING)),
        Bad("the price is old", order, R.STALE_PRICE, minutes_without_a_price),
        Bad("the book is empty", order, R.NO_PRICE, book([], [])),
        Bad("nobody offers", order, R.NO_PRICE, book(good, [])),
        Bad("nobody bids", order, R.NO_PRICE, book([], [(100_001_000, 10)])),
        Bad("the book is crossed", order, R.NO_PRICE, book(good, [(99_999_000, 10)])),
        Bad("the offer is no number", order, R.NO_PRICE, book(good, [("NaN", 10)])),
        Bad("the offer has no size", order, R.NO_PRICE, book(good, [(100_001_000, "NaN")])),
        Bad("the offer is for nothing", order, R.NO_PRICE, book(good, [(0, 10)])),
        Bad("the offer is far away", order, R.PRICE_COLLAR, book(good, [(110_000_000, 10)])),
        Bad("the book is thin", order, R.ORDER_TOO_LARGE, book(good, [(100_001_000, "0.0001")])),
        Bad("there is no money", order, R.INSUFFICIENT_BALANCE, without_money),
        Bad(
            "a limit without money",
            place(limit(Side.BUY, 100_000_000, "0.001"), market=BTC),
            R.INSUFFICIENT_BALANCE,
            without_money,
        ),
        Bad("the emergency control runs", order, R.LIQUIDATING, liquidating),
        Bad("a sale while the emergency control runs", place(sell(), below(900)), R.LIQUIDATING, liquidating),
    ]


COMMANDS: tuple[Bad, ...] = tuple(
    [*_purchases(), *_sales(), *_conditions(), *_names_and_markets(), *_strategies(), *_changes(), *_moments()]
)
