"""The timeline's lanes are four, named, and from above in a fixed order."""

from datetime import timedelta

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from app.ui.activity.event_facts import Lane, event_facts
from app.ui.charts.timeline_layout import LANES, TimeSpan, clusters
from app.ui.charts.timeline_painter import TimelinePainter, lane_name, lane_row
from app.ui.theme import theme
from tests.ui.charts import samples
from tests.ui.charts.pixels import rows_of
from tests.ui.charts.samples import NOW

WHOLE, AREA = QRect(0, 0, 600, 140), QRect(84, 6, 500, 112)


def test_names_and_rows() -> None:
    assert [lane_name(lane) for lane in LANES] == ["Orders", "Fills", "Risk", "System"]
    rows = [lane_row(AREA, lane) for lane in LANES]
    assert rows == sorted(rows) and AREA.top() < rows[0] and rows[-1] < AREA.bottom()


def test_symbols_are_painted_in_their_lane(qtbot: QtBot) -> None:
    image = QImage(WHOLE.size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    entries = sorted((event_facts(event, NOW) for event in samples.journaled()), key=lambda facts: facts.at)
    span = TimeSpan(NOW + timedelta(minutes=3), timedelta(hours=2))
    found = clusters(entries, span, AREA.width())
    TimelinePainter().paint(painter, WHOLE, AREA, span, found, found[0], "")
    painter.end()
    danger = rows_of(image, theme().palette.danger, 3)
    assert danger and all(abs(row - lane_row(AREA, Lane.RISK)) <= 8 for row in danger)


def test_words_are_painted_when_there_is_nothing(qtbot: QtBot) -> None:
    pictures = []
    for words in ("", "Nothing has happened yet."):
        image = QImage(WHOLE.size(), QImage.Format.Format_RGB32)
        painter = QPainter(image)
        TimelinePainter().paint(painter, WHOLE, AREA, TimeSpan(NOW), [], None, words)
        painter.end()
        pictures.append(image)
    assert pictures[0] != pictures[1]
