"""What the gate saw when it approved an order, written down with it. Looks only; nothing here decides."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.constraints import ExchangeConstraints
from app.domain.grounds import BarSeen, CheckName, GateCheck, Grounds
from app.domain.limits import TradingLimits
from app.domain.money import HUNDRED, ONE, ZERO, is_usable, ratio, total
from app.domain.order import OrderIntent
from app.domain.position import Position
from app.domain.slippage import SlippageEstimate, short_ratio
from app.engine.limit_ledger import buy_funds

if TYPE_CHECKING:
    from app.engine.risk_gate import GateView

C = CheckName


def grounds_of(
    intent: OrderIntent,
    view: "GateView",
    rules: ExchangeConstraints,
    limits: TradingLimits,
    estimate: SlippageEstimate | None,
    now: datetime,
    worth: Decimal = ZERO,
) -> Grounds:
    """Prices, bar and figures of the checks, for an intent that is being approved; a price that is none is None.

    ``worth`` is the price at which the gate valued an exit, quote currency per unit; 0 when it knew none.
    """
    book = view.board.books.get(intent.market)
    position = view.positions.positions.get(intent.position_id)
    price = _usable(view.positions.price_of(intent.market))
    if intent.purpose.reduces_risk:
        checks = _exit_checks(intent, view, rules, position, worth)
    else:
        checks = _entry_checks(intent, view, rules, limits, position, now)
    if estimate is not None:
        # An exit knows no tolerance; an entry was held against that of its strategy.
        bounded = position is not None and not intent.purpose.reduces_risk
        tolerance = position.blueprint.slippage.max_ratio if bounded and position is not None else None
        checks.append(GateCheck(C.SLIPPAGE, estimate.expected, tolerance))
    return Grounds(
        price=price,
        bid=_usable(book.best_bid) if book is not None else None,
        ask=_usable(book.best_ask) if book is not None else None,
        book_at=book.received_at if book is not None else None,
        bar=_bar(view, position),
        checks=tuple(checks),
    )


def _usable(price: Decimal | None) -> Decimal | None:
    return price if is_usable(price) else None


def _bar(view: "GateView", position: Position | None) -> BarSeen | None:
    if position is None:
        return None
    for series in view.board.series_of(position.market):
        if series.seconds == position.blueprint.seconds and series.closed and is_usable(series.closed[-1].close):
            bar = series.closed[-1]
            return BarSeen(bar.opened_at, bar.seconds, bar.close)
    return None


def _exit_checks(
    intent: OrderIntent,
    view: "GateView",
    rules: ExchangeConstraints,
    position: Position | None,
    worth: Decimal,
) -> list[GateCheck]:
    volume = intent.volume or ZERO
    free = (position.quantity if position is not None else ZERO) - view.orders.working_sell_volume(intent.position_id)
    checks = [GateCheck(C.HOLDING, volume, free)]
    if worth > ZERO:
        checks.append(GateCheck(C.MINIMUM, worth * volume, rules.min_total))
    return checks


def _entry_checks(
    intent: OrderIntent,
    view: "GateView",
    rules: ExchangeConstraints,
    limits: TradingLimits,
    position: Position | None,
    now: datetime,
) -> list[GateCheck]:
    working, live = view.orders.working(), view.positions.live()
    funds = buy_funds(intent)
    needed = rules.cost_with_fee(funds)
    held = view.positions.value_of(position) if position is not None else ZERO
    bound = total(view.positions.value_of(one) for one in live) + total(order.reserved for order in working)
    equity = view.account.equity(view.positions)
    checks = [
        GateCheck(C.CASH, needed, view.account.spendable(working)),
        GateCheck(C.POSITION_VALUE, held + funds, limits.max_position_value),
        GateCheck(C.EXPOSURE, bound + needed, equity * limits.max_exposure_ratio),
        GateCheck(C.DAY_LOSS, short_ratio(view.account.day_loss_used(view.positions, now)), ONE),
    ]
    book, spread = view.board.books.get(intent.market), view.board.spread_percent(intent.market)
    if book is not None:
        age = Decimal(str(max((now - book.received_at).total_seconds(), 0.0)))
        checks.insert(0, GateCheck(C.BOOK_AGE, age, Decimal(str(limits.stale_price_s))))
    if spread is not None:
        most = position.blueprint.max_spread_percent if position is not None else None
        most_ratio = None if most is None else ratio(most, HUNDRED)
        checks.insert(1, GateCheck(C.SPREAD, short_ratio(spread / HUNDRED), most_ratio))
    return checks
