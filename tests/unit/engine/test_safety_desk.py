"""Every way into safe mode, and who may leave it."""

from dataclasses import replace
from decimal import Decimal

from app.domain.commands import SetTradingState
from app.domain.heartbeat import LoopStarved
from app.domain.limits import TradingLimits
from app.domain.loss import AcknowledgeLoss, LossLimit
from app.domain.messages import AlertRaised, CommandRefused, LiquidationChanged, PositionChanged, TradingStateChanged
from app.domain.position import PositionState
from app.domain.refusal import RefusalReason as R
from app.domain.values import OrderType, Side, TradingState
from tests.unit.engine.playbook import XRP, Playbook, blueprint, did, nothing, order_of, price

ENABLE = SetTradingState(TradingState.ENABLED, "a person")
HALT = SetTradingState(TradingState.HALTED, "kill")
LIMITS = replace(TradingLimits(), daily_loss_ratio=Decimal("0.01"))


def falling() -> Playbook:
    """10,000,000 of XRP without a stop; one percent of the account is 500,000."""
    play = Playbook(limits=LIMITS).ready()
    play.holding(XRP, blueprint(stop=None), budget=10_000_000)
    play >> play.account()
    return play


def test_a_part_in_trouble_means_safe_mode_and_a_person_ends_it() -> None:
    play = Playbook().ready()
    play >> LoopStarved(1.2) << did(TradingStateChanged, before=TradingState.ENABLED, after=TradingState.REDUCING)
    play >> ENABLE << did(TradingStateChanged, after=TradingState.ENABLED)


def test_safe_mode_never_opens_a_halt() -> None:
    play = Playbook().ready()
    play >> HALT >> LoopStarved(1.2) << did(AlertRaised, key="loop_starved") << nothing(TradingStateChanged)
    play >> ENABLE << did(CommandRefused, reason=R.HALTED)
    assert play.core.switch.state is TradingState.HALTED


def test_a_loss_limit_sells_in_the_same_decision_in_which_it_is_reached() -> None:
    play = falling()
    play >> price(XRP, 940) << did(AlertRaised, key="loss_limit_daily") << did(LiquidationChanged)
    assert play.core.switch.state is TradingState.REDUCING
    assert play.core.safety.loss.latched == (LossLimit.DAILY,)


def test_a_latched_limit_refuses_enabled_and_nothing_else() -> None:
    play = falling()
    play >> price(XRP, 940)
    play >> ENABLE << did(CommandRefused, reason=R.LOSS_LATCHED)
    play >> SetTradingState(TradingState.DISABLED, "a person") << did(TradingStateChanged, after=TradingState.DISABLED)
    play >> HALT << did(TradingStateChanged, after=TradingState.HALTED)


def test_nothing_to_acknowledge_is_refused_by_name() -> None:
    play = Playbook().ready()
    play >> AcknowledgeLoss("a person") << did(CommandRefused, command="AcknowledgeLoss", reason=R.NOT_POSSIBLE_NOW)


def test_a_broken_rule_stops_its_position_and_every_entry() -> None:
    play = Playbook().ready()
    play >> play.start(XRP, blueprint(enter="close > 2000"))
    sale = order_of(side=Side.SELL, position_id=play.position(XRP).position_id, order_type=OrderType.MARKET)
    play.core.tracker.put(sale)
    play >> play.filled(sale, price=1000) << did(PositionChanged, state=PositionState.ERROR)
    play << did(TradingStateChanged, after=TradingState.REDUCING) << did(AlertRaised, key="rule_broken", critical=True)
