"""Reports shuffled, doubled, lost and at last complete: the end does not depend on the way (I5, I7)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.domain.order import Order, OrderState
from app.domain.values import OrderType, Side
from app.domain.venue_reports import OrderReport, ReportedFill, ReportedState
from app.engine.order_tracker import OrderTracker
from tests.property.profile import examples
from tests.unit.domain.samples import BTC, LATER, NOW, intent, order

ZERO = Decimal(0)
STEP = Decimal("0.00000001")


@dataclass(frozen=True)
class Truth:
    """What the venue did: fills in order, and whether the order is over."""

    fills: tuple[ReportedFill, ...]
    wanted: Decimal | None
    fees_told: bool

    def report(self, upto: int, shown: tuple[ReportedFill, ...], *, ended: bool, complete: bool) -> OrderReport:
        done = self.fills[:upto]
        if complete or not self.fees_told:
            shown = tuple(replace(fill, fee=None) for fill in shown)
        return OrderReport(
            order_id="o-1",
            venue_order_id="v-1",
            market=BTC,
            side=Side.BUY,
            state=ReportedState.ENDED if ended else ReportedState.OPEN,
            executed_volume=sum((fill.volume for fill in done), ZERO),
            paid_fee=sum((fill.fee or ZERO for fill in done), ZERO),
            reported_at=NOW,
            fills=shown,
            fills_complete=complete,
        )

    def frames(self) -> list[OrderReport]:
        """One per fill, as the stream brings them, and a poll without fills after each."""
        each = [self.report(n + 1, (fill,), ended=False, complete=False) for n, fill in enumerate(self.fills)]
        return each + [self.report(n, (), ended=False, complete=False) for n in range(len(self.fills) + 1)]

    def last(self, complete: bool = True) -> OrderReport:
        return self.report(len(self.fills), self.fills if complete else (), ended=True, complete=complete)


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    sizes = draw(st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 10**10)), max_size=8))
    fills = tuple(
        ReportedFill(f"t-{n}", Decimal(price) / 100, lots * STEP, NOW, (Decimal(price) / 100 * lots * STEP / 2000))
        for n, (lots, price) in enumerate(sizes)
    )
    volume = sum((fill.volume for fill in fills), ZERO)
    wanted = draw(st.sampled_from((None, volume, volume + 1)))
    return Truth(fills, wanted if wanted else (None if fills else Decimal(1)), draw(st.booleans()))


def sent_order(truth: Truth) -> Order:
    if truth.wanted is None:
        mine = intent(order_type=OrderType.MARKET, price=None, volume=None, funds=Decimal(10**15))
    else:
        mine = intent(volume=truth.wanted)
    return order(OrderState.SENT, intent=mine, reserved=Decimal(100))


def told(truth: Truth, reports: list[OrderReport]) -> tuple[Order, OrderTracker]:
    """Apply the reports in this order, with what must hold after each."""
    tracker = OrderTracker()
    now = tracker.put(sent_order(truth))
    heard, booked = ZERO, 0
    for report in reports:
        before = now
        now, fresh, _ = tracker.apply_report(now, report, LATER)
        heard = max(heard, report.executed_volume)
        booked += len(fresh)
        assert {fill.trade_id for fill in fresh}.isdisjoint(
            {fill.trade_id for fill in tracker.fills_of("o-1")[: booked - len(fresh)]}
        )
        assert before.filled_volume <= now.filled_volume <= heard, "more was booked than the venue ever said"
        assert not before.state.is_terminal or now.state is before.state
        assert not now.state.is_terminal or now.reserved == 0
        assert now.filled_volume == sum((fill.volume for fill in tracker.fills_of("o-1")), ZERO)
        assert tracker.needs_fills(now, report) == (report.executed_volume > now.filled_volume)
    return now, tracker


@given(truths(), st.integers(0, 2**32), st.integers(0, 12), st.integers(0, 12))
@examples(200)
def test_the_end_does_not_depend_on_the_way(truth: Truth, seed: int, lost: int, doubled: int) -> None:
    chance = Random(seed)
    frames = truth.frames()
    chance.shuffle(frames)
    kept = frames[lost:]
    reports = kept + [chance.choice(kept) for _ in range(doubled) if kept]
    chance.shuffle(reports)
    plain, plain_book = told(truth, [truth.last()])
    found, found_book = told(truth, [*reports, truth.last()])
    again, _ = told(truth, [*reports, truth.last(), *reports, truth.last()])
    assert found.state is plain.state is again.state and plain.state.is_terminal
    for one, other in ((found, plain), (again, plain)):
        assert (one.filled_volume, one.filled_funds) == (other.filled_volume, other.filled_funds)
        assert one.paid_fee == truth.last().paid_fee, "the fees of the fills add up to what was paid, to the last digit"
    key = {(fill.trade_id, fill.price, fill.volume) for fill in plain_book.fills_of("o-1")}
    assert {(fill.trade_id, fill.price, fill.volume) for fill in found_book.fills_of("o-1")} == key


@given(truths(), st.integers(0, 2**32))
@examples(100)
def test_an_end_is_believed_only_when_every_fill_is_there(truth: Truth, seed: int) -> None:
    """X9: a cancel is confirmed while fills of the order are not told yet."""
    frames = truth.frames()
    Random(seed).shuffle(frames)
    some = frames[: len(frames) // 2]
    now, tracker = told(truth, [*some, truth.last(complete=False)])
    assert now.state.is_terminal == (now.filled_volume == truth.last().executed_volume)
    assert tracker.needs_fills(now, truth.last()) != now.state.is_terminal


@given(truths(), st.sampled_from([state for state in OrderState if state.is_terminal]))
@examples(60)
def test_a_late_fill_of_a_finished_order_is_booked_all_the_same(truth: Truth, state: OrderState) -> None:
    """X29: terminal is absorbing for the state, never for the money."""
    tracker = OrderTracker()
    over = tracker.put(replace(sent_order(truth), state=state, reserved=ZERO))
    now, fresh, _ = tracker.apply_report(over, truth.last(), LATER)
    assert now.state is state and len(fresh) == len(truth.fills)
    assert now.filled_volume == truth.last().executed_volume
