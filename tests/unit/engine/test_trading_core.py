"""The core as a whole: recovery, the second look before sending, broken rules; and what no story may ever break."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.blueprint import EntryStep
from app.domain.business_day import business_month_start
from app.domain.commands import (
    CancelOrder,
    ClosePosition,
    LiquidateAll,
    PausePosition,
    ReconcileNow,
    ResumePosition,
    SetTradingState,
)
from app.domain.effects import LoadCandles, LookUpOrder, ReadAccount, SendCancel, SubmitOrder
from app.domain.kill import KillMarked
from app.domain.limits import DayUse
from app.domain.market_data import Ticker
from app.domain.messages import (
    AccountRead,
    AlertRaised,
    ExternalChangeFound,
    IntentRefused,
    Message,
    OrderChanged,
    OrderReported,
    PositionChanged,
    StreamStateChanged,
    TradingStateChanged,
)
from app.domain.money import total
from app.domain.order import Order, OrderState
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason
from app.domain.values import Market, OrderType, Side, TradingState
from app.domain.venue_reports import OrderReport, ReportedState
from tests.unit.engine.playbook import (
    BTC,
    ETH,
    PRICES,
    STEP,
    VENUE,
    XRP,
    Playbook,
    Seconds,
    blueprint,
    did,
    money,
    nothing,
    order_of,
    price,
    seconds,
)
from tests.unit.engine.tickets import limit, place


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


# ---- recovery --------------------------------------------------------------------------------------------------------


def test_the_very_first_start_finds_nothing_and_allows_nothing() -> None:
    play = Playbook().recover(clean=True, state=TradingState.DISABLED)
    assert [type(item) for item in play.news] == [KillMarked]  # the first mark of the kill switch
    assert play.core.switch.state is TradingState.DISABLED


def test_a_clean_start_is_never_enabled_by_itself() -> None:
    play = Playbook().recover(clean=True, state=TradingState.ENABLED)
    play << did(TradingStateChanged, before=TradingState.ENABLED, after=TradingState.DISABLED)


def test_an_unclean_end_starts_reducing_and_says_so(play: Playbook) -> None:
    play.holding(XRP)
    after = play.restarted()
    after << did(TradingStateChanged, after=TradingState.REDUCING) << did(AlertRaised, key="unclean_end")
    after << did(LoadCandles, market=XRP)


def test_halted_stays_halted_across_a_restart(play: Playbook) -> None:
    """U12: a kill is not cleared by a restart."""
    play >> SetTradingState(TradingState.HALTED, "kill")
    for clean in (True, False):
        after = play.restarted(clean)
        assert after.core.switch.state is TradingState.HALTED
        after >> SetTradingState(TradingState.ENABLED, "please") << nothing(TradingStateChanged)
        if not clean:  # until the venue has told what the journal may have lost nobody leaves
            after.unlock() << nothing(TradingStateChanged)
            continue
        after.unlock() << did(TradingStateChanged, after=TradingState.DISABLED)
        after >> SetTradingState(TradingState.ENABLED, "a person") << did(TradingStateChanged)


def test_orders_that_were_under_way_become_unknown_and_are_looked_up(play: Playbook) -> None:
    """S1, S2: died between the journal record and the answer."""
    play >> play.start(XRP)
    play >> play.start(ETH) >> play.sent()
    after = play.restarted()
    unknown = [item.order.state for item in after.news if isinstance(item, OrderChanged)]
    assert unknown == [OrderState.UNKNOWN, OrderState.UNKNOWN]
    after >> seconds(0.1)
    assert len([item for item in after.news if isinstance(item, LookUpOrder)]) == 2
    after >> seconds(30, tick=0.5) << nothing(SubmitOrder)
    assert after.core.account.spendable(after.core.tracker.working()) < 0  # nothing read yet, both still reserved


def test_a_working_order_is_looked_up_and_keeps_its_state(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()]
    lost = play.order
    after = play.restarted()
    after << nothing(OrderChanged)
    after >> seconds(0.1) << did(LookUpOrder, order_id=lost.order_id)


def test_an_exit_under_way_goes_on_after_a_restart(play: Playbook) -> None:
    play.holding(XRP)
    play >> price(XRP, 900) >> [play.sent(), play.refused("market_offline")]
    after = play.restarted()
    after >> [after.listed(), seconds(0.1)] >> after.account() >> seconds(0.1)
    after << did(SubmitOrder, side=Side.SELL, volume="999.5")


def test_a_stop_that_was_armed_is_armed_after_a_restart(play: Playbook) -> None:
    play.holding(XRP)
    after = play.restarted()
    after >> [after.listed(), seconds(0.1)] >> after.account() >> price(XRP, 900) << did(SubmitOrder, side=Side.SELL)


def lost_sale(play: Playbook) -> tuple[Playbook, OrderReport]:
    """A stop that was sold while the disk hung: the venue knows the order, the journal does not."""
    play.holding(XRP)
    before = play.restarted()
    play >> price(XRP, 900) >> play.sent()
    sold = replace(play.filled(price=900).report, fills=(), remaining_volume=Decimal(0))
    before.core._ids._prefix = ""  # type: ignore[attr-defined]
    return before, sold


def test_after_an_unclean_end_exits_wait_for_what_the_journal_lost(play: Playbook) -> None:
    """An exit leaves even when the disk hangs. Sold again after a restart it would sell the user's own coins."""
    after, sold = lost_sale(play)
    after >> [after.listed(), seconds(0.1)] >> price(XRP, 900) << nothing(SubmitOrder)
    reading = after.account()
    assert reading.snapshot.ended_since is not None
    reading = AccountRead(replace(reading.snapshot, ended_orders=(sold,)))
    after >> reading << did(OrderChanged, trigger="adopted", state=OrderState.UNKNOWN)
    after >> seconds(0.1) << did(LookUpOrder) << nothing(SubmitOrder)
    assert sold.order_id is not None
    after >> after.found(replace(sold, fills=play.filled(price=900).report.fills))
    after << did(PositionChanged, state=PositionState.CLOSED) << nothing(SubmitOrder)


def test_a_lost_sale_that_the_venue_lists_late_is_found_too(play: Playbook) -> None:
    """Seed 5646: one complete answer is no proof while a new order may not be listed yet."""
    after, sold = lost_sale(play)
    after >> [after.listed(), seconds(0.1)] >> after.account()  # nothing of it yet
    after >> seconds(11, tick=0.5) << did(ReadAccount)
    reading = after.account()
    assert reading.snapshot.ended_since is not None
    after >> AccountRead(replace(reading.snapshot, ended_orders=(sold,))) << did(OrderChanged, trigger="adopted")
    after >> seconds(60, tick=1) >> after.account() >> seconds(31, tick=1) << did(ReadAccount, ended_since=None)


def test_a_lost_sale_is_booked_after_the_purchase_whose_fate_is_open(play: Playbook) -> None:
    """Booked first it would sell nothing, and the purchase would be sold a second time."""
    play >> play.start(XRP) >> play.sent()
    bought = play.order
    after = play.restarted()
    after.core._ids._prefix = ""  # type: ignore[attr-defined]
    sale = replace(play.foreign(XRP), order_id="order-77", side=Side.SELL)
    after >> [after.listed(), seconds(0.1)] >> after.account(sale) << nothing(OrderChanged, trigger="adopted")
    after >> after.found(play.filled(bought).report) << did(PositionChanged, state=PositionState.ACTIVE)
    after >> seconds(0.6) << did(OrderChanged, trigger="adopted")  # it waits for no other reading
    after >> seconds(0.5) << did(ReadAccount)


def test_a_resting_sale_makes_way_for_a_lost_one(play: Playbook) -> None:
    """Seed 9211: a take-profit that rests for ever would keep the lost sale out of the books for ever."""
    play.holding(XRP)
    play >> place(limit(Side.SELL, 1100)) >> [play.sent(), play.accepted()]
    resting = play.order
    after = play.restarted()
    after.core._ids._prefix = ""  # type: ignore[attr-defined]
    gone = replace(play.foreign(XRP), order_id="order-77", side=Side.SELL, state=ReportedState.ENDED)
    after >> [after.listed(), seconds(0.1)]
    reading = after.account(after.report(resting))
    reading = AccountRead(replace(reading.snapshot, ended_orders=(gone,)))
    after >> reading << did(SendCancel, order_id=resting.order_id) << nothing(OrderChanged, trigger="adopted")
    after >> after.ended(resting) >> reading << did(OrderChanged, trigger="adopted", order_id="order-77")


def test_a_lost_sale_that_was_named_once_is_not_forgotten_by_an_older_listing(play: Playbook) -> None:
    """Seed 1571: it had to wait for a resting one; the next reading did not list it, and it was sold once more."""
    play.holding(XRP)
    play >> place(limit(Side.SELL, 1100)) >> [play.sent(), play.accepted()]
    resting = play.order
    after = play.restarted()
    after.core._ids._prefix = ""  # type: ignore[attr-defined]
    lost = replace(play.foreign(XRP), order_id="order-77", side=Side.SELL)
    after >> [after.listed(), seconds(0.1)]
    after >> after.account(after.report(resting), lost) << did(SendCancel, order_id=resting.order_id)
    after >> after.account(after.report(resting)) >> after.ended(resting)
    after >> seconds(0.6) << did(OrderChanged, trigger="adopted", order_id="order-77") << nothing(SubmitOrder)


def test_after_an_unclean_end_exits_do_not_wait_for_ever(play: Playbook) -> None:
    after, _ = lost_sale(play)
    after >> after.listed() >> price(XRP, 900) << nothing(SubmitOrder)
    after >> seconds(120.5, tick=0.5) << did(SubmitOrder, side=Side.SELL)


def test_after_an_unclean_end_entries_wait_for_what_the_journal_lost(play: Playbook) -> None:
    after = play.restarted()
    blind = AccountRead(replace(after.account().snapshot, ended_since=None))
    after >> [after.listed(), StreamStateChanged(VENUE, "private", up=True), blind]
    assert not after.core.account.reconciled
    after >> after.account()
    assert after.core.account.reconciled


def test_a_lost_order_without_a_position_is_told_and_not_traded(play: Playbook) -> None:
    after = play.restarted()
    stray = replace(play.foreign(ETH), order_id="order-99")
    after.core._ids._prefix = ""  # type: ignore[attr-defined]
    after >> [after.listed(), after.account(stray)] << did(ExternalChangeFound) << nothing(SubmitOrder)


def test_a_restart_gives_no_new_allowance_of_entries(play: Playbook) -> None:
    """hyperliquid-trading-agent#5: counters reset by a restart."""
    play.limits = replace(play.limits, max_orders_per_minute=1)
    play.holding(XRP)
    after = play.restarted().ready()
    after >> after.start(ETH) << did(IntentRefused) << nothing(SubmitOrder)
    after >> [seconds(61), price(XRP, 1000), price(BTC, 100_000_000)]
    after >> after.start(BTC) << did(SubmitOrder, side=Side.BUY)


def test_a_restart_gives_no_new_trades_of_the_day_nor_of_the_month(play: Playbook) -> None:
    """``earlier`` is what the storage knows of the month beyond the orders it hands back one by one."""
    month = business_month_start(play.now)
    for limits, told in (
        (replace(play.limits, max_daily_entries=1), RefusalReason.DAILY_ENTRIES_LIMIT),
        (replace(play.limits, max_monthly_entries=4), RefusalReason.MONTHLY_ENTRIES_LIMIT),
        (replace(play.limits, max_monthly_value=money(3_500_000)), RefusalReason.MONTHLY_VALUE_LIMIT),
    ):
        first = Playbook(limits=limits).ready()
        first.holding(XRP)
        earlier = (DayUse(month, 3, money(2_000_000), money(0)),)
        after = first.restarted(earlier=earlier).ready()
        after >> after.start(ETH)
        refusal = next(item.refusal for item in after.history if isinstance(item, IntentRefused))
        assert refusal.reason is told


def test_a_loss_of_the_month_is_remembered_by_a_restart(play: Playbook) -> None:
    earlier = (DayUse(business_month_start(play.now), 1, money(5_000_000), money(-3_500_000)),)
    after = play.restarted(earlier=earlier).ready()
    after >> after.start(ETH) << did(IntentRefused) << nothing(SubmitOrder)
    refusal = next(item.refusal for item in after.history if isinstance(item, IntentRefused))
    assert refusal.reason is RefusalReason.MONTHLY_LOSS_LIMIT


def test_money_that_went_elsewhere_while_the_entry_waited_stops_it(play: Playbook) -> None:
    """The second look asks for money and limits too, and does not count the entry against itself."""
    play >> play.account(KRW=1_200_000) >> play.start(XRP)
    assert play.core.may_send(play.order.order_id, play.now) is None
    play >> play.account(KRW=500_000)
    assert "insufficient_balance" in str(play.core.may_send(play.order.order_id, play.now))


def test_an_exit_whose_fate_is_unknown_is_not_sent_again_after_a_restart(play: Playbook) -> None:
    """nautilus#4736: a warm restart flattened a cached position a second time."""
    play.holding(XRP)
    play >> price(XRP, 900) >> play.sent()
    lost = play.order
    after = play.restarted()
    after >> after.listed() >> [price(XRP, 880), seconds(20, tick=0.5)] << nothing(SubmitOrder)
    after >> after.found(after.filled(lost, price=900).report) << did(PositionChanged, state=PositionState.CLOSED)
    after << nothing(SubmitOrder)


def test_fills_known_before_the_restart_are_not_booked_again(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()]
    word = play.part_filled(100)
    play >> word
    after = play.restarted()
    after >> word << nothing(PositionChanged)
    assert after.position(XRP).quantity == 100


def test_profit_of_the_day_survives_a_restart(play: Playbook) -> None:
    """S13: counters reset by a restart."""
    held = play.holding(XRP)
    play >> ClosePosition(held.position_id) >> play.filled(price=900)
    play.holding(ETH)
    after = play.restarted(only_live=False)
    lost = play.core.account.realised_today(play.now)
    assert lost < 0 and after.core.account.realised_today(after.now) == lost


def test_after_a_restart_entries_wait_for_a_person_and_for_a_reading(play: Playbook) -> None:
    play >> play.start(XRP, blueprint(enter="close > 2000"))
    after = play.restarted().ready(TradingState.DISABLED)
    after >> after.next_bar(XRP, 2001) << nothing(SubmitOrder)
    after >> SetTradingState(TradingState.ENABLED, "a person")
    after << did(SubmitOrder, side=Side.BUY)


# ---- the second look -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (SetTradingState(TradingState.DISABLED, "x"), "trading_disabled"),
        (SetTradingState(TradingState.REDUCING, "x"), "reducing_only"),
        (SetTradingState(TradingState.HALTED, "x"), "halted"),
        (LiquidateAll("x"), "liquidating"),
        (ClosePosition("position-1"), "does not want to enter"),
        (PausePosition("position-1"), "does not want to enter"),
        (seconds(6), "expired"),
    ],
)
def test_an_entry_is_looked_at_again_right_before_it_leaves(
    play: Playbook, change: Message | Seconds, words: str
) -> None:
    """C9: what waits in the queue may be wrong by the time its turn comes."""
    play >> play.start(XRP)
    assert play.core.may_send(play.order.order_id, play.now) is None
    play >> change
    assert words in str(play.core.may_send(play.order.order_id, play.now))


def test_an_order_that_is_over_does_not_leave(play: Playbook) -> None:
    play >> play.start(XRP) >> play.not_sent()
    assert play.core.may_send(play.order.order_id, play.now) == "the order is over"
    assert play.core.may_send("never heard of", play.now) == "the order is over"


# ---- the rest of the switchboard -------------------------------------------------------------------------------------


def test_a_private_stream_that_comes_back_is_followed_by_a_reading(play: Playbook) -> None:
    """T11: nothing of the gap is replayed."""
    play >> StreamStateChanged(VENUE, "private", False) << nothing(ReadAccount)
    assert not play.core.account.reconciled
    play >> StreamStateChanged(VENUE, "private", True) << did(ReadAccount)
    play >> play.account()
    assert play.core.account.reconciled


def test_a_reading_is_asked_for_on_request_and_tickers_pass_through(play: Playbook) -> None:
    play >> ReconcileNow("a person") << did(ReadAccount)
    one = Decimal(1)
    play >> Ticker(XRP, one, one, one, one, one, one, play.now, play.now) << did(Ticker, market=XRP)


def test_enabling_looks_at_waiting_strategies_at_once(play: Playbook) -> None:
    play >> SetTradingState(TradingState.DISABLED, "test") >> play.start(XRP) << nothing(SubmitOrder)
    play >> SetTradingState(TradingState.ENABLED, "test") << did(SubmitOrder, side=Side.BUY)


def test_a_broken_rule_in_an_unnamed_place_makes_the_engine_reducing(play: Playbook) -> None:
    held = play.holding(XRP)
    broken = replace(held, position_id="odd", state=PositionState.PENDING)
    play.core.positions.put(broken)
    odd = order_of("odd-1", side=Side.SELL, position_id="odd", order_type=OrderType.MARKET)
    play.core.tracker.put(odd)
    play >> play.account(play.report(odd, fills=[play.fill(1)])) << did(AlertRaised, key="rule_broken", critical=True)
    assert play.core.switch.state is TradingState.REDUCING
    play >> price(XRP, 900) << did(SubmitOrder, side=Side.SELL)  # the others are still protected


def test_a_rule_that_cannot_be_computed_today_decides_nothing(play: Playbook, caplog: pytest.LogCaptureFixture) -> None:
    """U8: a division by zero must not kill the chain that also holds the stops (GinkGO#5486)."""
    play.holding(XRP, blueprint(leave="10 / (price - 1001) > 0"))
    play >> play.next_bar(XRP, 1001) << nothing(SubmitOrder)
    assert "cannot be computed" in caplog.text
    play >> play.next_bar(XRP, 1002) << did(SubmitOrder, side=Side.SELL)


def test_the_same_story_gives_the_same_results() -> None:
    def story() -> list[object]:
        play = Playbook().ready()
        play.holding(XRP, blueprint(trail=1))
        play >> [price(XRP, 1100), seconds(1), price(XRP, 1000)] >> play.filled() >> seconds(5)
        return list(play.history)

    assert story() == story()


# ---- what no story may break -----------------------------------------------------------------------------------------


@dataclass
class Chaos:
    """Plays random news and checks the invariants after each."""

    play: Playbook = field(default_factory=lambda: Playbook(cash=Decimal(50_000_000)).ready())
    said: list[Message] = field(default_factory=list)
    ended: dict[str, OrderState] = field(default_factory=dict)
    filled: dict[str, Decimal] = field(default_factory=dict)
    executed: dict[str, Decimal] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)

    def step(self, kind: str, which: int, amount: int) -> None:
        getattr(self, f"do_{kind}")(which, amount)
        self.check()

    def tell(self, message: Message) -> None:
        self.said.append(message)
        self.play >> message

    def any_order(self, which: int) -> Order | None:
        orders = self.play.orders()
        return orders[which % len(orders)] if orders else None

    def market(self, which: int) -> Market:
        return (XRP, BTC, ETH)[which % 3]

    # what may happen
    def do_start(self, which: int, amount: int) -> None:
        half = Decimal(50)
        ladder = (EntryStep(half), EntryStep(half, Decimal(1)))
        steps = ladder if amount % 2 else ladder[:1]
        plan = blueprint(stop=2, target=3, trail=1, hold=1, limit=which % 2 == 0, timeout_s=2, steps=steps)
        self.tell(self.play.start(self.market(which), plan, 300_000 + amount * 1000, f"c{which % 4}-{amount % 4}"))

    def do_price(self, which: int, amount: int) -> None:
        market = self.market(which)
        rules = self.play.core.board.constraints[market]
        self.play >> price(market, rules.floor_price(PRICES[market] * (95 + amount % 11) / 100))

    def do_wait(self, which: int, amount: int) -> None:
        self.play >> seconds((amount % 40) / 10 + 0.1, tick=0.1 if which % 2 else 0.5)

    def do_fill(self, which: int, amount: int) -> None:
        self._report(which, amount % 10 + 1, ended=False, silent=amount % 3 == 0)

    def do_finish(self, which: int, amount: int) -> None:
        self._report(which, amount % 11, ended=True, silent=amount % 4 == 0)

    def _report(self, which: int, tenths: int, ended: bool, silent: bool) -> None:
        """The venue executes some tenths of what is left; sometimes it forgets to list the executions."""
        order = self.any_order(which)
        if order is None:
            return
        have = self.executed.get(order.order_id, Decimal(0))
        at = PRICES[order.intent.market]
        whole = order.intent.volume or ((order.intent.funds or Decimal(0)) / at).quantize(STEP, "ROUND_DOWN")
        more = ((whole - have) * tenths / 10).quantize(STEP, "ROUND_DOWN")
        fills = []
        over = order.order_id in self.finished or order.state in (OrderState.REJECTED, OrderState.EXPIRED)
        if more > 0 and not over and not silent:  # a venue that said no does not execute it all the same
            fills = [self.play.fill(more, at, fee=at * more / 2000)]
            self.executed[order.order_id] = have + more
        if ended:
            self.finished.add(order.order_id)
        report = self.play.report(
            order, ended=ended, fills=fills, executed=self.executed.get(order.order_id, Decimal(0))
        )
        ways: list[Callable[[], Message]] = [lambda: OrderReported(report), lambda: self.play.found(report)]
        self.tell(ways[which % 2]())

    def do_answer(self, which: int, amount: int) -> None:
        order = self.any_order(which)
        if order is None:
            return
        play = self.play
        answers: list[Callable[[Order], Message]] = [
            play.sent,
            play.accepted,
            play.unknown,
            play.not_found,
            play.lookup_failed,
            play.sent,
            lambda o: play.cancel_answered(True, o),
            lambda o: play.cancel_answered(False, o),
        ]
        if order.order_id not in self.executed:  # a venue that executed it cannot have refused it
            answers += [play.not_sent, lambda o: play.refused("market_offline", o)]
        self.tell(answers[amount % len(answers)](order))

    def do_again(self, which: int, amount: int) -> None:
        """An old message once more: duplicates, replays, stale reports."""
        if self.said:
            self.play >> self.said[(which * 31 + amount) % len(self.said)]

    def do_command(self, which: int, amount: int) -> None:
        positions = list(self.play.core.positions.positions)
        pid = positions[which % len(positions)] if positions else "none"
        order = self.any_order(which)
        self.play.core.switch.ask(TradingState.DISABLED, "chaos", unlocked=amount % 3 == 0)
        commands: list[Message] = [
            PausePosition(pid),
            ResumePosition(pid),
            ClosePosition(pid),
            CancelOrder(order.order_id if order else "none"),
            SetTradingState(list(TradingState)[which % 4], "chaos"),
            SetTradingState(TradingState.ENABLED, "chaos"),
            ReconcileNow("chaos"),
            StreamStateChanged(VENUE, "private", which % 2 == 0),
        ]
        if which % 7 == 0:
            commands.append(LiquidateAll(f"press-{amount}"))
        self.tell(commands[amount % len(commands)])

    def do_account(self, which: int, amount: int) -> None:
        shown = [o for o in self.play.core.tracker.working() if amount % 2 and o.state is not OrderState.INTENT]
        reports = [self.play.report(o, executed=self.executed.get(o.order_id, Decimal(0))) for o in shown]
        if which % 5 == 0:
            reports.append(self.play.foreign(self.market(which), f"phone-{amount % 3}"))
        self.play >> self.play.account(*reports, started_ago=amount % 3)

    # what must hold
    def check(self) -> None:
        core = self.play.core
        for order in self.play.orders():
            name = order.order_id
            if name in self.ended:
                assert order.state is self.ended[name], "a finished order came back to life"
            elif order.state.is_terminal:
                self.ended[name] = order.state
            assert order.filled_volume >= self.filled.get(name, Decimal(0)), "filled volume fell"
            self.filled[name] = order.filled_volume
            assert order.filled_volume <= self.executed.get(name, Decimal(0)), "more booked than executed"
        for position in core.positions.positions.values():
            self.check_position(position.position_id)
        assert all(order.reserved == 0 for order in self.play.orders() if order.state.is_terminal)

    def check_position(self, pid: str) -> None:
        core = self.play.core
        position = core.positions.positions[pid]
        mine = [order for order in core.tracker.orders.values() if order.intent.position_id == pid]
        fills = [fill for order in mine for fill in core.tracker.fills_of(order.order_id)]
        signed = total(fill.volume if fill.side is Side.BUY else -fill.volume for fill in fills)
        assert position.quantity == signed, "quantity is not the sum of the fills"
        bound = core.tracker.working_sell_volume(pid)
        assert bound <= position.quantity, "more is being sold than is held"
        exits = [o for o in core.tracker.working(pid) if o.intent.side is Side.SELL]
        assert len(exits) <= 1, "two exits at once"
        if position.state is PositionState.CLOSED:
            assert not core.tracker.working(pid)
        assert position.fees == total(fill.fee for fill in fills)


KINDS = ["start", "price", "price", "wait", "fill", "finish", "answer", "answer", "again", "command", "account"]


steps = st.tuples(st.sampled_from(KINDS), st.integers(0, 60), st.integers(0, 60))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=20, max_size=80))
def test_no_sequence_of_news_breaks_the_invariants(news: list[tuple[str, int, int]]) -> None:
    """I5, I7, I9, I11: whatever comes, in whatever order, twice or late."""
    chaos = Chaos()
    for kind, which, amount in news:
        chaos.step(kind, which, amount)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=15, max_size=40), st.lists(steps, max_size=20))
def test_no_sequence_of_news_with_a_crash_in_it_breaks_the_invariants(
    before: list[tuple[str, int, int]], later: list[tuple[str, int, int]]
) -> None:
    """I23: what the journal knew is enough to go on."""
    chaos = Chaos()
    for kind, which, amount in before:
        chaos.step(kind, which, amount)
    books = {pid: p.quantity for pid, p in chaos.play.core.positions.positions.items()}
    chaos.play = chaos.play.restarted(only_live=False)
    assert {pid: p.quantity for pid, p in chaos.play.core.positions.positions.items()} == books
    chaos.play.ready()
    chaos.check()
    for kind, which, amount in later:
        chaos.step(kind, which, amount)
