"""The model changes only what differs."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.activity.row_model import Column, RowModel
from app.ui.theme import theme


@dataclass(frozen=True)
class Thing:
    name: str
    size: int


def model_of(*things: Thing) -> RowModel[Thing]:
    columns = (
        Column[Thing](lambda: "Name", lambda thing: thing.name, "xxxx", tip=lambda thing: f"tip {thing.name}"),
        Column[Thing](lambda: "Size", lambda thing: str(thing.size), "0000", right=True, role=lambda _: "warning"),
    )
    model: RowModel[Thing] = RowModel(columns, lambda thing: thing.name)
    model.show(things)
    return model


def names(model: RowModel[Thing]) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_only_the_changed_row_is_told(qtbot: QtBot) -> None:
    model = model_of(Thing("a", 1), Thing("b", 2), Thing("c", 3))
    told: list[int] = []
    model.dataChanged.connect(lambda first, last: told.extend((first.row(), last.row())))
    model.show((Thing("a", 1), Thing("b", 9), Thing("c", 3)))
    assert told == [1, 1]
    assert model.index(1, 1).data() == "9"


def test_rows_are_inserted_moved_and_removed(qtbot: QtBot) -> None:
    model = model_of(Thing("a", 1), Thing("b", 2), Thing("c", 3))
    with qtbot.assertNotEmitted(model.modelReset):
        model.show((Thing("d", 4), Thing("c", 3), Thing("a", 5)))
    assert names(model) == ["d", "c", "a"]
    assert model.index(2, 1).data() == "5"
    model.show(())
    assert model.rowCount() == 0 and model.row_at(0) is None


def test_roles(qtbot: QtBot) -> None:
    model = model_of(Thing("a", 1))
    cell = model.index(0, 1)
    assert cell.data(Qt.ItemDataRole.ForegroundRole).name().upper() == theme().palette.warning.upper()
    assert cell.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "Size 1"
    assert cell.data(Qt.ItemDataRole.ToolTipRole) is None
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == "tip a"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Size"
    assert model.headerData(9, Qt.Orientation.Horizontal) is None
    assert model.data(model.index(5, 0)) is None


def test_a_new_look_reads_everything_again(qtbot: QtBot) -> None:
    model = model_of(Thing("a", 1))
    with qtbot.waitSignals([model.dataChanged, model.headerDataChanged]):
        model.look_changed()


def test_new_rows_come_on_top_and_the_oldest_go(qtbot: QtBot) -> None:
    model = model_of(Thing("b", 2), Thing("a", 1))
    told: list[tuple[str, int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: told.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _, first, last: told.append(("out", first, last)))
    with qtbot.assertNotEmitted(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        model.add_on_top((Thing("d", 4), Thing("c", 3)), 3)
        model.add_on_top((), 3)
    assert names(model) == ["d", "c", "b"]
    assert told == [("out", 1, 1), ("in", 0, 1)]
    model.add_on_top([Thing(name, 0) for name in "zyxwv"], 3)
    assert names(model) == ["z", "y", "x"]
