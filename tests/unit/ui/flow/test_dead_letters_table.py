"""What ended without effect, why, and whether it can be done again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.dead_letter import DeadLetter
from app.domain.order import OrderIntent
from app.domain.values import Market, OrderType, Purpose, Side
from app.ui.flow.dead_letters_table import AGAIN, DeadLettersTable, subject
from tests.ui.screen_story import BREAKOUT, BTC, NOW

ETH = Market("upbit", "KRW-ETH")
BUY = OrderIntent("p2", ETH, Side.BUY, OrderType.MARKET, Purpose.ENTRY, "x", funds=Decimal(2_000_000))
SALE = OrderIntent("p1", BTC, Side.SELL, OrderType.LIMIT, Purpose.EXIT, "x", price=Decimal(160), volume=Decimal("0.5"))
ORDER = DeadLetter("gw-1", NOW, "Order", "expired", "too late", position_id="p2", market=ETH, intent=BUY)
START = DeadLetter(
    "c-1", NOW + timedelta(seconds=1), "StartStrategy", "slippage_too_high", "", market=BTC, strategy="trend v3",
    blueprint=BREAKOUT, budget=Decimal(3_000_000),
)  # fmt: skip
CHANGE = DeadLetter("c-2", NOW + timedelta(seconds=2), "AmendInstruction", "not_possible_now", "")


@pytest.fixture
def letters(qtbot: QtBot) -> DeadLettersTable:
    letters = DeadLettersTable()
    qtbot.addWidget(letters)
    letters.resize(900, 200)
    letters.show()
    letters.show_letters([ORDER, START, CHANGE])
    return letters


def cells(letters: DeadLettersTable, row: int) -> list[str]:
    return [letters.model.index(row, column).data() for column in range(letters.model.columnCount())]


def test_the_newest_is_on_top_with_its_reason_in_words(letters: DeadLettersTable) -> None:
    assert cells(letters, 0) == [
        "",
        "11:42:09",
        "Change of an instruction",
        "",
        "This is not possible in the present state.",
    ]
    assert cells(letters, 1)[:4] == ["Do it again", "11:42:08", "Start of a strategy", "KRW-BTC trend v3 ₩3,000,000"]
    assert cells(letters, 2) == [
        "Do it again", "11:42:07", "Order", "KRW-ETH Buy ₩2,000,000", "It came too late to be carried out."
    ]  # fmt: skip
    tip = letters.model.index(2, 4).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "It came too late to be carried out. too late"


def test_the_subject_names_size_and_price_or_the_order() -> None:
    assert subject(DeadLetter("x", NOW, "Order", "", "", market=BTC, intent=SALE)) == "KRW-BTC Sell 0.5000 160"
    assert subject(DeadLetter("x", NOW, "CancelOrder", "", "", order_id="gw-7")) == "gw-7"


def test_only_what_can_be_done_again_is_asked_for(letters: DeadLettersTable, qtbot: QtBot) -> None:
    asked: list[DeadLetter] = []
    letters.retry_wanted.connect(asked.append)
    for row in range(3):
        letters.table.clicked.emit(letters.model.index(row, AGAIN))
    letters.table.clicked.emit(letters.model.index(2, AGAIN + 1))
    assert asked == [START, ORDER]
    letters.table.setCurrentIndex(letters.model.index(2, 1))
    letters.table.activated.emit(letters.table.currentIndex())
    assert asked == [START, ORDER, ORDER], "Enter on a row asks too"
