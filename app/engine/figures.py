"""What the screen is told again and again: marks, account, limits, emergency preview, venue health, forming bars."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.messages import CandleUpdated, EmergencyPreviewed, VenueStatus
from app.domain.money import ZERO
from app.engine.account_book import AccountBook
from app.engine.account_desk import AccountDesk
from app.engine.emergency_liquidation import EmergencyLiquidation
from app.engine.health_desk import HealthDesk
from app.engine.limit_watch import LimitWatch
from app.engine.market_board import MarketBoard
from app.engine.order_tracker import OrderTracker
from app.engine.outbox import Outbox
from app.engine.position_manager import PositionManager
from app.engine.safety_desk import SafetyDesk

SLOW_EVERY = timedelta(seconds=1)


class Figures:
    """Coalesces at the source: marks leave with the engine's tick, everything slower once in ``slow_every``."""

    def __init__(
        self,
        board: MarketBoard,
        tracker: OrderTracker,
        positions: PositionManager,
        account: AccountBook,
        account_desk: AccountDesk,
        emergency: EmergencyLiquidation,
        health: HealthDesk,
        safety: SafetyDesk,
    ) -> None:
        self._board = board
        self._tracker = tracker
        self._positions = positions
        self._account = account
        self._account_desk = account_desk
        self._emergency = emergency
        self._health = health
        self._safety = safety
        self.limits = LimitWatch(account, positions, tracker, safety.loss)
        self._accounted: datetime | None = None
        self._slow: datetime | None = None
        self.slow_every = SLOW_EVERY

    def tell(self, now: datetime, out: Outbox) -> None:
        """Tell what changed since the last call."""
        marked = self._positions.take_marked()
        for mark in marked:
            out.tell(mark)
        if marked or self._accounted is None or now - self._accounted >= self.slow_every:
            self._accounted = now
            day, whole = (use.ratio or ZERO for use in self._safety.loss.uses())
            out.tell(self._account.marked(self._positions, self._tracker, now, (day, whole)))
        if self._slow is None or now - self._slow >= self.slow_every:
            self._slow = now
            self.limits.tell(now, out)
            out.tell(self._safety.loss.marked(now))
            out.tell(self._safety.watchdog.marked(now))
            out.tell(EmergencyPreviewed(self._emergency.preview(now)))
            out.tell(self._venue_status(now))
            for book in self._board.books.values():
                out.tell(self._board.slippage.marked(book, now))
            for series in self._board.all_series():
                if series.forming is not None:
                    out.tell(CandleUpdated(series.forming, closed=False))

    def _venue_status(self, now: datetime) -> VenueStatus:
        heard = [book.received_at for book in self._board.books.values()]
        return VenueStatus(
            venue=self._account_desk.venue,
            public_up=self._account_desk.public_up,
            private_up=self._account_desk.private_up,
            last_market_at=max(heard) if heard else None,
            order_latency_ms=self._emergency.forecast.last_latency_ms,
            checked_at=now,
            calls=self._health.breaker.rates(now),
            health=replace(self._health.venue.figures(now), halted=self._health.halts.halted()),
        )
