"""Painting of the cells."""

from dataclasses import replace

from PySide6.QtGui import QColor

from app.domain.protection import Layer
from app.ui.main_window import MainWindow
from app.ui.position_delegate import KEEP_TEXTS, _Script
from app.ui.position_rows import PositionColumn
from app.ui.theme import DARK, theme, ui_font


def cell_colours(window: MainWindow, row: int, column: PositionColumn) -> set[str]:
    view = window.dashboard.positions.view
    rect = view.visualRect(view.model().index(row, column))
    image = view.viewport().grab(rect).toImage()
    return {QColor(image.pixel(x, y)).name().upper() for x in range(image.width()) for y in range(image.height())}


def test_profit_and_loss_have_their_colours(full_window: MainWindow) -> None:
    assert DARK.up in cell_colours(full_window, 0, PositionColumn.RATIO)
    assert DARK.down in cell_colours(full_window, 1, PositionColumn.RATIO)


def test_the_selected_row_is_tinted_and_marked(full_window: MainWindow) -> None:
    seen = cell_colours(full_window, 0, PositionColumn.MARKET)
    assert {DARK.selection, DARK.accent} <= seen
    assert DARK.accent not in cell_colours(full_window, 1, PositionColumn.MARKET)


def test_the_trend_is_drawn(full_window: MainWindow) -> None:
    assert len(cell_colours(full_window, 0, PositionColumn.TREND)) > 3


def test_another_theme_repaints_in_its_colours(full_window: MainWindow) -> None:
    theme().set("light")
    assert theme().palette.panel in cell_colours(full_window, 1, PositionColumn.RATIO)


def test_texts_are_laid_out_once_and_shortened_to_their_room() -> None:
    script = _Script(ui_font(13))
    words = "a strategy with a very long name"
    first = script.lay_out(words, 60)
    assert script.lay_out(words, 60) is first
    assert first[0].text().endswith("…") and first[1] <= 60
    assert script.lay_out(words, -1)[0].text() == words
    for number in range(KEEP_TEXTS):
        script.lay_out(str(number), -1)
    assert len(script._texts) <= KEEP_TEXTS


def test_the_past_of_a_trend_is_painted_once(full_window: MainWindow) -> None:
    delegate = full_window.dashboard.positions.delegate
    cell_colours(full_window, 0, PositionColumn.TREND)
    before = delegate._sparks["p1"][1]
    assert delegate.source is not None
    values = delegate.source.trails["p1"].values
    values[-1] = (min(values) + max(values)) / 2
    cell_colours(full_window, 0, PositionColumn.TREND)
    middle = delegate._sparks["p1"][1]
    delegate.source.trails["p1"].samples += 1
    cell_colours(full_window, 0, PositionColumn.TREND)
    assert delegate._sparks["p1"][1] is not middle
    assert before is not None


def test_a_text_that_was_laid_out_takes_any_colour(full_window: MainWindow) -> None:
    model = full_window.dashboard.positions.model
    row = model.rows[1]
    assert DARK.warning not in cell_colours(full_window, 1, PositionColumn.RATIO)
    model.rows[1] = replace(row, roles=("warning",) * len(row.roles))
    assert DARK.warning in cell_colours(full_window, 1, PositionColumn.RATIO)


def test_the_shield_says_by_its_shape_what_protects(full_window: MainWindow) -> None:
    model, seen = full_window.dashboard.positions.model, {}
    view = full_window.dashboard.positions.view
    rect = view.visualRect(model.index(0, PositionColumn.EXIT))
    for layer in (None, *Layer):
        model.rows[0] = replace(model.rows[0], layer=layer)
        seen[layer] = view.viewport().grab(rect.adjusted(rect.width() - 24, 0, 0, 0)).toImage()
    images = list(seen.values())
    assert all(one != other for number, one in enumerate(images) for other in images[number + 1 :])
    assert DARK.accent not in cell_colours(full_window, 1, PositionColumn.EXIT), "held by the program only: hollow"
    model.rows[1] = replace(model.rows[1], layer=Layer.VENUE)
    assert DARK.accent in cell_colours(full_window, 1, PositionColumn.EXIT)
