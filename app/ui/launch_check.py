"""What the launcher can say before the click: the strategy as it would run, an estimate, and what is in the way.

The gate of the engine decides; this only saves the user a refusal.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from app.domain.blueprint import StrategyBlueprint
from app.domain.constraints import ExchangeConstraints
from app.domain.limits import TradingLimits
from app.domain.money import HUNDRED, MONEY_CONTEXT, ZERO, is_exact
from app.domain.refusal import RefusalReason
from app.domain.slippage import ImpactClass
from app.domain.values import Market, OrderType, Side, TradingState
from app.engine.slippage_estimator import walk_book
from app.ui import wording
from app.ui.formats import krw, percent, volume
from app.ui.read_model import ReadModel

translate = QCoreApplication.translate


class LaunchField(StrEnum):
    """Where a problem is."""

    BLUEPRINT = "blueprint"
    MARKET = "market"
    BUDGET = "budget"
    STOP = "stop"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class LaunchForm:
    """The launcher as it is filled in; ``stop`` in percent as typed, empty for the blueprint's own."""

    blueprint: StrategyBlueprint | None
    market: Market | None
    budget: str
    stop: str


@dataclass(slots=True)
class LaunchCheck:
    """The outcome. ``problems`` is in the order of the fields; without any the start button works."""

    problems: dict[LaunchField, str] = field(default_factory=dict)
    estimate: str = ""
    blueprint: StrategyBlueprint | None = None
    budget: Decimal = ZERO

    @property
    def first_problem(self) -> str:
        """The words to show; empty when nothing is in the way."""
        return next(iter(self.problems.values()), "")


def parse_figure(text: str) -> Decimal | None:
    """A figure as people type it: thousands separators, a unit and either minus are fine; None when it is none."""
    plain = text.strip().replace(",", "").replace("_", "").removesuffix("%").removesuffix("원").strip()
    try:
        value = Decimal(plain.replace("\u2212", "-").removeprefix("₩").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and is_exact(value) else None


def check_launch(form: LaunchForm, model: ReadModel, limits: TradingLimits) -> LaunchCheck:
    """Look at everything the screen knows."""
    check = LaunchCheck()
    rules = model.constraints.get(form.market) if form.market is not None else None
    _check_stop(form, check)
    _check_market(form, rules, model, limits, check)
    _check_budget(form, rules, model, limits, check)
    off = entries_off_words(model)
    if off:
        check.problems[LaunchField.STATE] = off
    if rules is not None and check.budget > ZERO:
        parts = (_estimate(check.budget, rules, known_price(form.market, model)), _slippage(check, rules, model))
        check.estimate = " · ".join(part for part in parts if part)
    return check


def _check_stop(form: LaunchForm, check: LaunchCheck) -> None:
    if form.blueprint is None:
        check.problems[LaunchField.BLUEPRINT] = translate("Launcher", "Choose a strategy.")
        return
    check.blueprint = form.blueprint
    if not form.stop.strip():
        return
    stop = parse_figure(form.stop)
    percent = None if stop is None else abs(stop)
    if percent is None or not ZERO < percent < HUNDRED:
        check.problems[LaunchField.STOP] = translate("Launcher", "The stop-loss must be above 0 and below 100 %.")
        return
    check.blueprint = replace(form.blueprint, exits=replace(form.blueprint.exits, stop_loss_percent=percent))


def _check_market(
    form: LaunchForm,
    rules: ExchangeConstraints | None,
    model: ReadModel,
    limits: TradingLimits,
    check: LaunchCheck,
) -> None:
    live = model.live_positions()
    words = ""
    if form.market is None:
        words = translate("Launcher", "Choose a market.")
    elif rules is None:
        words = wording.refusal(RefusalReason.NO_CONSTRAINTS)
    elif not rules.active:
        words = wording.refusal(RefusalReason.MARKET_INACTIVE)
    elif any(position.market == form.market for position in live):
        words = wording.refusal(RefusalReason.MARKET_TAKEN)
    elif len(live) >= limits.max_positions:
        words = wording.refusal(RefusalReason.TOO_MANY_POSITIONS)
    if words:
        check.problems[LaunchField.MARKET] = words


def _check_budget(
    form: LaunchForm,
    rules: ExchangeConstraints | None,
    model: ReadModel,
    limits: TradingLimits,
    check: LaunchCheck,
) -> None:
    budget = parse_figure(form.budget)
    words = ""
    if budget is None or budget <= ZERO:
        words = translate("Launcher", "Enter a budget in won.")
    elif rules is not None and budget < rules.min_total:
        words = translate("Launcher", "The budget is below the venue's minimum of {least}.")
        words = words.format(least=krw(rules.min_total))
    elif budget > limits.max_position_value:
        words = translate("Launcher", "The budget is above your limit of {most} per position.")
        words = words.format(most=krw(limits.max_position_value))
    elif rules is not None and model.account is not None and rules.cost_with_fee(budget) > model.account.cash_free:
        words = translate("Launcher", "Free cash is {cash}; that is not enough for budget and fee.")
        words = words.format(cash=krw(model.account.cash_free))
    if words:
        check.problems[LaunchField.BUDGET] = words
    check.budget = ZERO if budget is None else budget


def entries_off_words(model: ReadModel) -> str:
    """Why no entry may leave; empty while entries are allowed."""
    match model.trading_state:
        case TradingState.ENABLED:
            return ""
        case TradingState.HALTED:
            return wording.refusal(RefusalReason.HALTED)
        case TradingState.REDUCING:
            return wording.refusal(RefusalReason.REDUCING_ONLY)
        case _:
            return wording.refusal(RefusalReason.TRADING_DISABLED)


def known_price(market: Market | None, model: ReadModel) -> Decimal | None:
    """What a unit costs by the newest the screen knows: the best offer, the last trade, the ticker."""
    if market is None:
        return None
    book, trade, ticker = model.books.get(market), model.trades.get(market), model.tickers.get(market)
    if book is not None and book.best_ask is not None:
        return book.best_ask
    if trade is not None:
        return trade.price
    return None if ticker is None else ticker.price


def _estimate(budget: Decimal, rules: ExchangeConstraints, price: Decimal | None) -> str:
    fee = MONEY_CONTEXT.multiply(budget, rules.buy_fee)
    words = translate("Launcher", "fee about {fee} · minimum {least}")
    tail = words.format(fee=krw(fee), least=krw(rules.min_total))
    if price is None or price <= ZERO:
        return tail
    amount = rules.floor_volume(MONEY_CONTEXT.divide(budget, price))
    return f"≈ {volume(amount)} {rules.base} · {tail}"


def _slippage(check: LaunchCheck, rules: ExchangeConstraints, model: ReadModel) -> str:
    """What the first step would cost beyond the best price, by the book as it is now; empty when it takes nothing."""
    book, plan = model.books.get(rules.market), check.blueprint
    if plan is None or book is None or plan.entry_order.order_type is not OrderType.MARKET:
        return ""
    share = MONEY_CONTEXT.multiply(check.budget, plan.steps[0].share_percent / HUNDRED)
    walk = walk_book(book, Side.BUY, rules, funds=MONEY_CONTEXT.divide(share, 1 + rules.buy_fee))
    if walk is None:
        return ""
    if walk.impact is ImpactClass.BEYOND_DEPTH:
        return translate("Launcher", "more than the visible book holds")
    depth = model.depths.get(rules.market)
    bias = ZERO if depth is None else depth.bias.decisive
    words = translate("Launcher", "slippage about {expected}, {most} allowed")
    most = percent(plan.slippage.max_ratio, signed=False)
    return words.format(expected=percent(walk.against_best + bias, 3, signed=False), most=most)
