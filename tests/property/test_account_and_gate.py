"""The account's sums, and the gate: no entry on a number that is none; no exit that a guard could stop."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.business_day import business_day_start
from app.domain.effects import ApprovedOrder
from app.domain.limits import TradingLimits
from app.domain.market_data import Book, BookLevel
from app.domain.messages import StreamStateChanged
from app.domain.money import ZERO, is_usable
from app.domain.order import OrderIntent
from app.domain.refusal import Refusal
from app.domain.values import OrderType, Purpose, Side, TradingState
from app.domain.venue_reports import Balance
from app.engine.account_book import AccountBook
from app.engine.position_manager import Mark
from tests.property.profile import examples
from tests.unit.engine.playbook import START, VENUE, XRP, Playbook, seconds

moments = st.integers(-3 * 86_400, 3 * 86_400).map(lambda s: START + timedelta(seconds=s))
amounts = st.decimals("-1000000", "1000000", places=8)
strange = st.sampled_from([Decimal(word) for word in ("NaN", "Infinity", "-Infinity", "0", "-1", "1e-30")])
prices = st.one_of(st.just(Decimal(1000)), strange)
ages = st.sampled_from((0.0, 1.0, 4.9, 5.1, 60.0))


@given(st.lists(st.tuples(moments, amounts), max_size=30), moments)
@examples(100)
def test_profits_belong_to_their_business_day_and_are_exact(
    booked: list[tuple[datetime, Decimal]], now: datetime
) -> None:
    """C6: and a restart changes none of it."""
    account, again = (AccountBook("KRW", TradingLimits()) for _ in range(2))
    for at, amount in booked:
        account.book_realised(at, amount)
    again.restore(booked, [at for at, _ in booked])
    today = business_day_start(now)
    assert timedelta(0) <= now - today < timedelta(days=1)
    expected = sum((amount for at, amount in booked if at >= today), ZERO)
    assert account.realised_today(now) == again.realised_today(now) == expected


@given(st.lists(st.tuples(st.sampled_from(("KRW", "BTC", "XRP")), st.integers(0, 9), moments), max_size=20))
@examples(100)
def test_older_words_about_an_asset_are_ignored(told: list[tuple[str, int, datetime]]) -> None:
    account = AccountBook("KRW", TradingLimits())
    newest: dict[str, tuple[datetime, int]] = {}
    for asset, free, at in told:
        account.take_balances([Balance(asset, Decimal(free), ZERO)], at, complete=False)
        if asset not in newest or at >= newest[asset][0]:
            newest[asset] = (at, free)
    for asset, (at, free) in newest.items():
        assert (account.balance(asset).free, account.reported_at(asset)) == (Decimal(free), at)


def intent_of(funds: Decimal | None, price: Decimal | None, volume: Decimal | None) -> OrderIntent:
    kind = OrderType.LIMIT if price is not None else OrderType.MARKET
    return OrderIntent("p", XRP, Side.BUY, kind, Purpose.ENTRY, "test", price, volume, funds)


@given(
    last=prices,
    bid=prices,
    ask=prices,
    age=ages,
    state=st.sampled_from(TradingState),
    liquidating=st.booleans(),
    reconciled=st.booleans(),
    money=st.one_of(st.just(Decimal(10_000)), strange),
    limit=st.booleans(),
)
@examples(200)
def test_an_entry_needs_every_number_to_be_one(
    last: Decimal,
    bid: Decimal,
    ask: Decimal,
    age: float,
    state: TradingState,
    liquidating: bool,
    reconciled: bool,
    money: Decimal,
    limit: bool,
) -> None:
    """I17, I19, I13: approved means that each condition holds; one bad number is enough to refuse."""
    core = Playbook().ready().core
    now = START + timedelta(minutes=1)
    seen = now - timedelta(seconds=age)
    core.positions.marks[XRP] = Mark(last, seen, from_trade=True)
    core.board.books[XRP] = Book(XRP, (BookLevel(bid, Decimal(1)),), (BookLevel(ask, Decimal(1)),), seen, seen)
    core.account.reconciled = reconciled
    view = replace(core.view(), state=state, liquidating=liquidating)
    intent = intent_of(None, Decimal(1000), money / 1000) if limit else intent_of(money, None, None)
    verdict = core.desk.gate.check(intent, view, now)
    sound = all(is_usable(number) for number in (last, bid, ask, money)) and age <= 5
    allowed = state is TradingState.ENABLED and not liquidating and reconciled
    if isinstance(verdict, ApprovedOrder):
        assert sound and allowed
        assert verdict.order.reserved >= money, "its money is reserved, fee on top"
    else:
        ordinary = last == bid == ask == 1000 and money == 10_000
        assert not (ordinary and sound and allowed), f"refused for no reason: {verdict}"


@given(
    state=st.sampled_from(TradingState),
    last=prices,
    bid=st.one_of(st.none(), prices),
    age=ages,
    share=st.integers(1, 8),
    purpose=st.sampled_from((Purpose.EXIT, Purpose.LIQUIDATION)),
)
@examples(150)
def test_no_guard_stops_an_exit(
    state: TradingState, last: Decimal, bid: Decimal | None, age: float, share: int, purpose: Purpose
) -> None:
    """Whatever is known of prices, whatever trading state: what is held may be sold, and not a bit more."""
    play = Playbook().ready()
    position = play.holding(XRP)
    play >> StreamStateChanged(VENUE, "private", False) >> seconds(1)
    core, held = play.core, position.quantity
    core.positions.marks[XRP] = Mark(last, play.now - timedelta(seconds=age), from_trade=True)
    bids = () if bid is None else (BookLevel(bid, Decimal(1)),)
    core.board.books[XRP] = Book(XRP, bids, (), play.now, play.now)
    wanted = held * share / 4
    exit_intent = OrderIntent(position.position_id, XRP, Side.SELL, OrderType.MARKET, purpose, "test", volume=wanted)
    verdict = core.desk.gate.check(exit_intent, replace(core.view(), state=state, liquidating=share % 2 == 0), play.now)
    assert not isinstance(verdict, Refusal), verdict
    volume = verdict.order.intent.volume
    assert volume is not None and 0 < volume <= min(wanted, held)
    assert min(wanted, held) - volume < core.board.constraints[XRP].volume_step
