"""Playbooks of the gate: who may be started with real money, and what an override leaves behind."""

from dataclasses import replace

import pytest

from app.domain.messages import CommandRefused, PositionChanged
from app.domain.promotion import (
    OverridePromotion,
    PromotionCard,
    PromotionOverridden,
    PromotionRule,
    RuleResult,
    override_phrase,
    strategy_hash,
)
from app.domain.refusal import RefusalReason
from app.engine.promotion_gate import PromotionGate
from tests.unit.engine.playbook import ETH, XRP, Playbook, blueprint, did, nothing

PLAN = blueprint()


def shown(met: bool) -> PromotionCard:
    result = RuleResult(PromotionRule.TRADES, 30.0 if met else 29.0, 30, met)
    return PromotionCard(strategy_hash(PLAN), PLAN.label, (result, RuleResult(PromotionRule.EDGE, None, 0, met)))


def gated(*cards: PromotionCard) -> Playbook:
    return Playbook(promotion=PromotionGate(cards)).ready()


def override(phrase: str = override_phrase(PLAN)) -> OverridePromotion:
    return OverridePromotion(PLAN, phrase)


def test_without_real_money_nothing_has_to_be_shown() -> None:
    play = Playbook().ready()
    play >> play.start(XRP, PLAN) << did(PositionChanged)
    play >> override() << did(CommandRefused, command="OverridePromotion", reason=RefusalReason.NOT_POSSIBLE_NOW)


def test_a_strategy_that_has_shown_it_starts() -> None:
    play = gated(shown(True))
    play >> play.start(XRP, PLAN) << did(PositionChanged)


def test_one_that_has_not_is_refused_with_what_is_missing() -> None:
    play = gated(shown(False))
    play >> play.start(XRP, PLAN)
    play << did(CommandRefused, command="StartStrategy", reason=RefusalReason.NOT_PROMOTED)
    play << nothing(PositionChanged)
    refusal = PromotionGate([shown(False)]).refusal(PLAN)
    assert refusal is not None and refusal.detail.endswith("in paper mode: trades 29 of 30, edge unknown of 0")


def test_a_changed_strategy_has_shown_nothing() -> None:
    play = gated(shown(True))
    play >> play.start(XRP, replace(PLAN, version=2)) << did(CommandRefused, reason=RefusalReason.NOT_PROMOTED)


@pytest.mark.parametrize("typed", ["", "yes", override_phrase(PLAN).upper(), override_phrase(replace(PLAN, version=2))])
def test_an_override_needs_its_whole_phrase(typed: str) -> None:
    play = gated(shown(False))
    play >> override(typed) << did(CommandRefused, command="OverridePromotion") << nothing(PromotionOverridden)
    play >> play.start(XRP, PLAN) << did(CommandRefused, reason=RefusalReason.NOT_PROMOTED)


def test_an_override_is_recorded_and_holds_for_this_content_alone() -> None:
    play = gated(shown(False))
    play >> override() << did(PromotionOverridden, strategy_hash=strategy_hash(PLAN))
    play >> play.start(XRP, PLAN) << did(PositionChanged)
    play >> play.start(ETH, replace(PLAN, version=2)) << did(CommandRefused, reason=RefusalReason.NOT_PROMOTED)
    play >> override() << did(CommandRefused) << nothing(PromotionOverridden)


def test_after_a_restart_the_override_still_holds() -> None:
    play = gated(shown(False))
    play >> override()
    gate = PromotionGate([shown(False)])
    gate.restore([item for item in play.history if isinstance(item, PromotionOverridden)])
    assert gate.refusal(PLAN) is None
    assert gate.refusal(replace(PLAN, version=2)) is not None
    assert gate.overridden[strategy_hash(PLAN)].missing == (PromotionRule.TRADES, PromotionRule.EDGE)
