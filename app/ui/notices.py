"""Which events become a notice above the dashboard, and when the notice goes away by itself."""

from PySide6.QtCore import QObject, QTimer

from app.domain.alert import NoticeChanged
from app.domain.commands import SetTradingState
from app.domain.messages import AlertRaised, CommandRefused, StreamStateChanged, TradingStateChanged
from app.domain.values import TradingState
from app.ui import wording
from app.ui.alerts.notice_words import notice_text, notice_title
from app.ui.notice_bar import Notice, NoticeBar
from app.ui.problem_words import alert_detail, refused
from app.ui.services import UiServices
from app.ui.ui_feed import UiFeed

#: The answer to a click needs to be read once only.
REFUSAL_MS = 8_000
ENTRIES_OFF = "entries_off"


class Notices(QObject):
    """An unclean end before this run is told first, with the button that lets entries go on."""

    def __init__(self, bar: NoticeBar, services: UiServices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar = bar
        self._services = services
        self._feed: UiFeed | None = None
        if not services.clean_start:
            self._tell_unclean()

    def bind(self, feed: UiFeed) -> None:
        """Follow alerts, refusals, streams and the trading state from now on."""
        self._feed = feed
        feed.alert_raised.connect(self._alert)
        feed.command_refused.connect(self._refused)
        feed.stream_changed.connect(self._stream)
        feed.trading_state_changed.connect(self._state)
        self._withdraw_when_halted(feed.trading_state)
        feed.notices_changed.connect(self._notice)
        self._bar.dismissed.connect(self._acknowledge)

    def enable_entries(self) -> None:
        """Ask the engine to allow entries."""
        self._services.post(SetTradingState(TradingState.ENABLED, "enabled on the screen"))

    def _tell_unclean(self) -> None:
        self._bar.tell(
            Notice(
                ENTRIES_OFF,
                lambda: self.tr(
                    "The last run did not end properly. Positions and orders are compared with the venue, exits go "
                    "on; entries stay off until you enable them."
                ),
                action_name=lambda: self.tr("Enable entries"),
                action=self.enable_entries,
            )
        )

    def _alert(self, event: AlertRaised) -> None:
        if event.key == "unclean_end":
            self._tell_unclean()
            return
        self._bar.tell(Notice(event.key, lambda: f"{wording.alert(event.key)}: {alert_detail(event)}", event.critical))

    def _notice(self, event: NoticeChanged) -> None:
        """Acknowledged somewhere else; or open since an earlier run, and so not told by an alert of this one."""
        notice = event.notice
        if not notice.is_open:
            self._bar.withdraw(notice.key)
        elif event.trigger == "recovered":
            words = f"{notice_title(notice)}: {notice_text(notice)}"
            self._bar.tell(Notice(notice.key, lambda: words, critical=True))

    def _acknowledge(self, key: str) -> None:
        """Reading the line above the dashboard is an acknowledgement too."""
        notices = [] if self._feed is None else list(self._feed.model.notices.values())
        for notice in notices:
            if notice.is_open and notice.key == key:
                self._services.alerts.acknowledge(notice.notice_id)

    def _refused(self, event: CommandRefused) -> None:
        if event.command in ("StartStrategy", "AskUnlock", "ChangeKillPassword"):
            return  # said where the click was
        key = f"refused {event.command}"
        self._bar.tell(Notice(key, lambda: refused(event.refusal)))
        QTimer.singleShot(REFUSAL_MS, self, lambda: self._bar.withdraw(key))

    def _stream(self, event: StreamStateChanged) -> None:
        key = f"stream {event.venue} {event.stream}"
        if event.up:
            self._bar.withdraw(key)
            return
        self._bar.tell(Notice(key, lambda: self._stream_words(event)))

    def _stream_words(self, event: StreamStateChanged) -> str:
        if event.stream == "private":
            words = self.tr("{venue}: the account connection is lost and is being restored; no entry leaves now.")
        else:
            words = self.tr("{venue}: market data is lost and is being restored; prices on the screen are old.")
        return words.format(venue=event.venue)

    def _state(self, event: TradingStateChanged) -> None:
        self._withdraw_when_halted(event.after)
        if event.after is TradingState.ENABLED:
            self._bar.withdraw(ENTRIES_OFF)
            self._bar.withdraw("unclean_end")

    def _withdraw_when_halted(self, state: TradingState) -> None:
        """While halted entries cannot be enabled from here; the banner says what can be done."""
        if state is TradingState.HALTED:
            self._bar.withdraw(ENTRIES_OFF)
