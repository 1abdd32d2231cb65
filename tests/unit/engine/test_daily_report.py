"""One report per business day, after 09:00 KST, over restarts too."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.business_day import business_day_start
from app.domain.emergency import LiquidationRun, LiquidationStage
from app.domain.limits import LimitName, LimitUse
from app.domain.messages import FillBooked, LimitUsage, LiquidationChanged
from app.domain.order import Fill
from app.domain.values import Side
from app.engine.daily_report import DailyReporter
from tests.unit.engine.playbook import START, XRP

DAY = business_day_start(START)
NEXT = DAY + timedelta(days=1)
FILL = Fill("order-1", "t-1", XRP, Side.BUY, Decimal(1000), Decimal(10), Decimal(5), START)


def reporter(realised: int = 0) -> DailyReporter:
    made = DailyReporter(lambda day: Decimal(realised) if day == DAY else Decimal(0))
    made.restore((), (), None)
    return made


def test_a_day_is_reported_once_after_its_end() -> None:
    made = reporter(-1200)
    made.due(START)
    made.take(FillBooked(FILL, "p"))
    made.take(FillBooked(replace(FILL, trade_id="t-2"), "p"))
    made.take(FillBooked(replace(FILL, order_id="order-2", side=Side.SELL), "p"))
    made.take(LiquidationChanged(LiquidationRun("run-1", LiquidationStage.FLAT, (), START, 1.0)))
    made.take(LiquidationChanged(LiquidationRun("run-1", LiquidationStage.FLAT, (), START, 1.0)))
    made.take(LimitUsage((LimitUse(LimitName.DAILY_LOSS, Decimal(85), Decimal(100)),), START))
    made.take(LimitUsage((LimitUse(LimitName.DAILY_LOSS, Decimal(10), Decimal(100)),), START))
    assert made.due(NEXT - timedelta(seconds=1)) is None
    report = made.due(NEXT)
    assert report is not None
    assert (report.day, report.bought, report.sold, report.emergencies) == (DAY, 1, 1, 1)
    assert (report.realised, report.fees) == (Decimal(-1200), Decimal(15))
    assert report.limits == (("daily_loss", Decimal("0.85")),)
    assert made.due(NEXT + timedelta(hours=1)) is None


def test_a_day_without_anything_is_not_reported() -> None:
    made = reporter()
    made.due(START)
    assert made.due(NEXT) is None


def test_a_restart_after_the_end_of_the_day_reports_it_and_a_second_one_does_not() -> None:
    first = reporter(7)
    first.restore((FILL,), (START,), None)
    report = first.due(NEXT + timedelta(hours=2))
    assert report is not None and report.bought == 1 and report.emergencies == 1
    second = reporter(7)
    second.restore((FILL,), (START,), report.day)
    assert second.due(NEXT + timedelta(hours=3)) is None


def test_fills_of_the_new_day_count_for_it() -> None:
    made = reporter()
    made.due(START)
    late = replace(FILL, traded_at=NEXT + timedelta(seconds=1))
    made.take(FillBooked(late, "p"))
    assert made.due(NEXT + timedelta(seconds=2)) is None
    report = made.due(NEXT + timedelta(days=1))
    assert report is not None and report.bought == 1


def far(now: datetime) -> datetime:
    return now + timedelta(days=30)


def test_days_the_program_did_not_run_are_left_out() -> None:
    made = reporter()
    made.restore((FILL,), (), None)
    assert made.due(far(START)) is None
