"""Which legs of an order's way are counted, in whatever order their ends are told."""

from datetime import timedelta

from app.domain.latency import Stage
from app.domain.order import OrderState
from app.domain.values import OrderType, Side
from app.engine import latency_watch
from app.engine.latency_watch import LatencyWatch
from tests.unit.engine.playbook import START, order_of

MS = timedelta(milliseconds=1)


def counted(watch: LatencyWatch) -> dict[Stage, tuple[int, float]]:
    return {one.stage: (one.count, one.max_ms) for one in watch.summary()}


def left(watch: LatencyWatch, order_id: str, order_type: OrderType = OrderType.MARKET) -> None:
    order = order_of(order_id, side=Side.BUY, order_type=order_type, state=OrderState.INTENT)
    watch.decided(order, START, START + 1 * MS)
    watch.durable(order_id, START + 3 * MS)
    watch.leaving(order_id, START + 6 * MS)


def test_every_leg_is_counted_once() -> None:
    watch = LatencyWatch()
    left(watch, "a")
    watch.answered("a", START + 10 * MS)
    watch.filled("a", START + 26 * MS)
    watch.filled("a", START + 99 * MS)  # a second part: the first fill is what counts
    assert counted(watch) == {
        Stage.DECISION: (1, 1.0),
        Stage.JOURNAL: (1, 2.0),
        Stage.WIRE: (1, 3.0),
        Stage.WIRE_TOTAL: (1, 6.0),
        Stage.ANSWER: (1, 4.0),
        Stage.FILL: (1, 20.0),
    }


def test_the_stream_may_overtake_the_answer() -> None:
    watch = LatencyWatch()
    left(watch, "a")
    watch.filled("a", START + 8 * MS)
    watch.filled("a", START + 9 * MS)
    watch.answered("a", START + 10 * MS)
    assert counted(watch)[Stage.FILL] == (1, 2.0)
    assert counted(watch)[Stage.ANSWER] == (1, 4.0)


def test_how_long_a_limit_order_rests_is_no_latency() -> None:
    watch = LatencyWatch()
    left(watch, "a", OrderType.LIMIT)
    watch.answered("a", START + 10 * MS)
    watch.filled("a", START + 3_600_000 * MS)
    assert Stage.FILL not in counted(watch)


def test_what_did_not_leave_is_not_counted_further() -> None:
    watch = LatencyWatch()
    order = order_of("a", side=Side.BUY, state=OrderState.INTENT)
    watch.decided(order, START, START)
    watch.leaving("a", START)  # not durable: the disk hangs, and an exit leaves all the same
    watch.forget("a")
    watch.durable("a", START)
    watch.answered("stranger", START)
    watch.filled("stranger", START)
    assert set(counted(watch)) == {Stage.DECISION}


def test_orders_nobody_answers_do_not_pile_up() -> None:
    watch = LatencyWatch()
    for number in range(latency_watch.MOST_FOLLOWED + 1):
        left(watch, f"o-{number}")
    watch.answered("o-0", START + 10 * MS)
    assert Stage.ANSWER not in counted(watch)
    watch.answered("o-1", START + 10 * MS)
    assert counted(watch)[Stage.ANSWER][0] == 1
