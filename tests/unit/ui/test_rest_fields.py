"""The figures of an end appear with it, and an instruction fills them again."""

from pytestqt.qtbot import QtBot

from app.domain.blueprint import RestPolicy
from app.ui.rest_fields import RestFields
from app.ui.rest_form import RestForm, read_policy
from app.ui.ticket_form import TicketField


def shown(fields: RestFields, number: int) -> list[str]:
    fields.box.setCurrentIndex(number)
    fields.adapt(shown=True, fresh=True)
    return [name for name in ("seconds", "drift", "market_from") if not getattr(fields, name).isHidden()]


def test_each_way_shows_what_it_needs(qtbot: QtBot) -> None:
    fields = RestFields()
    qtbot.addWidget(fields)
    assert fields.form() == RestForm()
    assert shown(fields, 0) == []
    assert shown(fields, 1) == ["seconds", "drift"]
    assert shown(fields, 2) == ["seconds", "drift", "market_from"]
    fields.adapt(shown=False, fresh=True)
    assert fields.isHidden()


def test_a_policy_is_shown_as_it_was_typed_and_locked_in_an_amendment(qtbot: QtBot) -> None:
    fields = RestFields()
    qtbot.addWidget(fields)
    form = RestForm(RestPolicy.CANCEL_AND_MARKET, "60", "90", "0.5")
    fields.fill(read_policy(form))
    assert fields.form() == form
    fields.adapt(shown=True, fresh=False)
    assert not fields.box.isEnabled() and not fields.seconds.isEnabled()
    fields.clear()
    assert fields.form() == RestForm()


def test_a_wrong_figure_is_marked(qtbot: QtBot) -> None:
    fields = RestFields()
    qtbot.addWidget(fields)
    fields.show_problems({TicketField.DRIFT: "Not so much."})
    assert fields.drift.edit.toolTip() == "Not so much."
    assert fields.seconds.edit.toolTip() == fields.market_from.edit.toolTip() == ""
