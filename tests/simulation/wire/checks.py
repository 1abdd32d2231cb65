"""Books and venue side by side; the venue's ledger is right."""

from collections import defaultdict
from decimal import Decimal

from app.adapters.storage.recovery import FoldedBooks
from app.bootstrap import Terminal
from app.domain.money import MONEY_CONTEXT
from app.domain.order import Fill, Order
from app.domain.position import Position
from app.domain.values import Side
from app.practice.exchange import Exchange
from app.practice.ledger_report import report
from app.practice.order import Order as VenueOrder
from tests.simulation.wire.world import CASH

ZERO = Decimal(0)
#: How far purchases may go beyond the budget of a position: fees and steps of prices; orders that got more than asked.
EXACTLY, OVERFILLED = Decimal("1.002"), Decimal("1.12")
Fills = dict[tuple[str, str], tuple[Decimal, Decimal, Decimal]]


def differences(terminal: Terminal, exchange: Exchange) -> list[str]:
    """What the running terminal believes and the venue does not; empty when they agree."""
    core = terminal.engine.core
    orders = core.tracker.orders
    booked = [fill for order_id in orders for fill in core.tracker.fills_of(order_id)]
    found = [] if core.account.reconciled else ["the books were not compared with the venue"]
    found += _order_differences(orders, exchange)
    found += _fill_differences(booked, exchange)
    found += _holding_differences(list(core.positions.positions.values()), booked, exchange)
    money, told = exchange.accounts.balance("KRW"), core.account.balance("KRW")
    if (money.free, money.locked) != (told.free, told.locked):
        found.append(f"KRW: {told.free} + {told.locked} in our books, {money.free} + {money.locked} at the venue")
    return found


def journal_differences(books: FoldedBooks, exchange: Exchange) -> list[str]:
    """The same for what can be folded from the journal alone."""
    fills = list(books.fills.values())
    return [
        *_order_differences(books.orders, exchange),
        *_fill_differences(fills, exchange),
        *_holding_differences(list(books.positions.values()), fills, exchange),
    ]


def over_budget(books: FoldedBooks, slack: Decimal) -> list[str]:
    """Positions for which more was bought than the user gave: an entry that was made twice shows here."""
    spent: defaultdict[str, Decimal] = defaultdict(Decimal)
    for order in books.orders.values():
        if order.intent.side is Side.BUY:
            spent[order.intent.position_id] += order.filled_funds + order.paid_fee
    return [
        f"{name}: {amount} spent of a budget of {books.positions[name].budget}"
        for name, amount in spent.items()
        if amount > books.positions[name].budget * slack
    ]


def venue_problems(exchange: Exchange) -> list[str]:
    """The oracle checks itself, and that no identifier came twice."""
    told = report(exchange)
    again = [f"{row['identifier']} was submitted {row['submissions']} times" for row in told["repeated_identifiers"]]
    return [*again, *told["conservation"]["problems"]]


def _order_differences(orders: dict[str, Order], exchange: Exchange) -> list[str]:
    found: list[str] = []
    at_venue: dict[str, VenueOrder] = {}
    for order in exchange.orders.all():
        name = order.request.identifier
        if name is None or name not in orders:
            found.append(f"{order.uuid} ({name}) is at the venue and not in our books")
        elif name in at_venue:
            found.append(f"{name} exists twice at the venue")
        else:
            at_venue[name] = order
    for name, ours in orders.items():
        theirs = at_venue.get(name)
        if ours.is_working and (theirs is None or not theirs.is_open):
            found.append(f"{name} is {ours.state} in our books and not open at the venue")
        if not ours.is_working and theirs is not None and theirs.is_open:
            found.append(f"{name} is {ours.state} in our books and open at the venue")
    return found


def _fill_differences(booked: list[Fill], exchange: Exchange) -> list[str]:
    ours: Fills = {}
    found: list[str] = []
    for fill in booked:
        key = (fill.order_id, fill.trade_id)
        if key in ours:
            found.append(f"fill {key} is booked twice")
        ours[key] = (fill.price, fill.volume, fill.fee)
    theirs: Fills = {
        (str(order.request.identifier), fill.trade_uuid): (fill.price, fill.volume, fill.fee)
        for order in exchange.orders.all()
        for fill in order.fills
    }
    found += [f"fill {key} of the venue is not booked" for key in theirs if key not in ours]
    found += [f"fill {key} is booked and not at the venue" for key in ours if key not in theirs]
    found += [f"fill {key}: {ours[key]} booked, {theirs[key]} at the venue" for key in ours
              if key in theirs and ours[key] != theirs[key]]  # fmt: skip
    return found


def _holding_differences(positions: list[Position], booked: list[Fill], exchange: Exchange) -> list[str]:
    """Fills, positions and the venue's balances tell the same, exactly."""
    found: list[str] = []
    bought: defaultdict[str, Decimal] = defaultdict(Decimal)
    cash = CASH
    for fill in booked:
        sign = 1 if fill.side is Side.BUY else -1
        bought[fill.market.symbol] += sign * fill.volume
        cash = MONEY_CONTEXT.subtract(cash, MONEY_CONTEXT.add(sign * fill.funds, fill.fee))
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    for position in positions:
        held[position.market.symbol] += position.quantity
    for code, market in exchange.markets.items():
        balance = exchange.accounts.balance(market.name.coin)
        units = balance.free + balance.locked
        if not units == bought[code] == held[code]:
            found.append(f"{code}: {units} at the venue, {bought[code]} by fills, {held[code]} by positions")
    money = exchange.accounts.balance("KRW")
    if cash != money.free + money.locked:
        found.append(f"KRW: {money.free + money.locked} at the venue, {cash} by fills")
    return found
