"""A strategy as data: when to enter, how much, when to leave. Versioned, validated, readable by its owner."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import Problem
from app.domain.exit_plan import ExitRules
from app.domain.money import HUNDRED, ONE, ZERO, in_money_context, is_usable, total
from app.domain.slippage import AboveTolerance, SlippagePolicy
from app.domain.values import OrderType

SCHEMA_VERSION = 1
MANUAL_ID = "manual"
MAX_BUDGET = Decimal(10) ** 12
LIMIT_TIMEOUT_S = 300
PATIENCE_S = 30
MAX_HOLD_MINUTES = 5_256_000
TIMEFRAMES: dict[str, int] = {"1m": 60, "3m": 180, "5m": 300, "15m": 900, "30m": 1800, "1h": 3600, "4h": 14400}


@dataclass(frozen=True, slots=True)
class LocalText:
    """One text in both languages."""

    ko: str
    en: str

    def of(self, language: str) -> str:
        """Text in ``language`` ("ko" or "en")."""
        return self.ko if language == "ko" else self.en


class RestPolicy(StrEnum):
    """What becomes of a limit entry that is not filled, or not wholly.

    WAIT: it rests until somebody ends it. CANCEL: it ends after ``timeout_s``, or when the price has drifted away.
    CANCEL_AND_MARKET: so it does, and what little is left of one that ended by time is bought at market.
    """

    WAIT = "wait"
    CANCEL = "cancel"
    CANCEL_AND_MARKET = "cancel_and_market"


@dataclass(frozen=True, slots=True)
class EntryOrderPolicy:
    """How an entry is sent. A limit joins the best bid plus ``offset_ticks``; ``rest`` says how it ends.

    Without ``timeout_s`` a limit rests for LIMIT_TIMEOUT_S, and any other entry that splits or waits is patient for
    PATIENCE_S. ``market_from_percent`` is the share that must be filled for the rest to be bought at market,
    ``max_drift_percent`` how far the price may rise above the bid the order was made from.
    """

    order_type: OrderType = OrderType.MARKET
    offset_ticks: int = 0
    timeout_s: int | None = None
    rest: RestPolicy = RestPolicy.CANCEL_AND_MARKET
    market_from_percent: Decimal = Decimal(80)
    max_drift_percent: Decimal = Decimal(2)

    @property
    def lasts_s(self) -> int | None:
        """Seconds after which an entry ends; None for a limit that waits until somebody ends it."""
        if self.order_type is OrderType.LIMIT and self.rest is RestPolicy.WAIT:
            return None
        usual = LIMIT_TIMEOUT_S if self.order_type is OrderType.LIMIT else PATIENCE_S
        return usual if self.timeout_s is None else self.timeout_s

    @in_money_context
    def has_drifted(self, price: Decimal, bid: Decimal) -> bool:
        """True when ``price`` has left the ``bid`` an entry was made from too far behind; both in quote currency."""
        return self.rest is not RestPolicy.WAIT and price > bid * (ONE + self.max_drift_percent / HUNDRED)


@dataclass(frozen=True, slots=True)
class EntryStep:
    """One rung: ``share_percent`` of the budget, ``drop_percent`` below the previous entry (0 = at the signal)."""

    share_percent: Decimal = HUNDRED
    drop_percent: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class StrategyBlueprint:
    """A whole strategy. ``entry_when`` and ``exit_when`` are rules of app.engine.rule_language over ``timeframe`` bars.

    ``default_budget`` is in quote currency (KRW). ``stop_loss_waived`` must be set to run without a stop-loss.
    """

    schema: int
    id: str
    version: int
    name: LocalText
    description: LocalText
    timeframe: str
    warmup_bars: int
    entry_when: str
    default_budget: Decimal
    exits: ExitRules
    exit_when: str | None = None
    entry_order: EntryOrderPolicy = field(default_factory=EntryOrderPolicy)
    steps: tuple[EntryStep, ...] = (EntryStep(),)
    max_spread_percent: Decimal = Decimal("0.5")
    stop_loss_waived: bool = False
    slippage: SlippagePolicy = field(default_factory=SlippagePolicy)

    @property
    def seconds(self) -> int:
        """Length of a bar in seconds."""
        return TIMEFRAMES[self.timeframe]

    @property
    def is_manual(self) -> bool:
        """True for a position that a person trades by instructions."""
        return self.id == MANUAL_ID

    @property
    def label(self) -> str:
        """Id and version, as it is written into journal and log."""
        return f"{self.id} v{self.version}"


def manual_blueprint(exits: ExitRules) -> StrategyBlueprint:
    """A position that a person trades by hand; it never enters by itself, and ``exits`` protect it (a bracket)."""
    return StrategyBlueprint(
        schema=SCHEMA_VERSION,
        id=MANUAL_ID,
        version=1,
        name=LocalText("직접 주문", "Manual"),
        description=LocalText("사용자가 직접 주문합니다.", "A person places the orders."),
        timeframe="1m",
        warmup_bars=0,
        entry_when="false",
        default_budget=MAX_BUDGET,
        exits=exits,
        max_spread_percent=HUNDRED,
        stop_loss_waived=exits.stop_loss_percent is None,
    )


def blueprint_problems(blueprint: StrategyBlueprint) -> list[Problem]:
    """Everything wrong with the figures of a blueprint (rules are checked by the rule language); empty when sound."""
    found: list[Problem] = []

    def check(good: bool, where: str, what: str, *figures: object) -> None:
        if not good:
            found.append(Problem(where, what, tuple(str(figure) for figure in figures)))

    schema = (blueprint.schema, SCHEMA_VERSION)
    check(blueprint.schema == SCHEMA_VERSION, "schema", "is {0}; this version reads {1}", *schema)
    check(bool(blueprint.id.strip()) and len(blueprint.id) <= 64, "id", "must be a name of 1 to 64 characters")
    check(1 <= blueprint.version <= 1_000_000, "version", "must be 1 or more; raise it with every change")
    check(blueprint.timeframe in TIMEFRAMES, "timeframe", "is not one of {0}", ", ".join(TIMEFRAMES))
    check(0 <= blueprint.warmup_bars <= 200, "warmup_bars", "must be 0 to 200 bars")
    check(
        _within(blueprint.default_budget, MAX_BUDGET),
        "default_budget",
        "must be above 0, at most {0}",
        f"{MAX_BUDGET:,}",
    )
    check(_within(blueprint.max_spread_percent, HUNDRED), "max_spread_percent", "must be above 0 and at most 100")
    found.extend(policy_problems(blueprint.entry_order))
    check(_within(blueprint.slippage.max_percent, HUNDRED), "slippage.max_percent", "must be above 0 and at most 100")
    by_money = (
        blueprint.entry_order.order_type is OrderType.MARKET
        or blueprint.slippage.when_above is not AboveTolerance.SPLIT
    )
    check(by_money, "slippage.when_above", "split is for market orders; the price of other orders is their bound")
    found.extend(_step_problems(blueprint.steps))
    found.extend(_exit_problems(blueprint))
    return found


def policy_problems(policy: EntryOrderPolicy) -> list[Problem]:
    """Everything wrong with the figures of how an entry is sent and ends; empty when sound."""
    bounds = (
        (policy.timeout_s is None or 1 <= policy.timeout_s <= 3600, "timeout_s", "must be 1 to 3600 seconds"),
        (-100 <= policy.offset_ticks <= 100, "offset_ticks", "must be -100 to 100 ticks"),
        (_within(policy.market_from_percent, HUNDRED), "market_from_percent", "must be above 0, at most 100"),
        (_within(policy.max_drift_percent, HUNDRED), "max_drift_percent", "must be above 0, at most 100"),
    )
    return [Problem(f"entry_order.{name}", what) for good, name, what in bounds if not good]


def _step_problems(steps: tuple[EntryStep, ...]) -> list[Problem]:
    found: list[Problem] = []
    if not 1 <= len(steps) <= 20:
        return [Problem("steps", "needs 1 to 20 steps")]
    for number, step in enumerate(steps):
        where = f"steps[{number}]"
        if not _within(step.share_percent, HUNDRED):
            found.append(Problem(f"{where}.share_percent", "must be above 0 and at most 100"))
        if (step.drop_percent and not is_usable(step.drop_percent)) or step.drop_percent >= HUNDRED:
            found.append(Problem(f"{where}.drop_percent", "must be 0 or more and below 100"))
    if not found and total(step.share_percent for step in steps) > HUNDRED:
        found.append(Problem("steps", "the shares add up to more than 100 %"))
    return found


def _exit_problems(blueprint: StrategyBlueprint) -> list[Problem]:
    rules = blueprint.exits
    found: list[Problem] = []
    percents = {
        "stop_loss_percent": rules.stop_loss_percent,
        "trailing_stop_percent": rules.trailing_stop_percent,
        "take_profit_percent": rules.take_profit_percent,
        "trailing_activation_percent": rules.trailing_activation_percent,
    }
    for name, value in percents.items():
        upper = Decimal(1000) if name in ("take_profit_percent", "trailing_activation_percent") else HUNDRED
        if value is not None and not (is_usable(value) and value < upper):
            found.append(Problem(f"exits.{name}", "must be above 0 and below {0} %", (str(upper),)))
    if rules.max_hold_minutes is not None and not 1 <= rules.max_hold_minutes <= MAX_HOLD_MINUTES:
        found.append(Problem("exits.max_hold_minutes", "must be 1 to {0} minutes", (f"{MAX_HOLD_MINUTES:,}",)))
    if rules.trailing_activation_percent is not None and rules.trailing_stop_percent is None:
        found.append(Problem("exits.trailing_activation_percent", "does nothing without trailing_stop_percent"))
    if rules.stop_loss_percent is None and not blueprint.stop_loss_waived:
        found.append(Problem("exits.stop_loss_percent", "is missing; set it, or say stop_loss_waived = true"))
    return found


def _within(value: Decimal, high: Decimal) -> bool:
    return is_usable(value) and value <= high
