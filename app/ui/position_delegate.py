"""Paints the cells of the position table from cached texts: no style engine and no model roles in between."""

from math import ceil

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPixmap,
    QPolygonF,
    QStaticText,
    QTransform,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.protection import Layer
from app.ui.charts.spark_line import spark_points
from app.ui.position_model import PositionModel
from app.ui.position_rows import COLUMNS, RIGHT, PositionColumn
from app.ui.read_model import ReadModel
from app.ui.theme import number_font, theme, ui_font

ROW_HEIGHT = 32
PADDING = 8
CHIP_HEIGHT = 19
#: Width and height of the shield that says what protects a position, and its distance from the words.
SHIELD, SHIELD_GAP = QSize(9, 11), 6
_SHIELD_ROLES = {Layer.NOTHING: "warning", Layer.PROGRAM: "dim", Layer.PARTLY_VENUE: "accent", Layer.VENUE: "accent"}
#: Laid out texts that are kept; figures that were shown once rarely come back.
KEEP_TEXTS = 2_000
KEEP_SPARKS = 200
_TREND, _STATE, _MARKET = (int(c) for c in (PositionColumn.TREND, PositionColumn.STATE, PositionColumn.MARKET))
_EXIT = int(PositionColumn.EXIT)
_IS_RIGHT = tuple(column in RIGHT for column in COLUMNS)
# Asking enum members costs more than painting a cell.
_SELECTED = QStyle.StateFlag.State_Selected.value
_PLAIN = Qt.TextFormat.PlainText
_ELIDE = Qt.TextElideMode.ElideRight
_ANTIALIASING = QPainter.RenderHint.Antialiasing
_IDENTITY = QTransform()


class _Script:
    """A font and the texts that were laid out with it."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetrics(font)
        self._texts: dict[tuple[str, int], tuple[QStaticText, float, float]] = {}

    def lay_out(self, text: str, room: int) -> tuple[QStaticText, float, float]:
        """The text, ready to be drawn, its width and its height; shortened to ``room`` when that is not negative."""
        found = self._texts.get((text, room))
        if found is None:
            if len(self._texts) >= KEEP_TEXTS:
                self._texts.clear()
            shown = text if room < 0 else self._metrics.elidedText(text, _ELIDE, room)
            ready = QStaticText(shown)
            ready.setTextFormat(_PLAIN)
            ready.prepare(_IDENTITY, self.font)
            size = ready.size()
            found = self._texts[text, room] = (ready, size.width(), size.height())
        return found


class PositionDelegate(QStyledItemDelegate):
    """``source`` gives the histories for the spark lines."""

    def __init__(self, model: PositionModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.source: ReadModel | None = None
        self._model = model
        self._colours: dict[str, QColor] = {}
        self._sparks: dict[str, tuple[tuple[object, ...], QPixmap]] = {}
        theme().changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Fonts and colours are made once per theme."""
        self._colours.clear()
        self._sparks.clear()
        plain, figures = _Script(ui_font(13)), _Script(number_font(13))
        strong = _Script(number_font(13, QFont.Weight.Medium))
        own = {
            PositionColumn.MARKET: _Script(ui_font(13, QFont.Weight.DemiBold)),
            PositionColumn.INVESTED: strong,
            PositionColumn.VALUE: strong,
            PositionColumn.STATE: _Script(ui_font(11, QFont.Weight.Medium)),
            PositionColumn.EXIT: figures,
        }
        self._scripts = tuple(own.get(column, figures if column in RIGHT else plain) for column in COLUMNS)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = self._model.rows[index.row()]
        column = index.column()
        rect: QRect = option.rect
        left, top, width, height = rect.left(), rect.top(), rect.width(), rect.height()
        selected = bool(option.state.value & _SELECTED)
        painter.fillRect(rect, self._colour("selection" if selected else "panel"))
        painter.fillRect(left, top + height - 1, width, 1, self._colour("line"))
        if selected and column == _MARKET:
            painter.fillRect(left, top, 3, height - 1, self._colour("accent"))
        left, width, height = left + PADDING, width - 2 * PADDING, height - 1
        role = row.roles[column]
        if column == _TREND:
            self._paint_trend(painter, QRect(left, top, width, height), row.position_id, role)
            return
        script = self._scripts[column]
        if column == _STATE:
            self._paint_chip(painter, QRect(left, top, width, height), row.texts[column], role, script)
            return
        if column == _EXIT and row.layer is not None:
            self._paint_shield(painter, left + width - SHIELD.width(), top + height // 2, row.layer)
            width -= SHIELD.width() + SHIELD_GAP
        right = _IS_RIGHT[column]
        ready, wide, high = script.lay_out(row.texts[column], -1 if right else width)
        painter.setFont(script.font)
        painter.setPen(self._colour(role))
        # Whole pixels: letters between two of them are blurred.
        x = left + width - ceil(wide) if right else left
        painter.drawStaticText(x, top + round((height - high) / 2), ready)

    def _paint_chip(self, painter: QPainter, box: QRect, text: str, role: str, script: _Script) -> None:
        ready, wide, high = script.lay_out(text, -1)
        chip = QRectF(box.left(), box.center().y() - CHIP_HEIGHT / 2 + 0.5, min(wide + 18, box.width()), CHIP_HEIGHT)
        painter.setRenderHint(_ANTIALIASING, True)
        painter.setPen(self._colour(role))
        painter.setBrush(self._colour(role, 28))
        painter.drawRoundedRect(chip, CHIP_HEIGHT / 2, CHIP_HEIGHT / 2)
        painter.setRenderHint(_ANTIALIASING, False)
        painter.setFont(script.font)
        place = chip.center()
        painter.drawStaticText(round(place.x() - wide / 2), round(place.y() - high / 2), ready)

    def _paint_shield(self, painter: QPainter, left: int, middle: int, layer: Layer) -> None:
        """Hollow: held by this program only. Half or whole: limit sales rest at the venue. Struck: nothing."""
        wide, high = SHIELD.width(), SHIELD.height()
        top = middle - high // 2
        shape = QPainterPath(QPointF(left, top + 1.5))
        shape.quadTo(left + wide * 0.3, top + 1.5, left + wide / 2, top)
        shape.quadTo(left + wide * 0.7, top + 1.5, left + wide, top + 1.5)
        shape.quadTo(left + wide, top + high * 0.72, left + wide / 2, top + high)
        shape.quadTo(left, top + high * 0.72, left, top + 1.5)
        painter.setRenderHint(_ANTIALIASING, True)
        painter.setPen(self._colour(_SHIELD_ROLES[layer]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)
        filled = {Layer.VENUE: wide, Layer.PARTLY_VENUE: wide / 2}.get(layer, 0)
        if filled:
            part = QPainterPath()
            part.addRect(QRectF(left, top, filled, high))
            painter.fillPath(shape.intersected(part), self._colour(_SHIELD_ROLES[layer]))
        elif layer is Layer.NOTHING:
            painter.drawLine(QPointF(left - 1, top + high), QPointF(left + wide + 1, top))
        painter.setRenderHint(_ANTIALIASING, False)

    def _paint_trend(self, painter: QPainter, box: QRect, position_id: str, role: str) -> None:
        trail = self.source.trails.get(position_id) if self.source is not None else None
        if trail is None or len(trail.values) < 2:
            return
        values = trail.values
        area = QRect(box.left(), box.top() + 5, min(box.width(), 96), box.height() - 10)
        low, high = min(values), max(values)
        ratio = painter.device().devicePixelRatioF()
        key = (trail.samples, low, high, area.width(), area.height(), role, ratio)
        known = self._sparks.get(position_id)
        if known is None or known[0] != key:
            if len(self._sparks) >= KEEP_SPARKS:
                self._sparks.clear()
            known = self._sparks[position_id] = (key, self._past(area, values, role, ratio))
        painter.drawPixmap(area.left(), area.top(), known[1])
        inner = QRectF(area).adjusted(1, 2, -1, -2)
        span = high - low
        shares = [(value - low) / span if span else 0.5 for value in values[-2:]]
        step = inner.width() / (len(values) - 1)
        painter.setRenderHint(_ANTIALIASING, True)
        painter.setPen(self._colour(role))
        painter.drawLine(
            QPointF(inner.right() - step, inner.bottom() - shares[0] * inner.height()),
            QPointF(inner.right(), inner.bottom() - shares[1] * inner.height()),
        )
        painter.setRenderHint(_ANTIALIASING, False)

    def _past(self, area: QRect, values: list[float], role: str, ratio: float) -> QPixmap:
        """The line up to the last sample: it stays while only the newest value moves."""
        picture = QPixmap(area.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        inner = QRectF(0, 0, area.width(), area.height()).adjusted(1, 2, -1, -2)
        painter.setRenderHint(_ANTIALIASING)
        painter.setPen(self._colour(role))
        painter.drawPolyline(QPolygonF(spark_points(inner, values)[:-1]))
        painter.end()
        return picture

    def _colour(self, role: str, alpha: int = 255) -> QColor:
        key = role if alpha == 255 else f"{role} {alpha}"
        found = self._colours.get(key)
        if found is None:
            found = self._colours[key] = QColor(getattr(theme().palette, role))
            found.setAlpha(alpha)
        return found
