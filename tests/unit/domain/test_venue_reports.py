from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.values import Side
from app.domain.venue_reports import Balance, OrderReport, ReportedState
from tests.unit.domain.samples import BTC, NOW

amounts = st.decimals(min_value=0, max_value=10**13, places=8)


@given(amounts, amounts)
def test_what_is_owned_is_free_and_locked_together(free: Decimal, locked: Decimal) -> None:
    assert Balance("KRW", free, locked).total == free + locked


def test_a_report_promises_no_complete_fills_unless_told() -> None:
    report = OrderReport(None, "v-1", BTC, Side.BUY, ReportedState.ENDED, Decimal(1), Decimal(0), NOW)
    assert not report.fills_complete
    assert report.fills == ()
    assert report.remaining_volume is None
