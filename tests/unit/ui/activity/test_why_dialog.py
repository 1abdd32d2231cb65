"""The dialog shows the order that was asked for last, is never modal, and its story can be copied."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.order import OrderState
from app.domain.order_chain import OrderChain
from app.ui.activity.why_dialog import WhyDialog, html_text, plain_text
from app.ui.archive_door import ArchiveDoor
from app.ui.languages import languages
from app.ui.main_window import MainWindow
from app.ui.theme import theme
from tests.ui.charts import samples
from tests.ui.screen_story import Story
from tests.ui.story_archive import StoryArchive, chain_of, run_now

POSITION = samples.position(entry=Decimal(100_000), now=samples.NOW)
CHAIN = chain_of(samples.order(7, OrderState.FILLED, price=Decimal(100_000), filled="0.02"), POSITION)
ORDER_ID = CHAIN.order.order_id


class SlowDoor(ArchiveDoor):
    """Answers when the test says so."""

    def __init__(self) -> None:
        super().__init__(StoryArchive(), run_now)
        self.waiting: list[tuple[Callable[[OrderChain], None], Callable[[str], None]]] = []

    def why(self, order_id: str, found: Callable[[OrderChain], None], failed: Callable[[str], None]) -> None:
        self.waiting.append((found, failed))


@pytest.fixture
def archive() -> StoryArchive:
    return StoryArchive(chains={ORDER_ID: CHAIN})


@pytest.fixture
def dialog(qtbot: QtBot, archive: StoryArchive) -> WhyDialog:
    dialog = WhyDialog(ArchiveDoor(archive, run_now))
    qtbot.addWidget(dialog)
    return dialog


def test_the_story_is_shown_and_the_window_stays_free(dialog: WhyDialog) -> None:
    dialog.ask(ORDER_ID)
    assert dialog.isVisible() and not dialog.isModal()
    assert dialog.windowModality() is Qt.WindowModality.NonModal
    shown = dialog.text.toPlainText()
    for words in ("Signal: the entry rule", "The risk gate approved it", "The venue acknowledged it", "Cost", "#1842"):
        assert words in shown
    assert dialog.heading.text() == "KRW-BTC · Buy · Limit · Trend breakout v3"
    assert ORDER_ID in dialog.note.text()


def test_the_text_is_copied_with_aligned_figures(dialog: WhyDialog) -> None:
    dialog.ask(ORDER_ID)
    words = dialog.copy()
    assert QGuiApplication.clipboard().text() == words == plain_text(CHAIN)
    figures = [line for line in words.splitlines() if "≤" in line]
    assert len(figures) == 7 and len({len(line) for line in figures}) == 1, "right-aligned"
    assert words.splitlines()[3].startswith("11:")


def test_what_nobody_knows_and_trouble_are_told(dialog: WhyDialog, archive: StoryArchive) -> None:
    dialog.ask(ORDER_ID)
    dialog.ask("gw-nobody")
    assert "no order 'gw-nobody'" in dialog.note.text() and dialog.text.toPlainText() == ""
    assert dialog.copy() == "" and not dialog.copy_button.isEnabled()
    archive.chains["gw-nobody"] = CHAIN
    dialog.again_button.click()
    assert "Cost" in dialog.text.toPlainText()


def test_only_the_last_question_is_answered(qtbot: QtBot) -> None:
    door = SlowDoor()
    dialog = WhyDialog(door)
    qtbot.addWidget(dialog)
    dialog.ask("gw-1")
    dialog.ask(ORDER_ID)
    door.waiting[0][0](replace(CHAIN, order=replace(CHAIN.order, order_id="gw-1")))
    door.waiting[0][1]("too late")
    assert dialog.chain is None and dialog.note.text() == "Reading the journal…"
    door.waiting[1][0](CHAIN)
    assert dialog.chain is CHAIN


def test_words_of_a_venue_are_no_markup() -> None:
    steps = (*CHAIN.steps[:2], replace(CHAIN.steps[2], note="<b>no</b> & <img src=x>"))
    html = html_text(replace(CHAIN, steps=steps))
    assert "&lt;b&gt;no&lt;/b&gt; &amp; &lt;img src=x&gt;" in html and "<img" not in html


def test_language_and_colours_follow(dialog: WhyDialog) -> None:
    dialog.ask(ORDER_ID)
    languages().set("ko")
    QApplication.sendEvent(dialog, QEvent(QEvent.Type.LanguageChange))
    assert "위험 관문 통과" in dialog.text.toPlainText() and dialog.windowTitle() == "왜 거래했나요?"
    before = dialog.text.toHtml()
    theme().set("light")
    assert dialog.text.toHtml() != before


def test_rows_of_orders_and_fills_open_it(full_window: MainWindow, story: Story) -> None:
    orders, fills = full_window.dashboard.orders, full_window.dashboard.fills
    for table in (orders, fills):
        row = table.model.row_at(0)
        assert row is not None
        story.archive.chains[row.order_id] = replace(CHAIN, order=replace(CHAIN.order, order_id=row.order_id))
        table.table.selectRow(0)
        table.ask_why()
        assert row.order_id in full_window.why_dialog.note.text()
    assert full_window.top.emergency.isEnabled() and QGuiApplication.modalWindow() is None
