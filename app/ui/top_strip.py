"""The strip at the top: who we are, whose money it is, how the venue is, what time it is, and the stop button."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from app.domain.messages import AccountMarked, VenueStatus
from app.domain.money import ZERO
from app.domain.values import TradingMode, TradingState
from app.ui import wording
from app.ui.emergency_control import EmergencyControl
from app.ui.formats import age, clock, date_clock, krw, percent, signed_krw
from app.ui.icons import icon
from app.ui.lamp import Lamp
from app.ui.languages import languages
from app.ui.mode_badge import ModeBadge
from app.ui.panel import label, set_role, set_words
from app.ui.theme import theme
from app.ui.ui_feed import UiFeed

MONEY_FROM, DATE_FROM = 1480, 1400
STALE_MARKET_S, DEAD_MARKET_S = 2.0, 10.0
SLOW_ORDER_MS = 500.0
SLOW_LOOP_MS, BLOCKED_LOOP_MS = 20.0, 100.0
_STATE_ROLES = {TradingState.ENABLED: "good", TradingState.DISABLED: "dim", TradingState.REDUCING: "warning"}


class TopStrip(QFrame):
    """Fixed in height and order; what does not fit goes, the emergency control never does."""

    def __init__(self, mode: TradingMode, loop_lag_ms: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "strip")
        self.setFixedHeight(52)
        self._loop_lag_ms = loop_lag_ms
        self._feed: UiFeed | None = None
        self.name = label(size=17, bold=True)
        self.name.setText("관제")
        self.latin = label("dim", size=14)
        self.latin.setText("Gwanje")
        self.badge = ModeBadge(mode)
        self.state = label(size=12)
        self.state.setObjectName("trading_state")
        self.market_lamp, self.order_lamp, self.loop_lamp = (Lamp("", self) for _ in range(3))
        self.money = label(size=13, bold=True, figures=True)
        self.profit = label(size=13, figures=True)
        self.time = label("dim", size=13, figures=True)
        self.palette_button = QPushButton(self)
        self.palette_button.setObjectName("command_palette")
        self.halt_button = self._tool("halt_button")
        self.theme_button = self._tool("theme_toggle")
        self.language_button = self._tool("language_toggle")
        self.alert_button = QPushButton(self)
        self.alert_button.setObjectName("open_notices")
        self.alert_button.setProperty("kind", "danger")
        self.alert_button.setFixedHeight(30)
        self.alert_button.hide()
        self.menu_button = self._tool("menu_button")
        self.emergency = EmergencyControl(self)
        self._arrange()
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)
        theme().changed.connect(self._restyle)
        self._restyle()
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow the account, the venue and the trading state from now on."""
        self._feed = feed
        feed.account_marked.connect(self._show_account)
        feed.venue_status.connect(lambda _: self._show_venues())
        feed.trading_state_changed.connect(lambda _: self._show_state())
        feed.notices_changed.connect(lambda _: self._show_alerts())
        self.emergency.bind(feed)
        self._show_alerts()
        self._timer.start()
        self._show_state()
        self.tick()

    def tick(self) -> None:
        """Show clock and ages; called every second."""
        if self._feed is None:
            return
        now = self._feed.clock()
        set_words(self.time, date_clock(now) if self.width() >= DATE_FROM else f"{clock(now)} KST")
        self._show_venues()
        lag = self._loop_lag_ms()
        role = "danger" if lag >= BLOCKED_LOOP_MS else "warning" if lag >= SLOW_LOOP_MS else "good"
        tip = self.tr("Delay of the event loop, 99 of 100 turns: {lag} ms").format(lag=f"{lag:.1f}")
        self.loop_lamp.show_state(role, self.tr("loop {lag} ms").format(lag=f"{lag:.0f}"), tip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= MONEY_FROM
        self.money.setVisible(wide)
        self.profit.setVisible(wide)
        self.latin.setVisible(self.width() >= DATE_FROM)
        self._show_alerts()
        self.tick()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self._show_alerts()
            self._show_state()
            self.tick()
        super().changeEvent(event)

    def _show_account(self, account: AccountMarked) -> None:
        set_words(self.money, f"₩ {krw(account.equity)}")
        set_words(self.profit, f"{signed_krw(account.day_profit)} ({percent(account.day_profit_ratio)})")
        profit = account.day_profit
        set_role(self.profit, "dim" if not profit else "up" if profit > ZERO else "down")

    def _show_alerts(self) -> None:
        """How many critical notices nobody has acknowledged; nothing when there is none."""
        notices = [] if self._feed is None else self._feed.model.notices.values()
        waiting = sum(notice.is_open for notice in notices)
        self.alert_button.setVisible(waiting > 0)
        # A narrow strip has no room for both; the emergency control keeps its own.
        self.palette_button.setVisible(not waiting or self.width() >= DATE_FROM)
        self.alert_button.setText(f"{waiting:,}")
        words = self.tr("{count} critical notices wait to be acknowledged").format(count=waiting)
        self.alert_button.setToolTip(words)
        self.alert_button.setAccessibleName(words)

    def _show_state(self) -> None:
        state = TradingState.DISABLED if self._feed is None else self._feed.trading_state
        set_words(self.state, wording.trading_state(state))
        set_role(self.state, _STATE_ROLES.get(state, "danger"))
        self.halt_button.setEnabled(state is not TradingState.HALTED)

    def _show_venues(self) -> None:
        if self._feed is not None:
            self._show_venue(next(iter(self._feed.model.statuses.values()), None))

    def _show_venue(self, status: VenueStatus | None) -> None:
        if status is None or self._feed is None:
            tip = self.tr("No word from the venue yet")
            self.market_lamp.show_state("faint", self.tr("quotes –"), tip)
            self.order_lamp.show_state("faint", self.tr("orders –"), tip)
            return
        now = self._feed.clock()
        old = None if status.last_market_at is None else (now - status.last_market_at).total_seconds()
        role = "good"
        if not status.public_up or old is None or old >= DEAD_MARKET_S:
            role = "danger"
        elif old >= STALE_MARKET_S:
            role = "warning"
        up = self.tr("connected") if status.public_up else self.tr("not connected")
        tip = self.tr("{venue} market data: {state}, newest {age} ago")
        tip = tip.format(venue=status.venue, state=up, age=age(old))
        self.market_lamp.show_state(role, self.tr("quotes {age}").format(age=age(old)), tip)
        latency = status.order_latency_ms
        role = "good" if latency is None or latency < SLOW_ORDER_MS else "warning"
        role = role if status.private_up else "danger"
        words = age(None if latency is None else latency / 1000)
        up = self.tr("connected") if status.private_up else self.tr("not connected")
        tip = self.tr("{venue} account: {state}, last order answered in {age}")
        tip = tip.format(venue=status.venue, state=up, age=words)
        self.order_lamp.show_state(role, self.tr("orders {age}").format(age=words), tip)

    def _tool(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setFixedSize(30, 30)
        button.setIconSize(QSize(17, 17))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(10)
        names = QHBoxLayout()
        names.setSpacing(6)
        names.addWidget(self.name)
        names.addWidget(self.latin)
        row.addLayout(names)
        lamps = (self.badge, self.state, self.market_lamp, self.order_lamp, self.loop_lamp)
        for part in lamps:
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.money)
        row.addWidget(self.profit)
        row.addStretch(1)
        row.addWidget(self.time)
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for tool in (self.halt_button, self.language_button, self.theme_button, self.menu_button):
            tools.addWidget(tool)
        row.addWidget(self.alert_button)
        row.addLayout(tools)
        row.addWidget(self.palette_button)
        row.addWidget(self.emergency)

    def _restyle(self) -> None:
        palette = theme().palette
        self.halt_button.setIcon(icon("hand", palette.danger))
        self.theme_button.setIcon(icon("sun" if palette.is_dark else "moon", palette.dim))
        self.language_button.setIcon(icon("languages", palette.dim))
        self.menu_button.setIcon(icon("settings", palette.dim))
        self.alert_button.setIcon(icon("bell", palette.danger))

    def _translate(self) -> None:
        self.badge.show_mode()
        self.palette_button.setText(self.tr("Ctrl K  Commands"))
        for button, words in (
            (self.halt_button, self.tr("Halt trading: no entry leaves until a password opens it")),
            (self.theme_button, self.tr("Dark or light")),
            (self.language_button, self.tr("Language: {name}").format(name=languages().name)),
            (self.menu_button, self.tr("Menu")),
            (self.palette_button, self.tr("Command palette: find every command")),
        ):
            button.setToolTip(words)
            button.setAccessibleName(words)
        for lamp, sample in (
            (self.market_lamp, self.tr("quotes {age}").format(age="000 ms")),
            (self.order_lamp, self.tr("orders {age}").format(age="000 ms")),
            (self.loop_lamp, self.tr("loop {lag} ms").format(lag="00")),
        ):
            lamp.set_sample(sample)
