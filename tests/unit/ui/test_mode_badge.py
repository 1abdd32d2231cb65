"""Every mode looks and reads different."""

import pytest
from pytestqt.qtbot import QtBot

from app.domain.values import TradingMode
from app.ui.languages import languages
from app.ui.mode_badge import ModeBadge, mode_name
from app.ui.theme import theme


def test_words_and_looks_differ_between_modes_in_both_languages(qtbot: QtBot) -> None:
    for language in ("en", "ko"):
        languages().set(language)
        badges = [ModeBadge(mode) for mode in TradingMode]
        assert len({badge.text() for badge in badges}) == len({badge.toolTip() for badge in badges}) == 4
        assert len({badge.property("role") for badge in badges}) == 4


@pytest.mark.parametrize("look", ["dark", "light"])
def test_only_live_wears_the_hazard_stripe(qtbot: QtBot, look: str) -> None:
    theme().set(look)
    stripes = {theme().palette.stripe.lower(), theme().palette.stripe_line.lower()}
    for mode in TradingMode:
        badge = ModeBadge(mode)
        qtbot.addWidget(badge)
        badge.resize(badge.sizeHint())
        picture = badge.grab().toImage()
        spots = {picture.pixelColor(x, picture.height() // 2).name() for x in range(picture.width())}
        assert (stripes <= spots) is (mode is TradingMode.LIVE), mode


def test_a_korean_name_carries_the_word_of_the_command_line(qtbot: QtBot) -> None:
    languages().set("ko")
    assert mode_name(TradingMode.DRY_RUN) == "드라이런 · DRY-RUN"
    languages().set("en")
    assert mode_name(TradingMode.DRY_RUN) == "Dry run"
