"""Pictures of every chart and list with realistic data.

python tests/ui/charts/showcase.py OUT_DIR [dark|light] [en|ko]
"""

import logging
import os
import sys
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QPointF  # noqa: E402
from PySide6.QtWidgets import QApplication, QGridLayout, QTabWidget, QVBoxLayout, QWidget  # noqa: E402

from app.ui.activity.events_list import EventsList  # noqa: E402
from app.ui.activity.fills_table import FillsTable  # noqa: E402
from app.ui.activity.log_handler import LogLine  # noqa: E402
from app.ui.activity.log_view import LogView  # noqa: E402
from app.ui.activity.orders_table import OrdersTable  # noqa: E402
from app.ui.charts.chart_widget import ChartWidget  # noqa: E402
from app.ui.charts.event_timeline_widget import EventTimelineWidget  # noqa: E402
from app.ui.charts.order_book_widget import OrderBookWidget  # noqa: E402
from app.ui.charts.spark_line import SparkLine  # noqa: E402
from app.ui.languages import languages  # noqa: E402
from app.ui.theme import apply_theme, load_fonts, theme  # noqa: E402
from tests.ui.charts import samples  # noqa: E402
from tests.ui.charts.sample_feed import sample_feed  # noqa: E402
from tests.ui.charts.samples import BTC, ETH, NOW  # noqa: E402

LOG = (
    (logging.INFO, "주문 #1842 지정가 접수"),
    (logging.ERROR, "주문 응답 시간 초과 → 조회로 확정: 체결"),
    (logging.DEBUG, "upbit ping 14 ms"),
    (logging.INFO, "KRW-BTC 고점 갱신 159,240,000"),
    (logging.WARNING, "KRW-ETH 스프레드 3틱, 분할 4회로 전환"),
    (logging.INFO, "KRW-SOL 추적 손절 발동 → 시장가"),
    (logging.INFO, "KRW-SOL 청산 부분 체결 62%"),
)


class Showcase:
    """All widgets on one board, and each one alone."""

    def __init__(self) -> None:
        self.feed = sample_feed()
        self.chart, self.book, self.timeline = ChartWidget(), OrderBookWidget(), EventTimelineWidget()
        self.log, self.orders, self.fills, self.events = LogView(), OrdersTable(), FillsTable(), EventsList()
        self.spark = SparkLine()
        for part in (self.chart, self.book, self.timeline, self.orders, self.fills, self.events):
            part.bind(self.feed)
        for minute, event in enumerate(samples.journaled()):
            self.timeline.clock = lambda minute=minute: NOW - timedelta(minutes=100 - 6 * minute)
            self.timeline.add_events([event])
        self.timeline.clock = lambda: NOW
        self.timeline.add_events(samples.busy_day())
        self.timeline.advance()
        self.events.add_events(samples.journaled())
        self.log.append(
            [LogLine(NOW + timedelta(seconds=n), level, "app", text) for n, (level, text) in enumerate(LOG)]
        )
        self.spark.set_values([float(bar.close) for bar in samples.candles()[-60:]])
        self.feed.select(BTC, "pos-KRW-BTC")
        self.board = self._board()

    def _board(self) -> QWidget:
        board = QWidget()
        board.setObjectName("board")
        tabs = QTabWidget()
        for name, part in (("Log", self.log), ("Events", self.events), ("Orders", self.orders), ("Fills", self.fills)):
            tabs.addTab(part, name)
        grid = QGridLayout(board)
        grid.setSpacing(8)
        grid.addWidget(self.chart, 0, 0)
        grid.addWidget(self.book, 0, 1)
        grid.addWidget(self.timeline, 1, 0)
        grid.addWidget(tabs, 1, 1, 2, 1)
        grid.addWidget(self.spark, 2, 0)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(0, 3)
        grid.setRowStretch(1, 1)
        board.resize(1400, 840)
        return board


def shoot(widget: QWidget, path: Path) -> None:
    """Save what the widget looks like."""
    widget.grab().save(str(path))


def shoot_lists(show: Showcase, out: Path, name: str) -> None:
    """Every list alone, wide enough for all columns."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    for part, height in ((show.orders, 260), (show.fills, 160), (show.events, 560), (show.log, 240)):
        part.setMinimumHeight(height)
        column.addWidget(part)
        part.show()
    holder.resize(1200, 1260)
    holder.show()
    shoot(holder, out / f"lists-{name}.png")


def shoot_states(out: Path, name: str) -> None:
    """Empty, loading, stale and one-sided states, and a crosshair."""
    show = Showcase()
    show.board.show()
    show.chart.plot.scene().sigMouseMoved.emit(QPointF(420, 150))
    show.timeline.setFocus()
    show.timeline._step(1)
    show.timeline._step(1)
    shoot(show.board, out / f"crosshair-{name}.png")
    for widget in (show.chart, show.book):
        widget.clock = lambda: NOW + timedelta(seconds=42)
        widget.check_age()
    shoot(show.board, out / f"stale-{name}.png")
    show.feed.select(ETH, None)
    shoot(show.board, out / f"loading-{name}.png")
    blank = QWidget()
    grid = QGridLayout(blank)
    for number, part in enumerate((ChartWidget(), OrderBookWidget(), EventTimelineWidget(), OrdersTable(), LogView())):
        grid.addWidget(part, number // 2, number % 2)
    blank.resize(1200, 900)
    blank.show()
    shoot(blank, out / f"empty-{name}.png")


def main() -> None:
    """Write the pictures."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "showcase")
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    load_fonts()
    theme().set(sys.argv[2] if len(sys.argv) > 2 else "dark")
    apply_theme(application)
    name = "-".join(sys.argv[2:4]) or "dark"
    languages().set(sys.argv[3] if len(sys.argv) > 3 else "en")
    show = Showcase()
    show.board.show()
    shoot(show.board, out / f"board-{name}.png")
    shoot_lists(show, out, name)
    shoot_states(out, name)


if __name__ == "__main__":
    main()
