"""A second look at the same reading of the account finds nothing more (O14), and moves nothing."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.messages import AccountRead, ExternalChangeFound, FillBooked, OrderChanged, PositionChanged
from app.domain.values import Market, Side
from app.domain.venue_reports import OrderReport, ReportedState
from tests.property.profile import examples
from tests.property.terminal import Terminal
from tests.property.test_trading_machine import STRATEGIES
from tests.unit.engine.playbook import PRICES

markets = st.sampled_from(list(PRICES))
entries = st.lists(
    st.tuples(markets, st.sampled_from(STRATEGIES), st.sampled_from((0, 3, 10)), st.booleans()),
    max_size=3,
    unique_by=lambda one: one[0],
)


def foreign(market: Market, number: int) -> OrderReport:
    zero = Decimal(0)
    return OrderReport(None, f"phone-{number}", market, Side.SELL, ReportedState.OPEN, zero, zero, Terminal().now)


@given(
    entries, st.lists(st.tuples(markets, st.integers(0, 2)), max_size=2), st.sampled_from((0, 1, 8, 40)), st.booleans()
)
@examples(100)
def test_a_second_look_moves_nothing(
    positions: list[tuple[Market, object, int, bool]], strangers: list[tuple[Market, int]], wait: int, sold: bool
) -> None:
    terminal = Terminal()
    terminal.open_up()
    for market, strategy, tenths, heard in positions:
        terminal.quote(market)
        terminal.start(market, strategy)  # type: ignore[arg-type]
        while terminal.effects:
            terminal.carry_out(0, "good" if heard else "unanswered")
        terminal.fill(len(terminal.venue.open_orders()) - 1, tenths)
        while terminal.letters:
            terminal.deliver(0) if heard else terminal.letters.pop()
    for market in terminal.venue.coins if sold else ():
        terminal.venue.coins[market] /= 2  # sold in the venue's own app
    terminal.wait(wait)
    reading = terminal.venue.snapshot(terminal.now)
    unknown = tuple(foreign(market, number) for market, number in strangers)
    reading = type(reading)(
        reading.venue, reading.balances, reading.open_orders + unknown, reading.started_at, terminal.now
    )
    for _ in range(2):  # holdings count as missing when two readings say so
        terminal.core.handle(AccountRead(reading), terminal.now)
    books = (dict(terminal.core.tracker.orders), dict(terminal.core.positions.positions))
    again = terminal.core.handle(AccountRead(reading), terminal.now)
    moved = [
        item for item in again if isinstance(item, OrderChanged | FillBooked | PositionChanged | ExternalChangeFound)
    ]
    assert not moved
    orders, held = dict(terminal.core.tracker.orders), dict(terminal.core.positions.positions)
    assert held == books[1]
    assert {name: (o.state, o.filled_volume, o.paid_fee) for name, o in orders.items()} == {
        name: (o.state, o.filled_volume, o.paid_fee) for name, o in books[0].items()
    }
