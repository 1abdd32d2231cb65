"""Playbooks of commands about positions: started, paused, resumed, or refused in words."""

import pytest

from app.domain.commands import ClosePosition, PausePosition, ResumePosition
from app.domain.limits import TradingLimits
from app.domain.messages import (
    CommandRefused,
    PositionChanged,
)
from app.domain.refusal import RefusalReason
from tests.unit.engine.playbook import (
    ETH,
    XRP,
    Playbook,
    blueprint,
    did,
)


@pytest.fixture
def play() -> Playbook:
    return Playbook().ready()


@pytest.mark.parametrize(
    ("plan", "budget", "reason"),
    [
        (blueprint(), "4999", RefusalReason.BELOW_MINIMUM),
        (blueprint(), "NaN", RefusalReason.BAD_NUMBER),
        (blueprint(), "1000000000001", RefusalReason.ABOVE_MAXIMUM),
        (blueprint(enter="close >"), "1000000", RefusalReason.BAD_NUMBER),
        (blueprint(stop=0), "1000000", RefusalReason.BAD_NUMBER),
    ],
)
def test_an_unsound_start_is_refused(play: Playbook, plan: object, budget: str, reason: RefusalReason) -> None:
    play >> play.start(XRP, plan, budget)  # type: ignore[arg-type]
    play << did(CommandRefused, command="StartStrategy", reason=reason)


def test_a_start_in_an_unlisted_market_is_refused() -> None:
    play = Playbook()
    play >> play.start(XRP) << did(CommandRefused, reason=RefusalReason.NO_CONSTRAINTS)


def test_no_more_positions_start_than_the_limits_allow() -> None:
    play = Playbook(limits=TradingLimits(max_positions=1)).ready()
    play >> play.start(XRP) << did(PositionChanged)
    play >> play.start(ETH) << did(CommandRefused, reason=RefusalReason.TOO_MANY_POSITIONS)


def test_pause_and_resume_are_refused_where_they_make_no_sense(play: Playbook) -> None:
    held = play.holding(XRP)
    play >> ResumePosition(held.position_id) << did(CommandRefused, command="ResumePosition")
    play >> ClosePosition(held.position_id)
    play >> PausePosition(held.position_id) << did(CommandRefused, command="PausePosition")
    play >> PausePosition("never heard of") << did(CommandRefused, command="PausePosition")
