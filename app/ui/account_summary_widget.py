"""Left column: what the account is worth, what it earned today, and how much of the limits is used."""

from decimal import Decimal

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.domain.limits import TradingLimits
from app.domain.loss import LossLimit, LossMarked
from app.domain.messages import AccountMarked
from app.domain.money import ZERO
from app.ui.charts.spark_line import SparkLine
from app.ui.formats import arrow, krw, percent, signed_krw
from app.ui.gauge import Gauge
from app.ui.panel import Panel, label, set_role, set_words
from app.ui.ui_feed import UiFeed

SPARK_FROM, TEXT_FROM, NAME_FROM, COUNT_FROM = 392, 336, 314, 289


class AccountSummaryWidget(Panel):
    """Shows the newest AccountMarked. In a low window the spark line goes first, then words that repeat themselves."""

    def __init__(self, limits: TradingLimits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits = limits
        self._feed: UiFeed | None = None
        self.equity_name = label("dim", size=12)
        self.equity = label(size=24, bold=True, figures=True)
        self.day = label("dim", size=13, figures=True)
        self.spark = SparkLine(self)
        self.spark.setMinimumHeight(32)
        self.names = [label("dim", size=12) for _ in range(4)]
        self.values = [label(size=14, bold=True, figures=True) for _ in range(4)]
        self.total_loss = Gauge(self)
        self.daily_loss = Gauge(self)
        self.positions = Gauge(self)
        self.activity = label("dim", size=12, figures=True)
        self.setMinimumWidth(212)
        self._arrange()
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow the account from now on."""
        self._feed = feed
        feed.account_marked.connect(self.show_account)
        feed.loss_marked.connect(lambda _: self._show_again())
        self._show_again()

    def show_account(self, account: AccountMarked) -> None:
        """Show these figures; before the account was compared with the venue they are marked as not confirmed."""
        set_words(self.equity, f"₩ {krw(account.equity)}")
        day = f"{signed_krw(account.day_profit)} ({percent(account.day_profit_ratio)})"
        set_words(self.day, self.tr("{profit} today").format(profit=f"{arrow(account.day_profit)} {day}".strip()))
        set_role(self.day, _role(account.day_profit))
        shown = (account.cash_free, account.unrealised, account.realised_today)
        texts = [krw(shown[0]), signed_krw(shown[1]), signed_krw(shown[2])]
        for value, text in zip(self.values, [*texts, percent(account.exposure_ratio, 1, signed=False)], strict=True):
            set_words(value, text)
        set_role(self.values[1], _role(account.unrealised))
        set_role(self.values[2], _role(account.realised_today))
        self._show_gauges(account)
        set_words(self.note, "" if account.reconciled else self.tr("not confirmed by the venue"))
        set_role(self.note, "dim" if account.reconciled else "warning")
        if self._feed is not None and self.spark.isVisible():
            self.spark.set_values(self._feed.model.equity_trail.values)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.spark.setVisible(self.height() >= SPARK_FROM)
        self.activity.setVisible(self.height() >= TEXT_FROM)
        self.equity_name.setVisible(self.height() >= NAME_FROM)
        self.positions.setVisible(self.height() >= COUNT_FROM)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self._show_again()
        super().changeEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(212, 258)

    def _show_gauges(self, account: AccountMarked) -> None:
        losses = None if self._feed is None else self._feed.model.losses
        for gauge, share, limit in (
            (self.total_loss, account.total_loss_used, LossLimit.TOTAL),
            (self.daily_loss, account.daily_loss_used, LossLimit.DAILY),
        ):
            gauge.show_share(float(share), self._loss_words(share, limit, losses))
        most = self._limits.max_positions
        self.positions.show_share(account.positions / most, f"{account.positions} / {most}")
        words = self.tr("{trades} trades today · {orders} working orders")
        set_words(self.activity, words.format(trades=account.trades_today, orders=account.working_orders))

    def _loss_words(self, share: Decimal, limit: LossLimit, losses: LossMarked | None) -> str:
        if losses is not None and limit in losses.latched:
            return self.tr("reached, entries off")
        if losses is not None and losses.unknown:
            return self.tr("not known now")
        return self.tr("{share} used").format(share=percent(share, 0, signed=False))

    def _show_again(self) -> None:
        if self._feed is not None and self._feed.account is not None:
            self.show_account(self._feed.account)
        else:
            for value in (self.equity, *self.values):
                set_words(value, "–")
            set_words(self.day, self.tr("waiting for the account"))

    def _arrange(self) -> None:
        figures = QGridLayout()
        figures.setHorizontalSpacing(12)
        for number, (name, value) in enumerate(zip(self.names, self.values, strict=True)):
            row, column = divmod(number, 2)
            figures.addWidget(name, row * 3, column)
            figures.addWidget(value, row * 3 + 1, column)
        figures.setVerticalSpacing(1)
        figures.setRowMinimumHeight(2, 8)
        figures.setColumnStretch(0, 1)
        figures.setColumnStretch(1, 1)
        column_box = QVBoxLayout()
        column_box.setContentsMargins(12, 8, 12, 10)
        column_box.setSpacing(4)
        parts: list[QLabel] = [self.equity_name, self.equity, self.day]
        for part in parts:
            column_box.addWidget(part)
        column_box.addWidget(self.spark, 3)
        column_box.addLayout(figures)
        column_box.addStretch(1)
        column_box.addSpacing(4)
        for gauge in (self.total_loss, self.daily_loss, self.positions):
            column_box.addWidget(gauge)
        column_box.addWidget(self.activity)
        self.body.addLayout(column_box)

    def _translate(self) -> None:
        self.set_title(self.tr("Account"), self.note.text())
        self.equity_name.setText(self.tr("Total equity"))
        words = (self.tr("Free cash"), self.tr("Unrealised"), self.tr("Realised today"), self.tr("Exposure"))
        for name, word in zip(self.names, words, strict=True):
            name.setText(word)
        total, daily = (percent(-ratio, 1) for ratio in (self._limits.total_loss_ratio, self._limits.daily_loss_ratio))
        self.total_loss.set_name(self.tr("Total loss limit {limit}").format(limit=total))
        self.daily_loss.set_name(self.tr("Daily loss limit {limit}").format(limit=daily))
        self.positions.set_name(self.tr("Positions"))


def _role(profit: Decimal) -> str:
    if not profit:
        return ""
    return "up" if profit > ZERO else "down"
