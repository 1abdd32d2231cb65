"""The window: top strip, notices, dashboard, status line; commands, language, theme and what is remembered."""

import logging

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from app.domain.commands import LiquidateAll, ReconcileNow, SetTradingState
from app.domain.emergency import EmergencyScope
from app.domain.values import TradingMode, TradingState
from app.ui.activity.log_handler import UiLogHandler
from app.ui.activity.why_dialog import WhyDialog
from app.ui.alerts.alert_center import AlertCenter
from app.ui.archive_door import ArchiveDoor
from app.ui.ask_dialog import AskDialog
from app.ui.closing import asks_before_closing, closing_question, halt_question
from app.ui.command_palette import CommandPalette
from app.ui.commands import add_commands
from app.ui.dashboard_widget import DashboardWidget
from app.ui.drill_dialog import DrillDialog
from app.ui.first_run_dialog import FirstRunDialog
from app.ui.flow.order_flow_dialog import OrderFlowDialog
from app.ui.halt_banner import HaltBanner
from app.ui.icons import ICON_FOLDER
from app.ui.info_dialogs import AboutDialog, ShortcutsDialog
from app.ui.key_dialog import KeyDialog
from app.ui.languages import languages, system_language
from app.ui.limits_dialog import LimitsDialog
from app.ui.liquidation_panel import LiquidationPanel
from app.ui.mode_badge import mode_name
from app.ui.mode_dialog import ModeDialog
from app.ui.notice_bar import NoticeBar
from app.ui.notices import Notices
from app.ui.order_ticket import OrderTicket
from app.ui.password_dialog import PasswordDialog
from app.ui.preferences import Preferences
from app.ui.promotion_dialog import PromotionDialog
from app.ui.run_history_dialog import RunHistoryDialog
from app.ui.scope_dialog import ScopeDialog
from app.ui.services import UiServices
from app.ui.shortcuts import ShortcutRegistry
from app.ui.status_line import StatusLine
from app.ui.theme import apply_theme, theme
from app.ui.top_strip import TopStrip
from app.ui.ui_feed import UiFeed
from app.ui.unlock_dialog import UnlockDialog

_log = logging.getLogger(__name__)
KEEP_LAYOUT_MS = 2_000
EDGE = 16


class MainWindow(QMainWindow):
    """``close_requested``: the user wants to leave; the program then ends in its own order and calls ``finish``."""

    close_requested = Signal()

    def __init__(
        self, services: UiServices, log_handler: UiLogHandler | None = None, feed: UiFeed | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.services = services
        self.preferences = Preferences(services.profile)
        theme().korean_colours = self.preferences.korean_colours
        theme().set(self.preferences.theme)
        languages().set(self.preferences.language or system_language())
        self.feed = UiFeed(services.bus, self) if feed is None else feed
        self.feed.model.stale_price_s = services.limits.stale_price_s
        self.top = TopStrip(services.mode, services.loop_lag_ms, self)
        self.notice_bar = NoticeBar(self)
        self.halt_banner = HaltBanner(self)
        self.dashboard = DashboardWidget(services, self)
        self.status = StatusLine(services.mode, services.storage_name, services.loop_lag_ms, services.queue_depth, self)
        self.liquidation = LiquidationPanel(self)
        self.notices = Notices(self.notice_bar, services, self)
        self.registry = ShortcutRegistry(self)
        self.palette_dialog = CommandPalette(
            self.registry, lambda: self.feed.infos.values(), lambda market: self.feed.select(market), self
        )
        self.shortcuts_dialog = ShortcutsDialog(self.registry, self)
        self.limits_dialog = LimitsDialog(self)
        self.order_flow = OrderFlowDialog(services.post, services.new_command_id, self)
        self.ticket = OrderTicket(services.post, services.new_command_id, services.limits, self)
        self.why_dialog = WhyDialog(ArchiveDoor(services.archive, services.spawn), self)
        self.alert_center = AlertCenter(services.alerts, services.spawn, self)
        self.about_dialog = AboutDialog(self)
        self.unlock_dialog = UnlockDialog(services.halt, services.spawn, self.reconcile, self)
        self.password_dialog = PasswordDialog(services.halt, services.spawn, self)
        self.halt_dialog = AskDialog("halt_dialog", self)
        self.closing_dialog = AskDialog("closing_dialog", self)
        self.scope_dialog = ScopeDialog(services.sell_first, self)
        self.run_history = RunHistoryDialog(self)
        self.drill_dialog = DrillDialog(services.start_drill, self)
        self.first_run = FirstRunDialog(self)
        self.mode_dialog = ModeDialog(services.mode, self)
        self.key_dialog = KeyDialog(services.keys, services.spawn, self)
        asked, spawn = services.promotion, services.spawn
        self.promotion = PromotionDialog(services.mode, services.blueprints, asked, spawn, services.post, self)
        #: The mode the program shall be started in again once it has ended.
        self.next_mode: TradingMode | None = None
        self._finishing = False
        self._arrange()
        add_commands(self)
        self._connect()
        self._bind(log_handler)
        self._restore()
        self._translate()

    def start(self) -> None:
        """Show the window; on the first start the language is asked for."""
        self.show()
        self.dashboard.positions.view.setFocus()
        if not self.preferences.language:
            self.first_run.show()

    def liquidate_all(self) -> None:
        """What the emergency control does."""
        self.liquidate(EmergencyScope(first=self.services.sell_first))

    def liquidate(self, scope: EmergencyScope) -> None:
        """A press that reaches so far."""
        self.services.post(LiquidateAll(self.services.new_command_id(), scope))

    def disable_entries(self) -> None:
        """Ask the engine to let no entry leave; exits go on."""
        self.services.post(SetTradingState(TradingState.DISABLED, "turned off on the screen"))

    def halt(self) -> None:
        """Ask once more, then halt; no password is needed for that."""
        if self.feed.trading_state is not TradingState.HALTED:
            self.halt_dialog.ask(halt_question, self._halt_now)

    def reconcile(self) -> None:
        """Ask for a comparison with the venue."""
        self.services.post(ReconcileNow("asked for on the screen"))

    def show_shortcuts(self) -> None:
        """Show every command with its keys."""
        self.shortcuts_dialog.refresh()
        self.shortcuts_dialog.show()

    def start_again(self, mode: TradingMode) -> None:
        """End in order; the program then starts again in ``mode``."""
        self.next_mode = mode
        self.close()

    def use_language(self, name: str) -> None:
        """Switch the language and remember it."""
        languages().set(name)
        self.preferences.language = languages().name

    def toggle_language(self) -> None:
        """The other language."""
        languages().toggle()
        self.preferences.language = languages().name

    def toggle_theme(self) -> None:
        """Dark or light."""
        theme().toggle()
        self.preferences.theme = theme().name

    def toggle_colours(self) -> None:
        """Red up and blue down, or green up and red down."""
        theme().korean_colours = not theme().korean_colours
        self.preferences.korean_colours = theme().korean_colours

    def reset_layout(self) -> None:
        """Back to the layout of the first start."""
        self.preferences.forget_layout()
        self.dashboard.reset_layout()

    def keep_layout(self) -> None:
        """Write geometry and splitters to the profile."""
        self.preferences.keep_layout("window", self.saveGeometry())
        for name, state in self.dashboard.layouts().items():
            self.preferences.keep_layout(name, state)
        self.preferences.write()

    def finish(self) -> None:
        """The program has ended in order: remember the layout and close for good."""
        self._finishing = True
        self.keep_layout()
        self.feed.close()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._finishing:
            event.accept()
        else:
            event.ignore()
            if asks_before_closing(self.feed.model) and not self.closing_dialog.isVisible():
                self.closing_dialog.ask(lambda: closing_question(self.feed.model), self.close_requested.emit)
            else:
                self.close_requested.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_overlay()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.liquidation and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place_overlay()
        return False

    def _arrange(self) -> None:
        notices = QVBoxLayout()
        notices.setContentsMargins(8, 0, 8, 0)
        notices.addWidget(self.halt_banner)
        notices.addWidget(self.notice_bar)
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addLayout(notices)
        column.addWidget(self.dashboard, 1)
        column.addWidget(self.status)
        self.setCentralWidget(whole)
        self.setMinimumSize(1180, 680)
        self.resize(1600, 960)
        self.liquidation.setParent(whole)
        self.liquidation.installEventFilter(self)

    def _connect(self) -> None:
        self.top.emergency.triggered.connect(self.liquidate_all)
        self.top.halt_button.clicked.connect(self.halt)
        self.halt_banner.leave_wanted.connect(self.unlock_dialog.open_fresh)
        self.scope_dialog.triggered.connect(self.liquidate)
        self.dashboard.card.scope_wanted.connect(self.scope_dialog.open_fresh)
        self.dashboard.card.history_wanted.connect(self.run_history.show)
        self.run_history.drill_wanted.connect(self.drill_dialog.show)
        self.top.theme_button.clicked.connect(self.toggle_theme)
        self.top.language_button.clicked.connect(self.toggle_language)
        self.top.palette_button.clicked.connect(self.palette_dialog.open_fresh)
        self.first_run.language_chosen.connect(self.use_language)
        self.first_run.finished.connect(lambda _: self.use_language(languages().name))
        self.mode_dialog.mode_chosen.connect(self.start_again)
        self.feed.promotion_overridden.connect(lambda _: self._translate())
        theme().changed.connect(self._restyle)
        self.top.alert_button.clicked.connect(self.alert_center.show_notices)
        self.status.flow_wanted.connect(self.order_flow.show_flow)
        self.status.latency_wanted.connect(self.order_flow.show_latency)
        board = self.dashboard
        board.order_button.clicked.connect(lambda: self.ticket.open_fresh())
        board.instructions.amend_wanted.connect(self.ticket.open_amend)
        for table in (board.orders, board.fills):
            table.why_wanted.connect(self.why_dialog.ask)
        self._layout_timer = QTimer(self)
        self._layout_timer.setSingleShot(True)
        self._layout_timer.setInterval(KEEP_LAYOUT_MS)
        self._layout_timer.timeout.connect(self.keep_layout)
        self.dashboard.layout_changed.connect(self._layout_timer.start)

    def _bind(self, log_handler: UiLogHandler | None) -> None:
        if log_handler is not None:
            self.dashboard.log.bind(log_handler)
        dialogs = (
            *(self.limits_dialog, self.order_flow, self.ticket, self.alert_center),
            *(self.scope_dialog, self.run_history, self.drill_dialog, self.unlock_dialog, self.halt_banner),
            *(self.mode_dialog, self.promotion, self.password_dialog),
        )
        for part in (self.top, self.dashboard, self.status, self.liquidation, self.notices, *dialogs):
            part.bind(self.feed)
        self.feed.markets_listed.connect(self._choose_market)
        self.feed.replay(self.services.recovered)
        live = self.feed.model.live_positions()
        if live:
            self.feed.select(live[0].market, live[0].position_id)

    def _halt_now(self) -> None:
        self.services.post(SetTradingState(TradingState.HALTED, "halted on the screen"))

    def _choose_market(self, listed: object) -> None:
        """Show the first market as soon as there is one, so that the chart is not empty."""
        if self.feed.market is None and self.feed.infos:
            self.feed.select(next(iter(self.feed.infos)))

    def _restore(self) -> None:
        geometry = self.preferences.layout("window")
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        names = self.dashboard.layouts()
        self.dashboard.restore_layouts({name: self.preferences.layout(name) for name in names})

    def _place_overlay(self) -> None:
        left = self.width() - self.liquidation.width() - EDGE
        self.liquidation.move(max(left, 0), self.top.height() + EDGE)

    def _restyle(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app)

    def _translate(self) -> None:
        title = f"{self.tr('Gwanje: trading terminal')} · {mode_name(self.services.mode)}"
        past = ", ".join(override.label for override in self.feed.model.overrides.values())
        if past and self.services.mode is TradingMode.LIVE:
            title += " · " + self.tr("GATE OVERRIDDEN: {names}").format(names=past)
        self.setWindowTitle(title)


def icon_file() -> str:
    """Picture of the program for window and task bar."""
    return str(ICON_FOLDER / "gwanje.svg")
