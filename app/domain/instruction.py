"""What a person wants done about one position: an order now, or one that the engine holds until its condition is met.

Stop, stop-limit, trailing stop and conditional orders are instructions that wait; OCO is two of them in one group; a
bracket is a purchase whose position carries exit rules. Most venues hold none of these: the engine does.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.blueprint import TIMEFRAMES, EntryOrderPolicy, blueprint_problems, manual_blueprint, policy_problems
from app.domain.errors import BrokenRuleError, Problem
from app.domain.exit_plan import ExitRules
from app.domain.money import HUNDRED, MONEY_CONTEXT, ONE, ZERO, is_usable
from app.domain.order import OrderIntent
from app.domain.slicing import SlicePlan, SliceProgress
from app.domain.values import NAME_WORDS, Market, OrderType, Purpose, Side, TimeInForce, is_name

#: A stop is never further away than this, in percent of the price.
MAX_TRAIL_PERCENT = Decimal(50)


class ConditionKind(StrEnum):
    """What an instruction waits for."""

    NOW = "now"
    AT_OR_ABOVE = "at_or_above"
    AT_OR_BELOW = "at_or_below"
    TRAILING = "trailing"
    TIME = "time"
    RULE = "rule"
    AFTER = "after"


class InstructionState(StrEnum):
    """Where an instruction is. ARMED waits for its condition; WORKING has or wants an order at the venue."""

    ARMED = "armed"
    WORKING = "working"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def is_live(self) -> bool:
        """True until nothing more will be sent for it."""
        return self in (InstructionState.ARMED, InstructionState.WORKING, InstructionState.PAUSED)


class InstructionTrigger(StrEnum):
    """What can happen to an instruction."""

    FIRED = "fired"
    PROGRESS = "progress"
    PAUSED = "paused"
    RESUMED = "resumed"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    GAVE_UP = "gave_up"


S, T = InstructionState, InstructionTrigger

#: (state, trigger) -> state. A pair that is missing is a broken rule and raises.
INSTRUCTION_TRANSITIONS: dict[tuple[InstructionState, InstructionTrigger], InstructionState] = {
    (S.ARMED, T.FIRED): S.WORKING,
    (S.ARMED, T.PROGRESS): S.ARMED,  # the mark of a trailing stop moved
    (S.ARMED, T.PAUSED): S.PAUSED,
    (S.ARMED, T.WITHDRAWN): S.CANCELLED,
    (S.ARMED, T.GAVE_UP): S.FAILED,
    (S.WORKING, T.PROGRESS): S.WORKING,
    (S.WORKING, T.PAUSED): S.PAUSED,
    (S.WORKING, T.COMPLETED): S.DONE,
    (S.WORKING, T.WITHDRAWN): S.CANCELLED,
    (S.WORKING, T.GAVE_UP): S.FAILED,
    (S.PAUSED, T.PROGRESS): S.PAUSED,  # an order that was under way filled after the pause
    (S.PAUSED, T.PAUSED): S.PAUSED,
    (S.PAUSED, T.RESUMED): S.ARMED,
    (S.PAUSED, T.COMPLETED): S.DONE,
    (S.PAUSED, T.WITHDRAWN): S.CANCELLED,
    (S.PAUSED, T.GAVE_UP): S.FAILED,
}
# An end is an end; a fill that comes late is still counted.
for _state in (S.DONE, S.CANCELLED, S.FAILED):
    for _trigger in (T.PROGRESS, T.COMPLETED, T.WITHDRAWN, T.GAVE_UP):
        INSTRUCTION_TRANSITIONS[(_state, _trigger)] = _state
del S, T


@dataclass(frozen=True, slots=True)
class Condition:
    """When to act. ``price`` in quote currency, ``percent`` the distance of a trailing stop, ``at`` in UTC.

    ``rule`` is a condition of app.engine.rule_language over closed bars of ``seconds``. ``after`` names the instruction
    whose completion is waited for.
    """

    kind: ConditionKind = ConditionKind.NOW
    price: Decimal | None = None
    percent: Decimal | None = None
    at: datetime | None = None
    rule: str = ""
    seconds: int = 60
    after: str = ""


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """What is to be sent once the condition is met.

    Buys at market or best price carry ``funds`` (quote currency to spend, fee on top); every other order ``volume``
    (units). ``price`` is the limit. An order that rests ends after ``timeout_s``, None = when somebody ends it; a limit
    purchase with a ``policy`` ends as that says.
    """

    side: Side
    order_type: OrderType = OrderType.MARKET
    price: Decimal | None = None
    volume: Decimal | None = None
    funds: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    timeout_s: float | None = None
    policy: EntryOrderPolicy | None = None


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. ``water`` is the best price a trailing stop has seen; ``group`` ties alternatives (OCO).

    ``amending`` means that its order is being cancelled to be placed again otherwise; ``replacement`` is the order that
    is to take its place in one call, if there is one. With a ``plan`` it is worked in slices; ``progress`` is how far
    that is, None before the first look at the market.
    """

    instruction_id: str
    position_id: str
    market: Market
    draft: OrderDraft
    condition: Condition
    state: InstructionState
    created_at: datetime
    updated_at: datetime
    group: str = ""
    water: Decimal | None = None
    order_id: str = ""
    amending: bool = False
    filled_volume: Decimal = ZERO
    filled_funds: Decimal = ZERO
    note: str = ""
    plan: SlicePlan | None = None
    progress: SliceProgress | None = None
    replacement: str = ""

    def after(self, trigger: InstructionTrigger, now: datetime, **changes: object) -> "Instruction":
        """The instruction after ``trigger``; further fields may be replaced in the same step. A pause stops the clock.

        Raises:
            BrokenRuleError: the life cycle has no such step.
        """
        try:
            state = INSTRUCTION_TRANSITIONS[(self.state, trigger)]
        except KeyError:
            raise BrokenRuleError(f"an instruction in state {self.state} cannot take '{trigger}'") from None
        if trigger is InstructionTrigger.PAUSED and self.progress is not None:
            changes = {"progress": self.progress.paused(now), **changes}
        return replace(self, state=state, updated_at=now, **changes)  # type: ignore[arg-type]

    @property
    def left(self) -> Decimal | None:
        """Units (or, for a purchase by money, quote currency) that are still to be traded."""
        if self.draft.volume is not None:
            return self.draft.volume - self.filled_volume
        return None if self.draft.funds is None else self.draft.funds - self.filled_funds

    @property
    def stop_price(self) -> Decimal | None:
        """Price at which a waiting instruction fires; None when it does not wait for a price."""
        condition = self.condition
        if condition.kind in (ConditionKind.AT_OR_ABOVE, ConditionKind.AT_OR_BELOW):
            return condition.price
        if condition.kind is not ConditionKind.TRAILING or self.water is None or condition.percent is None:
            return None
        away = condition.percent / HUNDRED
        factor = ONE - away if self.draft.side is Side.SELL else ONE + away
        return MONEY_CONTEXT.multiply(self.water, factor)

    def is_met_by_price(self, price: Decimal) -> bool:
        """True when this price fires it. A price that is none fires nothing."""
        level = self.stop_price
        if level is None or not is_usable(price):
            return False
        match self.condition.kind:
            case ConditionKind.AT_OR_ABOVE:
                return price >= level
            case ConditionKind.AT_OR_BELOW:
                return price <= level
            case _:
                return price <= level if self.draft.side is Side.SELL else price >= level

    def seen(self, price: Decimal) -> Decimal | None:
        """The mark after this price: the highest of a trailing sale, the lowest of a trailing purchase."""
        if self.condition.kind is not ConditionKind.TRAILING or not is_usable(price):
            return self.water
        if self.water is None:
            return price
        return max(self.water, price) if self.draft.side is Side.SELL else min(self.water, price)


# ---- commands and the event -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceInstruction:
    """Send an order, or hold it until its condition is met. Same id = same intent.

    A purchase in a market without a position opens one, protected by ``exits``. Instructions with one ``group`` are
    alternatives: the first wins (OCO). With a ``plan`` the draft is ``sliced_draft`` of it.
    """

    command_id: str
    market: Market
    draft: OrderDraft
    condition: Condition = field(default_factory=Condition)
    exits: ExitRules = field(default_factory=ExitRules)
    group: str = ""
    plan: SlicePlan | None = None


@dataclass(frozen=True, slots=True)
class CancelInstruction:
    """End an instruction and cancel what it has at the venue."""

    instruction_id: str


@dataclass(frozen=True, slots=True)
class PauseInstruction:
    """Cancel what it has at the venue and wait."""

    instruction_id: str


@dataclass(frozen=True, slots=True)
class ResumeInstruction:
    """Arm a paused instruction again."""

    instruction_id: str


@dataclass(frozen=True, slots=True)
class AmendInstruction:
    """Change price, size (units) or the price that fires it; None leaves a figure as it is."""

    instruction_id: str
    price: Decimal | None = None
    volume: Decimal | None = None
    trigger_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class InstructionChanged:
    """An instruction of a person is in a new state, or its figures changed."""

    instruction: Instruction
    trigger: str


def ticket_problems(command: PlaceInstruction) -> list[Problem]:
    """Everything wrong with what was asked for; empty when it makes sense."""
    found = draft_problems(command.draft, command.condition, command.plan)
    if not is_name(command.command_id):
        found.append(Problem("command_id", NAME_WORDS))
    if command.group and not is_name(command.group):
        found.append(Problem("group", NAME_WORDS))
    return found + blueprint_problems(manual_blueprint(command.exits))


def sliced_draft(plan: SlicePlan) -> OrderDraft:
    """What a plan asks for as a whole: so many units, at its limit or at market."""
    order_type = OrderType.MARKET if plan.price_limit is None else OrderType.LIMIT
    return OrderDraft(plan.side, order_type, plan.price_limit, plan.volume)


def draft_problems(draft: OrderDraft, condition: Condition, plan: SlicePlan | None = None) -> list[Problem]:
    """Everything wrong with what was typed; empty when it makes sense. The gate looks at the market's rules.

    A plan has problems of its own (``plan_problems``); here it only has to say the same as the draft.
    """
    if plan is not None:
        same = draft == sliced_draft(plan)
        other = [] if same else [Problem("plan", "side, size and limit are not those of the draft")]
        return other + _condition_problems(condition)
    found: list[Problem] = []

    def check(good: bool, where: str, what: str) -> None:
        if not good:
            found.append(Problem(where, what))

    priced = draft.order_type is OrderType.LIMIT
    by_money = draft.side is Side.BUY and not priced
    check(is_usable(draft.price) if priced else draft.price is None, "price", _price_words(priced))
    check(is_usable(draft.funds) if by_money else draft.funds is None, "funds", _size_words(by_money, "money"))
    check(draft.volume is None if by_money else is_usable(draft.volume), "volume", _size_words(not by_money, "units"))
    plain = draft.time_in_force is TimeInForce.GTC
    check(
        plain or priced or (draft.order_type is OrderType.BEST and draft.time_in_force is not TimeInForce.POST_ONLY),
        "time_in_force",
        "only limit and best-price orders have one; post-only needs a limit",
    )
    check(draft.order_type is not OrderType.BEST or not plain, "time_in_force", "a best-price order is sent IOC or FOK")
    limit = draft.timeout_s
    check(limit is None or 1 <= limit <= 86_400, "timeout_s", "must be 1 to 86,400 seconds, or nothing")
    return found + _policy_problems(draft) + _condition_problems(condition)


def _policy_problems(draft: OrderDraft) -> list[Problem]:
    """A policy belongs to a limit purchase that rests, and says itself when that ends."""
    policy = draft.policy
    if policy is None:
        return []
    rests = draft.order_type is OrderType.LIMIT and draft.time_in_force in (TimeInForce.GTC, TimeInForce.POST_ONLY)
    if draft.side is not Side.BUY or not rests or policy.order_type is not OrderType.LIMIT or draft.timeout_s:
        return [Problem("entry_order", "belongs to a limit purchase that rests")]
    return policy_problems(policy)


def _price_words(needed: bool) -> str:
    return "a limit order needs a price above 0" if needed else "an order at market has no price of its own"


def _size_words(needed: bool, what: str) -> str:
    if what == "money":
        return "is given in money: a number above 0" if needed else "this order is not given in money"
    return "is given in units: a number above 0" if needed else "this order is not given in units"


#: What belongs to a condition, by its kind.
_BELONGS = {
    ConditionKind.AT_OR_ABOVE: "price",
    ConditionKind.AT_OR_BELOW: "price",
    ConditionKind.TRAILING: "percent",
    ConditionKind.TIME: "at",
    ConditionKind.RULE: "rule",
    ConditionKind.AFTER: "after",
}


def _condition_problems(condition: Condition) -> list[Problem]:
    """Figures that are missing or none, and such as the kind of condition does not look at: they were meant."""
    own = _BELONGS.get(condition.kind)
    others = [name for name in ("price", "percent", "at", "rule", "after") if name != own and getattr(condition, name)]
    found = [Problem(f"condition.{name}", "does not belong to this kind of condition") for name in others]
    match condition.kind:
        case ConditionKind.AT_OR_ABOVE | ConditionKind.AT_OR_BELOW if not is_usable(condition.price):
            found.append(Problem("condition.price", "must be a price above 0"))
        case ConditionKind.TRAILING:
            percent = condition.percent
            if percent is None or not is_usable(percent) or percent > MAX_TRAIL_PERCENT:
                most = (str(MAX_TRAIL_PERCENT),)
                found.append(Problem("condition.percent", "must be above 0 and at most {0} %", most))
        case ConditionKind.TIME if condition.at is None:
            found.append(Problem("condition.at", "must be a time"))
        case ConditionKind.RULE if not condition.rule.strip():
            found.append(Problem("condition.rule", "must be a condition"))
        case ConditionKind.RULE if condition.seconds not in TIMEFRAMES.values():
            found.append(Problem("condition.seconds", "must be the length of a bar, such as 60"))
        case ConditionKind.AFTER if not condition.after:
            found.append(Problem("condition.after", "must name an instruction"))
        case _:
            pass
    return found


def order_intent(
    position_id: str, market: Market, draft: OrderDraft, reason: str, instruction_id: str = ""
) -> OrderIntent:
    """What is handed to the gate for a draft."""
    return OrderIntent(
        position_id=position_id,
        market=market,
        side=draft.side,
        order_type=draft.order_type,
        purpose=Purpose.ENTRY if draft.side is Side.BUY else Purpose.EXIT,
        reason=reason,
        price=draft.price,
        volume=draft.volume,
        funds=draft.funds,
        time_in_force=draft.time_in_force,
        timeout_s=draft.timeout_s if draft.policy is None else draft.policy.lasts_s,
        instruction_id=instruction_id,
        policy=draft.policy,
    )


def draft_of(intent: OrderIntent) -> OrderDraft:
    """What a person would ask for to get the same order again."""
    return OrderDraft(
        side=intent.side,
        order_type=intent.order_type,
        price=intent.price,
        volume=intent.volume,
        funds=intent.funds,
        time_in_force=intent.time_in_force,
        timeout_s=intent.timeout_s if intent.policy is None else None,
        policy=intent.policy,
    )
