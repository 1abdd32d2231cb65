"""Fields for figures."""

from pytestqt.qtbot import QtBot

from app.ui.figure_field import FigureField


def test_thousands_are_grouped_when_the_field_is_left(qtbot: QtBot) -> None:
    field = FigureField("launcher_budget", groups=True)
    qtbot.addWidget(field)
    field.set_name("Budget")
    field.edit.setText("3000000")
    field.edit.editingFinished.emit()
    assert field.edit.text() == "3,000,000"
    assert field.edit.accessibleName() == "Budget"


def test_what_is_no_figure_stays_and_can_be_marked(qtbot: QtBot) -> None:
    field = FigureField("launcher_stop", groups=True, unit="%")
    qtbot.addWidget(field)
    field.edit.setText("abc")
    field.edit.editingFinished.emit()
    field.set_wrong("not a figure")
    assert field.edit.text() == "abc"
    assert (field.property("wrong"), field.edit.toolTip()) == ("true", "not a figure")
    field.set_wrong("")
    assert field.property("wrong") == "false"
