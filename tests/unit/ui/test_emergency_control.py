"""The stop button: a whole second, or two presses; nothing less."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.emergency import LiquidationStage, ResidueKind, Unsellable
from app.domain.values import Market
from app.ui.emergency_control import EmergencyControl
from tests.ui import screen_story
from tests.ui.screen_story import NOW

SOL = Market("upbit", "KRW-SOL")


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def fired() -> list[str]:
    return []


@pytest.fixture
def button(qtbot: QtBot, watch: Watch, fired: list[str]) -> EmergencyControl:
    button = EmergencyControl()
    qtbot.addWidget(button)
    button.now = watch
    button.triggered.connect(lambda: fired.append("fired"))
    button.resize(button.sizeHint())
    button.show()
    return button


def hold(button: EmergencyControl, qtbot: QtBot) -> None:
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)


def test_holding_for_a_second_fires_once(
    button: EmergencyControl, watch: Watch, fired: list[str], qtbot: QtBot
) -> None:
    hold(button, qtbot)
    watch.seconds += 0.99
    button.advance()
    assert (fired, round(button.progress, 2), button.hint()) == ([], 0.99, "keep holding")
    watch.seconds += 0.02
    button.advance()
    button.advance()
    assert fired == ["fired"]
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert fired == ["fired"]


def test_letting_go_early_does_nothing(button: EmergencyControl, watch: Watch, fired: list[str], qtbot: QtBot) -> None:
    hold(button, qtbot)
    watch.seconds += 0.9
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    watch.seconds += 5
    button.advance()
    assert fired == []


def test_moving_off_the_button_cancels(button: EmergencyControl, watch: Watch, fired: list[str], qtbot: QtBot) -> None:
    hold(button, qtbot)
    qtbot.mouseMove(button, button.rect().bottomRight() * 3)
    watch.seconds += 2
    button.advance()
    assert fired == []


def test_a_click_is_nothing(button: EmergencyControl, fired: list[str], qtbot: QtBot) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.mouseDClick(button, Qt.MouseButton.LeftButton)
    assert (fired, button.is_armed) == ([], False)


@pytest.mark.parametrize(("pause", "count"), [(2.9, 1), (3.1, 0)])
def test_the_keys_need_two_presses_within_three_seconds(
    button: EmergencyControl, watch: Watch, fired: list[str], pause: float, count: int
) -> None:
    button.press_key()
    assert (fired, button.hint()) == ([], "press again within 3 s")
    watch.seconds += pause
    button.press_key()
    assert len(fired) == count
    assert button.is_armed is (count == 0)


def test_space_enter_and_a_screen_reader_take_the_path_of_two_presses(
    button: EmergencyControl, fired: list[str], qtbot: QtBot
) -> None:
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert fired == []
    qtbot.keyClick(button, Qt.Key.Key_Escape)
    assert not button.is_armed
    button.click()
    assert fired == []
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert fired == ["fired"]


def test_an_armed_button_calms_down(button: EmergencyControl, watch: Watch) -> None:
    button.press_key()
    watch.seconds += 3.5
    button.advance()
    assert not button.is_armed


def test_it_says_beforehand_what_it_will_do(button: EmergencyControl) -> None:
    assert button.hint() == "hold"
    plan = screen_story.preview(NOW).preview
    button.show_preview(plan)
    assert button.hint() == "hold · 5 items · about 2.9 s"
    assert "Liquidate all" in button.accessibleName()
    assert "2 orders to cancel, 5 sales" in button.toolTip()
    button.show_preview(replace(plan, unsellable=(Unsellable(SOL, ResidueKind.HALTED),)))
    assert "Not sellable now: KRW-SOL: the venue does not trade this market now." in button.toolTip()
    button.show_preview(replace(plan, positions=0, cancels=0))
    assert button.hint() == "hold · nothing open"
    assert button.isEnabled()


def test_during_a_run_it_stays_usable_and_says_so(button: EmergencyControl, qtbot: QtBot) -> None:
    button.show_run(screen_story.run(NOW, LiquidationStage.SELLING).run)
    assert button.hint() == "running · 5 positions"
    assert button.isEnabled()
    hold(button, qtbot)
    assert not button.grab().isNull()


def test_an_equal_forecast_repaints_nothing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    control = EmergencyControl()
    qtbot.addWidget(control)
    preview = screen_story.preview(NOW).preview
    control.show_preview(preview)
    done: list[str] = []
    monkeypatch.setattr(control, "update", lambda: done.append("update"))
    monkeypatch.setattr(control, "setToolTip", lambda words: done.append("tip"))
    control.show_preview(replace(preview))
    assert done == []
    control.show_preview(replace(preview, positions=1))
    assert done == ["update"]
