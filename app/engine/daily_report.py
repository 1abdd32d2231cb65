"""The report of a business day, made once after its end (09:00 KST)."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.alert import DailyReport
from app.domain.business_day import business_day_start
from app.domain.limits import NEAR, LimitName
from app.domain.messages import Event, FillBooked, LimitUsage, LiquidationChanged
from app.domain.money import total
from app.domain.order import Fill
from app.domain.values import Side

#: Limits of a day; the others say nothing about it.
_MOMENT = timedelta(microseconds=1)
_OF_THE_DAY = (LimitName.DAILY_ENTRIES, LimitName.DAILY_VALUE, LimitName.DAILY_LOSS)


class DailyReporter:
    """Counts what happened, day by day. ``realised_on`` tells the realised profit of the day that begins then."""

    def __init__(self, realised_on: Callable[[datetime], Decimal]) -> None:
        self._realised_on = realised_on
        self._fills: dict[tuple[str, str], Fill] = {}
        self._runs: dict[str, datetime] = {}
        self._limits: dict[datetime, dict[str, Decimal]] = {}
        self._reported: datetime | None = None

    def restore(self, fills: Iterable[Fill], runs: Iterable[datetime], reported: datetime | None) -> None:
        """What the journal knew; ``runs`` is when each emergency run began, ``reported`` the last day reported."""
        self._fills = {(fill.order_id, fill.trade_id): fill for fill in fills}
        self._runs = {f"{at}": at for at in runs}
        self._reported = reported

    def take(self, event: Event) -> None:
        """Something happened."""
        match event:
            case FillBooked(fill):
                self._fills[(fill.order_id, fill.trade_id)] = fill
            case LiquidationChanged(run):
                self._runs[f"{run.started_at}"] = run.started_at
            case LimitUsage(uses, counted_at):
                day = self._limits.setdefault(business_day_start(counted_at), {})
                for use in uses:
                    if use.name in _OF_THE_DAY and use.ratio is not None and use.ratio >= NEAR:
                        day[use.name] = max(use.ratio, day.get(use.name, use.ratio))
            case _:
                pass

    def due(self, now: datetime) -> DailyReport | None:
        """The report of the last day that is over and in which something happened; None when there is none to make.

        Days before it that were never reported (the program did not run) are left out.
        """
        today = business_day_start(now)
        last = business_day_start(today - _MOMENT)
        if self._reported is not None and last <= self._reported:
            return None
        self._reported = last
        report = self._report(last)
        self._forget(today)
        return report

    def _report(self, day: datetime) -> DailyReport | None:
        fills = [fill for fill in self._fills.values() if business_day_start(fill.traded_at) == day]
        runs = sum(business_day_start(at) == day for at in self._runs.values())
        realised = self._realised_on(day)
        if not fills and not runs and not realised:
            return None
        orders = {side: {fill.order_id for fill in fills if fill.side is side} for side in Side}
        return DailyReport(
            day=day,
            bought=len(orders[Side.BUY]),
            sold=len(orders[Side.SELL]),
            realised=realised,
            fees=total(fill.fee for fill in fills),
            emergencies=runs,
            limits=tuple(sorted(self._limits.get(day, {}).items())),
        )

    def _forget(self, before: datetime) -> None:
        self._fills = {key: fill for key, fill in self._fills.items() if fill.traded_at >= before}
        self._runs = {key: at for key, at in self._runs.items() if at >= before}
        self._limits = {day: uses for day, uses in self._limits.items() if day >= before}
