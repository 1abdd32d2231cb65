"""The tour's hands on real widgets."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.tour import hands as hands_module
from app.tour.hands import Hands, TourFailedError


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    column = QVBoxLayout(window)
    for name, part in {
        "press": QPushButton("press"),
        "field": QLineEdit("old"),
        "box": QComboBox(),
        "words": QLabel("hello"),
    }.items():
        part.setObjectName(name)
        column.addWidget(part)
    window.findChild(QComboBox, "box").addItems(["one", "two", "three"])
    qtbot.addWidget(window)
    window.show()
    return window


async def test_a_click_is_a_click(window: QWidget, tmp_path: Path) -> None:
    clicked: list[bool] = []
    window.findChild(QPushButton, "press").clicked.connect(lambda checked: clicked.append(checked))
    await Hands(window, tmp_path).click("press")
    assert clicked == [False]


async def test_a_disabled_control_is_waited_for_and_then_failed(
    window: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands_module, "LOOK_AGAIN_S", 0.001)
    window.findChild(QPushButton, "press").setEnabled(False)
    hands = Hands(window, tmp_path)
    with pytest.raises(TourFailedError, match="in vain"):
        await hands.wait(lambda: window.findChild(QPushButton, "press").isEnabled(), "it can be clicked", 0.02)
    assert [path.name for path in tmp_path.iterdir()] == ["01-failed.png"]


async def test_writing_replaces_what_stood_there(window: QWidget, tmp_path: Path) -> None:
    await Hands(window, tmp_path).write("field", "2000000")
    assert window.findChild(QLineEdit, "field").text() == "2000000"


async def test_choosing_walks_with_the_arrow_keys(window: QWidget, tmp_path: Path) -> None:
    hands = Hands(window, tmp_path)
    await hands.choose("box", lambda text: text == "three")
    assert window.findChild(QComboBox, "box").currentText() == "three"
    with pytest.raises(TourFailedError, match="does not offer"):
        await hands.choose("box", lambda text: text == "four")


async def test_holding_lasts_longer_than_a_second(window: QWidget, tmp_path: Path) -> None:
    heard: list[tuple[str, float]] = []
    button, clock = window.findChild(QPushButton, "press"), asyncio.get_running_loop().time
    button.pressed.connect(lambda: heard.append(("down", clock())))
    button.released.connect(lambda: heard.append(("up", clock())))
    await Hands(window, tmp_path).hold("press")
    assert [word for word, _ in heard] == ["down", "up"]
    assert heard[1][1] - heard[0][1] > 1.0


def test_what_is_not_there_is_named(window: QWidget, tmp_path: Path) -> None:
    with pytest.raises(TourFailedError, match="'nothing'"):
        Hands(window, tmp_path).find("nothing", QWidget)


def test_pictures_go_on_where_the_last_act_ended(window: QWidget, tmp_path: Path) -> None:
    Hands(window, tmp_path).picture("one")
    Hands(window, tmp_path).picture("two")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["01-one.png", "02-two.png"]
    assert window.testAttribute(Qt.WidgetAttribute.WA_WState_Visible)
