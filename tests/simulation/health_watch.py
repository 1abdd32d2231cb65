"""Judges how the engine takes a venue that is out, silent, halted, closing, or tells another time (I52, I53).

Written down again from what the network answered and the venue showed; the engine's own view is never asked.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.position import Position, PositionState
from app.domain.venue_health import MaintenanceWindow
from tests.simulation.venue_ledger import VenueMarket

#: Three failures in a row are an outage; what is known for less than a second may still be on its way through.
IN_A_ROW = 3
KNOWN_S = 1.0
#: The clock of the venue may be this far from ours.
APART_S = 5.0
CLOSED_BEFORE = timedelta(minutes=60)
#: After a return so far away strategies wait this long.
GAP, VOID_S = Decimal("0.105"), 59.0
#: A market that froze for less was no halt yet.
HALT_S = 7.0
#: Silent for so long, and below its stop for so long: 10 s of silence, a poll every 2 s, ticks and answers.
SILENT_S, BELOW_S = 17.0, 7.0
#: After trouble of the line or the computer polls begin anew.
TROUBLE_S = 45.0
RUNNING = (PositionState.ACTIVE, PositionState.PAUSED)


@dataclass(slots=True)
class _Frozen:
    """A market that stands still since then, at this price, in this run of the program."""

    since: float
    price: Decimal
    run: int


@dataclass(slots=True)
class HealthWatch:
    """Watches one world. ``broken(invariant, words)`` notes a violation; ``time`` is virtual seconds."""

    broken: Callable[[str, str], None]
    time: Callable[[], float]
    windows: tuple[MaintenanceWindow, ...] = ()
    #: Prices the venue shows are whole: a gap can be told from a wrong print.
    prices_are_whole: bool = True
    #: Calls go through promptly in this world.
    line_is_sound: bool = True
    trouble_until: float = 0.0
    polled_stops: int = 0
    _failures: int = 0
    _out_since: float | None = None
    _answered_at: float | None = None
    _skew: tuple[float, float] | None = None
    _run: int = 0
    _frozen: dict[str, _Frozen] = field(default_factory=dict)
    _void: dict[str, float] = field(default_factory=dict)
    _framed: dict[str, float] = field(default_factory=dict)
    _below: dict[str, float] = field(default_factory=dict)

    def restarted(self) -> None:
        """A new run knows nothing of what the last one measured."""
        self._failures, self._out_since, self._answered_at, self._skew = 0, None, None, None
        self._run += 1
        self._void.clear()
        self._below.clear()
        self.trouble_until = self.time() + TROUBLE_S

    # ---- calls --------------------------------------------------------------------------------------------------

    def answered(self, failed: bool | None) -> None:
        """Any call came to its end; None says nothing about the line."""
        if failed is None:
            return
        if failed:
            self._failures += 1
            self.trouble_until = self.time() + TROUBLE_S
            if self._failures >= IN_A_ROW:
                self._out_since = self._out_since if self._out_since is not None else self.time()
                self._answered_at = None
            return
        self._failures = 0
        if self._out_since is not None and self._answered_at is None:
            self._answered_at = self.time()

    def reading(self, begun: float) -> None:
        """A reading of the account was answered: after an outage nothing is known before one that began after it."""
        if self._answered_at is not None and begun >= self._answered_at:
            self._out_since = self._answered_at = None

    def checked(self, skew_s: float, way_s: float) -> None:
        """The venue told its time; it is ahead by so much, give or take the way."""
        self._skew = (self.time(), max(abs(skew_s) - way_s, 0.0))

    # ---- entries ------------------------------------------------------------------------------------------------

    def on_entry(self, order_id: str, market: str, by_hand: bool, here: datetime) -> None:
        """I52: bytes of an entry are leaving; ``here`` is the clock of the terminal's computer."""
        now = self.time()
        if self._out_since is not None and now - self._out_since > KNOWN_S:
            self.broken("I52", f"{order_id} enters, the venue is out or was not read again since")
        if self._skew is None:
            self.broken("I52", f"{order_id} enters before the clocks were compared")
        elif self._skew[1] > APART_S + 0.1 and now - self._skew[0] > KNOWN_S:
            self.broken("I52", f"{order_id} enters while the clocks are {self._skew[1]:.1f} s apart")
        for window in self.windows:
            if window.begins - CLOSED_BEFORE <= here < window.ends:
                self.broken("I52", f"{order_id} enters, maintenance begins at {window.begins}")
        if not by_hand and now < self._void.get(market, 0.0):
            self.broken("I52", f"{order_id} enters {market}, which has just come back from a halt far away")

    # ---- prices -------------------------------------------------------------------------------------------------

    def froze(self, market: VenueMarket) -> None:
        """The market stands still from now on."""
        self._frozen[market.name] = _Frozen(self.time(), market.price, self._run)

    def thawed(self, market: VenueMarket) -> None:
        """It trades again, and its new price is shown now."""
        frozen, now = self._frozen.pop(market.name), self.time()
        known = frozen.run == self._run and now - frozen.since > HALT_S and self.trouble_until < frozen.since
        if known and self.prices_are_whole and abs(market.price - frozen.price) > frozen.price * GAP:
            self._void[market.name] = now + VOID_S

    def framed(self, market: str) -> None:
        """A public frame of the market reached the terminal."""
        self._framed[market] = self.time()
        self._below.clear()

    def silent(self, market: VenueMarket, positions: Iterable[Position]) -> None:
        """I53: the price moved and nobody told; stops must fire by books that are asked for."""
        now = self.time()
        silent = now - max(self._framed.values(), default=now) > SILENT_S
        for position in positions:
            if position.market.symbol != market.name:
                continue
            pid, plan = position.position_id, position.exit_plan
            held = position.state in RUNNING and position.quantity > 0
            stop = plan.stop_price if plan is not None and plan.fired is None else None
            if not held or stop is None or market.bid > stop:
                self._below.pop(pid, None)
                continue
            since = self._below.setdefault(pid, now)
            if self.line_is_sound and silent and now - since > BELOW_S and now > self.trouble_until:
                self.broken("I53", f"{pid} is held at {market.bid}, its stop is {stop}; the stream is silent")
