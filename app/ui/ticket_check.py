"""What the order ticket can say before the click: cost, fee, what remains, slippage, and the first reason against it.

The gate of the engine decides; this only saves the user a refusal. Limits bind purchases, never sales.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from app.domain.breaker import BreakerState
from app.domain.constraints import ExchangeConstraints
from app.domain.instruction import ConditionKind, OrderDraft, order_intent
from app.domain.limits import LimitName, TradingLimits
from app.domain.market_data import Book
from app.domain.money import MONEY_CONTEXT, ONE, ZERO, is_usable
from app.domain.order import OrderState
from app.domain.position import Position, PositionState
from app.domain.price_age import PriceAge, price_age
from app.domain.refusal import RefusalReason
from app.domain.slicing import plan_problems
from app.domain.slippage import ImpactClass, SlippagePolicy
from app.domain.values import Market, OrderType, Side, TimeInForce
from app.engine.fat_finger import price_refusal, size_refusal
from app.engine.instruction_desk import NO_MORE
from app.engine.slippage_estimator import is_sound, walk_book
from app.ui import wording
from app.ui.formats import krw, percent, price, volume
from app.ui.launch_check import entries_off_words, known_price
from app.ui.read_model import ReadModel
from app.ui.slice_words import plan_problem
from app.ui.ticket_form import AT_A_PRICE, Ticket, TicketField, TicketForm, read_form
from app.ui.ticket_room import SPENDING, free_volume, held_value, position_in

R = RefusalReason
translate = QCoreApplication.translate

_USES = {
    LimitName.ORDERS_PER_MINUTE: R.TOO_MANY_ORDERS,
    LimitName.DAILY_ENTRIES: R.DAILY_ENTRIES_LIMIT,
    LimitName.DAILY_VALUE: R.DAILY_VALUE_LIMIT,
    LimitName.MONTHLY_ENTRIES: R.MONTHLY_ENTRIES_LIMIT,
    LimitName.MONTHLY_VALUE: R.MONTHLY_VALUE_LIMIT,
    LimitName.EXPOSURE: R.POSITION_TOO_LARGE,
    LimitName.DAILY_LOSS: R.DAILY_LOSS_LIMIT,
    LimitName.MONTHLY_LOSS: R.MONTHLY_LOSS_LIMIT,
}


@dataclass(slots=True)
class TicketCheck:
    """The outcome. ``question`` is not empty when the order is to be confirmed once more before it leaves."""

    ticket: Ticket
    estimate: str = ""
    question: str = ""

    @property
    def problems(self) -> dict[TicketField, str]:
        """Words per field; without any the order may be sent."""
        return self.ticket.problems

    @property
    def first_problem(self) -> str:
        """The words to show; empty when nothing is in the way."""
        return next((self.problems[place] for place in TicketField if place in self.problems), "")


@dataclass(frozen=True, slots=True)
class _Look:
    """Everything one look at a ticket needs."""

    form: TicketForm
    ticket: Ticket
    market: Market
    rules: ExchangeConstraints
    model: ReadModel
    limits: TradingLimits
    now: datetime

    @property
    def position(self) -> Position | None:
        """The live position of the market."""
        return position_in(self.market, self.model)

    @property
    def book(self) -> Book | None:
        return self.model.books.get(self.market)

    @property
    def at_once(self) -> bool:
        """True when it would go to the gate with the click."""
        return self.form.kind is ConditionKind.NOW and self.form.amends is None

    @property
    def unit_price(self) -> Decimal | None:
        """What a unit is worth for the sums: its limit, the price waited for, or what the book shows."""
        wanted = self.ticket.draft.price or (self.ticket.condition.price if self.form.kind in AT_A_PRICE else None)
        if wanted is not None:
            return wanted
        if self.form.side is Side.SELL and self.book is not None and self.book.best_bid is not None:
            return self.book.best_bid
        return known_price(self.market, self.model)

    @property
    def part(self) -> Decimal:
        """Share of the whole that goes in one order; 1 unless it is worked in slices."""
        plan = self.ticket.plan
        if plan is None or not is_usable(plan.volume) or plan.slices < 1:
            return ONE
        size = plan.mean_volume if plan.display_volume is None else plan.display_volume
        return min(MONEY_CONTEXT.divide(size, plan.volume), ONE) if is_usable(size) else ONE

    @property
    def first_order(self) -> OrderDraft:
        """What would go to the gate first."""
        draft = self.ticket.draft
        if self.ticket.plan is None or draft.volume is None:
            return draft
        price = self.book.best_ask if draft.price is None and self.book is not None else draft.price
        volume = self.rules.floor_volume(MONEY_CONTEXT.multiply(draft.volume, self.part))
        return replace(draft, order_type=OrderType.LIMIT, price=price, volume=volume)

    @property
    def money(self) -> Decimal | None:
        """Quote currency that changes hands, fee not included; None while it cannot be computed."""
        draft, each = self.ticket.draft, self.unit_price
        if draft.funds is not None:
            return draft.funds
        if draft.volume is None or each is None or not is_usable(each):
            return None
        return MONEY_CONTEXT.multiply(each, draft.volume)


def check_ticket(form: TicketForm, model: ReadModel, limits: TradingLimits, now: datetime) -> TicketCheck:
    """Look at everything the screen knows; ``now`` in UTC."""
    check = TicketCheck(read_form(form, now))
    rules = model.constraints.get(form.market) if form.market is not None else None
    if form.market is None:
        check.problems[TicketField.MARKET] = translate("Launcher", "Choose a market.")
        return check
    if rules is None:
        check.problems[TicketField.MARKET] = wording.refusal(R.NO_CONSTRAINTS)
        return check
    look = _Look(form, check.ticket, form.market, rules, model, limits, now)
    _check_grid(look)
    _check_trigger(look)
    _check_plan(look)
    if model.run is not None and not model.run.stage.is_over:
        check.problems[TicketField.STATE] = wording.refusal(R.LIQUIDATING)
    if form.side is Side.BUY:
        _check_buy(look)
    else:
        _check_sale(look)
        check.question = "" if check.problems else _question(look)
    check.estimate = _estimate(look)
    return check


def _check_grid(look: _Look) -> None:
    """What the venue says about prices and sizes."""
    draft, rules, problems = look.ticket.draft, look.rules, look.ticket.problems
    if is_usable(draft.price) and draft.price is not None and not rules.is_on_tick(draft.price):
        words = translate("Ticket", "The price is off the grid; next are {below} and {above}.")
        nearest = {"below": price(rules.floor_price(draft.price)), "above": price(rules.ceil_price(draft.price))}
        problems.setdefault(TicketField.PRICE, words.format(**nearest))
    if is_usable(draft.volume) and draft.volume is not None and rules.floor_volume(draft.volume) != draft.volume:
        words = translate("Ticket", "Units come in steps of {step}.").format(step=f"{rules.volume_step:f}")
        problems.setdefault(TicketField.SIZE, words)
    money = look.money
    if money is not None and is_usable(money) and money < rules.min_total:
        words = translate("Ticket", "Worth {worth}: below the venue's minimum of {least}.")
        problems.setdefault(TicketField.SIZE, words.format(worth=krw(money), least=krw(rules.min_total)))
    if draft.time_in_force is TimeInForce.POST_ONLY and look.at_once and _would_trade(look):
        words = translate("Ticket", "At this price it would trade at once; a post-only order must rest.")
        problems.setdefault(TicketField.PRICE, words)


def _check_trigger(look: _Look) -> None:
    """A price to wait for that has come already: the order would be sent at once."""
    trade, book, level = look.model.trades.get(look.market), look.book, look.ticket.condition.price
    last = trade.price if trade is not None else None if book is None else book.best_bid
    if look.form.kind not in AT_A_PRICE or level is None or last is None or not is_usable(level):
        return
    if look.form.amends is not None and look.form.amends.condition.price == level:
        return
    if last >= level if look.form.kind is ConditionKind.AT_OR_ABOVE else last <= level:
        words = translate("Ticket", "The market is at {price}: this would be sent at once.")
        look.ticket.problems.setdefault(TicketField.LEVEL, words.format(price=price(last)))


def _check_plan(look: _Look) -> None:
    """What is wrong with the slices, each word at its field."""
    plan, each = look.ticket.plan, look.unit_price
    if plan is None or look.form.amends is not None:
        return
    for problem in plan_problems(plan, look.rules, each):
        place = _PLAN_PLACES.get(problem.where, TicketField.MARKET)
        if problem.where == "plan.volume" and not is_usable(plan.volume):
            look.ticket.problems.setdefault(place, translate("Ticket", "Enter how many units."))
        else:
            look.ticket.problems.setdefault(place, plan_problem(problem, plan, look.rules, each))


_PLAN_PLACES = {
    "plan.volume": TicketField.SIZE,
    "plan.price_limit": TicketField.PRICE,
    "plan.duration_s": TicketField.DURATION,
    "plan.slices": TicketField.SLICES,
    "plan.participation_cap": TicketField.SHARE,
    "plan.display_volume": TicketField.VISIBLE,
    "plan.risk_aversion": TicketField.URGENCY,
    "plan.randomisation": TicketField.RANDOM,
    "plan.chase.rest_s": TicketField.REST,
    "plan.chase.reprices": TicketField.REPRICES,
    "plan.chase.offset_ticks": TicketField.TICKS,
}


def _would_trade(look: _Look) -> bool:
    limit, book = look.ticket.draft.price, look.book
    if limit is None or book is None:
        return False
    best = book.best_ask if look.form.side is Side.BUY else book.best_bid
    if best is None:
        return False
    return limit >= best if look.form.side is Side.BUY else limit <= best


# ---- purchases ------------------------------------------------------------------------------------------------------


def _check_buy(look: _Look) -> None:
    problems, form = look.ticket.problems, look.form
    size_words = _size_words(look)
    if size_words:
        problems.setdefault(TicketField.SIZE, size_words)
    if form.amends is not None:
        return
    owner = _owner_refusal(look)
    if owner is not None:
        problems.setdefault(TicketField.MARKET, wording.refusal(owner))
    if not look.at_once:
        return
    state = entries_off_words(look.model) or _readiness_words(look)
    if state:
        problems.setdefault(TicketField.STATE, state)
    reason = _market_refusal(look)
    if reason is not None:
        where = TicketField.PRICE if reason is R.PRICE_COLLAR and form.price else TicketField.MARKET
        problems.setdefault(where, wording.refusal(reason))


def _owner_refusal(look: _Look) -> RefusalReason | None:
    position = look.position
    if position is None:
        full = len(look.model.live_positions()) >= look.limits.max_positions
        return R.TOO_MANY_POSITIONS if full else None
    own = position.blueprint.is_manual and position.state in (PositionState.PENDING, PositionState.ACTIVE)
    return None if own else R.MARKET_TAKEN


def _size_words(look: _Look) -> str:
    """Why so much may not be bought; empty when it may."""
    money, rules, limits, account = look.money, look.rules, look.limits, look.model.account
    if money is None or not is_usable(money):
        return ""
    one = MONEY_CONTEXT.multiply(money, look.part)
    if one > rules.max_total:
        return wording.refusal(R.ABOVE_MAXIMUM)
    if limits.max_order_value and one > limits.max_order_value:
        words = translate("Ticket", "One order may be worth {most} at most.")
        return words.format(most=krw(limits.max_order_value))
    held = held_value(look.market, look.model)
    if held + money > limits.max_position_value:
        words = translate("Ticket", "Your limit per position is {most}; {held} is held.")
        return words.format(most=krw(limits.max_position_value), held=krw(held))
    if limits.max_market_value and held + rules.cost_with_fee(money) > limits.max_market_value:
        return wording.refusal(R.MARKET_LIMIT)
    if look.at_once and account is not None and rules.cost_with_fee(money) > account.cash_free:
        words = translate("Ticket", "Free cash is {cash}; that is not enough for the order and its fee.")
        return words.format(cash=krw(account.cash_free))
    return _use_words(look, money) if look.at_once else ""


def _use_words(look: _Look, money: Decimal) -> str:
    usage = look.model.limits
    for use in () if usage is None else usage.uses:
        reason = _USES.get(use.name)
        if reason is None or use.allowed is None:
            continue
        more = money if use.name in SPENDING else ZERO
        if use.used + more > use.allowed or (not more and use.used >= use.allowed):
            return wording.refusal(reason)
    return ""


def _readiness_words(look: _Look) -> str:
    account = look.model.account
    if account is None or not account.reconciled:
        return wording.refusal(R.NOT_RECONCILED)
    for (venue, _), changed in look.model.breakers.items():
        waits = changed.until is None or look.now < changed.until
        if venue == look.market.venue and changed.state is BreakerState.OPEN and waits:
            return wording.refusal(R.BREAKER_OPEN)
    status = look.model.statuses.get(look.market.venue)
    reason = None if status is None or status.health is None else status.health.holds_back
    return "" if reason is None else wording.refusal(reason)


def _market_refusal(look: _Look) -> RefusalReason | None:
    """The gate's own look at price, book and orders under way."""
    if not look.rules.active:
        return R.MARKET_INACTIVE
    book, last = look.book, known_price(look.market, look.model)
    if book is None or last is None or not is_sound(book):
        return R.NO_PRICE
    if price_age(book.received_at, look.now, look.limits.stale_price_s) is PriceAge.STALE:
        return R.STALE_PRICE
    if book.polled:
        return R.FEED_SILENT
    if look.model.trouble_of(look.market) is not None:
        return R.MARKET_HALTED
    if look.ticket.problems:
        return None  # the figures come first
    for order in look.model.orders.values():
        if order.is_working and order.intent.market == look.market:
            if order.state is OrderState.UNKNOWN:
                return R.UNRESOLVED_ORDER
            if order.intent.side is Side.BUY:
                return R.DUPLICATE_ORDER
    trade = look.model.trades.get(look.market)
    intent = order_intent("", look.market, look.first_order, "ticket")
    mark = last if trade is None else trade.price
    refusal = price_refusal(intent, book, mark, look.rules, look.limits) or size_refusal(intent, book, look.limits)
    if refusal is not None:
        return refusal.reason
    return _slippage_refusal(look, book)


def _slippage_refusal(look: _Look, book: Book) -> RefusalReason | None:
    draft = look.first_order
    if draft.price is not None and draft.price < book.asks[0].price:
        return None
    walk = walk_book(book, Side.BUY, look.rules, volume=draft.volume, funds=draft.funds, limit=draft.price)
    if walk is None:
        return None
    if walk.impact is ImpactClass.BEYOND_DEPTH:
        return R.SLIPPAGE_TOO_HIGH
    depth, position = look.model.depths.get(look.market), look.position
    policy = SlippagePolicy() if position is None else position.blueprint.slippage
    expected = walk.against_best + (ZERO if depth is None else depth.bias.decisive)
    return R.SLIPPAGE_TOO_HIGH if expected > policy.max_ratio else None


# ---- sales ----------------------------------------------------------------------------------------------------------


def _check_sale(look: _Look) -> None:
    problems, wanted = look.ticket.problems, look.ticket.draft.volume
    position = look.position
    if position is None or position.quantity <= ZERO or position.state in NO_MORE:
        words = translate("Ticket", "Nothing of {market} is held.").format(market=look.market.symbol)
        problems[TicketField.MARKET] = words
        return
    most = free_volume(position, look.model) if look.at_once else position.quantity
    if wanted is not None and wanted > most:
        words = translate("Ticket", "{free} {base} can be sold; {held} is held.")
        figures = {"free": volume(max(most, ZERO)), "base": look.rules.base, "held": volume(position.quantity)}
        problems.setdefault(TicketField.SIZE, words.format(**figures))
    book, stop = look.book, look.ticket.alternative
    if stop is not None and book is not None and book.best_bid is not None and stop >= book.best_bid:
        words = translate("Ticket", "The market is at {bid}: this stop would sell at once.")
        problems.setdefault(TicketField.ALTERNATIVE, words.format(bid=price(book.best_bid)))


def _question(look: _Look) -> str:
    """Limits never stop a sale; one above the size of an order, or far from the market, is asked about."""
    money, limits, limit = look.money, look.limits, look.ticket.draft.price
    last = known_price(look.market, look.model)
    one = None if money is None else MONEY_CONTEXT.multiply(money, look.part)
    if limits.max_order_value and money is not None and one is not None and one > limits.max_order_value:
        return translate("Ticket", "Sell for {money}?").format(money=f"₩{krw(money)}")
    if limit is not None and last is not None and abs(limit - last) > last * limits.price_collar_ratio:
        words = translate("Ticket", "{price} is {away} from the last price. Send?")
        return words.format(price=price(limit), away=percent((limit - last) / last, 1))
    return ""


# ---- the sums -------------------------------------------------------------------------------------------------------


def _estimate(look: _Look) -> str:
    money, rules, draft = look.money, look.rules, look.ticket.draft
    if money is None or not is_usable(money):
        return ""
    buys = look.form.side is Side.BUY
    fee = MONEY_CONTEXT.multiply(money, rules.buy_fee if buys else rules.sell_fee)
    words = translate("Ticket", "cost {total}") if buys else translate("Ticket", "brings {total}")
    parts = [words.format(total=f"₩{krw(money + fee if buys else money - fee)}")]
    each = look.unit_price
    if draft.volume is None and each is not None and is_usable(each):
        parts.insert(0, f"≈ {volume(rules.floor_volume(MONEY_CONTEXT.divide(money, each)))} {rules.base}")
    parts.append(translate("Ticket", "fee {fee}").format(fee=krw(fee)))
    parts.append(_rest(look, money + fee))
    parts.append(_slippage(look))
    return " · ".join(part for part in parts if part)


def _rest(look: _Look, spent: Decimal) -> str:
    account, position = look.model.account, look.position
    if look.form.amends is not None:
        return ""
    if look.form.side is Side.BUY:
        if account is None:
            return ""
        return translate("Ticket", "cash left {cash}").format(cash=f"₩{krw(account.cash_free - spent)}")
    if position is None or look.ticket.draft.volume is None:
        return ""
    left = max(position.quantity - look.ticket.draft.volume, ZERO)
    return translate("Ticket", "{left} {base} left").format(left=volume(left), base=look.rules.base)


def _slippage(look: _Look) -> str:
    """What it would cost beyond the best price, by the book as it is now."""
    draft, book = look.ticket.draft, look.book
    if look.ticket.plan is not None and draft.volume is not None:
        each = volume(look.rules.floor_volume(MONEY_CONTEXT.multiply(draft.volume, look.part)))
        return translate("Ticket", "slices of about {each} {base}").format(each=each, base=look.rules.base)
    if book is None or not look.at_once:
        return ""
    if draft.order_type is OrderType.LIMIT and not _would_trade(look):
        return translate("Ticket", "rests in the book")
    walk = walk_book(book, draft.side, look.rules, volume=draft.volume, funds=draft.funds, limit=draft.price)
    if walk is None:
        return ""
    if walk.impact is ImpactClass.BEYOND_DEPTH and draft.order_type is not OrderType.LIMIT:
        return translate("Launcher", "more than the visible book holds")
    depth = look.model.depths.get(look.market)
    bias = ZERO if depth is None else depth.bias.decisive
    return translate("Ticket", "slippage about {expected}").format(
        expected=percent(walk.against_best + bias, 3, signed=False)
    )
