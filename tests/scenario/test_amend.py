"""A resting purchase gets another price in one call of the practice exchange, over real sockets."""

from decimal import Decimal

import pytest

from app.adapters.storage.order_history import OrderHistory
from app.domain.instruction import AmendInstruction, OrderDraft, PlaceInstruction
from app.domain.order import Order, OrderState
from app.domain.values import Market, OrderType, Side
from app.engine.trading_core import TradingCore
from tests.scenario.flight import Flight

D = Decimal
SOL = Market("upbit", "KRW-SOL")


def price_below(core: TradingCore, share: str) -> Decimal:
    bid = core.board.books[SOL].best_bid
    assert bid is not None
    return core.board.constraints[SOL].floor_price(bid * D(share))


async def resting(flight: Flight) -> Order:
    core = flight.terminal.engine.core
    await flight.until(lambda: SOL in core.board.books and SOL in core.board.constraints, "a book")
    draft = OrderDraft(Side.BUY, OrderType.LIMIT, price_below(core, "0.98"), D(1))
    flight.terminal.engine.post(PlaceInstruction("amend", SOL, draft))

    def rests() -> bool:
        return any(order.state is OrderState.OPEN for order in core.tracker.working(market=SOL))

    await flight.until(rests, "the order rests")
    return core.tracker.working(market=SOL)[0]


def works_alone(core: TradingCore, price: Decimal) -> bool:
    working = core.tracker.working(market=SOL)
    return len(working) == 1 and working[0].intent.price == price and working[0].state is OrderState.OPEN


@pytest.mark.parametrize("fault", ["", "order_answer_lost", "server_error_after"])
async def test_a_new_price_takes_the_place_of_the_old_one(flight: Flight, fault: str) -> None:
    flight.enable()
    core = flight.terminal.engine.core
    old = await resting(flight)
    if fault:
        await flight.admin.fault(fault, 1.0, 0.5)
    price = price_below(core, "0.97")
    flight.terminal.engine.post(AmendInstruction("i-amend", price=price))
    await flight.until(lambda: works_alone(core, price), "the new order rests alone")
    new = core.tracker.working(market=SOL)[0]
    assert new.intent.replaces == old.order_id and new.intent.volume == D(1)
    assert core.tracker.orders[old.order_id].state is OrderState.CANCELLED
    assert core.instructions.live["i-amend"].order_id == new.order_id
    open_there = (await flight.terminal.client.read_account()).open_orders
    assert [order.order_id for order in open_there if order.market == SOL] == [new.order_id]
    await flight.terminal.journal.durable()
    chain = await OrderHistory(flight.terminal.database).why(new.order_id)
    assert chain.order.intent.replaces == old.order_id
    assert ("taken" in [step.trigger for step in chain.steps]) == (not fault)


async def test_what_the_venue_never_carried_out_is_followed_by_a_plain_cancel(flight: Flight) -> None:
    flight.enable()
    core = flight.terminal.engine.core
    old = await resting(flight)
    await flight.admin.fault("server_error_before", 1.0, 0.5)
    price = price_below(core, "0.97")
    flight.terminal.engine.post(AmendInstruction("i-amend", price=price))
    await flight.until(lambda: core.tracker.orders[old.order_id].state is OrderState.CANCELLED, "the old one has ended")
    open_there = (await flight.terminal.client.read_account()).open_orders
    assert old.order_id not in [order.order_id for order in open_there]
