"""Choosing a market."""

import pytest
from pytestqt.qtbot import QtBot

from app.domain.messages import MarketsListed
from app.domain.values import Market
from app.ui.languages import languages
from app.ui.market_box import MarketBox
from tests.ui import screen_story


@pytest.fixture
def box(qtbot: QtBot) -> MarketBox:
    box = MarketBox()
    qtbot.addWidget(box)
    listed = screen_story.listing()[0]
    assert isinstance(listed, MarketsListed)
    box.set_infos(listed.infos)
    return box


@pytest.mark.parametrize(
    ("typed", "symbol"), [("KRW-ETH", "KRW-ETH"), ("eth", "KRW-ETH"), ("bitcoin", "KRW-BTC"), ("KRW", None), ("", None)]
)
def test_a_part_of_the_name_is_enough_when_it_is_unique(box: MarketBox, typed: str, symbol: str | None) -> None:
    box.setEditText(typed)
    assert box.market == (None if symbol is None else Market("upbit", symbol))


def test_settling_tells_and_writes_the_whole_name(box: MarketBox, qtbot: QtBot) -> None:
    with qtbot.waitSignal(box.chosen) as told:
        box.setEditText("sol")
        box.lineEdit().editingFinished.emit()
    assert told.args == [Market("upbit", "KRW-SOL")]
    assert box.currentText() == "KRW-SOL  Solana"


def test_the_choice_survives_another_language(box: MarketBox) -> None:
    box.choose(Market("upbit", "KRW-SOL"))
    languages().set("ko")
    assert box.currentText() == "KRW-SOL  솔라나"
    assert box.market == Market("upbit", "KRW-SOL")


def test_a_market_that_is_not_listed_yet_is_shown_by_its_symbol(box: MarketBox) -> None:
    box.choose(Market("upbit", "KRW-NEW"))
    assert (box.currentText(), box.market) == ("KRW-NEW", None)
