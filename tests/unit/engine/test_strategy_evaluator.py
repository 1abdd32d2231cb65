"""When a strategy enters, adds and leaves, and with how much."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.blueprint import EntryOrderPolicy, EntryStep, StrategyBlueprint
from app.domain.market_data import Book, BookLevel, Candle
from app.domain.order import OrderIntent
from app.domain.position import Position, PositionState
from app.domain.values import OrderType, Purpose, Side
from app.engine.market_board import MarketBoard
from app.engine.position_manager import PositionManager
from app.engine.strategy_evaluator import StrategyEvaluator
from tests.unit.engine.playbook import BTC, START, XRP, Number, Playbook, blueprint, money


class Scene:
    """An evaluator over XRP at 1000 with five closed bars."""

    def __init__(self, bars: int = 5) -> None:
        self.board, self.positions = MarketBoard(), PositionManager()
        self.board.list_markets(Playbook().listed())
        self.evaluator = StrategyEvaluator(self.board, self.positions)
        self.positions.on_price(XRP, Decimal(1000), START, True)
        self.board.books[XRP] = Playbook().book(XRP, 1000)
        self.bars(*[1000] * bars)

    def bars(self, *closes: int) -> None:
        made = []
        for number, close in enumerate(closes, 1):
            at = START - timedelta(minutes=len(closes) - number + 1)
            made.append(Candle(XRP, 60, at, *(Decimal(close),) * 4, Decimal(1)))
        self.board.series(XRP, 60).load(tuple(made), START)

    def position(
        self, plan: StrategyBlueprint, state: PositionState = PositionState.PENDING, **changes: object
    ) -> Position:
        made = Position("p", XRP, plan, Decimal(1_000_000), state, START, START)
        return self.positions.put(replace(made, **changes))  # type: ignore[arg-type]

    def entry(self, plan: StrategyBlueprint, **changes: object) -> OrderIntent | None:
        return self.evaluator.entry_on_bar(self.position(plan, **changes))  # type: ignore[arg-type]


def test_a_market_entry_spends_the_budget_with_its_fee_and_no_more() -> None:
    intent = Scene().entry(blueprint())
    assert intent is not None and intent.side is Side.BUY and intent.purpose is Purpose.ENTRY
    assert intent.funds == 999_500 and intent.volume is None and intent.price is None
    assert intent.funds * Decimal("1.0005") <= 1_000_000 < (intent.funds + 1) * Decimal("1.0005")


@pytest.mark.parametrize(("offset", "price"), [(0, 1000), (2, 1002), (-3, 997)])
def test_a_limit_entry_joins_the_bid_so_many_ticks_away(offset: int, price: int) -> None:
    plan = blueprint(entry_order=EntryOrderPolicy(OrderType.LIMIT, offset, 30))
    intent = Scene().entry(plan)
    assert intent is not None and intent.order_type is OrderType.LIMIT and intent.price == price
    assert intent.volume is not None and intent.volume * price <= 999_500 and intent.timeout_s == 30
    assert intent.volume == Scene().board.constraints[XRP].floor_volume(intent.volume)


def test_a_limit_that_crosses_into_a_coarser_band_lands_on_its_tick() -> None:
    scene = Scene()
    at = Decimal(999_950)
    scene.board.books[XRP] = Book(XRP, (BookLevel(at, Decimal(1)),), (), START, START)
    plan = blueprint(entry_order=EntryOrderPolicy(OrderType.LIMIT, 30, 30))
    intent = scene.entry(plan)
    assert intent is not None and intent.price is not None
    assert scene.board.constraints[XRP].is_on_tick(intent.price) and intent.price == 1_001_000


@pytest.mark.parametrize("bids", [(), (BookLevel(Decimal(0), Decimal(1)),)])
def test_without_a_bid_there_is_no_limit_entry(bids: tuple[BookLevel, ...]) -> None:
    scene = Scene()
    scene.board.books[XRP] = Book(XRP, bids, (), START, START)
    assert scene.entry(blueprint(limit=True)) is None
    scene.board.books.clear()
    assert scene.entry(blueprint(limit=True)) is None


def test_without_rules_there_is_no_entry() -> None:
    scene = Scene()
    scene.board.constraints.clear()
    assert scene.entry(blueprint()) is None


@pytest.mark.parametrize("state", [s for s in PositionState if s is not PositionState.PENDING])
def test_only_a_pending_position_enters(state: PositionState) -> None:
    assert Scene().entry(blueprint(), state=state) is None


def test_a_position_enters_once() -> None:
    assert Scene().entry(blueprint(), entries_done=1) is None


def test_a_condition_that_does_not_hold_is_no_entry() -> None:
    assert Scene().entry(blueprint(enter="close > 1000")) is None
    assert Scene().entry(blueprint(enter="close >= 1000")) is not None


def test_too_few_bars_are_no_entry() -> None:
    assert Scene(bars=5).entry(blueprint(warmup_bars=6)) is None
    assert Scene(bars=6).entry(blueprint(warmup_bars=6)) is not None


def test_before_the_history_is_loaded_nothing_is_decided() -> None:
    scene = Scene()
    scene.board.series(XRP, 60).loaded = False
    assert scene.entry(blueprint()) is None


def test_indicators_are_computed_again_when_a_bar_has_closed() -> None:
    scene = Scene()
    plan = blueprint(enter="sma(2) > 1000")
    assert scene.entry(plan) is None
    series = scene.board.series(XRP, 60)
    series.add(Decimal(1100), Decimal(1), START)
    series.roll(START + timedelta(minutes=1))
    assert scene.entry(plan) is not None


# ---- the ladder ------------------------------------------------------------------------------------------------------

LADDER = (EntryStep(Decimal(25)), EntryStep(Decimal(25), Decimal(2)), EntryStep(Decimal(50), Decimal(5)))


@pytest.mark.parametrize(
    ("done", "last", "price", "share"),
    [(1, 1000, 980, 250_000), (1, 1000, 981, None), (2, 980, 931, 500_000), (2, 980, 932, None), (3, 931, 1, None)],
)
def test_a_rung_is_due_so_far_below_the_last_entry(done: int, last: int, price: int, share: int | None) -> None:
    scene = Scene()
    position = scene.position(
        blueprint(stop=50, steps=LADDER), PositionState.ACTIVE, entries_done=done, last_entry_price=Decimal(last)
    )
    intent = scene.evaluator.rung_on_price(position, Decimal(price))
    if share is None:
        assert intent is None
    else:
        assert intent is not None and intent.funds is not None and intent.reason == f"rung {done + 1} of 3"
        assert intent.funds * Decimal("1.0005") <= share


@pytest.mark.parametrize("state", [s for s in PositionState if s is not PositionState.ACTIVE])
def test_only_an_active_position_adds(state: PositionState) -> None:
    scene = Scene()
    position = scene.position(blueprint(stop=50, steps=LADDER), state, entries_done=1, last_entry_price=Decimal(1000))
    assert scene.evaluator.rung_on_price(position, Decimal(1)) is None


def test_a_ladder_that_has_not_begun_has_no_next_rung() -> None:
    scene = Scene()
    position = scene.position(blueprint(stop=50, steps=LADDER), PositionState.ACTIVE, entries_done=1)
    assert scene.evaluator.rung_on_price(position, Decimal(1)) is None


# ---- leaving ---------------------------------------------------------------------------------------------------------


def leaves(text: str | None, state: PositionState = PositionState.ACTIVE, cost: Number = 100_000) -> bool:
    scene = Scene()
    position = scene.position(blueprint(leave=text), state, quantity=Decimal(100), cost=money(cost))
    return scene.evaluator.exit_on_bar(position)


def test_the_exit_condition_knows_the_gain_since_entry() -> None:
    assert leaves("held_percent > 0.99", cost=99_000) and not leaves("held_percent > 1.02", cost=99_000)


def test_a_strategy_without_an_exit_condition_never_leaves_by_itself() -> None:
    assert not leaves(None)


@pytest.mark.parametrize("state", [s for s in PositionState if s is not PositionState.ACTIVE])
def test_only_an_active_position_leaves_by_its_strategy(state: PositionState) -> None:
    assert not leaves("true", state)


def test_a_market_without_a_price_decides_nothing_about_gain() -> None:
    scene = Scene()
    scene.positions.marks.clear()
    position = scene.position(
        blueprint(leave="held_percent > 0"), PositionState.ACTIVE, quantity=Decimal(1), cost=Decimal(1)
    )
    assert not scene.evaluator.exit_on_bar(position) and BTC not in scene.positions.marks
