"""The one exit owner of a position: stop-loss, take-profit, trailing stop and time exit as one OCO group."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.money import HUNDRED, MONEY_CONTEXT, ONE, is_usable


class ExitReason(StrEnum):
    """Which condition closed the position."""

    STOP_LOSS = "stop_loss"
    TAKE_PROFIT = "take_profit"
    TRAILING_STOP = "trailing_stop"
    TIME_EXIT = "time_exit"
    STRATEGY = "strategy"
    USER = "user"
    EMERGENCY = "emergency"
    RECOVERED = "recovered"  # the venue has an exit of ours that the journal lost


@dataclass(frozen=True, slots=True)
class ExitRules:
    """Distances of the exits. Percent figures are positive (2 = 2 %); None switches a rule off.

    ``trailing_activation_percent`` is the gain from which the trailing stop starts to work.
    """

    stop_loss_percent: Decimal | None = None
    take_profit_percent: Decimal | None = None
    trailing_stop_percent: Decimal | None = None
    trailing_activation_percent: Decimal | None = None
    max_hold_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ExitPlan:
    """Armed exit levels of one long position, prices in quote currency.

    The levels are computed when the cost or the high-water mark changes, so that a tick needs comparisons only.
    ``fired`` is set by the first trigger and disarms all others in the same step (OCO).
    """

    rules: ExitRules
    entry_price: Decimal
    entered_at: datetime
    high_water: Decimal
    stop_price: Decimal | None
    target_price: Decimal | None
    trail_price: Decimal | None
    deadline: datetime | None
    fired: ExitReason | None = None

    def triggered_by_price(self, price: Decimal) -> ExitReason | None:
        """First rule that ``price`` breaks; losses are looked at before gains. 0 and NaN are no prices: None."""
        if self.fired is not None or not is_usable(price):
            return None
        if self.stop_price is not None and price <= self.stop_price:
            return ExitReason.STOP_LOSS
        if self.trail_price is not None and price <= self.trail_price:
            return ExitReason.TRAILING_STOP
        if self.target_price is not None and price >= self.target_price:
            return ExitReason.TAKE_PROFIT
        return None

    def triggered_by_time(self, now: datetime) -> ExitReason | None:
        """TIME_EXIT once the deadline is reached."""
        if self.fired is None and self.deadline is not None and now >= self.deadline:
            return ExitReason.TIME_EXIT
        return None

    def raised_to(self, price: Decimal) -> "ExitPlan":
        """Plan with the high-water mark at ``price``; it never falls and the trailing stop never loosens."""
        if not is_usable(price) or price <= self.high_water:
            return self
        trail = trail_price(self.rules, self.entry_price, price)
        if self.trail_price is not None and (trail is None or trail < self.trail_price):
            trail = self.trail_price
        return replace(self, high_water=price, trail_price=trail)

    def fire(self, reason: ExitReason) -> "ExitPlan":
        """Plan after its first trigger; a plan that fired stays with its first reason."""
        return self if self.fired is not None else replace(self, fired=reason)

    def nearest(self, price: Decimal) -> tuple[ExitReason, Decimal] | None:
        """The armed price level closest to ``price`` and the signed distance to it as a ratio of ``price``."""
        if self.fired is not None or not is_usable(price):
            return None
        levels = [
            (ExitReason.STOP_LOSS, self.stop_price),
            (ExitReason.TRAILING_STOP, self.trail_price),
            (ExitReason.TAKE_PROFIT, self.target_price),
        ]
        distances = [(reason, (level - price) / price) for reason, level in levels if level is not None]
        return min(distances, key=lambda pair: abs(pair[1])) if distances else None


def trail_price(rules: ExitRules, entry_price: Decimal, high_water: Decimal) -> Decimal | None:
    """Trailing stop level below ``high_water``, or None while the activation gain is not reached."""
    if rules.trailing_stop_percent is None:
        return None
    activation = rules.trailing_activation_percent
    if activation is not None and high_water < _above(entry_price, activation):
        return None
    return _below(high_water, rules.trailing_stop_percent)


def arm_exit_plan(
    rules: ExitRules,
    entry_price: Decimal,
    entered_at: datetime,
    deadline: datetime | None,
    before: ExitPlan | None = None,
) -> ExitPlan:
    """Levels for an average entry price; of ``before`` the high-water mark and the trigger are kept."""
    high_water = max(entry_price, before.high_water) if before else entry_price
    trail = trail_price(rules, entry_price, high_water)
    if before is not None and before.trail_price is not None:
        trail = before.trail_price if trail is None else max(trail, before.trail_price)
    return ExitPlan(
        rules=rules,
        entry_price=entry_price,
        entered_at=before.entered_at if before else entered_at,
        high_water=high_water,
        stop_price=None if rules.stop_loss_percent is None else _below(entry_price, rules.stop_loss_percent),
        target_price=None if rules.take_profit_percent is None else _above(entry_price, rules.take_profit_percent),
        trail_price=trail,
        deadline=before.deadline if before else deadline,
        fired=before.fired if before else None,
    )


def _below(price: Decimal, percent: Decimal) -> Decimal:
    return MONEY_CONTEXT.multiply(price, ONE - percent / HUNDRED)


def _above(price: Decimal, percent: Decimal) -> Decimal:
    return MONEY_CONTEXT.multiply(price, ONE + percent / HUNDRED)
