"""The figures of an algorithm appear with it, and an instruction fills them again."""

from dataclasses import replace
from decimal import Decimal

from pytestqt.qtbot import QtBot

from app.domain.slicing import ChasePolicy, SliceAlgorithm, SlicePlan
from app.domain.values import Side
from app.ui.slice_fields import SliceFields
from app.ui.slice_form import Chase, SliceForm, read_plan
from app.ui.ticket_form import TicketField

A = SliceAlgorithm


def test_each_algorithm_shows_what_it_needs(qtbot: QtBot) -> None:
    fields = SliceFields()
    qtbot.addWidget(fields)
    qtbot.addWidget(fields.how_box)
    assert fields.form() is None
    shown = {}
    for number, kind in enumerate(A, start=1):
        fields.how_box.setCurrentIndex(number)
        form = fields.form()
        assert form is not None and form.algorithm is kind
        fields.adapt(form, "XRP", fresh=True, offered=True)
        parts = ("minutes", "slices", "share", "visible", "urgency")
        shown[kind] = [name for name in parts if not getattr(fields, name).isHidden()]
    assert shown == {
        A.TWAP: ["minutes", "slices", "share"],
        A.VWAP: ["minutes", "slices", "share"],
        A.IS: ["minutes", "slices", "share", "urgency"],
        A.ICEBERG: ["minutes", "visible"],
        A.POV: ["minutes", "slices", "share"],
    }
    fields.adapt(None, "XRP", fresh=True, offered=True)
    assert fields.isHidden()


def test_a_chase_shows_what_it_needs(qtbot: QtBot) -> None:
    fields = SliceFields()
    qtbot.addWidget(fields)
    qtbot.addWidget(fields.how_box)
    fields.how_box.setCurrentIndex(1)
    shown = {}
    for number, kind in enumerate(Chase):
        fields.chase_box.setCurrentIndex(number)
        fields.adapt(fields.form(), "XRP", fresh=True, offered=True)
        shown[kind] = [name for name in ("rest", "reprices", "ticks") if not getattr(fields, name).isHidden()]
    assert shown == {Chase.NONE: [], Chase.CROSSES: ["rest", "reprices", "ticks"], Chase.RESTS: ["rest", "ticks"]}
    assert fields.chase_box.itemText(0) == "Takes at once"
    fields.how_box.setCurrentIndex(1 + list(A).index(A.ICEBERG))
    fields.adapt(fields.form(), "XRP", fresh=True, offered=True)
    assert fields.chase_box.itemText(0) == "Rests at the limit"


def test_a_plan_is_shown_as_it_was_typed(qtbot: QtBot) -> None:
    fields = SliceFields()
    qtbot.addWidget(fields)
    qtbot.addWidget(fields.how_box)
    plan = SlicePlan(A.IS, Side.SELL, Decimal(100), 90, 4, Decimal("0.25"), risk_aversion=Decimal("2e-9"))
    fields.fill(plan)
    form = fields.form()
    assert form == SliceForm(A.IS, "1.5", "4", "25", "", "2")
    assert read_plan(form, Side.SELL, Decimal(100), None) == plan
    for chase in (ChasePolicy(-1, 5.0, 0), ChasePolicy(2, 7.5, None)):
        chasing = replace(plan, chase=chase, randomisation=Decimal("0.3"))
        fields.fill(chasing)
        form = fields.form()
        assert form is not None and read_plan(form, Side.SELL, Decimal(100), None) == chasing
    fields.clear()
    assert fields.form() is None


def test_a_wrong_figure_is_marked_and_named(qtbot: QtBot) -> None:
    fields = SliceFields()
    qtbot.addWidget(fields)
    qtbot.addWidget(fields.how_box)
    fields.show_problems({TicketField.SHARE: "Not so much."})
    assert fields.share.edit.toolTip() == "Not so much."
    assert fields.slices.edit.toolTip() == ""
