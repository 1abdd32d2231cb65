"""How much room there is for an order: what is held, what of it can be sold, and what may be spent."""

from decimal import Decimal

from app.domain.constraints import ExchangeConstraints
from app.domain.limits import LimitName, TradingLimits
from app.domain.money import MONEY_CONTEXT, ONE, ZERO, floor_to_step, is_usable
from app.domain.position import Position
from app.domain.values import Market, Side
from app.ui.launch_check import known_price
from app.ui.read_model import ReadModel

#: Limits of money that a purchase uses up.
SPENDING = (LimitName.DAILY_VALUE, LimitName.MONTHLY_VALUE, LimitName.EXPOSURE)


def position_in(market: Market | None, model: ReadModel) -> Position | None:
    """The live position of a market; None when nothing runs there."""
    return next((position for position in model.live_positions() if position.market == market), None)


def free_volume(position: Position, model: ReadModel) -> Decimal:
    """Units of a position that no working sale binds."""
    sales = [order for order in model.orders.values() if order.is_working and order.intent.side is Side.SELL]
    own = [order for order in sales if order.intent.position_id == position.position_id]
    return position.quantity - sum(((order.intent.volume or ZERO) - order.filled_volume for order in own), ZERO)


def held_value(market: Market, model: ReadModel) -> Decimal:
    """What is held in a market is worth (quote currency) by the newest price; 0 while there is none."""
    position, each = position_in(market, model), known_price(market, model)
    return (
        ZERO
        if position is None or each is None or not is_usable(each)
        else MONEY_CONTEXT.multiply(position.quantity, each)
    )


def most_money(
    market: Market, rules: ExchangeConstraints, cash: Decimal, model: ReadModel, limits: TradingLimits
) -> Decimal:
    """Whole units of quote currency that a purchase may spend: cash, the venue's maximum and the user's limits."""
    held, with_fee = held_value(market, model), ONE + rules.buy_fee
    bounds = [MONEY_CONTEXT.divide(cash, with_fee), rules.max_total, limits.max_position_value - held]
    if limits.max_order_value:
        bounds.append(limits.max_order_value)
    if limits.max_market_value:
        bounds.append(MONEY_CONTEXT.divide(limits.max_market_value - held, with_fee))
    uses = () if model.limits is None else model.limits.uses
    bounds += [use.allowed - use.used for use in uses if use.name in SPENDING and use.allowed is not None]
    return max(floor_to_step(min(bounds), ONE), ZERO)
