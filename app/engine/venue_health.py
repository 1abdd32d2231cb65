"""Whether a venue can be reached and believed: outage, latency, clock, feed, maintenance. Entries only are refused.

Every call counts, whatever it was for; besides them a check leaves every 30 s. While the stream says nothing about a
market that has something at stake, its book is asked for by REST, so that stops keep working.
"""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from app.domain.effects import CheckVenue, LoadBook, LoadCandles
from app.domain.market_data import Book, Ticker, Trade
from app.domain.messages import (
    AccountRead,
    AccountReadFailed,
    AlertRaised,
    CandlesLoaded,
    Message,
    StreamStateChanged,
)
from app.domain.refusal import Refusal, RefusalReason
from app.domain.values import Market
from app.domain.venue_health import (
    BookFailed,
    CallTimed,
    HealthFigures,
    HealthSettings,
    MaintenanceWindow,
    VenueChecked,
    VenueCheckFailed,
    VenueState,
)
from app.engine.circuit_breaker import call_outcome
from app.engine.market_board import MarketBoard
from app.engine.outbox import Outbox

#: While something is wrong the checks come faster.
CHECK_AGAIN = timedelta(seconds=5)
#: A check or a book without an answer for this long is asked for again.
ANSWER_PATIENCE = timedelta(seconds=10)
#: From this on a person is told that the clocks differ (reliability.md C1: 1 s warn, 5 s stop entries).
SKEW_WARNING_S = 1.0
#: What was measured so many pauses ago says nothing about the clock any more.
SKEW_HOLDS = 6
#: Calls the percentiles are made of, and those that decide whether the venue is slow now.
KEPT_CALLS, RECENT_CALLS = 200, 5
#: Pauses between two books by REST of one market: while the whole feed is silent, and while others are told of.
POLL_SILENT, POLL_QUIET = timedelta(seconds=2), timedelta(seconds=10)
#: Books by REST under way at once; Upbit's group lets ten a second through.
MOST_POLLS = 8
NO_ENTRIES_BEFORE = timedelta(minutes=60)
LIQUIDATE_BEFORE = timedelta(minutes=10)
HISTORY_BARS = 200


class VenueHealth:
    """State of one venue. ``at_stake`` names the markets with positions or armed instructions."""

    def __init__(
        self, venue: str, settings: HealthSettings, board: MarketBoard, at_stake: Callable[[], Iterable[Market]]
    ) -> None:
        self._venue = venue
        self.settings = settings
        self._windows = settings.windows
        self._board = board
        self._at_stake = at_stake
        self.state = VenueState.UP
        self.reason = ""
        self._failures = 0
        self._resumed_at: datetime | None = None
        self._account_read = False
        self._bars_owed: set[tuple[Market, int]] = set()
        self._checked_at: datetime | None = None
        self._check_asked: datetime | None = None
        self._skew_s: float | None = None
        self._skew_told = False
        self._latencies: deque[float] = deque(maxlen=KEPT_CALLS)
        self._slow_told = False
        self._public_up = False
        self._feed_at: datetime | None = None
        self._silence_told = False
        self._framed: dict[Market, datetime] = {}
        self._polled: dict[Market, datetime] = {}
        self._polls: set[Market] = set()
        self._window_told: MaintenanceWindow | None = None

    # ---- what it says -------------------------------------------------------------------------------------------

    def entry_refusal(self, now: datetime) -> Refusal | None:
        """Why no entry may leave to this venue now; None when it may."""
        if self.state is not VenueState.UP:
            return Refusal(RefusalReason.VENUE_DOWN, f"{self._venue} is {self.state}: {self.reason}")
        window = self.window(now)
        if window is not None and now >= window.begins - NO_ENTRIES_BEFORE:
            return Refusal(RefusalReason.MAINTENANCE, f"{window.begins:%m-%d %H:%M} to {window.ends:%m-%d %H:%M} UTC")
        skew = self.skew_s(now)
        if skew is None:
            return Refusal(RefusalReason.CLOCK_SKEW, "the venue's clock has not been compared with ours lately")
        if abs(skew) > self.settings.max_skew_s:
            return Refusal(RefusalReason.CLOCK_SKEW, f"the venue's clock is {skew:+.1f} s from ours")
        return None

    def feed_refusal(self, market: Market, now: datetime) -> Refusal | None:
        """Why no entry may trust the feed now; prices asked for by REST keep stops alive and open nothing."""
        if self.is_silent(now):
            return Refusal(RefusalReason.FEED_SILENT, "the price stream says nothing")
        book = self._board.books.get(market)
        if book is not None and book.polled:
            return Refusal(RefusalReason.FEED_SILENT, f"the book of {market} was asked for, the stream is silent on it")
        return None

    def skew_s(self, now: datetime) -> float | None:
        """Seconds the venue's clock is ahead of ours; None while not measured lately."""
        holds = timedelta(seconds=SKEW_HOLDS * self.settings.check_every_s)
        known = self._checked_at is not None and now - self._checked_at <= holds
        return self._skew_s if known else None

    def is_silent(self, now: datetime) -> bool:
        """True while no frame of any market came for long, or the stream is down."""
        if self._feed_at is None or not self._public_up:
            return True
        return now - self._feed_at > timedelta(seconds=self.settings.silent_feed_s)

    def window(self, now: datetime) -> MaintenanceWindow | None:
        """The maintenance under way, or the next one known."""
        return next((window for window in self._windows if now < window.ends), None)

    def liquidation_due(self, now: datetime) -> MaintenanceWindow | None:
        """The window before which the user chose to be flat, from T-10 min until it begins."""
        window = self.window(now)
        if not self.settings.liquidate_before_maintenance or window is None:
            return None
        return window if window.begins - LIQUIDATE_BEFORE <= now < window.begins else None

    def figures(self, now: datetime) -> HealthFigures:
        """All of it for the screen."""
        window = self.window(now)
        ranked = sorted(self._latencies)
        return HealthFigures(
            state=self.state,
            reason=self.reason,
            p50_ms=_percentile(ranked, 0.5),
            p99_ms=_percentile(ranked, 0.99),
            is_slow=self._slow_told,
            checked_at=self._checked_at,
            feed_at=self._feed_at,
            feed_silent=self.is_silent(now),
            skew_s=self.skew_s(now),
            max_skew_s=self.settings.max_skew_s,
            maintenance=window,
            maintenance_blocks=window is not None and now >= window.begins - NO_ENTRIES_BEFORE,
        )

    # ---- what happens -------------------------------------------------------------------------------------------

    def follow(self, message: Message, now: datetime, out: Outbox) -> None:
        """Look at any message before it is handled."""
        match message:
            case Trade() | Ticker():
                self._on_frame(message.market, now, out)
            case Book():
                self._polls.discard(message.market)
                if not message.polled:
                    self._on_frame(message.market, now, out)
            case CallTimed():
                self._on_latency(message.latency_ms, out)
            case StreamStateChanged(stream="public"):
                self._public_up = message.up
            case VenueChecked():
                self._on_checked(message, now, out)
            case VenueCheckFailed():
                self._check_asked = self._asked_long_ago(now)
            case BookFailed():
                self._polls.discard(message.market)
            case CandlesLoaded():
                self._bars_owed.discard((message.market, message.seconds))
            case AccountRead():
                begun = message.snapshot.started_at
                self._account_read |= self._resumed_at is not None and begun >= self._resumed_at
            case _:
                pass
        failed = _failed(message)
        if failed is not None:
            self._count(failed, now, out)

    def on_time(self, reconciled: bool, now: datetime, out: Outbox) -> None:
        """Checks, polls and the end of an outage that are due. ``reconciled``: our books agree with the venue's."""
        if self.state is VenueState.RESUMING and self._account_read and reconciled and not self._bars_owed:
            self.state, self.reason, self._resumed_at = VenueState.UP, "", None
            out.tell(AlertRaised("venue_up", f"{self._venue}: account and bars were read again"))
        if self._check_is_due(now):
            self._check_asked = now
            out.ask(CheckVenue(self._venue))
        self._tell_silence(now, out)
        self._tell_maintenance(now, out)
        self._poll(now, out)

    def take_resumed(self, now: datetime) -> list[LoadCandles] | None:
        """Once after an outage: the bars to load again, while the caller has the account read. None otherwise."""
        if self.state is not VenueState.RESUMING or self._resumed_at is not None:
            return None
        self._resumed_at, self._account_read = now, False
        self._bars_owed = {(series.market, series.seconds) for series in self._board.all_series()}
        return [LoadCandles(market, seconds, HISTORY_BARS) for market, seconds in sorted(self._bars_owed)]

    # ---- calls --------------------------------------------------------------------------------------------------

    def _count(self, failed: bool, now: datetime, out: Outbox) -> None:
        if not failed:
            self._failures = 0
            if self.state is VenueState.DOWN:
                self.state, self.reason, self._resumed_at = VenueState.RESUMING, "it answers again", None
            return
        self._failures += 1
        if self._failures >= self.settings.failures_in_a_row and self.state is not VenueState.DOWN:
            again = self.state is VenueState.RESUMING
            self.state, self.reason = VenueState.DOWN, f"{self._failures} calls in a row failed"
            self._resumed_at = None
            if not again:
                words = f"{self._venue}: {self.reason}; no entry leaves, exits are tried on"
                out.tell(AlertRaised("venue_down", words, critical=True))

    def _on_latency(self, latency_ms: float, out: Outbox) -> None:
        self._latencies.append(latency_ms)
        recent = sorted(list(self._latencies)[-RECENT_CALLS:])
        slow = recent[len(recent) // 2] >= self.settings.slow_ms
        if slow and not self._slow_told:
            out.tell(AlertRaised("venue_slow", f"{self._venue}: {latency_ms:.0f} ms for the last call"))
        self._slow_told = slow

    def _check_is_due(self, now: datetime) -> bool:
        asked = self._check_asked or self._checked_at
        if asked is None:
            return True
        well = self.state is VenueState.UP and self.skew_s(now) is not None
        pause = timedelta(seconds=self.settings.check_every_s) if well else CHECK_AGAIN
        waits = self._checked_at is None or self._checked_at < asked
        return now - asked >= (max(pause, ANSWER_PATIENCE) if waits else pause)

    def _asked_long_ago(self, now: datetime) -> datetime:
        """A failed check is repeated after CHECK_AGAIN."""
        return now - ANSWER_PATIENCE + CHECK_AGAIN

    def _on_checked(self, message: VenueChecked, now: datetime, out: Outbox) -> None:
        self._checked_at, self._skew_s = now, message.reply.skew_s
        skew = self._skew_s
        apart = skew is not None and abs(skew) > SKEW_WARNING_S
        if apart and not self._skew_told:
            bound = skew is not None and abs(skew) > self.settings.max_skew_s
            out.tell(AlertRaised("clock_skew", f"{self._venue}: its clock is {skew:+.1f} s from ours", critical=bound))
        self._skew_told = apart

    # ---- the feed -----------------------------------------------------------------------------------------------

    def _on_frame(self, market: Market, now: datetime, out: Outbox) -> None:
        self._feed_at = self._framed[market] = now
        if self._silence_told:
            self._silence_told = False
            out.tell(AlertRaised("feed_back", f"{self._venue}: prices come again"))

    def _tell_silence(self, now: datetime, out: Outbox) -> None:
        if not self._silence_told and self._feed_at is not None and self.is_silent(now) and any(self._at_stake()):
            self._silence_told = True
            age = (now - self._feed_at).total_seconds()
            out.tell(AlertRaised("feed_silent", f"{self._venue}: no price for {age:.0f} s; stops go by polled books"))

    def _poll(self, now: datetime, out: Outbox) -> None:
        silent = self.is_silent(now)
        pause = POLL_SILENT if silent else POLL_QUIET
        for market in self._at_stake():
            framed, asked = self._framed.get(market), self._polled.get(market)
            quiet = framed is None or now - framed > timedelta(seconds=self.settings.silent_feed_s)
            waits = market in self._polls and asked is not None and now - asked < ANSWER_PATIENCE
            if not quiet or waits or (asked is not None and now - asked < pause):
                continue
            if len(self._polls) >= MOST_POLLS and market not in self._polls:
                return
            self._polled[market] = now
            self._polls.add(market)
            out.ask(LoadBook(market))

    # ---- maintenance --------------------------------------------------------------------------------------------

    def _tell_maintenance(self, now: datetime, out: Outbox) -> None:
        window = self.window(now)
        if window is None or window == self._window_told or now < window.begins - NO_ENTRIES_BEFORE:
            return
        self._window_told = window
        words = f"{self._venue}: {window.begins:%m-%d %H:%M} to {window.ends:%m-%d %H:%M} UTC; no entry leaves"
        out.tell(AlertRaised("maintenance_near", words))


def _failed(message: Message) -> bool | None:
    """Whether a message is the end of a call that failed, or of one that was answered; None for anything else."""
    if isinstance(message, VenueCheckFailed | BookFailed):
        return True if message.failed is not None else None
    if isinstance(message, VenueChecked) or (isinstance(message, Book) and message.polled):
        return False
    if isinstance(message, AccountReadFailed) and message.detail.startswith("market_offline"):
        return True  # the whole account closed: maintenance that nobody told us of
    outcome = call_outcome(message)
    return None if outcome is None else outcome[1]


def _percentile(ranked: list[float], share: float) -> float | None:
    """Nearest rank."""
    return ranked[min(int(len(ranked) * share), len(ranked) - 1)] if ranked else None
