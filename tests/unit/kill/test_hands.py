"""What is held by the word of journal and venue together, and that nothing is sold twice."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import pytest

from app.domain.errors import OutcomeUnknownError, VenueNotFoundError
from app.domain.market_data import Book, BookLevel
from app.domain.order import Order, OrderState
from app.domain.values import Market, Priority, Side
from app.domain.venue_reports import AccountSnapshot, Balance, OrderReport, ReportedState
from app.kill import hands
from app.kill.account import Books
from app.kill.hands import Hands
from tests.unit.engine.playbook import START, VENUE, XRP, Playbook, market_rules
from tests.unit.engine.stage import FakeVenue

ZERO = Decimal(0)


def report(name: str, side: Side, executed: int, left: int = 0) -> OrderReport:
    state = ReportedState.OPEN if left else ReportedState.ENDED
    return OrderReport(name, f"v-{name}", XRP, side, state, Decimal(executed), ZERO, START, Decimal(left))


@dataclass
class Market1(FakeVenue):
    """A venue with one market; sales are filled at once, unless ``lost``: then their answer never comes."""

    free: Decimal = Decimal(1000)
    bid: Decimal = Decimal(1000)
    locked: Decimal = ZERO
    orders: dict[str, OrderReport] = field(default_factory=dict)
    lost: bool = False
    #: Its lists of orders are from the beginning.
    stale: bool = False
    #: Sales work on and bind their coins, and cancels do nothing.
    frozen: bool = False

    async def read_account(self, ended_since: datetime | None = None) -> AccountSnapshot:
        listed = () if self.stale else tuple(self.orders.values())
        working = tuple(r for r in listed if r.state is ReportedState.OPEN)
        ended = tuple(r for r in listed if r.state is ReportedState.ENDED)
        return AccountSnapshot(
            VENUE,
            (Balance("XRP", self.free, self.locked),),
            working,
            START,
            START,
            ended if ended_since else (),
            ended_since,
        )

    async def list_markets(self):  # type: ignore[no-untyped-def]
        return (), (market_rules(XRP),)

    async def load_book(self, market: Market) -> Book:
        return Book(market, (BookLevel(self.bid, Decimal(10)),) if self.bid else (), (), START, START)

    async def cancel_order(self, order_id: str, venue_order_id: str | None, priority: Priority) -> None:
        await self._call("cancel", order_id)
        if self.frozen:
            return
        self.orders[order_id] = report(order_id, Side.BUY, int(self.orders[order_id].executed_volume))

    async def look_up_order(self, order_id: str, venue_order_id: str | None, priority: Priority) -> OrderReport:
        if order_id not in self.orders:
            raise VenueNotFoundError("order_not_found", "")
        return self.orders[order_id]

    async def place_order(
        self, order: Order, priority: Priority, last_look: Callable[[], str | None] | None = None
    ) -> OrderReport:
        await self._call("place", order.order_id)
        volume = order.intent.volume or ZERO
        self.free -= volume
        if self.frozen:
            self.orders[order.order_id] = report(order.order_id, Side.SELL, 0, left=int(volume))
            return self.orders[order.order_id]
        self.orders[order.order_id] = report(order.order_id, Side.SELL, int(volume))
        if self.lost:
            raise OutcomeUnknownError("timed_out", "")
        return self.orders[order.order_id]


def books(quantity: int = 100, *orders: Order) -> Books:
    play = Playbook().ready()
    position = play.holding(XRP)
    from dataclasses import replace

    held = (replace(position, quantity=Decimal(quantity)),) if quantity else ()
    return Books("abc234", 3, held, {order.order_id: order for order in orders}, START)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "POLL_S", 0.001)
    monkeypatch.setattr(hands, "CONFIRM_S", 0.01)


def soon() -> float:
    return asyncio.get_running_loop().time() + 5


async def flatten(venue: Market1, known: Books) -> tuple[list[str], list[str]]:
    said: list[str] = []
    left = await Hands(venue, known, said.append).flatten(soon())
    return left.words, said


async def test_the_position_is_sold_once_and_proven() -> None:
    venue = Market1()
    assert (await flatten(venue, books()))[0] == []
    assert venue.called("place") == ["gw-abc234-3-kill-krw-xrp-1"] and venue.free == 900, "the rest is the user's own"
    assert (await flatten(venue, books()))[0] == [] and len(venue.called("place")) == 1, "a second run sells nothing"


async def test_a_sale_without_an_answer_is_looked_up_not_repeated() -> None:
    venue = Market1(lost=True)
    assert (await flatten(venue, books()))[0] == [] and len(venue.called("place")) == 1


async def test_what_the_venue_lacks_is_not_sold() -> None:
    venue = Market1(free=Decimal(40))
    assert (await flatten(venue, books()))[0] == [] and venue.free == 0


async def test_a_sale_of_the_terminal_that_the_journal_lost_counts() -> None:
    venue = Market1()
    venue.orders["gw-abc234-3-9"] = report("gw-abc234-3-9", Side.SELL, 100)
    assert (await flatten(venue, books()))[0] == [] and venue.called("place") == []


async def test_a_purchase_that_the_journal_lost_is_sold_as_well() -> None:
    venue = Market1()
    venue.orders["gw-abc234-3-9"] = report("gw-abc234-3-9", Side.BUY, 50)
    await flatten(venue, books())
    assert venue.free == 850


async def test_orders_of_ours_are_cancelled_and_strangers_are_left_alone() -> None:
    venue = Market1()
    venue.orders["gw-abc234-3-9"] = report("gw-abc234-3-9", Side.BUY, 0, left=10)
    venue.orders["phone"] = report("phone", Side.BUY, 0, left=10)
    await Hands(venue, books(0), lambda words: None).cancel_all(soon())
    assert venue.called("cancel") == ["gw-abc234-3-9"]


@pytest.mark.parametrize(("bid", "quantity", "words"), [(0, 100, "nobody bids"), (1000, 1, "too small")])
async def test_what_cannot_be_sold_is_named(bid: int, quantity: int, words: str) -> None:
    venue = Market1(bid=Decimal(bid))
    left, _ = await flatten(venue, books(quantity))
    assert len(left) == 1 and words in left[0] and venue.called("place") == []


async def test_an_order_the_journal_calls_working_is_looked_up() -> None:
    play = Playbook().ready()
    play >> play.start(XRP) >> play.sent()
    order = play.order
    assert order.state is OrderState.SENT
    venue = Market1()
    venue.orders[order.order_id] = report(order.order_id, Side.BUY, 30)  # not ours by its name, ours by the journal
    left = await Hands(venue, books(0, order), lambda words: None).left()
    assert left.units == {XRP: Decimal(30)}


FIRST, SECOND = "gw-abc234-3-kill-krw-xrp-1", "gw-abc234-3-kill-krw-xrp-2"


async def test_old_lists_of_the_venue_make_it_sell_nothing_twice() -> None:
    """The user's own coins are there: the venue would refuse nothing."""
    venue = Market1(stale=True)
    assert (await flatten(venue, books()))[0] == []
    assert venue.called("place") == [FIRST] and venue.free == 900


async def test_what_an_earlier_run_sold_counts_without_any_list() -> None:
    venue = Market1(stale=True)
    venue.orders = {FIRST: report(FIRST, Side.SELL, 60), SECOND: report(SECOND, Side.SELL, 10)}
    assert (await flatten(venue, books()))[0] == []
    assert venue.called("place") == ["gw-abc234-3-kill-krw-xrp-3"] and venue.free == 970


async def test_what_a_sale_of_ours_that_works_may_sell_is_not_sold_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "HORIZON_S", 0.01)
    venue = Market1(frozen=True)
    left = await Hands(venue, books(), lambda words: None).flatten(asyncio.get_running_loop().time() + 0.2)
    assert venue.called("place") == [FIRST] and venue.free == 900
    assert left.words == [f"KRW-XRP: order {FIRST} works"]


async def test_a_sale_in_no_list_that_works_is_not_called_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "HORIZON_S", 0.01)
    venue = Market1(frozen=True, stale=True)
    left = await Hands(venue, books(), lambda words: None).flatten(asyncio.get_running_loop().time() + 0.2)
    assert venue.called("place") == [FIRST] and left.words == [f"KRW-XRP: order {FIRST} works"]
    assert venue.called("cancel"), "it is cancelled all the same"


async def test_an_older_word_of_the_venue_takes_no_sale_back() -> None:
    venue = Market1()
    at_work = Hands(venue, books(), lambda words: None)
    assert (await at_work.flatten(soon())).words == []
    venue.orders[FIRST] = report(FIRST, Side.SELL, 0, left=100)
    assert (await at_work.left()).words == []
    del venue.orders[FIRST]
    assert (await at_work.left()).words == []


@pytest.mark.parametrize(("free", "sold"), [(0, 0), (40, 40)])
async def test_what_is_bound_elsewhere_is_named(free: int, sold: int) -> None:
    """The user has a sale of his own in another program: that is not nothing."""
    venue = Market1(free=Decimal(free), locked=Decimal(100 - free))
    left, _ = await flatten(venue, books())
    assert left == [f"KRW-XRP: {100 - free} held, bound in an order made elsewhere"]
    assert venue.free == free - sold


async def test_what_somebody_else_has_sold_is_nothing() -> None:
    assert (await flatten(Market1(free=ZERO), books()))[0] == []


async def test_own_coins_that_are_bound_are_none_of_ours() -> None:
    venue = Market1(free=Decimal(100), locked=Decimal(500))
    assert (await flatten(venue, books()))[0] == [] and venue.free == 0
