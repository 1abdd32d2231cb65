"""Call groups of a venue, the life cycle of their circuit breakers, and the messages about them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.errors import BrokenRuleError
from app.domain.values import Market


class CallGroup(StrEnum):
    """Calls that fail together: submits, cancels, reads of orders and the account, market history."""

    ORDER = "order"
    CANCEL = "cancel"
    LOOKUP = "lookup"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class CallBudget:
    """What a venue's rate limit leaves one call group: at most ``calls`` in any ``seconds``, ``used`` of them taken.

    ``waiting`` calls queue for it; ``next_slot_s`` is when the next urgent one may leave (seconds; a ban counts).
    """

    group: CallGroup
    calls: int
    seconds: float
    used: int = 0
    waiting: int = 0
    next_slot_s: float = 0.0

    def wait_s(self, number: int) -> float:
        """Seconds until the last of ``number`` further urgent calls may leave: full windows, one after the other."""
        free = max(self.calls - self.used - self.waiting, 0) if self.next_slot_s <= 0 else 0
        late = number - free
        if late <= 0:
            return 0.0
        first = self.next_slot_s if self.next_slot_s > 0 else self.seconds
        return first + (late - 1) // max(self.calls, 1) * self.seconds


class BreakerState(StrEnum):
    """What may leave: everything; no entry; one entry at a time. Exits, cancels and look-ups leave in every state."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class BreakerTrigger(StrEnum):
    """What can happen to a breaker."""

    RATE_EXCEEDED = "rate_exceeded"
    WAITED = "waited"
    PROBE_FAILED = "probe_failed"
    PROBES_PASSED = "probes_passed"
    TRIPPED = "tripped"
    RESET = "reset"


S, T = BreakerState, BreakerTrigger

#: (state, trigger) -> state, after resilience4j's CircuitBreaker (resilience4j.readme.io/docs/circuitbreaker); its
#: FORCED_OPEN is OPEN without an end here. A pair that is missing is a broken rule and raises.
BREAKER_TRANSITIONS: dict[tuple[BreakerState, BreakerTrigger], BreakerState] = {
    (S.CLOSED, T.RATE_EXCEEDED): S.OPEN,
    (S.CLOSED, T.TRIPPED): S.OPEN,
    (S.OPEN, T.WAITED): S.HALF_OPEN,
    (S.OPEN, T.TRIPPED): S.OPEN,  # a person's trip has no end of its own
    (S.OPEN, T.RESET): S.CLOSED,
    (S.HALF_OPEN, T.PROBE_FAILED): S.OPEN,
    (S.HALF_OPEN, T.PROBES_PASSED): S.CLOSED,
    (S.HALF_OPEN, T.TRIPPED): S.OPEN,
    (S.HALF_OPEN, T.RESET): S.CLOSED,
}
del S, T


def next_breaker_state(state: BreakerState, trigger: BreakerTrigger) -> BreakerState:
    """Follow the table.

    Raises:
        BrokenRuleError: the pair is not in the table.
    """
    try:
        return BREAKER_TRANSITIONS[(state, trigger)]
    except KeyError:
        raise BrokenRuleError(f"a breaker in state {state} cannot take '{trigger}'") from None


@dataclass(frozen=True, slots=True)
class TripBreaker:
    """Let no entry leave because of this call group until ResetBreaker; nothing else is held back."""

    venue: str
    group: CallGroup
    reason: str


@dataclass(frozen=True, slots=True)
class ResetBreaker:
    """Close the breaker of a call group and forget its failures."""

    venue: str
    group: CallGroup


@dataclass(frozen=True, slots=True)
class CallRate:
    """Outcomes of a call group in the window its breaker looks at: ``calls``, and how many of them failed or dragged.

    A breaker that changes its state begins to count anew.
    """

    group: CallGroup
    calls: int
    failed: int
    slow: int


@dataclass(frozen=True, slots=True)
class CandlesFailed:
    """History was not loaded; it is asked for again. ``failed`` as in LookupFailed."""

    market: Market
    detail: str
    failed: CallGroup | None = None


@dataclass(frozen=True, slots=True)
class BreakerChanged:
    """The breaker of a call group is in a new state. OPEN without ``until`` stays so until a person resets it.

    ``wait_s`` is how long it waits, or will wait, in OPEN.
    """

    venue: str
    group: CallGroup
    state: BreakerState
    reason: str
    until: datetime | None
    wait_s: float
