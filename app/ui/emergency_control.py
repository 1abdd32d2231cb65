"""The stop button: hold it for a second, or press its keys twice. It says beforehand what it will do."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.domain.emergency import EmergencyPreview, EmergencyScope, LiquidationRun
from app.ui import emergency_words
from app.ui.counted_words import counted
from app.ui.panel import set_description, set_tip
from app.ui.theme import RADIUS, number_font, theme, ui_font
from app.ui.ui_feed import UiFeed

HOLD_S = 1.0
SECOND_PRESS_S = 3.0
FRAME_MS = 16
STRIPE = 14


class EmergencyControl(QAbstractButton):
    """Asks for the liquidation by ``triggered``; letting go early cancels. It is never disabled."""

    triggered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emergency_button")
        self.now: Callable[[], float] = monotonic
        self._held_since: float | None = None
        self._armed_at: float | None = None
        self._preview: EmergencyPreview | None = None
        self._run: LiquidationRun | None = None
        self._scope: EmergencyScope | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.advance)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(self.sizeHint())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # Mouse presses never get to QAbstractButton, so this is Space, or a screen reader.
        self.clicked.connect(self.press_key)
        theme().changed.connect(self.update)
        self._describe()

    def bind(self, feed: UiFeed) -> None:
        """Show what pressing would do, as the engine foretells it."""
        feed.previewed.connect(lambda event: self.show_preview(event.preview))
        feed.liquidation_changed.connect(lambda event: self.show_run(event.run))

    def show_scope(self, scope: EmergencyScope) -> None:
        """Be the control of this scope, and say so; the large one in the strip never gets one."""
        self._scope = scope
        self._describe()
        self.update()

    def name(self) -> str:
        """What it does, as it is written on it."""
        return self.tr("Liquidate all") if self._scope is None else emergency_words.action(self._scope)

    def show_preview(self, preview: EmergencyPreview) -> None:
        """Take a new forecast."""
        self._preview = preview
        self._describe()

    def show_run(self, run: LiquidationRun) -> None:
        """While a run is under way the hint tells how far it is."""
        self._run = run
        self._describe()

    @property
    def progress(self) -> float:
        """How far the hold is, 0 to 1."""
        return 0.0 if self._held_since is None else min((self.now() - self._held_since) / HOLD_S, 1.0)

    @property
    def is_armed(self) -> bool:
        """True after the first press of the keys."""
        return self._armed_at is not None

    def hint(self) -> str:
        """What is written behind the name."""
        if self._armed_at is not None:
            return self.tr("press again within 3 s")
        if self._held_since is not None:
            return self.tr("keep holding")
        if self._run is not None and not self._run.stage.is_over:
            return self.tr("running · {positions}").format(positions=counted("positions", len(self._run.lines)))
        plan = self._preview
        if plan is None:
            return self.tr("hold")
        if not plan.positions and not plan.cancels:
            return self.tr("hold · nothing open")
        words = self.tr("hold · {items} · about {seconds} s")
        return words.format(items=counted("items", plan.positions or plan.cancels), seconds=f"{plan.expected_s:.1f}")

    def press_key(self) -> None:
        """Path without a mouse: the first press arms, the second one within 3 s triggers."""
        if self._armed_at is not None and self.now() - self._armed_at <= SECOND_PRESS_S:
            self._disarm()
            self.triggered.emit()
            return
        self._armed_at = self.now()
        self._timer.start()
        self._describe()

    def advance(self) -> None:
        """One frame of the hold; called by the timer."""
        now = self.now()
        if self._armed_at is not None and now - self._armed_at > SECOND_PRESS_S:
            self._disarm()
        if self._held_since is not None and self.progress >= 1.0:
            self._held_since = None
            self._describe()
            self.triggered.emit()
        if self._held_since is None and self._armed_at is None:
            self._timer.stop()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held_since = self.now()
            self._timer.start()
            self._describe()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._let_go()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.rect().contains(event.position().toPoint()):
            self._let_go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            event.accept()  # a key that is held down is one press
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.press_key()
            event.accept()
        elif event.key() == Qt.Key.Key_Escape and self.is_armed:
            self._disarm()
            event.accept()
        else:
            QWidget.keyPressEvent(self, event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        QWidget.keyReleaseEvent(self, event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._let_go()
        super().focusOutEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(296, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = theme().palette
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        self._paint_stripes(painter, box)
        focused = self.hasFocus()
        painter.setPen(QPen(QColor(palette.text if focused else palette.danger), 2 if focused else 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        self._paint_ring(painter, QRectF(box.left() + 10, box.center().y() - 8, 16, 16))
        name = self.name()
        painter.setPen(QColor(palette.text))
        painter.setFont(ui_font(14, QFont.Weight.DemiBold))
        words = box.adjusted(34, 0, -10, 0)
        taken = painter.fontMetrics().horizontalAdvance(name)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignLeft, name)
        painter.setFont(number_font(12))
        room = words.adjusted(taken + 10, 0, 0, 0)
        hint = painter.fontMetrics().elidedText(self.hint(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, hint)
        painter.end()

    def _paint_stripes(self, painter: QPainter, box: QRectF) -> None:
        palette = theme().palette
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.stripe))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        painter.setClipRect(box.adjusted(1, 1, -1, -1))
        painter.setBrush(QColor(palette.stripe_line))
        height, left = box.height(), box.left() - box.height()
        while left < box.right():
            corners = ((left, box.bottom()), (left + STRIPE, box.bottom()))
            upper = ((left + STRIPE + height, box.top()), (left + height, box.top()))
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in (*corners, *upper)]))
            left += 2 * STRIPE
        share = self.progress
        if share or self.is_armed:
            colour = QColor(palette.danger)
            colour.setAlpha(150)
            painter.setBrush(colour)
            painter.drawRect(QRectF(box.left(), box.top(), box.width() * (share or 1.0), box.height()))
        painter.restore()

    def _paint_ring(self, painter: QPainter, ring: QRectF) -> None:
        palette = theme().palette
        if self._held_since is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.danger))
            painter.drawRoundedRect(ring.adjusted(2, 2, -2, -2), 2, 2)
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(palette.line), 3))
        painter.drawEllipse(ring)
        painter.setPen(QPen(QColor(palette.text), 3))
        painter.drawArc(ring, 90 * 16, -int(self.progress * 360 * 16))

    def _let_go(self) -> None:
        if self._held_since is not None:
            self._held_since = None
            self._describe()

    def _disarm(self) -> None:
        self._armed_at = None
        self._describe()

    def _describe(self) -> None:
        name = self.name()
        if self._scope is not None:
            self._tell(name, self.tr("Hold for one second, or press it twice: {what}.").format(what=name))
            return
        words = self.tr(
            "Hold for one second, or press Ctrl+Shift+L twice: blocks entries, cancels every order and sells "
            "every position at market."
        )
        plan = self._preview
        if plan is not None:
            figures = self.tr("Now: {cancels}, {sales}; 95 of 100 times within {seconds} s.")
            words += " " + figures.format(
                cancels=counted("to cancel", plan.cancels),
                sales=counted("sales", plan.orders),
                seconds=f"{plan.p95_s:.1f}",
            )
        if plan is not None and plan.unsellable:
            markets = ", ".join(emergency_words.unsellable(one) for one in plan.unsellable)
            words += " " + self.tr("Not sellable now: {markets}.").format(markets=markets)
        self._tell(name, words)

    def _tell(self, name: str, words: str) -> None:
        spoken = f"{name}: {self.hint()}"
        set_description(self, words)
        set_tip(self, words)
        if spoken != self.accessibleName():
            self.setAccessibleName(spoken)
            self.update()
