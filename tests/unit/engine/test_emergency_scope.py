"""Which positions and orders a press is about; the stories are in test_emergency_desk."""

from decimal import Decimal

import pytest

from app.domain.emergency import EmergencyAction, EmergencyScope, LiquidationRun, LiquidationStage, Outcome
from app.domain.values import Side
from app.engine.emergency_scope import covered, is_about, must_end, reaches, share_to_sell
from tests.unit.engine.playbook import BTC, ETH, START, XRP, Playbook, order_of, price

A = EmergencyAction


@pytest.fixture
def play() -> Playbook:
    play = Playbook().ready()
    play.holding(BTC)
    play.holding(ETH)
    return play


def run(*scopes: EmergencyScope) -> LiquidationRun:
    return LiquidationRun("r", LiquidationStage.CANCELLING, (), START, 1.0, scopes=scopes)


def test_filters_are_joined_by_and(play: Playbook) -> None:
    position = play.position(BTC)
    assert reaches(EmergencyScope(), position) and reaches(EmergencyScope(markets=(BTC,), venues=("upbit",)), position)
    assert not reaches(EmergencyScope(markets=(BTC,), venues=("kis",)), position)
    assert not reaches(EmergencyScope(strategies=("other",)), position)


def test_an_outcome_is_judged_by_the_open_profit(play: Playbook) -> None:
    play >> price(BTC, 103_000_000) >> price(ETH, 3_960_000)
    manager = play.core.positions
    assert [p.market for p in covered(EmergencyScope(outcome=Outcome.WINNERS), manager)] == [BTC]
    assert [p.market for p in covered(EmergencyScope(outcome=Outcome.LOSERS), manager)] == [ETH]


def test_a_run_by_outcome_is_about_its_lines_only(play: Playbook) -> None:
    assert not is_about(run(EmergencyScope(outcome=Outcome.WINNERS)), play.position(BTC))
    assert is_about(run(EmergencyScope()), play.position(BTC))


@pytest.mark.parametrize(
    ("scope", "side", "ends"),
    [
        (EmergencyScope(A.BLOCK_ENTRIES), Side.BUY, False),
        (EmergencyScope(A.CANCEL_ENTRIES), Side.BUY, True),
        (EmergencyScope(A.CANCEL_ENTRIES), Side.SELL, False),
        (EmergencyScope(A.CANCEL_ALL), Side.SELL, True),
        (EmergencyScope(A.FLATTEN), Side.SELL, True),
        (EmergencyScope(A.FLATTEN, markets=(XRP,)), Side.BUY, False),
    ],
)
def test_orders_that_may_not_be_left(play: Playbook, scope: EmergencyScope, side: Side, ends: bool) -> None:
    one = order_of(market=BTC, side=side, volume=1)
    assert must_end(run(scope), one, play.position(BTC)) is ends


def test_an_order_without_a_position_counts_unless_strategies_are_asked_for() -> None:
    assert must_end(run(EmergencyScope()), order_of(market=BTC, volume=1), None)
    assert not must_end(run(EmergencyScope(strategies=("a",))), order_of(market=BTC, volume=1), None)


def test_the_largest_share_of_all_presses_counts(play: Playbook) -> None:
    half = EmergencyScope(A.REDUCE, percent=50)
    assert share_to_sell(run(half), play.position(BTC)) == 50
    assert share_to_sell(run(half, EmergencyScope(markets=(BTC,))), play.position(BTC)) == 100
    assert share_to_sell(run(EmergencyScope(A.CANCEL_ALL)), play.position(BTC)) == 0
    assert half.share == 50 and Decimal(half.share) < 100
