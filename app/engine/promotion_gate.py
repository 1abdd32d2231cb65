"""Paper -> live: which strategies may be started. A run without real money has a gate that asks nothing."""

from collections.abc import Iterable
from datetime import datetime

from app.domain.blueprint import StrategyBlueprint
from app.domain.messages import CommandRefused
from app.domain.promotion import (
    OverridePromotion,
    PromotionCard,
    PromotionOverridden,
    override_phrase,
    strategy_hash,
)
from app.domain.refusal import Refusal, RefusalReason
from app.engine.outbox import Outbox


class PromotionGate:
    """``cards`` is what the strategies have shown in paper mode; None means that no strategy needs to show anything."""

    def __init__(self, cards: Iterable[PromotionCard] | None = None) -> None:
        self._cards = None if cards is None else {card.strategy_hash: card for card in cards}
        #: What a person let past, by strategy hash.
        self.overridden: dict[str, PromotionOverridden] = {}

    def restore(self, overrides: Iterable[PromotionOverridden]) -> None:
        """Take over what the journal knew."""
        self.overridden = {override.strategy_hash: override for override in overrides}

    def refusal(self, blueprint: StrategyBlueprint) -> Refusal | None:
        """Why a strategy may not be started; None when it may."""
        key = strategy_hash(blueprint)
        if self._cards is None or key in self.overridden:
            return None
        card = self._cards.get(key)
        if card is None:
            return Refusal(RefusalReason.NOT_PROMOTED, f"{blueprint.label}, as it is now, was never run in paper mode")
        if card.passed:
            return None
        missing = ", ".join(f"{item.rule} {_figure(item.measured)} of {item.wanted:g}" for item in card.missing)
        return Refusal(RefusalReason.NOT_PROMOTED, f"{blueprint.label} in paper mode: {missing}")

    def override(self, command: OverridePromotion, now: datetime, out: Outbox) -> None:
        """Record that a person lets a strategy past, if he typed what it takes."""
        if self.refusal(command.blueprint) is None:
            words = "nothing holds this strategy back"
        elif command.phrase != override_phrase(command.blueprint):
            words = f"the phrase must be: {override_phrase(command.blueprint)}"
        else:
            key = strategy_hash(command.blueprint)
            card = (self._cards or {}).get(key)
            missing = () if card is None else tuple(item.rule for item in card.missing)
            done = PromotionOverridden(key, command.blueprint.label, missing)
            self.overridden[key] = done
            out.tell(done)
            return
        out.tell(CommandRefused(type(command).__name__, Refusal(RefusalReason.NOT_POSSIBLE_NOW, words)))


def _figure(measured: float | None) -> str:
    return "unknown" if measured is None else f"{measured:.4g}"
