"""The real core between a model venue and an unreliable line, with the invariants checked on everything it says.

The executor's part (write down, ask ``may_send``, call the venue, post the answer) is played here, one effect at a
time and in any order, so that a machine can let answers be lost, late, doubled or out of order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from app.domain.blueprint import StrategyBlueprint
from app.domain.commands import SetTradingState, StartStrategy
from app.domain.effects import (
    EFFECTS,
    CheckVenue,
    Effect,
    LoadBook,
    LoadCandles,
    LookUpOrder,
    ReadAccount,
    SendCancel,
    SubmitOrder,
)
from app.domain.emergency import LiquidationRun, LiquidationStage
from app.domain.limits import TradingLimits
from app.domain.market_data import Book, BookLevel, Trade
from app.domain.messages import (
    AccountRead,
    AccountReadFailed,
    AlertRaised,
    BalancesReported,
    CancelAnswered,
    CandlesLoaded,
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
    StreamStateChanged,
    TimePassed,
    TradingStateChanged,
)
from app.domain.order import Fill, Order, OrderState
from app.domain.position import Position, PositionState
from app.domain.values import Market, Purpose, Side, TradingState
from app.domain.venue_health import BookFailed, VenueChecked, VenueCheckFailed, VenueReply
from app.engine.trading_core import TradingCore
from tests.property.model_venue import MIN_TOTAL, ModelVenue, VenueOrder
from tests.unit.engine.playbook import PRICES, START, VENUE, Recovered, StoryIds, market_rules

ZERO = Decimal(0)
#: How far an order is; it never goes back, except that a refused cancel leaves the order where it was.
RANK = {
    OrderState.INTENT: 0, OrderState.SENT: 1, OrderState.UNKNOWN: 2, OrderState.OPEN: 3, OrderState.PARTIAL: 4,
    OrderState.CANCELLING: 5, OrderState.FILLED: 6, OrderState.CANCELLED: 6, OrderState.REJECTED: 6,
    OrderState.EXPIRED: 6,
}  # fmt: skip
STALE = timedelta(seconds=TradingLimits().stale_price_s)


@dataclass
class Letter:
    """A message on its way; only what a stream says may be lost altogether."""

    message: Message
    may_be_lost: bool = False


@dataclass
class Known:
    """What the journal would know: the last version of everything, and every fill once."""

    orders: dict[str, Order] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    fills: dict[tuple[str, str], Fill] = field(default_factory=dict)
    state: TradingState = TradingState.DISABLED
    run: LiquidationRun | None = None


class Terminal:
    """Feeds the core and watches it. An AssertionError names the invariant of reliability section 3 that broke."""

    def __init__(self) -> None:
        self.venue = ModelVenue()
        self.now = START
        self.known = Known()
        self.effects: list[Effect] = []
        self.letters: list[Letter] = []
        self.delivered: list[Message] = []
        self.books: dict[Market, Book] = {}
        self.submitted: set[str] = set()
        self.starts = 0
        self._commands = 0
        self.core = self._new_core()

    def _new_core(self) -> TradingCore:
        self.starts += 1
        return TradingCore(VENUE, "KRW", TradingLimits(), StoryIds(f"run{self.starts}-"))

    # ---- what comes in ------------------------------------------------------------------------------------------

    def tell(self, message: Message) -> None:
        """One message into the core; everything that comes out is checked and kept."""
        for item in self.core.handle(message, self.now):
            self._take(item)
        self.check()

    def open_up(self) -> None:
        """A terminal that may trade: rules, prices, bars, streams, account, enabled."""
        self.tell(MarketsListed(VENUE, (), tuple(market_rules(market) for market in PRICES)))
        for market in PRICES:
            self.quote(market)
            self.tell(CandlesLoaded(market, 60, ()))
        for stream in ("public", "private"):
            self.tell(StreamStateChanged(VENUE, stream, True))
        self.tell(AccountRead(self.venue.snapshot(self.now)))
        self.tell(VenueChecked(VENUE, VenueReply(self.now, self.now, self.now)))
        self.tell(SetTradingState(TradingState.ENABLED, "test"))

    def enable(self) -> None:
        """A person enables entries, out of HALTED as well."""
        unlocked = self.core.switch.ask(TradingState.DISABLED, "unlocked", unlocked=True)
        if unlocked is not None:
            self._take(unlocked)
        self.tell(SetTradingState(TradingState.ENABLED, "test"))

    def quote(self, market: Market, *, one_sided: bool = False) -> None:
        """A book around the venue's price, then a trade at it."""
        price = self.venue.prices[market]
        bids = (BookLevel(price, Decimal(1)),)
        asks = () if one_sided else (BookLevel(price * Decimal("1.001"), Decimal(1)),)
        self.books[market] = Book(market, bids, asks, self.now, self.now)
        self.tell(self.books[market])
        self.tell(Trade(market, price, Decimal(1), Side.BUY, self.now, self.now))

    def start(self, market: Market, blueprint: StrategyBlueprint, budget: int = 1_000_000) -> None:
        self._commands += 1
        self.tell(StartStrategy(f"command-{self._commands}", market, blueprint, Decimal(budget)))

    def wait(self, seconds: float, tick: float = 0.5) -> None:
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            self.now += timedelta(seconds=tick)
            self.tell(TimePassed())

    def post(self, message: Message, *, may_be_lost: bool = False) -> None:
        self.letters.append(Letter(message, may_be_lost))

    def deliver(self, number: int) -> None:
        """Hand over a message that is on its way, whichever."""
        letter = self.letters.pop(number % len(self.letters))
        self.delivered.append(letter.message)
        self.tell(letter.message)

    def lose(self, number: int) -> None:
        """A frame of the stream is lost; answers to our calls are not (that is an outcome of its own)."""
        lost = [letter for letter in self.letters if letter.may_be_lost]
        if lost:
            self.letters.remove(lost[number % len(lost)])

    def restart(self) -> None:
        """The program dies and starts again with what the journal knew. Nothing on its way arrives any more."""
        highs = {pid: p.exit_plan.high_water for pid, p in self.known.positions.items() if p.exit_plan is not None}
        self.effects, self.letters, self.delivered, self.books = [], [], [], {}
        self.now += timedelta(seconds=5)
        self.core = self._new_core()
        recovered = Recovered(
            epoch=self.starts,
            clean=False,
            trading_state=self.known.state,
            positions=tuple(self.known.positions.values()),
            orders=tuple(self.known.orders.values()),
            fills=tuple(self.known.fills.values()),
        )
        for item in self.core.recover(recovered, self.known.run, self.now):
            self._take(item)
        assert not self.core.switch.state.allows_entries, "I13: a start never finds itself enabled"
        for pid, high in highs.items():
            plan = self.core.positions.positions[pid].exit_plan
            assert plan is not None and plan.high_water >= high, "I18: the high-water mark fell in a restart"
        self.check()

    # ---- what goes out ------------------------------------------------------------------------------------------

    def carry_out(self, number: int, outcome: str) -> None:
        """Take one effect from the queue and let the venue and the line do ``outcome`` with it."""
        effect = self.effects.pop(number % len(self.effects))
        match effect:
            case SubmitOrder():
                self._submit(effect, outcome)
            case SendCancel():
                self._cancel(effect, outcome)
            case LookUpOrder():
                self._look_up(effect, outcome)
            case ReadAccount():
                failed = outcome in ("lost", "failed")
                answer = AccountReadFailed(VENUE, "502") if failed else AccountRead(self.venue.snapshot(self.now))
                self.post(answer)
            case LoadCandles():
                self.post(CandlesLoaded(effect.market, effect.seconds, ()))
            case CheckVenue():
                failed = outcome in ("lost", "failed")
                reply = VenueReply(self.now, self.now, self.now)
                self.post(VenueCheckFailed(VENUE, "502") if failed else VenueChecked(VENUE, reply))
            case LoadBook():
                self.post(BookFailed(effect.market, "502"))

    def _submit(self, effect: SubmitOrder, outcome: str) -> None:
        order = effect.approved.order
        name = order.order_id
        if self.core.may_send(name, self.now) is not None:
            self.post(OrderNotSent(name, "the second look said no"))
            return
        if order.intent.purpose is Purpose.ENTRY:
            assert self.known.state is TradingState.ENABLED, f"I13: an entry left while trading was {self.known.state}"
            running = self.known.run is not None and self.known.run.stage is not LiquidationStage.FLAT
            assert not running, "I13: an entry left during an emergency run"
        self.tell(OrderSent(name))
        if outcome == "failed":
            self.post(OrderNotSent(name, "connection refused"))
            return
        if outcome == "lost":
            self.post(OrderOutcomeUnknown(name, "reset before the venue read it"))
            return
        refusal = "market_offline" if outcome == "refused" else self.venue.place(order, self.now)
        assert self.venue.received.get(name, 0) <= 1, "I1: one intent reached the venue twice"
        assert refusal != "insufficient_funds_ask", "I9: more was sold than is held"
        if outcome == "unanswered":
            self.post(OrderOutcomeUnknown(name, "time-out"))
        elif refusal is not None:
            self.post(OrderRefused(name, refusal, "so the venue says"))
        else:
            self.post(OrderAccepted(name, self.venue.report(self.venue.orders[name], self.now)))

    def _cancel(self, effect: SendCancel, outcome: str) -> None:
        name = effect.order_id
        if outcome in ("lost", "failed"):
            self.post(LookupFailed(name, "cancel: time-out"))
            return
        if outcome == "refused" or name not in self.venue.orders or not self.venue.orders[name].is_open:
            self.post(CancelAnswered(name, accepted=False))
            return
        self.venue.cancel(name)
        self._frame(self.venue.orders[name], "none")
        if outcome == "unanswered":
            self.post(LookupFailed(name, "cancel: cut"))
        else:
            self.post(CancelAnswered(name, accepted=True))

    def _look_up(self, effect: LookUpOrder, outcome: str) -> None:
        name = effect.order_id
        if outcome in ("lost", "failed", "unanswered"):
            self.post(LookupFailed(name, "502"))
        elif name not in self.venue.orders or (outcome == "refused" and self.venue.is_hidden(name, self.now)):
            self.post(OrderLookedUp(name, None))
        else:
            self.post(OrderLookedUp(name, self.venue.report(self.venue.orders[name], self.now, fills="all")))

    def fill(self, number: int, tenths: int) -> None:
        """Somebody trades with one of our open orders; the stream will say so."""
        open_orders = self.venue.open_orders()
        if open_orders:
            order = open_orders[number % len(open_orders)]
            if self.venue.fill(order, tenths, self.now) is not None:
                self._frame(order, "last")

    def _frame(self, order: VenueOrder, fills: str) -> None:
        self.post(OrderReported(self.venue.report(order, self.now, fills=fills)), may_be_lost=True)
        self.post(BalancesReported(VENUE, self.venue.balances(), self.now), may_be_lost=True)

    # ---- no more trouble ----------------------------------------------------------------------------------------

    def settle(self, seconds: float = 150, until: Callable[[], bool] | None = None) -> None:
        """The line is good again and everybody answers truthfully, at once and in order; prices keep coming."""
        self.tell(StreamStateChanged(VENUE, "private", True))
        end = self.now + timedelta(seconds=seconds)
        while self.now < end and not (until is not None and until()):
            self.now += timedelta(seconds=0.5)
            for market in PRICES:
                self.quote(market)
            self.tell(TimePassed())
            for _ in range(30):
                if not self.effects and not self.letters:
                    break
                while self.effects:
                    self.carry_out(0, "good")
                for order in self.venue.open_orders():
                    if self.venue.end_at_once(order, self.now):
                        self._frame(order, "last")
                while self.letters:
                    self.deliver(0)
            else:
                raise AssertionError("I16: an effect asks for itself again and again without time passing")

    def agrees_with_venue(self) -> None:
        """I6, I7, I8 after ``settle``: nothing is unresolved and both sides tell the same."""
        for order in self.core.tracker.orders.values():
            theirs = self.venue.orders.get(order.order_id)
            assert order.state is not OrderState.UNKNOWN, f"I6: {order.order_id} is still unknown"
            executed = theirs.executed if theirs is not None else ZERO
            assert order.filled_volume == executed, f"I7: {order.order_id} {order.filled_volume}, venue {executed}"
            assert order.state.is_terminal or (theirs is not None and theirs.is_open), f"I6: {order} never ended"
            if theirs is not None:
                assert order.paid_fee == theirs.paid_fee, f"I8: fees {order.paid_fee}, venue {theirs.paid_fee}"
        for market, coins in self.venue.coins.items():
            of_market = [p for p in self.core.positions.positions.values() if p.market == market]
            held = sum((p.quantity for p in of_market), ZERO)
            assert held == coins, f"I8: {market} {held} in our books, {coins} at the venue"

    # ---- what must always hold ----------------------------------------------------------------------------------

    def _take(self, item: object) -> None:
        match item:
            case OrderChanged(order):
                self._order_moved(order)
            case FillBooked(fill, _):
                self._fill_booked(fill)
            case PositionChanged(position):
                self._position_moved(position)
            case TradingStateChanged(before, after):
                assert before is self.known.state or self.known.state is TradingState.DISABLED
                self.known.state = after
            case LiquidationChanged(run):
                self._run_moved(run)
            case AlertRaised("rule_broken", detail):
                raise AssertionError(f"I5: a rule was broken by news a venue may well bring: {detail}")
            case SubmitOrder(approved):
                self._submit_asked(approved.order)
                self.effects.append(item)
            case _ if isinstance(item, EFFECTS):
                self.effects.append(item)

    def _order_moved(self, order: Order) -> None:
        before = self.known.orders.get(order.order_id)
        if before is not None:
            if before.state.is_terminal:
                assert order.state is before.state, f"I5: {before.state} became {order.state}"
            back = before.state is OrderState.CANCELLING and order.state in (OrderState.OPEN, OrderState.PARTIAL)
            assert back or RANK[order.state] >= RANK[before.state], f"I5: {before.state} became {order.state}"
            assert order.filled_volume >= before.filled_volume, "I5: the filled volume fell"
        if order.state.is_terminal:
            assert order.reserved == 0, "I4: a finished order keeps money reserved"
            theirs = self.venue.orders.get(order.order_id)
            assert theirs is None or not theirs.is_open, f"I5: {order.state} while it is open at the venue"
        elif order.intent.purpose is Purpose.ENTRY and order.state is OrderState.UNKNOWN:
            assert order.reserved > 0, "I4: an unknown entry reserves nothing"
        self.known.orders[order.order_id] = order

    def _fill_booked(self, fill: Fill) -> None:
        key = (fill.order_id, fill.trade_id)
        assert key not in self.known.fills, f"I7: {key} was booked twice"
        theirs = {f.trade_id: f for f in self.venue.orders[fill.order_id].fills}
        true = theirs.get(fill.trade_id)
        assert true is not None and (true.price, true.volume) == (fill.price, fill.volume), f"I7: {fill} never happened"
        self.known.fills[key] = fill

    def _position_moved(self, position: Position) -> None:
        before = self.known.positions.get(position.position_id)
        old = before.exit_plan if before is not None else None
        new = position.exit_plan
        if old is not None:
            assert new is not None, "I18: the exit plan is gone"
            assert new.high_water >= old.high_water, "I18: the high-water mark fell"
            if old.trail_price is not None:
                assert new.trail_price is not None and new.trail_price >= old.trail_price, "I18: the trail loosened"
            if old.fired is not None:
                assert new.fired is old.fired, "I11: a second exit rule took the exit over"
        self.known.positions[position.position_id] = position

    def _run_moved(self, run: LiquidationRun) -> None:
        if run.stage is LiquidationStage.FLAT:
            ours = [order for order in self.venue.open_orders() if order.order_id in self.known.orders]
            assert not ours, f"I14: FLAT was said while {ours[0].order_id} was open at the venue"
            unsure = [order.order_id for order in self.known.orders.values() if order.is_working]
            assert not unsure, f"I14: FLAT was said while {unsure} had not ended in our own books"
            for line in run.lines:
                worth = self.venue.coins[line.market] * self.venue.prices[line.market]
                assert worth < MIN_TOTAL, f"I14: FLAT was said while {line.market} was held"
        self.known.run = run

    def _submit_asked(self, order: Order) -> None:
        name, intent = order.order_id, order.intent
        assert name not in self.submitted, "I3: an order was submitted twice"
        self.submitted.add(name)
        assert name in self.known.orders, "I2: an order leaves before it is written down"
        for other in self.known.orders.values():
            same = other.intent.market == intent.market and other.intent.side is intent.side
            assert not (same and other.state is OrderState.UNKNOWN), f"I4: {name} beside the unknown {other.order_id}"
        amounts: Sequence[Decimal | None] = (intent.price, intent.volume, intent.funds)
        assert all(amount is None or (amount.is_finite() and amount > 0) for amount in amounts), "I17"
        if intent.purpose is Purpose.ENTRY:
            book = self.books.get(intent.market)
            assert book is not None and self.now - book.received_at <= STALE, "I19: an entry on an old price"
            assert book.best_ask is not None and book.best_bid is not None, "I17: an entry with one side missing"
            assert order.reserved > 0, "I4: an entry reserves its money"

    def check(self) -> None:
        """I7, I9, I11 on the books as they are now."""
        tracker = self.core.tracker
        for position in self.core.positions.positions.values():
            pid = position.position_id
            fills = [fill for order in tracker.of_position(pid) for fill in tracker.fills_of(order.order_id)]
            signed = sum((f.volume if f.side is Side.BUY else -f.volume for f in fills), ZERO)
            assert position.quantity == signed, f"I7: {pid} holds {position.quantity}, its fills say {signed}"
            assert tracker.working_sell_volume(pid) <= position.quantity, "I9: exits exceed the holding"
            exits = [order for order in tracker.working(pid) if order.intent.side is Side.SELL]
            assert len(exits) <= 1, "I11: two exits at once"
            if position.state is PositionState.CLOSED:
                assert not tracker.working(pid), "I6: closed with an order at work"
            assert _written(position) == _written(self.known.positions[pid]), (
                "I23: the journal knows the position otherwise"
            )
            assert fills == [self.known.fills[(fill.order_id, fill.trade_id)] for fill in fills], "I23: fills"
        for name, order in tracker.orders.items():
            known = self.known.orders[name]
            assert _kept(order) == _kept(known), f"I23: the journal knows {name} otherwise: {known} is {order}"


def _kept(order: Order) -> Order:
    """An order without what may be forgotten in a crash: how often it was not found, and when it was last heard of."""
    return replace(order, not_found_count=0, updated_at=START, note="")


def _written(position: Position) -> Position:
    """A position without its high-water mark, which is written down once a second at most."""
    plan = position.exit_plan
    if plan is not None:
        plan = replace(plan, high_water=ZERO, trail_price=None)
    return replace(position, exit_plan=plan, updated_at=START)
