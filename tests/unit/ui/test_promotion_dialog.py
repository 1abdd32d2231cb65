"""The table of the gate, and the override that is typed."""

from dataclasses import replace

import pytest

from app.domain.promotion import (
    OverridePromotion,
    PromotionCard,
    PromotionOverridden,
    PromotionRule,
    RuleResult,
    override_phrase,
    strategy_hash,
)
from app.domain.values import TradingMode
from app.ui.main_window import MainWindow
from app.ui.promotion_dialog import PromotionDialog
from app.ui.ui_feed import UiFeed
from tests.ui.screen_story import BLUEPRINTS, Story

PLAN = BLUEPRINTS[0]
LACKING = PromotionCard(
    strategy_hash(PLAN),
    PLAN.label,
    (
        RuleResult(PromotionRule.TRADES, 41.0, 30, True),
        RuleResult(PromotionRule.EDGE, -0.0004, 0.0, False),
        RuleResult(PromotionRule.DRAWDOWN, None, 0.1, False),
    ),
)


def opened(window: MainWindow) -> PromotionDialog:
    window.registry.action("promotion").trigger()
    return window.promotion


def rows(dialog: PromotionDialog) -> list[list[str]]:
    table = dialog.table
    cells = [[table.item(row, place) for place in range(4)] for row in range(table.rowCount())]
    return [[cell.text() if cell is not None else "" for cell in line] for line in cells]


def test_each_rule_says_what_was_shown_and_what_is_needed(window: MainWindow, story: Story) -> None:
    story.cards = (LACKING,)
    dialog = opened(window)
    assert rows(dialog) == [
        ["Closed trades", "41", "≥ 30", "✓ met"],
        ["Mean result of a trade, lower end of its interval", "−0.04%", "> 0.00%", "✗ missing"],
        ["Largest fall from a peak", "–", "≤ 10.00%", "✗ missing"],
    ]
    assert dialog.verdict.text() == "2 rules are missing."
    assert not dialog.override_button.isVisible(), "nothing to override without real money"


def test_a_strategy_that_has_shown_all_may_trade(window: MainWindow, story: Story) -> None:
    story.cards = (replace(LACKING, results=LACKING.results[:1]),)
    assert opened(window).verdict.text() == "May trade real money."


@pytest.fixture
def live(story: Story, window: MainWindow) -> PromotionDialog:
    story.cards = (LACKING,)
    window.promotion._mode = TradingMode.LIVE
    return opened(window)


def test_an_override_takes_the_whole_phrase(live: PromotionDialog, story: Story) -> None:
    assert live.override_button.isVisible() and not live.override_button.isEnabled()
    live.phrase.setText(override_phrase(PLAN)[:-1])
    assert not live.override_button.isEnabled()
    live.phrase.setText(override_phrase(PLAN))
    live.override_button.click()
    assert story.posted == [OverridePromotion(PLAN, override_phrase(PLAN))]


def test_an_override_shows_in_the_table_and_in_the_title(story: Story, feed: UiFeed, live: PromotionDialog) -> None:
    window = live.parent()
    assert isinstance(window, MainWindow)
    window.services = replace(window.services, mode=TradingMode.LIVE)
    story.tell(PromotionOverridden(LACKING.strategy_hash, PLAN.label, (PromotionRule.EDGE,)))
    feed.flush()
    assert live.verdict.text() == "Let past the gate by a person; it is in the journal."
    assert not live.override_button.isVisible()
    title = f"Gwanje: trading terminal · Live account · GATE OVERRIDDEN: {PLAN.label}"
    assert window.windowTitle() == title
