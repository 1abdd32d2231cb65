"""The card says in one line what pressing now would do."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from app.domain.emergency import EmergencyPreview, ResidueKind, Unsellable
from app.domain.messages import EmergencyPreviewed
from app.domain.values import Market
from app.ui.emergency_card import EmergencyCard
from app.ui.languages import languages
from app.ui.ui_feed import UiFeed
from tests.ui.screen_story import Story

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
XRP = Market("upbit", "KRW-XRP")
CARD = EmergencyPreview(
    7, 2, 11, 9, 2.4, 4.1, (), NOW, Decimal(20_000_000), Decimal("0.0031"), Decimal(62_000)
)  # fmt: skip


@pytest.fixture
def card(qtbot: QtBot) -> EmergencyCard:
    card = EmergencyCard()
    qtbot.addWidget(card)
    return card


def test_the_whole_line(card: EmergencyCard) -> None:
    card.show_card(CARD)
    assert card.does.text() == "7 positions at 2 venues, 11 cancels, 9 orders"
    assert card.takes.text() == "about 2.4 s (p95 4.1 s)"
    assert card.costs.text() == "slippage −0.31% (−62,000 KRW)"
    assert card.trouble.words == ""
    assert "7 positions" in card.accessibleName() and "2.4 s" in card.toolTip()


def test_one_of_each_is_not_many(card: EmergencyCard) -> None:
    card.show_card(replace(CARD, positions=1, venues=1, cancels=1, orders=1, ahead=1))
    assert card.does.text() == "1 position at 1 venue, 1 cancel, 1 order"
    assert card.trouble.words == "1 call goes first"


def test_what_cannot_be_sold_is_named_with_its_reason_or_its_time(card: EmergencyCard) -> None:
    late = Unsellable(XRP, ResidueKind.RATE_LIMITED, NOW)
    card.show_card(replace(CARD, unsellable=(Unsellable(XRP, ResidueKind.HALTED), late), unpriced=1))
    assert "KRW-XRP: the venue does not trade this market now" in card.trouble.words
    assert "KRW-XRP not before 12:00:00" in card.trouble.words
    assert card.costs.text().startswith("slippage ≥") and card.costs.property("role") == "warning"


def test_nothing_open_says_so_and_an_unknown_cost_is_a_dash(card: EmergencyCard) -> None:
    card.show_card(replace(CARD, positions=0, cancels=0, orders=0))
    assert (card.does.text(), card.takes.text(), card.costs.text()) == ("nothing open", "", "")
    card.show_card(replace(CARD, slippage=None, slippage_value=None))
    assert card.costs.text() == "slippage –"


def test_it_follows_the_engine_and_the_language(card: EmergencyCard, story: Story, feed: UiFeed) -> None:
    card.bind(feed)
    story.tell(EmergencyPreviewed(CARD))
    feed.flush()
    assert card.does.text().startswith("7 positions")
    languages().set("ko")
    card.show_card(CARD)
    assert "7" in card.does.text() and "positions" not in card.does.text()


def test_its_buttons_open_the_scopes_and_the_runs(card: EmergencyCard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(card.scope_wanted):
        card.scope_button.click()
    with qtbot.waitSignal(card.history_wanted):
        card.history_button.click()
