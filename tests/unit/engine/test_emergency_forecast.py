"""The card: computed from books, rules, rate budget, queue and streams, and from nothing else."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.breaker import CallBudget, CallGroup
from app.domain.emergency import EmergencyAction, EmergencyPreview, EmergencyScope, ResidueKind, Unsellable
from app.domain.market_data import BookLevel
from app.domain.messages import QueueStatus, StreamStateChanged
from app.domain.values import Priority
from tests.unit.engine.playbook import BTC, VENUE, XRP, Playbook, did, seconds


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


def card(play: Playbook, scope: EmergencyScope | None = None) -> EmergencyPreview:
    return play.core.emergency.forecast.preview(play.now, scope or EmergencyScope())


def queue(play: Playbook, *budgets: CallBudget, ahead: int = 0) -> QueueStatus:
    waiting = ((Priority.LIQUIDATION, ahead), (Priority.ENTRY, 1000))
    return QueueStatus(VENUE, waiting, 0, None, 0.0, 0.0, (), play.now, budgets)


def order_budget(**changes: float) -> CallBudget:
    return replace(CallBudget(CallGroup.ORDER, 12, 1.0), **changes)  # type: ignore[arg-type]


def test_the_slippage_is_the_walk_of_the_book_against_its_middle(play: Playbook) -> None:
    held = play.holding(XRP).quantity
    bids = (BookLevel(Decimal(1000), Decimal(500)), BookLevel(Decimal(990), Decimal(10_000)))
    play >> replace(play.book(XRP, 1000, 1002), bids=bids)
    found = card(play)
    middle = Decimal(1001)
    brings = 500 * Decimal(1000) + (held - 500) * Decimal(990)
    assert found.value == held * middle and found.slippage_value is not None and found.slippage is not None
    assert abs(found.slippage_value - (held * middle - brings)) < Decimal("0.001")
    assert abs(found.slippage - (1 - brings / (held * middle))) < Decimal("1e-9")


def test_more_than_the_visible_book_and_no_book_are_told(play: Playbook) -> None:
    play.holding(XRP)
    play >> replace(play.book(XRP, 1000), bids=(BookLevel(Decimal(1000), Decimal(10)),))
    assert card(play).beyond_depth == 1
    play >> seconds(61, tick=10)
    found = card(play)
    assert (found.unpriced, found.slippage, found.slippage_value) == (1, None, None)


def test_the_rate_budget_that_is_left_decides_how_long_the_sales_take(play: Playbook) -> None:
    play.holding(BTC)
    play.holding(XRP)
    usual = card(play).expected_s
    play >> queue(play, order_budget(used=11)) << did(QueueStatus)
    assert card(play).expected_s == pytest.approx(usual + 1.0)
    play >> queue(play, order_budget(), ahead=23)
    assert card(play).ahead == 23 and card(play).expected_s >= usual + 2.0


def test_a_ban_is_a_time_until_which_nothing_can_be_sold(play: Playbook) -> None:
    play.holding(XRP)
    play >> queue(play, order_budget(next_slot_s=40.0))
    found = card(play)
    assert found.unsellable == (Unsellable(XRP, ResidueKind.RATE_LIMITED, play.now + timedelta(seconds=40)),)
    assert found.troubles == (ResidueKind.RATE_LIMITED,) and found.expected_s > 40


def test_a_stream_that_is_down_makes_it_slower(play: Playbook) -> None:
    play.holding(XRP)
    usual = card(play)
    play >> StreamStateChanged(VENUE, "private", False)
    assert card(play).troubles == (ResidueKind.UNREACHABLE,) and card(play).expected_s > usual.expected_s
    play >> StreamStateChanged(VENUE, "private", True)
    assert card(play) == usual


def test_nobody_who_buys_and_dust_are_named(play: Playbook) -> None:
    play.holding(XRP)
    play >> replace(play.book(XRP, 1000), bids=())
    assert card(play).unsellable == (Unsellable(XRP, ResidueKind.NO_BUYERS),)
    play >> play.book(XRP, 1000)
    position = play.position(XRP)
    play.core.positions.put(replace(position, quantity=Decimal(2), cost=Decimal(2000)))
    assert card(play).unsellable == (Unsellable(XRP, ResidueKind.DUST),) and card(play).orders == 0


def test_a_narrower_scope_has_a_smaller_card(play: Playbook) -> None:
    play.holding(BTC, budget=5_000_000)
    play.holding(XRP)
    whole = card(play)
    half = card(play, EmergencyScope(EmergencyAction.REDUCE, percent=50))
    assert abs(half.value * 2 - whole.value) < Decimal("0.001") and half.orders == 2
    assert card(play, EmergencyScope(markets=(XRP,))).positions == 1
    assert card(play, EmergencyScope(EmergencyAction.CANCEL_ALL)).orders == 0


def test_waits_are_full_windows_after_what_is_free() -> None:
    budget = CallBudget(CallGroup.ORDER, 12, 1.0)
    assert [budget.wait_s(number) for number in (0, 12, 13, 24, 25, 50)] == [0.0, 0.0, 1.0, 1.0, 2.0, 4.0]
    assert replace(budget, next_slot_s=0.4).wait_s(1) == 0.4


def test_without_a_sale_that_can_end_there_is_no_proof_to_wait_for(play: Playbook) -> None:
    play.holding(XRP)
    play.holding(BTC)
    usual = card(play)
    rules = play.core.board.constraints[XRP]
    play.core.board.constraints[XRP] = replace(rules, active=False)
    halted = card(play)
    assert halted.unsellable == (Unsellable(XRP, ResidueKind.HALTED),)
    assert halted.expected_s <= usual.expected_s - 2
    assert halted.value == pytest.approx(usual.value, rel=Decimal("0.001")), "what cannot be sold is still held"


def test_slow_readings_make_the_proof_slow(play: Playbook) -> None:
    play.holding(XRP)
    usual = card(play)
    for _ in range(20):
        play.core.emergency.forecast.note_reading(1.5)
    assert card(play).expected_s >= usual.expected_s + 1.5 and card(play).p95_s > card(play).expected_s + 1.5


def test_what_the_visible_book_does_not_hold_waits_for_buyers(play: Playbook) -> None:
    held = play.holding(XRP).quantity
    usual = card(play)
    play >> replace(play.book(XRP, 1000), bids=(BookLevel(Decimal(1000), held / 2),))
    assert card(play).expected_s > usual.expected_s and card(play).p95_s > usual.p95_s + 15
