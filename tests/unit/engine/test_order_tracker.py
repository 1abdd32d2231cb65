"""Fills once per (order, trade), fees that add up, ends that are believed only when everything is booked."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import total
from app.domain.order import OrderState, OrderTrigger
from app.domain.values import OrderType, Side
from app.domain.venue_reports import OrderReport, ReportedFill, ReportedState
from app.engine.order_tracker import VISIBILITY_HORIZON, OrderTracker
from tests.unit.engine.playbook import BTC, START, XRP, order_of


def fill(trade: str, volume: Decimal | int | str, at: Decimal | int = 1000, fee: Decimal | None = None) -> ReportedFill:
    return ReportedFill(trade, Decimal(at), Decimal(volume), START, fee)


def report(*fills: ReportedFill, ended: bool = False, executed: Decimal | None = None, paid: object = 0) -> OrderReport:
    executed = total(f.volume for f in fills) if executed is None else executed
    return OrderReport(
        order_id="order-x",
        venue_order_id="venue-x",
        market=XRP,
        side=Side.BUY,
        state=ReportedState.ENDED if ended else ReportedState.OPEN,
        executed_volume=executed,
        paid_fee=Decimal(str(paid)),
        reported_at=START,
        fills=fills,
        fills_complete=total(f.volume for f in {f.trade_id: f for f in fills}.values()) == executed,
    )


def test_working_orders_are_found_by_position_and_by_market() -> None:
    tracker = OrderTracker()
    mine = tracker.put(order_of("a", XRP, position_id="p1"))
    other = tracker.put(order_of("b", BTC, position_id="p2", state=OrderState.UNKNOWN))
    tracker.put(order_of("c", XRP, position_id="p1", state=OrderState.FILLED))
    assert tracker.working() == [mine, other]
    assert tracker.working("p1") == [mine] and tracker.working(market=BTC) == [other]
    assert tracker.get("c") is not None and tracker.get(None) is None and tracker.get("z") is None


def test_all_orders_of_a_position_are_found_in_their_newest_version() -> None:
    tracker = OrderTracker()
    tracker.put(order_of("a", position_id="p1"))
    other = tracker.put(order_of("b", position_id="p2"))
    late = order_of("c", position_id="p1", state=OrderState.FILLED)
    tracker.restore([late], [])
    ended = tracker.put(order_of("a", position_id="p1", state=OrderState.CANCELLED))
    assert tracker.of_position("p1") == [ended, late] and tracker.of_position("p2") == [other]
    assert tracker.of_position("nobody") == []


def test_the_last_move_of_an_order_with_fills_is_remembered() -> None:
    tracker = OrderTracker()
    later = START + timedelta(seconds=9)
    tracker.put(order_of("a", updated_at=later))
    assert tracker.last_fill_at is None
    tracker.put(order_of("b", filled_volume=Decimal(1), updated_at=later))
    tracker.put(order_of("c", filled_volume=Decimal(1), updated_at=START))
    assert tracker.last_fill_at == later


def test_only_what_is_left_of_working_sells_is_bound() -> None:
    tracker = OrderTracker()
    tracker.put(order_of("a", side=Side.SELL, volume=100, filled_volume=Decimal(30), position_id="p"))
    tracker.put(order_of("b", side=Side.SELL, volume=5, state=OrderState.CANCELLED, position_id="p"))
    tracker.put(order_of("c", side=Side.BUY, volume=7, position_id="p"))
    assert tracker.working_sell_volume("p") == 70
    assert tracker.has_working_entry("p") and not tracker.has_working_entry("q")
    assert tracker.has_working_sale("p") and not tracker.has_working_sale("q")


def test_sales_of_a_position_are_found_in_their_newest_version() -> None:
    tracker = OrderTracker()
    tracker.put(order_of("a", side=Side.SELL, position_id="p"))
    tracker.put(order_of("b", side=Side.BUY, position_id="p"))
    other = tracker.put(order_of("c", side=Side.SELL, position_id="q"))
    ended = tracker.put(order_of("a", side=Side.SELL, position_id="p", state=OrderState.CANCELLED))
    assert tracker.sales_of("p") == [ended] and tracker.sales_of("q") == [other] and tracker.sales_of("r") == []
    assert not tracker.has_working_sale("p") and tracker.working("p") == tracker.working()[:1]


def test_the_same_trade_is_booked_once_even_within_one_report() -> None:
    tracker = OrderTracker()
    order = tracker.put(order_of())
    twice = report(fill("t1", 40), fill("t1", 40), executed=Decimal(40))
    moved, fresh, trigger = tracker.apply_report(order, twice, START)
    assert [f.volume for f in fresh] == [40] and moved.filled_volume == 40 and trigger is OrderTrigger.PART_FILLED
    assert tracker.apply_report(moved, twice, START)[1] == []


def test_one_trade_number_may_belong_to_two_orders() -> None:
    """O2 (nautilus#3450): both sides of a trade carry the same number."""
    tracker = OrderTracker()
    for name in ("order-x", "order-y"):
        order = tracker.put(order_of(name))
        assert len(tracker.apply_report(order, report(fill("t1", 40)), START)[1]) == 1


def test_an_end_is_not_believed_before_every_execution_is_booked() -> None:
    tracker = OrderTracker()
    order = tracker.put(order_of())
    early = report(ended=True, executed=Decimal(100))
    moved, _, _ = tracker.apply_report(order, early, START)
    assert moved.is_working and tracker.needs_fills(moved, early)
    done, fresh, _ = tracker.apply_report(moved, report(fill("t1", 60), fill("t2", 40), ended=True), START)
    assert done.state is OrderState.FILLED and len(fresh) == 2 and done.reserved == 0


def test_an_overfill_is_booked_as_it_is() -> None:
    """X28: refusing it would only make our books wrong."""
    tracker = OrderTracker()
    order = tracker.put(order_of(volume=100))
    moved, _, _ = tracker.apply_report(order, report(fill("t1", 101), ended=True), START)
    assert moved.state is OrderState.FILLED and moved.filled_volume == 101


def test_an_older_report_with_less_does_not_take_fills_back() -> None:
    """O5: an older snapshot must not overwrite a newer state."""
    tracker = OrderTracker()
    order = tracker.put(order_of())
    newer, _, _ = tracker.apply_report(order, report(fill("t1", 10), fill("t2", 20)), START)
    older, fresh, _ = tracker.apply_report(newer, report(fill("t1", 10)), START)
    assert older.filled_volume == 30 and not fresh


def test_a_late_fill_of_a_finished_order_is_booked_and_does_not_wake_it() -> None:
    """X29."""
    tracker = OrderTracker()
    order = tracker.put(order_of(state=OrderState.REJECTED))
    moved, fresh, _ = tracker.apply_report(order, report(fill("t1", 10)), START)
    assert moved.state is OrderState.REJECTED and len(fresh) == 1 and moved.filled_volume == 10
    assert tracker.working() == []


def test_a_market_sale_is_filled_only_when_all_of_it_was_sold() -> None:
    tracker = OrderTracker()
    order = tracker.put(order_of(side=Side.SELL, order_type=OrderType.MARKET, price=None))
    moved, _, trigger = tracker.apply_report(order, report(fill("t1", 99), ended=True), START)
    assert trigger is OrderTrigger.ENDED and moved.state is OrderState.CANCELLED


def test_not_founds_count_only_while_the_order_is_unknown() -> None:
    tracker = OrderTracker()
    seen, lost = tracker.put(order_of("a")), tracker.put(order_of("b", state=OrderState.UNKNOWN))
    late = START + VISIBILITY_HORIZON
    for _ in range(3):
        seen, _ = tracker.not_found(seen, late)
        lost, trigger = tracker.not_found(lost, late)
    assert seen.state is OrderState.OPEN
    assert lost.state is OrderState.REJECTED and trigger is OrderTrigger.NEVER_ARRIVED


def test_a_found_report_starts_the_counting_of_not_founds_again() -> None:
    tracker = OrderTracker()
    order = tracker.put(order_of(state=OrderState.UNKNOWN))
    order, _ = tracker.not_found(order, START)
    order, _, _ = tracker.apply_report(order, report(), START)
    assert order.not_found_count == 0 and order.state is OrderState.OPEN


def test_an_unknown_order_with_a_fill_did_arrive_whatever_the_venue_says() -> None:
    tracker = OrderTracker()
    order = tracker.put(order_of(state=OrderState.UNKNOWN, filled_volume=Decimal(1)))
    for _ in range(9):
        order, _ = tracker.not_found(order, START + timedelta(hours=1))
    assert order.state is OrderState.UNKNOWN


def test_restored_fills_are_known() -> None:
    before = OrderTracker()
    moved, fresh, _ = before.apply_report(before.put(order_of()), report(fill("t1", 10)), START)
    after = OrderTracker()
    after.restore([moved], fresh)
    assert after.fills_of("order-x") == fresh
    assert after.apply_report(moved, report(fill("t1", 10)), START)[1] == []


# ---- fees ------------------------------------------------------------------------------------------------------------


def test_fees_of_their_own_are_taken_as_they_are() -> None:
    tracker = OrderTracker()
    order = tracker.put(order_of())
    fills = (fill("t1", 10, fee=Decimal("5.5")), fill("t2", 10, fee=Decimal("4.5")))
    booked = tracker.apply_report(order, report(*fills, paid=10), START)[1]
    assert [f.fee for f in booked] == [Decimal("5.5"), Decimal("4.5")]


def test_a_fill_without_a_fee_gets_what_the_others_left() -> None:
    tracker = OrderTracker()
    order = tracker.put(order_of())
    fills = (fill("t1", 10, fee=Decimal(6)), fill("t2", 10), fill("t3", 30))
    booked = tracker.apply_report(order, report(*fills, paid=10), START)[1]
    assert [f.fee for f in booked] == [6, 1, 3]


def test_an_older_list_of_fills_shares_out_the_fees_it_knows_of() -> None:
    """The stream overtook a look-up: the look-up's sum of fees does not contain the fill that came since."""
    tracker = OrderTracker()
    order = tracker.put(order_of())
    order = tracker.apply_report(order, report(fill("t2", 10, fee=Decimal(20)), executed=Decimal(30)), START)[0]
    older = replace(report(fill("t1", 20), executed=Decimal(20), paid=180), fills_complete=True)
    after, booked, _ = tracker.apply_report(order, older, START)
    assert [f.fee for f in booked] == [180] and after.paid_fee == 200


def test_fees_are_not_shared_out_over_half_a_list() -> None:
    """A look-up lists one of two fills and the fees of both; the other comes by stream with its own."""
    tracker = OrderTracker()
    order = tracker.put(order_of())
    half = report(fill("t1", 20), executed=Decimal(30), paid=300)
    order, booked, _ = tracker.apply_report(order, half, START)
    assert booked == [] and tracker.needs_fills(order, half)
    order = tracker.apply_report(order, report(fill("t2", 10, fee=Decimal(100)), executed=Decimal(30)), START)[0]
    after, booked, _ = tracker.apply_report(order, report(fill("t1", 20), fill("t2", 10), paid=300), START)
    assert [f.fee for f in booked] == [200] and after.paid_fee == 300


amounts = st.decimals(min_value="0.00000001", max_value=10**6, allow_nan=False, allow_infinity=False, places=8)
prices = st.decimals(min_value="0.001", max_value=10**9, allow_nan=False, allow_infinity=False, places=3)
fees = st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=16)


@given(parts=st.lists(st.tuples(prices, amounts), min_size=1, max_size=8), paid=fees, cut=st.integers(0, 8))
def test_fees_told_only_per_order_are_shared_out_exactly(
    parts: list[tuple[Decimal, Decimal]], paid: Decimal, cut: int
) -> None:
    """Upbit's REST answers name one fee per order: the shares must add up to it, to the last digit."""
    tracker = OrderTracker()
    order = tracker.put(order_of(volume=10**9))
    fills = [fill(f"t{number}", volume, at) for number, (at, volume) in enumerate(parts)]
    first = fills[:cut]
    paid_then = (paid * cut / len(fills)).quantize(Decimal("1e-16")) if cut < len(fills) else paid
    if first:
        order, _, _ = tracker.apply_report(order, report(*first, paid=paid_then), START)
    order, _, _ = tracker.apply_report(order, report(*fills, paid=paid, ended=True), START)
    assert order.paid_fee == total(f.fee for f in tracker.fills_of("order-x")) == paid
    assert all(f.fee >= 0 for f in tracker.fills_of("order-x"))


@given(
    volumes=st.lists(amounts, min_size=1, max_size=6),
    order_of_news=st.permutations(list(range(6))),
    repeats=st.lists(st.integers(0, 5), max_size=6),
)
def test_reports_in_any_order_and_any_number_end_in_the_same_books(
    volumes: list[Decimal], order_of_news: list[int], repeats: list[int]
) -> None:
    """T19, O3."""
    tracker = OrderTracker()
    everything = total(volumes)
    order = tracker.put(order_of(volume=everything))
    fills = [fill(f"t{number}", volume, fee=Decimal(1)) for number, volume in enumerate(volumes)]
    filled = Decimal(0)
    for number in [n for n in [*order_of_news, *repeats] if n < len(fills)]:
        order, _, _ = tracker.apply_report(order, report(fills[number], executed=everything), START)
        assert order.filled_volume >= filled
        filled = order.filled_volume
    order, _, _ = tracker.apply_report(order, report(executed=everything, ended=True), START)
    assert order.state is OrderState.FILLED and order.filled_volume == everything
    assert order.paid_fee == len(fills)
