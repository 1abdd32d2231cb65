"""The gate from paper to live: what each strategy has shown, what is missing, and the override that is written down."""

from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.blueprint import StrategyBlueprint
from app.domain.errors import StorageError
from app.domain.messages import Message
from app.domain.promotion import (
    SHORT,
    OverridePromotion,
    PromotionCard,
    PromotionRule,
    RuleResult,
    override_phrase,
    strategy_hash,
)
from app.domain.values import TradingMode
from app.ui import mode_words
from app.ui.archive_door import Spawn
from app.ui.panel import label, set_role, set_words
from app.ui.theme import number_font, theme
from app.ui.ui_feed import UiFeed

_RATIOS = frozenset({PromotionRule.WIN_RATE, PromotionRule.DRAWDOWN, PromotionRule.EDGE})
_MOST = frozenset({PromotionRule.DRAWDOWN, PromotionRule.OPEN_POSITIONS})
_COLUMNS = 4


class PromotionDialog(QDialog):
    """Reads the evidence each time it is opened. An override can be asked for in live mode only."""

    def __init__(
        self,
        mode: TradingMode,
        blueprints: Sequence[StrategyBlueprint],
        cards: Callable[[], Awaitable[tuple[PromotionCard, ...]]],
        spawn: Spawn,
        post: Callable[[Message], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("promotion_dialog")
        self._mode, self._ask, self._spawn = mode, cards, spawn
        self._post = post
        self._blueprints = {strategy_hash(blueprint): blueprint for blueprint in blueprints}
        self._cards: tuple[PromotionCard, ...] = ()
        self._feed: UiFeed | None = None
        self._trouble = ""
        self.choice = QComboBox(self)
        self.choice.currentIndexChanged.connect(lambda _: self._show())
        self.verdict = label(size=14, bold=True)
        self.note, self.phrase_note = label("dim", size=12), label("dim", size=12)
        for part in (self.note, self.phrase_note):
            part.setWordWrap(True)
        self.phrase_note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.table = QTableWidget(0, _COLUMNS, self)
        self.phrase = QLineEdit(self)
        self.phrase.setObjectName("override_phrase")
        self.phrase.textChanged.connect(lambda _: self._show_override())
        self.override_button = QPushButton(self)
        self.override_button.setProperty("kind", "danger")
        self.override_button.setAutoDefault(False)
        self.override_button.clicked.connect(self._override)
        self._arrange()
        theme().changed.connect(self._show)
        self._translate()

    def bind(self, feed: UiFeed) -> None:
        """Follow overrides from now on."""
        self._feed = feed
        feed.promotion_overridden.connect(lambda _: self._show())

    def open_fresh(self) -> None:
        """Show it with what the journal of paper mode says now."""
        self.phrase.clear()
        self.show()
        self.raise_()
        self._spawn(self._read(), "promotion")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._translate()
        super().changeEvent(event)

    def _arrange(self) -> None:
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setFont(number_font(13))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        for part in (self.choice, self.verdict, self.table, self.note, self.phrase_note):
            column.addWidget(part)
        row = QHBoxLayout()
        row.addWidget(self.phrase, 1)
        row.addWidget(self.override_button)
        column.addLayout(row)
        self.resize(660, 520)

    async def _read(self) -> None:
        try:
            self._cards, self._trouble = await self._ask(), ""
        except StorageError as error:
            self._cards, self._trouble = (), str(error)
        chosen = self.choice.currentData()
        self.choice.blockSignals(True)
        self.choice.clear()
        for card in self._cards:
            self.choice.addItem(f"{card.label} · {card.strategy_hash[:SHORT]}", card.strategy_hash)
        self.choice.setCurrentIndex(max(self.choice.findData(chosen), 0))
        self.choice.blockSignals(False)
        self._show()

    def _card(self) -> PromotionCard | None:
        key = self.choice.currentData()
        return next((card for card in self._cards if card.strategy_hash == key), None)

    def _is_overridden(self, card: PromotionCard) -> bool:
        return self._feed is not None and card.strategy_hash in self._feed.model.overrides

    def _show(self) -> None:
        card = self._card()
        results = () if card is None else card.results
        self.table.setRowCount(len(results))
        for row, result in enumerate(results):
            self._show_rule(row, result)
        self._show_verdict(card)
        self._show_override()

    def _show_rule(self, row: int, result: RuleResult) -> None:
        sign = "≤" if result.rule in _MOST else ">" if result.rule is PromotionRule.EDGE else "≥"
        met = self.tr("✓ met") if result.met else self.tr("✗ missing")
        cells = (mode_words.promotion_rule(result.rule), _figure(result.rule, result.measured))
        for place, words in enumerate((*cells, f"{sign} {_figure(result.rule, result.wanted)}", met)):
            item = QTableWidgetItem(words)
            right = Qt.AlignmentFlag.AlignLeft if place == 0 else Qt.AlignmentFlag.AlignRight
            item.setTextAlignment(right | Qt.AlignmentFlag.AlignVCenter)
            if place == _COLUMNS - 1:
                palette = theme().palette
                item.setForeground(QColor(palette.good if result.met else palette.warning))
            self.table.setItem(row, place, item)

    def _show_verdict(self, card: PromotionCard | None) -> None:
        if card is None:
            words = self._trouble or self.tr("There is no strategy to look at.")
            role = "danger" if self._trouble else "dim"
        elif card.passed:
            words, role = self.tr("May trade real money."), "good"
        elif self._is_overridden(card):
            words, role = self.tr("Let past the gate by a person; it is in the journal."), "danger"
        else:
            words, role = self.tr("{count} rules are missing.").format(count=len(card.missing)), "warning"
        set_words(self.verdict, words)
        set_role(self.verdict, role)

    def _show_override(self) -> None:
        card = self._card()
        blueprint = None if card is None else self._blueprints.get(card.strategy_hash)
        live = self._mode is TradingMode.LIVE
        wanted = live and card is not None and blueprint is not None
        wanted = wanted and card is not None and not card.passed and not self._is_overridden(card)
        for part in (self.phrase, self.override_button, self.phrase_note):
            part.setVisible(wanted)
        phrase = "" if blueprint is None else override_phrase(blueprint)
        words = self.tr(
            "To let it past all the same, type: {phrase}. It is recorded, stands in the title of the window, and ends "
            "with any change."
        )
        set_words(self.phrase_note, words.format(phrase=phrase))
        self.override_button.setEnabled(wanted and self.phrase.text() == phrase)

    def _override(self) -> None:
        card = self._card()
        blueprint = None if card is None else self._blueprints.get(card.strategy_hash)
        if blueprint is not None:
            self._post(OverridePromotion(blueprint, self.phrase.text()))
            self.phrase.clear()

    def _translate(self) -> None:
        self.setWindowTitle(self.tr("From paper to live"))
        self.choice.setAccessibleName(self.tr("Strategy"))
        self.table.setAccessibleName(self.tr("Rules of the gate"))
        heads = (self.tr("Rule"), self.tr("Shown in paper mode"), self.tr("Needed"), "")
        self.table.setHorizontalHeaderLabels(heads)
        for place in range(_COLUMNS):
            side = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
            head = self.table.horizontalHeaderItem(place)
            if head is not None:
                head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.note.setText(
            self.tr(
                "Counted from the journal of paper mode for exactly this content of the strategy; any change begins "
                "anew. The thresholds are in settings.toml, section [promotion]."
            )
        )
        self.phrase.setAccessibleName(self.tr("Phrase of the override"))
        self.override_button.setText(self.tr("Let it past"))
        self._show()


def _figure(rule: PromotionRule, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value * 100:.2f}%".replace("-", "\N{MINUS SIGN}") if rule in _RATIOS else f"{value:,.0f}"
