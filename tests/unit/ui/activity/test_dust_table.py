"""Dust is read from the journal when its table is shown, and follows what closes meanwhile."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.position import Position, PositionState
from app.ui.activity.dust_table import DustTable
from app.ui.archive_door import ArchiveDoor
from tests.ui.charts.sample_feed import sample_feed
from tests.ui.story_archive import StoryArchive, run_now
from tests.unit.adapters.storage.samples import NOW, position


def left(name: str, units: str, worth: str, hours: int = 0) -> Position:
    dust = Decimal(units)
    closed = position(name, PositionState.CLOSED, quantity=dust, dust=dust, dust_worth=Decimal(worth))
    return replace(closed, closed_at=NOW + timedelta(hours=hours))


def row(table: DustTable, number: int) -> list[str]:
    return [table.model.index(number, column).data() for column in range(table.model.columnCount())]


def test_the_journal_is_read_when_it_is_shown_newest_first(qtbot: QtBot) -> None:
    archive = StoryArchive(positions=[left("p-1", "0.00001", "1234"), left("p-2", "3.5", "0", 1), position("p-3")])
    table = DustTable()
    qtbot.addWidget(table)
    table.bind(sample_feed(), ArchiveDoor(archive, run_now))
    assert table.model.rowCount() == 0
    table.show()
    assert [line[-1] for line in (row(table, 0), row(table, 1))] == ["p-2", "p-1"]
    assert row(table, 0)[:3] == ["KRW-BTC", "3.5000", "–"] and row(table, 1)[2] == "₩1,234"
    assert table.sum.text() == "2 entries, worth ₩1,234 when they were left"
    QApplication.sendEvent(table, QEvent(QEvent.Type.LanguageChange))
    assert table.table.accessibleName() == "Dust"


def test_what_closes_meanwhile_is_added_and_what_opens_again_goes(qtbot: QtBot) -> None:
    feed = sample_feed()
    table = DustTable()
    qtbot.addWidget(table)
    table.bind(feed, ArchiveDoor(StoryArchive(), run_now))
    table.show()
    feed.model.positions["p-9"] = left("p-9", "2", "900")
    feed.positions_changed.emit(["p-9", "never heard of"])
    assert table.model.rowCount() == 1
    feed.model.positions["p-9"] = replace(left("p-9", "2", "900"), state=PositionState.CLOSING)
    feed.positions_changed.emit(["p-9"])
    assert table.model.rowCount() == 0 and table.sum.text() == ""


def test_trouble_is_told_in_place_of_the_sum(qtbot: QtBot) -> None:
    table = DustTable()
    qtbot.addWidget(table)
    table.bind(sample_feed(), ArchiveDoor(StoryArchive(broken="the disk is gone"), run_now))
    table.show()
    assert table.sum.text() == "the disk is gone"
