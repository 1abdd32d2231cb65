"""Is this what a person meant to type? Guards on a single entry, against what the market shows.

FIA, "Best Practices for Automated Trading Risk Controls and System Safeguards" (2024), sections on price collars and
maximum order size, names the same guards: price against a reference, size and value of one order.
"""

from decimal import Decimal

from app.domain.constraints import ExchangeConstraints
from app.domain.limits import TradingLimits
from app.domain.market_data import Book
from app.domain.money import ZERO, is_usable, total
from app.domain.order import OrderIntent
from app.domain.refusal import Refusal, RefusalReason
from app.engine.limit_ledger import buy_funds

R = RefusalReason


def price_refusal(
    intent: OrderIntent, book: Book, last: Decimal, rules: ExchangeConstraints, limits: TradingLimits
) -> Refusal | None:
    """A price too far from the last one, or too many ticks from the best. Without a limit price the best ask counts.

    ``last`` is the last price (quote currency) and usable.
    """
    price = book.best_ask if intent.price is None else intent.price
    if price is None or not is_usable(price):
        return Refusal(R.PRICE_COLLAR, f"{price} is no price")
    away = abs(price - last) / last
    if away > limits.price_collar_ratio:
        return Refusal(R.PRICE_COLLAR, f"{price} is {away:.2%} from the last price {last}")
    if intent.price is None or not limits.max_ticks_away:
        return None
    ticks = ticks_away(price, book, rules)
    if ticks is None or ticks > limits.max_ticks_away:
        return Refusal(R.PRICE_COLLAR, f"{price} is {ticks} ticks from the best price")
    return None


def ticks_away(price: Decimal, book: Book, rules: ExchangeConstraints) -> Decimal | None:
    """Ticks ``price`` lies above the best ask or below the best bid, 0 in between; None without both of them."""
    bid, ask = book.best_bid, book.best_ask
    if bid is None or ask is None or not is_usable(bid) or not is_usable(ask):
        return None
    if price > ask:
        return (price - ask) / rules.tick_at(ask)
    return (bid - price) / rules.tick_at(bid) if price < bid else ZERO


def size_refusal(intent: OrderIntent, book: Book, limits: TradingLimits) -> Refusal | None:
    """An order worth too much, or a multiple of everything that is offered."""
    funds = buy_funds(intent)
    if limits.max_order_value and funds > limits.max_order_value:
        return Refusal(R.ORDER_TOO_LARGE, f"{funds} is above {limits.max_order_value} for one order")
    if not limits.max_book_multiple:
        return None
    if not all(is_usable(level.size) and is_usable(level.price) for level in book.asks):
        return Refusal(R.NO_PRICE, "the book shows a size that is no number")
    if intent.volume is None:
        wanted, offered = funds, total(level.price * level.size for level in book.asks)
    else:
        wanted, offered = intent.volume, total(level.size for level in book.asks)
    if wanted > offered * limits.max_book_multiple:
        return Refusal(R.ORDER_TOO_LARGE, f"{wanted} is more than {limits.max_book_multiple} x {offered} offered")
    return None
