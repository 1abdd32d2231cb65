"""The list of limits."""

from decimal import Decimal

from pytestqt.qtbot import QtBot

from app.domain.limits import LimitName, LimitUse
from app.domain.messages import LimitUsage
from app.ui.languages import languages
from app.ui.limits_dialog import LimitsDialog
from app.ui.main_window import MainWindow
from app.ui.theme import DARK
from app.ui.ui_feed import UiFeed
from tests.ui.screen_story import NOW, Story

USAGE = LimitUsage(
    (
        LimitUse(LimitName.DAILY_ENTRIES, Decimal(161), Decimal(200)),
        LimitUse(LimitName.DAILY_VALUE, Decimal("12345678.4"), Decimal(200_000_000)),
        LimitUse(LimitName.EXPOSURE, Decimal(0), None),
    ),
    NOW,
)


def rows(dialog: LimitsDialog) -> list[list[str]]:
    table = dialog.table
    cells = [[table.item(row, place) for place in range(4)] for row in range(table.rowCount())]
    return [[cell.text() if cell is not None else "" for cell in line] for line in cells]


def test_the_command_shows_every_limit_as_the_engine_told_it(
    window: MainWindow, story: Story, feed: UiFeed, qtbot: QtBot
) -> None:
    dialog = window.limits_dialog
    assert rows(dialog) == []
    window.registry.action("limits").trigger()
    assert dialog.isVisible()
    story.tell(USAGE)
    feed.flush()
    assert rows(dialog) == [
        ["Trades today", "161", "200", "81%"],
        ["Bought today", "₩ 12,345,678", "₩ 200,000,000", "6%"],
        ["Total exposure", "₩ 0", "–", "–"],
    ]
    story.tell(LimitUsage(USAGE.uses[:1], NOW))
    feed.flush()
    assert len(rows(dialog)) == 1
    languages().set("ko")
    qtbot.waitUntil(lambda: rows(dialog)[0][0] == "오늘 거래 횟수")


def test_a_limit_that_is_nearly_used_up_is_amber(window: MainWindow) -> None:
    dialog = window.limits_dialog
    dialog.show_usage(USAGE)
    colours = [item.foreground().color().name().upper() for row in range(3) if (item := dialog.table.item(row, 3))]
    assert colours == [DARK.warning, DARK.text, DARK.text]
