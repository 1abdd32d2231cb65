"""Nothing about a mode is without words, in both languages."""

import pytest

from app.domain.api_key import KeyFinding
from app.domain.promotion import PromotionRule
from app.domain.values import TradingMode
from app.ui import mode_words
from app.ui.languages import languages


@pytest.mark.parametrize("language", ["ko", "en"])
def test_everything_has_words_of_its_own(qapp: object, language: str) -> None:
    languages().set(language)
    said = [
        *map(mode_words.trading_mode, TradingMode),
        *map(mode_words.mode_stakes, TradingMode),
        *map(mode_words.promotion_rule, PromotionRule),
        *map(mode_words.key_finding, KeyFinding),
    ]
    assert len(set(said)) == 2 * len(TradingMode) + len(PromotionRule) + len(KeyFinding)
    assert "2027-01-31" in mode_words.key_is_fit("2027-01-31")
    if language == "ko":
        assert all(any("가" <= letter <= "힣" for letter in words) for words in said)
