"""The account as the venue reports it, plus what the screen and the limits need: equity, day profit, usage."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from app.domain.business_day import business_day_start, business_month_start
from app.domain.limits import TradingLimits
from app.domain.messages import AccountMarked
from app.domain.money import ZERO, ratio, total
from app.domain.order import Order, OrderState
from app.domain.values import Side
from app.domain.venue_reports import Balance
from app.engine.order_tracker import OrderTracker
from app.engine.position_manager import PositionManager


@dataclass(slots=True)
class _Known:
    balance: Balance
    at: datetime


class AccountBook:
    """Balances of one venue account in its quote currency (KRW)."""

    def __init__(self, quote: str, limits: TradingLimits) -> None:
        self.quote = quote
        self.limits = limits
        self.reconciled = False
        #: Units per asset that no position of ours accounts for, as of the last quiet reading.
        self.unmanaged: dict[str, Decimal] = {}
        self._balances: dict[str, _Known] = {}
        # Sums per business day (its start): the screen asks for them ten times a second.
        self._realised: dict[datetime, Decimal] = {}
        self._realised_ever = ZERO
        self._trades: dict[datetime, int] = {}

    def restore(self, realised: Iterable[tuple[datetime, Decimal]], fill_times: Iterable[datetime]) -> None:
        """Take over the realised profits and fill times the journal knew."""
        self._realised, self._realised_ever, self._trades = {}, ZERO, {}
        for at, amount in realised:
            self.book_realised(at, amount)
        for at in fill_times:
            self.book_fill(at)

    def take_balances(self, balances: Iterable[Balance], at: datetime, complete: bool) -> None:
        """Replace reported assets; a complete reading also clears assets it does not name. Older words are ignored."""
        named = set()
        for balance in balances:
            named.add(balance.asset)
            known = self._balances.get(balance.asset)
            if known is None or at >= known.at:
                self._balances[balance.asset] = _Known(balance, at)
        if complete:
            for asset in [a for a, known in self._balances.items() if a not in named and known.at <= at]:
                del self._balances[asset]

    def balance(self, asset: str) -> Balance:
        """Last reported balance; zeros for an asset the venue did not name."""
        known = self._balances.get(asset)
        return known.balance if known else Balance(asset, ZERO, ZERO)

    def reported_at(self, asset: str) -> datetime:
        """When the asset was last reported; the beginning of time when never."""
        known = self._balances.get(asset)
        return known.at if known else datetime.min.replace(tzinfo=UTC)

    def spendable(self, working: Iterable[Order]) -> Decimal:
        """Free quote currency minus reservations of buys the venue's figure may not contain yet."""
        at = self.reported_at(self.quote)
        young = (OrderState.INTENT, OrderState.SENT, OrderState.UNKNOWN)
        held = total(
            order.reserved
            for order in working
            if order.intent.side is Side.BUY and (order.state in young or order.updated_at > at)
        )
        return self.balance(self.quote).free - held

    def book_realised(self, at: datetime, amount: Decimal) -> None:
        """Add the profit of a sale (quote currency, net of fees)."""
        day = business_day_start(at)
        self._realised[day] = total((self._realised.get(day, ZERO), amount))
        self._realised_ever = total((self._realised_ever, amount))

    def book_fill(self, at: datetime) -> None:
        """Count a fill towards today's trades."""
        day = business_day_start(at)
        self._trades[day] = self._trades.get(day, 0) + 1

    def realised_today(self, now: datetime) -> Decimal:
        """Realised profit since the business day began."""
        return self._realised_since(business_day_start(now))

    def realised_on(self, day: datetime) -> Decimal:
        """Realised profit of the business day that begins at ``day``."""
        return self._realised.get(day, ZERO)

    def day_loss(self, positions: PositionManager, now: datetime) -> tuple[Decimal, Decimal]:
        """Loss of the business day and the loss that is allowed (quote currency), open profit included."""
        profit = self.realised_today(now) + _unrealised(positions)
        return _loss(profit, self.equity(positions), self.limits.daily_loss_ratio)

    def month_loss(self, positions: PositionManager, now: datetime) -> tuple[Decimal, Decimal]:
        """Loss since the month of the business date began, and the loss that is allowed; 0 allowed when it is off."""
        profit = self._realised_since(business_month_start(now)) + _unrealised(positions)
        return _loss(profit, self.equity(positions), self.limits.monthly_loss_ratio)

    def day_loss_used(self, positions: PositionManager, now: datetime) -> Decimal:
        """Share of the daily loss limit that is used up (1 = at the limit)."""
        return ratio(*self.day_loss(positions, now))

    def _realised_since(self, start: datetime) -> Decimal:
        return total(amount for day, amount in self._realised.items() if day >= start)

    def equity(self, positions: PositionManager) -> Decimal:
        """Everything owned at the venue in quote currency: money plus every asset that has a mark."""
        worth = self.balance(self.quote).total
        by_base = {market.symbol.split("-")[-1]: mark.price for market, mark in positions.marks.items()}
        for asset, known in self._balances.items():
            if asset != self.quote and asset in by_base:
                worth += known.balance.total * by_base[asset]
        return worth

    def marked(self, positions: PositionManager, orders: OrderTracker, now: datetime) -> AccountMarked:
        """Figures of the account for the screen."""
        live = positions.live()
        unrealised, realised = _unrealised(positions), self.realised_today(now)
        equity = self.equity(positions)
        profit = realised + unrealised
        all_profit = self._realised_ever + unrealised
        allowed_total = (equity - all_profit) * self.limits.total_loss_ratio
        start = business_day_start(now)
        return AccountMarked(
            equity=equity,
            cash_free=self.balance(self.quote).free,
            cash_locked=self.balance(self.quote).locked,
            exposure_ratio=ratio(total(positions.value_of(p) for p in live), equity),
            unrealised=unrealised,
            realised_today=realised,
            day_profit=profit,
            day_profit_ratio=ratio(profit, equity - profit),
            daily_loss_used=ratio(*_loss(profit, equity, self.limits.daily_loss_ratio)),
            total_loss_used=ratio(max(-all_profit, ZERO), allowed_total) if allowed_total > ZERO else ZERO,
            trades_today=sum(count for day, count in self._trades.items() if day >= start),
            working_orders=len(orders.working()),
            positions=len(live),
            reconciled=self.reconciled,
            marked_at=now,
        )


def _unrealised(positions: PositionManager) -> Decimal:
    return total(positions.unrealised(position) for position in positions.live())


def _loss(profit: Decimal, equity: Decimal, allowed: Decimal) -> tuple[Decimal, Decimal]:
    """Loss of a time, and what may be lost in it: a ratio of what was owned when it began."""
    return max(-profit, ZERO), max((equity - profit) * allowed, ZERO)
