"""The order ticket as it is filled in, read into an order, its condition and its protection; or what is no figure."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from app.domain.blueprint import blueprint_problems, manual_blueprint
from app.domain.errors import Problem
from app.domain.exit_plan import ExitRules
from app.domain.instruction import (
    MAX_TRAIL_PERCENT,
    Condition,
    ConditionKind,
    Instruction,
    OrderDraft,
    draft_problems,
    sliced_draft,
)
from app.domain.money import is_usable
from app.domain.slicing import SlicePlan
from app.domain.values import Market, OrderType, Side, TimeInForce
from app.engine.rule_language import rule_problem
from app.ui.formats import KST
from app.ui.launch_check import parse_figure
from app.ui.problem_words import in_words, what_is_wrong
from app.ui.rest_form import RestForm, read_policy
from app.ui.slice_form import SliceForm, read_plan

translate = QCoreApplication.translate

#: Ways to write a moment in Korean time; without a day it is the next such time.
_MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
_TIMES = ("%H:%M:%S", "%H:%M")
PATIENT = (TimeInForce.GTC, TimeInForce.POST_ONLY)
AT_A_PRICE = (ConditionKind.AT_OR_ABOVE, ConditionKind.AT_OR_BELOW)


class TicketField(StrEnum):
    """Where a problem is; in the order in which the fields are read."""

    MARKET = "market"
    ORDER = "order"
    PRICE = "price"
    SIZE = "size"
    DURATION = "duration"
    SLICES = "slices"
    SHARE = "share"
    VISIBLE = "visible"
    URGENCY = "urgency"
    RANDOM = "random"
    REST = "rest"
    REPRICES = "reprices"
    TICKS = "ticks"
    TIMEOUT = "timeout"
    DRIFT = "drift"
    MARKET_FROM = "market_from"
    LEVEL = "level"
    EXITS = "exits"
    ALTERNATIVE = "alternative"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class TicketForm:
    """What is typed. ``level`` belongs to the condition: a price, percent, a Korean time or a rule.

    The exits are percents, empty for none. ``alternative`` is the price of the stop beside a sale, empty for none.
    ``amends`` is the instruction that is to be changed. ``slicing`` is how it is executed, None for one order;
    ``ending`` how a limit purchase ends.
    """

    market: Market | None
    side: Side = Side.BUY
    order_type: OrderType = OrderType.MARKET
    time_in_force: TimeInForce = TimeInForce.GTC
    price: str = ""
    size: str = ""
    kind: ConditionKind = ConditionKind.NOW
    level: str = ""
    stop_loss: str = ""
    take_profit: str = ""
    trailing: str = ""
    alternative: str = ""
    amends: Instruction | None = None
    slicing: SliceForm | None = None
    ending: RestForm = field(default_factory=RestForm)

    @property
    def by_money(self) -> bool:
        """True when the size is quote currency, False when it is units."""
        return self.side is Side.BUY and self.order_type is not OrderType.LIMIT and self.slicing is None

    @property
    def may_end(self) -> bool:
        """True for a limit purchase that rests: it may say what becomes of what is not filled."""
        rests = self.order_type is OrderType.LIMIT and self.time_in_force in PATIENT
        return self.side is Side.BUY and rests and self.slicing is None

    @property
    def may_have_alternative(self) -> bool:
        """True for sales that wait for a better price: a stop beside them makes sense (OCO)."""
        rests = self.kind is ConditionKind.NOW and self.order_type is OrderType.LIMIT
        patient = self.time_in_force in PATIENT
        waits = self.kind is ConditionKind.AT_OR_ABOVE
        whole = self.amends is None and self.slicing is None
        return self.side is Side.SELL and whole and ((rests and patient) or waits)


@dataclass(slots=True)
class Ticket:
    """The form as the engine will see it. ``problems`` are words for the user."""

    draft: OrderDraft
    condition: Condition
    exits: ExitRules = field(default_factory=ExitRules)
    alternative: Decimal | None = None
    problems: dict[TicketField, str] = field(default_factory=dict)
    plan: SlicePlan | None = None


def read_form(form: TicketForm, now: datetime) -> Ticket:
    """Read every field; ``now`` (UTC) decides which day a time of day belongs to."""
    ticket = _amended(form, form.amends) if form.amends is not None else _fresh(form, now)
    for problem in draft_problems(ticket.draft, ticket.condition, ticket.plan):
        place = _PLACES.get(problem.where, TicketField.ORDER)
        ticket.problems.setdefault(place, _words(problem, form))
    if form.amends is not None:
        return ticket
    kind, condition = form.kind, ticket.condition
    if kind is ConditionKind.TIME and condition.at is not None and condition.at <= now:
        ticket.problems[TicketField.LEVEL] = translate("Ticket", "This time has passed.")
    fault = rule_problem(condition.rule, "") if kind is ConditionKind.RULE and condition.rule else None
    if fault is not None:
        why = what_is_wrong(fault)
        ticket.problems[TicketField.LEVEL] = translate("Ticket", "The rule is not usable: {why}").format(why=why)
    _read_exits(form, ticket)
    _read_alternative(form, ticket)
    return ticket


def parse_moment(text: str, now: datetime) -> datetime | None:
    """A time as people write it, Korean time, ``09:30`` or ``2026-11-20 09:30``; in UTC, None when it is none."""
    plain = text.strip()
    for pattern in _MOMENTS:
        moment = _parsed(plain, pattern)
        if moment is not None:
            return moment.replace(tzinfo=KST).astimezone(UTC) if moment.year > datetime.min.year else None
    for pattern in _TIMES:
        moment = _parsed(plain, pattern)
        if moment is not None:
            today = now.astimezone(KST)
            found = datetime.combine(today.date(), moment.time(), KST)
            return (found if found > today else found + timedelta(days=1)).astimezone(UTC)
    return None


def _parsed(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern)
    except ValueError:
        return None


def _fresh(form: TicketForm, now: datetime) -> Ticket:
    size, level = parse_figure(form.size), parse_figure(form.level)
    priced = form.order_type is OrderType.LIMIT
    price = parse_figure(form.price) if priced else None
    plan = None if form.slicing is None else read_plan(form.slicing, form.side, size, price)
    draft = OrderDraft(
        side=form.side,
        order_type=form.order_type,
        price=price,
        volume=None if form.by_money else size,
        funds=size if form.by_money else None,
        time_in_force=form.time_in_force,
        policy=read_policy(form.ending) if form.may_end else None,
    )
    kind = form.kind
    condition = Condition(
        kind=kind,
        price=level if kind in AT_A_PRICE else None,
        percent=level if kind is ConditionKind.TRAILING else None,
        at=parse_moment(form.level, now) if kind is ConditionKind.TIME else None,
        rule=form.level.strip() if kind is ConditionKind.RULE else "",
    )
    ticket = Ticket(draft if plan is None else sliced_draft(plan), condition, plan=plan)
    if plan is not None and priced and price is None:
        ticket.problems[TicketField.PRICE] = translate("Ticket", "Enter the limit price.")
    return ticket


def _amended(form: TicketForm, before: Instruction) -> Ticket:
    draft, condition = before.draft, before.condition
    if draft.price is not None:
        draft = replace(draft, price=parse_figure(form.price))
    if draft.volume is not None:
        draft = replace(draft, volume=parse_figure(form.size))
    if condition.kind in AT_A_PRICE:
        condition = replace(condition, price=parse_figure(form.level))
    ticket = Ticket(draft, condition, plan=before.plan)
    if draft.volume is not None and draft.volume <= before.filled_volume:
        ticket.problems[TicketField.SIZE] = translate("Ticket", "So much has been traded already.")
    elif (draft, condition) == (before.draft, before.condition):
        ticket.problems[TicketField.ORDER] = translate("Ticket", "Nothing is changed yet.")
    return ticket


def _read_exits(form: TicketForm, ticket: Ticket) -> None:
    if form.side is not Side.BUY:
        return
    typed = (form.stop_loss, form.take_profit, form.trailing)
    values = [_distance(text) if text.strip() else None for text in typed]
    ticket.exits = ExitRules(values[0], values[1], values[2])
    unread = any(text.strip() and value is None for text, value in zip(typed, values, strict=True))
    if unread or blueprint_problems(manual_blueprint(ticket.exits)):
        words = translate("Ticket", "Stop, target and trailing are percents above 0; a stop is below 100.")
        ticket.problems[TicketField.EXITS] = words


def _distance(text: str) -> Decimal | None:
    """Percent without its sign: people write a stop as -2 or as 2."""
    value = parse_figure(text)
    return None if value is None else abs(value)


def _read_alternative(form: TicketForm, ticket: Ticket) -> None:
    if not form.may_have_alternative or not form.alternative.strip():
        return
    ticket.alternative = parse_figure(form.alternative)
    target = ticket.condition.price if form.kind is ConditionKind.AT_OR_ABOVE else ticket.draft.price
    if not is_usable(ticket.alternative) or ticket.alternative is None:
        ticket.problems[TicketField.ALTERNATIVE] = translate("Ticket", "The stop must be a price above 0.")
    elif target is not None and ticket.alternative >= target:
        ticket.problems[TicketField.ALTERNATIVE] = translate("Ticket", "The stop must be below the other price.")


_PLACES = {
    "price": TicketField.PRICE,
    "funds": TicketField.SIZE,
    "volume": TicketField.SIZE,
    "condition.price": TicketField.LEVEL,
    "condition.percent": TicketField.LEVEL,
    "condition.at": TicketField.LEVEL,
    "condition.rule": TicketField.LEVEL,
    "entry_order.timeout_s": TicketField.TIMEOUT,
    "entry_order.max_drift_percent": TicketField.DRIFT,
    "entry_order.market_from_percent": TicketField.MARKET_FROM,
}


def _words(problem: Problem, form: TicketForm) -> str:
    match problem.where:
        case "price":
            return translate("Ticket", "Enter the limit price.")
        case "funds":
            return translate("Ticket", "Enter how much money to spend.")
        case "volume":
            return translate("Ticket", "Enter how many units.")
        case "time_in_force":
            return translate("Ticket", "This kind of order cannot have this duration.")
        case "condition.price":
            return translate("Ticket", "Enter the price to wait for.")
        case "condition.percent":
            words = translate("Ticket", "The distance must be above 0 and at most {most} %.")
            return words.format(most=MAX_TRAIL_PERCENT)
        case "condition.at":
            return translate("Ticket", "Enter a Korean time such as 09:30 or 2026-11-20 09:30.")
        case "condition.rule":
            return translate("Ticket", "Enter a rule such as close > ema(20).")
        case _:
            return in_words(problem)
