"""Start a strategy: which one, where, with how much; and before the click, what it would do or what is in the way."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.blueprint import StrategyBlueprint
from app.domain.commands import SetTradingState, StartStrategy
from app.domain.limits import TradingLimits
from app.domain.messages import CommandRefused, Message
from app.domain.position import Position
from app.domain.price_age import PriceAge, price_age
from app.domain.values import Market, TradingState
from app.ui import wording
from app.ui.choice_box import ChoiceBox
from app.ui.figure_field import FigureField
from app.ui.formats import krw, percent
from app.ui.launch_check import LaunchCheck, LaunchField, LaunchForm, check_launch
from app.ui.market_box import MarketBox
from app.ui.panel import label, set_description, set_look, set_role, set_tip, set_words
from app.ui.problem_words import refused
from app.ui.ui_feed import UiFeed

PATIENCE_MS = 10_000
RECHECK_MS = 500


class StrategyLauncher(QWidget):
    """One click posts one StartStrategy; the button rests until the engine answers with a position or a refusal."""

    def __init__(
        self,
        post: Callable[[Message], None],
        new_command_id: Callable[[], str],
        blueprints: Sequence[StrategyBlueprint],
        limits: TradingLimits,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._post, self._new_id, self._limits = post, new_command_id, limits
        self._blueprints = list(blueprints)
        self._feed: UiFeed | None = None
        self._sent: StartStrategy | None = None
        self._known: set[str] = set()
        self._answer = ""
        self.title = label(size=13, bold=True)
        self.blueprint_box = ChoiceBox(self)
        self.blueprint_box.setObjectName("launcher_blueprint")
        self.description = label("dim", size=12)
        self.description.setWordWrap(True)
        self.description.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.market_box = MarketBox(self)
        self.market_box.setObjectName("launcher_market")
        self.budget = FigureField("launcher_budget", groups=True, parent=self)
        self.stop = FigureField("launcher_stop", groups=False, unit="%", parent=self)
        self.message = label("dim", size=12, figures=True)
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.enable_button = QPushButton(self)
        self.enable_button.setObjectName("enable_entries")
        self.enable_button.setProperty("kind", "attention")
        self.start_button = QPushButton(self)
        self.start_button.setObjectName("launcher_start")
        self.start_button.setProperty("kind", "primary")
        self._arrange()
        self._connect()
        self._translate()
        self.set_compact(False)
        self._choose_blueprint()

    def bind(self, feed: UiFeed) -> None:
        """Follow markets, prices and answers from now on."""
        self._feed = feed
        feed.markets_listed.connect(lambda _: self.market_box.set_infos(feed.infos.values()))
        feed.selection_changed.connect(self._follow_selection)
        feed.positions_changed.connect(self._positions_moved)
        feed.command_refused.connect(self._refused)
        feed.trading_state_changed.connect(lambda _: self._edited())
        self.market_box.set_infos(feed.infos.values())
        self._recheck.start()
        self.check()

    def focus_first(self) -> None:
        """Put the cursor where a start begins."""
        self.blueprint_box.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_compact(self, compact: bool, *, dense: bool = False) -> None:
        """Do without title and description in a low window (it stays in the tool tip); dense saves another row."""
        self.title.setVisible(not compact)
        self.description.setVisible(not compact)
        self.message.setMinimumHeight(18 if compact else 34)
        flow = QBoxLayout.Direction
        self._choices.setDirection(flow.LeftToRight if dense else flow.TopToBottom)
        self._column.setContentsMargins(12, 6 if compact else 8, 12, 8 if compact else 12)
        self._column.setSpacing(4 if compact else 6)

    def form(self) -> LaunchForm:
        """What is filled in."""
        number = self.blueprint_box.currentIndex()
        blueprint = self._blueprints[number] if 0 <= number < len(self._blueprints) else None
        return LaunchForm(blueprint, self.market_box.market, self.budget.edit.text(), self.stop.edit.text())

    def check(self) -> LaunchCheck:
        """Look again at what is in the way, and say it."""
        if self._feed is None:
            return LaunchCheck()
        check = check_launch(self.form(), self._feed.model, self._limits)
        wrong_market = LaunchField.MARKET in check.problems and self.market_box.currentText() and not self._answer
        set_look(self.market_box, "wrong", str(bool(wrong_market)).lower())
        self.budget.set_wrong(check.problems.get(LaunchField.BUDGET, ""))
        self.stop.set_wrong(check.problems.get(LaunchField.STOP, ""))
        off = not self._feed.trading_state.allows_entries
        self.enable_button.setVisible(off and self._feed.trading_state is not TradingState.HALTED)
        self.start_button.setVisible(not self.enable_button.isVisibleTo(self))
        self.start_button.setEnabled(not check.problems and self._sent is None)
        self._say(check)
        return check

    def start(self) -> None:
        """Post the command; the same click is never sent twice."""
        check = self.check()
        market = self.market_box.market
        if check.problems or check.blueprint is None or market is None or self._sent is not None:
            return
        if self._feed is not None:
            self._known = set(self._feed.positions)
        self._sent = StartStrategy(self._new_id(), market, check.blueprint, check.budget)
        self._answer = ""
        self._patience.start()
        self._post(self._sent)
        self.check()

    def enable_entries(self) -> None:
        """Ask the engine to allow entries."""
        self._post(SetTradingState(TradingState.ENABLED, "enabled on the screen"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
            self._describe()
            self.check()
        super().changeEvent(event)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.budget, 3)
        row.addWidget(self.stop, 2)
        self._choices = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._choices.setSpacing(6)
        for part in (self.blueprint_box, self.description, self.market_box):
            self._choices.addWidget(part, 1)
        self._column = column = QVBoxLayout(self)
        column.addWidget(self.title)
        column.addLayout(self._choices)
        column.addLayout(row)
        column.addWidget(self.message)
        for button in (self.enable_button, self.start_button):
            button.setAutoDefault(False)
            button.setMinimumHeight(32)
            column.addWidget(button)

    def _connect(self) -> None:
        self.blueprint_box.currentIndexChanged.connect(self._choose_blueprint)
        self.market_box.chosen.connect(self._choose_market)
        self.market_box.editTextChanged.connect(self._edited)
        self.budget.edit.textChanged.connect(self._edited)
        self.stop.edit.textChanged.connect(self._edited)
        self.start_button.clicked.connect(self.start)
        self.enable_button.clicked.connect(self.enable_entries)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._no_answer)
        self._recheck = QTimer(self)
        self._recheck.setInterval(RECHECK_MS)
        self._recheck.timeout.connect(self.check)

    def _edited(self) -> None:
        self._answer = ""
        self.check()

    def _choose_blueprint(self) -> None:
        blueprint = self.form().blueprint
        if blueprint is not None:
            stop = blueprint.exits.stop_loss_percent
            self.budget.edit.setText(krw(blueprint.default_budget))
            self.stop.edit.setText("" if stop is None else f"{stop.normalize():f}")
        self._describe()
        self.check()

    def _choose_market(self, market: Market) -> None:
        if self._feed is not None:
            live = (item for item in self._feed.model.live_positions() if item.market == market)
            found = next(live, None)
            self._feed.select(market, None if found is None else found.position_id)
        self.check()

    def _follow_selection(self, market: Market | None, position_id: str | None) -> None:
        if market is not None and market != self.market_box.market:
            self.market_box.choose(market)
            self.check()

    def _positions_moved(self, ids: list[str]) -> None:
        sent = self._sent
        if sent is None or self._feed is None:
            return
        for position_id in ids:
            position: Position = self._feed.positions[position_id]
            if position_id not in self._known and position.market == sent.market:
                self._answered(self.tr("{market} started.").format(market=sent.market.symbol))
                self._feed.select(position.market, position_id)
                return

    def _refused(self, event: CommandRefused) -> None:
        if self._sent is not None and event.command == StartStrategy.__name__:
            self._answered(self.tr("Not started: {reason}").format(reason=refused(event.refusal)))

    def _no_answer(self) -> None:
        self._answered(self.tr("No answer from the engine yet. Look at the positions before you try again."))

    def _answered(self, words: str) -> None:
        self._sent = None
        self._patience.stop()
        self._answer = words
        self.check()

    def _say(self, check: LaunchCheck) -> None:
        words, role = check.estimate, self._price_role()
        if self._sent is not None:
            words = self.tr("Sent, waiting for the engine.")
        elif self._answer:
            words, role = self._answer, ""
        elif check.problems:
            words, role = check.problems.get(LaunchField.STATE, check.first_problem), "warning"
        set_words(self.message, words)
        set_role(self.message, role)
        set_tip(self.start_button, check.first_problem)
        set_description(self.start_button, words)

    def _price_role(self) -> str:
        """Role of figures made from the book: grey once the gate would refuse it."""
        market = self.form().market
        if self._feed is None or market is None:
            return "dim"
        book = self._feed.model.books.get(market)
        received = None if book is None else book.received_at
        age = price_age(received, self._feed.clock(), self._limits.stale_price_s)
        return "stale" if age is PriceAge.STALE else "dim"

    def _describe(self) -> None:
        blueprint = self.form().blueprint
        words = "" if blueprint is None else wording.local(blueprint.description)
        set_words(self.description, words)
        set_tip(self.blueprint_box, words)
        set_description(self.blueprint_box, words)
        stop = None if blueprint is None else blueprint.exits.stop_loss_percent
        own = self.tr("none") if stop is None else percent(-stop / 100)
        self.stop.edit.setPlaceholderText(own)

    def _translate(self) -> None:
        self.title.setText(self.tr("Start a strategy"))
        before = max(self.blueprint_box.currentIndex(), 0)
        self.blueprint_box.blockSignals(True)
        self.blueprint_box.clear()
        self.blueprint_box.addItems([f"{wording.local(item.name)} v{item.version}" for item in self._blueprints])
        self.blueprint_box.setCurrentIndex(before if self._blueprints else -1)
        self.blueprint_box.blockSignals(False)
        self.blueprint_box.setAccessibleName(self.tr("Strategy"))
        self.market_box.setAccessibleName(self.tr("Market"))
        self.market_box.set_placeholder(self.tr("Search a market"))
        self.budget.set_name(self.tr("Budget"))
        self.stop.set_name(self.tr("Stop"))
        self.enable_button.setText(self.tr("Enable entries"))
        self.enable_button.setToolTip(self.tr("Allow strategies to open positions. Exits work in any case."))
        self.start_button.setText(self.tr("Start strategy"))
