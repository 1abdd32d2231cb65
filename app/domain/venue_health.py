"""How well a venue can be reached and believed: what is measured, what is too much, and the messages about it.

The circuit breaker is about our failing calls by group; this is about the venue: outage, clock, feed, halts, closing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from app.domain.breaker import CallGroup
from app.domain.errors import InvalidInputError, Problem
from app.domain.money import is_usable
from app.domain.refusal import RefusalReason
from app.domain.values import Market


class VenueState(StrEnum):
    """UP; DOWN after failures in a row; RESUMING until account and bars were read again. Entries leave in UP only."""

    UP = "up"
    DOWN = "down"
    RESUMING = "resuming"


class MarketTrouble(StrEnum):
    """Why a market is taken for halted; entries of it are refused."""

    ONE_SIDED = "one_sided"
    WIDE_SPREAD = "wide_spread"
    NO_TRADES = "no_trades"
    INACTIVE = "inactive"
    CAUTION = "caution"
    DELISTED = "delisted"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """From ``begins`` to ``ends`` (UTC) the venue is closed; orders that rest stay (upbit.md section 9)."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """Bounds of the health checks; seconds, milliseconds and percent as the names say.

    ``maintenance`` holds texts as ``parse_window`` reads them.
    """

    check_every_s: float = 30.0
    slow_ms: float = 1000.0
    failures_in_a_row: int = 3
    silent_feed_s: float = 10.0
    max_skew_s: float = 5.0
    max_spread_percent: Decimal = Decimal(5)
    resume_gap_percent: Decimal = Decimal(10)
    maintenance: tuple[str, ...] = ()
    liquidate_before_maintenance: bool = False

    @property
    def windows(self) -> tuple[MaintenanceWindow, ...]:
        """The windows, first one first.

        Raises:
            InvalidInputError: a text is no window.
        """
        return tuple(sorted((parse_window(text) for text in self.maintenance), key=lambda window: window.begins))


#: What holds unless somebody says otherwise.
USUAL_HEALTH = HealthSettings()
#: Name of a setting: lowest and highest value.
_BOUNDS: dict[str, tuple[float, float]] = {
    "check_every_s": (1, 300),
    "slow_ms": (50, 60_000),
    "failures_in_a_row": (1, 20),
    "silent_feed_s": (2, 120),
    "max_skew_s": (1, 60),
}
_PERCENTS = ("max_spread_percent", "resume_gap_percent")
LONGEST_WINDOW = timedelta(days=2)


def parse_window(text: str) -> MaintenanceWindow:
    """Read ``2026-12-01T02:00+09:00/2026-12-01T07:00+09:00``.

    Raises:
        InvalidInputError: other words, a time without zone, an end before the beginning, or longer than two days.
    """
    start, _, end = text.partition("/")
    try:
        begins, ends = datetime.fromisoformat(start.strip()), datetime.fromisoformat(end.strip())
        if begins.tzinfo is None or ends.tzinfo is None:
            raise ValueError
        window = MaintenanceWindow(begins.astimezone(UTC), ends.astimezone(UTC))
    except (ValueError, OverflowError):
        what = "{0} must look like 2026-12-01T02:00+09:00/2026-12-01T07:00+09:00: two times with their zone"
        raise InvalidInputError.of(Problem("venue_health.maintenance", what, (repr(text),))) from None
    if not timedelta() < window.ends - window.begins <= LONGEST_WINDOW:
        what = "{0} must end after it begins, and within two days"
        raise InvalidInputError.of(Problem("venue_health.maintenance", what, (repr(text),)))
    return window


def health_problems(settings: HealthSettings) -> list[Problem]:
    """Everything wrong with the settings; empty when sound."""
    found = [
        Problem(f"venue_health.{name}", "must be {0} to {1}", (f"{low:g}", f"{high:g}"))
        for name, (low, high) in _BOUNDS.items()
        if not low <= getattr(settings, name) <= high
    ]
    for name in _PERCENTS:
        value = getattr(settings, name)
        if not is_usable(value) or value > 100:
            found.append(Problem(f"venue_health.{name}", "must be a number above 0 and at most 100 percent"))
    for text in settings.maintenance:
        try:
            parse_window(text)
        except InvalidInputError as error:
            found += error.problems
    return found


@dataclass(frozen=True, slots=True)
class VenueReply:
    """Answer to a check. ``venue_time`` is cut down to ``resolution_s`` (an HTTP Date has whole seconds); None when
    the answer carried none. ``sent_at`` and ``received_at`` are by our clock, around the bytes alone.
    """

    venue_time: datetime | None
    sent_at: datetime
    received_at: datetime
    resolution_s: float = 1.0

    @property
    def skew_s(self) -> float | None:
        """Least seconds the venue's clock is ahead of ours (negative: behind) that explain the answer; 0 when none
        are needed: the way there and back, and the resolution, are given every benefit of the doubt."""
        if self.venue_time is None:
            return None
        ahead = (self.venue_time - self.received_at).total_seconds()
        behind = (self.venue_time - self.sent_at).total_seconds() + self.resolution_s
        return ahead if ahead > 0 else min(behind, 0.0)

    @property
    def latency_ms(self) -> float:
        """From the first byte out to the whole answer."""
        return max((self.received_at - self.sent_at).total_seconds() * 1000, 0.0)


@dataclass(frozen=True, slots=True)
class VenueChecked:
    """The venue answered a check."""

    venue: str
    reply: VenueReply


@dataclass(frozen=True, slots=True)
class VenueCheckFailed:
    """A check brought nothing; ``failed`` as in LookupFailed."""

    venue: str
    detail: str
    failed: CallGroup | None = None


@dataclass(frozen=True, slots=True)
class BookFailed:
    """A book that was asked for by REST did not come; ``failed`` as in LookupFailed."""

    market: Market
    detail: str
    failed: CallGroup | None = None


@dataclass(frozen=True, slots=True)
class CallTimed:
    """A call was answered after so many milliseconds on the wire, whatever the answer said."""

    venue: str
    latency_ms: float


@dataclass(frozen=True, slots=True)
class HealthFigures:
    """What the screen shows of a venue's health. ``halted`` names markets and why; times are UTC."""

    state: VenueState
    reason: str
    p50_ms: float | None
    p99_ms: float | None
    is_slow: bool
    checked_at: datetime | None
    feed_at: datetime | None
    feed_silent: bool
    skew_s: float | None
    max_skew_s: float
    maintenance: MaintenanceWindow | None
    maintenance_blocks: bool
    halted: tuple[tuple[Market, MarketTrouble], ...] = ()

    @property
    def holds_back(self) -> RefusalReason | None:
        """Why the gate refuses every entry to the venue because of these figures; None when it does not."""
        if self.state is not VenueState.UP:
            return RefusalReason.VENUE_DOWN
        if self.maintenance_blocks:
            return RefusalReason.MAINTENANCE
        if self.skew_s is None or abs(self.skew_s) > self.max_skew_s:
            return RefusalReason.CLOCK_SKEW
        return RefusalReason.FEED_SILENT if self.feed_silent else None
