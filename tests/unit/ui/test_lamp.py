"""Status lamps."""

from pytestqt.qtbot import QtBot

from app.ui.lamp import Lamp


def test_the_width_fits_the_sample_and_does_not_jump(qtbot: QtBot) -> None:
    lamp = Lamp("quotes 000 ms")
    qtbot.addWidget(lamp)
    before = lamp.sizeHint()
    lamp.show_state("good", "quotes 4 ms", "market data connected")
    assert lamp.sizeHint() == before
    assert (lamp.role, lamp.words, lamp.accessibleName()) == ("good", "quotes 4 ms", "market data connected")
    lamp.show_state("danger", "quotes 1000000000000 h", "gone")
    assert lamp.sizeHint().width() > before.width()
    assert not lamp.grab().isNull()
