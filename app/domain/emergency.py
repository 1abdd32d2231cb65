"""The emergency control: how far it reaches, what it will do, line by line what it does, and the proof."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.money import MONEY_CONTEXT, ONE, ZERO, ratio, total
from app.domain.values import Market

#: Shares of a position that REDUCE may sell, in percent.
REDUCE_STEPS = (25, 50, 75)
#: Runs that the history shows.
RUNS_KEPT = 50


class EmergencyAction(StrEnum):
    """The ladder. Each step does all that the steps before it do, within its scope; entries are blocked everywhere.

    BLOCK_ENTRIES only blocks. CANCEL_ENTRIES ends orders that would buy. CANCEL_ALL also what rests to sell. REDUCE
    sells a share of every position, FLATTEN all of it; FLATTEN_AND_LOCK leaves trading HALTED besides.
    """

    BLOCK_ENTRIES = "block_entries"
    CANCEL_ENTRIES = "cancel_entries"
    CANCEL_ALL = "cancel_all"
    REDUCE = "reduce"
    FLATTEN = "flatten"
    FLATTEN_AND_LOCK = "flatten_and_lock"

    @property
    def sells(self) -> bool:
        """True when positions are sold, in part or whole."""
        return self in (EmergencyAction.REDUCE, EmergencyAction.FLATTEN, EmergencyAction.FLATTEN_AND_LOCK)

    @property
    def flattens(self) -> bool:
        """True when positions are sold whole."""
        return self in (EmergencyAction.FLATTEN, EmergencyAction.FLATTEN_AND_LOCK)


class Outcome(StrEnum):
    """Which positions by their open profit at the press: one of exactly zero is neither a winner nor a loser."""

    ALL = "all"
    WINNERS = "winners"
    LOSERS = "losers"


class SellFirst(StrEnum):
    """Which positions are the largest risk: by value, by open loss, or by what selling them costs (unknown first)."""

    VALUE = "value"
    LOSS = "loss"
    ILLIQUID = "illiquid"


@dataclass(frozen=True, slots=True)
class EmergencyScope:
    """How far a press reaches; the default is everything this program manages. Empty filters let everything through.

    ``percent`` counts for REDUCE only. ``strategies`` are blueprint ids. ``whole_account`` also sells what the account
    holds besides and ends orders made elsewhere.
    """

    action: EmergencyAction = EmergencyAction.FLATTEN
    percent: int = 100
    markets: tuple[Market, ...] = ()
    venues: tuple[str, ...] = ()
    strategies: tuple[str, ...] = ()
    outcome: Outcome = Outcome.ALL
    whole_account: bool = False
    first: SellFirst = SellFirst.VALUE

    @property
    def share(self) -> int:
        """Percent of every position in scope that is sold."""
        if not self.action.sells:
            return 0
        return self.percent if self.action is EmergencyAction.REDUCE else 100

    @property
    def is_unfiltered(self) -> bool:
        """True when no market, venue, strategy or outcome is left out."""
        return not (self.markets or self.venues or self.strategies) and self.outcome is Outcome.ALL

    @property
    def is_everything(self) -> bool:
        """True when nothing of ours may be left afterwards."""
        return self.action.flattens and self.is_unfiltered


def scope_problem(scope: EmergencyScope) -> str:
    """Why a scope makes no sense; empty when it does."""
    if scope.action is EmergencyAction.REDUCE and scope.percent not in REDUCE_STEPS:
        return f"a position can be reduced by {', '.join(map(str, REDUCE_STEPS))} %, not by {scope.percent} %"
    if scope.whole_account and not scope.action.flattens:
        return "the whole account can only be flattened"
    if scope.whole_account and not scope.is_unfiltered:
        return "the whole account knows no market, strategy or outcome"
    return ""


class LiquidationStage(StrEnum):
    """How far a run is. FLAT and DONE need two venue readings without a working order and a holding in scope: FLAT is
    everything, DONE a narrower scope. ATTENTION names what is left; the program keeps trying all the same."""

    CANCELLING = "cancelling"
    SELLING = "selling"
    CONFIRMING = "confirming"
    FLAT = "flat"
    DONE = "done"
    ATTENTION = "attention"

    @property
    def is_over(self) -> bool:
        """True when the run has ended, one way or the other."""
        return self.is_proven or self is LiquidationStage.ATTENTION

    @property
    def is_proven(self) -> bool:
        """True when the venue confirmed it twice and nothing more is done."""
        return self in (LiquidationStage.FLAT, LiquidationStage.DONE)


class LineState(StrEnum):
    """How far one position of the run is."""

    WAITING = "waiting"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    SELLING = "selling"
    SOLD = "sold"
    CONFIRMED = "confirmed"
    DUST = "dust"
    STUCK = "stuck"


class ResidueKind(StrEnum):
    """What is left and why: the screen has words for each, and for what is done about it meanwhile."""

    DUST = "dust"
    HALTED = "halted"
    NO_BUYERS = "no_buyers"
    UNREACHABLE = "unreachable"
    RATE_LIMITED = "rate_limited"
    REFUSED = "refused"
    LOCKED = "locked"
    UNKNOWN_ORDER = "unknown_order"
    WORKING_ORDER = "working_order"
    FOREIGN_ORDER = "foreign_order"
    HELD = "held"
    NO_RULES = "no_rules"
    SEARCHING = "searching"
    LOST_SALE = "lost_sale"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Residue:
    """One thing that is left. ``amount`` in units of the market's coin; ``detail`` is the venue's word or an order."""

    kind: ResidueKind
    market: Market | None = None
    amount: Decimal | None = None
    detail: str = ""

    def __str__(self) -> str:
        """Plain English for log and journal."""
        parts = ["" if self.amount is None else f"{self.amount}", self.kind.value.replace("_", " "), self.detail]
        words = " ".join(part for part in parts if part)
        return words if self.market is None else f"{self.market}: {words}"


@dataclass(frozen=True, slots=True)
class LiquidationLine:
    """One position in the run; quantities in units, money in quote currency.

    ``wanted`` is to be sold, ``share`` percent of it all. ``residue`` is the refusal or trouble that keeps it alive,
    ``why`` its kind. ``arrival`` is the middle of the book at the press; ``proceeds`` (without fees) is what was sold
    since.
    ``sold_before`` and ``earned_before`` are what the position's sales had done until then.
    """

    position_id: str
    market: Market
    state: LineState
    wanted: Decimal
    sold: Decimal
    residue: str = ""
    why: ResidueKind | None = None
    share: int = 100
    arrival: Decimal | None = None
    proceeds: Decimal = ZERO
    sold_before: Decimal = ZERO
    earned_before: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Unsellable:
    """A position that cannot be sold now: why, and from when on it can, where that is known."""

    market: Market
    why: ResidueKind
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EmergencyPreview:
    """What pressing now would do; the screen shows it all the time. Times in seconds.

    ``slippage`` is what the books pay less than their middle, as a ratio of that, ``slippage_value`` the same in quote
    currency; None when no book tells. ``value`` is what is held at the middle of the books (else at cost). ``unpriced``
    positions have no usable book, ``beyond_depth`` more than the visible book holds. ``ahead`` calls leave before ours.
    ``troubles`` are what makes the venue slower than usual, now.
    """

    positions: int
    venues: int
    cancels: int
    orders: int
    expected_s: float
    p95_s: float
    unsellable: tuple[Unsellable, ...]
    made_at: datetime
    value: Decimal = ZERO
    slippage: Decimal | None = None
    slippage_value: Decimal | None = None
    unpriced: int = 0
    beyond_depth: int = 0
    ahead: int = 0
    troubles: tuple[ResidueKind, ...] = ()


@dataclass(frozen=True, slots=True)
class LiquidationRun:
    """One run from press to proof. ``unmanaged`` is what the account held besides our positions: (asset, units).

    ``scopes`` are the presses in it: a wider one while it runs widens the run. ``forecast`` is the card at the press.
    """

    run_id: str
    stage: LiquidationStage
    lines: tuple[LiquidationLine, ...]
    started_at: datetime
    predicted_s: float
    ended_at: datetime | None = None
    clean_reads: int = 0
    left: tuple[Residue, ...] = ()
    unmanaged: tuple[tuple[str, Decimal], ...] = ()
    scopes: tuple[EmergencyScope, ...] = field(default_factory=lambda: (EmergencyScope(),))
    forecast: EmergencyPreview | None = None

    @property
    def actual_s(self) -> float | None:
        """Seconds from press to the end; None while it runs."""
        return None if self.ended_at is None else (self.ended_at - self.started_at).total_seconds()

    @property
    def residues(self) -> tuple[str, ...]:
        """What is left in plain English, for log and journal."""
        return tuple(str(residue) for residue in self.left)

    @property
    def is_everything(self) -> bool:
        """True when nothing of ours may be left at its end."""
        return any(scope.is_everything for scope in self.scopes)

    @property
    def whole_account(self) -> bool:
        """True when it also takes what this program did not buy."""
        return any(scope.whole_account for scope in self.scopes)

    @property
    def slippage(self) -> Decimal | None:
        """What the sales brought less than the middle of the books at the press (ratio); None without a sale."""
        sold = [line for line in self.lines if line.sold > ZERO and line.arrival is not None]
        worth = total(MONEY_CONTEXT.multiply(line.sold, line.arrival or ZERO) for line in sold)
        if worth <= ZERO:
            return None
        return MONEY_CONTEXT.subtract(ONE, ratio(total(line.proceeds for line in sold), worth))


def keep_run(runs: dict[str, LiquidationRun], run: LiquidationRun) -> None:
    """Store the newest word on a run; beyond RUNS_KEPT the oldest run goes."""
    runs[run.run_id] = run
    if len(runs) > RUNS_KEPT:
        del runs[next(iter(runs))]
