"""A small stage for the trading core: ``>>`` is what happened, ``<<`` is what we did about it.

    play = Playbook().ready()
    play >> play.start(XRP) << did(SubmitOrder, side=Side.BUY) >> play.filled(price=1000)
    play >> price(XRP, 980) << did(ExitTriggered, reason=ExitReason.STOP_LOSS) << did(SubmitOrder, side=Side.SELL)

``<<`` looks for the next event or effect of that kind whose named fields agree; what lies between does not matter.
Fields are found on the item itself or on the order, intent, position, fill, refusal, run ... that it carries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.blueprint import EntryOrderPolicy, EntryStep, LocalText, StrategyBlueprint
from app.domain.breaker import BreakerChanged, CallGroup
from app.domain.commands import SetTradingState, StartStrategy
from app.domain.constraints import ExchangeConstraints, MarketInfo, TickBand
from app.domain.dead_letter import DeadLetter, DeadLetterAdded, DeadLetterSettled
from app.domain.effects import ApprovedOrder, CheckVenue, Effect, ReadAccount
from app.domain.emergency import LiquidationRun
from app.domain.exit_plan import ExitRules
from app.domain.instruction import Instruction, InstructionChanged
from app.domain.kill import (
    UNLOCK_PHRASES,
    AskUnlock,
    KillMarked,
    KillRecord,
    PasswordChecked,
    SetKillPassword,
    UnlockAttempted,
)
from app.domain.limits import LIMIT_ALERT, DayUse, TradingLimits
from app.domain.loss import LossBook, LossBookChanged
from app.domain.market_data import Book, BookLevel, Candle, Trade
from app.domain.messages import (
    AccountRead,
    AlertRaised,
    CancelAnswered,
    CandlesLoaded,
    Event,
    FillBooked,
    LiquidationChanged,
    LookupFailed,
    MarketsListed,
    Message,
    OrderAccepted,
    OrderChanged,
    OrderLookedUp,
    OrderNotSent,
    OrderOutcomeUnknown,
    OrderRefused,
    OrderReported,
    OrderSent,
    PositionChanged,
    Reconciled,
    ReplacementTaken,
    StreamStateChanged,
    TimePassed,
    TradingStateChanged,
)
from app.domain.order import Fill, Order, OrderIntent, OrderState
from app.domain.position import Position
from app.domain.promotion import PromotionOverridden
from app.domain.refusal import Refusal
from app.domain.slicing import SlicingReported
from app.domain.slippage import ExecutionMeasured
from app.domain.values import Market, OrderType, Purpose, Side, TradingState
from app.domain.venue_health import USUAL_HEALTH, HealthSettings, VenueChecked, VenueReply
from app.domain.venue_reports import AccountSnapshot, Balance, OrderReport, ReportedFill, ReportedState
from app.engine.promotion_gate import PromotionGate
from app.engine.trading_core import TradingCore

VENUE = "upbit"
BTC, XRP, ETH = Market(VENUE, "KRW-BTC"), Market(VENUE, "KRW-XRP"), Market(VENUE, "KRW-ETH")
START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
FEE = Decimal("0.0005")
STEP = Decimal("0.00000001")
PRICES = {BTC: Decimal(100_000_000), XRP: Decimal(1000), ETH: Decimal(4_000_000)}
Number = Decimal | int | str
Item = Event | Effect


def money(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def market_rules(market: Market, active: bool = True) -> ExchangeConstraints:
    """Upbit's KRW rules as far as they matter here."""
    grid = ((1_000_000, 1000), (100_000, 50), (1_000, 1), (0, "0.1"))
    return ExchangeConstraints(
        market=market,
        base=market.symbol.split("-")[1],
        quote="KRW",
        bands=tuple(TickBand(money(start), money(tick)) for start, tick in grid),
        volume_step=STEP,
        min_total=Decimal(5000),
        max_total=Decimal(1_000_000_000),
        buy_fee=FEE,
        sell_fee=FEE,
        active=active,
    )


def blueprint(
    stop: Number | None = "2",
    target: Number | None = None,
    trail: Number | None = None,
    activation: Number | None = None,
    hold: int | None = None,
    enter: str = "true",
    leave: str | None = None,
    limit: bool = False,
    timeout_s: int = 30,
    steps: tuple[EntryStep, ...] = (EntryStep(),),
    **changes: object,
) -> StrategyBlueprint:
    """A strategy that enters at once unless told otherwise. Percent figures."""

    def percent(value: Number | None) -> Decimal | None:
        return None if value is None else money(value)

    made = StrategyBlueprint(
        schema=1,
        id="story",
        version=1,
        name=LocalText("이야기", "story"),
        description=LocalText("이야기", "story"),
        timeframe="1m",
        warmup_bars=0,
        entry_when=enter,
        exit_when=leave,
        default_budget=Decimal(1_000_000),
        exits=ExitRules(percent(stop), percent(target), percent(trail), percent(activation), hold),
        entry_order=EntryOrderPolicy(OrderType.LIMIT if limit else OrderType.MARKET, 0, timeout_s),
        steps=steps,
        stop_loss_waived=stop is None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Price:
    """The market trades at ``price``: a book around it, then a trade."""

    market: Market
    price: Decimal


def price(market: Market, value: Number) -> Price:
    return Price(market, money(value))


@dataclass(frozen=True)
class Seconds:
    """Time goes by, tick by tick."""

    seconds: float
    tick: float = 0.1


def seconds(amount: float, tick: float = 0.1) -> Seconds:
    return Seconds(amount, tick)


Happening = Message | Price | Seconds


class StoryIds:
    """Names that count."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._counts = {"order": 0, "position": 0, "run": 0}

    def _next(self, kind: str) -> str:
        self._counts[kind] += 1
        return f"{self._prefix}{kind}-{self._counts[kind]}"

    def order_id(self) -> str:
        return self._next("order")

    def position_id(self) -> str:
        return self._next("position")

    def run_id(self) -> str:
        return self._next("run")

    def owns(self, order_id: str | None) -> bool:
        return order_id is not None and order_id.startswith(f"{self._prefix}order-")


class Expectation:
    """One kind of event or effect with the fields that matter."""

    def __init__(self, kind: type, wanted: dict[str, object]) -> None:
        self.kind = kind
        self.wanted = wanted

    def agrees(self, item: object) -> bool:
        if not isinstance(item, self.kind):
            return False
        found = told(item)
        return all(name in found and same(found[name], value) for name, value in self.wanted.items())

    def __repr__(self) -> str:
        return f"{self.kind.__name__}({', '.join(f'{k}={v!s}' for k, v in self.wanted.items())})"


class Absence(Expectation):
    """Nothing of the kind happened in answer to the last ``>>``."""


def did(kind: type, **wanted: object) -> Expectation:
    return Expectation(kind, wanted)


def nothing(kind: type, **wanted: object) -> Absence:
    return Absence(kind, wanted)


def told(item: object) -> dict[str, object]:
    """Every field of the item and of what it carries, outer ones first."""
    found: dict[str, object] = {}
    queue = [item]
    carried = (ApprovedOrder, Order, OrderIntent, Position, Fill, Refusal, LiquidationRun, Instruction)
    while queue:
        thing = queue.pop(0)
        assert is_dataclass(thing)
        for part in fields(thing):
            value = getattr(thing, part.name)
            found.setdefault(part.name, value)
            if isinstance(value, Refusal):
                queue.insert(0, value)
            elif isinstance(value, carried):
                queue.append(value)
    return found


def same(value: object, wanted: object) -> bool:
    if isinstance(value, Decimal) and isinstance(wanted, int | str):
        return value == Decimal(str(wanted))
    if isinstance(value, str) and isinstance(wanted, str) and wanted.endswith("…"):
        return value.startswith(wanted[:-1])
    return value == wanted


@dataclass
class Recovered:
    """What a journal would hand back."""

    epoch: int = 2
    clean: bool = True
    trading_state: TradingState = TradingState.DISABLED
    positions: tuple[Position, ...] = ()
    orders: tuple[Order, ...] = ()
    fills: tuple[Fill, ...] = ()
    agreed_at: datetime | None = None
    unmanaged: tuple[tuple[str, Decimal], ...] = ()
    instructions: tuple[Instruction, ...] = ()
    earlier: tuple[DayUse, ...] = ()
    limit_alerts: tuple[tuple[str, datetime], ...] = ()
    breakers: tuple[BreakerChanged, ...] = ()
    dead_letters: tuple[DeadLetter, ...] = ()
    executions: tuple[ExecutionMeasured, ...] = ()
    loss_book: LossBook | None = None
    kill: KillRecord = field(default_factory=KillRecord)
    overrides: tuple[PromotionOverridden, ...] = ()


@dataclass(repr=False)
class Playbook:
    """One trading core, its clock, and an account that follows the fills we tell about."""

    #: Without the pause between entries: stories pass no time unless it matters to them.
    limits: TradingLimits = field(default_factory=TradingLimits)
    cash: Decimal = Decimal(50_000_000)
    now: datetime = START
    ids: StoryIds = field(default_factory=StoryIds)
    health: HealthSettings = USUAL_HEALTH
    #: Seconds by which the venue's clock is ahead; None: it answers no check.
    skew_s: float | None = 0.0
    promotion: PromotionGate | None = None

    def __post_init__(self) -> None:
        self.core = TradingCore(VENUE, "KRW", self.limits, self.ids, self.health, self.promotion)
        self.coins: dict[str, Decimal] = {}
        self.news: list[Item] = []
        self.history: list[Item] = []
        self._seen = 0
        self._trades: set[tuple[str, str]] = set()
        self._numbers = 0

    # ---- the two signs ------------------------------------------------------------------------------------------

    def __rshift__(self, happened: Happening | Sequence[Happening]) -> "Playbook":
        """Something happened."""
        self.news, self._seen = [], 0
        for thing in happened if isinstance(happened, Sequence) else (happened,):
            self._happen(thing)
        return self

    def __lshift__(self, expected: Expectation) -> "Playbook":
        """We did that, after what was expected before."""
        if isinstance(expected, Absence):
            found = [item for item in self.news if expected.agrees(item)]
            assert not found, f"{expected!r} should not have happened, but did:\n{self.story()}"
            return self
        for index in range(self._seen, len(self.news)):
            if expected.agrees(self.news[index]):
                self._seen = index + 1
                return self
        raise AssertionError(f"{expected!r} did not happen (after item {self._seen}):\n{self.story()}")

    def story(self) -> str:
        """What came back from the last ``>>``, for the reader of a failure."""
        quiet = ("AccountMarked", "LimitUsage", "EmergencyPreviewed", "VenueStatus", "Book", "Trade", "CandleUpdated")
        lines = [f"  {item}"[:300] for item in self.news if type(item).__name__ not in quiet]
        return "\n".join(lines) or "  (nothing)"

    def next_bar(self, market: Market, close: Number) -> list[Seconds | Price]:
        """The minute ends at this price, with a book that is still fresh."""
        left = 60 - self.now.second - self.now.microsecond / 1e6
        return [seconds(left - 1, tick=1), price(market, close), seconds(1.5, tick=0.5)]

    def _happen(self, thing: Happening) -> None:
        if isinstance(thing, Price):
            self._take(self.book(thing.market, thing.price))
            self._take(Trade(thing.market, thing.price, Decimal(1), Side.BUY, self.now, self.now))
        elif isinstance(thing, Seconds):
            end = self.now + timedelta(seconds=thing.seconds)
            while self.now < end:
                self.now = min(self.now + timedelta(seconds=thing.tick), end)
                self._take(TimePassed())
        else:
            self._take(thing)

    def _take(self, message: Message) -> None:
        items = self.core.handle(message, self.now)
        self.news += items
        self.history += items
        if self.skew_s is not None and any(isinstance(item, CheckVenue) for item in items):
            self._take(self.checked(self.skew_s))

    # ---- the scene ----------------------------------------------------------------------------------------------

    def ready(self, state: TradingState = TradingState.ENABLED) -> "Playbook":
        """Markets listed, prices known, bars loaded, streams up, account read, entries allowed."""
        self >> self.listed()
        self >> [price(market, value) for market, value in PRICES.items()]
        self >> [CandlesLoaded(market, 60, ()) for market in PRICES]
        self >> [StreamStateChanged(VENUE, "public", True), StreamStateChanged(VENUE, "private", True)]
        self >> self.account()
        self >> self.checked()
        if state is not TradingState.DISABLED:
            self >> SetTradingState(state, "test")
        return self

    def recover(
        self,
        positions: Iterable[Position] = (),
        orders: Iterable[Order] = (),
        fills: Iterable[Fill] = (),
        clean: bool = False,
        state: TradingState = TradingState.ENABLED,
        run: LiquidationRun | None = None,
        **asides: object,
    ) -> "Playbook":
        """The program starts and finds this in its journal; ``asides`` are further fields of ``Recovered``."""
        books = (tuple(positions), tuple(orders), tuple(fills))
        recovered = Recovered(2, clean, state, *books, **asides)  # type: ignore[arg-type]
        self.news, self._seen = self.core.recover(recovered, run, self.now), 0
        self.history += self.news
        return self

    def restarted(self, clean: bool = False, only_live: bool = True, earlier: tuple[DayUse, ...] = ()) -> "Playbook":
        """A new program over the journal of this one: nothing but what was journalled comes along."""
        after = Playbook(self.limits, self.cash, self.now + timedelta(seconds=5), StoryIds("second-"))
        after.coins, after._trades = dict(self.coins), set(self._trades)
        positions: dict[str, Position] = {}
        orders: dict[str, Order] = {}
        fills: list[Fill] = []
        state = TradingState.DISABLED
        run: LiquidationRun | None = None
        unmanaged: tuple[tuple[str, Decimal], ...] = ()
        instructions: dict[str, Instruction] = {}
        alerts = tuple(
            (item.key, self.now)
            for item in self.history
            if isinstance(item, AlertRaised) and item.key.startswith(LIMIT_ALERT)
        )
        breakers: dict[CallGroup, BreakerChanged] = {}
        letters: dict[str, DeadLetter] = {}
        loss_book: LossBook | None = None
        kill = KillRecord()
        for item in self.history:
            match item:
                case FillBooked(fill, _):
                    fills.append(fill)
                case PositionChanged(position):
                    positions[position.position_id] = position
                case OrderChanged(order):
                    orders[order.order_id] = order
                case InstructionChanged(instruction):
                    instructions[instruction.instruction_id] = instruction
                case SlicingReported(instruction_id):
                    instructions.pop(instruction_id, None)
                case TradingStateChanged(_, after_that):
                    state = after_that
                case KillMarked(mark):
                    kill = replace(kill, mark=mark, stopped=mark.reason if mark.halted else "", keyring=mark.keyring)
                case UnlockAttempted(tries=tries):
                    kill = replace(kill, tries=tries)
                case LiquidationChanged(run):
                    pass
                case LossBookChanged(loss_book):
                    pass
                case Reconciled(unmanaged=tuple() as told):
                    unmanaged = told
                case BreakerChanged(group=group):
                    breakers[group] = item
                case DeadLetterAdded(letter):
                    letters[letter.dead_letter_id] = letter
                case DeadLetterSettled(letter_id):
                    letters.pop(letter_id, None)
                case _:
                    pass
        kept = [p for p in positions.values() if p.is_live or not only_live]
        asides = {
            "unmanaged": unmanaged,
            "earlier": earlier,
            "limit_alerts": alerts,
            "instructions": tuple(instructions.values()),
            "breakers": tuple(breakers.values()),
            "overrides": tuple(item for item in self.history if isinstance(item, PromotionOverridden)),
            "executions": tuple(item for item in self.history if isinstance(item, ExecutionMeasured)),
            "dead_letters": tuple(letters.values()),
            "loss_book": loss_book,
            "kill": kill,
        }
        return after.recover(kept, orders.values(), fills, clean, state, run, **asides)

    def unlock(self) -> "Playbook":
        """A person leaves HALTED: password, phrase, and a reading that agrees."""
        self >> self.account()
        if not (self.core.switch.mark and self.core.switch.mark.password):
            self >> SetKillPassword("fingerprint")
        self._numbers += 1
        name = f"unlock-{self._numbers}"
        return self >> AskUnlock(name, UNLOCK_PHRASES["en"]) >> PasswordChecked(name, correct=True)

    def listed(self, *inactive: Market) -> MarketsListed:
        infos = tuple(MarketInfo(market, market.symbol, market.symbol) for market in PRICES)
        return MarketsListed(VENUE, infos, tuple(market_rules(m, m not in inactive) for m in PRICES))

    def book(self, market: Market, bid: Number, ask: Number | None = None) -> Book:
        best = money(bid)
        offer = money(ask) if ask is not None else best + market_rules(market).tick_at(best) if best > 0 else best
        size = Decimal(1_000_000)
        return Book(market, (BookLevel(best, size),), (BookLevel(offer, size),), self.now, self.now)

    def checked(self, skew_s: float = 0.0) -> VenueChecked:
        """The venue answers a check at once; its clock is ahead by so much."""
        return VenueChecked(VENUE, VenueReply(self.now + timedelta(seconds=skew_s), self.now, self.now, 0.0))

    def bar(self, market: Market, close: Number, minutes_ago: int) -> Candle:
        """A closed one-minute bar."""
        at = self.now.replace(second=0, microsecond=0) - timedelta(minutes=minutes_ago)
        value = money(close)
        return Candle(market, 60, at, value, value, value, value, Decimal(1))

    def account(self, *open_orders: OrderReport, started_ago: float = 0, **held: Number) -> AccountRead:
        """A reading of the account; ``held`` overrules single coins (``XRP="5"``)."""
        coins = {**self.coins, **{asset: money(value) for asset, value in held.items()}}
        coins["KRW"] = money(held.get("KRW", self.cash))
        balances = tuple(Balance(asset, amount, Decimal(0)) for asset, amount in coins.items() if amount)
        begun = self.now - timedelta(seconds=started_ago)
        asked = [item.ended_since for item in self.history if isinstance(item, ReadAccount)]
        since = asked[-1] if asked else None
        return AccountRead(AccountSnapshot(VENUE, balances, tuple(open_orders), begun, self.now, (), since))

    # ---- commands -----------------------------------------------------------------------------------------------

    def start(
        self, market: Market, plan: StrategyBlueprint | None = None, budget: Number = 1_000_000, command: str = ""
    ) -> StartStrategy:
        self._numbers += 1
        return StartStrategy(command or f"command-{self._numbers}", market, plan or blueprint(), money(budget))

    def holding(
        self,
        market: Market,
        plan: StrategyBlueprint | None = None,
        at: Number | None = None,
        budget: Number = 1_000_000,
    ) -> Position:
        """Run a position up to its filled entry."""
        value = PRICES[market] if at is None else money(at)
        self >> price(market, value) >> self.start(market, plan, budget)
        self >> self.sent() >> self.filled(price=value)
        return self.position(market)

    # ---- what there is ------------------------------------------------------------------------------------------

    def orders(self, market: Market | None = None) -> list[Order]:
        """Every order, oldest first, as it is now."""
        return [o for o in self.core.tracker.orders.values() if market is None or o.intent.market == market]

    @property
    def order(self) -> Order:
        """The last order, as it is now."""
        return self.orders()[-1]

    def position(self, market: Market) -> Position:
        """The last position of the market, as it is now."""
        return [p for p in self.core.positions.positions.values() if p.market == market][-1]

    # ---- what the venue says; the last order is meant unless one is named ---------------------------------------

    def sent(self, order: Order | None = None) -> OrderSent:
        return OrderSent((order or self.order).order_id)

    def report(
        self,
        order: Order | None = None,
        *,
        ended: bool = False,
        executed: Number | None = None,
        fills: Iterable[ReportedFill] = (),
        paid_fee: Number | None = None,
        state: ReportedState | None = None,
    ) -> OrderReport:
        """The venue's word for an order; the account follows the fills in it."""
        order = order or self.order
        fills = tuple(fills)
        for fill in fills:
            self._trade(order, fill)
        booked = order.filled_volume + sum((f.volume for f in fills), Decimal(0))
        known = [f.fee for f in fills if f.fee is not None]
        return OrderReport(
            order_id=order.order_id,
            venue_order_id=f"venue-{order.order_id}",
            market=order.intent.market,
            side=order.intent.side,
            state=state or (ReportedState.ENDED if ended else ReportedState.OPEN),
            executed_volume=booked if executed is None else money(executed),
            paid_fee=order.paid_fee + sum(known, Decimal(0)) if paid_fee is None else money(paid_fee),
            reported_at=self.now,
            fills=fills,
        )

    def _trade(self, order: Order, fill: ReportedFill) -> None:
        key = (order.order_id, fill.trade_id)
        if key in self._trades:
            return
        self._trades.add(key)
        asset = order.intent.market.symbol.split("-")[1]
        sign = 1 if order.intent.side is Side.BUY else -1
        fee = fill.fee if fill.fee is not None else fill.price * fill.volume * FEE
        self.coins[asset] = self.coins.get(asset, Decimal(0)) + sign * fill.volume
        self.cash -= sign * fill.price * fill.volume + fee

    def fill(
        self, volume: Number, at: Number | None = None, trade: str = "", fee: Number | bool | None = True
    ) -> ReportedFill:
        """One execution; ``fee=None`` where the venue does not tell it."""
        self._numbers += 1
        value = PRICES[self.order.intent.market] if at is None else money(at)
        amount = money(volume)
        charged = value * amount * FEE if fee is True else None if fee is None or fee is False else money(fee)
        return ReportedFill(trade or f"trade-{self._numbers}", value, amount, self.now, charged)

    def all_volume(self, order: Order, at: Decimal) -> Decimal:
        """What an order gets when it is filled completely at one price."""
        if order.intent.volume is not None:
            return order.intent.volume - order.filled_volume
        assert order.intent.funds is not None
        return (order.intent.funds / at).quantize(STEP, rounding="ROUND_DOWN")

    def accepted(self, order: Order | None = None) -> OrderAccepted:
        order = order or self.order
        return OrderAccepted(order.order_id, self.report(order))

    def filled(self, order: Order | None = None, price: Number | None = None, trade: str = "") -> OrderReported:
        """Filled completely, told by the stream."""
        order = order or self.order
        value = money(price) if price is not None else PRICES[order.intent.market]
        return OrderReported(
            self.report(order, ended=True, fills=[self.fill(self.all_volume(order, value), value, trade)])
        )

    def part_filled(
        self, volume: Number, price: Number | None = None, trade: str = "", order: Order | None = None
    ) -> OrderReported:
        order = order or self.order
        value = money(price) if price is not None else PRICES[order.intent.market]
        return OrderReported(self.report(order, fills=[self.fill(volume, value, trade)]))

    def ended(self, order: Order | None = None) -> OrderReported:
        """Over, with nothing more than what was already booked."""
        return OrderReported(self.report(order, ended=True))

    def refused(self, code: str = "under_min_total", order: Order | None = None) -> OrderRefused:
        return OrderRefused((order or self.order).order_id, code, "so the venue says")

    def not_sent(self, order: Order | None = None) -> OrderNotSent:
        return OrderNotSent((order or self.order).order_id, "connection refused", CallGroup.ORDER)

    def taken(self, order: Order | None = None) -> ReplacementTaken:
        """The venue took the request to put this order in the place of another."""
        return ReplacementTaken((order or self.order).order_id)

    def replacing_orders(self) -> "Playbook":
        """From now on the venue offers cancel-and-new."""
        listed = self.listed()
        return self >> replace(listed, constraints=tuple(replace(r, replaces_orders=True) for r in listed.constraints))

    def unknown(self, order: Order | None = None) -> OrderOutcomeUnknown:
        return OrderOutcomeUnknown((order or self.order).order_id, "time-out")

    def found(self, report: OrderReport) -> OrderLookedUp:
        assert report.order_id is not None
        return OrderLookedUp(report.order_id, report)

    def not_found(self, order: Order | None = None) -> OrderLookedUp:
        return OrderLookedUp((order or self.order).order_id, None)

    def lookup_failed(self, order: Order | None = None) -> LookupFailed:
        return LookupFailed((order or self.order).order_id, "502", CallGroup.LOOKUP)

    def cancel_answered(self, accepted: bool, order: Order | None = None) -> CancelAnswered:
        return CancelAnswered((order or self.order).order_id, accepted)

    def foreign(self, market: Market, name: str = "phone-1") -> OrderReport:
        """An open order somebody else made."""
        zero = Decimal(0)
        return OrderReport(None, name, market, Side.SELL, ReportedState.OPEN, zero, zero, self.now)

    def sells_bound(self, market: Market) -> Decimal:
        """Units in working sells of a market."""
        sells = [order for order in self.core.tracker.working(market=market) if order.intent.side is Side.SELL]
        return sum((order.remaining_volume or Decimal(0) for order in sells), Decimal(0))


def order_of(
    order_id: str = "order-x",
    market: Market = XRP,
    side: Side = Side.BUY,
    state: OrderState = OrderState.OPEN,
    position_id: str = "position-x",
    order_type: OrderType = OrderType.LIMIT,
    purpose: Purpose | None = None,
    price: Number | None = 1000,
    volume: Number | None = 100,
    funds: Number | None = None,
    at: datetime = START,
    **changes: object,
) -> Order:
    """An order out of the blue, for the tests of single parts."""
    intent = OrderIntent(
        position_id=position_id,
        market=market,
        side=side,
        order_type=order_type,
        purpose=purpose or (Purpose.ENTRY if side is Side.BUY else Purpose.EXIT),
        reason="test",
        price=None if price is None else money(price),
        volume=None if volume is None else money(volume),
        funds=None if funds is None else money(funds),
    )
    return replace(Order(order_id, intent, state, at, at), **changes)  # type: ignore[arg-type]
