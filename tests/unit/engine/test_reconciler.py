"""Comparing books with the venue: strangers once, missing holdings after two equal readings, nothing twice."""

from datetime import timedelta
from decimal import Decimal

from app.domain.effects import LookUpOrder, SendCancel
from app.domain.messages import AlertRaised, ExternalChangeFound, Reconciled
from app.domain.order import OrderState
from app.domain.position import Position
from app.domain.venue_reports import AccountSnapshot, OrderReport
from app.engine.reconciler import QUIET, Findings, Reconciler
from tests.unit.engine.playbook import XRP, Playbook, blueprint, did, nothing, seconds


def holding() -> tuple[Playbook, Position]:
    play = Playbook().ready()
    held = play.holding(XRP)
    play.now += QUIET + timedelta(seconds=1)
    return play, held


def compare(play: Playbook, reconciler: Reconciler, *orders: OrderReport, **held: int | str) -> Findings:
    snapshot: AccountSnapshot = play.account(*orders, started_ago=0, **held).snapshot
    return reconciler.compare(snapshot, play.core.tracker, play.core.positions, play.core.board)


def test_books_that_agree_have_no_findings() -> None:
    play, _ = holding()
    findings = compare(play, Reconciler())
    assert findings == Findings((), (), (), ()) and findings.differences == ()


def test_an_open_order_that_is_not_ours_is_told_once() -> None:
    """O12: somebody trades in the phone app."""
    play, _ = holding()
    reconciler = Reconciler()
    first = compare(play, reconciler, play.foreign(XRP))
    assert len(first.foreign) == 1 and "not ours" in first.differences[0]
    assert compare(play, reconciler, play.foreign(XRP)).foreign == ()
    assert len(compare(play, reconciler, play.foreign(XRP), play.foreign(XRP, "phone-2")).foreign) == 1


def test_an_order_given_up_here_that_works_at_the_venue_is_cancelled_there() -> None:
    """A request may arrive after repeated not-founds past the horizon; nobody else would ever cancel it."""
    play = Playbook().ready()
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.refused("too_many_requests")]
    given_up, report = play.order, play.report()
    assert given_up.state is OrderState.REJECTED
    reading = play.account(report)
    play >> reading << nothing(SendCancel)  # it has only just ended here, and balances and lists lag
    play >> seconds(6) >> play.account(report) << did(AlertRaised, key="order_revived") << did(SendCancel)
    play >> seconds(1.5) << did(LookUpOrder)


def test_a_missing_holding_is_believed_after_two_equal_readings_and_told_once() -> None:
    """X33: one reading may lag."""
    play, held = holding()
    reconciler = Reconciler()
    assert compare(play, reconciler, XRP=900).short == ()
    second = compare(play, reconciler, XRP=900)
    assert second.short == ((held, Decimal("99.5")),)
    assert "99.5" in second.differences[0]
    assert compare(play, reconciler, XRP=900).short == ()


def test_a_missing_holding_that_changes_between_readings_is_still_moving() -> None:
    play, _ = holding()
    reconciler = Reconciler()
    assert compare(play, reconciler, XRP=900).short == ()
    assert compare(play, reconciler, XRP=800).short == ()
    assert len(compare(play, reconciler, XRP=800).short) == 1


def test_a_holding_that_came_back_may_go_missing_again() -> None:
    play, _ = holding()
    reconciler = Reconciler()
    for _ in range(2):
        assert compare(play, reconciler, XRP=0).short == ()
        assert len(compare(play, reconciler, XRP=0).short) == 1
        assert compare(play, reconciler).short == ()


def test_more_at_the_venue_than_in_our_books_is_none_of_our_business() -> None:
    play, _ = holding()
    reconciler = Reconciler()
    for _ in range(3):
        assert compare(play, reconciler, XRP=5000).differences == ()


def test_a_balance_right_after_a_fill_is_not_compared() -> None:
    """X33: balances lag behind fills."""
    play = Playbook().ready()
    play.holding(XRP)
    reconciler = Reconciler()
    for _ in range(3):
        assert compare(play, reconciler, XRP=0).short == ()


def test_a_position_with_a_working_order_is_not_compared() -> None:
    play = Playbook().ready()
    play >> play.start(XRP, blueprint(limit=True, timeout_s=600)) >> [play.sent(), play.accepted()]
    play >> play.part_filled(10)
    play.now += timedelta(seconds=30)
    reconciler = Reconciler()
    assert [compare(play, reconciler, play.report(), XRP=0).short for _ in range(3)] == [(), (), ()]


def test_an_order_of_ours_that_is_not_listed_is_looked_up_unless_it_moved_meanwhile() -> None:
    """O5: an older picture must not overrule newer news."""
    play = Playbook().ready()
    play >> play.start(XRP, blueprint(limit=True, timeout_s=600)) >> [play.sent(), play.accepted()]
    assert compare(play, Reconciler()).to_look_up == (play.order,)
    young = play.account(started_ago=1).snapshot
    findings = Reconciler().compare(young, play.core.tracker, play.core.positions, play.core.board)
    assert findings.to_look_up == () and findings.reports == ()


def test_a_reading_that_is_older_than_our_news_brings_no_report() -> None:
    play = Playbook().ready()
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.accepted()]
    old = play.account(play.report(), started_ago=1).snapshot
    findings = Reconciler().compare(old, play.core.tracker, play.core.positions, play.core.board)
    assert findings.reports == () and findings.to_look_up == ()


def test_an_order_of_ours_that_is_listed_brings_its_report() -> None:
    play = Playbook().ready()
    play >> play.start(XRP, blueprint(limit=True)) >> [play.sent(), play.unknown()]
    word = play.report()
    assert compare(play, Reconciler(), word).reports == ((play.order, word),)


def test_a_second_pass_over_the_same_reading_changes_nothing() -> None:
    """O14: reconciliation must not invent fills (nautilus#4736)."""
    play = Playbook().ready()
    play >> play.start(XRP, blueprint(limit=True, timeout_s=600)) >> [play.sent(), play.unknown(), seconds(1)]
    reading = play.account(play.report(fills=[play.fill(10)]), play.foreign(XRP))
    play >> reading << did(ExternalChangeFound) << did(Reconciled)
    assert play.order.state is OrderState.PARTIAL and play.position(XRP).quantity == 10
    before = (play.order.filled_volume, play.position(XRP).quantity)
    play >> reading << nothing(ExternalChangeFound) << nothing(Reconciled)
    assert (play.order.filled_volume, play.position(XRP).quantity) == before
