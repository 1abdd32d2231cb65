"""What the line above the limits says, and when there is something to acknowledge."""

from dataclasses import replace
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from app.domain.limits import LimitName, LimitUse
from app.domain.loss import LossLimit, LossMarked
from app.ui.flow.loss_card import LossCard
from tests.ui.screen_story import NOW

FINE = LossMarked(
    LimitUse(LimitName.DAILY_LOSS, Decimal(1), Decimal(9)), LimitUse(LimitName.TOTAL_LOSS, Decimal(1), Decimal(9)),
    (), "", NOW,
)  # fmt: skip


@pytest.mark.parametrize(
    ("marked", "words", "role", "button"),
    [
        (None, "nothing told yet", "dim", False),
        (FINE, "watched on every price", "dim", False),
        (replace(FINE, unknown="no price"), "cannot be computed", "warning", False),
        (
            replace(FINE, latched=(LossLimit.DAILY, LossLimit.TOTAL)),
            "daily loss limit, total loss limit",
            "danger",
            True,
        ),
        (replace(FINE, latched=(LossLimit.GUARD,), unknown="x"), "loss limits not watched", "danger", True),
    ],
)
def test_the_line_says_how_it_stands(
    qtbot: QtBot, marked: LossMarked | None, words: str, role: str, button: bool
) -> None:
    card = LossCard()
    qtbot.addWidget(card)
    card.show_losses(marked)
    assert words in card.state.words
    assert card.state.property("role") == role and card.button.isHidden() is not button


def test_the_button_says_that_a_person_has_seen_it(qtbot: QtBot) -> None:
    card = LossCard()
    qtbot.addWidget(card)
    card.show_losses(replace(FINE, latched=(LossLimit.DAILY,)))
    with qtbot.waitSignal(card.acknowledge_wanted, timeout=1000):
        card.button.click()
