"""What the gate saw is written down with the order; what cannot be told is None, and no exit fails over it."""

from datetime import timedelta
from decimal import Decimal

from app.domain.commands import ClosePosition
from app.domain.grounds import BarSeen, CheckName, GateCheck, Grounds
from app.domain.market_data import Book
from app.domain.messages import CandlesLoaded, ExitTriggered, OrderChanged
from app.domain.order import Order
from app.domain.values import Purpose
from tests.unit.engine.playbook import FEE, XRP, Playbook, blueprint, did, price

D = Decimal


def check(grounds: Grounds, name: CheckName) -> GateCheck:
    return next(found for found in grounds.checks if found.name is name)


def grounds(order: Order) -> Grounds:
    assert order.grounds is not None
    return order.grounds


def test_an_entry_carries_prices_bar_and_figures() -> None:
    play = Playbook().ready()
    play >> CandlesLoaded(XRP, 60, (play.bar(XRP, 990, 2), play.bar(XRP, 995, 1)))
    play >> price(XRP, 1000) >> play.start(XRP, budget=1_000_000) << did(OrderChanged, trigger="intent")
    found = grounds(play.order)
    assert (found.price, found.bid, found.ask, found.book_at) == (D(1000), D(1000), D(1001), play.now)
    assert found.bar == BarSeen(play.now - timedelta(minutes=1), 60, D(995))
    funds = play.order.intent.funds
    assert funds is not None
    cash = check(found, CheckName.CASH)
    assert (cash.found, cash.bound) == (funds * (1 + FEE), D(50_000_000))
    assert check(found, CheckName.POSITION_VALUE).found == funds
    assert check(found, CheckName.EXPOSURE).found == cash.found
    assert check(found, CheckName.SPREAD) == GateCheck(CheckName.SPREAD, D("0.001"), D("0.005"))
    slippage = check(found, CheckName.SLIPPAGE)
    assert play.order.estimate is not None
    assert (slippage.found, slippage.bound) == (play.order.estimate.expected, D("0.005"))


def test_a_figure_that_is_above_its_bound_is_never_approved() -> None:
    play = Playbook().ready()
    play.holding(XRP, blueprint(stop=2))
    for found in grounds(play.order).checks:
        assert found.bound is None or found.found <= found.bound, found


def test_an_exit_says_what_was_held() -> None:
    play = Playbook().ready()
    position = play.holding(XRP, blueprint(stop=2))
    held, paid = position.quantity, position.average_cost
    play >> price(XRP, 970) << did(ExitTriggered) << did(OrderChanged, trigger="intent", purpose=Purpose.EXIT)
    found = grounds(play.order)
    assert check(found, CheckName.HOLDING) == GateCheck(CheckName.HOLDING, held, held)
    minimum = check(found, CheckName.MINIMUM)
    assert paid is not None
    assert (minimum.found, minimum.bound) == (paid * held, D(5000)), "at the highest price the gate knows"
    assert found.price == D(970)


def test_an_exit_without_a_book_has_no_prices_of_one() -> None:
    play = Playbook().ready()
    position = play.holding(XRP, blueprint(stop=2))
    play >> Book(XRP, (), (), play.now, play.now)
    play >> ClosePosition(position.position_id) << did(OrderChanged, trigger="intent", purpose=Purpose.EXIT)
    found = grounds(play.order)
    assert (found.bid, found.ask, play.order.estimate) == (None, None, None)
    assert CheckName.SLIPPAGE not in [one.name for one in found.checks]
