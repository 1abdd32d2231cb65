"""Cells change one by one; rows move only for a reason."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.messages import PositionChanged, PositionMarked
from app.domain.position import Position, PositionState
from app.domain.venue_health import MarketTrouble
from app.ui import position_model
from app.ui.position_model import PositionModel
from app.ui.position_rows import PositionColumn, PositionRow, position_row
from app.ui.read_model import ReadModel
from tests.ui import screen_story
from tests.ui.screen_story import NOW


@pytest.fixture
def source() -> ReadModel:
    source = ReadModel()
    for event in (*(PositionChanged(p, "story") for p in screen_story.positions(NOW)), *screen_story.marks(NOW, 59)):
        source.apply(event)
    return source


@pytest.fixture
def model(source: ReadModel, qtbot: QtBot) -> PositionModel:
    model = PositionModel()
    model.show(source, NOW)
    return model


def order_of(model: PositionModel) -> list[str]:
    return [row.position_id for row in model.rows]


def test_a_new_mark_touches_only_the_cells_that_differ(model: PositionModel, source: ReadModel) -> None:
    dirty: list[tuple[int, list[int]]] = []
    model.cells_dirty.connect(lambda row, columns: dirty.append((row, columns)))
    model.modelReset.connect(lambda: dirty.append((-1, [])))
    model.refresh(["p1"], NOW)
    assert dirty == []
    mark = source.marks["p1"]
    source.apply(replace(mark, value=mark.value + 1, unrealised=mark.unrealised + 1))
    model.refresh(["p1", "unknown"], NOW)
    C = PositionColumn
    assert dirty == [(0, [C.VALUE, C.PROFIT, C.TREND])]


def test_sorting_is_stable_and_prices_do_not_move_rows(model: PositionModel, source: ReadModel) -> None:
    model.sort(PositionColumn.RATIO, Qt.SortOrder.DescendingOrder)
    assert order_of(model) == ["p1", "p3", "p4", "p6", "p5", "p2"]
    mark = source.marks["p2"]
    source.apply(replace(mark, unrealised_ratio=mark.unrealised_ratio + 1))
    model.show(source, NOW)
    assert order_of(model) == ["p1", "p3", "p4", "p6", "p5", "p2"]
    model.sort(-1)
    assert model.rowCount() == 6


def test_a_selection_follows_its_row_when_sorting(model: PositionModel) -> None:
    from PySide6.QtCore import QPersistentModelIndex

    held = QPersistentModelIndex(model.index(1, 0))
    model.sort(PositionColumn.PROFIT, Qt.SortOrder.AscendingOrder)
    assert model.rows[held.row()].position_id == "p2"


def test_a_position_that_goes_takes_its_row(model: PositionModel, source: ReadModel) -> None:
    source.apply(PositionChanged(replace(source.positions["p2"], state=PositionState.CLOSED), "empty"))
    model.show(source, NOW + timedelta(hours=1))
    assert order_of(model) == ["p1", "p3", "p4", "p5", "p6"]
    assert model.row_of("p2") is None


def test_screen_readers_hear_the_column_too(model: PositionModel) -> None:
    index = model.index(0, PositionColumn.PROFIT)
    assert model.data(index, Qt.ItemDataRole.AccessibleTextRole) == "Unrealised +71,400"
    assert isinstance(next(iter(screen_story.marks(NOW, 0))), PositionMarked)


def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Positions whose row is made from now on."""
    seen: list[str] = []

    def counting(position: Position, source: ReadModel, now: datetime) -> PositionRow:
        seen.append(position.position_id)
        return position_row(position, source, now)

    monkeypatch.setattr(position_model, "position_row", counting)
    return seen


def test_only_the_rows_that_changed_are_made_again(
    model: PositionModel, source: ReadModel, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    seen = built(monkeypatch)
    source.apply(PositionChanged(replace(source.positions["p2"], state=PositionState.PAUSED), "paused"))
    with qtbot.assertNotEmitted(model.modelReset):
        model.update(["p2", "unknown"], NOW)
    assert seen == ["p2"]
    assert model.rows[1].texts[PositionColumn.STATE] == "Paused"


def test_one_position_comes_and_one_goes_without_a_reset(
    model: PositionModel, source: ReadModel, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    came: list[tuple[int, int]] = []
    went: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: came.append((first, last)))
    model.rowsRemoved.connect(lambda _, first, last: went.append((first, last)))
    ended = replace(source.positions["p6"], state=PositionState.CLOSED, closed_at=NOW)
    source.apply(PositionChanged(ended, "sold"))
    source.apply(PositionChanged(replace(source.positions["p1"], position_id="p7"), "new"))
    seen = built(monkeypatch)
    with qtbot.assertNotEmitted(model.modelReset):
        model.update(["p6", "p7"], NOW)
        assert order_of(model) == ["p1", "p2", "p3", "p4", "p5", "p7", "p6"], "a new one stands above what is over"
        model.age(NOW + timedelta(seconds=121))
    assert (came, went) == ([(5, 5)], [(6, 6)])
    assert order_of(model) == ["p1", "p2", "p3", "p4", "p5", "p7"]
    assert [model.row_of(name) for name in (*order_of(model), None, "p6")] == [0, 1, 2, 3, 4, 5, None, None]
    assert "p6" in seen


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_a_new_position_finds_its_place_in_the_sorting(
    model: PositionModel, source: ReadModel, order: Qt.SortOrder
) -> None:
    model.sort(PositionColumn.INVESTED, order)
    source.apply(PositionChanged(replace(source.positions["p3"], position_id="p7"), "new"))
    model.update(["p7"], NOW)
    keys = [row.keys[PositionColumn.INVESTED] for row in model.rows]
    assert keys == sorted(keys, reverse=order == Qt.SortOrder.DescendingOrder)  # type: ignore[type-var]


def test_old_figures_turn_grey_by_themselves(model: PositionModel, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = built(monkeypatch)
    model.age(NOW)
    assert seen == []
    model.age(NOW + timedelta(minutes=1))
    assert model.rows[0].roles[PositionColumn.PROFIT] == "faint"
    made = len(seen)
    model.age(NOW + timedelta(minutes=1))
    assert len(seen) == made, "what is grey already is not made again"


def test_a_halted_market_is_flagged_and_unflagged_by_itself(model: PositionModel, source: ReadModel) -> None:
    market = source.positions["p1"].market
    halted = replace(screen_story.health(NOW), halted=((market, MarketTrouble.NO_TRADES),))
    for health, trouble in ((halted, MarketTrouble.NO_TRADES), (screen_story.health(NOW), None)):
        source.apply(replace(screen_story.status(NOW), health=health))
        model.age(NOW)
        assert next(row.trouble for row in model.rows if row.position_id == "p1") is trouble


def test_the_next_exit_says_what_survives_this_computer(model: PositionModel) -> None:
    index = model.index(0, PositionColumn.EXIT)
    sentence = "Exits are held by this program only: if this computer dies nothing sells."
    assert model.data(index, Qt.ItemDataRole.ToolTipRole) == f"Stop-loss in 1.92%\n{sentence}"
    assert model.data(index, Qt.ItemDataRole.AccessibleTextRole) == f"Next exit Stop-loss in 1.92%. {sentence[:-1]}"
    waiting = model.index(5, PositionColumn.EXIT)
    assert model.data(waiting, Qt.ItemDataRole.AccessibleTextRole) == "Next exit waits for its entry signal"


def test_another_layer_repaints_its_cell(model: PositionModel, source: ReadModel) -> None:
    dirty: list[list[int]] = []
    model.cells_dirty.connect(lambda _, columns: dirty.append(columns))
    bare = replace(source.positions["p1"], exit_plan=None)
    source.apply(PositionChanged(bare, "story"))
    model.update(["p1"], NOW)
    assert dirty == [[PositionColumn.EXIT]]
