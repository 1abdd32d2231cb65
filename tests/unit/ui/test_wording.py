"""Every word of the domain has a text."""

import re
from enum import Enum
from pathlib import Path

import pytest

from app.domain.blueprint import LocalText
from app.domain.breaker import BreakerState, CallGroup
from app.domain.dead_letter import LetterOutcome
from app.domain.emergency import LineState, LiquidationStage
from app.domain.exit_plan import ExitReason
from app.domain.latency import Stage
from app.domain.limits import LIMIT_ALERT, LimitName
from app.domain.order import OrderState
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason
from app.domain.values import OrderType, Priority, Purpose, Side, TradingMode, TradingState
from app.ui import mode_words, wording
from app.ui.languages import languages

ROOT = Path(__file__).resolve().parents[3]
TABLES = {
    RefusalReason: wording._REFUSALS,
    ExitReason: wording._EXIT_REASONS,
    PositionState: wording._POSITION_STATES,
    OrderState: wording._ORDER_STATES,
    TradingState: wording._TRADING_STATES,
    TradingMode: mode_words._TRADING_MODES,
    LiquidationStage: wording._STAGES,
    LineState: wording._LINE_STATES,
    Side: wording._SIDES,
    OrderType: wording._ORDER_TYPES,
    Purpose: wording._PURPOSES,
    LimitName: wording._LIMITS,
    CallGroup: wording._CALL_GROUPS,
    BreakerState: wording._BREAKER_STATES,
    LetterOutcome: wording._LETTER_OUTCOMES,
    Priority: wording._PRIORITIES,
    Stage: wording._LATENCY_STAGES,
}


@pytest.mark.parametrize("kind", TABLES)
def test_every_member_has_its_words(kind: type[Enum]) -> None:
    assert set(TABLES[kind]) == set(kind)


def test_both_languages() -> None:
    assert wording.position_state(PositionState.CLOSING) == "Closing"
    assert wording.local(LocalText("추세", "Trend")) == "Trend"
    languages().set("ko")
    assert wording.position_state(PositionState.CLOSING) == "종료 중"
    assert wording.order_type(OrderType.MARKET) == "시장가"
    assert wording.local(LocalText("추세", "Trend")) == "추세"


def test_an_unknown_key_is_its_own_text() -> None:
    assert wording.alert("something_new") == "something_new"
    assert wording.alert("unclean_end") == "The last run did not end properly"
    assert wording._word({}, Side.BUY) == "buy"


def test_every_alert_the_program_raises_has_its_words_in_both_languages() -> None:
    raised = set[str]()
    for path in (ROOT / "app").rglob("*.py"):
        raised.update(re.findall(r'AlertRaised\(\s*(?:key=)?"(\w+)"', path.read_text(encoding="utf-8")))
    assert {"decision_failed", "unclean_end", "loop_blocked"} <= raised
    assert raised <= set(wording._ALERTS)
    english = {key: wording.alert(key) for key in wording._ALERTS}
    languages().set("ko")
    assert [key for key, words in english.items() if wording.alert(key) == words] == []


def test_every_limit_that_is_near_has_its_words() -> None:
    told = {key.removeprefix(LIMIT_ALERT) for key in wording._ALERTS if key.startswith(LIMIT_ALERT)}
    assert told == set(LimitName)


def test_every_refusal_is_a_sentence_in_both_languages() -> None:
    english = {reason: wording.refusal(reason) for reason in RefusalReason}
    assert all(words.endswith(".") for words in english.values())
    languages().set("ko")
    assert [reason for reason, words in english.items() if wording.refusal(reason) == words] == []


def test_every_command_that_can_be_refused_has_its_words_as_a_dead_letter() -> None:
    refused = set[str]()
    for path in (ROOT / "app" / "engine").rglob("*.py"):
        refused.update(re.findall(r'CommandRefused\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    assert {"ClosePosition", "StartStrategy"} <= refused <= set(wording._DEAD_THINGS)


def test_the_reason_of_a_dead_letter_is_ours_or_the_word_of_the_venue() -> None:
    assert wording.dead_reason("reducing_only") == wording.refusal(RefusalReason.REDUCING_ONLY)
    assert wording.dead_reason("never_arrived") == "It never arrived at the venue."
    assert wording.dead_reason("validation_error") == "validation_error"
    assert wording.dead_reason("under_min_total_bid") == "smaller than the venue takes"


def test_notes_of_the_engine_have_words_where_they_are_known() -> None:
    assert wording.note("insufficient_funds_ask: no") == "not enough units at the venue"
    assert wording.note("no_price: there is none") == wording.refusal(RefusalReason.NO_PRICE)
    assert wording.note("entry signal: rung 2") == "entry signal: rung 2"
    assert wording.dead_thing("Something") == "Something"
