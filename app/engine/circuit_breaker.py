"""Stops entries while calls to the venue fail or drag: one breaker per call group, kept by the outcomes alone.

Pattern and words: resilience4j, CircuitBreaker, time-based sliding window (resilience4j.readme.io/docs/circuitbreaker).
Other than there, nothing but entries is ever held back: exits, cancels and look-ups leave always and serve as probes.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.breaker import (
    BreakerChanged,
    BreakerState,
    BreakerTrigger,
    CallGroup,
    CallRate,
    CandlesFailed,
    ResetBreaker,
    TripBreaker,
    next_breaker_state,
)
from app.domain.messages import (
    AccountRead,
    AccountReadFailed,
    AlertRaised,
    CancelAnswered,
    CandlesLoaded,
    CommandRefused,
    LookupFailed,
    Message,
    OrderAccepted,
    OrderLookedUp,
    OrderNotSent,
    OrderOutcomeUnknown,
    OrderRefused,
    ReplacementTaken,
)
from app.domain.refusal import Refusal, RefusalReason
from app.engine.outbox import Outbox

#: What is looked at: the calls of this last stretch, once there are enough of them.
WINDOW = timedelta(seconds=60)
MINIMUM_CALLS = 5
#: Shares of failed and of slow calls from which on a breaker opens.
FAILURE_RATE = 0.5
SLOW_RATE = 0.8
#: An order answered later than this is slow. Of other calls only the queue knows when they left.
SLOW_CALL = timedelta(seconds=3)
#: OPEN lasts so long at first, twice as long after every failed probe, and never longer than this.
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(seconds=300)
#: Calls in a row that must be answered well in HALF_OPEN.
PROBES = 2
#: Groups that may have no call for hours: so long in HALF_OPEN without a failure counts as passed.
RARE = frozenset({CallGroup.CANCEL, CallGroup.QUOTATION})
RARE_PATIENCE = timedelta(seconds=60)

S, T = BreakerState, BreakerTrigger
_FAILURES = (OrderNotSent, LookupFailed, AccountReadFailed, CandlesFailed)
_ANSWERS: dict[type, CallGroup] = {
    OrderLookedUp: CallGroup.LOOKUP,
    AccountRead: CallGroup.LOOKUP,
    CancelAnswered: CallGroup.CANCEL,
    CandlesLoaded: CallGroup.QUOTATION,
}


@dataclass(slots=True)
class _Circuit:
    """``calls`` holds (when answered, failed, slow); ``since`` is when HALF_OPEN began."""

    state: BreakerState = BreakerState.CLOSED
    until: datetime | None = None
    wait: timedelta = FIRST_WAIT
    since: datetime | None = None
    probes: int = 0
    calls: deque[tuple[datetime, bool, bool]] = field(default_factory=deque)

    def at(self, now: datetime) -> BreakerState:
        """The state at ``now``, told or not."""
        waited = self.state is S.OPEN and self.until is not None and self.until <= now
        return S.HALF_OPEN if waited else self.state


class CircuitBreaker:
    """The breakers of one venue."""

    def __init__(self, venue: str) -> None:
        self.venue = venue
        self._circuits = {group: _Circuit() for group in CallGroup}
        self._left: dict[str, datetime] = {}

    def restore(self, events: Iterable[BreakerChanged], now: datetime) -> None:
        """Take over what the journal knew. The clock may have been set: no wait is longer than the longest one."""
        for event in events:
            if event.venue != self.venue:
                continue
            circuit = self._circuits[event.group]
            circuit.state, circuit.wait = event.state, timedelta(seconds=event.wait_s)
            circuit.until = None if event.until is None else min(event.until, now + circuit.wait)
            circuit.since = now

    def state(self, group: CallGroup, now: datetime) -> BreakerState:
        """State of one group."""
        return self._circuits[group].at(now)

    def entry_refusal(self, other_under_way: bool, now: datetime) -> Refusal | None:
        """Why no entry may leave now; ``other_under_way`` is True while another one has no answer yet."""
        for group, circuit in self._circuits.items():
            state = circuit.at(now)
            if state is S.OPEN:
                end = "a person resets it" if circuit.until is None else f"{circuit.until:%H:%M:%S} UTC"
                return Refusal(RefusalReason.BREAKER_OPEN, f"{group} calls are held back until {end}")
            if state is S.HALF_OPEN and other_under_way:
                return Refusal(RefusalReason.BREAKER_OPEN, f"{group} calls are being tried, one entry at a time")
        return None

    def rates(self, now: datetime) -> tuple[CallRate, ...]:
        """What every group counted in the last WINDOW."""
        return tuple(_rate(group, circuit.calls, now) for group, circuit in self._circuits.items())

    def leaving(self, order_id: str, now: datetime) -> None:
        """The bytes of an order are about to leave."""
        self._left[order_id] = now

    # ---- what happens -------------------------------------------------------------------------------------------

    def trip(self, command: TripBreaker, now: datetime, out: Outbox) -> None:
        """A person lets no entry leave."""
        circuit = self._asked(command, out)
        if circuit is None or (circuit.state is S.OPEN and circuit.until is None):
            return
        self._move(command.group, T.TRIPPED, f"by hand: {command.reason}", now, out)

    def reset(self, command: ResetBreaker, now: datetime, out: Outbox) -> None:
        """A person closes a breaker; the next failures are counted from nothing."""
        circuit = self._asked(command, out)
        if circuit is None:
            return
        circuit.calls.clear()
        if circuit.state is not S.CLOSED:
            self._move(command.group, T.RESET, "by hand", now, out)

    def _asked(self, command: TripBreaker | ResetBreaker, out: Outbox) -> _Circuit | None:
        if command.venue == self.venue:
            return self._circuits[command.group]
        refusal = Refusal(RefusalReason.NOT_POSSIBLE_NOW, f"{command.venue} is not the venue {self.venue}")
        out.tell(CommandRefused(type(command).__name__, refusal))
        return None

    def follow(self, message: Message, now: datetime, out: Outbox) -> None:
        """Count the call a message is the outcome of."""
        left = now
        if isinstance(message, OrderAccepted | OrderRefused | OrderOutcomeUnknown | ReplacementTaken):
            left = self._left.pop(message.order_id, now)
        elif isinstance(message, OrderNotSent):
            self._left.pop(message.order_id, None)
        outcome = call_outcome(message)
        if outcome is not None:
            group, failed = outcome
            self._record(group, failed, now - left >= SLOW_CALL, now, out)

    def on_time(self, now: datetime, out: Outbox) -> None:
        """Waits that are over."""
        for group, circuit in self._circuits.items():
            if circuit.state is S.OPEN and circuit.at(now) is S.HALF_OPEN:
                begun = circuit.until or now
                self._move(group, T.WAITED, "the next calls are probes", begun, out)
            quiet = circuit.since is not None and now - circuit.since >= RARE_PATIENCE
            if circuit.state is S.HALF_OPEN and group in RARE and quiet:
                self._move(group, T.PROBES_PASSED, "no call failed meanwhile", now, out)

    # ---- inside -------------------------------------------------------------------------------------------------

    def _record(self, group: CallGroup, failed: bool, slow: bool, now: datetime, out: Outbox) -> None:
        self.on_time(now, out)
        circuit = self._circuits[group]
        if circuit.state is S.HALF_OPEN:
            self._probe(group, circuit, failed or slow, now, out)
        elif circuit.state is S.CLOSED:
            calls = circuit.calls
            calls.append((now, failed, slow))
            while now - calls[0][0] > WINDOW:
                calls.popleft()
            words = _excess(calls)
            if words is not None:
                self._move(group, T.RATE_EXCEEDED, words, now, out)

    def _probe(self, group: CallGroup, circuit: _Circuit, failed: bool, now: datetime, out: Outbox) -> None:
        if failed:
            circuit.wait = min(circuit.wait * 2, LONGEST_WAIT)
            self._move(group, T.PROBE_FAILED, "a probe failed", now, out)
            return
        circuit.probes += 1
        if circuit.probes >= PROBES:
            self._move(group, T.PROBES_PASSED, f"{circuit.probes} calls were answered", now, out)

    def _move(self, group: CallGroup, trigger: BreakerTrigger, reason: str, now: datetime, out: Outbox) -> None:
        """One step of the table; ``now`` is when the new state began."""
        circuit = self._circuits[group]
        before, circuit.state = circuit.state, next_breaker_state(circuit.state, trigger)
        circuit.probes, circuit.since = 0, now
        circuit.calls.clear()
        if circuit.state is S.CLOSED:
            circuit.wait = FIRST_WAIT
        forever = trigger is T.TRIPPED
        circuit.until = now + circuit.wait if circuit.state is S.OPEN and not forever else None
        wait_s = circuit.wait.total_seconds()
        out.tell(BreakerChanged(self.venue, group, circuit.state, reason, circuit.until, wait_s))
        words = f"{self.venue} {group}: {reason}"
        if circuit.state is S.CLOSED:
            out.tell(AlertRaised("breaker_closed", words))
        elif before is S.CLOSED:
            out.tell(AlertRaised("breaker_opened", words, critical=True))


def call_outcome(message: Message) -> tuple[CallGroup, bool] | None:
    """The call a message is the outcome of, and whether it failed; None when it says nothing about the line."""
    if isinstance(message, OrderAccepted | OrderRefused | OrderOutcomeUnknown | ReplacementTaken):
        return CallGroup.ORDER, isinstance(message, OrderOutcomeUnknown)
    if isinstance(message, _FAILURES):
        return None if message.failed is None else (message.failed, True)
    group = _ANSWERS.get(type(message))
    return None if group is None else (group, False)


def _rate(group: CallGroup, calls: Iterable[tuple[datetime, bool, bool]], now: datetime) -> CallRate:
    recent = [(failed, slow) for at, failed, slow in calls if now - at <= WINDOW]
    return CallRate(group, len(recent), sum(failed for failed, _ in recent), sum(slow for _, slow in recent))


def _excess(calls: deque[tuple[datetime, bool, bool]]) -> str | None:
    """What is wrong with the calls of the window, in words; None when all is well or there are too few to tell."""
    count = len(calls)
    failures, slow = sum(failed for _, failed, _ in calls), sum(late for _, _, late in calls)
    if count >= MINIMUM_CALLS and failures >= count * FAILURE_RATE:
        return f"{failures} of {count} calls failed"
    if count >= MINIMUM_CALLS and slow >= count * SLOW_RATE:
        return f"{slow} of {count} calls took {SLOW_CALL.total_seconds():g} s or longer"
    return None
