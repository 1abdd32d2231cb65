"""What is done about a venue's health: read again after an outage, void after a gap, sell before maintenance."""

from datetime import datetime

from app.domain.messages import AlertRaised, Message
from app.domain.values import Market
from app.domain.venue_health import HealthSettings, MaintenanceWindow
from app.engine.account_book import AccountBook
from app.engine.account_desk import AccountDesk
from app.engine.circuit_breaker import CircuitBreaker
from app.engine.halt_watch import HaltWatch
from app.engine.instruction_desk import InstructionDesk
from app.engine.market_board import MarketBoard
from app.engine.outbox import Outbox
from app.engine.position_desk import PositionDesk
from app.engine.venue_health import VenueHealth


class HealthDesk:
    """Venue and markets are watched by ``venue`` and ``halts``, our own calls by ``breaker``; the three stay apart."""

    def __init__(
        self,
        settings: HealthSettings,
        breaker: CircuitBreaker,
        board: MarketBoard,
        desk: PositionDesk,
        instructions: InstructionDesk,
    ) -> None:
        self.breaker = breaker
        self.venue = VenueHealth(breaker.venue, settings, board, self._at_stake)
        self.halts = HaltWatch(settings, board, desk.positions, self.venue.is_silent)
        self._desk = desk
        self._instructions = instructions
        self._liquidated: MaintenanceWindow | None = None

    def follow(
        self, message: Message, account: AccountBook, account_desk: AccountDesk, now: datetime, out: Outbox
    ) -> None:
        """Look at a message before it is handled. After an outage account and bars are read before entries go on."""
        self.breaker.follow(message, now, out)
        self.venue.follow(message, now, out)
        bars = self.venue.take_resumed(now)
        if bars is not None:
            account.reconciled = False
            account_desk.read(now, out)
            for wanted in bars:
                out.ask(wanted)
        returned = self.halts.follow(message, now, out)
        if returned is not None:
            self._void(returned, now, out)

    def on_time(self, reconciled: bool, now: datetime, out: Outbox) -> None:
        """Waits that are over, checks and polls that are due."""
        self.breaker.on_time(now, out)
        self.venue.on_time(reconciled, now, out)
        self.halts.on_time(now, out)

    def liquidation(self, is_flattening: bool, now: datetime, out: Outbox) -> str | None:
        """Name of the press that is due because the user chose to be flat before a maintenance; once for each window,
        and not while a run that sells everything is at work."""
        window, desk = self.venue.liquidation_due(now), self._desk
        if window is None or is_flattening or window == self._liquidated:
            return None
        if not desk.positions.live() and not desk.desk.tracker.working():
            return None
        self._liquidated = window
        out.tell(AlertRaised("maintenance_liquidation", f"maintenance begins {window.begins:%H:%M} UTC", critical=True))
        return f"maintenance-{window.begins:%Y%m%dT%H%M}"

    def _at_stake(self) -> list[Market]:
        """Markets with positions, or instructions that wait for a price."""
        held = [position.market for position in self._desk.positions.live()]
        armed = [instruction.market for instruction in self._instructions.live.values()]
        return list(dict.fromkeys(held + armed))

    def _void(self, market: Market, now: datetime, out: Outbox) -> None:
        """Far away from where it stopped: what strategies wanted to pay before is void."""
        for order in self._desk.desk.tracker.working(market=market):
            if not order.intent.purpose.reduces_risk and not order.intent.instruction_id:
                self._desk.desk.cancel(order, now, out)
        for position in self._desk.positions.live_in(market):
            self._desk.patience.entered(position.position_id)
