"""Widths and emptiness."""

import pytest
from PySide6.QtGui import QFontMetrics

from app.ui.main_window import MainWindow
from app.ui.position_rows import RIGHT
from app.ui.theme import load_fonts, number_font


@pytest.mark.parametrize("size", [(1600, 960), (1280, 720)])
def test_columns_fill_the_width_and_no_figure_is_cut(full_window: MainWindow, size: tuple[int, int]) -> None:
    load_fonts()
    full_window.resize(*size)
    view = full_window.dashboard.positions.view
    widths = [view.columnWidth(number) for number in range(10)]
    assert sum(widths) == view.viewport().width()
    metrics = QFontMetrics(number_font(13))
    for row in full_window.dashboard.positions.model.rows:
        for column in RIGHT:
            assert metrics.horizontalAdvance(row.texts[column]) + 16 <= widths[column], row.texts[column]


def test_an_empty_table_tells_what_to_do(window: MainWindow) -> None:
    view = window.dashboard.positions.view
    assert view.model().rowCount() == 0
    assert "press Start" in view._empty
    assert not view.grab().isNull()


def test_neighbouring_cells_are_repainted_as_one(full_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    view = full_window.dashboard.positions.view
    seen: list[tuple[int, ...]] = []
    monkeypatch.setattr(view, "viewport", lambda: Viewport(seen, view.rowHeight(0)))
    view._repaint_cells(0, [2, 5, 6, 7, 9])
    ends = [view.columnViewportPosition(column) for column in range(10)]
    width = [view.columnWidth(column) for column in range(10)]
    assert seen == [
        (ends[2], 0, width[2], view.rowHeight(0)),
        (ends[5], 0, sum(width[5:8]), view.rowHeight(0)),
        (ends[9], 0, width[9], view.rowHeight(0)),
    ]
    view._repaint_cells(3, [1])
    assert len(seen) == 3, "that row is out of sight"


class Viewport:
    """Notes what is to be painted again."""

    def __init__(self, seen: list[tuple[int, ...]], height: int) -> None:
        self._seen, self._height = seen, height

    def height(self) -> int:
        return self._height

    def update(self, *place: int) -> None:
        self._seen.append(place)
