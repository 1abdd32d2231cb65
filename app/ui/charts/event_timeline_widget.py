"""Picture of what happened over time: orders, fills, risk and system in four lanes."""

from bisect import insort
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.domain.messages import Event
from app.ui.activity.event_facts import EventFacts, event_facts
from app.ui.activity.event_texts import sentence
from app.ui.charts.timeline_layout import LANES, Cluster, TimeSpan, clusters, nearest
from app.ui.charts.timeline_painter import TimelinePainter
from app.ui.formats import KST
from app.ui.theme import theme
from app.ui.ui_feed import UiFeed

LABELS, AXIS, MARGIN = 84, 22, 16
MAX_ENTRIES = 5_000
REACH = 8
DRAG_AFTER = 4


class EventTimelineWidget(QWidget):
    """Last two hours at first. Wheel or +/- zooms, dragging moves, a click selects the event's position."""

    activated = Signal(object)
    """EventFacts of the event that was clicked or confirmed with Enter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._feed: UiFeed | None = None
        self._entries: list[EventFacts] = []
        self._span = TimeSpan(self.clock())
        self._span.advance(self.clock())
        self._painter = TimelinePainter()
        self._focused: Cluster | None = None
        self._pressed: QPoint | None = None
        self._dragged = False
        self.setMinimumSize(320, 4 * 16 + AXIS + 8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._timer = QTimer(self)
        self._timer.setInterval(5_000)
        self._timer.timeout.connect(self.advance)
        theme().changed.connect(self.update)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow the feed from now on."""
        self._feed = feed
        self.clock = feed.clock
        feed.timeline.connect(self.add_events)
        self._timer.start()

    def add_events(self, events: Iterable[Event]) -> None:
        """Put journaled events into the picture; events without a time of their own happened now."""
        now = self.clock()
        for event in events:
            facts = event_facts(event, now)
            if facts.is_landmark:
                insort(self._entries, facts, key=lambda entry: entry.at)
        del self._entries[: max(0, len(self._entries) - MAX_ENTRIES)]
        self.advance()

    def advance(self) -> None:
        """Let the right edge follow the clock."""
        self._span.advance(self.clock())
        self.update()

    def zoom(self, factor: float, share: float = 0.5) -> None:
        """Show ``factor`` times as much time around ``share`` of the width."""
        self._span.zoom(factor, self._span.moment(share), self.clock())
        self._focused = None
        self.update()

    @property
    def span(self) -> TimeSpan:
        """The part of time in sight."""
        return self._span

    def shown_clusters(self) -> list[Cluster]:
        """Symbols in sight, lane by lane."""
        return clusters(self._entries, self._span, self.lanes().width())

    def words_for(self, cluster: Cluster) -> str:
        """What a symbol stands for, newest last, at most eight lines."""
        entries = cluster.entries[-8:]
        lines = [f"{entry.at.astimezone(KST):%H:%M:%S}  {sentence(entry.event)}" for entry in entries]
        hidden = len(cluster.entries) - len(entries)
        if hidden:
            lines.insert(0, self.tr("… and {count} earlier").format(count=hidden))
        return "\n".join(lines)

    def sizeHint(self) -> QSize:
        return QSize(640, 136)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self.update()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._cluster_at(event.pos())
            if found is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.words_for(found), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        focused = self._focused if self.hasFocus() else None
        empty = "" if self._entries else self.tr("Nothing has happened yet. Orders, fills and alerts appear here.")
        self._painter.paint(painter, self.rect(), self.lanes(), self._span, self.shown_clusters(), focused, empty)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        lanes = self.lanes()
        share = (event.position().x() - lanes.left()) / max(1, lanes.width())
        self.zoom(0.85 ** (event.angleDelta().y() / 120), min(1.0, max(0.0, share)))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            self._dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if self._pressed is None:
            over = self._cluster_at(place) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
            return
        moved = self._pressed.x() - place.x()
        if self._dragged or abs(moved) >= DRAG_AFTER:
            self._dragged = True
            self._span.pan(self._span.length * (moved / max(1, self.lanes().width())), self.clock())
            self._pressed = place
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._dragged:
            self._activate(self._cluster_at(event.position().toPoint()))
        self._pressed = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(0.8)
            case Qt.Key.Key_Minus:
                self.zoom(1.25)
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                self._step(-1 if event.key() == Qt.Key.Key_Left else 1)
            case Qt.Key.Key_End:
                self._span.pan(self.clock() - self._span.end + timedelta(seconds=1), self.clock())
                self.update()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._activate(self._focused)
            case _:
                super().keyPressEvent(event)

    def lanes(self) -> QRect:
        """Where the symbols stand, without names and axis."""
        return self.rect().adjusted(LABELS, 6, -MARGIN, -AXIS)

    def _cluster_at(self, place: QPoint) -> Cluster | None:
        lanes = self.lanes()
        number = (place.y() - lanes.top()) * len(LANES) // max(1, lanes.height())
        if not 0 <= number < len(LANES):
            return None
        return nearest(self.shown_clusters(), LANES[number], place.x() - lanes.left(), REACH)

    def _step(self, direction: int) -> None:
        found = sorted(self.shown_clusters(), key=lambda cluster: (cluster.x, cluster.lane))
        if not found:
            return
        if self._focused in found:
            at = (found.index(self._focused) + direction) % len(found)
        else:
            at = -1 if direction < 0 else 0
        self._focused = found[at]
        self.setAccessibleDescription(self.words_for(found[at]))
        if self.isVisible():
            lanes = self.lanes()
            place = QPoint(lanes.left() + found[at].x, lanes.top())
            QToolTip.showText(self.mapToGlobal(place), self.words_for(found[at]), self)
        self.update()

    def _activate(self, cluster: Cluster | None) -> None:
        if cluster is None:
            return
        leader = cluster.leader
        self.activated.emit(leader)
        if self._feed is not None and leader.market is not None:
            self._feed.select(leader.market, leader.position_id)

    def _translate(self) -> None:
        self.setAccessibleName(self.tr("Event timeline"))
        self.setAccessibleDescription(
            self.tr("Left and right arrow: previous and next event. Plus and minus: zoom. Enter: select.")
        )
