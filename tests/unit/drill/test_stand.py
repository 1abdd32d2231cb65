"""The verdict on a drill: by the exchange's ledger, and by what the card had named."""

from dataclasses import replace

import msgspec
import pytest

from app.adapters.host.practice_admin import Ledger
from app.domain.drill import DrillVerdict
from app.domain.emergency import EmergencyPreview, LiquidationRun, LiquidationStage, ResidueKind, Unsellable
from app.domain.values import Market
from app.drill.scene import sample_scene
from app.drill.stand import Outcome, judge
from tests.unit.engine.playbook import START, market_rules

BTC = Market("upbit", "KRW-BTC")
SCENE = sample_scene(START)
CARD = EmergencyPreview(5, 1, 1, 5, 2.4, 4.0, (), START)
RUN = LiquidationRun("kill-1", LiquidationStage.FLAT, (), START, 2.4)


def ledger(held: str = "0", *, works: bool = False, sold: bool = False) -> Ledger:
    fills = [{"price": "89886000", "volume": "0.01"}] if sold else []
    order = {"uuid": "u", "market": "KRW-BTC", "side": "ask", "state": "done", "fills": fills}
    whole = {
        "balances": [{"currency": "KRW", "free": "1", "locked": "0"}, {"currency": "BTC", "free": held, "locked": "0"}],
        "orders": [order],
        "open_orders": ["u"] if works else [],
        "repeated_identifiers": [],
        "conservation": {"ok": True},
    }
    return msgspec.json.decode(msgspec.json.encode(whole), type=Ledger, strict=False)


def outcome(found: Ledger, **changes: object) -> Outcome:
    whole = Outcome(CARD, RUN, 3.0, found, (market_rules(BTC),))
    return replace(whole, **changes)  # type: ignore[arg-type]


def flagged(why: ResidueKind) -> EmergencyPreview:
    return replace(CARD, unsellable=(Unsellable(BTC, why),))


@pytest.mark.parametrize(
    ("found", "changes", "verdict"),
    [
        (ledger(), {}, DrillVerdict.PASSED),
        (ledger("0.00001"), {}, DrillVerdict.PASSED),
        (ledger("0.01"), {}, DrillVerdict.LEFT),
        (ledger(works=True), {}, DrillVerdict.LEFT),
        (ledger("0.01"), {"card": flagged(ResidueKind.HALTED)}, DrillVerdict.PASSED),
        (ledger(sold=True), {"card": flagged(ResidueKind.HALTED)}, DrillVerdict.SOLD),
        (ledger(), {"took_s": 4.01}, DrillVerdict.LATE),
        (ledger(), {"took_s": None}, DrillVerdict.UNFINISHED),
        (ledger(), {"card": None}, DrillVerdict.BROKEN),
    ],
)
def test_the_ledger_and_the_card_decide(found: Ledger, changes: dict[str, object], verdict: DrillVerdict) -> None:
    assert judge(SCENE, outcome(found, **changes))[0] is verdict


def test_the_engine_s_word_alone_is_not_believed() -> None:
    """FLAT, in time, and yet the exchange holds something."""
    said, words = judge(SCENE, outcome(ledger("0.5"), run=RUN))
    assert said is DrillVerdict.LEFT and "0.5" in words
