"""Tells how much of every limit is used, and once per business day that one is nearly used up."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from app.domain.business_day import business_day_start, business_month_start
from app.domain.limits import LIMIT_ALERT, NEAR, LimitName, LimitUse
from app.domain.messages import AlertRaised, LimitUsage
from app.domain.money import ZERO, is_usable, total
from app.engine.account_book import AccountBook
from app.engine.loss_guard import LossGuard
from app.engine.order_tracker import OrderTracker
from app.engine.outbox import Outbox
from app.engine.position_manager import PositionManager
from app.engine.risk_gate import market_value


class LimitWatch:
    """Looks at the same figures as the gate; it decides nothing."""

    def __init__(self, account: AccountBook, positions: PositionManager, orders: OrderTracker, loss: LossGuard) -> None:
        self._account = account
        self._loss = loss
        self._positions = positions
        self._orders = orders
        self._told: dict[str, datetime] = {}

    def restore(self, alerts: Iterable[tuple[str, datetime]]) -> None:
        """What was told before a restart is not told again on the same business day."""
        self._told = {key: business_day_start(at) for key, at in alerts}

    def tell(self, now: datetime, out: Outbox) -> None:
        """Tell the usage; a limit that is nearly used up is told once per business day."""
        uses, today = self.usage(now), business_day_start(now)
        out.tell(LimitUsage(uses, now))
        for use in uses:
            key, ratio = LIMIT_ALERT + use.name, use.ratio
            if ratio is not None and ratio >= NEAR and self._told.get(key) != today:
                self._told[key] = today
                out.tell(AlertRaised(key, f"{use.used:,.0f} / {use.allowed:,.0f}"))

    def usage(self, now: datetime) -> tuple[LimitUse, ...]:
        """Every limit that is on, with what is used of it."""
        rows = (*self._entry_rows(now), *self._loss_rows(now), *self._value_rows())
        return tuple(LimitUse(name, used, allowed) for name, used, allowed in rows if allowed != ZERO)

    def _entry_rows(self, now: datetime) -> Iterable[tuple[LimitName, Decimal, Decimal | None]]:
        limits, ledger = self._account.limits, self._orders.limits
        number, value = ledger.since(business_day_start(now))
        yield LimitName.DAILY_ENTRIES, Decimal(number), Decimal(limits.max_daily_entries)
        yield LimitName.DAILY_VALUE, value, limits.max_daily_value
        number, value = ledger.since(business_month_start(now))
        yield LimitName.MONTHLY_ENTRIES, Decimal(number), Decimal(limits.max_monthly_entries)
        yield LimitName.MONTHLY_VALUE, value, limits.max_monthly_value
        yield LimitName.ORDERS_PER_MINUTE, Decimal(ledger.last_minute(now)), Decimal(limits.max_orders_per_minute)

    def _loss_rows(self, now: datetime) -> Iterable[tuple[LimitName, Decimal, Decimal | None]]:
        known = is_usable(self._account.equity(self._positions))
        for use in self._loss.uses():
            yield use.name, use.used, use.allowed
        if self._account.limits.monthly_loss_ratio:
            used, allowed = self._account.month_loss(self._positions, now)
            yield LimitName.MONTHLY_LOSS, used, allowed if known else None

    def _value_rows(self) -> Iterable[tuple[LimitName, Decimal, Decimal | None]]:
        limits, live, working = self._account.limits, self._positions.live(), self._orders.working()
        values = [self._positions.value_of(position) for position in live]
        markets = {position.market for position in live}
        largest = max((market_value(market, self._positions, working) for market in sorted(markets)), default=ZERO)
        equity = self._account.equity(self._positions)
        bound = total(order.reserved for order in working)
        yield LimitName.POSITIONS, Decimal(len(live)), Decimal(limits.max_positions)
        yield LimitName.POSITION_VALUE, max(values, default=ZERO), limits.max_position_value
        yield LimitName.MARKET_VALUE, largest, limits.max_market_value
        allowed = equity * limits.max_exposure_ratio if is_usable(equity) else None
        yield LimitName.EXPOSURE, total(values) + bound, allowed
