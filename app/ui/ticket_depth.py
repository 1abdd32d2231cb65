"""Live spread and depth of the ticket's market, and the largest size that stays within the slippage tolerance."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.limits import TradingLimits
from app.domain.money import MONEY_CONTEXT, ZERO
from app.domain.price_age import PriceAge, price_age
from app.domain.slippage import DepthMarked, SlippagePolicy
from app.domain.values import Side
from app.engine.slippage_estimator import DEPTH_RATIOS, max_volume_within
from app.ui.formats import NONE, krw, percent, volume
from app.ui.panel import label, set_role, set_tip, set_words
from app.ui.read_model import ReadModel
from app.ui.ticket_form import TicketForm
from app.ui.ticket_room import position_in


@dataclass(frozen=True, slots=True)
class Room:
    """Most that can be taken now: ``volume`` units for ``funds`` (quote currency, fee not included).

    ``percent`` is the tolerance it keeps: that of the position's strategy, or the usual one.
    """

    percent: Decimal
    volume: Decimal
    funds: Decimal


def room_within(form: TicketForm, model: ReadModel, limits: TradingLimits, now: datetime) -> Room | None:
    """The largest size whose estimate the gate accepts; None while there is no fresh book."""
    market = form.market
    book = None if market is None else model.books.get(market)
    rules = None if market is None else model.constraints.get(market)
    if market is None or book is None or rules is None:
        return None
    if price_age(book.received_at, now, limits.stale_price_s) is PriceAge.STALE:
        return None
    position, depth = position_in(market, model), model.depths.get(market)
    policy = SlippagePolicy() if position is None else position.blueprint.slippage
    bias = ZERO if depth is None else depth.bias.decisive
    units, funds = max_volume_within(book, form.side, MONEY_CONTEXT.subtract(policy.max_ratio, bias), rules)
    return Room(policy.max_percent, units, funds)


class TicketDepth(QWidget):
    """Spread and the money that stands within a distance from the middle; ``fill_wanted`` brings the size as text."""

    fill_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room: Room | None = None
        self._by_money = False
        self.names = [label("dim", size=11) for _ in range(1 + len(DEPTH_RATIOS))]
        self.values = [label(size=12, figures=True) for _ in self.names]
        self.most = label("dim", size=12, figures=True)
        self.fill_button = QPushButton(self)
        self.fill_button.setObjectName("ticket_fill_within")
        self.fill_button.setAutoDefault(False)
        self.fill_button.clicked.connect(self._fill)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        for column, (name, value) in enumerate(zip(self.names, self.values, strict=True)):
            grid.addWidget(name, 0, column)
            grid.addWidget(value, 1, column)
            grid.setColumnStretch(column, 1 if column else 0)
            grid.setColumnMinimumWidth(column, 96 if column else 64)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.most, 1)
        row.addWidget(self.fill_button)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(0, 0, 0, 0)
        column_box.setSpacing(4)
        column_box.addLayout(grid)
        column_box.addLayout(row)
        self._translate()

    def show_market(self, form: TicketForm, depth: DepthMarked | None, room: Room | None) -> None:
        """Show the figures of the form's market; without a fresh book the last ones turn grey."""
        self._room, self._by_money = room, form.by_money
        spread = None if depth is None else depth.spread
        set_words(self.values[0], percent(spread, 3, signed=False))
        within = {} if depth is None else {one.ratio: one for one in depth.within}
        for ratio, value in zip(DEPTH_RATIOS, self.values[1:], strict=True):
            one = within.get(ratio)
            amount = None if one is None else one.asks if form.side is Side.BUY else one.bids
            set_words(value, NONE if amount is None else f"₩{krw(amount)}")
        for value in self.values:
            set_role(value, "" if room is not None else "stale")
        self._show_most()
        self.fill_button.setEnabled(bool(self.size_text()))
        self.fill_button.setVisible(form.amends is None)

    def size_text(self) -> str:
        """The size as it is typed into the field; empty when nothing can be taken."""
        if self._room is None or self._room.volume <= ZERO:
            return ""
        return krw(self._room.funds // 1) if self._by_money else f"{self._room.volume.normalize():f}"

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _fill(self) -> None:
        text = self.size_text()
        if text:
            self.fill_wanted.emit(text)

    def _show_most(self) -> None:
        room = self._room
        if room is None:
            set_words(self.most, self.tr("No fresh book: the depth is not known."))
            set_tip(self.most, "")
            return
        size = f"₩{krw(room.funds // 1)}" if self._by_money else volume(room.volume)
        words = self.tr("Most within {percent}% slippage: {size}")
        set_words(self.most, words.format(percent=f"{room.percent.normalize():f}", size=size))
        set_tip(self.most, self.tr("By the book as it is now, less what earlier orders here cost beyond the estimate"))

    def _translate(self) -> None:
        words = [self.tr("Spread"), *(self.tr("Within {distance}") for _ in DEPTH_RATIOS)]
        distances = [f"{ratio * 100:f}".rstrip("0").rstrip(".") + "%" for ratio in DEPTH_RATIOS]
        for name, value, word, distance in zip(self.names, self.values, words, ["", *distances], strict=True):
            name.setText(word.format(distance=distance))
            value.setAccessibleName(name.text())
            name.setToolTip(
                self.tr("Money offered no farther than this from the middle of the spread") if distance else ""
            )
        self.fill_button.setText(self.tr("Take this"))
        self.fill_button.setToolTip(self.tr("Put this size into the field"))
        self._show_most()
